// What a series usually is at this time of a day or a week: one mean and one usual deviation a slot. Streaming, O(1), of fixed size.

export interface Season {
  /** Length in the unit of the times, seconds as a rule. */
  period: number;
  /** 2 where weekdays and weekends have slots of their own, else 1. */
  kinds: 1 | 2;
  /** It counts when it leaves at most this part of the error of the simpler expectation. */
  proof: number;
  /** Per slot: the mean above the level, the usual size of what is left, and how often it was seen. */
  means: Float64Array;
  spreads: Float64Array;
  seen: Float64Array;
  /** Level of the series without its season. */
  level: number;
  /** Usual size of what this season leaves unexplained, and how many values taught it. */
  error: number;
  taught: number;
}

/** Visits of a slot that it remembers. */
const visits = 10;
/** A value that is more than so many usual errors off teaches as one that is so far off. */
const clip = 6;

/** `slots` are those of one period, for each kind of day. */
export function newSeason(period: number, slots: number, proof: number, kinds: 1 | 2 = 1): Season {
  const zeros = () => new Float64Array(slots * kinds);
  return {
    period,
    kinds,
    proof,
    means: zeros(),
    spreads: zeros(),
    seen: zeros(),
    level: 0,
    error: 0,
    taught: 0,
  };
}

const day = 86_400;

function slotAt({ period, kinds, means }: Season, at: number): number {
  const slots = means.length / kinds;
  // Multiplied before it is divided, so that a whole number of rows stays whole.
  const slot = Math.floor((remainder(at, period) * slots) / period) % slots;
  // 1970-01-01 was a Thursday: days 2 and 3 of each week since then are Saturday and Sunday.
  const isWeekend = kinds === 2 && Math.floor(remainder(at, 7 * day) / day) >> 1 === 1;
  return isWeekend ? slots + slot : slot;
}

function remainder(at: number, period: number): number {
  const rest = at % period;
  return rest < 0 ? rest + period : rest;
}

/** Values of one visit of a slot. */
function visitOf({ period, kinds, means }: Season, step: number): number {
  return Math.max(1, period / (means.length / kinds) / Math.max(1e-9, step));
}

/**
 * Whether it has seen two periods and this slot, so that it may compete with simpler expectations; a slot of a kind of day, before today. `step` is
 * the usual time between two values.
 */
export function isSeasoned(season: Season, at: number, first: number, step: number): boolean {
  return (
    at - first > 2 * season.period &&
    season.taught > season.means.length &&
    season.seen[slotAt(season, at)]! > (season.kinds === 2 ? visitOf(season, step) : 0)
  );
}

/** What is expected now, and the usual deviation: half of it by this time of the period, half of it at all times. */
export function expectedBy(season: Season, at: number): { value: number; scale: number } {
  const slot = slotAt(season, at);
  const here = Math.max(0.3 * season.error, season.spreads[slot]!);
  return { value: season.level + season.means[slot]!, scale: 0.5 * season.error + 0.5 * here };
}

export interface Lesson {
  at: number;
  value: number;
  /** Time of the first value, and the usual time between two. */
  first: number;
  step: number;
  /** Long mean of the series. */
  mean: number;
  /** How fast the level follows, and the error. */
  rate: number;
  errorRate: number;
  /** The smallest difference that could matter in this series; errors are learned up to some of it at once. */
  slack: number;
}

export function learnSeason(season: Season, lesson: Lesson): void {
  const { at, value, mean } = lesson;
  const slot = slotAt(season, at);
  const aSlot = visitOf(season, lesson.step) * visits;
  const seen = season.seen[slot]!++;
  const trusted = season.taught > 100;
  if (seen > 0 && at - lesson.first > season.period) {
    if (season.taught++ === 0) season.level = mean;
    const off = Math.abs(value - season.means[slot]! - season.level);
    const size = trusted ? Math.min(off, 4 * season.error + lesson.slack) : off;
    season.error += Math.max(1 / season.taught, lesson.errorRate) * (size - season.error);
    season.spreads[slot]! += Math.max(1 / (seen + 1), 1 / aSlot) * (size - season.spreads[slot]!);
    season.level += lesson.rate * (value - season.means[slot]! - season.level);
  }
  const change = value - mean - season.means[slot]!;
  const most = trusted ? clip * season.error : Infinity;
  season.means[slot]! += Math.max(1 / (seen + 1), 1 / aSlot) * Math.max(-most, Math.min(most, change));
}
