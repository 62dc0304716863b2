// Ranks series by how strongly they departed from their usual around a moment. It supports a diagnosis; alone it proves nothing.

export interface Ranked {
  metric: string;
  score: number;
}

/** Frozen; chosen on generated tables, round numbers in the middle of a plateau (bench/rank.ts, "made on"). */
const parameters = {
  /** Seconds before the moment that teach what is usual, and the fewest values. */
  before: 86_400,
  leastBefore: 5,
  /** Seconds, and at least so many rows, in which a departure may show; an onset is never exact, and what is far off has other causes. */
  after: 900,
  leastAfter: 20,
  /** Both sides are looked at in this many parts, so that a moment that is told late spoils one of them and not all. */
  parts: 4,
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
  fall: 0.7,
  /** How much the size of the change counts beside how unusual it is: a cause changes many times over, what depends on it by some part. */
  relative: 0.3,
  /** How much a count of errors counts: it tells that something is wrong, hardly ever why. */
  symptom: 0.3,
} as const;

/** Names of what people suffer from. */
const symptoms = /err(or)?s?(?![a-z])|fail|5xx|timeouts?/i;

/**
 * Scores of all columns, best first. `times` are epoch seconds in order; a column has a value (or NaN) for each, counters as they are. The score
 * is the departure after `at`, lasting and at its peak, in units of what was usual before: the interquartile range, or the peak that every
 * part of the time before had, whichever is larger.
 */
export function rankColumns(
  times: readonly number[],
  columns: ReadonlyMap<string, readonly number[]>,
  at: number,
): Ranked[] {
  const p = parameters;
  const split = firstAtOrAfter(times, at);
  const from = firstAtOrAfter(times, at - p.before);
  const to = Math.max(firstAtOrAfter(times, at + p.after), split + p.leastAfter);
  return [...columns]
    .map(([metric, given]) => {
      const values = isCounter(given) ? ratesOf(times, given) : given;
      const past = values.slice(from, split).filter(Number.isFinite);
      const now = values.slice(split, to).filter(Number.isFinite);
      const score = departure(past, now) * (symptoms.test(metric) ? p.symptom : 1);
      // Not a number where values are too large to be subtracted from each other.
      return { metric, score: Math.round(Math.min(1e6, score || 0) * 1000) / 1000 };
    })
    .sort((a, b) => b.score - a.score || a.metric.localeCompare(b.metric));
}

function departure(past: readonly number[], now: readonly number[]): number {
  const p = parameters;
  if (past.length < p.leastBefore || now.length === 0) return 0;
  const usual = Float64Array.from(past).sort();
  const centre = quantileOf(usual, 0.5);
  const older = Float64Array.from(past.slice(0, Math.ceil(past.length * p.older))).sort();
  const width = Math.min(deviationOf(usual), p.olderTimes * deviationOf(older));
  const length = Math.max(3, Math.floor(Math.min(past.length, now.length) / p.parts));
  // From the moment back: the part that is cut off is the oldest.
  const peaks = partsOf(past.toReversed(), length).map((part) => largest(part.map((v) => v - centre)));
  // 2.5: the largest of a few dozen normal values, in deviations.
  const bursts = peaks.length > 0 ? quantileOf(Float64Array.from(peaks).sort(), 0.5) / 2.5 : 0;
  const offs = now.map((v) => v - centre);
  const sorted = Float64Array.from(offs).sort();
  const swing = Math.max(usual.at(-1)!, centre + sorted.at(-1)!) - Math.min(usual[0]!, centre + sorted[0]!);
  const floor = p.floorOfValue * Math.abs(centre) + p.floorOfSwing * swing + 1e-12;

  const means = partsOf(offs, Math.min(length, offs.length)).map(
    (part) => part.reduce((a, b) => a + b, 0) / part.length,
  );
  const rise = means.reduce((most, mean) => Math.max(most, mean), 0);
  const fall = means.reduce((most, mean) => Math.max(most, -mean), 0);
  const lasting = Math.max(rise, p.fall * fall);
  const high = Math.max(quantileOf(sorted, 0.9), -p.fall * quantileOf(sorted, 0.1));
  const change = lasting / (Math.abs(centre) + floor + width);
  return (((lasting + high) / 2) * change ** p.relative) / (Math.max(width, bursts) + floor);
}

/** 1.349: the interquartile range of a normal distribution, in deviations. */
function deviationOf(sorted: Float64Array): number {
  return (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / 1.349;
}

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

/** Whether a column only grows, but for a reset now and then: then what matters is how fast. */
function isCounter(values: readonly number[]): boolean {
  let before = Number.NaN;
  let [count, up, down] = [0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    if (value > before) up++;
    else if (value < before) down++;
    before = value;
  }
  return count > 10 && up > count / 2 && down <= count / 200;
}

/** Growth a second, from value to value; nothing is known over a reset. */
function ratesOf(times: readonly number[], values: readonly number[]): number[] {
  let before = Number.NaN;
  let then = 0;
  return values.map((value, i) => {
    if (!Number.isFinite(value)) return Number.NaN;
    const passed = times[i]! - then;
    const rate = value >= before && passed > 0 ? (value - before) / passed : Number.NaN;
    before = value;
    then = times[i]!;
    return rate;
  });
}

function firstAtOrAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
