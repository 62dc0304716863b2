// Folding samples: the reports of an hour that is over become one pack of minutes, the hours of a day that is over one pack of five
// minutes and one of hours a point. A day packs into two thirds of what its hours would, and until then the minutes are still there.
import { type Database, type Transaction } from './client.ts';
import { partitionedTables } from './partitions.ts';
import { coarse, pack, type Pack, rounded, unpack } from './samplePack.ts';
import { readRows, type ReportRow } from './samplePoints.ts';
import { joinPacks, mergeRolledUp, packOf, rollUp, worthOfRollUp } from './sampleRollUp.ts';

const hour = 3600;
const day = 86_400;
/** After the end of an hour its reports may still be on the way this long before it is folded. */
const graceSeconds = 300;
/** After the end of a day its last hour has been folded this much later, however many servers there are. */
export const dayGraceSeconds = 2 * hour;
const coarser = [300, 3600] as const;

/** Whole numbers up to 65,536 as they are, larger ones with an error below 0.001 %; others as `rounded` says. */
const large = coarse(16);
const worthOfMinutes = () => (value: number) => (Number.isSafeInteger(value) ? large(value) : rounded(value));

/** Epoch seconds: what was reported before may be folded, once something newer came. */
export function foldLimit(now: Date): number {
  return Math.floor((now.getTime() / 1000 - graceSeconds) / hour) * hour;
}

/**
 * Folds the hours that are over, of at most `servers` servers, and returns how many hours it folded. A late report of an hour that
 * was folded before is added to its pack. The last hour of a server that went silent stays as it is, since its newest values are still
 * shown, until its rows are about to be dropped.
 * Safe beside other workers: an hour is taken with a lock.
 */
export async function foldSamples(db: Database, now = new Date(), servers = 500): Promise<number> {
  const limit = foldLimit(now);
  const due = await db.$queryRawUnsafe<{ serverId: string; from: number }[]>(
    `SELECT DISTINCT "serverId", (floor(extract(epoch FROM at) / ${hour}) * ${hour})::float8 AS from FROM sample
     WHERE at < to_timestamp($1::float8)
       AND (at < to_timestamp($3::float8)
         OR EXISTS (SELECT 1 FROM sample newer WHERE newer."serverId" = sample."serverId" AND newer.at >= to_timestamp($1::float8)))
     ORDER BY 2, 1 LIMIT $2`,
    limit,
    servers,
    limit - (partitionedTables.sample.days - 1) * day,
  );
  for (const { serverId, from } of due) {
    await locked(db, serverId, (transaction) => foldHour(transaction, serverId, from, now.getTime() / 1000));
  }
  return due.length;
}

/** Folds the days that are over, of at most `servers` servers, and returns how many days it folded. */
export async function foldSampleDays(db: Database, now = new Date(), servers = 50): Promise<number> {
  const end = Math.floor((now.getTime() / 1000 - dayGraceSeconds) / day) * day;
  const due = await db.$queryRawUnsafe<{ serverId: string; from: number }[]>(
    `SELECT DISTINCT fine."serverId", extract(epoch FROM date_trunc('day', fine."from", 'UTC'))::float8 AS from
     FROM sample_chunk AS fine WHERE resolution = 60 AND "from" < to_timestamp($1::float8) AND NOT EXISTS (
       SELECT FROM sample_chunk AS folded WHERE folded."serverId" = fine."serverId" AND folded.resolution = 300
         AND folded."from" = date_trunc('day', fine."from", 'UTC'))
     ORDER BY 2, 1 LIMIT $2`,
    end,
    servers,
  );
  for (const { serverId, from } of due)
    await locked(db, serverId, (transaction) => foldDay(transaction, serverId, from));
  return due.length;
}

function locked(db: Database, serverId: string, work: (transaction: Transaction) => Promise<void>) {
  return db.$transaction(
    async (transaction) => {
      await transaction.$queryRawUnsafe(
        `SELECT pg_advisory_xact_lock(hashtextextended($1, 11))::text`,
        serverId,
      );
      await work(transaction);
    },
    { timeout: 60_000 },
  );
}

async function foldHour(db: Transaction, serverId: string, from: number, now: number): Promise<void> {
  const rows = await readRows(db, serverId, from, from + hour);
  if (!rows.length) return;
  const dayStart = Math.floor(from / day) * day;
  // A report from a buffer may belong to a day whose minutes are not kept any more.
  if (dayStart >= Math.floor(now / day) * day - partitionedTables.sample_chunk_60.days * day) {
    const key = { serverId, resolution: 60, from: new Date(from * 1000) };
    const before = await db.sampleChunk.findUnique({ where: { serverId_resolution_from: key } });
    await storeChunk(
      db,
      serverId,
      60,
      from,
      pack(merge(before ? unpack(before.data) : undefined, rows), worthOfMinutes),
    );
    if (now >= dayStart + day + dayGraceSeconds) await foldDay(db, serverId, dayStart);
  } else await addToDay(db, serverId, dayStart, merge(undefined, rows), now);
  await db.$executeRawUnsafe(
    `DELETE FROM sample WHERE "serverId" = $1 AND at >= to_timestamp($2::float8) AND at < to_timestamp($3::float8)`,
    serverId,
    from,
    from + hour,
  );
}

/** Coarser packs of a day, from its minutes. */
async function foldDay(db: Transaction, serverId: string, from: number): Promise<void> {
  const minutes = await minutesOf(db, serverId, from);
  if (!minutes) return;
  for (const resolution of coarser)
    await storeChunk(db, serverId, resolution, from, pack(rollUp(minutes, resolution), worthOfRollUp));
}

/** Late reports of a day whose minutes are gone or going: they join its coarser packs, as far as those are kept. */
async function addToDay(
  db: Transaction,
  serverId: string,
  from: number,
  late: Pack,
  now: number,
): Promise<void> {
  for (const resolution of coarser) {
    if (from < now - partitionedTables[`sample_chunk_${resolution}`].days * day) continue;
    const key = { serverId, resolution, from: new Date(from * 1000) };
    const folded = await db.sampleChunk.findUnique({ where: { serverId_resolution_from: key } });
    const minutes = folded ? undefined : await minutesOf(db, serverId, from);
    const before = folded ? unpack(folded.data) : minutes && rollUp(minutes, resolution);
    const own = rollUp(late, resolution);
    const joined = before ? mergeRolledUp(before, own) : own;
    await storeChunk(db, serverId, resolution, from, pack(joined, worthOfRollUp));
  }
}

async function minutesOf(db: Transaction, serverId: string, from: number): Promise<Pack | undefined> {
  const chunks = await db.sampleChunk.findMany({
    where: {
      serverId,
      resolution: 60,
      from: { gte: new Date(from * 1000), lt: new Date((from + day) * 1000) },
    },
    orderBy: { from: 'asc' },
  });
  return chunks.length ? joinPacks(chunks.map(({ data }) => unpack(data))) : undefined;
}

async function storeChunk(
  db: Transaction,
  serverId: string,
  resolution: number,
  from: number,
  packed: Buffer,
): Promise<void> {
  const key = { serverId, resolution, from: new Date(from * 1000) };
  const data = Uint8Array.from(packed);
  await db.sampleChunk.upsert({
    where: { serverId_resolution_from: key },
    create: { ...key, data },
    update: { data },
  });
}

/** Rows as columns, together with what was packed before; a row of the same time wins. */
function merge(before: Pack | undefined, rows: ReportRow[]): Pack {
  const newest = new Map(rows.map((row) => [Math.round(row.at), row]));
  const own = [...newest].map(([at, row]) => packOf({ ...row, at }));
  if (!before) return joinPacks(own);
  // A row of the same time stands for all that was reported then.
  const kept = before.times.map((at) => !newest.has(at));
  const columns = [...before.columns].map(
    ([slot, column]) => [slot, column.filter((_, n) => kept[n])] as const,
  );
  return joinPacks([{ times: before.times.filter((_, n) => kept[n]), columns: new Map(columns) }, ...own]);
}
