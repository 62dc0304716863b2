// How surprising a series was at this time of the day on the two days before: what surprises every day is no news. Streaming, O(1), of fixed size.

const perDay = 48;
/** When the smaller of two days is at least this part of the larger, both count as the larger: it comes each day, not each time alike. */
const alike = 0.5;

export interface Recurring {
  /** Length of a day in the unit of the times. */
  day: number;
  /** Largest surprise by time of the day: on the last day, and on the one before. */
  last: Float32Array;
  before: Float32Array;
  /** Where in the day it is (-1 in the beginning), and the largest surprise there so far. */
  slot: number;
  largest: number;
}

export function newRecurring(day: number): Recurring {
  const slots = Math.min(perDay, day);
  return { day, last: new Float32Array(slots), before: new Float32Array(slots), slot: -1, largest: 0 };
}

function slotAt({ day, last }: Recurring, at: number): number {
  const rest = at % day;
  return Math.floor(((rest < 0 ? rest + day : rest) * last.length) / day) % last.length;
}

/** The surprise, 0..1, that was there on both of the days before, sooner or later by one slot. */
export function recurringAt(recurring: Recurring, at: number): number {
  const slot = slotAt(recurring, at);
  const n = recurring.last.length;
  const near = (day: Float32Array) => Math.max(day[slot]!, day[(slot + 1) % n]!, day[(slot + n - 1) % n]!);
  const [a, b] = [near(recurring.last), near(recurring.before)];
  const [less, more] = a < b ? [a, b] : [b, a];
  return less > alike * more ? more : less;
}

export function learnRecurring(recurring: Recurring, at: number, surprise: number): void {
  const slot = slotAt(recurring, at);
  if (slot !== recurring.slot) {
    if (recurring.slot >= 0) {
      recurring.before[recurring.slot] = recurring.last[recurring.slot]!;
      recurring.last[recurring.slot] = recurring.largest;
    }
    recurring.slot = slot;
    recurring.largest = 0;
  }
  recurring.largest = Math.max(recurring.largest, surprise);
}
