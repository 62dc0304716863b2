// Disks that are slow: full of work, or failing. A busy SSD is not a slow one: the time of an answer decides.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { MetricName } from '#core/metrics.ts';
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import { boundOf, normalOf } from './boundOf.ts';
import { evidence, makeFinding, ramBytes, serverSubject } from './finding.ts';
import { type BoundedRun, gauge } from './gauge.ts';
import { lowest, oneEach } from './oneEach.ts';
import type { Picture, Point, Rule, RuleState } from './rule.ts';
import { baseline, median, within } from './series.ts';
import { upkeepOf } from './upkeep.ts';

/** Disks that stand for themselves: not RAM disks, not partitions that are counted with their disk. */
export function disks(picture: Picture): string[] {
  return picture.subjects('disk.busy').filter((d) => !/^(ram|zram|sr|fd)\d/.test(d));
}

function isSpinning(picture: Picture, device: string): boolean {
  // Virtual disks call themselves rotating, whatever lies under them.
  if (/^(vd|xvd|nvme|loop|md|dm-)/.test(device)) return false;
  return picture.facts.blockDevices?.find((d) => d.name === device)?.rotational === true;
}

function operations(picture: Picture, device: string): number {
  return (picture.latest('disk.reads', device) ?? 0) + (picture.latest('disk.writes', device) ?? 0);
}

interface LateDisk {
  device: string;
  run: BoundedRun;
  /** It is busy all the time and answers hardly anything. */
  hangs: boolean;
}

/** Disks that take a long time for an answer, those left out that are late because one below them is. */
function lateDisks(picture: Picture, state: RuleState): LateDisk[] {
  const limits = limitsOf('disk.latency');
  const flash = gaugeOf('disk.latency');
  const found = disks(picture).flatMap((device): LateDisk[] => {
    const slow = isSpinning(picture, device);
    // Nothing under 6 ms is slow by any of the bounds below.
    if ((picture.latest('disk.await', device) ?? 0) < 6) return [];
    const usual = baseline(picture.series('disk.await', device), picture.at - 300, 10);
    // A memory card that collects its garbage lets everybody wait now and then, as it always did.
    const card = /^mmcblk/.test(device);
    const fixed = slow || card ? limits.spinning : flash.raise;
    const raise = usual && !card ? Math.min(fixed, Math.max(limits.least, limits.times * usual.p95)) : fixed;
    const part = raise / flash.raise;
    const run = gauge(picture, state, {
      id: 'disk.latency',
      entity: { kind: 'device', name: device },
      of: device,
      raise,
      clear: flash.clear * part,
      single: Number(flash.single) * part,
    });
    if (!run) return [];
    // A disk that wakes up answers late once; one that is busy all the time and does nothing hangs.
    const hangs = run.value > limits.hangs && (picture.latest('disk.busy', device) ?? 0) > 90;
    return operations(picture, device) < limits.operations && !hangs ? [] : [{ device, run, hangs }];
  });
  return lowest(picture, found, ({ device }) => device);
}

/** A long time for an answer: by itself, less for flash than for what spins, or beside what was usual before; with some operations a second. */
export const diskLatency: Rule = {
  id: 'disk.latency',
  find(picture, state): Finding[] {
    const limits = limitsOf('disk.latency');
    const found = lateDisks(picture, state).map(({ device, run, hangs }) => {
      const normal = baseline(picture.series('disk.await', device), run.since)?.median;
      const upkeep = hangs ? undefined : upkeepOf(picture, run.since, device);
      return makeFinding(picture, 'disk.latency', {
        subject: { kind: 'device', name: device },
        since: run.since,
        bound: run.bound,
        severity:
          run.value > limits.grave && (picture.latest('io.pressure.full') ?? 0) > limits.stall
            ? 'critical'
            : upkeep
              ? 'info'
              : 'warning',
        confidence: picture.reports >= 3 ? 0.95 : 0.65,
        summary: `${device} takes ${formatValue(run.value, 'ms')} for an answer${
          normal === undefined ? '' : `; usual are ${formatValue(normal, 'ms')}`
        }${isSlower(picture, device, run.since) ? ', and it is asked for no more than before' : ''}${upkeep ? `; ${upkeep} is at work` : ''}.`,
        evidence: [
          evidence(
            `time of an answer of ${device}`,
            run.value,
            'ms',
            `disk.await{${device}}`,
            normal === undefined ? normalOf(run.bound) : `below ${formatValue(Math.max(normal, 1), 'ms')}`,
          ),
          ...each(device, [
            ['operations', operations(picture, device), '/s', 'disk.reads'],
            ['requests waiting', picture.latest('disk.queue', device), 'count', 'disk.queue'],
            ['busy', picture.latest('disk.busy', device), 'percent', 'disk.busy'],
          ]),
        ],
      });
    });
    return oneEach(picture, state, found);
  },
};

/**
 * A spinning disk that is busy all the time, or requests that wait; flash that is busy and fast is left alone. Info while a busy disk keeps
 * nobody waiting: no long line has formed, it answers as it should, and the kernel says that hardly any task stalls.
 */
export const diskSaturated: Rule = {
  id: 'disk.saturated',
  find(picture, state): Finding[] {
    const limits = limitsOf('disk.saturated');
    const late = new Set(lateDisks(picture, state).map(({ device }) => device));
    const found = disks(picture).flatMap((device) => {
      const subject = { kind: 'device', name: device } as const;
      const common = { id: 'disk.saturated', entity: subject, of: device, samples: 3 } as const;
      const busy = gauge(picture, state, {
        ...common,
        metric: 'disk.busy',
      });
      const queue = gauge(picture, state, {
        ...common,
        metric: 'disk.queue',
      });
      if (!busy && !queue) return [];
      const waiting = picture.latest('disk.queue', device) ?? 0;
      const pressure = picture.latest('io.pressure.some');
      const slow = isSpinning(picture, device);
      // Flash works in parallel: busy alone says little; somebody must wait.
      if (
        !queue &&
        !slow &&
        waiting < limits.waiting &&
        (pressure === undefined || pressure < limits.pressure)
      )
        return [];
      if (picture.reports < 3 && pressure !== undefined && pressure < limits.pressure) return [];
      const run = queue ?? busy!;
      const since = Math.min(busy?.since ?? Infinity, queue?.since ?? Infinity);
      if (late.has(device) && isSlower(picture, device, since)) return [];
      const sluggish = isSluggish(picture, device);
      const upkeep = sluggish ? undefined : upkeepOf(picture, since, device);
      const inTime = !queue && servesInTime(picture, device, since);
      const bytes =
        (picture.latest('disk.read_bytes', device) ?? 0) + (picture.latest('disk.write_bytes', device) ?? 0);
      return [
        makeFinding(picture, 'disk.saturated', {
          subject,
          since,
          severity: upkeep || inTime ? 'info' : undefined,
          bound: run.bound,
          confidence: picture.reports >= 3 ? 0.95 : 0.7,
          summary: `${device} is busy ${formatPercent(picture.latest('disk.busy', device) ?? run.value)} of the time with ${formatCount(waiting)} requests waiting (${formatBytes(bytes)}/s)${
            sluggish
              ? ', and hardly anything is asked of it: the device or the way to it is slow'
              : upkeep
                ? `; ${upkeep} is at work`
                : inTime
                  ? '; nobody waits for it'
                  : ''
          }.`,
          evidence: each(device, [
            [
              'busy',
              picture.latest('disk.busy', device),
              'percent',
              'disk.busy',
              normalOf(boundOf(state, 'disk.saturated', { metric: 'disk.busy' })),
            ],
            [
              'requests waiting',
              waiting,
              'count',
              'disk.queue',
              normalOf(boundOf(state, 'disk.saturated', { metric: 'disk.queue' })),
            ],
            ['read', picture.latest('disk.read_bytes', device), 'bytes/s', 'disk.read_bytes'],
            ['written', picture.latest('disk.write_bytes', device), 'bytes/s', 'disk.write_bytes'],
            ['time of an answer', picture.latest('disk.await', device), 'ms', 'disk.await'],
          ]),
        }),
      ];
    });
    return oneEach(picture, state, found);
  },
};

/** Whether it answers in time and the pressure of I/O, where the kernel tells it, has stayed low since a moment (five minutes at most). */
function servesInTime(picture: Picture, device: string, since: number): boolean {
  const limits = limitsOf('disk.saturated');
  const lately = (metric: 'io.pressure.some' | 'disk.await', of?: string) =>
    median(
      within(picture.series(metric, of), Math.max(since, picture.at - 300), picture.at).map((p) => p[1]),
    );
  const pressure = lately('io.pressure.some');
  return (
    pressure !== undefined && pressure < limits.pressure && (lately('disk.await', device) ?? 0) < limits.late
  );
}

/**
 * It takes a tenth of a second for an answer although it is asked less than 20 times a second, what any disk can do (our judgement): no
 * load makes it slow.
 */
export function isSluggish(picture: Picture, device: string): boolean {
  return operations(picture, device) < 20 && (picture.latest('disk.await', device) ?? 0) > 100;
}

/**
 * Since a moment it takes three times as long for an answer, or longer, and does no more than before, when it had time to spare: then no load
 * fills it, the device itself or the way to it has become slow (our judgement; a fifth more is no more).
 */
export function isSlower(picture: Picture, device: string, since: number): boolean {
  const step = (points: readonly Point[]) => {
    const before = baseline(points, since);
    const now = median(within(points, since, picture.at).map(([, value]) => value));
    return before && now !== undefined ? { before: before.median, now } : undefined;
  };
  const wait = step(picture.series('disk.await', device));
  if (!wait || wait.now < 3 * wait.before) return false;
  const busy = step(picture.series('disk.busy', device));
  if (!busy || busy.before > 70) return false;
  const sums = (a: MetricName, b: MetricName) => {
    const other = new Map(picture.series(b, device));
    return picture.series(a, device).map(([at, value]) => [at, value + (other.get(at) ?? 0)] as const);
  };
  const isNoMore = (points: readonly Point[]) => {
    const work = step(points);
    return work !== undefined && work.now <= 1.2 * work.before;
  };
  return isNoMore(sums('disk.reads', 'disk.writes')) && isNoMore(sums('disk.read_bytes', 'disk.write_bytes'));
}

type Row = [what: string, value: number | undefined, unit: string, source: string, normal?: string];

function each(device: string, rows: Row[]) {
  return rows.flatMap(([what, value, unit, source, normal]) =>
    value === undefined
      ? []
      : [evidence(`${what} of ${device}`, value, unit, `${source}{${device}}`, normal)],
  );
}

/** Many dirty pages while tasks stall on I/O. */
export const diskFsyncStall: Rule = {
  id: 'disk.fsync_stall',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const ram = ramBytes(picture);
    const dirty = picture.latest('mem.dirty');
    const share = limitsOf('disk.fsync_stall').dirty;
    if (!ram || dirty === undefined || dirty <= (share / 100) * ram) return [];
    const run = gauge(picture, state, {
      id: 'disk.fsync_stall',
      entity,
      metric: 'io.pressure.full',
    });
    if (!run) return [];
    return [
      makeFinding(picture, 'disk.fsync_stall', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        summary: `${formatBytes(dirty)} of changed pages wait to be written, and tasks stall on it ${formatPercent(run.value)} of the time.`,
        evidence: [
          evidence(
            'changed pages that wait to be written',
            dirty,
            'bytes',
            'mem.dirty',
            `below ${formatPercent(share)} of RAM`,
          ),
          evidence(
            'I/O pressure (full, 1 min)',
            run.value,
            'percent',
            'io.pressure.full',
            normalOf(run.bound),
          ),
        ],
      }),
    ];
  },
};
