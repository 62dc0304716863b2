import { expect, test } from 'vitest';
import { gathered } from './gather.ts';

const options = { waitMs: 5, most: 3, atOnce: 1, waiting: 4 };
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('calls that come close together are one batch, and each gets its own outcome', async () => {
  const batches: number[][] = [];
  const double = gathered(async (items: number[]) => {
    batches.push(items);
    await pause(10);
    return items.map((item) => (item === 2 ? new Error('not this one') : item * 2));
  }, options);
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(double));
  expect(batches).toEqual([[1, 2, 3], [4]]);
  expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    2,
    'Error: not this one',
    6,
    8,
  ]);
  expect(await double(5)).toBe(10);
});

test('a batch that fails fails all its calls and no others; calls beyond the bound are refused', async () => {
  let fails = true;
  const call = gathered(async (items: number[]) => {
    await pause(10);
    if (fails) throw new Error('away');
    return items;
  }, options);
  const outcomes = await Promise.allSettled(Array.from({ length: 9 }, (_, item) => call(item)));
  const reasons = outcomes.map((one) => (one.status === 'rejected' ? String(one.reason) : 'done'));
  expect(reasons.filter((reason) => /away/.test(reason))).toHaveLength(7);
  expect(reasons.filter((reason) => /wait already/.test(reason))).toHaveLength(2);
  fails = false;
  expect(await call(7)).toBe(7);
});

test('what waits is bounded by its weight, too, and is let in again when it is lighter', async () => {
  const call = gathered(
    async (items: number[]) => {
      await pause(10);
      return items;
    },
    { waitMs: 5, most: 3, atOnce: 1, waiting: 100, waitingWeight: 10 },
    (item) => item,
  );
  const outcomes = await Promise.allSettled([6, 5, 4].map(call));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await call(10)).toBe(10);
});
