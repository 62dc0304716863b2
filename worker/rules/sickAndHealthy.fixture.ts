// For tests of rules: one sick and one healthy server for each, the healthy one close to the sick one.
import { expect, it } from 'vitest';
import type { ProcessGroup } from '#core/facts.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { replay } from '#worker/judge/explain.ts';
import { type Handmade, handmade, handmadeMonitor } from '#worker/picture/handmade.ts';
import type { MonitorState } from './rule.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

export function group(name: string, more: Partial<ProcessGroup> = {}): ProcessGroup {
  return {
    name,
    count: 1,
    rss: 50 * MiB,
    threads: 1,
    cpuSeconds: 10,
    users: [],
    pids: [1],
    states: {},
    ...more,
  };
}

export const root = {
  source: '/dev/sda1',
  mount: '/',
  type: 'ext4',
  options: ['rw'],
  readOnly: false,
  size: 100 * GiB,
  used: 50 * GiB,
  available: 45 * GiB,
};

export const later = (before: number, after: number, reports = 10) =>
  Array.from({ length: reports }, (_, i) => (i < 4 ? before : after));

export const monitor = (m: Partial<MonitorState> & Pick<MonitorState, 'kind'>): MonitorState =>
  handmadeMonitor({ name: 'shop', ...m });

export const nic = {
  name: 'eth0',
  kind: 'physical' as const,
  up: true,
  operstate: 'up',
  speed: 1000,
  duplex: 'full',
  addresses: [{ address: '192.0.2.10', prefix: 24, family: 4 as const }],
};

export const memory = { 'mem.total': 8 * GiB, 'mem.available': 4 * GiB, 'mem.available_percent': 50 };

export type Case = [
  id: RuleId,
  subject: string,
  sick: Handmade,
  healthy: Handmade,
  sickMonitors?: MonitorState[],
  healthyMonitors?: MonitorState[],
];

/** Each case is a test of its own. */
export function testCases(cases: readonly Case[]): void {
  it.each(cases)(
    '%s (%s) is found on the sick server and not on the healthy one',
    (id, subject, sick, healthy, sickMonitors, healthyMonitors) => {
      const found = replay(handmade(sick), sickMonitors).findings.filter((f) => f.id === id);
      expect(found.map((f) => f.subject.name)).toContain(subject);
      for (const finding of found) {
        expect(finding.evidence.length).toBeGreaterThan(0);
        expect(finding.summary).toMatch(/^\S.*[.!?]$/);
        expect(JSON.stringify(finding)).not.toMatch(/undefined|NaN/);
      }
      const wrong = replay(handmade(healthy), healthyMonitors).findings.filter((f) => f.id === id);
      expect(wrong.map((f) => f.summary)).toEqual([]);
    },
  );
}
