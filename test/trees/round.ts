// The round as scenarios: what each tree must give, and the reports that the agent made of it, so that a replay needs no agent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseScenario } from '../otherMachines/case.ts';
import { unpack } from '../recorded.ts';
import type { Tree } from './box.ts';
import { abroad } from './abroad/index.ts';
import { elsewhere } from './elsewhere/index.ts';
import { trees } from './index.ts';
import { thirds } from './thirds/index.ts';

const rounds: readonly [folder: string, of: readonly Tree[]][] = [
  ['abroad', abroad],
  ['elsewhere', elsewhere],
  ['thirds', thirds],
];

/** Where the reports of a tree lie: beside those of its round. */
export function recordingOf(tree: Tree): string {
  const { name } = tree;
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  return join(
    import.meta.dirname,
    rounds.find(([, of]) => of.includes(tree))?.[0] ?? '',
    'recorded',
    `${words.slice(0, 7).join('-')}.br`,
  );
}

const asMachine = (tree: Tree): CaseScenario => ({
  name: tree.name,
  kind: tree.kind,
  step: tree.every ?? 60,
  onset: tree.onset ?? 0,
  roots: tree.roots,
  ...(tree.notes && { notes: tree.notes }),
  ...(tree.chain && { chain: tree.chain }),
  ...(tree.atFirst && { atFirst: tree.atFirst }),
  get texts() {
    return unpack(readFileSync(recordingOf(tree))).texts;
  },
});

export const treeMachines: readonly CaseScenario[] = trees.map(asMachine);
export const treesAbroad: readonly CaseScenario[] = abroad.map(asMachine);
export const treesElsewhere: readonly CaseScenario[] = elsewhere.map(asMachine);
export const treesOfThirds: readonly CaseScenario[] = thirds.map(asMachine);
