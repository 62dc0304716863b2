import { expect, test } from 'vitest';
import { addressOf, choiceOf } from './incidentChoice.ts';

const of = (query: string) => choiceOf(new URL(`http://localhost/portal/incidents/${query}`));

test('the choice goes into the address and comes back from it; without one it is what is wrong now', () => {
  expect(addressOf(of(''))).toBe('/portal/incidents/');
  expect(of('')).toEqual({ state: 'open' });
  const address = addressOf({ state: 'all', severity: 'critical', words: 'web 1&x', after: 'i9' });
  expect(of(address.slice(address.indexOf('?')))).toEqual({
    state: 'all',
    severity: 'critical',
    words: 'web 1&x',
    after: 'i9',
  });
});

test('what an address says wrongly is left out', () => {
  expect(of('?state=x&severity=dire&words=&after=')).toEqual({ state: 'open' });
});
