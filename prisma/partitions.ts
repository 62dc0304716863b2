// Partitions by day, made ahead and dropped behind, so that retention is DROP and never DELETE.
import type { Database } from './client.ts';

/** Days that each packed table is kept. Raw reports are for reading again after a fix; samples live on in their roll-ups. */
export const retentionDays = { report: 14, sample: 14, probe_result: 30 } as const;
type PartitionedTable = keyof typeof retentionDays;

/** Reports may be this late: an agent that could not reach us keeps them in its buffer. */
export const latestDays = 8;
const aheadDays = 3;

/** Makes the partitions of the days around now; harmless when they exist, safe when several processes do it at once. */
export async function ensurePartitions(db: Database, now = new Date()): Promise<void> {
  const statements: string[] = [];
  for (const table of Object.keys(retentionDays) as PartitionedTable[]) {
    for (let offset = -latestDays; offset <= aheadDays; offset++) {
      const from = dayOf(now, offset);
      const to = dayOf(now, offset + 1);
      statements.push(
        `CREATE TABLE IF NOT EXISTS "${table}_${from.replaceAll('-', '')}" PARTITION OF "${table}" FOR VALUES FROM ('${from} 00:00:00+00') TO ('${to} 00:00:00+00')`,
      );
    }
  }
  await db.$transaction([
    db.$executeRawUnsafe(`SELECT pg_advisory_xact_lock(hashtext('rootnote.partitions'))`),
    ...statements.map((statement) => db.$executeRawUnsafe(statement)),
  ]);
}

/** Drops the partitions that are older than their table's retention; returns their names. */
export async function dropOldPartitions(db: Database, now = new Date()): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ name: string }[]>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE p.relname = ANY($1::text[]) AND p.relnamespace = current_schema()::regnamespace`,
    Object.keys(retentionDays),
  );
  const dropped: string[] = [];
  for (const { name } of rows) {
    const match = /^(.*)_(\d{8})$/.exec(name);
    if (!match) continue;
    const limit = dayOf(now, -retentionDays[match[1] as PartitionedTable]).replaceAll('-', '');
    if (match[2]! >= limit) continue;
    await db.$executeRawUnsafe(`DROP TABLE IF EXISTS "${name}"`);
    dropped.push(name);
  }
  return dropped;
}

function dayOf(now: Date, offset: number): string {
  return new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
}
