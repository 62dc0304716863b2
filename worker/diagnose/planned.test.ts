// Work that is planned explains what it keeps busy, together and one after the other; what was slow before it is still told.
import { describe, expect, it } from 'vitest';
import { findingKey } from '#core/diagnosis.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { handmade, type Handmade, startOfTests } from '#worker/picture/handmade.ts';
import { group } from '#worker/rules/sickAndHealthy.fixture.ts';
import { diagnose } from './diagnose.ts';

const MB = 1e6;

/** Keys of the roots that come up in a replay, notes of planned work left out. */
function told(description: Handmade): string[] {
  const keys = new Set<string>();
  for (const { picture, findings, recent } of replaySteps(handmade(description))) {
    const { problems, rootCauses } = diagnose(picture, findings, { recent });
    const grave = new Set(problems.filter((p) => p.severity !== 'info').map(findingKey));
    for (const { key, symptoms } of rootCauses)
      if ([key, ...symptoms].some((one) => grave.has(one))) keys.add(key);
  }
  return [...keys];
}

const mirror = {
  name: 'md0',
  level: 'raid1',
  state: 'active',
  members: ['sdb1', 'sdc1'],
  failed: [],
  slots: 2,
  active: 2,
};

/** From minute 30 to 90 something writes 40 MB/s to a mirror; from 60 on the mirror is checked; in that time its disks are slow. */
function night(writer: string | undefined, checked = 60): Handmade {
  const writes = (i: number) => i >= 30 && i < 90;
  const checks = (i: number) => i >= checked;
  return {
    reports: 130,
    series: Object.fromEntries([
      ...['sdb', 'sdc'].flatMap((disk) => [
        [`disk.await{${disk}}`, (i: number) => (writes(i) || checks(i) ? 30 : 2)],
        [`disk.busy{${disk}}`, (i: number) => (writes(i) || checks(i) ? 70 : 3)],
        [`disk.reads{${disk}}`, (i: number) => (checks(i) ? 900 : 5)],
        [`disk.writes{${disk}}`, (i: number) => (writes(i) ? 300 : 5)],
        [`disk.read_bytes{${disk}}`, (i: number) => (checks(i) ? 120 * MB : 1000)],
        [`disk.write_bytes{${disk}}`, (i: number) => (writes(i) ? 40 * MB : 1000)],
      ]),
      ['md.progress{md0}', (i: number) => (checks(i) ? i / 10 : undefined)],
      ...(writer
        ? [
            [`proc.group.write_bytes{${writer}}`, (i: number) => (writes(i) ? 40 * MB : undefined)],
            [`proc.group.cpu{${writer}}`, (i: number) => (writes(i) ? 40 : undefined)],
          ]
        : []),
    ]) as Record<string, number>,
    facts: (i) => ({
      md: [checks(i) ? { ...mirror, action: 'check', actionPercent: i / 10, speed: 120 * MB } : mirror],
      processGroups: [
        group('sshd'),
        ...(writer && writes(i)
          ? [group(writer, { writeBytes: 40 * MB, cpuPercent: 40, startedAt: startOfTests + 30 * 60 })]
          : []),
      ],
    }),
  };
}

describe('a mirror that is slow at night', () => {
  it('is no trouble while a backup is written to it, nor while it is checked beside it and goes on alone', () => {
    expect(told(night('borg'))).toEqual([]);
  });

  it('is told when nothing that is planned had made it slow before the check began', () => {
    expect(told(night('postgres'))).toContain('disk.latency device:sdb');
    expect(told(night(undefined))).toContain('disk.latency device:sdb');
  });
});

/** A link that is full from minute 30 on, of what it receives or sends. */
function full(way: 'rx' | 'tx', writes: number, reads = 0): Handmade {
  const at = (from: number, to: number) => (i: number) => (i < 30 ? from : to);
  return {
    reports: 45,
    series: {
      'net.utilization{eth0}': at(2, 97),
      'net.rx_bytes{eth0}': way === 'rx' ? at(MB, 120 * MB) : MB,
      'net.tx_bytes{eth0}': way === 'tx' ? at(MB, 120 * MB) : MB,
      'proc.group.write_bytes{borg}': (i) => (i < 20 ? undefined : writes),
      'proc.group.read_bytes{borg}': (i) => (i < 20 ? undefined : reads),
    },
    facts: (i) => ({
      processGroups: [
        group('sshd'),
        ...(i < 20
          ? []
          : [group('borg', { writeBytes: writes, readBytes: reads, startedAt: startOfTests + 1200 })]),
      ],
    }),
  };
}

describe('a full link beside a backup', () => {
  it('is its work when it writes what is received', () => {
    expect(told(full('rx', 110 * MB))).toEqual([]);
  });
  it('is told when it writes little of it', () => {
    expect(told(full('rx', 10 * MB))).toEqual(['net.saturated interface:eth0']);
  });
  it('is told when it reads too little for what is sent, and began before', () => {
    expect(told(full('tx', 0, 10 * MB))).toContain('net.saturated interface:eth0');
  });
});
