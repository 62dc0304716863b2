// Ranks series by how strongly they departed from their usual around a moment. It supports a diagnosis; alone it proves nothing.
import { quantile } from './rules/series.ts';

export interface Ranked {
  metric: string;
  score: number;
}

/** Rows before the moment that teach what is usual: a day, at most this many. */
const day = 86_400;
/** Rows around the moment: those that begin with it, and a few before, for an onset is never exact. */
const lead = 2;
const follow = 10;
const leastBefore = 5;

/**
 * Scores of all columns, best first. `times` are epoch seconds in order; a column has a value (or NaN) for each. The score is the
 * robust z of the window around `at` against what came before: distance of the median and of the peak from the usual median, in
 * units of the usual 95 % deviation with a small floor; a column that was flat before and moved counts by its own size.
 */
export function rankColumns(
  times: readonly number[],
  columns: ReadonlyMap<string, readonly number[]>,
  at: number,
): Ranked[] {
  const index = firstAtOrAfter(times, at);
  const begin = Math.max(0, index - lead);
  const end = Math.min(times.length, index + follow);
  const from = firstAtOrAfter(times, at - day);
  return [...columns]
    .map(([metric, values]) => ({
      metric,
      score: departure(values.slice(from, begin), values.slice(begin, end), values.slice(index, end)),
    }))
    .sort((a, b) => b.score - a.score || a.metric.localeCompare(b.metric));
}

function departure(before: readonly number[], around: readonly number[], after: readonly number[]): number {
  const past = before.filter(Number.isFinite);
  const now = (after.some(Number.isFinite) ? after : around).filter(Number.isFinite);
  const near = around.filter(Number.isFinite);
  if (past.length < leastBefore || now.length === 0) return 0;
  const centre = quantile(past, 0.5)!;
  const deviations = past.map((v) => Math.abs(v - centre));
  const usual = quantile(deviations, 0.95)!;
  const typical = quantile(deviations, 0.5)!;
  // Steps from sample to sample: a slow daily wave has a wide range, and small steps.
  const steps = past.slice(1).map((v, i) => Math.abs(v - past[i]!));
  const step = quantile(steps, 0.95) ?? usual;
  const size = Math.max(...past.map(Math.abs), ...near.map(Math.abs));
  const floor = 0.01 * Math.abs(centre) + 0.002 * size + 1e-12;
  const scale = Math.max(typical * 1.5, Math.min(usual, 3 * step + typical)) + floor;
  const lasting = Math.abs(quantile(now, 0.5)! - centre) / scale;
  const peak = Math.max(...near.map((v) => Math.abs(v - centre))) / (usual + floor);
  // The change at the moment itself, against what came just before it.
  const just = past.slice(-5);
  const jump = Math.abs(quantile(now, 0.5)! - quantile(just, 0.5)!) / (Math.max(step, typical) + floor);
  const score = Math.sqrt(Math.max(lasting, 0.7 * peak) * Math.max(jump, 0.3 * lasting));
  return Math.round(Math.min(1e6, score) * 1000) / 1000;
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
