import { expect, test } from 'vitest';
import { articlePicture, wrap } from './articlePicture.ts';

test('lines are wrapped at words, and what does not fit ends in …', () => {
  expect(wrap('one two three four', 8, 3)).toEqual(['one two', 'three', 'four']);
  expect(wrap('one two three four', 8, 2)).toEqual(['one two', 'three…']);
});

test('a title cannot end its element', () => {
  const svg = articlePicture({ title: '<script> & co: a </text>', kind: 'file', area: 'web' });
  expect(svg).toContain('&lt;script&gt; &amp; co');
  expect(svg.match(/<text /g)).toHaveLength(svg.match(/<\/text>/g)?.length ?? 0);
});
