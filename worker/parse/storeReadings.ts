// What reports say, written for many servers at once: a statement a table.
import { storableJson } from '#core/storable.ts';
import type { Connection } from '#prisma';
import { announceAll } from '#prisma/notify.ts';
import type { Queue } from '#prisma/queue.ts';
import { overRows } from '#prisma/rows.ts';
import { storeSamples } from '#prisma/samples.ts';
import { storeEventsOf } from '#worker/storeEvents.ts';
import type { Known } from './known.ts';
import type { Reading, StoredReport } from './readStored.ts';

export interface ServerRow {
  id: string;
  organizationId: string;
  hostname: string;
  machineId: string | null;
  productUuid: string | null;
  /** Epoch milliseconds. */
  lastReportAt: number | null;
}

/** A report that was read, or why it could not be, or was not taken. */
export interface Read {
  report: StoredReport;
  reading?: Reading;
  error?: string;
}

/** Facts that are measured anew with every report; from none of them does a monitor follow. */
const measured = new Set([
  'memory',
  'swaps',
  'filesystems',
  'cgroups',
  'processGroups',
  'neighbours',
  'lookups',
  'clock',
  'agent',
]);
/** Monitors are set up anew at least this often: what is retired is retired by time. */
const discoverMs = 5 * 60_000;

/**
 * In the transaction of `connection`, with the servers locked. `known` is what is known of each server after its reports; marks in it
 * when monitors were set up last. Enqueues the next stages.
 */
export async function storeReadings(
  connection: Connection,
  queue: Queue,
  servers: ReadonlyMap<string, ServerRow>,
  known: ReadonlyMap<string, Known>,
  reads: readonly Read[],
  machineId: string | undefined,
): Promise<void> {
  if (!reads.length) return;
  const readings = reads.flatMap(({ report, reading }) => (reading ? [{ report, reading }] : []));
  const present = readings.filter(({ reading }) => reading.facts);
  await storeSamples(
    connection,
    readings.flatMap(({ report, reading: { at, samples, copy } }) =>
      copy ? [] : [{ serverId: report.serverId, at: new Date(at), samples }],
    ),
    new Map([...known].map(([id, { series }]) => [id, series])),
  );
  await storeEventsOf(
    connection,
    readings.flatMap(({ report: { serverId }, reading }) =>
      reading.events.map((event) => ({ serverId, event })),
    ),
  );
  await noteLate(
    connection,
    readings.flatMap(({ report, reading }) => (reading.facts || reading.copy ? [] : [report.serverId])),
  );
  await storeFacts(connection, present);
  await storeServers(connection, servers, known, present, machineId);
  await markReports(connection, reads);

  const serverIds = [...new Set(present.map(({ report }) => report.serverId))];
  const due = discoverDue(known, present);
  const job = (serverId: string) => ({ data: { serverId }, key: serverId });
  await queue.sendAll('discover', due.map(job), connection);
  if (serverIds.length) await queue.send('judgeReported', { serverIds }, { connection });
  await announceAll(
    connection,
    serverIds.map((serverId) => ({
      organizationId: servers.get(serverId)!.organizationId,
      kind: 'server',
      serverId,
    })),
  );
}

type Present = readonly { report: StoredReport; reading: Reading }[];

async function storeFacts(connection: Connection, present: Present): Promise<void> {
  const newest = new Map<string, unknown[]>();
  for (const { report, reading } of present) {
    for (const [name, value] of Object.entries(reading.facts!))
      newest.set(`${report.serverId} ${name}`, [report.serverId, name, storableJson(value), reading.at]);
  }
  await overRows(
    connection,
    ['text', 'text', 'jsonb', 'float8'],
    [...newest.values()],
    (values) =>
      `INSERT INTO "Fact" ("serverId", name, value, since, "seenAt")
       SELECT s, n, v, t, t FROM (
         SELECT s, n, v, to_timestamp(a / 1000) AT TIME ZONE 'UTC' AS t FROM (VALUES ${values}) AS r(s, n, v, a)
       ) AS rows
       ON CONFLICT ("serverId", name) DO UPDATE
         SET value = EXCLUDED.value, since = EXCLUDED.since, "seenAt" = EXCLUDED."seenAt"`,
  );
}

async function storeServers(
  connection: Connection,
  servers: ReadonlyMap<string, ServerRow>,
  known: ReadonlyMap<string, Known>,
  present: Present,
  machineId: string | undefined,
): Promise<void> {
  const rows = new Map<string, unknown[]>();
  for (const { report, reading } of present) {
    const server = servers.get(report.serverId)!;
    const { host } = known.get(report.serverId)!.facts;
    rows.set(server.id, [
      server.id,
      host?.hostname ?? server.hostname,
      host?.machineId ?? server.machineId,
      host?.productUuid ?? server.productUuid,
      machineId !== undefined && host?.machineId === machineId,
      reading.agent.version ?? null,
      reading.agent.sha256 ?? null,
      reading.at,
    ]);
  }
  await overRows(
    connection,
    ['text', 'text', 'text', 'text', 'bool', 'text', 'text', 'float8'],
    [...rows.values()],
    (values) =>
      `UPDATE "Server" SET hostname = r.h, "machineId" = r.m, "productUuid" = r.u, local = r.l, "agentVersion" = r.v,
         "agentSha256" = r.c, "lastReportAt" = to_timestamp(r.a / 1000) AT TIME ZONE 'UTC'
       FROM (VALUES ${values}) AS r(id, h, m, u, l, v, c, a) WHERE "Server".id = r.id`,
  );
}

/** What workers remember of the series lacks what came late; this tells them. */
async function noteLate(connection: Connection, serverIds: readonly string[]): Promise<void> {
  if (!serverIds.length) return;
  await connection.query(`UPDATE "Server" SET "lateReadAt" = clock_timestamp() WHERE id = ANY($1::text[])`, [
    [...new Set(serverIds)],
  ]);
}

async function markReports(connection: Connection, reads: readonly Read[]): Promise<void> {
  const times = reads.map(({ report }) => report.receivedAt);
  const seconds = (ms: number) => `to_timestamp(${ms / 1000})`;
  // The bounds let PostgreSQL leave out the partitions of other days.
  const between = `BETWEEN ${seconds(Math.min(...times) - 1)} AND ${seconds(Math.max(...times) + 1)}`;
  await overRows(
    connection,
    ['text', 'float8', 'text', 'float8', 'text'],
    reads.map(({ report, reading, error }) => [
      report.serverId,
      report.receivedAt,
      report.id,
      reading?.at ?? report.reportedAt,
      error ?? null,
    ]),
    (values) =>
      `UPDATE report SET state = CASE WHEN r.e IS NULL THEN 'parsed' ELSE 'failed' END, error = r.e,
         "reportedAt" = to_timestamp(r.t / 1000)
       FROM (VALUES ${values}) AS r(s, a, id, t, e)
       WHERE report."serverId" = r.s AND report."receivedAt" = to_timestamp(r.a / 1000)::timestamptz(3) AND report.id = r.id
         AND report."receivedAt" ${between}`,
  );
}

/** Servers whose monitors are to be set up: a fact that they may follow from has changed, or it is time. */
function discoverDue(known: ReadonlyMap<string, Known>, present: Present): string[] {
  const changed = new Set<string>();
  for (const { report, reading } of present)
    if (Object.keys(reading.facts!).some((name) => !measured.has(name))) changed.add(report.serverId);
  const now = Date.now();
  const due = [...new Set(present.map(({ report }) => report.serverId))].filter(
    (id) => changed.has(id) || now - (known.get(id)!.discoveredAt ?? 0) > discoverMs,
  );
  for (const id of due) known.get(id)!.discoveredAt = now;
  return due;
}
