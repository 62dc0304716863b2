// What made series have in common: a clock, stretches that are out of order, and how a collection becomes the series of a seed.
import { chance, type Chance } from './chance.ts';

export type Span = readonly [first: number, last: number];

export interface Collected {
  name: string;
  /** Epoch seconds, or numbers of rows; in order. */
  times: number[];
  values: number[];
  /** First and last index of each stretch that is out of order. */
  spans: Span[];
  /** Seconds between two rows, as a rule. */
  step: number;
}

export interface Made {
  values: number[];
  spans: Span[];
  /** Rows that are missing. */
  gaps?: Span[];
  /** Rows are numbered, there is no clock. */
  numbered?: true;
  /** Seconds of each row since the beginning, where they are not a step apart. */
  seconds?: number[];
  /** All digits count, as those of a counter do; six where it is not set. */
  exact?: true;
}

export interface Clock {
  /** 0..24 */
  hour: number;
  /** 0 is a Monday. */
  weekday: number;
  weekend: boolean;
  day: number;
}

export interface Collection {
  name: string;
  step: number;
  rows: number;
  make: (c: Chance, s: { rows: number; step: number; clock: (i: number) => Clock }) => Made;
}

/** 2015-02-02 00:00 UTC, a Monday. */
const monday = 1_422_835_200;

/** The values of a stretch are changed, and it is noted as out of order. */
export function disturb(
  made: Made,
  at: number,
  length: number,
  change: (v: number, i: number) => number,
): void {
  const last = Math.min(made.values.length, at + length) - 1;
  for (let i = at; i <= last; i++) made.values[i] = change(made.values[i]!, i - at);
  made.spans.push([at, last]);
}

/** From a moment on for good; what is out of order is the beginning, until it is usual. */
export function turn(made: Made, at: number, novel: number, change: (v: number, i: number) => number): void {
  for (let i = at; i < made.values.length; i++) made.values[i] = change(made.values[i]!, i - at);
  made.spans.push([at, Math.min(made.values.length, at + novel) - 1]);
}

/** A day with a low night; -1..1. */
export const daylike = (hour: number) =>
  0.8 * Math.sin(((hour - 9) / 12) * Math.PI) + 0.2 * Math.sin(((hour - 5) / 6) * Math.PI);
export const bell = (hour: number, centre: number, width: number) =>
  [-24, 0, 24].reduce((sum, d) => sum + Math.exp(-(((hour + d - centre) / width) ** 2)), 0);

export const list = (rows: number, value: (i: number) => number): Made => ({
  values: Array.from({ length: rows }, (_, i) => value(i)),
  spans: [],
});

/** Where things go wrong: not in the first quarter, and apart. */
export const moments = (c: Chance, rows: number, count: number, gap: number) =>
  c.moments(count, Math.floor(rows * 0.25), rows - Math.floor(gap / 2), gap);

/** Series `seed` of each collection. */
export function seriesOf(collections: readonly Collection[], seed: number): Collected[] {
  return collections.map(({ name, step, rows, make }, f) => {
    const clock = (i: number): Clock => {
      const day = Math.floor((i * step) / 86_400);
      const weekday = day % 7;
      return { hour: ((i * step) % 86_400) / 3600, weekday, weekend: weekday >= 5, day };
    };
    const made = make(chance(seed * 1000 + f), { rows, step, clock });
    const { numbered, seconds, exact, gaps = [] } = made;
    const spans = made.spans.filter(([first, last]) => first < rows && last >= first);
    const kept = made.values.map((_, i) => i).filter((i) => !gaps.some(([a, b]) => i >= a && i <= b));
    const place = new Map(kept.map((i, k) => [i, k]));
    return {
      name,
      step,
      times: kept.map((i) => (numbered ? i + 1 : monday + (seconds ? seconds[i]! : i * step))),
      values: kept.map((i) => Number(made.values[i]!.toPrecision(exact ? 15 : 6))),
      spans: spans
        .map(([first, last]): Span => [place.get(first)!, place.get(last)!])
        .toSorted((x, y) => x[0] - y[0]),
    };
  });
}
