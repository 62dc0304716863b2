import { expect, test } from 'vitest';
import { extendLock, lostAnchors } from './anchors.ts';

test('the lock only grows', () => {
  const lock = { 'problems/a': ['check', 'old'] };
  expect(extendLock(lock, { 'problems/a': ['check', 'new'], 'files/b': ['fields'] })).toEqual({
    'files/b': ['fields'],
    'problems/a': ['check', 'old', 'new'],
  });
});

test('a lost address is named, with the way to mend it', () => {
  expect(lostAnchors({ 'problems/a': ['check', 'old'] }, { 'problems/a': ['check'] })).toEqual([
    'problems/a#old is gone: bring the heading back, or put <a id="old"></a> where its text is now',
  ]);
  expect(lostAnchors({ 'problems/a': ['check'] }, {})).toHaveLength(1);
});
