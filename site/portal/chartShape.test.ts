import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaPath, axisEnd, linePath, stack, timeTicks } from './chartShape.ts';

test('a line goes from the left edge to the right one, upside down as screens are', () => {
  expect(linePath([0, 50, 100], 100)).toBe('M0 100L500 50L1000 0');
});

test('short gaps are drawn through, long ones are gaps, and a lone value is a dot', () => {
  expect(linePath([1, null, null, 1], 1).match(/M/g)).toHaveLength(1);
  expect(linePath([1, null, null, null, 1, 1], 1)).toBe('M0 0h0M800 0L1000 0');
  expect(linePath([null, null], 1)).toBe('');
});

test('a stack adds up; a missing layer counts as nothing, a missing moment is a gap', () => {
  const layers = stack([
    [1, 2, null],
    [3, null, null],
  ]);
  expect(layers[0]).toEqual({ low: [0, 0, null], high: [1, 2, null] });
  expect(layers[1]).toEqual({ low: [1, 2, null], high: [4, 2, null] });
  expect(areaPath(layers[1]!.low, layers[1]!.high, 4)).toBe('M0 0L500 50L500 50L0 75Z');
});

test('an axis ends at a round number that holds the largest value', () => {
  expect([0, 0.3, 1, 3, 72, 100, 4200].map((most) => axisEnd(most, false))).toEqual([
    1, 0.5, 1, 5, 100, 100, 5000,
  ]);
  expect(axisEnd(3_000_000, true)).toBe(4_194_304);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), fc.boolean(), (most, binary) => {
      const end = axisEnd(most, binary);
      expect(end).toBeGreaterThanOrEqual(most * 0.998);
      expect(end).toBeLessThanOrEqual(most * 10.01);
    }),
  );
});

test('ticks are round moments of the reader', () => {
  const noon = 1_760_011_200;
  expect(timeTicks(noon - 3600, noon, 0)).toHaveLength(7);
  // A day, read in a zone five and a half hours east: every tick is at a full quarter of that day.
  const ticks = timeTicks(noon - 86_400, noon, 19_800);
  expect(ticks.every((at) => (at + 19_800) % 21_600 === 0)).toBe(true);
  expect(ticks.length).toBeGreaterThanOrEqual(3);
});
