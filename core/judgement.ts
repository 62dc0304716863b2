// What a person may say about a judgement: another bound for one server, or "this is fine as it is, tell me when it changes".
import { z } from 'zod';
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

/** What was seen when it was accepted: the severity, and the leading piece of evidence. */
export const acceptedValueSchema = z.object({
  severity: severitySchema,
  value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
});
export type AcceptedValue = z.infer<typeof acceptedValueSchema>;

export function valueOf({ severity, evidence }: Pick<Finding, 'severity' | 'evidence'>): AcceptedValue {
  return { severity, value: evidence[0]?.value ?? null };
}

/** Sources whose numbers are exact: one more bad sector is a change, one point of CPU is none. */
const exact = /^(smart|edac|raid|facts|nvme)\b/;
/** A measured number has changed when it moved by this part of what was accepted (OWN), and by more than `leastChange`. */
const leastPart = 0.1;
const leastChange: Record<string, number> = { percent: 3, ms: 2, celsius: 3 };

/** Whether a finding is no longer what was accepted: graver, or its leading value differs. */
export function hasChanged(
  accepted: AcceptedValue,
  finding: Pick<Finding, 'severity' | 'evidence'>,
): boolean {
  if (severityRank[finding.severity] < severityRank[accepted.severity]) return true;
  const now = finding.evidence[0];
  if (!now || accepted.value === null) return false;
  return differs(accepted.value, now);
}

/** What a look says has its time in it, which is another one each time: 'The answer took 3900 ms', 'expires in 5 days'. */
const measures = /(?<![\d.,])\d[\d.,]*\s?(ms|s|min|h|d|days?|hours?|minutes?|%|[KMG]i?B)(?![\w-])/g;

function differs(before: string | number | boolean, { value, unit, source }: Evidence): boolean {
  if (typeof value === 'string' && typeof before === 'string' && source.startsWith('monitor '))
    return value.replace(measures, '') !== before.replace(measures, '');
  if (typeof value !== 'number' || typeof before !== 'number') return value !== before;
  if (exact.test(source)) return value !== before;
  return Math.abs(value - before) > Math.max(leastPart * Math.abs(before), leastChange[unit] ?? 0);
}
