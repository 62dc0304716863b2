import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { interned, internStrings } from './interned.ts';

test('what is taken from a long text does not keep it', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const megabytesKept = (take: (text: string) => string) => {
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 60 }, (_, number) =>
      take(Buffer.alloc(1_000_000, `line ${number} `).toString('utf8').slice(100, 140)),
    );
    collect();
    const after = process.memoryUsage().heapUsed;
    expect(new Set(kept).size).toBeGreaterThan(50);
    return (after - before) / 1e6;
  };
  expect(
    megabytesKept((text) => text),
    'as V8 does it',
  ).toBeGreaterThan(40);
  expect(megabytesKept(interned)).toBeLessThan(10);
});

test('a tree is the same tree, with the same content', () => {
  const make = () => ({
    name: '/system.slice/nginx-ü.service',
    list: ['a-long-name-in-a-list', 7, null, { deep: 'another-long-name-below' }],
    none: undefined,
    yes: true,
  });
  const tree = make();
  expect(internStrings(tree)).toBe(tree);
  expect(tree).toEqual(make());
  expect(internStrings('a-plain-string-is-fine-too')).toBe('a-plain-string-is-fine-too');
});
