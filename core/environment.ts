// The environment, read and checked once at the start of each process. A wrong value is a clear sentence, not a later surprise.
import { z } from 'zod';
import { regionNameSchema } from './region.ts';

const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true');

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

const environmentSchema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgresql://')
    .optional(),
  /** Where the embedded database, the outbox and the secret live. */
  ROOTNOTE_DATA: z.string().min(1).default('data'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4321),
  /** The address under which people and agents reach the server. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  AUTH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  OWNER_EMAIL: z.email().default('owner@rootnote.local'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .optional(),
  MAIL_FROM: z.string().min(3).default('Rootnote <rootnote@localhost>'),
  REGION: regionNameSchema.default('local'),
  PROBE_ALLOW: list,
  /** What proves that this place is online: host:port or URLs, `none` to believe it; its name servers when left out. */
  REGION_CONTROLS: list,
  /** For a region without database access: where the portal is, and the token that it gave out. */
  ROOTNOTE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  REGION_TOKEN: z
    .string()
    .startsWith('rng_', 'must be a region token; it starts with rng_')
    .max(200)
    .optional(),
  /** Twilio's and Slack's doorstep: tests point these at a stand-in that speaks the same protocol. */
  TWILIO_API_URL: z.url().optional(),
  /** Seconds between probes of a new monitor. */
  PROBE_INTERVAL: z.coerce.number().int().min(1).max(86_400).default(60),
  TRUST_PROXY: flag.default(false),
});
export type Environment = z.infer<typeof environmentSchema>;

/** A setting that cannot be used: the message is for whoever set it. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/** Throws an EnvironmentError whose message names each wrong variable and what it must be. Empty strings count as unset. */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environmentSchema.safeParse(present);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentError(`The environment has values that cannot be used:\n${lines.join('\n')}`);
}
