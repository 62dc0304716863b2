import { describe, expect, it } from 'vitest';
import { longForecast } from './longForecast.ts';
import type { Point } from '#worker/rules/rule.ts';

const hour = 3600;
const histories = [14, 30, 60];
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

/** A fixed sequence of 0..1. */
function chance(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
}
const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** What is used after so many days. */
type Shape = (next: () => number) => (days: number) => number;

const office = (days: number) =>
  Math.floor(days) % 7 < 5 ? Math.exp(-(((days % 1) * 24 - 13) ** 2) / 18) : 0.1;
const growing: Record<string, Shape> = {
  'with noise': (next) => (days) => 5 * days + 2 * normal(next),
  'below logs that are rotated at midnight': (next) => (days) => 5 * days + 40 * (days % 1) + normal(next),
  'below a cache that is emptied on Sundays': (next) => (days) => 5 * days + 6 * (days % 7) + normal(next),
  'at office hours alone': (next) => {
    let [used, last] = [0, 0];
    return (days) => {
      used += ((days - last) * 5 * office(days)) / 0.229;
      last = days;
      return used + 0.5 * normal(next);
    };
  },
  'by a dump each night': (next) => (days) => 5 * Math.floor(days) + 0.5 * normal(next),
  'below a nightly file that is taken away': (next) => (days) =>
    5 * days + (days % 1 > 0.08 && days % 1 < 0.2 ? 60 : 0) + normal(next),
};
const steady: Record<string, Shape> = {
  'noise alone': (next) => () => 200 + 3 * normal(next),
  'logs that are rotated at midnight': (next) => (days) => 200 + 80 * (days % 1) + normal(next),
  'a cache that is emptied on Sundays': (next) => (days) => 200 + 20 * (days % 7) + normal(next),
  'people at work': (next) => (days) => 200 + 60 * office(days) + 2 * normal(next),
  'a cache that has filled': (next) => (days) => 100 + 150 * (1 - Math.exp(-days / 5)) + normal(next),
};

function history(used: (days: number) => number, days: number, seed: number): Point[] {
  const phase = seed % 24;
  return Array.from(
    { length: days * 24 + 1 },
    (_, i) => [(i + phase) * hour, used((i + phase) / 24)] as const,
  );
}
const most = (points: readonly Point[]) => points.reduce((max, [, value]) => Math.max(max, value), 0);

describe('the time until something is full', () => {
  it.each(Object.entries(growing))('is within a fifth of the truth when it grows %s', (_what, shape) => {
    for (const days of histories) {
      let right = 0;
      let inBand = 0;
      for (const seed of seeds) {
        const next = chance(seed);
        const used = shape(next);
        const points = history(used, days, seed);
        const size = most(points) + 5 * days * (0.5 + 1.5 * next());
        const now = points.at(-1)![0];
        let full = now;
        while (used(full / hour / 24) < size) full += hour;
        const f = longForecast(
          points.map(([at, value]) => [at, size - value]),
          0,
        )!;
        if (Math.abs(f.expected - (full - now)) <= 0.2 * (full - now)) right++;
        if (f.earliest <= full - now && full - now <= f.latest && f.latest < Infinity) inBand++;
      }
      expect(right, `${days} days`).toBeGreaterThanOrEqual(0.8 * seeds.length);
      expect(inBand, `band of ${days} days`).toBeGreaterThanOrEqual(0.8 * seeds.length);
    }
  });

  it.each(Object.entries(steady))('has no date for %s', (_what, shape) => {
    for (const days of histories) {
      for (const seed of seeds) {
        const points = history(shape(chance(seed)), days, seed);
        expect(longForecast(points, 1.3 * most(points))?.latest, `${days} days`).toBe(Infinity);
      }
    }
  });

  it('has no date after one jump a week ago, nor for a walk without a direction', () => {
    const jump = history((days) => (days > 23 ? 250 : 150), 30, 1);
    expect(longForecast(jump, 290)!.latest).toBe(Infinity);
    let told = 0;
    for (const seed of seeds) {
      const next = chance(seed);
      let used = 250;
      const walk = history(() => (used += 0.8 * normal(next)), 60, seed);
      const f = longForecast(walk, 1.15 * most(walk))!;
      if (f.latest < Infinity && f.expected < 90 * 86_400) told++;
    }
    expect(told).toBeLessThanOrEqual(2);
  });

  it('needs two days, bears holes, and works downwards as upwards', () => {
    const line = history((days) => 5 * days, 30, 0);
    expect(longForecast(line.slice(0, 40), 300)).toBeUndefined();
    expect(longForecast([], 300)).toBeUndefined();
    const holes = line.filter((_, i) => i % 7 !== 3 && (i < 200 || i > 330));
    const days = (points: readonly Point[], limit: number) => longForecast(points, limit)!.expected / 86_400;
    expect(days(holes, 300)).toBeCloseTo(30, 0);
    expect(
      days(
        line.map(([at, value]) => [at, 300 - value]),
        0,
      ),
    ).toBeCloseTo(30, 0);
  });
});
