// Ranks series by how strongly they departed from their usual around a moment. It supports a diagnosis; alone it proves nothing.
import { departureOf, firstAtOrAfter } from './departure.ts';

export interface Ranked {
  metric: string;
  score: number;
}

/** Frozen; chosen on generated tables, round numbers in the middle of a plateau (bench/rank.ts, "made on"). */
const parameters = {
  /** Seconds before the moment that teach what is usual. */
  before: 86_400,
  /** Seconds, and at least so many rows, in which a departure may show; an onset is never exact, and what is far off has other causes. */
  after: 900,
  leastAfter: 20,
  /** How much a count of errors counts: it tells that something is wrong, hardly ever why. */
  symptom: 0.3,
  /**
   * So many times more counts what departed first, a third of that so many seconds later: what follows from a cause comes after it, and may well go
   * farther. First among those that reach this part of the best score.
   */
  first: 10,
  firstSpan: 150,
  firstOf: 0.1,
} as const;

/** Names of what people suffer from. */
const symptoms = /err(or)?s?(?![a-z])|fail|5xx|timeouts?/i;

/**
 * Scores of all columns, best first. `times` are epoch seconds in order; a column has a value (or NaN) for each, counters as they are. The score
 * is the departure after `at` in usual deviations (departure.ts), more for those that departed before the others.
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
  const rows = { times, from, split, to };
  const found = [...columns].map(([metric, given]) => {
    const { score, since } = departureOf(isCounter(given) ? ratesOf(times, given) : given, rows);
    // Not a number where values are too large to be subtracted from each other.
    return { metric, score: (score || 0) * (symptoms.test(metric) ? p.symptom : 1), since };
  });
  const best = found.reduce((most, { score }) => Math.max(most, score), 0);
  const strong = found.filter(({ score }) => score >= p.firstOf * best);
  const first = strong.reduce((least, { since }) => Math.min(least, since), Infinity);
  return found
    .map(({ metric, score, since }) => {
      const sooner = since === Infinity ? 0 : Math.exp(-Math.max(0, since - first) / p.firstSpan);
      const all = score * (1 + p.first * sooner);
      return { metric, score: Math.round(Math.min(1e6, all) * 1000) / 1000 };
    })
    .sort((a, b) => b.score - a.score || a.metric.localeCompare(b.metric));
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
