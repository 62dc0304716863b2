// What a diagnosis says: findings, their causes, what was ruled out. Stored as it is, shown by portal, email and command line.
import { z } from 'zod';
import { severitySchema } from './severity.ts';

/** The entity that a finding is about. Edges of the causal graph hold only between matching entities. */
export const subjectSchema = z.object({
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

export const evidenceSchema = z.object({
  /** What was looked at, in words: 'memory available'. */
  what: z.string(),
  value: z.union([z.number(), z.string(), z.boolean()]),
  unit: z.string(),
  /** What would be normal, with its unit: 'above 10 %'. */
  normal: z.string().optional(),
  /** Where the value came from: a metric name, a fact's path, or a section of the report. */
  source: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const boundSchema = z.object({
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

export const findingSchema = z.object({
  /** A rule id of the catalogue. */
  id: z.string(),
  severity: severitySchema,
  /** Epoch seconds of its onset, as far back as the reports show. */
  since: z.number(),
  subject: subjectSchema,
  summary: z.string(),
  evidence: z.array(evidenceSchema),
  article: z.string(),
  /** 0..1: how sure the rule is that the problem is real. */
  confidence: z.number(),
  /** The bound that it crossed, where a person may set another one. */
  bound: boundSchema.optional(),
  /** A person accepted it as it is: it is shown, opens nothing and wakes nobody. */
  accepted: z.object({ by: z.string(), reason: z.string(), until: z.number().optional() }).optional(),
  /** A misconfiguration that joins a diagnosis only when a live symptom needs it. */
  latent: z.boolean().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

export const hopSchema = z.object({
  cause: z.string(),
  effect: z.string(),
  weight: z.number(),
  /** One sentence with numbers: why the cause leads to the effect here. */
  because: z.string(),
});

export const rootCauseSchema = z.object({
  /** Key of the root's own finding (see findingKey). */
  key: z.string(),
  problem: z.string(),
  /** Who is to blame: the finding's subject, or the entity inside it that made the change. */
  subject: subjectSchema,
  score: z.number(),
  /** Problem ids, cause first. */
  chain: z.array(z.string()),
  hops: z.array(hopSchema),
  /** Keys (`id subject`) of the findings folded below this root. */
  symptoms: z.array(z.string()),
  explanation: z.string(),
  /** What was changed in the two hours before, as sentences. Not proven. */
  before: z.array(z.string()).optional(),
  counterfactual: z.string().optional(),
});
export type RootCause = z.infer<typeof rootCauseSchema>;

export const diagnosisSchema = z.object({
  verdict: z.enum(['healthy', 'explained', 'ambiguous', 'unknown']),
  problems: z.array(findingSchema),
  rootCauses: z.array(rootCauseSchema),
  ruledOut: z.array(z.object({ problem: z.string(), effect: z.string(), because: z.string() })),
  /** Series and changes that moved at the same time; not proven. */
  movedTogether: z.array(z.object({ what: z.string(), score: z.number() })),
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
