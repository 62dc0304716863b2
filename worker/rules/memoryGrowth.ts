// Memory that goes up: a program that gives none back, and when nothing will be left.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { ProcessGroup } from '#core/facts.ts';
import { formatBytes, formatDuration, formatPercent } from '#core/format.ts';
import { between, cameBackFromHere, fallToNothing, forecast, suddenFall } from '#worker/series/forecast.ts';
import { postgresMemory } from './postgres.ts';
import { redisNoLimit } from './redis.ts';
import { evidence, makeFinding, ramBytes, serverSubject } from './finding.ts';
import { isActive } from './gauge.ts';
import { mysqlBufferPool, mysqlGroup } from './mysqlMemory.ts';
import { ofDesk } from './expectedWork.ts';
import type { Picture, Point, Rule, RuleState } from './rule.ts';
import { change, median, within } from './series.ts';
import { numberOf } from './settings.ts';
import { phpOvercommit } from './web.ts';

const hour = 3600;
const day = 86_400;

/** Growth that lasts this long is proven by itself: as far as a picture looks back, less what its first samples miss. */
export const longGrowth = limitsOf('mem.leak').long;

/**
 * A process group grows: its Theil–Sen slope, up in five of six slices since it began, beyond what it held before, no restart. Hours of it
 * prove it alone. Sooner (at least ten samples) only while memory is short or foreseen to be, or once it took a part of the RAM and goes
 * on, no slower, at a pace that leaves none soon. A database that fills its configured cache is not leaking.
 */
export const memLeak: Rule = {
  id: 'mem.leak',
  find(picture, state): Finding[] {
    const ram = ramBytes(picture);
    const available = picture.latest('mem.available_percent');
    if (!ram || available === undefined || picture.reports < 7) return [];
    const limits = limitsOf('mem.leak');
    const least = (limits.share / 100) * ram;
    const short = isActive(state, 'mem.time_to_exhaust', serverSubject(picture))
      ? limitsOf('mem.time_to_exhaust').little
      : limits.short;
    return (picture.facts.processGroups ?? []).flatMap((group) => {
      if (group.rss < least || group.rss < allowance(picture, group.name)) return [];
      const entity = { kind: 'process', name: group.name } as const;
      const all = within(
        picture.series('proc.group.rss', group.name),
        Math.max(picture.at - day, group.startedAt ?? 0),
        picture.at,
      );
      if (wasAsHigh(picture, group)) return [];
      const points = growthOf(all);
      const began = points[0]?.[0] ?? picture.at;
      const span = picture.at - began;
      // Over hours fewer points tell a growth from a step.
      if (points.length < (span >= 2 * hour ? 7 : 10)) return [];
      const grown = points.at(-1)![1] - points[0]![1];
      if (span < 300 || grown < least) return [];
      const slices = Array.from(
        { length: 7 },
        (_, i) => points[Math.round((i * (points.length - 1)) / 6)]![1],
      );
      const rising = slices.slice(1).filter((v, i) => v > slices[i]!).length;
      const told = isActive(state, 'mem.leak', entity);
      // What is told goes on being so for as long as it grows at all: noise on the way up ends nothing.
      if (rising < (told ? 3 : 5)) return [];
      const trend = forecast(points, group.rss + (available / 100) * ram);
      if (!trend || (told ? trend.slope : trend.low) <= 0) return [];
      const slow = (trend.slope * hour) / ram < limits.slope / 100;
      if (!told && (slow || growsWithWork(picture, group.name, began))) return [];
      const known =
        points.length < all.length && began - (group.startedAt ?? 0) > 600 && began - all[0]![0] >= span / 4;
      const soon =
        span >= 600 &&
        grown >= (limits.taken / 100) * ram &&
        !slowsDown(points) &&
        (!fillsHeap.test(group.name) || trend.expected <= limitsOf('mem.time_to_exhaust').soon) &&
        trend.expected <= span * (known ? limits.known : limits.unknown);
      // Whoever sits before a machine opens more and more.
      const proven = span >= longGrowth && !fillsHeap.test(group.name) && !ofDesk(picture, group);
      if (!proven && available > short && !soon && !told) return [];
      // A new start of one of its processes, or a doubling of their number, is load, not a leak.
      const counts = within(picture.series('proc.group.count', group.name), began, picture.at).map(
        (p) => p[1],
      );
      if (counts.length && group.count > 1.5 * counts[0]!) return [];
      const lately = change(points, picture.at - span / 4, picture.at) ?? 0;
      if (lately < (told ? 0.03 : 0.1) * grown) return [];
      return [
        makeFinding(picture, 'mem.leak', {
          subject: entity,
          since: began,
          confidence: span >= longGrowth ? 0.95 : 0.8,
          summary: `${group.name} grows by ${formatBytes(trend.slope * hour)} an hour and has not given any back: ${formatBytes(grown)} more in ${formatDuration(span)}.`,
          evidence: [
            evidence(
              `growth of ${group.name} in an hour`,
              trend.slope * hour,
              'bytes',
              `proc.group.rss{${group.name}}`,
              'about 0',
            ),
            evidence(`resident memory of ${group.name}`, group.rss, 'bytes', `proc.group.rss{${group.name}}`),
            evidence('observed for', span, 'seconds', `proc.group.rss{${group.name}}`),
          ],
        }),
      ];
    });
  },
};

/**
 * The part of a series in which it grew to its newest value: from the last moment within a twentieth of the way up. Nothing where it has
 * been about as high before: that comes and goes.
 */
function growthOf(points: readonly Point[]): readonly Point[] {
  const newest = points.at(-1)?.[1] ?? 0;
  const lowest = points.reduce((least, [, value]) => Math.min(least, value), Infinity);
  const start = points.findLastIndex(([, value]) => value <= lowest + (newest - lowest) / 20);
  // What rises from its first sample on is taken whole.
  const growing = start <= points.length / 10 ? points : points.slice(start);
  const before = points.slice(0, points.length - growing.length);
  return before.some(([, value]) => value > 0.9 * newest) ? [] : growing;
}

/**
 * Whether a program was about as high before it started anew, in the last day, and memory was enough for it (OWN: 15 % were left): a
 * saw-tooth of restarts is how it lives.
 */
function wasAsHigh(picture: Picture, { name, rss, startedAt = 0 }: ProcessGroup): boolean {
  const before = within(picture.series('proc.group.rss', name), picture.at - day, startedAt);
  const left = within(picture.series('mem.available_percent'), before[0]?.[0] ?? startedAt, startedAt);
  return before.some(([, value]) => value > 0.9 * rss) && left.every(([, percent]) => percent > 15);
}

/** Whether a program does at least twice the work that it did when its growth began (OWN): a leak needs no more CPU, a rush hour does. */
function growsWithWork(picture: Picture, name: string, began: number): boolean {
  const points = picture.series('proc.group.cpu', name);
  const quarter = (picture.at - began) / 4;
  const mean = (from: number, to: number) => median(within(points, from, to).map(([, value]) => value)) ?? 0;
  const now = mean(picture.at - quarter, picture.at);
  return now > 10 && now > 2 * mean(began - quarter, began + quarter);
}

/** Whether the last third of a growth brought less than 70 % of what the first did: so does what fills a cache. */
function slowsDown(points: readonly Point[]): boolean {
  const [from, to] = [points[0]![0], points.at(-1)![0]];
  const third = (to - from) / 3;
  const first = change(points, from, from + third) ?? 0;
  return (change(points, to - third, to) ?? 0) < 0.7 * first;
}

/** They take memory up to the limit of their heap, which no report tells, and collect what is garbage only then. */
const fillsHeap = /^(java|jsvc)$/;

/** Memory that a program is configured to fill: growth up to there is warming up. */
function allowance(picture: Picture, name: string): number {
  if (name === mysqlGroup(picture)?.name) {
    return 1.1 * (numberOf(picture.facts.mysql, 'innodb_buffer_pool_size') ?? 0);
  }
  if (/^(redis|valkey)-server$/.test(name)) return 1.3 * (numberOf(picture.facts.redis, 'maxmemory') ?? 0);
  // RabbitMQ makes producers wait at a part of the RAM: queues fill up to there (vm_memory_high_watermark, 0.4 unless set).
  if (name === 'beam.smp' && picture.facts.listeners?.some((l) => l.process === name && l.port === 5672))
    return 0.4 * (ramBytes(picture) ?? 0);
  if (/^(postgres|postmaster)$/.test(name))
    return 1.2 * (numberOf(picture.facts.postgresql, 'shared_buffers') ?? 0);
  return 0;
}

/**
 * Theil–Sen predicts that nothing will be left, the band excludes "never", and not much is available (on the first day: no further ahead than
 * twice the time it was watched, or the next hour); or a run that has just begun, with little available, or whatever is left when it is a
 * program whose settings bound it nowhere. Told until memory is short: then mem.low takes over.
 */
export const memTimeToExhaust: Rule = {
  id: 'mem.time_to_exhaust',
  find(picture, state): Finding[] {
    const percent = picture.latest('mem.available_percent');
    const entity = serverSubject(picture);
    const ram = ramBytes(picture);
    if (percent === undefined || !ram) return [];
    const limits = limitsOf('mem.time_to_exhaust');
    const least = (limits.used / 100) * ram;
    const [, most] = picture.extent('mem.available') ?? [0, 0];
    if (most - (percent / 100) * ram < least) return [];
    const points = within(picture.series('mem.available'), picture.at - limits.reach, picture.at);
    const sudden = percent >= limits.sudden ? suddenFall(points, 0) : undefined;
    const endless =
      sudden !== undefined &&
      growsUnbounded(picture, state, points, picture.at - sudden.span, (limits.endless / 100) * ram);
    if (percent >= limits.little && !endless) return [];
    const f = fallToNothing(points, percent < limits.sudden || endless, limits.ahead);
    const enough = (limits.enough / 100) * ram;
    const available = picture.series('mem.available');
    if (!f || f.used < least || cameBackFromHere(available, enough)) return [];
    // Who has not been watched for a day has shown no rhythm: people come, and go again.
    const watched = picture.at - available[0]![0];
    if (watched < limits.rhythm && f.expected > Math.max(limits.soon, limits.watched * watched)) return [];
    if (f.expected > limits.soon && goesByItself(picture, picture.at - f.span, f.used)) return [];
    if (fillsItsPool(picture, f)) return [];
    return [
      makeFinding(picture, 'mem.time_to_exhaust', {
        subject: entity,
        since: picture.at,
        confidence: f.span >= 2 * hour ? 0.9 : 0.7,
        summary: `At this pace memory runs out in ${formatDuration(f.expected)} (${formatPercent(percent)} is available now).`,
        evidence: [
          evidence(
            'memory available',
            percent,
            'percent',
            'mem.available_percent',
            `above ${formatPercent(limits.little)}, or steady`,
          ),
          evidence('change in an hour', f.slope * hour, 'bytes', 'mem.available', 'about 0'),
          evidence('runs out in', between(f), '', 'mem.available'),
        ],
      }),
    ];
  },
};

/** Whether what took most of the memory that went since a moment is Java, or programs of whoever sits before the machine and sees what it does. */
function goesByItself(picture: Picture, from: number, gone: number): boolean {
  const before = picture.times?.findLast((at) => at <= from) ?? from;
  // What was opened since then took all that it has.
  const grownOf = (name: string) => {
    const points = within(picture.series('proc.group.rss', name), before, picture.at);
    const first = points[0];
    return first ? points.at(-1)![1] - (first[0] > before ? 0 : first[1]) : 0;
  };
  const grown = (groups: readonly ProcessGroup[]) => groups.reduce((sum, { name }) => sum + grownOf(name), 0);
  const groups = picture.facts.processGroups ?? [];
  return [
    groups.filter(({ name }) => fillsHeap.test(name)),
    groups.filter((group) => ofDesk(picture, group)),
  ].some((own) => grown(own) >= 0.6 * gone);
}

/**
 * Whether most of what went since a fall began went to a program that takes what it is configured to fill, and there is room for the rest
 * of it: it will stop there.
 */
function fillsItsPool(picture: Picture, { span, used }: { span: number; used: number }): boolean {
  const left = picture.latest('mem.available') ?? 0;
  return (picture.facts.processGroups ?? []).some(({ name, rss }) => {
    const rest = allowance(picture, name) - rss;
    const grown = change(picture.series('proc.group.rss', name), picture.at - span, picture.at) ?? 0;
    return rest > 0 && rest < left && grown >= 0.6 * used;
  });
}

/** Settings that let a program take more than there is. */
const boundless: readonly Rule[] = [mysqlBufferPool, postgresMemory, redisNoLimit, phpOvercommit];

/** Whether at least `least` bytes went since a moment, and most of them to a program whose settings bound it nowhere. */
function growsUnbounded(
  picture: Picture,
  state: RuleState,
  available: readonly Point[],
  from: number,
  least: number,
): boolean {
  const gone = -(change(available, from, picture.at) ?? 0);
  if (gone < least) return false;
  return boundless
    .flatMap((rule) => rule.find(picture, state))
    .some(({ subject }) => {
      const grown = change(picture.series('proc.group.rss', subject.name), from, picture.at) ?? 0;
      return grown >= 0.6 * gone;
    });
}
