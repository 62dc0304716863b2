// Stores reports together with the job that reads them, in one transaction.
import { randomUUID } from 'node:crypto';
import { type Connection, type Database, inTransaction, isRefused, poolOf } from '#prisma';
import type { Queue } from '#prisma/queue.ts';
import { overRows } from '#prisma/rows.ts';
import type { OpenedReport } from './openReport.ts';

export interface Arrival {
  serverId: string;
  opened: OpenedReport;
  /** The sender's address, when it is another one than before. */
  from?: string;
}

/**
 * Returns an Error in the place of each report that could not be stored. When the database refuses a batch, each report is tried
 * alone, so that one bad report costs the others nothing. Throws when it cannot be reached.
 */
export async function storeReports(
  db: Database,
  queue: Queue,
  arrivals: readonly Arrival[],
): Promise<(Error | undefined)[]> {
  if (!arrivals.length) return [];
  try {
    await inTransaction(db, (connection) => store(connection, queue, arrivals), { seconds: patience });
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (arrivals.length === 1) return [error as Error];
    const outcomes: (Error | undefined)[] = [];
    for (const arrival of arrivals) outcomes.push(...(await storeReports(db, queue, [arrival])));
    return outcomes;
  }
  // They are stored whatever becomes of this: an address that is not kept now is with the next report.
  await rememberAddresses(db, arrivals).catch(() => undefined);
  return arrivals.map(() => undefined);
}

/** Seconds that the database may take: less than an agent waits for its answer. */
const patience = 10;

async function store(connection: Connection, queue: Queue, arrivals: readonly Arrival[]): Promise<void> {
  // Times travel as numbers: text would be read in the time zone of the session.
  await overRows(
    connection,
    ['text', 'float8', 'text', 'float8', 'bytea', 'int'],
    arrivals.map(({ serverId, opened: { receivedAt, reportedAt, packed, bytes } }) => [
      serverId,
      receivedAt.getTime(),
      randomUUID(),
      reportedAt.getTime(),
      packed,
      bytes,
    ]),
    (values) =>
      `INSERT INTO report ("serverId", "receivedAt", id, "reportedAt", body, bytes)
       SELECT s, to_timestamp(r / 1000), i, to_timestamp(t / 1000), b, n FROM (VALUES ${values}) AS v(s, r, i, t, b, n)`,
  );
  const serverIds = [...new Set(arrivals.map(({ serverId }) => serverId))];
  // A batch of one server waits once; other batches have a job each, whatever the queue holds.
  const key = serverIds.length === 1 ? serverIds[0]! : randomUUID();
  await queue.send('parse', { serverIds }, { connection, key });
}

/** Not of the transaction: a server whose row the worker holds just now is remembered with its next report. */
async function rememberAddresses(db: Database, arrivals: readonly Arrival[]): Promise<void> {
  const moved = arrivals.filter(({ from }) => from !== undefined);
  if (!moved.length) return;
  await poolOf(db).query(
    `UPDATE "Server" SET "reportedFrom" = v.address
     FROM unnest($1::text[], $2::text[]) AS v(id, address),
       (SELECT id FROM "Server" WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) AS free
     WHERE "Server".id = v.id AND free.id = v.id`,
    [moved.map(({ serverId }) => serverId), moved.map(({ from }) => from)],
  );
}
