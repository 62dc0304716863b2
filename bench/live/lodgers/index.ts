// The live round of lodgers: faults and healthy machines written down, with their answers, before the product saw them.
import type { LiveScenario } from '../liveScenario.ts';
import { webLodgers } from './web.ts';

export const lodgers: readonly LiveScenario[] = [...webLodgers].map((scenario) => ({
  spacing: 5,
  after: 7,
  ...scenario,
}));
