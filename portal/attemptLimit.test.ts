import { expect, test } from 'vitest';
import { AttemptLimit } from './attemptLimit.ts';

test('lets through as many as allowed, each key on its own, and again when the window has passed', () => {
  const limit = new AttemptLimit(2, 60);
  expect([limit.take('a', 0), limit.take('a', 1000), limit.take('a', 2000)]).toEqual([true, true, false]);
  expect(limit.take('b', 2000)).toBe(true);
  expect(limit.take('a', 60_500)).toBe(true);
  expect(limit.take('a', 60_600)).toBe(false);
});
