// Tells whether a series only counts up, as bytes sent and seconds of work do, and how fast it grows. Streaming, O(1).

export interface Counter {
  /** The value before, and when; NaN in the beginning. */
  value: number;
  at: number;
  rises: number;
  resets: number;
  /** The largest growth from one value to the next. */
  largest: number;
  /** It went back, and not to a beginning: it is no counter, and never will be. */
  disproved: boolean;
}

/** Rises that show it, and so many times more of them than of resets: a process or a machine begins anew seldom. */
const leastRises = 10;
const risesOfReset = 20;
/** A counter that begins anew, or whose bits are full, goes on from this part of its value or less. */
const anew = 0.1;

export const newCounter = (): Counter => ({
  value: Number.NaN,
  at: Number.NaN,
  rises: 0,
  resets: 0,
  largest: 0,
  disproved: false,
});

/** From the next value on: growth a second (or a row) since the one before; NaN where it is not known, as over a reset. `at` as in observeSeries. */
export function growthOf(counter: Counter, at: number, value: number): number {
  const { value: before, at: then } = counter;
  if (!Number.isFinite(value)) return Number.NaN;
  const passed = at - then;
  const growth = value - before;
  // A second value of one moment, or an earlier one, is part of the growth until the next moment.
  if (passed <= 0 && growth >= 0) return Number.NaN;
  counter.value = value;
  counter.at = at;
  if (growth > 0) {
    counter.rises++;
    counter.largest = Math.max(counter.largest, growth);
  } else if (growth < 0) {
    counter.resets++;
    if (value < 0 || value > Math.max(anew * before, counter.largest)) counter.disproved = true;
  }
  return growth >= 0 ? growth / passed : Number.NaN;
}

export function isCounter({ disproved, rises, resets }: Counter): boolean {
  return !disproved && rises >= leastRises && rises >= risesOfReset * resets;
}
