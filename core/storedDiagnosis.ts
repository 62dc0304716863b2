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
  type RootCause,
} from './diagnosis.ts';
import { severitySchema } from './severity.ts';

const list = z.array(z.unknown()).max(1000).catch([]);
const text = (otherwise: string) => z.string().catch(otherwise);

const evidenceSchema = findingSchema.shape.evidence.element;
const rootCauseSchema = diagnosisSchema.shape.rootCauses.element;

const looseSubject = z
  .object({ kind: z.string(), name: z.string() })
  .catch({ kind: 'server', name: '' }) as z.ZodType<Finding['subject']>;
const looseEvidence: z.ZodType<Evidence> = z.object({
  what: z.string(),
  value: evidenceSchema.shape.value,
  unit: text(''),
  normal: z.string().optional().catch(undefined),
  source: text(''),
});

/** A finding is what has an id and a sentence; all else may lack or be of a kind that is no more, which is told as it was. */
const looseFinding = z.object({
  id: z.string(),
  severity: severitySchema.catch('info'),
  since: z.number().catch(0),
  subject: looseSubject,
  summary: z.string(),
  evidence: list.transform((items) => each(looseEvidence, items)),
  article: text(''),
  confidence: z.number().catch(1),
  condition: findingSchema.shape.condition.catch(undefined),
  accepted: findingSchema.shape.accepted.catch(undefined),
});
const words = z.array(z.string()).catch([]);
const { hops, query, before, ...ofRoot } = rootCauseSchema.shape;
const looseHop = hops.element.extend({ weight: z.number().catch(1), because: text('') });
/** A root is what has a key and a problem. */
const looseRoot: z.ZodType<RootCause> = z.object({
  key: z.string(),
  problem: z.string(),
  subject: looseSubject,
  score: z.number().catch(0),
  onset: ofRoot.onset.catch(undefined),
  chain: words,
  hops: list.transform((items) => each(looseHop, items)),
  symptoms: words,
  explanation: text(''),
  attribution: ofRoot.attribution.catch(undefined),
  query: query.catch(undefined),
  before: before.catch(undefined),
  unexplained: ofRoot.unexplained.catch(undefined),
  counterfactual: ofRoot.counterfactual.catch(undefined),
});

/** Those that can be read. */
function each<T>(schema: z.ZodType<T>, items: readonly unknown[]): T[] {
  return items.flatMap((item) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Without what is not there. */
const plain = <T extends object>(one: T): T =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as T;
const findings = (items: readonly unknown[]): Finding[] => each(looseFinding, items).map(plain);
const roots = (items: readonly unknown[]): RootCause[] => each(looseRoot, items).map(plain);

const looseBody = z.object({
  verdict: z.unknown().optional(),
  problems: list,
  rootCauses: list,
  ruledOut: list,
  movedTogether: list,
  root: z.unknown().optional(),
});
const ruledOut = diagnosisSchema.shape.ruledOut.element;
const moved = diagnosisSchema.shape.movedTogether.element;

/** Undefined when nothing of it can be read. */
export function readDiagnosis(body: unknown): Diagnosis | undefined {
  const whole = diagnosisSchema.safeParse(body);
  if (whole.success) return whole.data;
  const loose = looseBody.safeParse(body);
  if (!loose.success || !Array.isArray((body as { problems?: unknown }).problems)) return undefined;
  return {
    verdict: diagnosisSchema.shape.verdict.catch('unknown').parse(loose.data.verdict),
    problems: findings(loose.data.problems),
    rootCauses: roots(loose.data.rootCauses),
    ruledOut: each(ruledOut, loose.data.ruledOut),
    movedTogether: each(moved, loose.data.movedTogether),
  };
}

/** Undefined when its root cannot be read. */
export function readIncidentBody(body: unknown): IncidentBody | undefined {
  const whole = incidentBodySchema.safeParse(body);
  if (whole.success) return whole.data;
  const loose = looseBody.safeParse(body);
  const [root] = roots([loose.data?.root]);
  if (!loose.success || !root) return undefined;
  return {
    root,
    problems: findings(loose.data.problems),
    ruledOut: each(ruledOut, loose.data.ruledOut),
  };
}
