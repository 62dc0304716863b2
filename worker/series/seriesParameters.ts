// The numbers of the detector of a single series (seriesDetector.ts).

/**
 * Frozen. Chosen on generated series (bench/detect.ts, the first two parts; bench/series.ts, "made"), as round numbers in the middle of a plateau:
 * a quarter more or less of any of them changes the result by less than two seeds differ.
 */
export const parameters = {
  /** Values that the level remembers; fewer for a while after something was told, so that what lasts becomes the new usual. */
  levelSpan: 60,
  levelSpanAfterNews: 20,
  /** Values that the usual deviation remembers, and the long mean below a season. */
  scaleSpan: 300,
  meanSpan: 3000,
  /**
   * A season counts when it leaves at most this part of the error of the simpler expectation; an hour, and weekdays beside weekends, where chance
   * does so more easily, less.
   */
  proof: 0.85,
  proofOfHour: 0.6,
  proofOfWeekdays: 0.7,
  /** Values until anything is scored, and values and seconds of a clock until scores are trusted in full (from half on). */
  leastSamples: 30,
  matureSamples: 400,
  matureSeconds: 120_000,
  /** Where most values are as the one before: moves that are remembered, and the part of a usual one that no deviation is less than. */
  moves: 10,
  ofMove: 0.5,
  /** Values after which a third is left of what lay beyond the usual range. */
  rangeSpan: 20_000,
  /** Values over which surprise and silence are gathered, and what is remembered as their usual. */
  surpriseSpan: 8,
  silenceSpan: 20,
  longSpan: 600,
  /** Standard deviations of gathered surprise that are certain, and the least deviation. */
  certain: 5.5,
  leastDeviation: 0.08,
  /** A value beyond all before counts in full when it is this many usual deviations off. */
  farOff: 16,
  /** Values until something is as good as forgotten (to a third), and by how much a surprise must exceed it to be news. */
  newsSpan: 100,
  newsMargin: 0.05,
  /** Values until an alarm is as good as forgotten (to a third), and by how much a surprise must exceed it to be another. */
  alarmSpan: 30,
  alarmMargin: 0.5,
  /** What came at this time on two of the three days before is known when it is less than so many times as surprising. */
  recurringMargin: 1.3,
  /** For so many values after something was told, and within so many usual deviations (of then), a return to how it was is no news. */
  homeSpan: 300,
  homeWidth: 6,
  /** What is no news counts this part: KNN-CAD and CAD OSE, two published detectors of the benchmark, rest after an alarm in the same way. */
  knownPart: 0.35,
  /** Surprise from which something is told (score 0.5). */
  tell: 0.36,
  /** Highest score of what goes on after it was told, and its least while the value is still away from where it was. */
  goesOn: 0.49,
  stillAway: 0.45,
} as const;
