// The blind round: machines and faults written down, with what must be said of them, by somebody who had not read the rules.
import { scenarioOf, type CaseScenario } from '../case.ts';
import { recordedScenarios, strangersFolder } from '../../recorded.ts';
import { hardwareStrangers } from './hardware.ts';
import { kernelStrangers } from './kernel.ts';
import { securityStrangers } from './security.ts';
import { serviceStrangers } from './services.ts';
import { strangerControls } from './controls.ts';
import { twistedStrangers } from './twisted.ts';

/** Reports written as the agent of such a machine would write them. */
export const strangers: readonly CaseScenario[] = [
  ...hardwareStrangers,
  ...kernelStrangers,
  ...serviceStrangers,
  ...securityStrangers,
  ...twistedStrangers,
  ...strangerControls,
].map(scenarioOf);

/** Reports of the real agent on a real kernel (bench/live/strangers.ts). */
export const recordedStrangers = (): CaseScenario[] => recordedScenarios(strangersFolder);
