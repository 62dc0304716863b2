import { expect, test } from 'vitest';
import { addressOf, choiceOf, chosen, countsOf, type Server } from './serverChoice.ts';

const server = (hostname: string, state: Server['state'], problem: string | null = null) =>
  ({ hostname, state, problem, os: 'Debian GNU/Linux 12' }) as Server;
const servers = [
  server('critical-db', 'healthy'),
  server('web1', 'critical', 'The disk / is full.'),
  server('web2', 'info'),
];
const names = (choice: Parameters<typeof chosen>[1]) =>
  chosen(servers, choice).map(({ hostname }) => hostname);
const of = (query: string) => choiceOf(new URL(`http://127.0.0.1/portal/${query}`));

test('a state shows the servers in it, not those that are called so', () => {
  expect(names({ state: 'critical', words: '' })).toEqual(['web1']);
  expect(names({ state: 'healthy', words: '' })).toEqual(['critical-db', 'web2']);
  expect(names({ words: 'critical' })).toEqual(['critical-db', 'web1']);
});

test('all words must be there, in any case; together with the state', () => {
  expect(names({ words: 'DEBIAN full' })).toEqual(['web1']);
  expect(names({ state: 'healthy', words: 'web' })).toEqual(['web2']);
});

test('counts name the states that there are, and what is good to know counts as healthy', () => {
  expect(countsOf(servers)).toEqual([
    { count: 1, state: 'critical', words: 'critical' },
    { count: 2, state: 'healthy', words: 'healthy' },
  ]);
  // Its last server has left it: there must be a way out.
  expect(countsOf(servers, 'silent')[1]).toEqual({ count: 0, state: 'silent', words: 'silent' });
});

test('an address holds the whole choice, and what it says wrongly is left out', () => {
  const choice = { state: 'silent', words: 'web 1' } as const;
  expect(addressOf(choice)).toBe('/portal/?state=silent&words=web+1');
  expect(of('?state=silent&words=web+1')).toEqual(choice);
  expect(addressOf({ words: '' })).toBe('/portal/');
  expect(of('?state=constructor')).toEqual({ words: '' });
  expect(of(`?words=${'x'.repeat(500)}`).words).toHaveLength(100);
});
