// A second round of trees: other distributions, kernels and versions of tools, with the crowd of a real server around the fault.
import type { Tree } from '../box.ts';
import { drives } from './drives.ts';
import { fourth } from './fourth.ts';
import { offices } from './offices.ts';
import { pairs } from './pairs.ts';
import { processor } from './processor.ts';
import { safety } from './safety.ts';
import { second } from './second.ts';
import { space } from './space.ts';
import { third } from './third.ts';
import { well } from './well.ts';
import { wires } from './wires.ts';

export const abroad: readonly Tree[] = [
  ...processor,
  ...space,
  ...drives,
  ...wires,
  ...offices,
  ...safety,
  ...pairs,
  ...well,
  ...second,
  ...third,
  ...fourth,
];
