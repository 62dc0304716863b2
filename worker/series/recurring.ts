// How surprising a series was at this time of the day on the three days before: what surprises on two of them is no news. Streaming, O(1), of fixed size.

const perDay = 48;
/** Days that are remembered: what stayed away once is still known. */
const days = 3;
/** When the smaller of two days is at least this part of the larger, both count as the larger: it comes each day, not each time alike. */
const alike = 0.5;

export interface Recurring {
  /** Length of a day in the unit of the times. */
  day: number;
  /** Largest surprise by time of the day, on each of the days before: the last is first. */
  days: Float32Array[];
  /** Where in the day it is (-1 in the beginning), and the largest surprise there so far. */
  slot: number;
  largest: number;
}

export function newRecurring(day: number): Recurring {
  const slots = Math.min(perDay, day);
  return {
    day,
    days: Array.from({ length: days }, () => new Float32Array(slots)),
    slot: -1,
    largest: 0,
  };
}

function slotAt({ day, days: [last] }: Recurring, at: number): number {
  const rest = at % day;
  return Math.floor(((rest < 0 ? rest + day : rest) * last!.length) / day) % last!.length;
}

/** The surprise, 0..1, that was there on two of the days before, sooner or later by one slot. */
export function recurringAt(recurring: Recurring, at: number): number {
  const slot = slotAt(recurring, at);
  const n = recurring.days[0]!.length;
  let [more, less] = [0, 0];
  for (const day of recurring.days) {
    const near = Math.max(day[slot]!, day[(slot + 1) % n]!, day[(slot + n - 1) % n]!);
    if (near > more) [more, less] = [near, more];
    else if (near > less) less = near;
  }
  return less > alike * more ? more : less;
}

export function learnRecurring(recurring: Recurring, at: number, surprise: number): void {
  const slot = slotAt(recurring, at);
  if (slot !== recurring.slot) {
    const { days: known, slot: past } = recurring;
    if (past >= 0) {
      for (let k = days - 1; k > 0; k--) known[k]![past] = known[k - 1]![past]!;
      known[0]![past] = recurring.largest;
    }
    recurring.slot = slot;
    recurring.largest = 0;
  }
  recurring.largest = Math.max(recurring.largest, surprise);
}
