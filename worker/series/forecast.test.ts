import { describe, expect, it } from 'vitest';
import type { Point } from '#worker/rules/rule.ts';
import { cameBackFromHere, fallToNothing, forecast, suddenFall } from './forecast.ts';

/** A fixed sequence in -1..1, so that the tests say the same every time. */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}
const series = (n: number, step: number, value: (i: number) => number): Point[] =>
  Array.from({ length: n }, (_, i) => [1_000_000 + i * step, value(i)] as const);

describe('forecast', () => {
  it('meets the truth of a noisy line within 20 %', () => {
    const points = series(360, 60, (i) => 100 - i * 0.1 + noise(i));
    const f = forecast(points, 0)!;
    const truth = (100 - 35.9) / (0.1 / 60);
    expect(f.expected).toBeGreaterThan(truth * 0.8);
    expect(f.expected).toBeLessThan(truth * 1.2);
    expect(f.earliest).toBeLessThanOrEqual(f.expected);
    expect(f.latest).toBeGreaterThanOrEqual(f.expected);
    expect(f.latest).toBeLessThan(Infinity);
  });

  it('is not moved by single outliers', () => {
    const points = series(100, 60, (i) => (i % 17 === 3 ? 5 : 100 - i * 0.5));
    expect(forecast(points, 0)!.expected).toBeCloseTo(50.5 / (0.5 / 60), -3);
  });

  it('says never for a flat or a saw-toothed series', () => {
    expect(
      forecast(
        series(100, 60, (i) => 50 + noise(i)),
        0,
      )!.latest,
    ).toBe(Infinity);
    expect(
      forecast(
        series(240, 60, (i) => 80 - (i % 40)),
        0,
      )!.latest,
    ).toBe(Infinity);
  });

  it('does not stretch growth that is dying down', () => {
    const points = series(120, 60, (i) => 40 + 50 * Math.exp(-i / 25));
    expect(forecast(points, 0)!.latest).toBeGreaterThan(86_400);
  });

  it('sees a fall that has just begun after hours of calm, once it has used up a fifth', () => {
    const calm = series(300, 60, () => 25);
    const falling = (steps: number) => series(300 + steps, 60, (i) => (i < 300 ? 25 : 25 - (i - 299) * 1.2));
    expect(suddenFall(calm, 0)).toBeUndefined();
    expect(suddenFall(falling(3), 0)).toBeUndefined();
    expect(suddenFall(falling(5), 0)!.expected / 60).toBeCloseTo((25 - 4 * 1.2) / 1.2, 0);
    // A hundredth of it in five minutes says nothing of what is to come.
    expect(
      suddenFall(
        series(305, 60, (i) => (i < 300 ? 25 : 25 - (i - 299) * 0.05)),
        0,
      ),
    ).toBeUndefined();
  });

  it('sees no pace in what fell at one stroke between a few small steps', () => {
    const step = [25, 24.9, 24.8, 9, 8.9];
    expect(
      suddenFall(
        series(305, 60, (i) => (i < 300 ? 25 : step[i - 300]!)),
        0,
      ),
    ).toBeUndefined();
    // A report was lost on the way: two steps in one.
    const gap = series(306, 60, (i) => (i < 300 ? 25 : 25 - (i - 299) * 2)).filter((_, i) => i !== 303);
    expect(suddenFall(gap, 0)).toBeDefined();
  });

  it('does not see a sudden fall in what goes up and down all the time', () => {
    const rotated = series(200, 60, (i) => 25 - (i % 20));
    for (let n = 41; n <= rotated.length; n++) expect(suddenFall(rotated.slice(0, n), 0)).toBeUndefined();
  });

  it('works upwards, and needs eight samples', () => {
    expect(
      forecast(
        series(60, 60, (i) => i),
        100,
      )!.expected,
    ).toBeCloseTo(42 * 60, -2);
    expect(
      forecast(
        series(7, 60, (i) => i),
        100,
      ),
    ).toBeUndefined();
  });
});

describe('a fall that came back before', () => {
  const heap = (n: number, low = 20) => series(n, 60, (i) => 80 - ((i % 60) / 59) * (80 - low));

  it('is known by its lowest point, within a tenth', () => {
    expect(cameBackFromHere(heap(60), 10)).toBe(false);
    expect(cameBackFromHere(heap(90), 10)).toBe(true);
    expect(cameBackFromHere([...heap(60), ...heap(60, 15)], 10)).toBe(false);
  });

  it('is none when there was too little left', () => {
    expect(cameBackFromHere(heap(90, 5), 10)).toBe(false);
    expect(cameBackFromHere([], 10)).toBe(false);
  });
});

describe('a fall to nothing', () => {
  const day = 86_400;
  /** Told of a fall that began at once and comes to nothing after so many hours, seen for so many. */
  const told = (after: number, seen: number) =>
    fallToNothing(
      series(seen * 60, 60, (i) => 100 * (1 - i / (after * 60))),
      false,
      day,
    ) !== undefined;

  it('is told of the day ahead after hours, and of the next hours after minutes', () => {
    expect(told(20, 2)).toBe(false);
    expect(told(20, 5)).toBe(true);
    expect(told(5, 0.4)).toBe(true);
  });

  it('is not told of what dies down since it began, however long it was calm before', () => {
    const fills = (calm: number) =>
      series(60, 60, (i) => 100 - (i < calm ? 0 : 60 * (1 - Math.exp(-(i - calm) / 12))));
    expect([0, 10, 20].map((calm) => fallToNothing(fills(calm).slice(0, calm + 25), false, day))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
