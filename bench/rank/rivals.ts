// Known rankings of columns, for scale.
import { chance } from '../detect/chance.ts';

/** What a ranking is given. */
export interface Table {
  times: number[];
  columns: Map<string, number[]>;
  at: number;
}
export type Rank = (made: Table, seed: number) => string[];

function byScore(made: Table, score: (before: number[], after: number[]) => number): string[] {
  const split = made.times.findIndex((t) => t >= made.at);
  const scores = [...made.columns].map(([name, values]) => {
    // Gaps take the value before them, and nothing else is known of them, as in the benchmark's own preparation.
    const filled: number[] = [];
    for (const v of values) filled.push(Number.isFinite(v) ? v : (filled.at(-1) ?? 0));
    return { name, score: score(filled.slice(0, split), filled.slice(split)) };
  });
  return scores.sort((a, b) => b.score - a.score).map((s) => s.name);
}

function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}
const highest = (values: number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** BARO's scorer: the highest value after the moment, in interquartile ranges above the median before it. */
export const baro: Rank = (made) =>
  byScore(made, (before, after) => {
    const sorted = before.toSorted((a, b) => a - b);
    const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    return (highest(after) - quantile(sorted, 0.5)) / (range || 1);
  });

/** The same with mean and standard deviation. */
export const nsigma: Rank = (made) =>
  byScore(made, (before, after) => {
    const mean = before.reduce((a, b) => a + b, 0) / before.length;
    const deviation = Math.sqrt(before.reduce((a, b) => a + (b - mean) ** 2, 0) / before.length);
    return (highest(after) - mean) / (deviation || 1);
  });

const finite = (values: readonly number[]) => values.filter(Number.isFinite);
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** How far the mean of the quarter of an hour after the moment is from that before it, in standard deviations: what people write first. */
export const largestZ: Rank = (made) =>
  byScore({ ...made, ...until(made, 900) }, (before, after) => {
    const mean = meanOf(finite(before));
    const deviation = Math.sqrt(meanOf(finite(before).map((v) => (v - mean) ** 2)));
    return Math.abs(meanOf(finite(after)) - mean) / (deviation + 1e-9 * Math.abs(mean) + 1e-12);
  });

/** How many times its mean before the moment the mean of the quarter of an hour after it is, or the other way round. */
export const largestRatio: Rank = (made) =>
  byScore({ ...made, ...until(made, 900) }, (before, after) => {
    const [a, b] = [meanOf(finite(before)), meanOf(finite(after))].map((m) => Math.abs(m) + 1e-12);
    return Math.max(a! / b!, b! / a!);
  });

function until({ times, columns, at }: Table, seconds: number): Pick<Table, 'times' | 'columns'> {
  const end = times.findIndex((t) => t >= at + seconds);
  const rows = end < 0 ? times.length : end;
  const cut = [...columns].map(([name, values]) => [name, values.slice(0, rows)] as const);
  return { times: times.slice(0, rows), columns: new Map(cut) };
}

/** Epsilon-diagnosis: how little the values before and after the moment, row by row, go together. */
export const epsilon: Rank = (made) =>
  byScore(made, (before, after) => {
    const n = Math.min(before.length, after.length);
    const [a, b] = [before.slice(-n), after.slice(0, n)];
    const mean = (v: number[]) => v.reduce((x, y) => x + y, 0) / n;
    const [ma, mb] = [mean(a), mean(b)];
    const variance = (v: number[], m: number) => v.reduce((x, y) => x + (y - m) ** 2, 0) / n;
    const both = a.reduce((sum, x, i) => sum + (x - ma) * (b[i]! - mb), 0) / n;
    return 1 - both ** 2 / (variance(a, ma) * variance(b, mb) || Infinity);
  });

export const byChance: Rank = (made, seed) => {
  const c = chance(seed);
  return [...made.columns.keys()]
    .map((name) => ({ name, at: c.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map((s) => s.name);
};
