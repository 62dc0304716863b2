// A rule from one row: one metric, one bound to raise and another to clear, a number of samples in a row.
import type { Evidence, Finding, Subject } from '#core/diagnosis.ts';
import { findingKey } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { metric, type MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { Severity } from '#core/severity.ts';
import { cgroupSubject, evidence, makeFinding, needed, pictureOf, serverSubject } from './finding.ts';
import type { Picture, Rule, RuleState } from './rule.ts';
import { currentRun } from './series.ts';

export interface Bound {
  id: RuleId;
  metric: MetricName;
  side: 'above' | 'below';
  raise: number;
  /** Where a raised finding ends; the gap to `raise` keeps it from flapping. */
  clear: number;
  /** Beyond this it is critical, whatever the severity below. */
  critical?: number;
  /** Severity beyond the raise bound, which may be a server's own; the catalogue's when left out. */
  severity?: Severity | ((picture: Picture, value: number, raise: number) => Severity | undefined);
  /** Samples in a row beyond the raise bound. */
  samples: number;
  /**
   * What one report can say. `level`: a reading is as good as many (space, counts) or a mean of a minute (PSI); a number: the stricter
   * bound that a rate over one second must pass; `never`: one report proves nothing.
   */
  single: 'level' | 'never' | number;
  /** Read hourly or daily: the newest value counts, however old. */
  slow?: boolean;
  kind: Subject['kind'];
  /** The entity's name from the series' subject, where they differ. */
  name?(subject: string): string;
  /** What was looked at, in words. */
  what: string;
  normal: string;
  /** Source of the threshold. ND Netdata, NM node-mixin, APA awesome-prometheus-alerts, ZBX Zabbix, OWN a judgement of ours. */
  source: string;
  /** Further conditions; the evidence they return joins the finding. `false`: the rule does not apply. */
  only?(picture: Picture, subject: string): boolean | Evidence[];
  /** One sentence with the number and the entity's name. */
  summary(value: string, subject: string, picture: Picture): string;
}

/** Turns a row of the table into a rule. */
export function boundRule(bound: Bound): Rule {
  return {
    id: bound.id,
    find: (picture, state) =>
      picture.subjects(bound.metric).flatMap((subject) => findOne(bound, picture, state, subject)),
  };
}

function findOne(bound: Bound, picture: Picture, state: RuleState, subject: string): Finding[] {
  const override = state.overrides[bound.id];
  const raise = override?.raise ?? bound.raise;
  const clear = override?.clear ?? (override?.raise === undefined ? bound.clear : override.raise);
  const critical = override?.critical ?? bound.critical;
  const samples = override?.samples ?? bound.samples;
  const above = bound.side === 'above';
  const beyond = (limit: number) => (value: number) => (above ? value > limit : value < limit);

  const last = picture.newest(bound.metric, subject);
  if (!last) return [];
  if (bound.slow ? picture.at - last[0] > 26 * 3600 : last[0] < picture.readAt(bound.metric)) return [];

  const entity: Subject =
    bound.kind === 'server'
      ? serverSubject(picture)
      : bound.kind === 'cgroup'
        ? cgroupSubject(picture, subject)
        : { kind: bound.kind, name: bound.name?.(subject) ?? subject };
  const active = state.active.has(findingKey({ id: bound.id, subject: entity }));
  const oneReport = picture.reports < 3 && !bound.slow;
  if (oneReport && bound.single === 'never') return [];
  const limit =
    oneReport && typeof bound.single === 'number' && override?.raise === undefined ? bound.single : raise;
  // What is not beyond its bound now and was not active needs no look at what came before.
  if (!active && !beyond(limit)(last[1])) return [];
  const points = picture.series(bound.metric, subject);
  const run = currentRun(
    points,
    beyond(limit),
    beyond(clear),
    bound.slow && points.filter(([at]) => at > picture.at - 900).length < 3 ? 1 : needed(picture, samples),
    active,
  );
  if (!run) return [];
  const then = pictureOf(picture, run.at);
  const more = bound.only?.(then, subject) ?? true;
  if (more === false) return [];

  const unit = metric(bound.metric).unit;
  const value = formatValue(run.value, unit);
  const isCritical = critical !== undefined && beyond(critical)(run.value);
  return [
    makeFinding(picture, bound.id, {
      subject: entity,
      since: run.since,
      severity: isCritical
        ? 'critical'
        : typeof bound.severity === 'function'
          ? bound.severity(picture, run.value, raise)
          : bound.severity,
      bound: {
        metric: bound.metric,
        side: bound.side,
        unit,
        raise,
        clear,
        ...(critical === undefined ? {} : { critical }),
        samples,
        ...(override ? { own: true } : {}),
      },
      confidence: picture.reports >= 3 ? 0.95 : bound.single === 'level' ? 0.8 : 0.6,
      summary: bound.summary(value, entity.kind === 'server' ? '' : entity.name, then),
      evidence: [
        evidence(
          bound.what,
          run.value,
          unit,
          subject ? `${bound.metric}{${subject}}` : bound.metric,
          override
            ? `${above ? 'below' : 'above'} ${formatValue(clear, unit)}, as set for this server`
            : bound.normal,
        ),
        ...(Array.isArray(more) ? more : []),
      ],
    }),
  ];
}
