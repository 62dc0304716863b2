import { expect, test } from 'vitest';
import { badgeOf, iconOf, titleOf } from './standing.ts';

test('the title of a tab counts what is open, once, and the icon shows the worst of it', () => {
  const calm = { critical: 0, warning: 0 };
  expect(titleOf('web1 · Rootnote', { critical: 1, warning: 2 })).toBe('(3) web1 · Rootnote');
  expect(titleOf('(3) web1 · Rootnote', { critical: 0, warning: 1 })).toBe('(1) web1 · Rootnote');
  expect(titleOf('(1) web1 · Rootnote', calm)).toBe('web1 · Rootnote');
  expect([calm, { critical: 90, warning: 11 }].map(badgeOf)).toEqual(['0', '99+']);
  expect([calm, { critical: 0, warning: 1 }, { critical: 1, warning: 5 }].map(iconOf)).toEqual([
    '/favicon.svg',
    '/favicon-warning.svg',
    '/favicon-critical.svg',
  ]);
});
