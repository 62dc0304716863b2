import { expect, test } from 'vitest';
import type { RootCause } from '#core/diagnosis.ts';
import { articleName, causeTree, type KeyedFinding } from './causeTree.ts';

const key = (id: string) => `${id} server:s`;
const finding = (id: string): KeyedFinding => ({
  key: key(id),
  id,
  severity: 'critical',
  since: 0,
  subject: { kind: 'server', name: 's' },
  summary: id,
  evidence: [],
  article: '',
  confidence: 1,
});
const cause = (hops: [string, string][], symptoms: string[]): RootCause => ({
  key: key('root'),
  problem: 'root',
  subject: { kind: 'server', name: 's' },
  score: 1,
  chain: [],
  hops: hops.map(([from, to]) => ({
    cause: key(from),
    effect: key(to),
    weight: 1,
    because: `${from} leads to ${to}`,
  })),
  symptoms: symptoms.map(key),
  explanation: '',
});

test('hops become a tree; an effect of two causes hangs below the first; a loop ends', () => {
  const hops: [string, string][] = [
    ['root', 'a'],
    ['a', 'b'],
    ['root', 'b'],
    ['b', 'root'],
  ];
  const tree = causeTree(cause(hops, ['a', 'b']), ['root', 'a', 'b'].map(finding))!;
  expect(tree.root.effects).toHaveLength(1);
  expect(tree.root.effects[0]).toMatchObject({ because: 'root leads to a', finding: { id: 'a' } });
  expect(tree.root.effects[0]!.effects.map((node) => node.finding.id)).toEqual(['b']);
  expect(tree.also).toEqual([]);
});

test('symptoms without a hop are told apart, and those that are not known are left out', () => {
  const tree = causeTree(cause([['root', 'gone']], ['gone', 'c']), [finding('root'), finding('c')])!;
  expect(tree.root.effects).toEqual([]);
  expect(tree.also.map(({ id }) => id)).toEqual(['c']);
  expect(causeTree(cause([], []), [])).toBeUndefined();
});

test('an article is named by its address', () => {
  expect(articleName('/problems/website-down/#connection-refused')).toBe('website down');
});
