import { expect, it } from 'vitest';
import type { Finding } from '#core/diagnosis.ts';
import type { Link } from './graph.ts';
import { chainFrom, reduced } from './paths.ts';

const link = (cause: string, effect: string) => ({ cause, effect, weight: 1 }) as Link;
const told = (links: readonly Link[]) => links.map(({ cause, effect }) => `${cause}>${effect}`);
const nodes = (severities: Record<string, Finding['severity']>) =>
  new Map(Object.entries(severities).map(([key, severity]) => [key, { severity } as Finding]));

it('leaves out a direct way where a longer one tells more, and nothing else', () => {
  const chain = [link('leak', 'swap'), link('swap', 'slow disk'), link('slow disk', 'timeout')];
  expect(told(reduced([...chain, link('leak', 'timeout'), link('leak', 'slow disk')]))).toEqual(told(chain));
  // Two causes of one effect are no detour of each other.
  const fork = [link('leak', 'timeout'), link('backup', 'timeout')];
  expect(told(reduced(fork))).toEqual(told(fork));
});

it('tells the longest way down, and of two equally long ones that of graver findings', () => {
  const tree = [link('a', 'b'), link('a', 'c'), link('c', 'd'), link('a', 'e'), link('e', 'f')];
  const known = nodes({
    a: 'warning',
    b: 'critical',
    c: 'warning',
    d: 'warning',
    e: 'warning',
    f: 'critical',
  });
  expect(chainFrom(tree, 'a', known)).toEqual(['a', 'e', 'f']);
  expect(chainFrom(tree, 'b', known)).toEqual(['b']);
});
