// What a series usually is at this time of a day or a week: one mean and one usual deviation a slot. Streaming, O(1), of fixed size.

export interface Season {
  /** Length in the unit of the times, seconds as a rule. */
  period: number;
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

export function newSeason(period: number, slots: number, proof: number): Season {
  const zeros = () => new Float64Array(slots);
  return { period, proof, means: zeros(), spreads: zeros(), seen: zeros(), level: 0, error: 0, taught: 0 };
}

function slotAt(season: Season, at: number): number {
  // Multiplied before it is divided, so that a whole number of rows stays whole.
  const rest = at % season.period;
  return (
    Math.floor(((rest < 0 ? rest + season.period : rest) * season.means.length) / season.period) %
    season.means.length
  );
}

/** Whether it has seen two periods and this slot, so that it may compete with simpler expectations. */
export function isSeasoned(season: Season, at: number, first: number): boolean {
  return (
    at - first > 2 * season.period &&
    season.taught > season.means.length &&
    season.seen[slotAt(season, at)]! > 0
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
  const aSlot = Math.max(1, season.period / season.means.length / Math.max(1e-9, lesson.step)) * visits;
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
