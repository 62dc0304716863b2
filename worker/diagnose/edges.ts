// The causal graph: every edge demands evidence from the picture. Acyclic (tested). What the reports cannot show never holds.
import type { Edge } from './edge.ts';
import { backupEdges } from './edgesBackup.ts';
import { changeEdges } from './edgesChanges.ts';
import { cpuEdges } from './edgesCpu.ts';
import { diskEdges } from './edgesDisk.ts';
import { driveEdges } from './edgesDrives.ts';
import { fullDiskEdges } from './edgesFullDisk.ts';
import { killEdges } from './edgesKills.ts';
import { memoryShortEdges } from './edgesMemoryShort.ts';
import { memoryTakenEdges } from './edgesMemoryTaken.ts';
import { nameEdges } from './edgesNames.ts';
import { networkEdges } from './edgesNetwork.ts';
import { outsideEdges, toServices } from './edgesOutside.ts';
import { serviceEdges } from './edgesServices.ts';
import { siteEdges } from './edgesSites.ts';
import { spaceEdges } from './edgesSpace.ts';
import { systemEdges } from './edgesSystem.ts';
import { twoSidesEdges } from './edgesTwoSides.ts';
import { upkeepEdges } from './edgesUpkeep.ts';
import { volumeEdges } from './edgesVolumes.ts';
import { webEdges } from './edgesWeb.ts';

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

export const edges: readonly Edge[] = [...within, ...ofMemory, ...toServices(within), ...outsideEdges];
