// Partitions by time, made ahead and dropped behind, so that retention is DROP and never DELETE.
import type { Database } from './client.ts';

interface Partitioned {
  /** How long a row is kept. */
  days: number;
  every: 'day' | 'month';
}

/**
 * Raw reports are kept for reading them again after a fix (all of the newest day, then some: thinReports.ts), failed looks for their evidence, every look for a month and an hour a point of
 * it for thirteen months. Samples live on in their packs: a minute
 * a point for two days, five minutes for two weeks, an hour for thirteen months. Rows of `sample` are folded after an hour.
 */
export const partitionedTables = {
  report: { days: 14, every: 'day' },
  sample: { days: 14, every: 'day' },
  probe_result: { days: 30, every: 'day' },
  probe_pack: { days: 31, every: 'day' },
  probe_day: { days: 396, every: 'month' },
  sample_chunk_60: { days: 2, every: 'day' },
  sample_chunk_300: { days: 14, every: 'day' },
  sample_chunk_3600: { days: 396, every: 'month' },
} as const satisfies Record<string, Partitioned>;
type Table = keyof typeof partitionedTables;
const tables = Object.entries(partitionedTables) as [Table, Partitioned][];

/** Reports may be this late: an agent that could not reach us keeps them in its buffer. */
export const latestDays = 8;
const aheadDays = 3;

/** Makes the partitions of the days around now; harmless when they exist, safe when several processes do it at once. */
export async function ensurePartitions(db: Database, now = new Date()): Promise<void> {
  const statements = tables.flatMap(([table, { every, days }]) =>
    stretches(every, dayOf(now, -Math.min(latestDays, days)), dayOf(now, aheadDays)).map(
      ([from, to]) =>
        `CREATE TABLE IF NOT EXISTS "${table}_${from.replaceAll('-', '')}" PARTITION OF "${table}" FOR VALUES FROM ('${from} 00:00:00+00') TO ('${to} 00:00:00+00')`,
    ),
  );
  await db.$transaction([
    db.$executeRawUnsafe(`SELECT pg_advisory_xact_lock(hashtext('rootnote.partitions'))`),
    ...statements.map((statement) => db.$executeRawUnsafe(statement)),
  ]);
}

/** Drops the partitions whose last row is older than their table's retention; returns their names. */
export async function dropOldPartitions(db: Database, now = new Date()): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ name: string }[]>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE p.relname = ANY($1::text[]) AND p.relnamespace = current_schema()::regnamespace`,
    tables.map(([table]) => table),
  );
  const dropped: string[] = [];
  for (const { name } of rows) {
    const match = /^(.*)_(\d{4})(\d{2})(\d{2})$/.exec(name);
    if (!match) continue;
    const { days, every } = partitionedTables[match[1] as Table];
    const [, end] = stretches(
      every,
      `${match[2]}-${match[3]}-${match[4]}`,
      `${match[2]}-${match[3]}-${match[4]}`,
    )[0]!;
    if (end > dayOf(now, -days - 1)) continue;
    // A worker that was away for days has something still to fold, as long as there is a place for what comes of it.
    const folded = foldedUntil[match[1]!];
    if (folded !== undefined && end > dayOf(now, -folded) && (await holdsUnfolded(db, match[1]!, name)))
      continue;
    await db.$executeRawUnsafe(`DROP TABLE IF EXISTS "${name}"`);
    dropped.push(name);
  }
  return dropped;
}

/** Days for which what is not folded yet is kept, by table: of reports an hour a point comes, which is kept for long. */
const foldedUntil: Partial<Record<string, number>> = { sample_chunk_60: latestDays, sample: 60 };

/** Whether this partition has reports, or a day of some server has minutes in it and no coarser pack (see foldSamples.ts). */
async function holdsUnfolded(db: Database, table: string, partition: string): Promise<boolean> {
  if (table === 'sample') {
    const [reports] = await db.$queryRawUnsafe<{ some: boolean }[]>(
      `SELECT EXISTS (SELECT FROM "${partition}") AS some`,
    );
    return reports!.some;
  }
  const [row] = await db.$queryRawUnsafe<{ unfolded: boolean }[]>(
    `SELECT EXISTS (SELECT FROM "${partition}" AS fine WHERE NOT EXISTS (
       SELECT FROM sample_chunk AS folded WHERE folded."serverId" = fine."serverId" AND folded.resolution = 300
         AND folded."from" = date_trunc('day', fine."from", 'UTC'))) AS unfolded`,
  );
  return row!.unfolded;
}

/** First and next day of each partition that covers the days from `first` to `last`. */
function stretches(every: 'day' | 'month', first: string, last: string): [from: string, to: string][] {
  const found: [string, string][] = [];
  let from = every === 'day' ? first : `${first.slice(0, 7)}-01`;
  while (from <= last) {
    const next = new Date(`${from}T00:00:00Z`);
    if (every === 'day') next.setUTCDate(next.getUTCDate() + 1);
    else next.setUTCMonth(next.getUTCMonth() + 1);
    const to = next.toISOString().slice(0, 10);
    found.push([from, to]);
    from = to;
  }
  return found;
}

function dayOf(now: Date, offset: number): string {
  return new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
}
