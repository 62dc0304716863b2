// What a system does by itself keeps disks busy and wakes nobody.
import { expect, it } from 'vitest';
import { replay } from '#worker/judge/explain.ts';
import { handmade, type Handmade } from '#worker/picture/handmade.ts';
import { group } from './sickAndHealthy.fixture.ts';

const MB = 1e6;

/** A disk that is slow and full from the fifth report on, while a program reads so much of its 20 MB/s. */
function busy(program: string, bytes: number): Handmade {
  const on =
    (value: number, before = 1) =>
    (i: number) =>
      i < 5 ? before : value;
  return {
    reports: 15,
    series: {
      'disk.await{sda}': on(40),
      'disk.queue{sda}': on(15),
      'disk.busy{sda}': on(99),
      'disk.reads{sda}': on(300),
      'disk.writes{sda}': 5,
      'disk.read_bytes{sda}': on(20 * MB),
      'disk.write_bytes{sda}': 1000,
      [`proc.group.read_bytes{${program}}`]: (i) => (i < 5 ? undefined : bytes),
    },
    facts: (i) => ({ processGroups: [group('sshd'), ...(i < 5 ? [] : [group(program)])] }),
  };
}

it.each([
  ['an index of files that reads most of it', 'updatedb.plocat', 18 * MB, 'info'],
  ['an index of files that reads a part of it', 'updatedb.plocat', 6 * MB, 'warning'],
  ['a trim, which reads nothing', 'fstrim', 0, 'info'],
  ['a program that serves', 'postgres', 18 * MB, 'warning'],
])('a disk that is slow and full under %s', (_what, program, bytes, severity) => {
  const found = replay(handmade(busy(program, bytes))).findings.filter((f) =>
    /^disk\.(latency|saturated)$/.test(f.id),
  );
  expect(found.map((f) => [f.id, f.severity])).toEqual([
    ['disk.latency', severity],
    ['disk.saturated', severity],
  ]);
  expect(found.every((f) => f.summary.includes(`${program} is at work`))).toBe(severity === 'info');
});
