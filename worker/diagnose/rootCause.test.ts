import { expect, it } from 'vitest';
import { type Finding, findingKey } from '#core/diagnosis.ts';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import type { Graph, Link } from './graph.ts';
import { toRootCause } from './rootCause.ts';
import type { Story } from './stories.ts';

const finding = (id: string): Finding => ({
  id,
  severity: 'warning',
  since: startOfTests,
  subject: { kind: 'server', name: 'web1' },
  summary: `${id} is so`,
  evidence: [],
  article: '',
  confidence: 1,
});
const [backup, leak, slow, load] = ['backup', 'leak', 'slow', 'load'].map(finding) as [Finding, ...Finding[]];
const [backupKey, slowKey, loadKey] = [backup, slow!, load!].map(findingKey) as [string, string, string];
const link = (cause: Finding, effect: Finding) =>
  ({
    cause: findingKey(cause),
    effect: findingKey(effect),
    weight: 0.5,
    because: 'it is',
    folds: true,
  }) as Link;

it('tells a symptom that two causes reach below the one that reaches it better, and nowhere else', () => {
  const folding = [link(backup, slow!), link(leak!, slow!), link(leak!, load!)];
  const nodes = new Map([backup, leak!, slow!, load!].map((one) => [findingKey(one), one]));
  const graph = { nodes, links: folding } as unknown as Graph;
  const story = (root: Finding, products: Record<string, number>) =>
    ({
      root,
      score: 0.45678,
      reached: new Map(Object.entries(products).map(([key, product]) => [key, { product }])),
    }) as unknown as Story;
  const stories = [story(backup, { [slowKey]: 0.9 }), story(leak!, { [slowKey]: 0.4, [loadKey]: 0.6 })];
  const [first, second] = stories.map((one) =>
    toRootCause(handmadePicture({}), graph, folding, one, stories, undefined),
  );
  expect(first).toMatchObject({ key: backupKey, symptoms: [slowKey], score: 0.457 });
  expect(first!.hops).toMatchObject([{ cause: backupKey, effect: slowKey }]);
  expect(second!.symptoms).toEqual([loadKey]);
  expect(second!.hops).toMatchObject([{ cause: findingKey(leak!), effect: loadKey }]);
});
