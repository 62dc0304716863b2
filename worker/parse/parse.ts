// Stage "parse": the stored reports of some servers, each server's in order of time, become facts, samples and events. Reports are read
// together, since a statement a report and table would cost more than the reading.
import { setImmediate as breathe } from 'node:timers/promises';
import { copyReason } from '#core/copies.ts';
import type { JobData } from '#core/jobs.ts';
import { type Connection, inTransaction, isRefused, prepared } from '#prisma';
import type { WorkerContext } from '#worker/context.ts';
import { gatherJobs } from '#worker/gatherJobs.ts';
import { lockServers } from '#worker/judge/memory.ts';
import { noticeCopy, passOn } from './copies.ts';
import { type Known, knownServers, readKnown } from './known.ts';
import { readStored, type StoredReport } from './readStored.ts';
import { type Read, type ServerRow, storeReadings } from './storeReadings.ts';

/** Servers of one transaction. */
const together = 64;
/** Reports of one server that one transaction reads at most, and unpacked bytes of all; the rest follows in the next one. */
const most = { reports: 50, bytes: 32 * 1024 * 1024 };

/** While reports come in all the time, so many milliseconds are left for more of them to share a transaction. */
const gatherMs = 100;

/** The handler of "parse" jobs. */
export function reportReader(context: WorkerContext): (jobs: JobData<'parse'>[]) => Promise<void> {
  return gatherJobs(gatherMs, (serverIds) => parseReports(context, serverIds));
}

/**
 * Reads all stored reports of these servers. A report that cannot be read is kept and marked, and so is one that the database refuses; the
 * others are read. Throws when the database cannot be reached.
 */
export async function parseReports(context: WorkerContext, serverIds: readonly string[]): Promise<void> {
  const ids = [...new Set(serverIds)];
  for (let start = 0; start < ids.length; start += together) {
    let part = ids.slice(start, start + together);
    while (part.length) part = await readTogether(context, part);
  }
}

/** Returns the servers that have more. */
async function readTogether(context: WorkerContext, serverIds: readonly string[]): Promise<string[]> {
  try {
    const { busy, more } = await readBatch(context, serverIds, { wait: false, reports: most.reports });
    for (const serverId of busy) await readAlone(context, serverId);
    return more;
  } catch (error) {
    if (!isRefused(error)) throw error;
    for (const serverId of serverIds) await readAlone(context, serverId);
    return [];
  }
}

/** Waits for whoever works at this server. When the database refuses its reports, each is read alone and the bad one is marked. */
async function readAlone(context: WorkerContext, serverId: string): Promise<void> {
  for (let reports = most.reports, more = true; more;) {
    try {
      more = (await readBatch(context, [serverId], { wait: true, reports })).more.length > 0;
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (reports === 1) await markOldest(context, serverId, error);
      reports = 1;
    }
  }
}

interface BatchResult {
  /** Servers that another stage works at just now; not read. */
  busy: string[];
  more: string[];
}

async function readBatch(
  { db, queue, machineId, log }: WorkerContext,
  serverIds: readonly string[],
  { wait, reports: perServer }: { wait: boolean; reports: number },
): Promise<BatchResult> {
  const kept = knownServers(db);
  const readings = new Map<string, Known>();
  const result = await inTransaction(
    db,
    async (connection) => {
      const free = await lockServers(connection, serverIds, wait);
      const servers = await readServers(connection, free);
      await dropOrphans(
        connection,
        free.filter((id) => !servers.has(id)),
      );
      const { reports, more } = await readReports(connection, [...servers.keys()], perServer);
      const waiting = [...new Set(reports.map(({ serverId }) => serverId))].map((id) => servers.get(id)!);
      const known = await readKnown(connection, kept, waiting);
      const read: Read[] = [];
      const copied: { report: StoredReport; targetId: string }[] = [];
      for (const report of reports) {
        const before = known.get(report.serverId)!;
        let one = readOne(report, before);
        if (one.reading?.copy) {
          const { decision, targetId } = await noticeCopy(connection, report.serverId, one.reading.copy);
          if (decision === 'own' && targetId) {
            copied.push({ report, targetId });
            continue;
          }
          if (decision === 'same') one = readOne(report, before, { trusted: true });
          else if (decision) one.reading.events = [];
        }
        if (one.reading) known.set(report.serverId, one.reading.known);
        else
          log(
            `report ${report.id} of ${servers.get(report.serverId)!.hostname} cannot be read: ${one.error}`,
          );
        read.push(one);
        // Probes of this process measure time: no stretch of work may be long.
        await breathe();
      }
      await storeReadings(connection, queue, servers, known, read, machineId);
      if (copied.length) await passOn(connection, queue, copied);
      known.forEach((one, id) => readings.set(id, one));
      return { busy: serverIds.filter((id) => !free.includes(id)), more };
    },
    { seconds: 60 },
  );
  // Only now is it what the database says.
  readings.forEach((known, serverId) => kept.give(serverId, known));
  return result;
}

function readOne(report: StoredReport, known: Known, how?: { trusted: boolean }): Read {
  try {
    const reading = readStored(report, known, how);
    return { report, reading, ...(reading.copy && { error: copyReason(reading.copy.bootId) }) };
  } catch (error) {
    return { report, error: String(error).slice(0, 500) };
  }
}

async function readServers(
  connection: Connection,
  serverIds: readonly string[],
): Promise<Map<string, ServerRow>> {
  const { rows } = await connection.query<ServerRow>(
    prepared(
      `SELECT id, "organizationId", hostname, "machineId", "productUuid",
         (extract(epoch FROM "lastReportAt") * 1000)::float8 AS "lastReportAt"
       FROM "Server" WHERE id = ANY($1::text[])`,
      [serverIds],
    ),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Reports whose server was removed are read by nobody. */
async function dropOrphans(connection: Connection, serverIds: readonly string[]): Promise<void> {
  if (!serverIds.length) return;
  await connection.query(
    `UPDATE report SET state = 'failed', error = 'The server was removed.' WHERE "serverId" = ANY($1::text[]) AND state = 'stored'`,
    [serverIds],
  );
}

async function readReports(
  connection: Connection,
  serverIds: readonly string[],
  perServer: number,
): Promise<{ reports: StoredReport[]; more: string[] }> {
  const { rows } = await connection.query<StoredReport & { taken: boolean }>(
    prepared(
      `SELECT "serverId", id, (extract(epoch FROM "receivedAt") * 1000)::float8 AS "receivedAt",
         (extract(epoch FROM "reportedAt") * 1000)::float8 AS "reportedAt", bytes, taken,
         CASE WHEN taken THEN body END AS body
       FROM (
         SELECT *, place = 1 AND whole = bytes OR place <= $2 AND whole <= $3 AS taken FROM (
           SELECT *, sum(bytes) OVER (ORDER BY "serverId", "reportedAt", "receivedAt", id) AS whole,
             row_number() OVER (PARTITION BY "serverId" ORDER BY "reportedAt", "receivedAt", id) AS place
           FROM report WHERE "serverId" = ANY($1::text[]) AND state = 'stored'
         ) AS counted WHERE place <= $2 + 1
       ) AS bounded ORDER BY "serverId", place`,
      [serverIds, perServer, most.bytes],
    ),
  );
  return {
    reports: rows.filter(({ taken }) => taken),
    more: [...new Set(rows.filter(({ taken }) => !taken).map(({ serverId }) => serverId))],
  };
}

async function markOldest({ db, log }: WorkerContext, serverId: string, error: unknown): Promise<void> {
  log(`a report of ${serverId} cannot be stored: ${String(error)}`);
  await db.$executeRawUnsafe(
    `UPDATE report SET state = 'failed', error = $2 WHERE ("serverId", "receivedAt", id) = (
       SELECT "serverId", "receivedAt", id FROM report WHERE "serverId" = $1 AND state = 'stored'
       ORDER BY "reportedAt", "receivedAt", id LIMIT 1)`,
    serverId,
    String(error).slice(0, 500),
  );
}
