// How far one column of a table departed from its usual after a moment, and since when: what a ranking compares. Pure.

/** Frozen; chosen on generated tables, round numbers in the middle of a plateau (bench/rank.ts, "made on"). */
const parameters = {
  /** The fewest values before the moment that teach what is usual. */
  leastBefore: 5,
  /** Both sides are looked at in this many parts, so that a moment that is told late spoils one of them and not all. */
  parts: 4,
  /** Seconds, and at least so many values, that a level is taken of where there is much more: the hour before an hour is what it is compared with. */
  recent: 3600,
  leastRecent: 20,
  /**
   * The usual deviation is at most so many times that of this older part of the time before: a moment that is told minutes late has the
   * departure itself in what should be usual.
   */
  older: 0.6,
  olderTimes: 2,
  /** The least usual deviation: this part of the usual value, and of all the way that it went. What was flat does not win by its first flicker. */
  floorOfValue: 0.02,
  floorOfSwing: 0.03,
  /** How much a fall counts: less work and fewer answers follow from most faults, more of something is what makes them. */
  fall: 0.85,
  /** How much the size of the change counts beside how unusual it is: a cause changes many times over, what depends on it by some part. */
  relative: 0.2,
  /** Earlier days that tell what comes at this hour on any day, and seconds by which it may come sooner or later. */
  earlierDays: 7,
  reach: 300,
  /** It begins with the first value that is so many usual deviations off, when one of the next three is half as far; so many seconds before the moment. */
  begun: 4,
  /** Seconds for which a value that is seen again is the same one, held until somebody looks anew: it confirms nothing. */
  held: 60,
  lookback: 300,
} as const;

const day = 86_400;

/** The rows that are looked at: `from` to `split` teach what is usual, `split` to `to` are judged. */
export interface Rows {
  /** Epoch seconds, in order. */
  times: readonly number[];
  from: number;
  split: number;
  to: number;
}

export interface Departed {
  /** In usual deviations; 0 for what did not move, or is not known on both sides. */
  score: number;
  /** Epoch seconds; Infinity when no single value is far off. */
  since: number;
}

/**
 * The departure after the moment, lasting and at its peak, in units of what was usual before: the interquartile range, or the peak that every
 * part of the time before had, whichever is larger. What has been so at this hour of an earlier day is no departure.
 */
export function departureOf(values: readonly number[], rows: Rows): Departed {
  const p = parameters;
  const past = values.slice(rows.from, rows.split).filter(Number.isFinite);
  const now = values.slice(rows.split, rows.to).filter(Number.isFinite);
  if (past.length < p.leastBefore || now.length === 0) return { score: 0, since: Infinity };
  const { centre, residuals } = usualOf(past, rows);
  const sorted = Float64Array.from(residuals).sort();
  const older = Float64Array.from(residuals.slice(0, Math.ceil(residuals.length * p.older))).sort();
  const length = Math.max(3, Math.floor(Math.min(residuals.length, now.length) / p.parts));
  // From the moment back: the part that is cut off is the oldest.
  const peaks = partsOf(residuals.toReversed(), length).map(largest);
  // 2.5: the largest of a few dozen normal values, in deviations.
  const bursts = peaks.length > 0 ? quantileOf(Float64Array.from(peaks).sort(), 0.5) / 2.5 : 0;
  const width = Math.min(deviationOf(sorted), p.olderTimes * deviationOf(older));

  const offs: number[] = [];
  for (let i = rows.split; i < Math.min(rows.to, values.length); i++)
    if (Number.isFinite(values[i])) offs.push(offOf(values, rows.times, i, centre));
  const after = Float64Array.from(offs).sort();
  const swing = Math.max(sorted.at(-1)!, after.at(-1)!) - Math.min(sorted[0]!, after[0]!);
  const floor = p.floorOfValue * Math.abs(centre) + p.floorOfSwing * swing + 1e-12;

  const means = partsOf(offs, Math.min(length, offs.length)).map(
    (part) => part.reduce((a, b) => a + b, 0) / part.length,
  );
  const rise = means.reduce((most, mean) => Math.max(most, mean), 0);
  const fall = means.reduce((most, mean) => Math.max(most, -mean), 0);
  const lasting = Math.max(rise, p.fall * fall);
  const high = Math.max(quantileOf(after, 0.9), -p.fall * quantileOf(after, 0.1));
  const change = lasting / (Math.abs(centre) + floor + width);
  const score = (((lasting + high) / 2) * change ** p.relative) / (Math.max(width, bursts) + floor);
  return { score, since: begunAt(values, rows, centre, p.begun * Math.max(width, bursts) + floor / 2) };
}

/** The level before the moment, and how far values were from it; where hours are known, each hour's from the level of the hour before. */
function usualOf(past: readonly number[], { times, split }: Rows): { centre: number; residuals: number[] } {
  const p = parameters;
  const length = Math.max(p.leastRecent, split - firstAtOrAfter(times, times[split]! - p.recent));
  if (past.length < 3 * length) {
    const centre = medianOf(past);
    return { centre, residuals: past.map((v) => v - centre) };
  }
  const hours = partsOf(past.slice(past.length % length), length);
  const levels = hours.map(medianOf);
  const residuals = hours.slice(1).flatMap((hour, i) => hour.map((v) => v - levels[i]!));
  return { centre: levels.at(-1)!, residuals };
}

/** How far a value is from the level, or from all that came at this hour on earlier days, whichever is nearer. */
function offOf(values: readonly number[], times: readonly number[], i: number, centre: number): number {
  const p = parameters;
  const value = values[i]!;
  const off = value - centre;
  let low = Infinity;
  let high = -Infinity;
  for (let k = 1; k <= p.earlierDays; k++) {
    const at = times[i]! - k * day;
    if (times[0]! > at + p.reach) break;
    for (let j = firstAtOrAfter(times, at - p.reach); j < i && times[j]! <= at + p.reach; j++) {
      if (values[j]! < low) low = values[j]!;
      if (values[j]! > high) high = values[j]!;
    }
  }
  if (low > high) return off;
  const beyond = value > high ? value - high : value < low ? value - low : 0;
  return Math.abs(beyond) < Math.abs(off) ? beyond : off;
}

/** When the departure began: shortly before the moment, for one may be told late, or after it. */
function begunAt(
  values: readonly number[],
  { times, split, to }: Rows,
  centre: number,
  bound: number,
): number {
  const begin = firstAtOrAfter(times, times[split]! - parameters.lookback);
  for (let i = begin; i < Math.min(to, values.length); i++) {
    const off = values[i]! - centre;
    if (!(Math.abs(off) > bound)) continue;
    const stays = isConfirmed(values, times, i, (v) => (v - centre) * Math.sign(off) > bound / 2);
    if (stays && Math.abs(offOf(values, times, i, centre)) > bound / 2) return times[i]!;
  }
  return Infinity;
}

/** Whether one of the next three values is as is asked. */
function isConfirmed(
  values: readonly number[],
  times: readonly number[],
  i: number,
  asked: (value: number) => boolean,
): boolean {
  let [last, seen] = [values[i]!, 0];
  for (let j = i + 1; j < values.length && seen < 3; j++) {
    const value = values[j]!;
    if (!Number.isFinite(value) || (value === last && times[j]! - times[i]! < parameters.held)) continue;
    if (asked(value)) return true;
    last = value;
    seen++;
  }
  return false;
}

/** 1.349: the interquartile range of a normal distribution, in deviations. */
function deviationOf(sorted: Float64Array): number {
  return (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / 1.349;
}

const medianOf = (values: readonly number[]) => quantileOf(Float64Array.from(values).sort(), 0.5);

/** Between the two values that are nearest to it. */
function quantileOf(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  return sorted[low]! + (sorted[Math.ceil(position)]! - sorted[low]!) * (position - low);
}

/** Parts of a length, in order; what is left at the end is none. */
function partsOf(values: readonly number[], length: number): number[][] {
  return Array.from({ length: Math.floor(values.length / length) }, (_, i) =>
    values.slice(i * length, (i + 1) * length),
  );
}

function largest(values: readonly number[]): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

/** Index of the first of `times`, which are in order, that is not before `at`. */
export function firstAtOrAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
