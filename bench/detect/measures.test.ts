import { describe, expect, it } from 'vitest';
import { collections } from './collections.ts';
import { seriesOf, type Collected } from './made.ts';
import { areasOf, bestFit, fitOf } from './measures.ts';
import { moreCollections } from './moreCollections.ts';
import { ewma, hourlyMedian, seasonalNaive, slidingZ } from './simple.ts';

const week = 7 * 288;
/** Four weeks of 5 minutes, in order but for two stretches. */
const file: Collected = {
  name: 'made',
  step: 300,
  times: Array.from({ length: 4 * week }, (_, i) => 1_700_000_000 + i * 300),
  values: Array.from({ length: 4 * week }, (_, i) => Math.sin(i)),
  spans: [
    [3000, 3019],
    [5000, 5009],
  ],
};
const at = (...moments: number[]) => file.values.map((_, i) => (moments.includes(i) ? 1 : 0));

describe('the measures', () => {
  it('count groups of alarms, stretches that are found, and what is false a week', () => {
    const fit = fitOf([file], [at(3005, 3006, 4000, 4005, 4500)], 1);
    expect([fit.precision, fit.recall, fit.f1]).toEqual([1 / 3, 1 / 2, 0.4]);
    expect(fit.falsePerWeek).toBeCloseTo(2 / (4 - 750 / week), 9);
    expect(fitOf([file], [at()], 1)).toEqual({ precision: 0, recall: 0, f1: 0, falsePerWeek: 0 });
  });

  it('forgive an alarm shortly after a stretch, and none before it or in the time of probation', () => {
    expect(fitOf([file], [at(3024, 5012)], 1).f1).toBe(1);
    expect(fitOf([file], [at(2990, 4980)], 1).f1).toBe(0);
    expect(fitOf([file], [at(100, 3000, 5000)], 1).f1).toBe(1);
  });

  it('find the best threshold, and areas of one where all that is out of order scores highest', () => {
    const perfect = file.values.map((_, i) => (file.spans.some(([a, b]) => i >= a && i <= b) ? 0.9 : 0.1));
    expect(bestFit([file], [perfect]).f1).toBe(1);
    expect(areasOf([file], [perfect])).toEqual({ precisionRecall: 1, receiver: 1 });
    const same = areasOf([file], [file.values.map(() => 0.5)]);
    expect(same.receiver).toBe(0.5);
    expect(same.precisionRecall).toBeCloseTo(30 / (4 * week - 750), 9);
  });
});

describe('the collections', () => {
  const all = [...collections, ...moreCollections];
  const series = seriesOf(all, 1);
  it('are the same for a seed, in order of time, and have stretches but for those that are quiet', () => {
    expect(seriesOf(all, 1)).toEqual(series);
    expect(series).toHaveLength(all.length);
    for (const { name, times, values, spans } of series) {
      expect(times).toHaveLength(values.length);
      expect(times.every((t, i) => i === 0 || t > times[i - 1]!)).toBe(true);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(spans.length > 0).toBe(!name.startsWith('quiet'));
      for (const [first, last] of spans) expect(first <= last && last < values.length).toBe(true);
    }
  });

  it.each(Object.entries({ slidingZ, ewma, hourlyMedian, seasonalNaive }))(
    'are scored by %s, which does not look ahead',
    (_name, detect) => {
      const { values, times } = series[3]!;
      const whole = detect(values, times, 1);
      expect(whole.slice(0, 2000)).toEqual(detect(values.slice(0, 2000), times.slice(0, 2000), 1));
      expect(whole.every((s) => s >= 0)).toBe(true);
    },
  );
});
