// The round of visitors: network, services and security, by somebody who had not read the rules.
import { scenarioOf, type CaseScenario } from '../case.ts';
import { visitorControls } from './controls.ts';
import { knottedVisitors } from './knotted.ts';
import { lateVisitors } from './late.ts';
import { networkVisitors } from './network.ts';
import { securityVisitors } from './security.ts';
import { serviceVisitors } from './services.ts';

export const visitors: readonly CaseScenario[] = [
  ...networkVisitors,
  ...serviceVisitors,
  ...securityVisitors,
  ...visitorControls,
  ...lateVisitors,
  ...knottedVisitors,
].map(scenarioOf);
