// The round as scenarios: what each tree must give, and the reports that the agent made of it, so that a replay needs no agent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseScenario } from '../otherMachines/case.ts';
import { unpack } from '../recorded.ts';
import type { Tree } from './box.ts';
import { trees } from './index.ts';

export function recordingOf({ name }: Tree): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  return join(import.meta.dirname, 'recorded', `${words.slice(0, 7).join('-')}.br`);
}

export const treeMachines: readonly CaseScenario[] = trees.map((tree) => ({
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
}));
