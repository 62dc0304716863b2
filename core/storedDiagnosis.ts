// What was diagnosed by another version, read as far as it goes: rules, titles, units and shapes change, and what was said and seen a year
// ago must still be there to read.
import { z } from 'zod';
import {
  type Diagnosis,
  diagnosisSchema,
  type Evidence,
  type Finding,
  findingSchema,
  type IncidentBody,
  incidentBodySchema,
} from './diagnosis.ts';
import { severitySchema } from './severity.ts';

const list = z.array(z.unknown()).max(1000).catch([]);
const text = (otherwise: string) => z.string().catch(otherwise);

const evidenceSchema = findingSchema.shape.evidence.element;
const rootCauseSchema = diagnosisSchema.shape.rootCauses.element;

/** A finding is what has an id and a sentence; all else may lack or be of a kind that is no more. */
const looseFinding = z.object({
  id: z.string(),
  severity: severitySchema.catch('info'),
  since: z.number().catch(0),
  subject: z.object({ kind: z.string(), name: z.string() }).catch({ kind: 'server', name: '' }),
  summary: z.string(),
  evidence: list,
  article: text(''),
  confidence: z.number().catch(1),
  condition: findingSchema.shape.condition.catch(undefined),
  accepted: findingSchema.shape.accepted.catch(undefined),
});
const looseEvidence = z.object({
  what: z.string(),
  value: evidenceSchema.shape.value,
  unit: text(''),
  normal: z.string().optional().catch(undefined),
  source: text(''),
});

/** Those that can be read. */
function each<T>(schema: z.ZodType<T>, items: readonly unknown[]): T[] {
  return items.flatMap((item) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}

function findings(items: readonly unknown[]): Finding[] {
  return each(looseFinding, items).map(({ evidence, subject, condition, accepted, ...finding }) => ({
    ...finding,
    // A kind that is no more is told as it was.
    subject: subject as Finding['subject'],
    evidence: each<Evidence>(looseEvidence as z.ZodType<Evidence>, evidence),
    ...(condition ? { condition } : {}),
    ...(accepted ? { accepted } : {}),
  }));
}

const looseBody = z.object({
  verdict: z.unknown().optional(),
  problems: list,
  rootCauses: list,
  ruledOut: list,
  root: z.unknown().optional(),
});
const ruledOut = diagnosisSchema.shape.ruledOut.element;

/** Undefined when nothing of it can be read. */
export function readDiagnosis(body: unknown): Diagnosis | undefined {
  const whole = diagnosisSchema.safeParse(body);
  if (whole.success) return whole.data;
  const loose = looseBody.safeParse(body);
  if (!loose.success || !Array.isArray((body as { problems?: unknown }).problems)) return undefined;
  return {
    verdict: diagnosisSchema.shape.verdict.catch('unknown').parse(loose.data.verdict),
    problems: findings(loose.data.problems),
    rootCauses: each(rootCauseSchema, loose.data.rootCauses),
    ruledOut: each(ruledOut, loose.data.ruledOut),
    movedTogether: [],
  };
}

/** Undefined when its root cannot be read. */
export function readIncidentBody(body: unknown): IncidentBody | undefined {
  const whole = incidentBodySchema.safeParse(body);
  if (whole.success) return whole.data;
  const loose = looseBody.safeParse(body);
  const root = rootCauseSchema.safeParse(loose.data?.root);
  if (!loose.success || !root.success) return undefined;
  return {
    root: root.data,
    problems: findings(loose.data.problems),
    ruledOut: each(ruledOut, loose.data.ruledOut),
  };
}
