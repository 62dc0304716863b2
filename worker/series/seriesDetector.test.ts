import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newSeriesDetector, observeSeries, type Scored } from './seriesDetector.ts';

/** A Monday, 00:00 UTC. */
const start = 1_699_833_600;
const day = 288;

function noise(seed: number): () => number {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => Array.from({ length: 12 }, next).reduce((a, b) => a + b, 0) - 6;
}

function run(n: number, value: (i: number) => number, step = 300, from = start): Scored[] {
  const state = newSeriesDetector();
  return Array.from({ length: n }, (_, i) => observeSeries(state, from + i * step, value(i)));
}
const alarmsOf = (scored: Scored[]) => scored.flatMap((s, i) => (s.alarm ? [i] : []));
const atWork = (i: number) => i % day >= 108 && i % day < 216;

describe('the series detector', () => {
  it.each<[string, (g: () => number) => (i: number) => number, number?]>([
    ['noise', (g) => () => 50 + g()],
    ['a daily wave', (g) => (i) => 50 + 15 * Math.sin((2 * Math.PI * i) / day) + 2 * g()],
    ['a constant', () => () => 42],
    ['zeros', () => () => 0],
    ['small whole numbers', (g) => () => Math.round(3 + g())],
    ['a slow trend', (g) => (i) => 100 + i / 20 + g()],
    // Every week or so there is a value that is far beyond all others before.
    ['heavy tails', (g) => () => Math.exp(0.8 * g()), 2],
    // The first morning is news.
    ['a square wave', () => (i) => (atWork(i) ? 80 : 20), 1],
    ['values of all sizes that a number has', (g) => () => 1e300 * g()],
  ])('is silent on %s for two weeks', (_name, make, most = 0) => {
    expect(alarmsOf(run(14 * day, make(noise(3)))).length).toBeLessThanOrEqual(most);
  });

  it.each<[string, (i: number, g: () => number) => number, number]>([
    ['a spike of one sample', (i, g) => 50 + g() + (i === 3000 ? 40 : 0), 3],
    ['a shift of the level', (i, g) => 50 + g() + (i >= 3000 ? 8 : 0), 10],
    ['a shift that is small beside the value', (i, g) => 100_000 + g() + (i >= 3000 ? 30 : 0), 10],
    ['a fall to zero', (i, g) => (i >= 3000 && i < 3060 ? 0 : 200 + 10 * g()), 3],
    ['more spread than ever', (i, g) => 50 + g() * (i >= 3000 && i < 3100 ? 7 : 1), 10],
    ['a sensor that is stuck', (i, g) => (i >= 3000 && i < 3100 ? 50 : 50 + g()), 60],
    ['a first movement', (i) => (i >= 3000 ? 5 : 0), 0],
    ['spikes that come too often', (i, g) => 10 + 0.1 * g() + (i % (i >= 3000 ? 3 : 97) === 0 ? 20 : 0), 60],
    [
      'a job of each hour that takes twice as long',
      (i, g) => 10 + g() + (i % 12 === 0 ? (i >= 3000 && i < 3100 ? 60 : 30) : 0),
      10,
    ],
    [
      'half of what an hourly job makes, at another time',
      (i, g) => 10 + g() + (i % 12 === 0 ? 30 : i >= 3001 && i < 3012 ? 16 : 0),
      10,
    ],
    // 3000 is a quarter past ten on the eleventh day.
    [
      'a working day that is a night',
      (i, g) => (atWork(i) && (i < 2992 || i >= 3100) ? 80 : 40) + 4 * g(),
      30,
    ],
    [
      'half of a usual peak',
      (i, g) => 50 + (30 - (i >= 3000 && i < 3060 ? 25 : 0)) * (atWork(i) ? 1 : 0) + g(),
      20,
    ],
  ])('finds %s, and nothing before but a first morning', (_name, value, within) => {
    const g = noise(5);
    const found = alarmsOf(run(14 * day, (i) => value(i, g))).filter((i) => i >= day);
    expect(found[0]).toBeGreaterThanOrEqual(2992);
    expect(found[0]).toBeLessThanOrEqual(3000 + within);
  });

  it('tells what lasts once, and what is much stronger again', () => {
    const g = noise(7);
    const scored = run(14 * day, (i) => 50 + g() + (i >= 2000 ? 12 : 0) + (i >= 2060 && i < 2063 ? 300 : 0));
    const found = alarmsOf(scored);
    const [first, ...more] = found;
    expect(first).toBeLessThan(2010);
    expect(more.filter((i) => i < 2060).length).toBeLessThanOrEqual(3);
    expect(more.some((i) => i >= 2060 && i < 2063)).toBe(true);
    expect(more.filter((i) => i >= 2070)).toEqual([]);
  });

  it('tells a job of each night on its first nights, and hardly ever then', () => {
    const g = noise(19);
    const nightly = (i: number) => 10 + g() + (i % 1440 >= 180 && i % 1440 < 215 ? 25 + 4 * g() : 0);
    const found = alarmsOf(run(14 * 1440, nightly, 60));
    expect(found[0]).toBe(180);
    expect(found.filter((i) => i >= 4 * 1440).length).toBeLessThanOrEqual(3);
  });

  it('knows weekdays from weekends in the second week', () => {
    const g = noise(23);
    const hour = (i: number) => (i % day) / 12;
    const work = (i: number) => (i % (7 * day) < 5 * day ? 40 * Math.exp(-(((hour(i) - 13) / 4) ** 2)) : 0);
    // A Tuesday that is a holiday.
    const value = (i: number) => 10 + g() + (i >= 8 * day && i < 9 * day ? 0 : work(i));
    const found = alarmsOf(run(14 * day, value)).filter((i) => i >= 7 * day);
    expect(found[0]).toBeGreaterThanOrEqual(8 * day + 90);
    expect(found[0]).toBeLessThan(8 * day + 156);
    expect(alarmsOf(run(14 * day, (i) => 10 + g() + work(i))).filter((i) => i >= 7 * day)).toEqual([]);
  });

  it('keeps the score of what goes on above that of what is usual, and below that of news', () => {
    const g = noise(29);
    const scores = run(1000, (i) => 50 + g() + (i >= 800 && i < 850 ? 30 : 0)).map((s) => s.score);
    const goesOn = scores.slice(805, 845).toSorted((a, b) => a - b)[20]!;
    expect(goesOn).toBeGreaterThan(0.4);
    expect(goesOn).toBeLessThan(0.5);
    expect(scores.slice(400, 790).toSorted((a, b) => a - b)[300]).toBeLessThan(0.2);
  });

  it('knows the rhythm of rows that are only numbered', () => {
    const g = noise(11);
    const missing = (i: number) => 50 + 20 * (i % 24 < 8 && !(i >= 816 && i < 824) ? 1 : 0) + g();
    const found = alarmsOf(run(1400, missing, 1, 1)).filter((i) => i >= 48);
    expect(found[0]).toBeGreaterThanOrEqual(816);
    expect(found[0]).toBeLessThan(824);
  });

  it('does not look ahead, whatever comes when: a prefix scores as the whole', () => {
    const step = fc.oneof(fc.constantFrom(60, 300, 300, 300), fc.integer({ min: -7200, max: 90_000 }));
    const value = fc.oneof(
      fc.double({ noNaN: false }),
      fc.integer({ min: -50, max: 50 }),
      fc.constantFrom(0, 1e9),
    );
    const rows = fc.array(fc.tuple(step, value), { minLength: 2, maxLength: 300 });
    fc.assert(
      fc.property(rows, fc.nat(), (given, at) => {
        const scores = (some: typeof given) => {
          const state = newSeriesDetector();
          let time = start;
          return some.map(([passed, v]) => observeSeries(state, (time += passed), v));
        };
        const cut = 1 + (at % given.length);
        const whole = scores(given);
        expect(whole.slice(0, cut)).toEqual(scores(given.slice(0, cut)));
        for (const { score } of whole) expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });

  it('does not look ahead: a prefix of a long series scores as the whole', () => {
    const value = (i: number) => 20 + Math.sin(i) + (i > 300 ? 8 : 0);
    expect(run(4000, value).slice(0, 2500)).toEqual(run(2500, value));
  });

  it('scores alike whatever the unit is', () => {
    const g = noise(13);
    const values = Array.from({ length: 1000 }, (_, i) => 50 + g() + (i === 700 ? 20 : 0));
    const scores = (unit: number) => run(1000, (i) => values[i]! * unit).map((s) => s.score);
    const [small, large] = [scores(2 ** -10), scores(2 ** 40)];
    scores(1).forEach((s, i) => {
      expect(Math.abs(s - small[i]!)).toBeLessThan(0.01);
      expect(Math.abs(s - large[i]!)).toBeLessThan(0.01);
    });
  });

  it('keeps its state small, whatever comes: no list grows', () => {
    const state = newSeriesDetector();
    const g = noise(17);
    const size = () =>
      JSON.stringify(state, (_, v: unknown) => (ArrayBuffer.isView(v) ? v.byteLength : v)).length;
    for (let i = 0; i < 500; i++) observeSeries(state, start + i * 300, g());
    const before = size();
    for (let i = 500; i < 30_000; i++)
      observeSeries(state, start + i * 300, i % 7 === 0 ? Number.NaN : 1e6 * g());
    expect(size()).toBeLessThan(before + 100);
    expect(state.seasons.reduce((sum, s) => sum + 3 * s.means.byteLength, 0)).toBeLessThan(8192);
  });

  it('gives a score in 0..1 for any sequence of numbers and times', () => {
    const odd = [0, -0, 1e308, -1e308, 5e-324, Number.NaN, Infinity, -Infinity, 1, 1, 1e150];
    const state = newSeriesDetector();
    for (let i = 0; i < 5000; i++) {
      const { score } = observeSeries(
        state,
        start + ((i * 7919) % 1000) * (i % 3 ? 1 : -1e6),
        odd[(i * 31) % 11]!,
      );
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });
});
