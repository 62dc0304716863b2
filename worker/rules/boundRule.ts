// A rule from one row: one metric, one bound to raise and another to clear, a number of samples in a row.
import { conditionOf, gaugeOf } from '#core/conditions/index.ts';
import type { Gauge } from '#core/conditions/condition.ts';
import type { Evidence, Finding, FindingBound, Subject } from '#core/diagnosis.ts';
import { findingKey } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { Severity } from '#core/severity.ts';
import { beyond, boundOf, isCritical, normalOf } from './boundOf.ts';
import { cgroupSubject, evidence, makeFinding, needed, pictureOf, serverSubject } from './finding.ts';
import type { Picture, Rule, RuleState } from './rule.ts';
import { currentRun } from './series.ts';

/** What a row adds to its condition, which has the numbers. */
export interface BoundRow {
  id: RuleId;
  /** Severity beyond the raise bound, which may be a server's own; the catalogue's when left out. */
  severity?: Severity | ((picture: Picture, value: number, raise: number) => Severity | undefined);
  /** The entity's name from the series' subject, where they differ. */
  name?(subject: string): string;
  /** What was looked at, in words. */
  what: string;
  /** What would be normal, where it is not just the side of the bound where it ends. */
  normal?: string;
  /** The condition is for one of these, where it is not for the machine as it is. */
  times?(picture: Picture): number;
  /** Further conditions; the evidence they return joins the finding. `false`: the rule does not apply. */
  only?(picture: Picture, subject: string): boolean | Evidence[];
  /** One sentence with the number and the entity's name. */
  summary(value: string, subject: string, picture: Picture): string;
}

/** A row with its condition: what the rule does. */
export type Bound = BoundRow &
  Omit<Gauge, 'metric'> & { metric: MetricName; kind: Subject['kind']; normal: string };

/** A row beside the first bound of its condition, which is on a series. */
export function boundRow(row: BoundRow): Bound {
  const { metric, ...gauge } = gaugeOf(row.id);
  const normal = row.normal ?? normalOf(boundOf({ overrides: {} }, row.id));
  return { ...gauge, ...row, metric: metric as MetricName, kind: conditionOf(row.id)!.entity[0]!, normal };
}

/** Turns a row of the table into a rule. */
export function boundRule(row: Bound): Rule {
  return {
    id: row.id,
    find(picture, state) {
      const subjects = picture.subjects(row.metric);
      if (subjects.length === 0) return [];
      const bound = boundOf(state, row.id, { metric: row.metric, times: row.times?.(picture) });
      return subjects.flatMap((subject) => findOne(row, bound, picture, state, subject));
    },
  };
}

function findOne(
  row: Bound,
  bound: FindingBound,
  picture: Picture,
  state: RuleState,
  subject: string,
): Finding[] {
  const last = picture.newest(row.metric, subject);
  if (!last) return [];
  if (row.slow ? picture.at - last[0] > 26 * 3600 : last[0] < picture.readAt(row.metric)) return [];

  const entity: Subject =
    row.kind === 'server'
      ? serverSubject(picture)
      : row.kind === 'cgroup'
        ? cgroupSubject(picture, subject)
        : { kind: row.kind, name: row.name?.(subject) ?? subject };
  const active = state.active.has(findingKey({ id: row.id, subject: entity }));
  const oneReport = picture.reports < 3 && !row.slow;
  if (oneReport && row.single === 'never') return [];
  const limit = oneReport && typeof row.single === 'number' && !bound.own ? row.single : bound.raise;
  const isRaised = beyond(bound, limit);
  // What is not beyond its bound now and was not active needs no look at what came before.
  if (!active && !isRaised(last[1])) return [];
  const points = picture.series(row.metric, subject);
  const run = currentRun(
    points,
    isRaised,
    beyond(bound, bound.clear),
    row.slow && points.filter(([at]) => at > picture.at - 900).length < 3
      ? 1
      : needed(picture, bound.samples),
    active,
  );
  if (!run) return [];
  const then = pictureOf(picture, run.at);
  const more = row.only?.(then, subject) ?? true;
  if (more === false) return [];

  const { unit } = bound;
  const value = formatValue(run.value, unit);
  return [
    makeFinding(picture, row.id, {
      subject: entity,
      since: run.since,
      severity: isCritical(bound, run.value)
        ? 'critical'
        : typeof row.severity === 'function'
          ? row.severity(picture, run.value, bound.raise)
          : row.severity,
      bound,
      confidence: picture.reports >= 3 ? 0.95 : (row.single ?? 'level') === 'level' ? 0.8 : 0.6,
      summary: row.summary(value, entity.kind === 'server' ? '' : entity.name, then),
      evidence: [
        evidence(
          row.what,
          run.value,
          unit,
          subject ? `${row.metric}{${subject}}` : row.metric,
          bound.own || row.times ? normalOf(bound) : row.normal,
        ),
        ...(Array.isArray(more) ? more : []),
      ],
    }),
  ];
}
