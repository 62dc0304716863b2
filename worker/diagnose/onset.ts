// When a fault began. What grows to its bound began before it was beyond it, and a misconfiguration hurts only since its first effect.
import type { Finding } from '#core/diagnosis.ts';
import { type MetricName, metrics } from '#core/metrics.ts';
import type { Picture, Point } from '#worker/rules/rule.ts';
import { within } from '#worker/rules/series.ts';
import { isSeenLate } from './graph.ts';

const day = 86_400;

/** Epoch seconds at which the trouble of a story began, as far as the reports show; never later than its root was found. */
export function onsetOf(picture: Picture, root: Finding, symptoms: readonly Finding[]): number {
  const before = symptoms.filter(({ since }) => root.latent || (isSeenLate(root.id) && since <= root.since));
  const told = root.latent && before.length > 0 ? before : [root, ...before];
  const found = told.map(({ since, evidence }) => risenSince(picture, evidence[0]?.source ?? '', since));
  // Who is killed for lack of memory dies of what went before.
  if (root.id === 'mem.oom_kill') found.push(risenSince(picture, 'mem.available', root.since));
  return Math.min(...found);
}

/**
 * Since when the value that a finding is about has gone to where it was found, at about one pace: from the last moment within a twentieth
 * of the way. A step, a swing and what has no series began when they were found.
 */
function risenSince(picture: Picture, source: string, since: number): number {
  const [, metric = '', subject = ''] = /^([a-z0-9_.]+)(?:\{(.+)\})?$/.exec(source) ?? [];
  if (!Object.hasOwn(metrics, metric)) return since;
  const points = within(picture.series(metric as MetricName, subject), since - day, since);
  const end = points.at(-1)?.[1];
  if (end === undefined || points.length < 6) return since;
  const values = points.map(([, value]) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const rises = end - least > most - end;
  const whole = rises ? end - least : end - most;
  if (whole === 0) return since;
  const part = (point: Point) => (point[1] - (end - whole)) / whole;
  const run = points.slice(points.findLastIndex((point) => part(point) <= 0.05));
  const steady = [0.25, 0.5, 0.75].every(
    (way) => Math.abs(part(run[Math.round(way * (run.length - 1))]!) - way) < 0.25,
  );
  return run.length >= 6 && steady ? Math.min(since, run[1]![0]) : since;
}
