// Work that is meant to be done, and what it makes of the traffic of disks: checks and rebuilds of arrays, backups.
import type { Finding, Subject } from '#core/diagnosis.ts';
import type { MdArray } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import { backupTools } from '#worker/rules/backups.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { median, within } from '#worker/rules/series.ts';
import { disksOf } from './entities.ts';

/** A check is planned, and a rebuild is told as what it mends; a resync follows a stop that nobody planned. */
export const isPlannedAction = (action: string | undefined) =>
  action !== undefined && !/^resync/.test(action);

export const isPlanned = (finding: Finding) =>
  finding.id === 'job.backup_running' ||
  finding.id === 'backup.slow' ||
  (finding.id === 'raid.resync' && isPlannedAction(String(finding.evidence[0]?.value)));

/** Disks that carry data themselves: not what lies upon them. */
const isDisk = (name: string) => !/^(loop|ram|zram|dm-|md)/.test(name);

function arraysOn(picture: Picture, subject: Subject): MdArray[] {
  const all = picture.facts.md ?? [];
  if (subject.kind === 'server') return all;
  const disks = disksOf(picture, subject);
  return all.filter((array) =>
    [...disksOf(picture, { kind: 'array', name: array.name })].some((disk) => disks.has(disk)),
  );
}

/** Bytes a second that checks and rebuilds move over a disk, or over all of them, as the kernel tells their speed: that of each member. */
export function arrayTraffic(picture: Picture, subject: Subject): number {
  return arraysOn(picture, subject)
    .filter(({ action }) => isPlannedAction(action))
    .reduce((sum, { speed = 0, active }) => sum + speed * (subject.kind === 'device' ? 1 : active), 0);
}

/** How often a disk's writes are one that somebody made: 1, and a part of it where a mirror writes each several times. */
export function writtenOnce(picture: Picture, disk: string): number {
  const mirror = (picture.facts.md ?? []).find(
    ({ name, level }) => /^raid1(0)?$/.test(level) && disksOf(picture, { kind: 'array', name }).has(disk),
  );
  if (!mirror) return 1;
  return 1 / Math.max(1, mirror.level === 'raid1' ? mirror.active : 2);
}

/** What began under one piece of work may go on under another: at least this part of the traffic was work then (as for the edges). */
const leastPart = 0.4;

/**
 * Whether planned work kept something busy around a moment: an array on its disks was checked or rebuilt, or backups moved at least two
 * fifths of what the disks carried.
 */
export function wasWork(picture: Picture, subject: Subject, at: number): boolean {
  const usual = (metric: MetricName, name: string) =>
    median(within(picture.series(metric, name), at - 300, at + 300).map((p) => p[1])) ?? 0;
  const checked = arraysOn(picture, subject).some(
    ({ name }) => within(picture.series('md.progress', name), at - 300, at + 300).length > 0,
  );
  if (checked) return true;
  const disks =
    subject.kind === 'device' ? [subject.name] : picture.subjects('disk.read_bytes').filter(isDisk);
  const whole = disks.reduce(
    (sum, disk) =>
      sum +
      usual('disk.read_bytes', disk) +
      usual('disk.write_bytes', disk) * (subject.kind === 'device' ? 1 : writtenOnce(picture, disk)),
    0,
  );
  const moved = (['proc.group.read_bytes', 'proc.group.write_bytes'] as const).reduce(
    (sum, metric) =>
      sum +
      picture
        .subjects(metric)
        .filter((name) => backupTools.test(name))
        .reduce((each, name) => each + usual(metric, name), 0),
    0,
  );
  return whole > 0 && moved >= leastPart * whole;
}
