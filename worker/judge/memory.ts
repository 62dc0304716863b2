// What the worker remembers of a server between two judgements. Checked on the way in: an older version's memory is forgotten, not misread.
import { z } from 'zod';
import { findingSchema } from '#core/diagnosis.ts';
import { storableJson } from '#core/storable.ts';
import { type Connection, prepared, type Transaction } from '#prisma';
import { overRows } from '#prisma/rows.ts';
import { residentsSchema } from '#worker/picture/residents.ts';

const memorySchema = z.object({
  version: z.literal(1),
  /** Keys of the findings that are active, with the epoch seconds of their onset. */
  active: z.record(z.string(), z.number()).default({}),
  /** Findings that ended in the last 15 minutes, as they last were: they can still be the cause of what lasts. */
  ended: z
    .array(z.object({ finding: findingSchema, at: z.number() }))
    .max(50)
    .default([]),
  /** What was found last, to know what has ended. */
  found: z.array(findingSchema).max(300).default([]),
  /** Who lives there, and did. */
  residents: residentsSchema.default({ programs: {}, published: {} }),
  /** What was diagnosed last, to store a diagnosis only when it differs. */
  digest: z.string().optional(),
});
export type ServerMemoryBody = z.infer<typeof memorySchema>;

/** From the stored JSON; an empty one when there is none, or none that this version understands. */
export function memoryOf(json: string | null): ServerMemoryBody {
  const parsed = memorySchema.safeParse(json === null ? undefined : JSON.parse(json));
  return parsed.success ? parsed.data : memorySchema.parse({ version: 1 });
}

/** Writes the memories of servers and returns the version that they have from then on: the id of this transaction. */
export async function writeMemories(
  connection: Connection,
  memories: readonly { serverId: string; body: ServerMemoryBody }[],
): Promise<string> {
  await overRows(
    connection,
    ['text', 'jsonb'],
    memories.map(({ serverId, body }) => [serverId, storableJson(body)]),
    (values) =>
      `INSERT INTO "ServerMemory" ("serverId", body, "updatedAt") SELECT s, b, now() AT TIME ZONE 'UTC' FROM (VALUES ${values}) AS r(s, b)
       ON CONFLICT ("serverId") DO UPDATE SET body = EXCLUDED.body, "updatedAt" = EXCLUDED."updatedAt"`,
  );
  const { rows } = await connection.query<{ version: string }>(
    'SELECT pg_current_xact_id()::xid::text AS version',
  );
  return rows[0]!.version;
}

/** The lock of a server, whose name is `id` in the statement. */
const lockKey = 'hashtextextended(id, 7)';

/** One stage at a time for a server: two workers that hold jobs of the same server take turns until the transaction ends. */
export async function lockServer(db: Transaction, serverId: string): Promise<void> {
  await db.$queryRawUnsafe(
    `SELECT pg_advisory_xact_lock(${lockKey})::text FROM (SELECT $1::text AS id) AS server`,
    serverId,
  );
}

/** One stage at a time for a server, as lockServer does: waits for all, or takes those that are free. Returns those that are locked now. */
export async function lockServers(
  connection: Connection,
  serverIds: readonly string[],
  wait: boolean,
): Promise<string[]> {
  const { rows } = await connection.query<{ id: string }>(
    prepared(
      wait
        ? `SELECT id, pg_advisory_xact_lock(${lockKey})::text FROM unnest($1::text[]) AS v(id)`
        : `SELECT id FROM unnest($1::text[]) AS v(id) WHERE pg_try_advisory_xact_lock(${lockKey})`,
      [serverIds],
    ),
  );
  return rows.map(({ id }) => id);
}
