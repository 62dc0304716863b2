// What a person may say about a judgement: another bound for one server, or "this is fine as it is, tell me when it changes".
import { z } from 'zod';
import { conditionOf } from './conditions/index.ts';
import type { Evidence, Finding } from './diagnosis.ts';
import { severityRank, severitySchema } from './severity.ts';

export const reasonSchema = z
  .string()
  .trim()
  .min(3, 'say why, so that others understand it later')
  .max(500, 'at most 500 characters');

/** A bound in place of the product's own. The unit is the finding's. */
export const boundOverrideSchema = z.strictObject({
  /** The series that it is for; a rule may look at more than one. */
  metric: z.string().max(100),
  raise: z.number().finite(),
  clear: z.number().finite(),
  critical: z.number().finite().optional(),
  /** Reports in a row beyond `raise`. */
  samples: z.int().min(1).max(1440).optional(),
});
export type BoundOverride = Partial<z.infer<typeof boundOverrideSchema>>;

/** A sentence when the numbers contradict each other, undefined when they fit. */
export function contradiction(
  { raise, clear, critical }: z.infer<typeof boundOverrideSchema>,
  side: 'above' | 'below',
): string | undefined {
  const above = side === 'above';
  if (above ? clear > raise : clear < raise)
    return `It would end before it began: for a value that must not be ${side} ${raise}, the end must not be ${side} that.`;
  if (critical !== undefined && (above ? critical < raise : critical > raise))
    return `It would be critical before it is a warning: critical must be ${above ? 'at least' : 'at most'} ${raise}.`;
  return undefined;
}

/** Percent that are not of a whole: a program may use several cores. */
const beyondAWhole = /^(proc\.group|cgroup)\.cpu$/;
/** Nothing that is measured is as large. */
const largest = 1e18;

/** A sentence when a number of a bound is none that its series can have, undefined when all are. `unit` is that of the bound. */
export function outOfRange(
  { metric, raise, clear, critical }: z.infer<typeof boundOverrideSchema>,
  unit: string,
): string | undefined {
  const isWhole = unit === 'percent' && !beyondAWhole.test(metric);
  const [least, most] = unit === 'celsius' ? [-50, 200] : [0, isWhole ? 100 : largest];
  const wrong = [raise, clear, critical].find((n) => n !== undefined && (n < least || n > most));
  return wrong === undefined
    ? undefined
    : `${wrong}${unit && unit !== 'count' ? ` ${unit}` : ''} is outside of what can be measured: ${least} to ${most}.`;
}

/** What was seen when it was accepted: the severity, the leading piece of evidence, and of a list what stood on it. */
export const acceptedValueSchema = z.object({
  severity: severitySchema,
  value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
  list: z.array(z.string()).optional(),
});
export type AcceptedValue = z.infer<typeof acceptedValueSchema>;

type Judged = Pick<Finding, 'id' | 'severity' | 'evidence'>;

export function valueOf({ severity, evidence }: Judged): AcceptedValue {
  const list = listOf(evidence);
  return { severity, value: evidence[0]?.value ?? null, ...(list.length > 1 ? { list } : {}) };
}

/** What a finding has several of, in the words of its evidence: sections, monitors, attributes of a drive. */
function listOf(evidence: readonly Evidence[]): string[] {
  const field = ({ source }: Evidence) => source.replace(/\{.*$|^(monitor) .*$|\.\d+$/, '$1');
  return evidence.filter((one) => field(one) === field(evidence[0]!)).map(({ what }) => what);
}

/** Sources whose numbers are exact: one more bad sector is a change, one point of CPU is none. */
const exact = /^(smart|edac|raid|facts|nvme)\b/;
/** A measured number has changed when it moved by this part of what was accepted (our judgement), and by more than `leastChange`. */
const leastPart = 0.1;
const leastChange: Record<string, number> = { percent: 3, ms: 2, celsius: 3 };

/**
 * Whether a finding is no longer what was accepted: it is graver, its leading value is another one, or its list has something new. A number
 * of a gauge moves all the time and must have moved by a part of itself; what is counted, a state and a moment are exact.
 */
export function hasChanged(accepted: AcceptedValue, finding: Judged): boolean {
  if (severityRank[finding.severity] < severityRank[accepted.severity]) return true;
  const { list } = accepted;
  if (list && listOf(finding.evidence).some((what) => !list.includes(what))) return true;
  const now = finding.evidence[0];
  if (!now || accepted.value === null) return false;
  return differs(accepted.value, now, conditionOf(finding.id)?.kind === 'gauge');
}

/** What a look says has its time in it, which is another one each time: 'The answer took 3900 ms', 'expires in 5 days'. */
const measures = /(?<![\d.,])\d[\d.,]*\s?(ms|s|min|h|d|days?|hours?|minutes?|%|[KMG]i?B)(?![\w-])/g;

function differs(
  before: string | number | boolean,
  { value, unit, source }: Evidence,
  isGauge: boolean,
): boolean {
  if (typeof value === 'string' && typeof before === 'string' && source.startsWith('monitor '))
    return value.replace(measures, '') !== before.replace(measures, '');
  if (typeof value !== 'number' || typeof before !== 'number') return value !== before;
  const isMeasured = isGauge && (source.startsWith('facts.') || unit !== 'count');
  const isExact = unit === 'epoch' || (exact.test(source) && !isMeasured);
  if (isExact) return value !== before;
  return Math.abs(value - before) > Math.max(leastPart * Math.abs(before), leastChange[unit] ?? 0);
}
