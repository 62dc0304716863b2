// A fourth round of trees: every third problem of the catalogue, each on another system, release and architecture.
import type { Tree } from '../box.ts';
import { house } from './house.ts';
import { lines } from './lines.ts';
import { load } from './load.ts';
import { others } from './others.ts';
import { quiet } from './quiet.ts';
import { stores } from './stores.ts';
import { twice } from './twice.ts';
import { works } from './works.ts';

export const thirds: readonly Tree[] = [
  ...load,
  ...stores,
  ...lines,
  ...works,
  ...house,
  ...twice,
  ...others,
  ...quiet,
];
