// Memory beyond "little is left": what goes up for hours, what is promised, what the kernel itself holds, what the hardware says.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatDuration, formatPercent, formatValue } from '#core/format.ts';
import { between, fallToNothing, forecast, suddenFall } from '#worker/forecast.ts';
import { postgresMemory, redisNoLimit } from './databases.ts';
import { evidence, makeFinding, newest, pictureOf, ramBytes, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import { mysqlBufferPool, mysqlGroup } from './mysqlMemory.ts';
import type { Picture, Point, Rule, RuleState } from './rule.ts';
import { numberOf } from './settings.ts';
import { change, median, within } from './series.ts';
import { phpOvercommit } from './web.ts';

const hour = 3600;
const day = 86_400;

/** MemAvailable < 3 % (OWN), or PSI memory full > 10 (field: PSI documentation): tasks stand still for lack of memory. */
export const memCritical: Rule = {
  id: 'mem.critical',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const low = gauge(picture, state, {
      id: 'mem.critical',
      entity,
      metric: 'mem.available_percent',
      side: 'below',
      raise: 3,
      clear: 6,
      samples: 2,
    });
    const stalled = gauge(picture, state, {
      id: 'mem.critical',
      entity,
      metric: 'mem.pressure.full',
      raise: 10,
      clear: 5,
      samples: 3,
    });
    const run = low ?? stalled;
    if (!run) return [];
    // Both bounds end later than they begin: what is said must be so now.
    const exhausted = low !== undefined && (low.value < 3 || !stalled);
    const then = pictureOf(picture, run.at);
    const available = then.latest('mem.available');
    const percent = then.latest('mem.available_percent');
    const full = then.latest('mem.pressure.full');
    return [
      makeFinding(picture, 'mem.critical', {
        subject: entity,
        since: Math.min(low?.since ?? Infinity, stalled?.since ?? Infinity),
        summary: exhausted
          ? `Memory is ${low.value < 3 ? '' : 'nearly '}exhausted: ${formatPercent(low.value)} is available${available === undefined ? '' : ` (${formatBytes(available)})`}.`
          : `All tasks stand still for lack of memory ${formatPercent((stalled ?? run).value)} of the time.`,
        evidence: [
          ...(percent === undefined
            ? []
            : [evidence('memory available', percent, 'percent', 'mem.available_percent', 'above 15 %')]),
          ...(full === undefined
            ? []
            : [evidence('memory pressure (full, 1 min)', full, 'percent', 'mem.pressure.full', 'below 5 %')]),
        ],
      }),
    ];
  },
};

/** No swap on less than 4 GiB, with less than 15 % available at its lowest (OWN). Latent: it makes a peak deadly. */
export const memNoSwap: Rule = {
  id: 'mem.no_swap',
  find(picture): Finding[] {
    const total = ramBytes(picture);
    const swap = picture.latest('mem.swap_total') ?? picture.facts.memory?.swapTotal;
    if (total === undefined || swap !== 0 || total >= 4 * 1024 ** 3) return [];
    const available = picture.series('mem.available_percent').map((p) => p[1]);
    const lowest = available.length ? Math.min(...available) : undefined;
    if (lowest === undefined || lowest >= 15) return [];
    return [
      makeFinding(picture, 'mem.no_swap', {
        subject: serverSubject(picture),
        since: picture.from,
        latent: true,
        summary: `There is no swap, and available memory has been as low as ${formatPercent(lowest)}.`,
        evidence: [
          evidence('swap', 0, 'bytes', 'mem.swap_total', 'some, on a server with less than 4 GiB'),
          evidence('lowest available memory', lowest, 'percent', 'mem.available_percent', 'above 15 %'),
        ],
      }),
    ];
  },
};

/** Growth that lasts this long is proven by itself: as far as a picture looks back, less what its first samples miss. */
const longGrowth = 5.5 * hour;
/**
 * Growth that would use up the memory within this many times its own length is told before memory is short; within fewer when nobody saw
 * the program before it grew (OWN).
 */
const leakReach = { known: 4, unknown: 2 };

/**
 * A process group grows: Theil–Sen slope > 1 % of RAM an hour, up in five of six slices since it began, beyond what it held before, no
 * restart (OWN). Hours of it prove it alone. Sooner (at least ten samples) only while memory is short or foreseen to be, or once it took
 * a tenth of the RAM and goes on, no slower, at a pace that leaves none soon. A database that fills its configured cache is not leaking.
 */
export const memLeak: Rule = {
  id: 'mem.leak',
  find(picture, state): Finding[] {
    const ram = ramBytes(picture);
    const available = picture.latest('mem.available_percent');
    if (!ram || available === undefined || picture.reports < 10) return [];
    const short = isActive(state, 'mem.time_to_exhaust', serverSubject(picture)) ? 40 : 25;
    return (picture.facts.processGroups ?? []).flatMap((group) => {
      if (group.rss < 0.05 * ram || group.rss < allowance(picture, group.name)) return [];
      const entity = { kind: 'process', name: group.name } as const;
      const all = within(
        picture.series('proc.group.rss', group.name),
        Math.max(picture.at - day, group.startedAt ?? 0),
        picture.at,
      );
      const points = growthOf(all);
      if (points.length < 10) return [];
      const began = points[0]![0];
      const span = picture.at - began;
      const grown = points.at(-1)![1] - points[0]![1];
      if (span < 300 || grown < 0.05 * ram) return [];
      const slices = Array.from(
        { length: 7 },
        (_, i) => points[Math.round((i * (points.length - 1)) / 6)]![1],
      );
      const rising = slices.slice(1).filter((v, i) => v > slices[i]!).length;
      const trend = forecast(points, group.rss + (available / 100) * ram);
      if (!trend || rising < 5 || trend.low <= 0 || (trend.slope * hour) / ram < 0.01) return [];
      const known = points.length < all.length && began - (group.startedAt ?? 0) > 600;
      const soon =
        span >= 600 &&
        grown >= 0.1 * ram &&
        !slowsDown(points) &&
        trend.expected <= span * (known ? leakReach.known : leakReach.unknown);
      if (span < longGrowth && available > short && !soon && !isActive(state, 'mem.leak', entity)) return [];
      // A new start of one of its processes, or a doubling of their number, is load, not a leak.
      const counts = within(picture.series('proc.group.count', group.name), began, picture.at).map(
        (p) => p[1],
      );
      if (counts.length && group.count > 1.5 * counts[0]!) return [];
      const lately = change(points, picture.at - span / 4, picture.at) ?? 0;
      if (lately < 0.1 * grown) return [];
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

/** Whether the last third of a growth brought less than 70 % of what the first did: so does what fills a cache. */
function slowsDown(points: readonly Point[]): boolean {
  const [from, to] = [points[0]![0], points.at(-1)![0]];
  const third = (to - from) / 3;
  const first = change(points, from, from + third) ?? 0;
  return (change(points, to - third, to) ?? 0) < 0.7 * first;
}

/** Memory that a program is configured to fill: growth up to there is warming up. */
function allowance(picture: Picture, name: string): number {
  if (name === mysqlGroup(picture)?.name) {
    return 1.1 * (numberOf(picture.facts.mysql, 'innodb_buffer_pool_size') ?? 0);
  }
  if (name === 'redis-server') return 1.3 * (numberOf(picture.facts.redis, 'maxmemory') ?? 0);
  if (name === 'postgres') return 1.2 * (numberOf(picture.facts.postgresql, 'shared_buffers') ?? 0);
  return 0;
}

/**
 * Theil–Sen over at most 6 h predicts 0 within 24 h, the band excludes "never", and less than 40 % is available (method as NM for disks);
 * or a run that has just begun, with less than 25 % available, or whatever is left when it is a program whose settings bound it nowhere
 * (OWN). Told until memory is short: then mem.low takes over.
 */
export const memTimeToExhaust: Rule = {
  id: 'mem.time_to_exhaust',
  find(picture, state): Finding[] {
    const percent = picture.latest('mem.available_percent');
    const entity = serverSubject(picture);
    const ram = ramBytes(picture);
    if (percent === undefined || !ram) return [];
    const points = within(picture.series('mem.available'), picture.at - 6 * hour, picture.at);
    const sudden = percent >= 25 ? suddenFall(points, 0) : undefined;
    const endless =
      sudden !== undefined && growsUnbounded(picture, state, points, picture.at - sudden.span, 0.08 * ram);
    if (percent >= 40 && !endless) return [];
    const f = fallToNothing(points, percent < 25 || endless);
    if (!f || f.used < 0.04 * ram) return [];
    return [
      makeFinding(picture, 'mem.time_to_exhaust', {
        subject: entity,
        since: picture.at,
        confidence: f.span >= 2 * hour ? 0.9 : 0.7,
        summary: `At this pace memory runs out in ${formatDuration(f.expected)} (${formatPercent(percent)} is available now).`,
        evidence: [
          evidence('memory available', percent, 'percent', 'mem.available_percent', 'above 40 %, or steady'),
          evidence('change in an hour', f.slope * hour, 'bytes', 'mem.available', 'about 0'),
          evidence('runs out in', between(f), '', 'mem.available'),
        ],
      }),
    ];
  },
};

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

/** Promised memory beyond the limit when overcommit is off, or beyond 1.5 × (RAM + swap) (OWN). */
export const memOvercommit: Rule = {
  id: 'mem.overcommit',
  find(picture): Finding[] {
    const committed = picture.latest('mem.committed');
    const ram = ramBytes(picture);
    if (committed === undefined || !ram) return [];
    const strict = picture.facts.memory?.overcommit === 2;
    const limit = picture.latest('mem.commit_limit');
    const swap = picture.latest('mem.swap_total') ?? picture.facts.memory?.swapTotal ?? 0;
    const bound = strict && limit ? 0.95 * limit : 1.5 * (ram + swap);
    if (committed <= bound) return [];
    return [
      makeFinding(picture, 'mem.overcommit', {
        subject: serverSubject(picture),
        severity: strict ? 'warning' : 'info',
        latent: !strict,
        summary: `Programs were promised ${formatBytes(committed)} of memory; ${formatBytes(strict && limit ? limit : ram + swap)} can be backed.`,
        evidence: [
          evidence('memory promised', committed, 'bytes', 'mem.committed', `below ${formatBytes(bound)}`),
          evidence('RAM and swap', ram + swap, 'bytes', 'mem.total'),
          evidence(
            'vm.overcommit_memory',
            picture.facts.memory?.overcommit ?? 'unknown',
            '',
            'facts.memory.overcommit',
          ),
        ],
      }),
    ];
  },
};

/** Slab that cannot be dropped > 25 % of RAM, or growing by > 1 % of RAM an hour for hours (OWN). */
export const memSlab: Rule = {
  id: 'mem.slab_leak',
  find(picture): Finding[] {
    const ram = ramBytes(picture);
    const slab = picture.latest('mem.slab_unreclaimable');
    if (!ram || slab === undefined) return [];
    const share = (100 * slab) / ram;
    const points = within(picture.series('mem.slab_unreclaimable'), picture.at - day, picture.at);
    const trend =
      points.length >= 20 && picture.at - points[0]![0] >= longGrowth ? forecast(points, ram) : undefined;
    const grows = trend !== undefined && trend.low > 0 && (trend.slope * hour) / ram > 0.01;
    if (share <= 25 && !grows) return [];
    const since = points.find(([, v]) => v > 0.25 * ram)?.[0];
    return [
      makeFinding(picture, 'mem.slab_leak', {
        subject: serverSubject(picture),
        since: share > 25 ? since : points[0]![0],
        summary: `The kernel's own objects hold ${formatBytes(slab)}, ${formatPercent(share)} of the RAM, and cannot be dropped.`,
        evidence: [
          evidence(
            'kernel memory that cannot be dropped',
            slab,
            'bytes',
            'mem.slab_unreclaimable',
            'below 10 % of RAM',
          ),
          ...(grows
            ? [
                evidence(
                  'growth in an hour',
                  trend.slope * hour,
                  'bytes',
                  'mem.slab_unreclaimable',
                  'about 0',
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

/** Free huge pages hold > 10 % of RAM (OWN). */
export const memHugepages: Rule = {
  id: 'mem.hugepages_waste',
  find(picture): Finding[] {
    const ram = ramBytes(picture);
    const free = picture.latest('mem.hugepages_free');
    if (!ram || !free || free <= 0.1 * ram) return [];
    const series = picture.series('mem.hugepages_free');
    if (series.length >= 3 && median(series.map((p) => p[1]))! <= 0.1 * ram) return [];
    return [
      makeFinding(picture, 'mem.hugepages_waste', {
        subject: serverSubject(picture),
        since: picture.from,
        latent: true,
        summary: `${formatBytes(free)} are reserved as huge pages and used by nobody.`,
        evidence: [
          evidence('huge pages free', free, 'bytes', 'mem.hugepages_free', 'near 0'),
          evidence(
            'huge pages reserved',
            picture.latest('mem.hugepages_total') ?? free,
            'bytes',
            'mem.hugepages_total',
          ),
        ],
      }),
    ];
  },
};

/** Transparent huge pages on "always" beside a program whose makers advise against it, or > 100 compaction stalls a second (OWN). */
export const memThp: Rule = {
  id: 'mem.thp_latency',
  find(picture): Finding[] {
    const sensitive = (picture.facts.processGroups ?? []).find((g) =>
      /^(redis-server|mongod|oracle)/.test(g.name),
    );
    const always = picture.facts.memory?.thp === 'always';
    const stalls = picture.latest('mem.compact_stalls') ?? 0;
    if (!(always && sensitive) && stalls <= 100) return [];
    return [
      makeFinding(picture, 'mem.thp_latency', {
        subject: sensitive ? { kind: 'process', name: sensitive.name } : serverSubject(picture),
        since: picture.from,
        latent: true,
        severity: 'info',
        summary: sensitive
          ? `Transparent huge pages are set to "always", which makes ${sensitive.name} stall now and then.`
          : `Tasks stall ${formatValue(stalls, '/s')} while the kernel compacts memory for huge pages.`,
        evidence: [
          evidence(
            'transparent huge pages',
            picture.facts.memory?.thp ?? 'unknown',
            '',
            'facts.memory.thp',
            'madvise',
          ),
          evidence('compaction stalls', stalls, '/s', 'mem.compact_stalls', 'near 0/s'),
        ],
      }),
    ];
  },
};

/** tmpfs and shared memory > 20 % of RAM beyond what databases share, or /dev/shm, /run or another tmpfs > 80 % full (OWN). */
export const memTmpfs: Rule = {
  id: 'mem.tmpfs_full',
  find(picture): Finding[] {
    const ram = ramBytes(picture);
    const full = (picture.facts.filesystems ?? [])
      .filter((f) => f.type === 'tmpfs' && f.size >= 4 * 1024 ** 2 && !f.readOnly)
      .filter((f) => (newest(picture, 'fs.used_percent', f.mount) ?? (100 * f.used) / f.size) > 80);
    const found = full.map((f) =>
      makeFinding(picture, 'mem.tmpfs_full', {
        subject: { kind: 'mount', name: f.mount },
        since: firstOver(picture, f.mount),
        summary: `${f.mount}, which lies in memory, is ${formatPercent((100 * f.used) / f.size)} full (${formatBytes(f.used)}).`,
        evidence: [
          evidence(
            `space used on ${f.mount}`,
            (100 * f.used) / f.size,
            'percent',
            `fs.used_percent{${f.mount}}`,
            'below 80 %',
          ),
          evidence(`memory held by ${f.mount}`, f.used, 'bytes', 'facts.filesystems.used'),
        ],
      }),
    );
    const shmem = picture.latest('mem.shmem');
    const sharers = (picture.facts.processGroups ?? []).some((g) =>
      /^(postgres|oracle|hana|db2)/.test(g.name),
    );
    if (found.length > 0 || !ram || shmem === undefined || sharers || shmem <= 0.2 * ram) return found;
    const largest = (picture.facts.filesystems ?? [])
      .filter((f) => f.type === 'tmpfs')
      .sort((a, b) => b.used - a.used)[0];
    return [
      makeFinding(picture, 'mem.tmpfs_full', {
        subject:
          largest && largest.used > 0.5 * shmem
            ? { kind: 'mount', name: largest.mount }
            : serverSubject(picture),
        since: within(picture.series('mem.shmem'), picture.from, picture.at).find(
          ([, v]) => v > 0.2 * ram,
        )?.[0],
        summary: `Files in memory (tmpfs) and shared memory hold ${formatBytes(shmem)}, ${formatPercent((100 * shmem) / ram)} of the RAM.`,
        evidence: [
          evidence('shared memory and tmpfs', shmem, 'bytes', 'mem.shmem', 'below 20 % of RAM'),
          ...(largest
            ? [evidence(`held by ${largest.mount}`, largest.used, 'bytes', 'facts.filesystems.used')]
            : []),
        ],
      }),
    ];
  },
};

function firstOver(picture: Picture, mount: string): number | undefined {
  const points = picture.series('fs.used_percent', mount);
  let since: number | undefined;
  for (let i = points.length - 1; i >= 0 && points[i]![1] > 80; i--) since = points[i]![0];
  return since;
}

/** MemTotal fell without a reboot, or the balloon holds > 10 % of RAM. */
export const memBalloon: Rule = {
  id: 'virt.balloon',
  find(picture): Finding[] {
    const totals = within(picture.series('mem.total'), picture.at - day, picture.at);
    const most = Math.max(0, ...totals.map((p) => p[1]));
    const now = ramBytes(picture);
    const balloon = picture.latest('mem.balloon') ?? 0;
    if (!now) return [];
    const bootedAt = picture.uptime === undefined ? 0 : picture.at - picture.uptime;
    const before = totals.filter(([at]) => at > bootedAt).map((p) => p[1]);
    const lost = before.length ? Math.max(...before) - now : 0;
    const taken = Math.max(lost, balloon);
    if (taken <= 0.1 * Math.max(now, most)) return [];
    const drop = totals.find(([, v], i) => i > 0 && v < totals[i - 1]![1] - 0.05 * most)?.[0];
    const rise = within(picture.series('mem.balloon'), picture.at - day, picture.at).find(
      ([, v]) => v > 0.1 * now,
    )?.[0];
    return [
      makeFinding(picture, 'virt.balloon', {
        subject: serverSubject(picture),
        since: drop ?? rise,
        summary: `The hypervisor has taken back ${formatBytes(taken)} of this server's memory.`,
        evidence: [
          evidence(
            'memory taken back',
            taken,
            'bytes',
            balloon >= lost ? 'mem.balloon' : 'mem.total',
            'near 0',
          ),
          evidence('memory that is left', now, 'bytes', 'mem.total'),
        ],
      }),
    ];
  },
};
