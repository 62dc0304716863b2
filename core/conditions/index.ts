// The conditions of all rules. A rule without one does not compile; what no script can see stands in core/uncollectable.ts.
import type { Finding, FindingBound, FindingCondition } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { metrics, type MetricName } from '#core/metrics.ts';
import { type RuleId } from '#core/ruleCatalogue.ts';
import type { uncollectable } from '#core/uncollectable.ts';
import type { Condition, Gauge } from './condition.ts';
import { cpu } from './cpu.ts';
import { disks } from './disks.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { services } from './services.ts';
import { system } from './system.ts';

/** A rule that reports or looks can show. */
export type DetectedId = Exclude<RuleId, keyof typeof uncollectable>;

export const conditions = {
  ...cpu,
  ...memory,
  ...disks,
  ...network,
  ...services,
  ...system,
} as const satisfies Record<DetectedId, Condition>;

/** Undefined for a problem that nothing can see, and for an id that is none. */
export function conditionOf(id: string): Condition | undefined {
  return Object.hasOwn(conditions, id) ? conditions[id as DetectedId] : undefined;
}

const numbers = Object.fromEntries(
  Object.entries(conditions).map(([id, { limits = {} }]: [string, Condition]) => [
    id,
    Object.fromEntries(Object.entries(limits).map(([name, [value]]) => [name, value])),
  ]),
) as Record<DetectedId, Record<string, number>>;

type Limits<Id extends DetectedId> = (typeof conditions)[Id] extends { limits: infer L } ? L : never;

/** The numbers of a rule that are no bounds of a gauge, by their names, in their units. */
export function limitsOf<Id extends DetectedId>(id: Id): Readonly<Record<keyof Limits<Id>, number>> {
  return numbers[id] as Record<keyof Limits<Id>, number>;
}

/** The bound of a rule on a series or field; the first one when none is named. Throws for what is no bound of it. */
export function gaugeOf(id: RuleId, metric?: Gauge['metric']): Gauge {
  const found = conditionOf(id)?.gauges?.find((gauge) => metric === undefined || gauge.metric === metric);
  if (!found) throw new Error(`${id} has no bound${metric ? ` on ${metric}` : ''}.`);
  return found;
}

const isMetric = (name: string): name is MetricName => Object.hasOwn(metrics, name);

export function unitOf({ metric, unit }: Pick<Gauge, 'metric' | 'unit'>): string {
  return unit ?? (isMetric(metric) ? metrics[metric].unit : '');
}

export function labelOf({ metric, label }: Pick<Gauge, 'metric' | 'label'>): string {
  return label ?? (isMetric(metric) ? metrics[metric].label : metric);
}

/** A bound is exact where a measured value is rounded. */
function shown(value: number, unit: string): string {
  const text = formatValue(value, unit);
  const rounded = /^-?[\d.,]+/.exec(text)?.[0];
  const isRounded =
    rounded !== undefined &&
    Math.abs(value) < 1000 &&
    Number(rounded) !== value &&
    /^[\d.]{1,6}$/.test(`${value}`);
  if (unit === 'seconds' && value > 60 && value < 3600 && value % 60 !== 0)
    return `${Math.floor(value / 60)} min ${value % 60} s`;
  return isRounded && /^(count|\/s|percent|times)$/.test(unit) ? text.replace(rounded, String(value)) : text;
}

/** A gauge with the numbers of a finding, where they are others: a person's, or those of all cores together. */
function held(gauge: Gauge, { raise, clear, critical, samples, unit }: FindingBound): Gauge {
  if (
    raise === gauge.raise &&
    clear === gauge.clear &&
    critical === gauge.critical &&
    samples === gauge.samples
  )
    return gauge;
  return {
    metric: gauge.metric,
    side: gauge.side,
    raise,
    clear,
    critical,
    samples,
    unit,
    label: gauge.label,
  };
}

/** A finding with the condition by which it was found. */
export function withCondition<F extends Pick<Finding, 'id' | 'bound'>>(
  finding: F,
): F & { condition?: FindingCondition } {
  const { id, bound } = finding;
  const condition = conditionOf(id);
  if (!condition) return finding;
  const { kind, source } = condition;
  return {
    ...finding,
    condition: {
      kind,
      text: conditionText(id, bound)!,
      source: bound?.own ? `set by a person for this server; without that: ${source}` : source,
    },
  };
}

/** The bounds of a gauge as a sentence. */
export function gaugeText(gauge: Gauge): string {
  const { side, raise, clear, critical, samples, per } = gauge;
  const unit = unitOf(gauge);
  const value = (n: number) => `${shown(n, unit)}${per ? ` per ${per}` : ''}`;
  const label = labelOf(gauge);
  return [
    `${label.charAt(0).toUpperCase()}${label.slice(1)}: ${side} ${value(raise)}`,
    samples > 1 ? ` in ${samples} reports in a row` : '',
    clear === raise ? '' : `; it ends when no longer ${side} ${value(clear)}`,
    critical === undefined ? '' : `; critical ${side} ${value(critical)}`,
    '.',
  ].join('');
}

/**
 * When a rule holds, in sentences; undefined for a problem that nothing can see, and for an id that is none. With the bound of a finding:
 * as it holds for its server and entity.
 */
export function conditionText(id: string, bound?: FindingBound): string | undefined {
  const condition = conditionOf(id);
  if (!condition) return undefined;
  const { limits = {}, says = '' } = condition;
  const gauges = (condition.gauges ?? []).map((gauge) =>
    bound?.metric === gauge.metric ? held(gauge, bound) : gauge,
  );
  const filled = says.replace(/\{(\w+)\}/g, (_, name: string) => {
    return shown(...limits[name]!);
  });
  return [...gauges.map(gaugeText), filled].filter(Boolean).join(' ');
}
