// Secrets that machines carry: tokens and keys, of which only a hash is stored.
import { createHash, randomBytes } from 'node:crypto';

export const serverTokenPrefix = 'rns_';
export const enrolmentKeyPrefix = 'rnk_';

/** A new secret of 256 bits and what is stored of it. */
export function newSecret(prefix: string): { secret: string; hash: string; hint: string } {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, hash: hashSecret(secret), hint: secret.slice(0, prefix.length + 4) };
}

/** SHA-256 is enough for 256 random bits; a slow hash would only slow the ingest. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The secret of a header `Authorization: Bearer …`; empty when there is none. */
export function bearerOf(authorization: string | null | undefined): string {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
}
