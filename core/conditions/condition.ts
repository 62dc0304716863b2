// When a rule holds, as data: the numbers that it compares with, where they come from, and the fields that it looks at. The rules
// take their numbers from here, so that what people read about a rule is what it does.
import type { FindingCondition, Subject } from '#core/diagnosis.ts';
import type { MetricName } from '#core/metrics.ts';

/**
 * gauge: a number against a bound to raise and another to clear, some samples in a row. state: what holds in the newest report or at the
 * newest look; it fires at once. event: what happened; it is told for some time. forecast: where a number is heading.
 */
export type ConditionKind = FindingCondition['kind'];

/** A bound that a server may replace by its own (core/judgement.ts). */
export interface Gauge {
  /** A series, or a field of the report. */
  metric: MetricName | `facts.${string}`;
  side: 'above' | 'below';
  raise: number;
  /** Where a raised finding ends; the gap to `raise` keeps it from flapping. */
  clear: number;
  /** Beyond this it is critical, whatever the severity below. */
  critical?: number | undefined;
  /** Samples in a row beyond the raise bound, one a minute. */
  samples: number;
  /**
   * What one report can say. `level` (when left out): a reading is as good as many (space, counts) or a mean of a minute (PSI); a number:
   * the stricter bound that a rate over one second must pass; `never`: one report proves nothing.
   */
  single?: 'level' | 'never' | number;
  /** Read hourly or daily: the newest value counts, however old. */
  slow?: boolean;
  /** What is measured, where the catalogue of metrics does not say it. */
  label?: string | undefined;
  /** Where the catalogue of metrics does not say it, or another one is meant. */
  unit?: string | undefined;
  /** What the bounds are for one of: a core. */
  per?: string | undefined;
}

/** A number that is no bound of a gauge: its value and unit. */
export type Limit = readonly [value: number, unit: string];

export interface Condition {
  kind: ConditionKind;
  /** What a finding is about. */
  entity: readonly Subject['kind'][];
  gauges?: readonly Gauge[];
  limits?: Readonly<Record<string, Limit>>;
  /** When it holds, in a sentence; `{name}` stands for a limit. Of a gauge: what else must be so. */
  says?: string;
  /** Where the numbers come from. */
  source: string;
  /** The series, facts, sections, events and looks that evidence comes from. */
  fields: readonly string[];
}

type Bounds = Omit<Gauge, 'metric' | 'side' | 'raise' | 'clear' | 'samples'>;

export function above(
  metric: Gauge['metric'],
  [raise, clear]: readonly [raise: number, clear: number],
  samples: number,
  more: Bounds = {},
): Gauge {
  return { metric, side: 'above', raise, clear, samples, ...more };
}

export function below(
  metric: Gauge['metric'],
  [raise, clear]: readonly [raise: number, clear: number],
  samples: number,
  more: Bounds = {},
): Gauge {
  return { metric, side: 'below', raise, clear, samples, ...more };
}

export const minute = 60;
export const hour = 3600;
export const day = 86_400;
export const MiB = 1024 ** 2;
export const GiB = 1024 ** 3;
