// The round of travellers: all areas of the catalogue, written down before any rule was read or any answer seen.
import { scenarioOf, type CaseScenario } from '../case.ts';
import { thirdTravellers } from './third.ts';
import { travellerControls } from './controls.ts';
import { databaseTravellers } from './databases.ts';
import { hardwareTravellers } from './hardware.ts';
import { mailAndContainerTravellers } from './mailAndContainers.ts';
import { processorTravellers } from './processor.ts';
import { serviceTravellers } from './services.ts';
import { secondTravellers } from './second.ts';
import { tangledTravellers } from './tangled.ts';
import { upkeepTravellers } from './upkeep.ts';
import { webTravellers } from './web.ts';

export const travellers: readonly CaseScenario[] = [
  ...webTravellers,
  ...databaseTravellers,
  ...mailAndContainerTravellers,
  ...processorTravellers,
  ...serviceTravellers,
  ...upkeepTravellers,
  ...hardwareTravellers,
  ...tangledTravellers,
  ...travellerControls,
].map(scenarioOf);

/** Written, like the others, before they were seen, but after what those had shown was mended. */
export const laterTravellers: readonly CaseScenario[] = [...secondTravellers, ...thirdTravellers].map(
  scenarioOf,
);
