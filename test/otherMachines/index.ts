// Cases on machines of others. What each must say was written down before the product saw it; see bench:diagnosis for how it did.
import { scenarioOf, type CaseScenario } from './case.ts';
import { controlCases } from './controls.ts';
import { memoryCases } from './memory.ts';
import { mixedCases } from './mixed.ts';
import { serviceCases } from './services.ts';
import { storageCases } from './storage.ts';

export const otherMachines: readonly CaseScenario[] = [
  ...memoryCases,
  ...storageCases,
  ...serviceCases,
  ...mixedCases,
  ...controlCases,
].map(scenarioOf);
