// What is full of work and keeps nobody waiting is worth a note; the same with somebody who waits is a problem.
import { describe, expect, it } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { replay } from '#worker/judge/explain.ts';
import { type Handmade, handmade, type Values } from '#worker/picture/handmade.ts';
import { group } from './sickAndHealthy.fixture.ts';

const found = (id: string, description: Handmade) =>
  replay(handmade(description)).findings.filter((f) => f.id === id);

const disk = (name: string) => ({
  name,
  type: 'disk',
  size: 4e12,
  rotational: true,
  parents: [],
  mounts: [],
});

describe('a spinning disk that is busy all the time', () => {
  const severity = (series: Record<string, Values>) =>
    found('disk.saturated', {
      series: { 'disk.busy{sda}': 97, 'disk.queue{sda}': 2.5, 'disk.await{sda}': 19, ...series },
      facts: { blockDevices: [disk('sda')] },
    })[0]?.severity;

  it('is worth a note while it answers in time and hardly anybody waits for it', () => {
    expect(severity({ 'io.pressure.some': 14 })).toBe('info');
  });

  it('is a problem once tasks wait, it answers late, a line forms, or the kernel does not tell who waits', () => {
    expect(severity({ 'io.pressure.some': 30 })).toBe('warning');
    expect(severity({ 'io.pressure.some': 14, 'disk.await{sda}': 70 })).toBe('warning');
    expect(severity({ 'io.pressure.some': 14, 'disk.queue{sda}': 14 })).toBe('warning');
    expect(severity({})).toBe('warning');
  });
});

describe('the members of an array', () => {
  const md = [
    {
      name: 'md0',
      state: 'active',
      level: 'raid1',
      members: ['sdb1', 'sdc1'],
      slots: 2,
      active: 2,
      failed: [],
    },
  ];
  const told = (await1: number, await2: Values, facts: object = { md }) =>
    found('disk.saturated', {
      series: Object.fromEntries(
        Object.entries({ sdb: await1, sdc: await2 }).flatMap(([name, wait]) => [
          [`disk.busy{${name}}`, 99],
          [`disk.queue{${name}}`, 14],
          [`disk.await{${name}}`, wait],
        ]),
      ) as Handmade['series'],
      facts: { blockDevices: ['sdb', 'sdc'].map(disk), ...facts } as Facts,
    }).map((f) => f.subject.name);

  it('are one problem, that of the slowest', () => {
    expect(told(60, 70)).toEqual(['sdc']);
    expect(told(60, 50)).toEqual(['sdb']);
    expect(told(60, 70, {})).toEqual(['sdb', 'sdc']);
  });

  it('do not take turns, unless the other one is much slower', () => {
    expect(told(60, (i) => (i < 8 ? 50 : 70))).toEqual(['sdb']);
    expect(told(60, (i) => (i < 8 ? 50 : 200))).toEqual(['sdc']);
  });
});

describe('a busy CPU', () => {
  const severity = (id: string, pressure: number | undefined, more: Record<string, Values> = {}) =>
    found(id, {
      reports: 20,
      series: {
        'cpu.busy': (i) => (i < 8 ? 10 : 94),
        'cpu.runnable': 2,
        'cpu.load5': 1.8,
        'proc.group.cpu{zip}': (i) => (i < 8 ? 0 : 117),
        ...(pressure === undefined ? {} : { 'cpu.pressure.some': pressure }),
        ...more,
      },
      facts: { processGroups: [group('zip')] },
    })[0]?.severity;

  it('is worth a note while the kernel says that nobody waits', () => {
    expect(severity('cpu.saturated', 9)).toBe('info');
    expect(severity('proc.runaway', 9)).toBe('info');
  });

  it('is a problem once tasks wait, or when the kernel does not tell', () => {
    expect(severity('cpu.saturated', 45)).toBe('warning');
    expect(severity('cpu.saturated', undefined)).toBe('warning');
    expect(severity('proc.runaway', 45)).toBe('warning');
    expect(severity('proc.runaway', undefined)).toBe('warning');
  });

  it('is judged by the mean: minutes that go up and down change nothing', () => {
    const mixed = (often: number) =>
      severity('cpu.saturated', 9, { 'cpu.pressure.some': (i) => (i % often ? 60 : 9) });
    expect(mixed(5)).toBe('warning');
    expect(severity('cpu.saturated', 9, { 'cpu.pressure.some': (i) => (i % 5 ? 20 : 45) })).toBe('info');
  });
});
