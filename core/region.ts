// The contract of a region without database access: it leases due looks over HTTP and hands in results. Checked on both sides.
import { z } from 'zod';
import { probeCodes, probeKinds, type ProbeCode } from './probes.ts';

export const regionLimits = {
  /** Of one request. */
  bytes: 4_000_000,
  /** Leases that one request may ask for, and results that one may bring. */
  looks: 200,
  /** Requests of one region within a minute. */
  requestsPerMinute: 240,
};

/** Also the name of a worker's region. */
export const regionNameSchema = z.string().regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 of a-z, 0-9 and -');

const id = z.string().min(1).max(64);
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

/** One result: of which lease, and when the look began, as seconds after the lease was given (the region's own clock counts nothing). */
const handedInSchema = z.strictObject({
  monitorId: id,
  leasedAt: z.number(),
  after: z.number().min(0).max(900),
  result: resultSchema,
});
export type HandedIn = z.infer<typeof handedInSchema>;

export const regionRequestSchema = z.strictObject({
  /** Whether the region's own control targets answer. */
  online: z.boolean(),
  results: z.array(handedInSchema).max(regionLimits.looks),
  /** How many looks and port scans it would take now. */
  free: z.strictObject({
    looks: z.int().min(0).max(regionLimits.looks),
    scans: z.int().min(0).max(20),
  }),
});
export type RegionRequest = z.infer<typeof regionRequestSchema>;

const leaseSchema = z.object({
  monitorId: id,
  kind: z.enum(probeKinds as [(typeof probeKinds)[number], ...typeof probeKinds]),
  settings: z.unknown(),
  /** The address that the server's reports come from: the only one that may get more than a plain look. */
  reportedFrom: z.string().max(64).nullable(),
  leasedAt: z.number(),
});

export const regionAnswerSchema = z.object({
  region: regionNameSchema,
  leases: z.array(leaseSchema).max(regionLimits.looks * 2),
  /** Results that were not taken, since their lease had ended. */
  refused: z.int(),
  /** Ask again after so many seconds. */
  pause: z.number().min(0).max(60),
});
export type RegionAnswer = z.infer<typeof regionAnswerSchema>;
