// Scores a series as it comes: by its values, or by how fast it grows where it is a counter. Streaming, O(1), no look-ahead;
// twice the state and the time of seriesDetector.ts for as long as it may be a counter.
import { growthOf, isCounter, newCounter, type Counter } from './counter.ts';
import { newSeriesDetector, observeSeries, type Scored, type SeriesState } from './seriesDetector.ts';

export interface AnySeries {
  values: SeriesState;
  /** Learned beside the values for as long as they may be those of a counter. */
  growths?: { counter: Counter; state: SeriesState } | undefined;
}

export const newAnySeries = (): AnySeries => ({
  values: newSeriesDetector(),
  growths: { counter: newCounter(), state: newSeriesDetector() },
});

/** As observeSeries. A counter is known after its first rises; what its resets hide, and what is not finite, scores 0. */
export function observeAny(series: AnySeries, at: number, value: number): Scored {
  const byValue = observeSeries(series.values, at, value);
  if (!series.growths) return byValue;
  const { counter, state } = series.growths;
  const byGrowth = observeSeries(state, at, growthOf(counter, at, value));
  if (counter.disproved) series.growths = undefined;
  return isCounter(counter) ? byGrowth : byValue;
}
