import { expect, test } from 'vitest';
import { valueAt } from './jsonPath.ts';

test('JSON paths', () => {
  const text = '{"a":{"b c":[{"d":null},5]},"e":true}';
  expect(valueAt(text, 'a["b c"][1]')).toEqual({ value: '5' });
  expect(valueAt(text, "$.a['b c'][0].d")).toEqual({ value: 'null' });
  expect(valueAt(text, 'e')).toEqual({ value: 'true' });
  expect(valueAt(text, 'a.b..c')).toMatchObject({
    problem: expect.stringContaining('is not a path') as string,
  });
  expect(valueAt(text, 'a.toString')).toMatchObject({
    problem: expect.stringContaining('missing') as string,
  });
});
