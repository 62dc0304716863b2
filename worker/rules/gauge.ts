// A gauge against its bounds: raise and clear apart, samples in a row, what a person set instead.
import { findingKey, type FindingBound, type Subject } from '#core/diagnosis.ts';
import { gaugeOf } from '#core/conditions/index.ts';
import type { MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { beyond, boundOf } from './boundOf.ts';
import { needed } from './finding.ts';
import type { Picture, Point, RuleState } from './rule.ts';
import { currentRun, type Run } from './series.ts';

export interface GaugeAsk {
  id: RuleId;
  /** The entity of the finding, for hysteresis. */
  entity: Subject;
  /** Which bound of the rule's condition; the first one when left out. */
  metric?: MetricName;
  /** Subject of the series. */
  of?: string;
  /** In place of the series: what was computed from it, or the one value of a fact. The newest is that of now. */
  points?: readonly Point[];
  /** The condition is for one of these (cores). */
  times?: number;
  /** What the machine itself says, in place of the condition's numbers. */
  raise?: number;
  clear?: number;
  /** The stricter bound of one report, where it follows from such a number. */
  single?: number;
}

/** A run and the bound that it is beyond, for whoever wants to set another one. */
export interface BoundedRun extends Run {
  bound: FindingBound;
}

/** The run of a gauge beyond its bounds now, or undefined. Not part of the newest report: undefined. */
export function gauge(picture: Picture, state: RuleState, ask: GaugeAsk): BoundedRun | undefined {
  const condition = gaugeOf(ask.id, ask.metric);
  const metric = condition.metric as MetricName;
  const latest = ask.points ? ask.points.at(-1)?.[1] : picture.latest(metric, ask.of ?? '');
  if (latest === undefined) return undefined;
  const few = picture.reports < 3;
  if (few && condition.single === 'never') return undefined;
  const set = boundOf(state, ask.id, ask);
  // A fact has no series: asked for at several reports in a row, it would never be told.
  const bound = ask.points?.length === 1 && condition.samples === 1 ? { ...set, samples: 1 } : set;
  const single = ask.single ?? condition.single;
  const isRaised = beyond(bound, few && typeof single === 'number' && !bound.own ? single : bound.raise);
  const active = isActive(state, ask.id, ask.entity);
  // What is not beyond its bound now and was not active needs no look at what came before.
  if (!active && !isRaised(latest)) return undefined;
  const points = ask.points ?? picture.series(metric, ask.of ?? '');
  const run = currentRun(
    points,
    isRaised,
    beyond(bound, bound.clear),
    Math.max(1, needed(picture, bound.samples) - Number(startsLater(picture, points, bound.samples))),
    active,
  );
  return run && { ...run, bound };
}

/**
 * Whether a series lacks the first of the few reports that there are: a rate over two reports needs the one before. So it is where the
 * counters stand still within a report; nobody has to wait longer for that.
 */
function startsLater({ times, reports }: Picture, points: readonly Point[], samples: number): boolean {
  return reports <= samples && points.length === reports - 1 && points[0]?.[0] === times?.[1];
}

/** A value of the newest report alone, which has no series: a fact. */
export function now({ at }: Picture, value: number): readonly Point[] {
  return [[at, value]];
}

export function isActive(state: RuleState, id: RuleId, subject: Subject): boolean {
  return state.active.has(findingKey({ id, subject }));
}
