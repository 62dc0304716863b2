import { expect, test } from 'vitest';
import { parseStatus } from './statusSet.ts';

test('sets of statuses', () => {
  const some = parseStatus('2xx, 301-303 404') as { test: (status: number) => boolean };
  expect([200, 299, 300, 301, 303, 304, 404].map((status) => some.test(status))).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
  for (const wrong of ['', 'ok', '20', '6xx', '300-200'])
    expect(parseStatus(wrong)).toHaveProperty('problem');
});
