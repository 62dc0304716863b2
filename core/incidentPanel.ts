// What a signed link shows of its incident above an article: the reader's own values, and the state of another look.
import { z } from 'zod';
import { severitySchema } from './severity.ts';
import { valueNames } from './valueNames.ts';

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
          /** What the newest look said, in words, and whether it was good; the state may wait for a second one. */
          ok: z.boolean().nullable(),
          says: z.string(),
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
