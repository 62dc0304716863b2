// The bound that holds for a server: that of the rule's condition, or what a person set in its place.
import type { Gauge } from '#core/conditions/condition.ts';
import { gaugeOf, unitOf } from '#core/conditions/index.ts';
import type { FindingBound } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { metrics, type MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { RuleState } from './rule.ts';

interface Which {
  /** Of a rule with several bounds: which one; the first when left out. */
  metric?: Gauge['metric'];
  /** The condition is for one of these: cores, the usual rate. The bound is then for all of them, in the unit of the series. */
  times?: number;
  /** What the machine itself says, in place of the condition's numbers: the limit of a sensor. In the unit of the series. */
  raise?: number;
  clear?: number;
}

export function boundOf(
  { overrides }: Pick<RuleState, 'overrides'>,
  id: RuleId,
  which: Which = {},
): FindingBound {
  const gauge = gaugeOf(id, which.metric);
  const { metric, side, samples } = gauge;
  const { times = 1 } = which;
  const usual = {
    raise: which.raise ?? gauge.raise * times,
    clear: which.clear ?? gauge.clear * times,
    critical: gauge.critical === undefined ? undefined : gauge.critical * times,
  };
  const unit =
    (which.times ?? which.raise) === undefined
      ? unitOf(gauge)
      : (metrics[metric as MetricName]?.unit ?? unitOf(gauge));
  const set = overrides[id];
  const own = set && (set.metric === undefined || set.metric === metric) ? set : undefined;
  const raise = own?.raise ?? usual.raise;
  // A bound of one's own that lies beyond what is critical by default means that it is not.
  const critical =
    own?.critical ??
    (usual.critical === undefined || (side === 'above' ? usual.critical < raise : usual.critical > raise)
      ? undefined
      : usual.critical);
  return {
    metric,
    side,
    unit,
    raise,
    clear: own?.clear ?? (own?.raise === undefined ? usual.clear : own.raise),
    ...(critical === undefined ? {} : { critical }),
    samples: own?.samples ?? samples,
    ...(own ? { own: true } : {}),
  };
}

/** Whether a value is beyond a limit, on the side of a bound. */
export function beyond({ side }: Pick<FindingBound, 'side'>, limit: number): (value: number) => boolean {
  return side === 'above' ? (value) => value > limit : (value) => value < limit;
}

export function isCritical(bound: Pick<FindingBound, 'side' | 'critical'>, value: number): boolean {
  return bound.critical !== undefined && beyond(bound, bound.critical)(value);
}

/** What would be normal: the side of a bound where it ends. */
export function normalOf({ side, clear, unit, own }: FindingBound): string {
  return `${side === 'above' ? 'below' : 'above'} ${formatValue(clear, unit)}${own ? ', as set for this server' : ''}`;
}
