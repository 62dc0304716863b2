// The live round of callers: faults and healthy machines written down, with their answers, by somebody who had not read the rules.
import type { LiveScenario } from '../liveScenario.ts';
import { controlCallers } from './controls.ts';
import { databaseCallers } from './databases.ts';
import { networkCallers } from './network.ts';
import { serviceCallers } from './services.ts';
import { storageCallers } from './storage.ts';
import { webCallers } from './web.ts';

export const callers: readonly LiveScenario[] = [
  ...webCallers,
  ...databaseCallers,
  ...serviceCallers,
  ...storageCallers,
  ...networkCallers,
  ...controlCallers,
].map((scenario) => ({ spacing: 5, after: 7, ...scenario }));
