// Cases on machines of others. What each must say was written down before the product saw it; see bench:diagnosis for how it did.
import { scenarioOf, type CaseScenario } from './case.ts';
import { controlCases } from './controls.ts';
import { hardwareCases } from './hardware.ts';
import { lastControlCases } from './lastControls.ts';
import { memoryCases } from './memory.ts';
import { mixedCases } from './mixed.ts';
import { moreControlCases } from './moreControls.ts';
import { serviceCases } from './services.ts';
import { storageCases } from './storage.ts';
import { tangledCases } from './tangled.ts';
import { trafficCases } from './traffic.ts';
import { upkeepCases } from './upkeep.ts';

export const otherMachines: readonly CaseScenario[] = [
  ...memoryCases,
  ...storageCases,
  ...serviceCases,
  ...mixedCases,
  ...controlCases,
  ...hardwareCases,
  ...trafficCases,
  ...upkeepCases,
  ...moreControlCases,
  ...tangledCases,
  ...lastControlCases,
].map(scenarioOf);
