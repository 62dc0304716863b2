// How much of a symptom one entity accounts for: its part of the change since the symptom began, or of the total when nothing came before.
import type { Finding } from '#core/diagnosis.ts';
import type { Picture, Point } from '#worker/rules/rule.ts';
import { cores, processTimes, ramBytes } from '#worker/rules/finding.ts';
import { median, valueAt, within } from '#worker/rules/series.ts';
import { writtenOnce } from './planned.ts';

export interface Share {
  name: string;
  /** 0..1 */
  share: number;
  /** `change`: part of what changed since before the symptom; `total`: part of what there is, one report knows no before. */
  mode: 'change' | 'total';
  /** Bytes, or percent of one core, or bytes/s: by the question asked. */
  amount: number;
  whole: number;
  /** What lies in swap is counted in. */
  withSwap?: boolean;
}

const day = 86_400;

/** Percent of memory available from which on there is plenty of it: who holds the most is to blame for nothing then. */
export const plentyPercent = 30;

/** When memory was shortest since a moment; the newest report while it still is. */
export function shortestSince(picture: Picture, since: number): number {
  if ((picture.latest('mem.available_percent') ?? 0) <= plentyPercent) return picture.at;
  const lowest = within(picture.series('mem.available'), since, picture.at).reduce<Point | undefined>(
    (low, p) => (!low || p[1] <= low[1] ? p : low),
    undefined,
  );
  return lowest?.[0] ?? picture.at;
}

/** Process groups by their part of the memory that went, largest first. `since`: onset of the symptom; `at`: the moment to explain. */
export function memoryShares(picture: Picture, since: number, at = picture.at): Share[] {
  const ram = ramBytes(picture);
  const available = valueAt(picture.series('mem.available'), at);
  if (ram === undefined || available === undefined) return [];
  const names = groupNames(picture, 'proc.group.rss');
  const before = within(picture.series('mem.available'), since - day, Math.min(since, at));
  const peak = before.reduce<Point | undefined>((best, p) => (!best || p[1] > best[1] ? p : best), undefined);
  // What zram holds lies in memory: it is missing there already.
  const inMemory = picture.facts.swaps?.length && picture.facts.swaps.every((s) => /zram/.test(s.device));
  const swapUsed = (t: number) => (inMemory ? 0 : (valueAt(picture.series('mem.swap_used'), t) ?? 0));
  const gone = peak ? peak[1] - available + Math.max(0, swapUsed(at) - swapUsed(peak[0])) : 0;
  if (peak && peak[0] < at && gone > 0.1 * ram) {
    return rank(
      names.map((name) => ({
        name,
        amount: memoryOf(picture, name, at) - memoryOf(picture, name, peak[0]),
      })),
      gone,
      'change',
    );
  }
  const inUse = rank(
    names.map((name) => ({ name, amount: memoryOf(picture, name, at) })),
    ram - available + swapUsed(at),
    'total',
  );
  return inUse.map((share) => ({ ...share, withSwap: swapUsed(at) > 0 }));
}

/** Process groups by their part of what lies in swap, of its change where the reports saw one; empty while the reports do not tell it. */
export function swapShares(picture: Picture, since: number): Share[] {
  const used = picture.series('mem.swap_used');
  const now = valueAt(used, picture.at) ?? 0;
  const before = valueAt(used, since - 1);
  const names = groupNames(picture, 'proc.group.swap').filter((name) => swapNow(picture, name) > 0);
  if (now < 32 * 1024 ** 2 || names.length === 0) return [];
  if (before !== undefined && now - before > 0.3 * now) {
    const grown = names.map((name) => ({
      name,
      amount: swapNow(picture, name) - recentValue(picture, 'proc.group.swap', name, since - 1),
    }));
    return rank(grown, now - before, 'change');
  }
  return rank(
    names.map((name) => ({ name, amount: swapNow(picture, name) })),
    now,
    'total',
  );
}

function swapNow(picture: Picture, name: string): number {
  return (
    picture.facts.processGroups?.find((g) => g.name === name)?.swap ??
    recentValue(picture, 'proc.group.swap', name, picture.at)
  );
}

/** Resident plus swapped memory of a process group at a moment; a group below the floor of the series counts as 0. */
export function memoryOf(picture: Picture, name: string, at: number): number {
  if (at >= picture.at) {
    const group = picture.facts.processGroups?.find((g) => g.name === name);
    if (group) return group.rss + (group.swap ?? 0);
  }
  return recentValue(picture, 'proc.group.rss', name, at) + recentValue(picture, 'proc.group.swap', name, at);
}

/** Process groups by their part of the CPU time that was added (percent of one core), largest first. */
export function cpuShares(picture: Picture, since: number): Share[] {
  const n = cores(picture);
  const busy = picture.series('cpu.busy');
  const now = median(
    within(busy, Math.max(since, (busy.at(-1)?.[0] ?? 0) - 600), picture.at).map((p) => p[1]),
  );
  if (now === undefined) return [];
  const before = within(busy, since - day, since - 1).map((p) => p[1]);
  const base = before.length >= 3 ? median(before)! : undefined;
  const names = groupNames(picture, 'proc.group.cpu');
  if (base !== undefined && now - base > 10) {
    return rank(
      names.map((name) => ({
        name,
        amount: groupCpu(picture, name, since) - quietCpu(picture, name, since),
      })),
      (now - base) * n,
      'change',
    );
  }
  return rank(
    names.map((name) => ({ name, amount: groupCpu(picture, name, since) })),
    now * n,
    'total',
  );
}

/** CPU of a group while the symptom lasts: the median of its samples, in percent of one core. */
export function groupCpu(picture: Picture, name: string, since: number): number {
  const inside = within(
    picture.series('proc.group.cpu', name),
    Math.max(since, picture.at - 600),
    picture.at,
  );
  return (
    median(inside.map((p) => p[1])) ??
    picture.facts.processGroups?.find((g) => g.name === name)?.cpuPercent ??
    0
  );
}

/** CPU of a group before the symptom, in percent of one core. */
function quietCpu(picture: Picture, name: string, since: number): number {
  return usualCpu(picture, name, since - day, since - 1);
}

/** The median in a window; reports that read the processes and do not list the group count as 0. */
function usualCpu(picture: Picture, name: string, from: number, to: number): number {
  const reports = processTimes(picture).filter((at) => at >= from && at <= to).length;
  const own = within(picture.series('proc.group.cpu', name), from, to).map((p) => p[1]);
  const silent = Math.max(0, reports - own.length);
  return median([...own, ...Array.from({ length: silent }, () => 0)]) ?? 0;
}

/** More processes of a group than before, from which on it is the one that starts them; percent of a core that starting them takes (OWN). */
const started = { processes: 20, cpu: 3 };

/** Programs that do their work themselves, with threads or one after the other: busy ones start nothing. */
const startsNothing =
  /^(redis-server|valkey-server|memcached|mysqld|mariadbd|nginx|haproxy|envoy|traefik|varnishd|mongod|named|unbound|dnsmasq|chronyd|rsyslogd|ksoftirqd.*|kworker.*)$/;

/**
 * Who starts processes without end: the group whose number rose, or, where those end before anyone sees them, the running program that
 * takes more CPU than before: to create a process is work of its parent. Empty unless one stands out.
 */
export function startShares(
  picture: Picture,
  since: number,
): { of: 'processes' | 'starts'; shares: Share[] } {
  const names = groupNames(picture, 'proc.group.count').filter((name) => !/^rootnote/.test(name));
  const none = { of: 'starts' as const, shares: [] };
  if (processTimes(picture).filter((at) => at < since).length < 3) return none;
  const more = names.map((name) => ({ name, amount: risenCount(picture, name, since) }));
  const counted = standsOut(more, started.processes);
  if (counted.length) return { of: 'processes', shares: counted };
  const able = names.filter((name) => !startsNothing.test(name));
  const cpu = able.map((name) => ({
    name,
    amount:
      usualCpu(picture, name, Math.max(since, picture.at - 600), picture.at) - quietCpu(picture, name, since),
  }));
  return { of: 'starts', shares: standsOut(cpu, started.cpu) };
}

/** The shares of what was added in all, when the first is at least `least` and three fifths of it. */
function standsOut(amounts: { name: string; amount: number }[], least: number): Share[] {
  const added = amounts.reduce((sum, { amount }) => sum + Math.max(0, amount), 0);
  const shares = rank(amounts, added, 'change');
  const [first] = shares;
  return first && first.amount >= least && first.share >= 0.6 ? shares : [];
}

function risenCount(picture: Picture, name: string, since: number): number {
  const now = picture.facts.processGroups?.find((g) => g.name === name)?.count ?? 0;
  const before = within(picture.series('proc.group.count', name), since - day, since - 1).map((p) => p[1]);
  return now - (median(before) ?? 0);
}

/**
 * Process groups by their part of the bytes that disks moved, largest first; empty when no report tells I/O of processes. Over several
 * disks what a mirror writes counts once.
 */
export function ioShares(picture: Picture, since: number, devices?: ReadonlySet<string>): Share[] {
  const sum = (subjects: readonly string[], metrics: readonly ('disk.read_bytes' | 'disk.write_bytes')[]) =>
    subjects.reduce(
      (total, s) =>
        total +
        metrics.reduce((t, metric) => {
          const once = metric === 'disk.write_bytes' && !devices ? writtenOnce(picture, s) : 1;
          return t + once * (recentMedian(picture, metric, s, since) ?? 0);
        }, 0),
      0,
    );
  const disks = picture
    .subjects('disk.read_bytes')
    .filter((d) =>
      devices ? devices.has(d) : !/^(loop|ram|dm-|md)/.test(d) || picture.latest('disk.busy', d),
    );
  const whole = sum(disks, ['disk.read_bytes', 'disk.write_bytes']);
  if (whole <= 0) return [];
  const names = new Set([
    ...groupNames(picture, 'proc.group.read_bytes'),
    ...groupNames(picture, 'proc.group.write_bytes'),
  ]);
  return rank(
    [...names].map((name) => {
      const group = picture.facts.processGroups?.find((g) => g.name === name);
      const amount =
        (recentMedian(picture, 'proc.group.read_bytes', name, since) ?? group?.readBytes ?? 0) +
        (recentMedian(picture, 'proc.group.write_bytes', name, since) ?? group?.writeBytes ?? 0);
      return { name, amount };
    }),
    whole,
    'total',
  );
}

/**
 * Process groups by how well the bytes that they wrote fit those that a filesystem lost, in the time in which it lost them; best first.
 * Empty while it lost less than 100 kB/s. Who wrote twice as much or half of it is left out: what they write may lie elsewhere.
 */
export function spaceShares(picture: Picture, { subject, since }: Finding): Share[] {
  const fall = fallOf(
    within(picture.series('fs.available', subject.name), Math.min(since, picture.at - 600) - 600, picture.at),
  );
  if (!fall || fall.rate < 100_000) return [];
  const { from, to, rate } = fall;
  const steps = (picture.times ?? []).filter((at) => at > from && at <= to).length;
  const fitting = groupNames(picture, 'proc.group.write_bytes').flatMap((name) => {
    const points = within(picture.series('proc.group.write_bytes', name), from + 1, to);
    const written = points.reduce((sum, p) => sum + p[1], 0) / Math.max(1, steps);
    const share = Math.min(written, rate) / Math.max(written, rate);
    return share > 0.5
      ? [{ name, share, mode: 'change' as const, amount: Math.min(written, rate), whole: rate }]
      : [];
  });
  return fitting.sort((a, b) => b.share - a.share || a.name.localeCompare(b.name));
}

/** When a series fell, without the time before and after in which nothing went: from its last high to its first low. Bytes a second. */
function fallOf(points: readonly Point[]): { from: number; to: number; rate: number } | undefined {
  const values = points.map((p) => p[1]);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const little = (highest - lowest) / 50;
  const low = points.findIndex(([, value]) => value <= lowest + little);
  const high = points.slice(0, Math.max(0, low)).findLastIndex(([, value]) => value >= highest - little);
  if (high < 0) return undefined;
  const [from, to] = [points[high]!, points[low]!];
  return { from: from[0], to: to[0], rate: (from[1] - to[1]) / (to[0] - from[0]) };
}

function recentMedian(
  picture: Picture,
  metric: 'disk.read_bytes' | 'disk.write_bytes' | 'proc.group.read_bytes' | 'proc.group.write_bytes',
  subject: string,
  since: number,
) {
  return median(
    within(picture.series(metric, subject), Math.max(since, picture.at - 600), picture.at).map((p) => p[1]),
  );
}

function recentValue(
  picture: Picture,
  metric: 'proc.group.rss' | 'proc.group.swap',
  subject: string,
  at: number,
): number {
  const points = picture.series(metric, subject);
  for (let i = points.length - 1; i >= 0; i--) {
    const [time, value] = points[i]!;
    if (time <= at) return at - time <= 900 ? value : 0;
  }
  return 0;
}

function groupNames(picture: Picture, metric: Parameters<Picture['subjects']>[0]): string[] {
  return [
    ...new Set([...picture.subjects(metric), ...(picture.facts.processGroups ?? []).map((g) => g.name)]),
  ];
}

function rank(amounts: { name: string; amount: number }[], whole: number, mode: Share['mode']): Share[] {
  if (whole <= 0) return [];
  return amounts
    .filter((a) => a.amount > 0)
    .map((a) => ({ ...a, whole, mode, share: Math.min(1, a.amount / whole) }))
    .sort((a, b) => b.amount - a.amount || a.name.localeCompare(b.name));
}
