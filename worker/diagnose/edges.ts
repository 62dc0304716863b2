// The causal graph: every edge demands evidence from the picture. Acyclic (tested). What the reports cannot show never holds.
import type { Edge } from './edge.ts';
import { cpuEdges } from './edgesCpu.ts';
import { diskEdges } from './edgesDisk.ts';
import { fullDiskEdges } from './edgesFullDisk.ts';
import { memoryEdges } from './edgesMemory.ts';
import { networkEdges } from './edgesNetwork.ts';
import { outsideEdges, toServices } from './edgesOutside.ts';
import { serviceEdges } from './edgesServices.ts';
import { volumeEdges } from './edgesVolumes.ts';
import { webEdges } from './edgesWeb.ts';

const within = [
  ...memoryEdges,
  ...cpuEdges,
  ...diskEdges,
  ...fullDiskEdges,
  ...serviceEdges,
  ...volumeEdges,
  ...webEdges,
  ...networkEdges,
];

export const edges: readonly Edge[] = [...within, ...toServices(within), ...outsideEdges];
