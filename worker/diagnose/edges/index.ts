// The causal graph: every edge demands evidence from the picture. Acyclic (tested). What the reports cannot show never holds.
import { backupEdges } from './backup.ts';
import { changeEdges } from './changes.ts';
import { cpuEdges } from './cpu.ts';
import { dependentEdges } from './dependents.ts';
import { diskEdges } from './disk.ts';
import { driveEdges } from './drives.ts';
import type { Edge } from './edge.ts';
import { fullDiskEdges } from './fullDisk.ts';
import { killEdges } from './kills.ts';
import { memoryShortEdges } from './memoryShort.ts';
import { memoryTakenEdges } from './memoryTaken.ts';
import { nameEdges } from './names.ts';
import { networkEdges } from './network.ts';
import { outsideEdges, toMute, toServices } from './outside.ts';
import { serviceEdges } from './services.ts';
import { siteEdges } from './sites.ts';
import { spaceEdges } from './space.ts';
import { systemEdges } from './system.ts';
import { twoSidesEdges } from './twoSides.ts';
import { upkeepEdges } from './upkeep.ts';
import { volumeEdges } from './volumes.ts';
import { webEdges } from './web.ts';

const within = [
  ...memoryTakenEdges,
  ...memoryShortEdges,
  ...killEdges,
  ...cpuEdges,
  ...backupEdges,
  ...driveEdges,
  ...diskEdges,
  ...spaceEdges,
  ...fullDiskEdges,
  ...serviceEdges,
  ...dependentEdges,
  ...siteEdges,
  ...changeEdges,
  ...systemEdges,
  ...nameEdges,
  ...upkeepEdges,
  ...volumeEdges,
  ...webEdges,
  ...networkEdges,
  ...twoSidesEdges,
];

/** Memory that is nearly gone is seen as its forecast before, and as its end at once: each cause of the one is a cause of the others. */
const ofMemory = (['mem.time_to_exhaust', 'mem.critical'] as const).flatMap((effect) =>
  within
    .filter((one) => one.effect === 'mem.low' && one.cause !== effect)
    .filter(({ cause }) => !within.some((one) => one.cause === cause && one.effect === effect))
    .map((one): Edge => ({ ...one, effect })),
);

export const edges: readonly Edge[] = [
  ...within,
  ...ofMemory,
  ...toServices(within),
  ...toMute(within),
  ...outsideEdges,
];
