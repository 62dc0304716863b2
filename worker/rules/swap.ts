// Swapping. Swap that is used and quiet is harmless; pages that go out and come back are what hurts, and none at all makes a peak deadly.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent, formatValue } from '#core/format.ts';
import { boundOf } from './boundOf.ts';
import { evidence, makeFinding, ramBytes, serverSubject } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Point, Rule } from './rule.ts';
import { within } from './series.ts';

/**
 * In and out both, or major faults while swap is read. The two directions rarely peak in the same second: the smaller of each is taken
 * over neighbouring samples.
 */
export const memSwapThrash: Rule = {
  id: 'mem.swap_thrash',
  find(picture, state): Finding[] {
    const swapIn = picture.latest('mem.swap_in');
    const swapOut = picture.latest('mem.swap_out');
    if (swapIn === undefined || swapOut === undefined) return [];
    const subject = serverSubject(picture);
    const faults = picture.latest('mem.major_faults') ?? 0;
    const pressure = picture.latest('mem.pressure.some');
    const full = picture.latest('mem.pressure.full');
    const lately = (name: 'mem.swap_in' | 'mem.swap_out') =>
      within(picture.series(name), picture.at - 6 * 3600, picture.at);
    const both = smallerOfBoth(lately('mem.swap_in'), lately('mem.swap_out'));
    const ask = { id: 'mem.swap_thrash', entity: subject } as const;
    const { raise, clear } = boundOf(state, 'mem.swap_thrash');
    const faulting = gauge(picture, state, { ...ask, metric: 'mem.major_faults' });
    const run = gauge(picture, state, { ...ask, points: both }) ?? (swapIn > raise ? faulting : undefined);
    if (!run) return [];
    // One second of one report: the pressure of the last minute must agree, where the kernel tells it.
    if (picture.reports < 3 && pressure !== undefined && pressure < limitsOf('mem.swap_thrash').pressure)
      return [];
    return [
      makeFinding(picture, 'mem.swap_thrash', {
        subject,
        since: run.since,
        bound: run.bound,
        confidence: picture.reports >= 3 ? 0.95 : 0.8,
        summary: `${
          // One quiet look between two bad ones: the words must not contradict their number.
          Math.max(swapIn, swapOut) > clear
            ? `The server swaps all the time: ${formatValue(swapIn, 'pages/s')} in, ${formatValue(swapOut, 'pages/s')} out`
            : `The server swaps again and again: ${formatValue(run.value, 'pages/s')} in and out at the last peak`
        }${full === undefined ? '' : `; all tasks stall ${formatPercent(full)} of the time`}.`,
        evidence: [
          evidence('pages read back from swap', swapIn, 'pages/s', 'mem.swap_in', 'near 0'),
          evidence('pages written to swap', swapOut, 'pages/s', 'mem.swap_out', 'near 0'),
          evidence('major page faults', faults, '/s', 'mem.major_faults', 'below 100/s'),
          ...(pressure === undefined
            ? []
            : [
                evidence(
                  'memory pressure (some, 1 min)',
                  pressure,
                  'percent',
                  'mem.pressure.some',
                  'below 5 %',
                ),
              ]),
        ],
      }),
    ];
  },
};

/** Per sample the smaller direction, each taken as the larger of itself and its two neighbours. */
function smallerOfBoth(a: readonly Point[], b: readonly Point[]): Point[] {
  const other = new Map(b);
  const peak = (points: readonly Point[], i: number) =>
    Math.max(points[i - 1]?.[1] ?? 0, points[i]![1], points[i + 1]?.[1] ?? 0);
  const shared = a.filter(([at]) => other.has(at));
  const theirs = shared.map(([at]) => [at, other.get(at)!] as const);
  return shared.map(([at, value], i) => {
    const busy = Math.max(value, theirs[i]![1]) > 0;
    return [at, busy ? Math.min(peak(shared, i), peak(theirs, i)) : 0] as const;
  });
}

/** No swap on a small server that has been short of memory. Latent: it makes a peak deadly. */
export const memNoSwap: Rule = {
  id: 'mem.no_swap',
  find(picture): Finding[] {
    const limits = limitsOf('mem.no_swap');
    const total = ramBytes(picture);
    const swap = picture.latest('mem.swap_total') ?? picture.facts.memory?.swapTotal;
    if (total === undefined || swap !== 0 || total >= limits.ram) return [];
    const available = picture.series('mem.available_percent').map((p) => p[1]);
    const lowest = available.length ? Math.min(...available) : undefined;
    if (lowest === undefined || lowest >= limits.lowest) return [];
    return [
      makeFinding(picture, 'mem.no_swap', {
        subject: serverSubject(picture),
        since: picture.from,
        latent: true,
        summary: `There is no swap, and available memory has been as low as ${formatPercent(lowest)}.`,
        evidence: [
          evidence(
            'swap',
            0,
            'bytes',
            'mem.swap_total',
            `some, on a server with less than ${formatBytes(limits.ram)}`,
          ),
          evidence(
            'lowest available memory',
            lowest,
            'percent',
            'mem.available_percent',
            `above ${formatPercent(limits.lowest)}`,
          ),
        ],
      }),
    ];
  },
};
