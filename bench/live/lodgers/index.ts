// The live round of lodgers: faults and healthy machines written down, with their answers, before the product saw them.
import type { LiveScenario } from '../liveScenario.ts';
import { controlLodgers } from './controls.ts';
import { databaseLodgers } from './databases.ts';
import { serviceLodgers } from './services.ts';
import { storageLodgers } from './storage.ts';
import { webLodgers } from './web.ts';

export const lodgers: readonly LiveScenario[] = [
  ...webLodgers,
  ...databaseLodgers,
  ...storageLodgers,
  ...serviceLodgers,
  ...controlLodgers,
].map((scenario) => ({ spacing: 5, after: 7, ...scenario }));
