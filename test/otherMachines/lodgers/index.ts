// The live round of lodgers: faults on a real kernel, written down with what must be said of them before the product saw them
// (bench/live/lodgers).
import { lodgersFolder, recordedScenario, recordedSlugs } from '../../recorded.ts';
import type { CaseScenario } from '../case.ts';

/** What is known of a recording since it was judged. */
const since: Record<string, Pick<CaseScenario, 'atFirst' | 'notes' | 'chain'>> = {};

export const lodgers: readonly CaseScenario[] = recordedSlugs(lodgersFolder).map((slug) => ({
  ...recordedScenario(slug, lodgersFolder),
  ...since[slug],
}));
