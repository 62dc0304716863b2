// What a worker knows of the servers whose reports it reads: facts, counters of the newest report, series. All of it is in the database;
// kept in memory so that a report costs no reading of what did not change, and believed only while nobody else has written.
import { setImmediate as breathe } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { getHeapStatistics } from 'node:v8';
import type { Facts } from '#core/facts.ts';
import { internStrings } from '#core/interned.ts';
import { reportLimits } from '#core/report.ts';
import { type Connection, type Database, prepared, type Transaction } from '#prisma';
import { type Dictionary, readDictionaries } from '#prisma/seriesNames.ts';
import { Kept } from '#worker/kept.ts';
import { type Earlier, readReport } from './read.ts';

export interface Known {
  /** Epoch milliseconds of the newest report; undefined before the first. Whoever reads a newer one changes it in the database. */
  newest?: number;
  facts: Facts;
  /** Names of the facts that the newest report changed. */
  changed: ReadonlySet<string>;
  /** Of the newest report, for rates. Undefined when its text is gone. */
  last?: Omit<Earlier, 'facts'>;
  /** Seconds that the clock of the report that was read last was ahead of its arrival. */
  skew?: number;
  series: Dictionary;
  /** Epoch milliseconds of when monitors were set up from these facts last; undefined when this worker has not asked for it. */
  discoveredAt?: number;
  /** Bytes of the fullest report, which most facts are from: what is known takes about as much (bench:ingest -- memory). */
  bytes: number;
}

/** How much memory what is known may take: half of what Node may use. */
const mostBytes = getHeapStatistics().heap_size_limit / 2;

export class KnownServers {
  readonly #kept: Kept<Known>;

  constructor(limit = mostBytes) {
    this.#kept = new Kept(limit, ({ bytes }) => bytes);
  }

  /** Bytes, as counted, that are never exceeded. */
  get limit(): number {
    return this.#kept.limit;
  }

  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  /** Without taking it: for who only reads. */
  look(serverId: string, newest: number | undefined): Known | undefined {
    const known = this.#kept.look(serverId);
    return known?.newest === newest ? known : undefined;
  }

  /** Takes it out: whoever takes it gives it back when the transaction is through. */
  take(serverId: string, newest: number | undefined): Known | undefined {
    const known = this.#kept.take(serverId);
    return known?.newest === newest ? known : undefined;
  }

  give(serverId: string, known: Known, now = Date.now()): void {
    this.#kept.give(serverId, known, now);
  }
}

const keptOf = new WeakMap<Database, KnownServers>();

/** What this process knows of the servers of a database. */
export function knownServers(db: Database): KnownServers {
  let kept = keptOf.get(db);
  if (!kept) keptOf.set(db, (kept = new KnownServers()));
  return kept;
}

/** What is known of servers, from memory where that is still right, else from the database. The servers are locked. */
export async function readKnown(
  connection: Connection,
  kept: KnownServers,
  servers: readonly { id: string; lastReportAt: number | null }[],
): Promise<Map<string, Known>> {
  const found = new Map<string, Known>();
  const missing: { id: string; lastReportAt: number | null }[] = [];
  for (const server of servers) {
    const known = kept.take(server.id, server.lastReportAt ?? undefined);
    if (known) found.set(server.id, known);
    else missing.push(server);
  }
  if (!missing.length) return found;
  const ids = missing.map(({ id }) => id);
  const facts = await readFactsOf(connection, missing);
  const series = await readDictionaries(connection, ids);
  const newest = await readNewest(connection, missing);
  for (const { id, lastReportAt } of missing) {
    const own = facts.get(id)!;
    const { bytes = 0, ...last } = newest.get(id) ?? {};
    found.set(id, {
      ...(lastReportAt !== null && { newest: lastReportAt }),
      ...own,
      series: series.get(id)!,
      bytes: bytes + JSON.stringify(own.facts).length,
      ...last,
    });
  }
  return found;
}

/** Facts of servers, and the names of those that changed with the newest report. */
export async function readFactsOf(
  connection: Connection,
  servers: readonly { id: string; lastReportAt: number | null }[],
): Promise<Map<string, { facts: Facts; changed: Set<string> }>> {
  const { rows } = await connection.query<{
    serverId: string;
    name: string;
    value: unknown;
    isNew: boolean | null;
  }>(
    prepared(
      `SELECT "serverId", name, value, since >= to_timestamp(at / 1000) AT TIME ZONE 'UTC' AS "isNew"
       FROM unnest($1::text[], $2::float8[]) AS v(id, at) JOIN "Fact" ON "serverId" = v.id`,
      [servers.map(({ id }) => id), servers.map(({ lastReportAt }) => lastReportAt)],
    ),
  );
  const found = new Map(servers.map(({ id }) => [id, { facts: {} as Facts, changed: new Set<string>() }]));
  for (const { serverId, name, value, isNew } of rows) {
    const own = found.get(serverId)!;
    Object.assign(own.facts, { [name]: value });
    if (isNew) own.changed.add(name);
  }
  return found;
}

/** Counters of the newest reports, from their texts. */
async function readNewest(
  connection: Connection,
  servers: readonly { id: string; lastReportAt: number | null }[],
): Promise<Map<string, Pick<Known, 'last' | 'skew' | 'bytes'>>> {
  const reported = servers.filter(({ lastReportAt }) => lastReportAt !== null);
  const { rows } = await connection.query<{ id: string; body: Buffer; bytes: number; receivedAt: number }>(
    prepared(
      `SELECT s.id, r.body, r.bytes, extract(epoch FROM r."receivedAt")::float8 AS "receivedAt"
       FROM (SELECT id, to_timestamp(at / 1000)::timestamptz(3) AS at FROM unnest($1::text[], $2::float8[]) AS v(id, at)) AS s
       CROSS JOIN LATERAL (
         SELECT body, bytes, "reportedAt", "receivedAt" FROM report
         WHERE "serverId" = s.id AND "receivedAt" >= s.at - interval '1 hour' AND "reportedAt" = s.at AND state = 'parsed'
         ORDER BY "receivedAt" LIMIT 1
       ) AS r`,
      [reported.map(({ id }) => id), reported.map(({ lastReportAt }) => lastReportAt)],
    ),
  );
  const found = new Map<string, Pick<Known, 'last' | 'skew' | 'bytes'>>();
  for (const { id, body, bytes, receivedAt } of rows) {
    try {
      const text = gunzipSync(body, { maxOutputLength: reportLimits.bytes }).toString('utf8');
      const { at, uptime, bootId, counters } = readReport(text);
      found.set(id, {
        last: internStrings({ at, uptime, bootId, counters }),
        skew: at - receivedAt,
        bytes,
      });
    } catch {
      // Of what cannot be read any more nothing is known: the rates of that server begin anew.
    }
    await breathe();
  }
  return found;
}

/** All facts that are known of a server. */
export async function readFacts(db: Transaction, serverId: string): Promise<Facts> {
  const rows = await db.fact.findMany({ where: { serverId } });
  return Object.fromEntries(rows.map(({ name, value }) => [name, value])) as Facts;
}
