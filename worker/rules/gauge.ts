// A gauge against its bounds: raise and clear apart, samples in a row, what a person set instead.
import { findingKey, type FindingBound, type Subject } from '#core/diagnosis.ts';
import { metric, type MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { needed } from './finding.ts';
import type { Picture, RuleState } from './rule.ts';
import { currentRun, type Run } from './series.ts';

export interface Gauge {
  id: RuleId;
  /** The entity of the finding, for hysteresis. */
  entity: Subject;
  metric: MetricName;
  /** Subject of the series. */
  of?: string;
  side?: 'above' | 'below';
  raise: number;
  clear: number;
  samples?: number;
  /** The stricter bound that a rate over one second must pass; `never`: one report proves nothing. */
  single?: number | 'never';
}

/** A run and the bound that it is beyond, for whoever wants to set another one. */
export interface BoundedRun extends Run {
  bound: FindingBound;
}

/** The run of a gauge beyond its bounds now, or undefined. Not part of the newest report: undefined. */
export function gauge(picture: Picture, state: RuleState, g: Gauge): BoundedRun | undefined {
  const { of = '', side = 'above', samples = 3 } = g;
  const latest = picture.latest(g.metric, of);
  if (latest === undefined) return undefined;
  const few = picture.reports < 3;
  if (few && g.single === 'never') return undefined;
  const set = state.overrides[g.id];
  const override = set?.metric === undefined || set.metric === g.metric ? set : undefined;
  const raise = override?.raise ?? (few && typeof g.single === 'number' ? g.single : g.raise);
  const clear = override?.clear ?? (override?.raise === undefined ? g.clear : override.raise);
  const beyond = (limit: number) => (v: number) => (side === 'above' ? v > limit : v < limit);
  const active = isActive(state, g.id, g.entity);
  // What is not beyond its bound now and was not active needs no look at what came before.
  if (!active && !beyond(raise)(latest)) return undefined;
  const run = currentRun(
    picture.series(g.metric, of),
    beyond(raise),
    beyond(clear),
    needed(picture, override?.samples ?? samples),
    active,
  );
  const { unit } = metric(g.metric);
  const bound = { metric: g.metric, side, unit, raise, clear, samples: override?.samples ?? samples };
  return run && { ...run, bound: override ? { ...bound, own: true } : bound };
}

export function isActive(state: RuleState, id: RuleId, subject: Subject): boolean {
  return state.active.has(findingKey({ id, subject }));
}
