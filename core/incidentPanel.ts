// What a signed link shows of its incident above an article: the reader's own values, and the state of another look.
import { z } from 'zod';
import { severitySchema } from './severity.ts';

/** Names of values that an article may show a sample of (see `yours` in its frontmatter) and the panel fills in. */
export const valueNames = [
  'host',
  'device',
  'mount',
  'interface',
  'unit',
  'process',
  'pid',
  'port',
  'container',
  'cgroup',
  'array',
  'user',
  'file',
  'certificate',
  'domain',
  'database',
  'pool',
  'peer',
  'package',
  'url',
] as const;
export type ValueName = (typeof valueNames)[number];

/** What may stand in a command that somebody pastes into a root shell: no blanks, no quotes, nothing that a shell reads. */
export const harmlessValue = /^[A-Za-z0-9/][\w@.:/+-]{0,199}$/;

export const incidentPanelSchema = z.object({
  incidentUrl: z.string(),
  state: z.enum(['open', 'resolved']),
  severity: severitySchema,
  title: z.string(),
  /** Epoch seconds. */
  since: z.number(),
  resolvedAt: z.number().nullable(),
  expiresAt: z.number(),
  values: z.partialRecord(z.enum(valueNames), z.string()),
  evidence: z.array(z.object({ what: z.string(), value: z.string(), normal: z.string().optional() })),
  /** How it is looked at again: from outside at once, or with the next report of the agent. */
  look: z.discriminatedUnion('by', [
    z.object({
      by: z.literal('probe'),
      monitors: z.array(
        z.object({
          name: z.string(),
          state: z.string(),
          summary: z.string(),
          checkedAt: z.number().nullable(),
        }),
      ),
    }),
    z.object({ by: z.literal('report'), lastAt: z.number().nullable(), nextAt: z.number().nullable() }),
  ]),
  /** Epoch seconds, by the server's clock. */
  now: z.number(),
});
export type IncidentPanel = z.infer<typeof incidentPanelSchema>;

export const incidentAskSchema = z.strictObject({
  token: z.string().max(200),
  /** Look again, and answer at once; the outcome is seen by asking again without it. */
  again: z.boolean().default(false),
});
