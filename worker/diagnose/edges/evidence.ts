// Kinds of evidence that many edges share: the same entity, a common disk, one service, a part of the memory, CPU or I/O.
import type { Facts } from '#core/facts.ts';
import { formatBytes, formatCount, formatPercent } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { processesOf, sameService, shareDisk } from '#worker/diagnose/entities.ts';
import { cpuShares, ioShares, memoryOf, memoryShares, type Share } from '#worker/diagnose/shares.ts';
import { filesystemOf } from '#worker/rules/filesystems.ts';
import type { Picture, Point } from '#worker/rules/rule.ts';
import { median, valueAt, within } from '#worker/rules/series.ts';
import { held, type Edge, type EdgeContext, type EdgeTest, type Strength } from './edge.ts';

export const minute = 60;
export const hour = 3600;
export const day = 86_400;

export function edge(cause: RuleId, effect: RuleId, strength: Strength, lag: number, test: EdgeTest): Edge {
  return { cause, effect, strength, lag, test };
}

type Words = string | ((c: EdgeContext) => string);

const say = (words: Words, context: EdgeContext) => (typeof words === 'string' ? words : words(context));

/** The two findings are the evidence: both are of the whole server. */
export const implied =
  (words: Words, share = 1): EdgeTest =>
  (context) =>
    held(say(words, context), share);

/** What would prove it is not in any report: the edge stands in the graph and never holds. */
export const notCollected =
  (what: string): EdgeTest =>
  () =>
    `${what} is not in the reports`;

/** Both findings are of one entity. */
export const sameSubject =
  (words: Words): EdgeTest =>
  (context) =>
    !context.matchEntities || context.cause.subject.name === context.effect.subject.name
      ? held(say(words, context))
      : `it is of ${context.cause.subject.name}, not of ${context.effect.subject.name}`;

/** Both stand on one disk. */
export const sameDisk =
  (words: Words, share = 1): EdgeTest =>
  (context) =>
    !context.matchEntities || shareDisk(context.picture, context.cause.subject, context.effect.subject)
      ? held(say(words, context), share)
      : `${context.cause.subject.name} does not carry ${context.effect.subject.name}`;

/** Both are one service, seen from different sides. */
export const sameServiceOf =
  (words: Words, share = 1): EdgeTest =>
  (context) =>
    !context.matchEntities || sameService(context.picture, context.cause.subject, context.effect.subject)
      ? held(say(words, context), share)
      : `${context.cause.subject.name} does not serve ${context.effect.subject.name}`;

/** The monitor below failed with a code of this family. */
export const withCode =
  (code: RegExp, test: EdgeTest): EdgeTest =>
  (context) => {
    const monitor = context.picture.monitors.find((m) => m.name === context.effect.subject.name);
    return monitor && code.test(monitor.code)
      ? test(context)
      : `the monitor fails with ${monitor?.code ?? 'something else'}`;
  };

/** A gauge is beyond a bound while the effect lasts. */
export const whileGauge =
  (
    metric: MetricName,
    test: (value: number) => boolean,
    words: (value: number, c: EdgeContext) => string,
    what: string,
  ): EdgeTest =>
  (context) => {
    const value = lately(context.picture, metric, '', context.effect.since);
    if (value === undefined) return `${what} is not in the reports`;
    return test(value) ? held(words(value, context)) : `${what} is ${formatCount(value)}`;
  };

/** The newest usual value while a symptom lasts: the median of the last ten minutes since its onset. */
export function lately(
  picture: Picture,
  metric: MetricName,
  subject: string,
  since: number,
): number | undefined {
  return usual(picture.series(metric, subject), Math.max(since, picture.at - 600), picture.at);
}

function usual(points: readonly Point[], from: number, to: number): number | undefined {
  return median(within(points, from, to).map((p) => p[1])) ?? points.at(-1)?.[1];
}

/** How much a series changed with the onset of a symptom: usual before and while it lasts. */
export function stepOf(
  picture: Picture,
  metric: MetricName,
  subject: string,
  since: number,
): { before: number; now: number } | undefined {
  const points = picture.series(metric, subject);
  const before = median(within(points, since - day, since - 61).map((p) => p[1]));
  const now = usual(points, since, picture.at);
  return before === undefined || now === undefined ? undefined : { before, now };
}

function partOf(
  shares: Share[],
  names: ReadonlySet<string>,
): { share: number; amount: number; whole: number } {
  const mine = shares.filter((s) => names.has(s.name));
  return {
    share: Math.min(
      1,
      mine.reduce((sum, s) => sum + s.share, 0),
    ),
    amount: mine.reduce((sum, s) => sum + s.amount, 0),
    whole: shares[0]?.whole ?? 0,
  };
}

const list = new Intl.ListFormat('en');

/** The processes of the cause took at least `least` of the CPU that was added. */
export const cpuOfCause =
  (least: number, who?: (c: EdgeContext) => ReadonlySet<string>): EdgeTest =>
  (context) => {
    const names = who?.(context) ?? processesOf(context.picture, context.cause.subject);
    const shares = cpuShares(context.picture, context.effect.since);
    const { share, amount } = partOf(shares, names);
    // Those that hardly take part are not worth a word.
    const most = shares
      .filter((s) => names.has(s.name) && s.share >= 0.05)
      .toSorted((a, b) => b.share - a.share)
      .map((s) => s.name);
    const subject = most.length > 0 ? most.slice(0, 3) : [context.cause.subject.name];
    const takes = `${list.format(subject)} ${subject.length > 1 ? 'take' : 'takes'}`;
    return share >= least || (!context.matchEntities && share > 0)
      ? held(
          `${takes} ${formatCount(amount / 100)} cores, ${formatPercent(100 * share)} of the CPU time in question.`,
          share / 0.7,
        )
      : `${takes} only ${formatPercent(100 * share)} of the CPU time in question`;
  };

/**
 * The processes of the cause move at least `least` of the bytes of the disk (or of all disks). `beside`: bytes a second of other work on it,
 * which counts with that of a cause that is at least a fifth of both.
 */
export const ioOfCause =
  (
    least: number,
    who?: (c: EdgeContext) => ReadonlySet<string>,
    beside?: (c: EdgeContext) => number,
  ): EdgeTest =>
  (context) => {
    const { picture, cause, effect } = context;
    const names = who?.(context) ?? processesOf(picture, cause.subject);
    const shares = ioShares(
      picture,
      effect.since,
      effect.subject.kind === 'device' ? new Set([effect.subject.name]) : undefined,
    );
    // A report without the I/O of processes: only the time tells, and it is told as such.
    if (shares.length === 0)
      return held(
        `${cause.subject.name} runs since before; which process moves the bytes is not in the reports.`,
        0.55,
      );
    const { share, amount, whole } = partOf(shares, names);
    const others = whole > 0 ? Math.min(1 - share, (beside?.(context) ?? 0) / whole) : 0;
    const together = share >= others / 4 ? share + others : share;
    return together >= least || (!context.matchEntities && share > 0)
      ? held(
          `${cause.subject.name} moves ${formatBytes(amount)}/s, ${formatPercent(100 * share)} of what the disks carry${
            share < least && together >= least
              ? `; with the check or rebuild of an array ${formatPercent(100 * together)}`
              : ''
          }.`,
          together / 0.6,
        )
      : `${cause.subject.name} moves only ${formatPercent(100 * share)} of what the disks carry`;
  };

/** The moment to explain: just before the kill for a kill, now for what lasts. */
function momentOf({ picture, effect }: EdgeContext): number {
  return /oom/.test(effect.id) ? Math.max(picture.from, effect.since - 1) : picture.at;
}

/** The processes of the cause took at least `least` of the memory that went (or that is in use). */
export const memoryOfCause =
  (least: number): EdgeTest =>
  (context) => {
    const { picture, cause, effect } = context;
    const names = processesOf(picture, cause.subject);
    const at = momentOf(context);
    const shares = memoryShares(picture, effect.since, at);
    const { share, amount, whole } = partOf(shares, names);
    const total = [...names].reduce((sum, n) => sum + memoryOf(picture, n, at), 0);
    const mode = shares[0]?.mode === 'change' ? 'the memory that went' : 'the memory in use';
    return share >= least || (!context.matchEntities && share > 0)
      ? held(
          `${cause.subject.name} holds ${formatBytes(total)} and accounts for ${formatPercent(100 * share)} of ${mode} (${formatBytes(Math.min(amount, whole))} of ${formatBytes(whole)}).`,
          share / 0.65,
        )
      : `${cause.subject.name} accounts for only ${formatPercent(100 * share)} of ${mode}`;
  };

/** Available memory was under a percentage just before or at the onset of the effect. */
export const memoryLow =
  (percent: number, words: (low: string) => string): EdgeTest =>
  ({ picture, effect }) => {
    const series = picture.series('mem.available_percent');
    const before = within(series, effect.since - 900, effect.since + 120);
    // Between reports that are far apart the last one before it counts: a kill has given memory back since.
    const last = series.findLast(([at]) => at <= effect.since && at >= effect.since - hour);
    const low = before.length
      ? Math.min(...before.map((p) => p[1]))
      : (last?.[1] ?? valueAt(series, picture.at));
    if (low === undefined) return 'available memory is not in the reports';
    return low < percent
      ? held(words(formatPercent(low)))
      : `at least ${formatPercent(low)} of memory was available at that time`;
  };

/** The effect needs the filesystem of the cause, or the cause fills that of the effect: the path lies on its mount. */
export const pathOnMount =
  (
    path: (facts: Facts, c: EdgeContext) => readonly string[],
    words: (path: string, mount: string) => string,
    share = 1,
  ): EdgeTest =>
  (context) => {
    const { cause, effect } = context;
    const mount = cause.subject.kind === 'mount' ? cause.subject.name : effect.subject.name;
    const paths = path(context.picture.facts, context);
    const hit = paths.find((p) => filesystemOf(context.picture, p)?.mount === mount);
    if (hit === undefined && context.matchEntities)
      return `${paths[0] ?? 'what it needs'} does not lie on ${mount}`;
    const at = hit ?? paths[0] ?? mount;
    // What has a filesystem of its own needs no second mention of it.
    return held(at === mount ? words(at, mount).replace(` on ${mount}`, '') : words(at, mount), share);
  };

/** An event of a kind happened near the onset of the effect. */
export const eventNear =
  (kind: RegExp, seconds: number, words: (text: string, c: EdgeContext) => string, what: string): EdgeTest =>
  (context) => {
    const found = context.picture.events.findLast(
      (e) => kind.test(e.kind) && Math.abs(e.at - context.effect.since) <= seconds,
    );
    return found ? held(words(found.text, context)) : `${what} is not in the log`;
  };

/** Bytes a second that devices carry while a symptom lasts. */
export function diskBytes(picture: Picture, since: number, device?: string): number {
  const devices = device
    ? [device]
    : picture.subjects('disk.read_bytes').filter((d) => !/^(loop|ram|zram|dm-|md)/.test(d));
  return devices.reduce(
    (sum, d) =>
      sum +
      (lately(picture, 'disk.read_bytes', d, since) ?? 0) +
      (lately(picture, 'disk.write_bytes', d, since) ?? 0),
    0,
  );
}

/** Swap traffic as a part of what a disk (or all disks) carries. */
export const swapTraffic =
  (least: number): EdgeTest =>
  ({ picture, effect }) => {
    const pages =
      (lately(picture, 'mem.swap_in', '', effect.since) ?? 0) +
      (lately(picture, 'mem.swap_out', '', effect.since) ?? 0);
    const bytes = pages * 4096;
    const disk = diskBytes(
      picture,
      effect.since,
      effect.subject.kind === 'device' ? effect.subject.name : undefined,
    );
    const share = disk > 0 ? Math.min(1, bytes / disk) : 0.7;
    return share >= least && pages > 50
      ? held(
          `Swapping moves ${formatBytes(bytes)}/s${disk > 0 ? `, ${formatPercent(100 * share)} of what the disk carries` : ''}; every page is a disk access that a task waits for.`,
          share / 0.6,
        )
      : `swap makes only ${formatPercent(100 * share)} of the disk traffic`;
  };
