// The contracts of the jobs: what a queue carries. The handlers are in worker/; who sends what stands in worker/pipeline.ts.
import { z } from 'zod';
import { regionNameSchema, resultSchema } from './region.ts';

const id = z.string().min(1).max(64);

export const jobSchemas = {
  /** Read the stored reports of some servers: facts, samples, events. */
  parse: z.strictObject({ serverIds: z.array(id).min(1).max(500) }),
  /** Set up and retire monitors from a server's facts. */
  discover: z.strictObject({ serverId: id }),
  /** Store what a region without database access has seen; `at` is when the look began, in epoch seconds. */
  evaluate: z.strictObject({
    region: regionNameSchema,
    looks: z
      .array(z.strictObject({ monitorId: id, at: z.number(), result: resultSchema }))
      .min(1)
      .max(200),
  }),
  /** Judge some servers, those that have reported since they were judged last. */
  judgeReported: z.strictObject({ serverIds: z.array(id).min(1).max(500) }),
  /** Judge a server, because something else changed: findings, root causes, incidents. */
  diagnose: z.strictObject({ serverId: id }),
  /** Deliver one message to one channel. */
  notify: z.strictObject({ notificationId: id }),
  /** Send a test message through one channel; the outcome is written to the channel. */
  testChannel: z.strictObject({ channelId: id }),
} as const;

export type JobName = keyof typeof jobSchemas;
export const jobNames = Object.keys(jobSchemas) as JobName[];
export type JobData<N extends JobName> = z.infer<(typeof jobSchemas)[N]>;

/** What changed, sent with NOTIFY to everyone who looks at it. Small: PostgreSQL allows 8,000 bytes. */
export const changeSchema = z.object({
  organizationId: id,
  kind: z.enum(['server', 'monitor', 'incident', 'channel', 'timeline', 'region', 'maintenance']),
  serverId: id.optional(),
  id: id.optional(),
});
export type Change = z.infer<typeof changeSchema>;
