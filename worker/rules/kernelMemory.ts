// Memory that the kernel itself holds or shapes: slab, reserved and transparent huge pages.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent, formatValue } from '#core/format.ts';
import { forecast } from '#worker/series/forecast.ts';
import { evidence, makeFinding, ramBytes, serverSubject } from './finding.ts';
import type { Rule } from './rule.ts';
import { median, within } from './series.ts';

const hour = 3600;
const day = 86_400;

/** Slab that cannot be dropped holds much of the RAM, or has grown for hours. */
export const memSlab: Rule = {
  id: 'mem.slab_leak',
  find(picture): Finding[] {
    const ram = ramBytes(picture);
    const slab = picture.latest('mem.slab_unreclaimable');
    if (!ram || slab === undefined) return [];
    const limits = limitsOf('mem.slab_leak');
    const share = (100 * slab) / ram;
    const points = within(picture.series('mem.slab_unreclaimable'), picture.at - day, picture.at);
    const trend =
      points.length >= 20 && picture.at - points[0]![0] >= limits.long ? forecast(points, ram) : undefined;
    const grows = trend !== undefined && trend.low > 0 && (trend.slope * hour) / ram > limits.slope / 100;
    if (share <= limits.share && !grows) return [];
    const since = points.find(([, v]) => v > (limits.share / 100) * ram)?.[0];
    return [
      makeFinding(picture, 'mem.slab_leak', {
        subject: serverSubject(picture),
        since: share > limits.share ? since : points[0]![0],
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

/** Huge pages that nobody uses hold a part of the RAM. */
export const memHugepages: Rule = {
  id: 'mem.hugepages_waste',
  find(picture): Finding[] {
    const ram = ramBytes(picture);
    const free = picture.latest('mem.hugepages_free');
    const least = (limitsOf('mem.hugepages_waste').share / 100) * (ram ?? 0);
    if (!ram || !free || free <= least) return [];
    const series = picture.series('mem.hugepages_free');
    if (series.length >= 3 && median(series.map((p) => p[1]))! <= least) return [];
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

/** Transparent huge pages on "always" beside a program whose makers advise against it, or many stalls on compaction. */
export const memThp: Rule = {
  id: 'mem.thp_latency',
  find(picture): Finding[] {
    const sensitive = (picture.facts.processGroups ?? []).find((g) =>
      /^(redis-server|mongod|oracle)/.test(g.name),
    );
    const always = picture.facts.memory?.thp === 'always';
    const stalls = picture.latest('mem.compact_stalls') ?? 0;
    if (!(always && sensitive) && stalls <= limitsOf('mem.thp_latency').stalls) return [];
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
