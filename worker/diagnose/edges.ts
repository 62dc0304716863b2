// The causal graph: every edge demands evidence from the picture. Acyclic (tested). What the reports cannot show never holds.
import type { Edge } from './edge.ts';
import { cpuDiskEdges } from './edgesCpuDisk.ts';
import { memoryEdges } from './edgesMemory.ts';
import { outsideEdges, toServices } from './edgesOutside.ts';
import { serviceEdges } from './edgesServices.ts';

export const edges: readonly Edge[] = [
  ...memoryEdges,
  ...cpuDiskEdges,
  ...serviceEdges,
  ...toServices([...memoryEdges, ...cpuDiskEdges, ...serviceEdges]),
  ...outsideEdges,
];
