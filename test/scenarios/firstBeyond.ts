// When the data first showed a fault: the first report from its onset on in which a value of it was beyond its bound. One look is enough
// here, however many in a row the rule asks for, so that what the rules wait is counted as waiting.
import type { Finding } from '#core/diagnosis.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Picture, Point } from '#worker/rules/rule.ts';
import { trends } from './trends.ts';

/** Epoch seconds of the first value beyond a bound of any of the findings; undefined when none of them ever was. */
export function firstBeyond(
  picture: Picture,
  findings: Iterable<Finding>,
  onset: number,
): number | undefined {
  const moments = [...findings]
    .filter((f) => !f.latent && f.severity !== 'info' && !trends.has(f.id))
    .map((f) => momentOf(picture, f, onset));
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function momentOf(picture: Picture, finding: Finding, onset: number): number {
  const { bound } = finding;
  const began = Math.max(finding.since, onset);
  if (!bound) return began;
  const name = bound.metric as MetricName;
  // What is free is bounded, what is used is measured.
  const [side, raise] = name === 'fs.used_percent' ? ['above', 100 - bound.raise] : [bound.side, bound.raise];
  const beyond = ([at, value]: Point) => at >= onset && (side === 'above' ? value > raise : value < raise);
  const shown = new Set(finding.evidence.map(({ source }) => source));
  const crossed = picture
    .subjects(name)
    .filter((of) => shown.has(of ? `${name}{${of}}` : name))
    .flatMap((of) => picture.series(name, of).find(beyond)?.[0] ?? []);
  return Math.min(began, ...crossed);
}
