// What a diagnosis says: findings, their causes, what was ruled out. Stored as it is, shown by portal, email and command line.
import { z } from 'zod';
import { severitySchema } from './severity.ts';

/** The entity that a finding is about. Edges of the causal graph hold only between matching entities. */
const subjectSchema = z.object({
  kind: z.enum([
    'server',
    'process',
    'device',
    'mount',
    'interface',
    'unit',
    'container',
    'cgroup',
    'monitor',
    'array',
    'sensor',
    'peer',
    'port',
    'user',
    'certificate',
    'domain',
    'package',
    'file',
    'database',
    'pool',
    'job',
  ]),
  name: z.string(),
});
export type Subject = z.infer<typeof subjectSchema>;

const evidenceSchema = z.object({
  what: z.string().describe('What was looked at, in words: memory available'),
  value: z.union([z.number(), z.string(), z.boolean()]),
  unit: z.string(),
  normal: z.string().optional().describe('What would be normal, with its unit: above 10 %'),
  source: z.string().describe('Where the value came from: a metric, a fact, or a section of the report'),
});
export type Evidence = z.infer<typeof evidenceSchema>;

const boundSchema = z.object({
  /** The series that is measured against it: a rule may look at more than one. */
  metric: z.string(),
  side: z.enum(['above', 'below']),
  unit: z.string(),
  raise: z.number(),
  clear: z.number(),
  critical: z.number().optional(),
  samples: z.number(),
  /** Set by a person for this server. */
  own: z.boolean().optional(),
});
export type FindingBound = z.infer<typeof boundSchema>;

export const findingConditionSchema = z.object({
  kind: z
    .enum(['gauge', 'state', 'event', 'forecast'])
    .describe('gauge: a number against bounds; state: what holds now; event: what happened; forecast'),
  text: z.string().describe('When the rule finds it, with the numbers that hold for this server'),
  source: z.string().describe('Where these numbers come from'),
});
export type FindingCondition = z.infer<typeof findingConditionSchema>;

export const findingSchema = z.object({
  id: z.string().describe('A rule id of the catalogue'),
  severity: severitySchema,
  since: z.number().describe('Epoch seconds of its onset, as far back as the reports show'),
  subject: subjectSchema,
  summary: z.string(),
  evidence: z.array(evidenceSchema),
  article: z.string(),
  confidence: z.number().describe('0..1: how sure the rule is that the problem is real'),
  /** The bound that it crossed, where a person may set another one. */
  bound: boundSchema.optional(),
  condition: findingConditionSchema
    .optional()
    .describe(
      'By what it was found; with what is told or stored, so that it can be read when the rule is another one',
    ),
  /** A person accepted it as it is: it is shown, opens nothing and wakes nobody. */
  accepted: z.object({ by: z.string(), reason: z.string(), until: z.number().optional() }).optional(),
  /** A misconfiguration that joins a diagnosis only when a live symptom needs it. */
  latent: z.boolean().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

const hopSchema = z.object({
  cause: z.string().describe('Key of a finding'),
  effect: z.string().describe('Key of a finding'),
  weight: z.number().describe('0..1: strength of the edge × order in time × share of the change'),
  because: z.string().describe('One sentence with numbers: why the cause leads to the effect here'),
});

const queryClassSchema = z.object({
  database: z.enum(['mysql', 'postgresql', 'redis']),
  class: z.string().describe('Verb and table, or the command: UPDATE shop.cart'),
  share: z.number().describe('0..1: its part of what came since the onset, or of what there is'),
  of: z
    .enum(['running', 'waiting', 'statements', 'time'])
    .describe('Of statements that run, that wait for a lock, that begin, or of the time that commands take'),
  because: z.string().describe('One or two sentences with numbers'),
  article: z.string(),
});
export type QueryClass = z.infer<typeof queryClassSchema>;

const rootCauseSchema = z.object({
  key: z.string().describe('Key of its own finding: problem id, a space, kind:name of the subject'),
  problem: z.string(),
  subject: subjectSchema.describe(
    'Who is to blame: the subject of the finding, or the entity inside it that made the change',
  ),
  score: z.number(),
  onset: z
    .number()
    .optional()
    .describe(
      'Epoch seconds at which the trouble began: when what is beyond its bound now began to grow, or when a setting of old first did harm',
    ),
  chain: z.array(z.string()).describe('Problem ids, cause first'),
  hops: z.array(hopSchema),
  symptoms: z.array(z.string()).describe('Keys of the findings that are folded below it'),
  explanation: z.string(),
  attribution: z
    .string()
    .optional()
    .describe('Who accounts for how much of the change, where the root itself is no program'),
  query: queryClassSchema
    .optional()
    .describe('The class of statements that makes a database busy, where one stands out'),
  before: z
    .array(z.string())
    .optional()
    .describe('What was changed in the two hours before, as sentences; not proven'),
  unexplained: z
    .boolean()
    .optional()
    .describe('A symptom that nothing proven explains: told as it is, in place of a cause'),
  counterfactual: z.string().optional().describe('What would be without the cause'),
});
export type RootCause = z.infer<typeof rootCauseSchema>;

/** An explanation without the sentence that says when it began: where the time stands beside it. */
export function withoutOnset(explanation: string): string {
  return explanation.replace(
    / ?(It began [^.]+ before the newest report|It is so since the first of these reports)\./,
    '',
  );
}

export const diagnosisSchema = z.object({
  verdict: z
    .enum(['healthy', 'explained', 'ambiguous', 'unknown'])
    .describe(
      'healthy: nothing above info; ambiguous: two causes explain it as well; unknown: nothing that is proven does',
    ),
  problems: z.array(findingSchema),
  rootCauses: z
    .array(rootCauseSchema)
    .describe('Best first; each with its chain and what is folded below it'),
  ruledOut: z
    .array(z.object({ problem: z.string(), effect: z.string(), because: z.string() }))
    .describe('Usual causes that do not hold here, and the number that says so'),
  movedTogether: z
    .array(z.object({ what: z.string(), score: z.number() }))
    .describe(
      'Series and changes that moved at the same time; not proven. Only where the cause is unknown or contested',
    ),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** What an incident keeps of the diagnosis: its root, the root's finding first and its symptoms after it, and what was ruled out. */
export const incidentBodySchema = z.object({
  root: rootCauseSchema,
  problems: z.array(findingSchema),
  ruledOut: diagnosisSchema.shape.ruledOut,
});
export type IncidentBody = z.infer<typeof incidentBodySchema>;

/** The identity of a finding: one problem of one entity. */
export function findingKey(finding: { id: string; subject: Subject }): string {
  return `${finding.id} ${finding.subject.kind}:${finding.subject.name}`;
}
