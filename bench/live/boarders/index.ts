// The live round of boarders: faults and healthy machines written down, with their answers, before the product saw them.
import type { LiveScenario } from '../liveScenario.ts';
import { controlBoarders } from './controls.ts';
import { databaseBoarders } from './databases.ts';
import { networkBoarders } from './network.ts';
import { processBoarders } from './processes.ts';
import { storageBoarders } from './storage.ts';
import { webBoarders } from './web.ts';

const faults = [
  ...processBoarders,
  ...storageBoarders,
  ...networkBoarders,
  ...webBoarders,
  ...databaseBoarders,
].map((scenario): LiveScenario => ({ full: 'hourly', ...scenario }));

export const boarders: readonly LiveScenario[] = [...faults, ...controlBoarders].map((scenario) => ({
  spacing: 5,
  after: 7,
  ...scenario,
}));
