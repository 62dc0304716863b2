// Which looks change nothing: most of them, so that they must cost next to nothing.
import { confirmationsOfFlapping, type Evaluation, evaluationSchema } from './evaluate.ts';

/**
 * Whether a good look of this region cannot change the evaluation of a monitor that is up: it was good here often enough in a row, no
 * region is in trouble, nothing changed lately. Looks at the stored JSON as it is, without the cost of checking it.
 */
export function isCalm(stored: unknown, region: string, heard: readonly string[]): boolean {
  const { regions, changes, flapping, failingRegions } = (stored ?? {}) as Partial<Evaluation>;
  const record = regions?.[region];
  return (
    record?.grade === 'good' &&
    !record.blind &&
    record.streak >= confirmationsOfFlapping &&
    flapping === false &&
    changes?.length === 0 &&
    failingRegions?.length === 0 &&
    Object.keys(regions!).every((name) => heard.includes(name))
  );
}

/** An evaluation without what moves by itself: times, rows longer than are ever asked for, the words of looks. */
export function essence(evaluation: unknown): string {
  const parsed = evaluationSchema.safeParse(evaluation);
  if (!parsed.success) return '';
  const regions = Object.entries(parsed.data.regions).map(
    ([name, { streak, grade, blind, code, summary }]) => [
      name,
      Math.min(streak, confirmationsOfFlapping),
      grade,
      blind,
      code,
      grade === 'good' || blind ? '' : summary.replaceAll(/\d+/g, '0'),
    ],
  );
  return JSON.stringify([regions.sort(), { ...parsed.data, regions: 0, details: 0 }]);
}
