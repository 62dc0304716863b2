// Small questions to a series: its run beyond a bound, its normal level, its change. Pure.
import type { Point } from './rule.ts';

export interface Run {
  /** The newest value that counts, and its moment: where one quiet sample between is forgiven, that of the one before. */
  value: number;
  at: number;
  /** Epoch seconds of the first sample of the run beyond the raise bound. */
  since: number;
  samples: number;
}

/**
 * The newest run of a series beyond a bound. It stands when `needed` samples are beyond the raise bound and at most one or two between
 * fell short of it without having left the clear bound (a busy machine makes every gauge flicker); or, once raised (`active`),
 * as long as the newest or the one before is beyond the clear bound. The onset looks back over the run, forgiving one sample between.
 */
export function currentRun(
  all: readonly Point[],
  beyondRaise: (value: number) => boolean,
  beyondClear: (value: number) => boolean,
  needed: number,
  active = false,
): Run | undefined {
  // What took several samples to begin does not end with one: a single quiet look between two bad ones is noise.
  const [before, last] = all.slice(-2);
  const dip =
    active &&
    needed >= 3 &&
    before &&
    last &&
    !beyondClear(last[1]) &&
    last[0] - before[0] <= longestHole(all);
  const points = dip ? all.slice(0, -1) : all;
  const newest = points.at(-1);
  if (!newest || !(beyondRaise(newest[1]) || (active && beyondClear(newest[1])))) return undefined;
  const hole = longestHole(points);
  let raised = 0;
  let short = 0;
  for (let i = points.length - 1; i >= 0 && raised < needed; i--) {
    const point = points[i]!;
    const beyond = beyondRaise(point[1]);
    if (!beyond && (!beyondClear(point[1]) || ++short > leniency(needed))) break;
    if (i < points.length - 1 && points[i + 1]![0] - point[0] > hole) break;
    if (beyond) raised++;
  }
  if (raised < needed && !(active && beyondClear(newest[1]))) return undefined;

  let since = newest[0];
  let samples = 0;
  let misses = 0;
  for (let i = points.length - 1; i >= 0; i--) {
    const [at, value] = points[i]!;
    if (i < points.length - 1 && points[i + 1]![0] - at > hole) break;
    if (!beyondClear(value)) {
      if (++misses > 1) break;
      continue;
    }
    misses = 0;
    samples++;
    if (beyondRaise(value)) since = at;
  }
  return { value: newest[1], at: newest[0], since, samples };
}

/** Samples between the two bounds that a run may hold: none for the quick ones, one in three or four, two in five or more. */
const leniency = (needed: number) => (needed < 3 ? 0 : needed < 5 ? 1 : 2);

/** A hole of more than five usual steps (and 15 min) ends a run: nobody knows what was in between. */
function longestHole(points: readonly Point[]): number {
  const tail = points.slice(-30);
  const steps = tail.slice(1).map((p, i) => p[0] - tail[i]![0]);
  return Math.max(900, 5 * (quantile(steps, 0.5) ?? 0));
}

/** The q-quantile by linear interpolation; undefined for an empty list. */
export function quantile(values: readonly number[], q: number): number | undefined {
  return quantileOfSorted(ascending(values), q);
}

/** Up to so many values are put in order faster one by one than by a typed array's sort (measured: 30). */
const fewValues = 24;

/** A copy in order, smallest first; several times as fast as a sort that calls back for each pair. */
export function ascending(values: readonly number[]): ArrayLike<number> {
  if (values.length > fewValues) return new Float64Array(values).sort();
  const sorted = values.slice();
  for (let i = 1; i < sorted.length; i++) {
    const value = sorted[i]!;
    let place = i;
    for (; place > 0 && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!;
    sorted[place] = value;
  }
  return sorted;
}

/** The same of values that are in order, smallest first. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  const high = Math.ceil(position);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (position - low);
}

export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

export interface Baseline {
  median: number;
  p95: number;
  samples: number;
  /** Seconds between the first and the last sample. */
  span: number;
}

/** What a series was like in the day before a moment; undefined with fewer than `least` samples. */
export function baseline(
  points: readonly Point[],
  before: number,
  least = 5,
  window = 86_400,
): Baseline | undefined {
  const inside = within(points, before - window, before).filter(([at]) => at < before);
  if (inside.length < least) return undefined;
  const values = ascending(inside.map((p) => p[1]));
  return {
    median: quantileOfSorted(values, 0.5)!,
    p95: quantileOfSorted(values, 0.95)!,
    samples: inside.length,
    span: inside.at(-1)![0] - inside[0]![0],
  };
}

/** The value at a moment: the newest sample that is not later. */
export function valueAt(points: readonly Point[], at: number): number | undefined {
  for (let i = points.length - 1; i >= 0; i--) if (points[i]![0] <= at) return points[i]![1];
  return undefined;
}

/** The samples of a window, both ends included. By bisection: long histories are asked often. */
export function within(points: readonly Point[], from: number, to: number): readonly Point[] {
  const first = firstAtOrAfter(points, from);
  let end = points.length;
  while (end > first && points[end - 1]![0] > to) end--;
  return first === 0 && end === points.length ? points : points.slice(first, end);
}

/** The index of the first sample that is not earlier; the length when there is none. */
function firstAtOrAfter(points: readonly Point[], from: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]![0] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Newest minus oldest value in a window; undefined with fewer than two samples. */
export function change(points: readonly Point[], from: number, to: number): number | undefined {
  const inside = within(points, from, to);
  return inside.length < 2 ? undefined : inside.at(-1)![1] - inside[0]![1];
}

/** The first moment in a window at which a counter-like series rose; undefined when it did not. A fall is a reset, no rise. */
export function firstRise(points: readonly Point[], from: number): number | undefined {
  for (let i = Math.max(1, firstAtOrAfter(points, from)); i < points.length; i++) {
    if (points[i]![1] > points[i - 1]![1]) return points[i]![0];
  }
  return undefined;
}

/** How much a counter-like series rose in a window, resets left out. */
export function totalRise(points: readonly Point[], from: number): number {
  let sum = 0;
  for (let i = Math.max(1, firstAtOrAfter(points, from)); i < points.length; i++) {
    sum += Math.max(0, points[i]![1] - points[i - 1]![1]);
  }
  return sum;
}
