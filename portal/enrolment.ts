// Enrolment keys: what lets a new server in. A key is derived from the secret and its row's id, so that the portal can show
// the line to paste again, while the database holds only its SHA-256 and a leaked dump lets nobody in.
import { createHmac } from 'node:crypto';
import { isLocalUrl } from '#core/publicUrl.ts';
import type { Database, EnrolmentKey, Transaction } from '#prisma';
import { enrolmentKeyPrefix, hashSecret } from './secrets.ts';

/** The text of a key, 256 bits. */
function enrolmentKeyText(secret: string, id: string): string {
  const digest = createHmac('sha256', secret).update(`rootnote enrolment key ${id}`).digest('base64url');
  return enrolmentKeyPrefix + digest;
}

/** Makes a key that is valid at once. */
export async function createEnrolmentKey(
  db: Database | Transaction,
  organizationId: string,
  secret: string,
): Promise<EnrolmentKey> {
  const id = crypto.randomUUID();
  const text = enrolmentKeyText(secret, id);
  return db.enrolmentKey.create({
    data: { id, organizationId, hash: hashSecret(text), hint: text.slice(0, enrolmentKeyPrefix.length + 4) },
  });
}

/**
 * The text of the newest valid key. Undefined when there is none, or when AUTH_SECRET is no longer the one it was made with:
 * the key then still lets servers in, but only whoever wrote it down knows it.
 */
export async function currentEnrolmentKey(
  db: Database,
  organizationId: string,
  secret: string,
): Promise<string | undefined> {
  const row = await db.enrolmentKey.findFirst({
    where: { organizationId, revokedAt: null },
    orderBy: { createdAt: 'desc' },
  });
  if (!row) return undefined;
  const text = enrolmentKeyText(secret, row.id);
  return hashSecret(text) === row.hash ? text : undefined;
}

export interface InstallLines {
  /** Downloads the agent, sets it up to report each minute. */
  install: string;
  /** Sends one report from a checkout and leaves nothing behind. */
  once: string;
  /** The address in these lines, when only the machine that Rootnote runs on reaches it. */
  localUrl: string | null;
}

export function installLines(baseUrl: string, key: string): InstallLines {
  return {
    install: `curl -fsS ${baseUrl}/agent -o rootnote.sh && sudo sh rootnote.sh install --url ${baseUrl} --key ${key}`,
    once: `sh agent/rootnote.sh --url ${baseUrl} --key ${key}`,
    localUrl: isLocalUrl(baseUrl) ? baseUrl : null,
  };
}
