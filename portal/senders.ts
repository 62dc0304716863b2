// Whose token or key it is.
import { type Database, poolOf, prepared } from '#prisma';

export interface Sender {
  kind: 'server' | 'key';
  /** Of the server, or of the key. */
  id: string;
  organizationId: string;
  revoked: boolean;
  /** Address that a server reported from last. */
  reportedFrom: string | null;
}

const query = `SELECT 'server' AS kind, id, "organizationId", "revokedAt" IS NOT NULL AS revoked, "reportedFrom", "tokenHash" AS hash
    FROM "Server" WHERE "tokenHash" = ANY($1::text[])
  UNION ALL
  SELECT 'key', id, "organizationId", "revokedAt" IS NOT NULL, NULL, hash FROM "EnrolmentKey" WHERE hash = ANY($1::text[])`;

/** The senders of these SHA-256 hashes, in one look. */
export async function findSenders(db: Database, hashes: readonly string[]): Promise<Map<string, Sender>> {
  const { rows } = await poolOf(db).query<Sender & { hash: string }>(prepared(query, [[...new Set(hashes)]]));
  return new Map(rows.map(({ hash, ...sender }) => [hash, sender]));
}
