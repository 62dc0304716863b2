// What a region hands in: its name, and what came of its looks. Checked where it enters the queue.
import { z } from 'zod';
import { probeCodes, probeKinds, type ProbeCode } from './probes.ts';

/** The name of a place that probes. */
export const regionNameSchema = z.string().regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 of a-z, 0-9 and -');

const code = z.enum(Object.keys(probeCodes) as [ProbeCode, ...ProbeCode[]]);

/** What came of one look. Details are bounded by the size of the request, and once more when they are stored. */
export const resultSchema = z.strictObject({
  kind: z.enum(probeKinds as [(typeof probeKinds)[number], ...typeof probeKinds]),
  target: z.string().max(4096),
  ok: z.boolean(),
  code,
  degraded: z.boolean().optional(),
  summary: z.string().max(4096),
  ms: z.number().min(0).max(3_600_000),
  phases: z
    .array(
      z.strictObject({
        name: z.enum([
          'dns',
          'connect',
          'starttls',
          'tls',
          'send',
          'first-byte',
          'download',
          'echo',
          'scan',
          'lookup',
        ]),
        ms: z.number(),
      }),
    )
    .max(100),
  details: z.record(z.string().max(200), z.unknown()),
  transcript: z.array(z.string().max(10_000)).max(1000),
});
