import { describe, expect, it } from 'vitest';
import { growthOf, isCounter, newCounter } from './counter.ts';
import { newAnySeries, observeAny } from './detectSeries.ts';
import { newSeriesDetector, observeSeries } from './seriesDetector.ts';

const start = 1_699_833_600;
const jitter = (i: number) => Math.sin(i * 12.9898);
const run = (values: readonly number[]) => {
  const state = newAnySeries();
  return values.map((v, i) => observeAny(state, start + i * 60, v));
};
const alarmsOf = (values: readonly number[]) => run(values).flatMap((s, i) => (s.alarm ? [i] : []));

/** What a counter shows that grows so much in each row and begins anew at some. */
function counted(growth: (i: number) => number, rows: number, anew: readonly number[] = [], full = Infinity) {
  let sum = 12_345;
  return Array.from(
    { length: rows },
    (_, i) => (sum = anew.includes(i) ? growth(i) : (sum + growth(i)) % full),
  );
}
const knows = (values: readonly number[]) => {
  const counter = newCounter();
  values.forEach((v, i) => growthOf(counter, start + i * 60, v));
  return isCounter(counter);
};

describe('counters', () => {
  it('are known by their rises, whatever is not known between, and by beginning anew', () => {
    const values = counted((i) => 100 + 20 * jitter(i), 1000, [400, 700]);
    expect(knows(values)).toBe(true);
    expect(knows(values.map((v, i) => (i % 5 ? v : Number.NaN)))).toBe(true);
    expect(knows(counted(() => 4e7, 1000, [], 2 ** 32))).toBe(true);
    expect(knows(counted((i) => Number(i % 30 === 7), 1000, [500]))).toBe(true);
  });

  it.each<[string, (i: number) => number]>([
    ['a gauge', (i) => 50 + jitter(i)],
    ['what never moved', () => 42],
    ['what moved a few times', (i) => Math.floor(i / 200)],
    ['errors that come now and then', (i) => Number(i % 50 === 3)],
    ['a disk that is cleared to half', (i) => 40 + (i % 200) / 5],
    ['memory that is swept all the time', (i) => i % 15],
    ['what falls below zero', (i) => (i < 500 ? i : i - 700)],
  ])('are not: %s', (_name, value) => {
    expect(knows(Array.from({ length: 1000 }, (_, i) => value(i)))).toBe(false);
  });

  it('grow by the second, from moment to moment', () => {
    const counter = newCounter();
    const grown = [
      [0, 100],
      [10, 150],
      [10, 160],
      [30, 190],
      [40, 3],
      [50, Number.NaN],
      [60, 23],
    ].map(([at, value]) => growthOf(counter, at!, value!));
    expect(grown).toEqual([Number.NaN, 5, Number.NaN, 2, Number.NaN, Number.NaN, 1]);
  });

  it('are scored by how fast they grow: a halt, a flood, and nothing when they begin anew', () => {
    const growth = (i: number) =>
      Math.round((i >= 1000 && i < 1060 ? 0 : i >= 2000 && i < 2030 ? 6 : 1) * (1000 + 100 * jitter(i)));
    const told = alarmsOf(counted(growth, 3000, [600, 1600, 2500]));
    expect(told.length).toBeGreaterThanOrEqual(2);
    for (const i of told) expect((i >= 1000 && i < 1070) || (i >= 2000 && i < 2040)).toBe(true);
    expect(told.some((i) => i < 1010) && told.some((i) => i >= 2000 && i < 2010)).toBe(true);
  });

  it('leave other series as they are', () => {
    const values = Array.from({ length: 1500 }, (_, i) => 50 + jitter(i) + (i >= 900 ? 20 : 0));
    const state = newSeriesDetector();
    expect(run(values)).toEqual(values.map((v, i) => observeSeries(state, start + i * 60, v)));
  });

  it('are scored without a look ahead, and a series that falls after all by its values', () => {
    const values = counted((i) => 100 + 20 * jitter(i), 800).map((v, i) => (i < 500 ? v : v - 3000));
    expect(run(values).slice(0, 450)).toEqual(run(values.slice(0, 450)));
    const state = newSeriesDetector();
    const byValue = values.map((v, i) => observeSeries(state, start + i * 60, v));
    expect(run(values).slice(500)).toEqual(byValue.slice(500));
  });
});
