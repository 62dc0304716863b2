// At which hours of the week a series has departed before. What comes every night, or every Monday morning, is usual: a backup, a
// rush. One bit for each hour of the week (UTC), and a byte that tells whether it departed in the hour that runs. Pure.

const hours = 168;
export const habitBytes = hours / 8 + 1;
export type Habits = Uint8Array;

export const newHabits = (): Habits => new Uint8Array(habitBytes);

const hourOf = (at: number) => Math.floor(at / 3600);
const has = (habits: Habits, hour: number) => ((habits[(hour % hours) >> 3]! >> (hour & 7)) & 1) === 1;

/** Time goes on from the sample before to this one: an hour that is over is kept as it was this week. Hours without samples keep theirs. */
export function passTime(habits: Habits, before: number, at: number): void {
  const hour = hourOf(before);
  if (before === 0 || hourOf(at) === hour) return;
  const byte = (hour % hours) >> 3;
  const bit = 1 << (hour & 7);
  habits[byte] = habits[habitBytes - 1] ? habits[byte]! | bit : habits[byte]! & ~bit;
  habits[habitBytes - 1] = 0;
}

/** A departure now: remembers it, and tells whether it was so a week ago at this hour or the next, or the day before, an hour more or less. */
export function isHabit(habits: Habits, at: number): boolean {
  const hour = hourOf(at);
  habits[habitBytes - 1] = 1;
  // This hour's own bit, and the next one's, are still those of last week.
  return [hour, hour + 1, hour - 25, hour - 24, hour - 23].some((one) => has(habits, one));
}
