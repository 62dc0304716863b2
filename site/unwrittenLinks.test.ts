import { expect, test } from 'vitest';
import { isUnwritten, plannedSlugs } from './unwrittenLinks.ts';

const planned = plannedSlugs('slug\ttitle\nproblems/a\tA\ncommands/df\tdf\n');
const isWritten = (slug: string) => slug === 'commands/df';

test('only what is planned and not written', () => {
  expect(isUnwritten('/problems/a/#check', planned, isWritten)).toBe(true);
  expect(isUnwritten('/commands/df/', planned, isWritten)).toBe(false);
  expect(isUnwritten('/problems/tpyo/', planned, isWritten)).toBe(false);
  expect(isUnwritten('https://example.org/problems/a/', planned, isWritten)).toBe(false);
});
