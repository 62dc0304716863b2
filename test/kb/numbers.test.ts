import { expect, test } from 'vitest';
import { farNumbers } from './numbers.ts';

test.each([
  ['a value of another order', 'Mem: 3.2G used', 'Mem: 120M used', true],
  ['a value of a busier machine', 'r 3 b 1', 'r 9 b 2', false],
  ['nothing beside much', 'lost 0 of 10', 'lost 40 of 10', true],
  ['nothing beside next to nothing', 'load 0.00', 'load 0.31', false],
  ['another time of day', 'at 08:14:02', 'at 23:59:10', false],
  ['another unit for the same', 'time 0.9 s', 'time 0.9 s', false],
  ['a name with digits', 'sda1 12', 'sda1 13', false],
  ['milliseconds beside seconds', 'took 12ms', 'took 3s', true],
])('%s', (_, written, printed, far) => {
  expect(farNumbers([written], [printed], 'shape')).toHaveLength(far ? 1 : 0);
});

test('fences that compare the text itself have no such lines', () => {
  expect(farNumbers(['1'], ['100'], 'exact')).toEqual([]);
});
