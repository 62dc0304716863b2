// Stage "parse": the stored reports of a server, in order of time, become facts, samples and events.
import { createHash } from 'node:crypto';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Facts } from '#core/facts.ts';
import { reportLimits } from '#core/report.ts';
import type { HostEvent, Snapshot } from '#core/snapshot.ts';
import type { Report, Server, Transaction } from '#prisma';
import { announce } from '#prisma/notify.ts';
import { storeSamples } from '#prisma/samples.ts';
import { factChanges } from './changes.ts';
import type { WorkerContext } from './context.ts';
import { lockServer, readMemory, writeMemory } from './memory.ts';
import { makePicture } from './picture.ts';
import { readReport } from './read.ts';

const unpack = promisify(gunzip);

/** Reports of one server that one job reads at most; the rest waits for the next job. */
const batch = 50;

/** Reads all stored reports of a server. A report that cannot be read is kept and marked; the ones after it are read. */
export async function parseReports(
  { db, queue, machineId, log }: WorkerContext,
  serverId: string,
): Promise<void> {
  const more = await db.$transaction(
    async (transaction) => {
      await lockServer(transaction, serverId);
      const server = await transaction.server.findUnique({ where: { id: serverId } });
      if (!server) return false;
      const reports = await transaction.report.findMany({
        where: { serverId, state: 'stored' },
        orderBy: [{ reportedAt: 'asc' }, { receivedAt: 'asc' }],
        take: batch,
      });
      let facts: Facts | undefined;
      for (const report of reports) {
        const key = { serverId_receivedAt_id: { serverId, receivedAt: report.receivedAt, id: report.id } };
        try {
          const text = (await unpack(report.body, { maxOutputLength: reportLimits.bytes })).toString('utf8');
          facts = await storeSnapshot(transaction, server, report, text, machineId, facts);
          await transaction.report.update({ where: key, data: { state: 'parsed' } });
        } catch (error) {
          if (isDatabaseError(error)) throw error;
          log(`report ${report.id} of ${server.hostname} cannot be read: ${String(error)}`);
          await transaction.report.update({
            where: key,
            data: { state: 'failed', error: String(error).slice(0, 500) },
          });
        }
      }
      if (facts) {
        await queue.send('discover', { serverId }, { transaction, key: serverId });
        await queue.send('diagnose', { serverId }, { transaction, key: serverId });
        await announce(transaction, { organizationId: server.organizationId, kind: 'server', serverId });
      }
      return reports.length === batch;
    },
    { timeout: 120_000, maxWait: 30_000 },
  );
  if (more) await parseReports({ db, queue, machineId, log } as WorkerContext, serverId);
}

async function storeSnapshot(
  db: Transaction,
  server: Server,
  report: Report,
  text: string,
  machineId: string | undefined,
  known: Facts | undefined,
): Promise<Facts> {
  const before = known ?? (await readFacts(db, server.id));
  const memory = await readMemory(db, server.id);
  const late = memory.last !== undefined && report.reportedAt.getTime() / 1000 <= memory.last.at;
  const snapshot = readReport(
    text,
    late || !memory.last ? {} : { previous: { ...memory.last, facts: before } as Snapshot },
  );
  const at = report.reportedAt;
  const skew = (at.getTime() - report.receivedAt.getTime()) / 1000;
  // A report that waited in the agent's buffer is late, not its clock slow: a clock is off by the same amount twice.
  const isClock = Math.abs(skew) < 30 || Math.abs((memory.last?.skew ?? Number.NaN) - skew) < 10;
  await storeSamples(db, server.id, at, [
    ...snapshot.samples,
    { metric: 'agent.bytes', subject: '', value: report.bytes },
    ...(isClock ? [{ metric: 'agent.clock_skew' as const, subject: '', value: skew }] : []),
  ]);
  // A late report from the agent's buffer adds to the history; it must not overwrite what is known by now.
  if (late) {
    await storeEvents(db, server.id, snapshot.events);
    return before;
  }
  const empty: Snapshot = {
    at: 0,
    agent: {},
    complete: true,
    facts: before,
    samples: [],
    counters: [],
    events: [],
    partial: [],
  };
  const merged = makePicture([empty, snapshot]).facts;
  const first = Object.keys(before).length === 0;
  await storeEvents(db, server.id, [
    ...snapshot.events,
    ...(first ? [] : factChanges(before, merged, snapshot.at)),
  ]);
  await storeFacts(db, server.id, before, merged, at);
  await writeMemory(db, server.id, {
    ...memory,
    last: {
      at: at.getTime() / 1000,
      uptime: snapshot.uptime,
      bootId: snapshot.bootId,
      counters: snapshot.counters,
      skew,
    },
  });
  await db.server.update({
    where: { id: server.id },
    data: {
      hostname: merged.host?.hostname ?? server.hostname,
      machineId: merged.host?.machineId ?? server.machineId,
      productUuid: merged.host?.productUuid ?? server.productUuid,
      local: machineId !== undefined && merged.host?.machineId === machineId,
      agentVersion: snapshot.agent.version ?? null,
      agentSha256: snapshot.agent.sha256 ?? null,
      lastReportAt: at,
    },
  });
  return merged;
}

/** All facts that are known of a server. */
export async function readFacts(db: Transaction, serverId: string): Promise<Facts> {
  const rows = await db.fact.findMany({ where: { serverId } });
  return Object.fromEntries(rows.map(({ name, value }) => [name, value])) as Facts;
}

async function storeFacts(
  db: Transaction,
  serverId: string,
  before: Facts,
  now: Facts,
  at: Date,
): Promise<void> {
  for (const [name, value] of Object.entries(now)) {
    if (value === undefined) continue;
    const changed = JSON.stringify(value) !== JSON.stringify(before[name as keyof Facts]);
    if (!changed) continue;
    await db.fact.upsert({
      where: { serverId_name: { serverId, name } },
      create: { serverId, name, value, since: at, seenAt: at },
      update: { value, since: at, seenAt: at },
    });
  }
}

/** The same event of two reports is one row: its digest is its key. */
export async function storeEvents(
  db: Transaction,
  serverId: string,
  events: readonly HostEvent[],
): Promise<void> {
  if (!events.length) return;
  await db.event.createMany({
    skipDuplicates: true,
    data: events.map(({ kind, at, subject, text, data }) => ({
      serverId,
      at: new Date(at * 1000),
      digest: createHash('sha256').update(`${kind}\n${subject}\n${text}`).digest('hex').slice(0, 16),
      kind: kind.slice(0, 100),
      subject: subject.slice(0, 500),
      text: text.slice(0, 2000),
      ...(data && { data }),
    })),
  });
}

/** An error of the database is tried again with the whole job; any other is the report's own. */
function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && /^Prisma|^DriverAdapter/.test(error.name + error.constructor.name);
}
