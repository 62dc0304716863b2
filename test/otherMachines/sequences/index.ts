// Sequences of 16 to 60 reports of one server, in which something healthy becomes ill, written down before the product saw them.
import { laterHealthy, laterSequences } from './later.ts';
import { memorySequences } from './memory.ts';
import { healthySequences, unknownSequences } from './others.ts';
import { processorSequences } from './processor.ts';
import { scenarioOfSequence, type SequenceScenario } from './sequence.ts';
import { serviceSequences } from './services.ts';
import { storageSequences } from './storage.ts';
import { thirdOthers, thirdSequences } from './third.ts';

export const sequences: readonly SequenceScenario[] = [
  ...memorySequences,
  ...storageSequences,
  ...processorSequences,
  ...serviceSequences,
  ...healthySequences,
  ...unknownSequences,
].map(scenarioOfSequence);

export const moreSequences: readonly SequenceScenario[] = [
  ...laterSequences,
  ...laterHealthy,
  ...thirdSequences,
  ...thirdOthers,
].map(scenarioOfSequence);
