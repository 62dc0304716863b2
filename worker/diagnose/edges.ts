// The causal graph: every edge demands evidence from the picture. Acyclic (tested). What the reports cannot show makes no edge.
import { formatBytes, formatCount, formatPercent } from '#core/format.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { held, type Edge, type EdgeTest, type Strength } from './edge.ts';
import { sameService } from './entities.ts';
import { memoryOf, memoryShares } from './shares.ts';
import { ramBytes } from '#worker/rules/finding.ts';
import { median, valueAt, within } from '#worker/rules/series.ts';

const minute = 60;
const hour = 3600;

function edge(cause: RuleId, effect: RuleId, strength: Strength, lag: number, test: EdgeTest): Edge {
  return { cause, effect, strength, lag, test };
}

/** Both ends are one service. */
const service =
  (because: (cause: string, effect: string) => string): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) =>
    !matchEntities || sameService(picture, cause.subject, effect.subject)
      ? held(because(cause.subject.name, effect.subject.name))
      : `${cause.subject.name} does not serve ${effect.subject.name}`;

const lowBefore =
  (percent: number, because: (low: string) => string): EdgeTest =>
  ({ picture, effect }) => {
    const before = within(picture.series('mem.available_percent'), effect.since - 900, effect.since + 120);
    const low = before.length
      ? Math.min(...before.map((p) => p[1]))
      : valueAt(picture.series('mem.available_percent'), picture.at);
    if (low === undefined) return 'available memory is not in the reports';
    return low < percent
      ? held(because(formatPercent(low)))
      : `at least ${formatPercent(low)} of memory was available at that time`;
  };

export const edges: Edge[] = [
  edge('db.mysql_bufferpool_gt_ram', 'mem.low', 'strong', hour * 240, ({ picture, cause, effect }) => {
    const name = cause.subject.name;
    const ram = ramBytes(picture);
    const used = memoryOf(picture, name, picture.at);
    if (!ram || used < 0.4 * ram) return `${name} holds ${formatBytes(used)}, less than half of the RAM`;
    const share = memoryShares(picture, effect.since).find((s) => s.name === name)?.share ?? 0;
    return held(
      `${name} holds ${formatBytes(used)}, ${formatPercent((100 * used) / ram)} of the RAM, and its pool may still grow.`,
      share / 0.6,
    );
  }),
  edge('db.mysql_bufferpool_gt_ram', 'mem.swap_thrash', 'strong', hour * 240, ({ picture, cause }) => {
    const group = picture.facts.processGroups?.find((g) => g.name === cause.subject.name);
    const swap = group?.swap ?? 0;
    const whole = (group?.rss ?? 0) + swap;
    return swap > 0.05 * whole && whole > 0
      ? held(
          `${formatBytes(swap)} of ${cause.subject.name} lie in swap, because its pool does not fit.`,
          0.5 + swap / whole,
        )
      : `only ${formatBytes(swap)} of ${cause.subject.name} are in swap`;
  }),
  edge('db.mysql_bufferpool_gt_ram', 'mem.oom_kill', 'strong', hour * 240, ({ effect }) =>
    /mysqld|mariadbd/.test(effect.subject.name)
      ? held(`The killed process is the database itself.`)
      : `the killed process is ${effect.subject.name}, not the database`,
  ),
  edge(
    'mem.low',
    'mem.swap_thrash',
    'strong',
    10 * minute,
    lowBefore(15, (low) => `With ${low} of memory available the kernel moves pages to swap and back.`),
  ),
  edge(
    'mem.low',
    'mem.oom_kill',
    'strong',
    5 * minute,
    lowBefore(
      10,
      (low) =>
        `Available memory had fallen to ${low}; the kernel then kills the process that frees the most.`,
    ),
  ),
  edge('mem.swap_thrash', 'cpu.iowait', 'strong', 2 * minute, ({ picture, effect }) => {
    const pages = (['mem.swap_in', 'mem.swap_out'] as const).map((m) =>
      recent(picture.series(m), effect.since, picture.at),
    );
    const bytes = ((pages[0] ?? 0) + (pages[1] ?? 0)) * 4096;
    const disk = picture
      .subjects('disk.read_bytes')
      .filter((d) => !/^(loop|ram|dm-|md)/.test(d))
      .reduce(
        (sum, d) =>
          sum +
          (recent(picture.series('disk.read_bytes', d), effect.since, picture.at) ?? 0) +
          (recent(picture.series('disk.write_bytes', d), effect.since, picture.at) ?? 0),
        0,
      );
    const share = disk > 0 ? Math.min(1, bytes / disk) : 1;
    return share >= 0.3
      ? held(
          `Swapping moves ${formatBytes(bytes)}/s${disk > 0 ? `, ${formatPercent(100 * share)} of what the disks carry` : ''}; every page is a disk access that a task waits for.`,
          share / 0.6,
        )
      : `swap makes only ${formatPercent(100 * share)} of the disk traffic`;
  }),
  edge('cpu.iowait', 'cpu.load_high', 'strong', 5 * minute, ({ picture, effect }) => {
    const blocked = recent(picture.series('cpu.blocked'), effect.since, picture.at) ?? 0;
    const load = picture.latest('cpu.load1') ?? 0;
    return load > 0 && blocked >= 0.3 * load
      ? held(
          `${formatCount(blocked)} tasks wait for a disk, and they count in the load of ${formatCount(load)}.`,
          blocked / load,
        )
      : `only ${formatCount(blocked)} tasks wait for a disk at a load of ${formatCount(load)}`;
  }),
  edge('cpu.saturated', 'cpu.load_high', 'strong', 5 * minute, ({ picture, effect }) => {
    const runnable = recent(picture.series('cpu.runnable'), effect.since, picture.at) ?? 0;
    const load = picture.latest('cpu.load1') ?? 0;
    return runnable >= 0.3 * load && runnable > 0
      ? held(
          `${formatCount(runnable)} tasks want a core; that is the load of ${formatCount(load)}.`,
          runnable / Math.max(1, load),
        )
      : `only ${formatCount(runnable)} tasks want a core at a load of ${formatCount(load)}`;
  }),
  edge('mem.oom_kill', 'proc.vanished', 'deterministic', minute, ({ effect, cause }) =>
    cause.subject.name === effect.subject.name
      ? held(`The process that the kernel killed is ${effect.subject.name}.`)
      : `the killed process is ${cause.subject.name}`,
  ),
  edge('mem.oom_kill', 'svc.unit_failed', 'deterministic', minute, ({ picture, cause, effect }) => {
    const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
    if (unit?.result === 'oom-kill' || sameService(picture, cause.subject, effect.subject))
      return held(`systemd recorded the result ${unit?.result ?? 'killed'} for ${effect.subject.name}.`);
    return `the result of ${effect.subject.name} is ${unit?.result ?? 'unknown'}, not oom-kill`;
  }),
  edge(
    'proc.vanished',
    'svc.http_down',
    'deterministic',
    2 * minute,
    service((c, e) => `Nothing answers for ${e} since ${c} is gone.`),
  ),
  edge(
    'svc.unit_failed',
    'proc.vanished',
    'deterministic',
    minute,
    service((c, e) => `${e} belongs to ${c}, which has failed.`),
  ),
  edge(
    'svc.unit_failed',
    'svc.http_down',
    'deterministic',
    2 * minute,
    service((c, e) => `${c} serves ${e}, and it has failed.`),
  ),
];

/** The usual value while a symptom lasts: the median of the last ten minutes since its onset. */
function recent(
  points: readonly (readonly [number, number])[],
  since: number,
  now: number,
): number | undefined {
  return median(within(points, Math.max(since, now - 600), now).map((p) => p[1])) ?? points.at(-1)?.[1];
}
