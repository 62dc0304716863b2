// When a falling series will reach its limit: Theil–Sen slope with a 10 to 90 % band, on medians of bins so that it costs little.
import { formatDuration } from '#core/format.ts';
import type { Point } from '#worker/rules/rule.ts';
import { median, quantileOfSorted } from '#worker/rules/series.ts';

export interface Forecast {
  /** Per second, the median of the pairwise slopes. */
  slope: number;
  /** The 10 % and 90 % quantiles of the pairwise slopes. */
  low: number;
  high: number;
  /** Seconds from the newest sample until the limit: expected, and the ends of the band. `latest` is Infinity when the band says "never". */
  expected: number;
  earliest: number;
  latest: number;
  /** Seconds of history that it rests on. */
  span: number;
}

/** The band in words: '14 min to 20 min', 'about 15 min' where both ends say the same. */
export function between({ earliest, latest }: Pick<Forecast, 'earliest' | 'latest'>): string {
  const [from, to] = [formatDuration(earliest), formatDuration(latest)];
  return from === to ? `about ${from}` : `${from} to ${to}`;
}

const bins = 48;
const fewest = 8;

/**
 * Forecast of when `points` (in order of time) reach `limit`, which lies below the values when they fall and above when they rise.
 * Undefined with fewer than `least` samples. Robust against single outliers and steps of a few samples.
 */
export function forecast(points: readonly Point[], limit: number, least = fewest): Forecast | undefined {
  if (points.length < least) return undefined;
  const span = points.at(-1)![0] - points[0]![0];
  if (span <= 0) return undefined;
  const reduced = binned(points);
  const slopes = pairSlopes(reduced, span).sort();
  const slope = quantileOfSorted(slopes, 0.5)!;
  const low = quantileOfSorted(slopes, 0.1)!;
  const high = quantileOfSorted(slopes, 0.9)!;
  // The newest third alone: growth that is dying down (a cache that fills) must not be stretched into the future.
  const tail = reduced.slice(-Math.max(4, Math.ceil(reduced.length / 3)));
  const lately = quantileOfSorted(pairSlopes(tail, tail.at(-1)![0] - tail[0]![0]).sort(), 0.5) ?? slope;
  const value = median(points.slice(-3).map((p) => p[1]))!;
  const gap = limit - value;
  const time = (rate: number) => {
    const seconds = gap === 0 ? 0 : gap / rate;
    return rate !== 0 && seconds >= 0 ? seconds : Number.POSITIVE_INFINITY;
  };
  const slower = Math.abs(lately) < Math.abs(slope) || Math.sign(lately) !== Math.sign(slope);
  const rate = slower ? lately : slope;
  const ends = [time(low), time(high), time(lately)];
  return {
    slope,
    low,
    high,
    expected: time(rate),
    earliest: Math.min(...ends, time(rate)),
    latest: diesDown(reduced, gap) ? Number.POSITIVE_INFINITY : Math.max(...ends),
    span,
  };
}

/** Steps of a run that has just begun, and how far ahead it may be stretched, in times its own length (OWN, as what follows). */
const suddenSteps = 4;
const suddenReach = 5;
/** At most this part of its way in one step; a report that was lost makes two steps one. */
const suddenStroke = 0.6;

/**
 * Forecast from the newest run alone: what has gone towards `limit` (below) at every step since it began, four or more, and in that time
 * used up a fifth of what there was. Hours of calm before would drown it in a longer view. Undefined as well for what fell at one stroke, and
 * while the series has been this low before and came back, as with logs that are rotated.
 */
export function suddenFall(points: readonly Point[], limit: number): Forecast | undefined {
  let first = points.length - 1;
  while (first > 0 && points[first - 1]![1] > points[first]![1]) first--;
  const run = points.slice(first);
  if (run.length <= suddenSteps || run.at(-1)![0] - run[0]![0] < 180) return undefined;
  // What fell at one stroke has a new level, and no pace.
  const steps = run.slice(1).map(([, value], i) => run[i]![1] - value);
  if (Math.max(...steps) > suddenStroke * (run[0]![1] - run.at(-1)![1])) return undefined;
  const lowest = Math.min(...points.slice(0, first).map((p) => p[1]));
  if (run.at(-1)![1] >= lowest) return undefined;
  const f = forecast(run, limit, suddenSteps + 1);
  return f && f.high < 0 && f.expected <= suddenReach * f.span ? f : undefined;
}

/**
 * What may be told of a fall to 0: a steady one that has not ended, whose band excludes "never" and that looks at most `ahead` seconds into
 * the future, and not further than its history proves (see reachOf); or, where `little` is left, a run that has just begun. `used`: what went
 * during its span.
 */
export function fallToNothing(
  points: readonly Point[],
  little: boolean,
  ahead: number,
): (Forecast & { used: number }) | undefined {
  // What falls is lower at its end than at its beginning: most series need no closer look.
  if (points.length < 2 || points.at(-1)![1] >= points[0]![1]) return undefined;
  const steady = forecast(points, 0);
  const told =
    steady &&
    steady.slope < 0 &&
    steady.latest !== Number.POSITIVE_INFINITY &&
    steady.span >= 480 &&
    !hasEnded(points) &&
    steady.expected <= Math.min(ahead, reachOf(steady.span)) &&
    !diesDown(binned(fallOf(points)), -points.at(-1)![1]);
  const f = told ? steady : little ? suddenFall(points, 0) : undefined;
  if (!f) return undefined;
  const [end, left] = points.at(-1)!;
  return { ...f, used: points.find(([at]) => at >= end - f.span)![1] - left };
}

/**
 * Whether what fell has come to rest: in the last sixth of the time less than a quarter of its share went, and it had not rested so long
 * before and gone on. One large step, as a backup leaves it, is a slope for hours otherwise.
 */
function hasEnded(points: readonly Point[]): boolean {
  const [from, to] = [points[0]![0], points.at(-1)![0]];
  const edges = Array.from({ length: 7 }, (_, i) => from + ((to - from) * i) / 6);
  const values = edges.map((edge) => points.find(([at]) => at >= edge)![1]);
  const share = (values[0]! - values[6]!) / 6;
  const falls = edges.slice(1).map((_, i) => values[i]! - values[i + 1]! >= share / 4);
  if (falls[5]) return false;
  const first = falls.indexOf(true);
  return !falls.some((falling, i) => !falling && i > first && falls.slice(i, 5).includes(true));
}

/**
 * How far ahead a history of so many seconds may be stretched: four times its length, as node_exporter's alerts do (24 hours from 6); what
 * comes within six hours is told from a 24th of that, for it leaves no time to wait (OWN).
 */
const reachOf = (span: number) => Math.max(4 * span, Math.min(24 * span, 6 * 3600));

/** The part of a series in which it fell to where it is: from the last moment within a twentieth of the way down. */
function fallOf(points: readonly Point[]): readonly Point[] {
  const left = points.at(-1)![1];
  const most = points.reduce((highest, [, value]) => Math.max(highest, value), left);
  return points.slice(points.findLastIndex(([, value]) => value >= most - (most - left) / 20));
}

/**
 * Whether a series was about as low as now (a tenth more) once before and rose by a quarter from there, having kept `enough`: so do heaps
 * that are collected, caches that are pruned and logs that are rotated.
 */
export function cameBackFromHere(points: readonly Point[], enough: number): boolean {
  const now = points.at(-1)?.[1] ?? 0;
  let highest = 0;
  let low = Number.POSITIVE_INFINITY;
  for (let i = points.length - 1; i >= 0; i--) {
    const value = points[i]![1];
    low = Math.min(low, value);
    highest = Math.max(highest, value);
    if (low < enough) return false;
    if (value <= 1.1 * now && highest >= 1.25 * now) return true;
  }
  return false;
}

/** Whether the change shrinks from third to third so fast that what is left of it never closes the gap (a geometric series). */
function diesDown(points: readonly Point[], gap: number): boolean {
  const third = Math.floor(points.length / 3);
  if (third < 3) return false;
  const steps = [1, 2, 3].map(
    (n) => points[Math.min(n * third, points.length - 1)]![1] - points[(n - 1) * third]![1],
  );
  const [first, second, last] = steps as [number, number, number];
  if (second === 0) return last === 0;
  const ratio = last / second;
  if (!(ratio >= 0 && ratio < 0.75 && second / first < 0.75 && second / first >= 0)) return false;
  return Math.abs(gap) > Math.abs((last * ratio) / (1 - ratio));
}

/** The median of moments in order. */
const middle = (moments: readonly number[]) => quantileOfSorted(moments, 0.5)!;

/** The median of each of up to 48 slices of time. */
function binned(points: readonly Point[]): Point[] {
  if (points.length <= bins) return [...points];
  const first = points[0]![0];
  const width = (points.at(-1)![0] - first) / bins;
  const reduced: Point[] = [];
  let from = 0;
  let bin = 0;
  for (let i = 1; i <= points.length; i++) {
    const own = i === points.length ? bins : Math.min(bins - 1, Math.floor((points[i]![0] - first) / width));
    if (own === bin) continue;
    const slice = points.slice(from, i);
    reduced.push([middle(slice.map((p) => p[0])), median(slice.map((p) => p[1]))!]);
    [from, bin] = [i, own];
  }
  return reduced;
}

/** Slopes between points that lie at least an eighth of the span apart: closer ones are mostly noise. */
function pairSlopes(points: readonly Point[], span: number): Float64Array {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2);
  let n = 0;
  for (let i = 0; i < points.length; i++) {
    const [at, value] = points[i]!;
    for (let j = i + 1; j < points.length; j++) {
      const distance = points[j]![0] - at;
      if (distance > 0 && distance >= span / 8) slopes[n++] = (points[j]![1] - value) / distance;
    }
  }
  return slopes.subarray(0, n);
}
