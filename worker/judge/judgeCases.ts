// What judging servers needs to know of them, read for many at once: a statement a table. What this process remembers is not read again.
import { boundOverrideSchema } from '#core/judgement.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { type Connection, type Database, prepared } from '#prisma';
import { readDictionaries } from '#prisma/seriesNames.ts';
import { type OpenIncident, readOpenIncidents } from '#worker/incidents/openIncidents.ts';
import { knownServers, readFactsOf } from '#worker/parse/known.ts';
import type { Stored } from '#worker/picture/storedPicture.ts';
import type { RuleState } from '#worker/rules/rule.ts';
import type { Accepted } from './acceptance.ts';
import { readAnswerTimes } from './answerTimes.ts';
import { byServer } from './byServer.ts';
import { catchingUp } from './catchingUp.ts';
import { type Judged, judgedServers } from './judged.ts';
import { memoryOf } from './memory.ts';
import { readMonitors } from './readMonitors.ts';
import { readWindows } from './readWindows.ts';

export interface JudgedServer {
  id: string;
  organizationId: string;
  /** Epoch milliseconds. */
  lastReportAt: number;
  /** Epoch milliseconds of when a late report of it was read last. */
  lateReadAt: number | null;
}

/** One server with all that its judgement looks at. */
export interface Case {
  server: JudgedServer;
  stored: Omit<Stored, 'now' | 'window' | 'residents'>;
  judged: Judged;
  overrides: RuleState['overrides'];
  acceptances: Accepted[];
  open: OpenIncident[];
}

/** Events of a day, the newest of them. */
const events = { seconds: 86_400, most: 1000 };

/**
 * The servers must be locked. Leaves out those that never reported, clones that nobody has decided on, and with `onlyNew` those that were
 * judged since their newest report; and who is better judged later (catchingUp.ts). What is remembered of a server is taken out: whoever
 * judges it gives it back after the commit.
 */
export async function readCases(
  connection: Connection,
  db: Database,
  serverIds: readonly string[],
  { onlyNew, now, missed }: { onlyNew: boolean; now: Date; missed?: number },
): Promise<Case[]> {
  const kept = judgedServers(db);
  const before = new Map(serverIds.map((id) => [id, kept.look(id)]));
  const servers = await readServers(connection, serverIds, before);
  const later = await catchingUp(connection, db, servers, { now: now.getTime(), missed });
  const rows = servers.filter(
    ({ id, lastReportAt }) => !later.has(id) && !(onlyNew && before.get(id)?.reportAt === lastReportAt),
  );
  if (!rows.length) return [];
  const said = await readSaid(connection, db, rows);
  const windows = await readWindows(
    connection,
    rows,
    new Map(
      rows.flatMap(({ id, lateReadAt }) => {
        const own = before.get(id);
        return own && own.lateReadAt === lateReadAt ? [[id, own.window]] : [];
      }),
    ),
    now,
  );
  return rows.map(({ version, body, ...server }): Case => {
    // What was asked about above, even where others have meanwhile made room for themselves.
    const own = before.get(server.id);
    kept.take(server.id);
    const isKnown = own && own.version === (version ?? undefined);
    const memory = isKnown ? own.memory : memoryOf(body);
    return {
      server,
      stored: {
        at: server.lastReportAt / 1000,
        ...said.facts.get(server.id)!,
        events: said.events.get(server.id) ?? [],
        monitors: said.monitors.get(server.id) ?? [],
        answerTimes: said.answerTimes.get(server.id),
      },
      judged: {
        ...(isKnown && own),
        memory,
        written: isKnown ? own.written : { essence: '', at: 0 },
        window: windows.get(server.id)!,
        ...(version !== null && { version }),
      },
      overrides: said.overrides.get(server.id) ?? {},
      acceptances: said.acceptances.get(server.id) ?? [],
      open: said.open.get(server.id) ?? [],
    };
  });
}

type ServerRow = JudgedServer & { version: string | null; body: string | null };

async function readServers(
  connection: Connection,
  serverIds: readonly string[],
  before: ReadonlyMap<string, Judged | undefined>,
): Promise<ServerRow[]> {
  // The id of the transaction that wrote a row tells whether it is the one that is remembered.
  const { rows } = await connection.query<ServerRow>(
    prepared(
      `SELECT s.id, s."organizationId", (extract(epoch FROM s."lastReportAt") * 1000)::float8 AS "lastReportAt",
         (extract(epoch FROM s."lateReadAt") * 1000)::float8 AS "lateReadAt", m.xmin::text AS version,
         CASE WHEN m.xmin::text IS DISTINCT FROM v.version THEN m.body::text END AS body
       FROM unnest($1::text[], $2::text[]) AS v(id, version) JOIN "Server" s ON s.id = v.id
       LEFT JOIN "ServerMemory" m ON m."serverId" = s.id
       WHERE s."lastReportAt" IS NOT NULL AND s."cloneOfId" IS NULL`,
      [serverIds, serverIds.map((id) => before.get(id)?.version ?? null)],
    ),
  );
  return rows;
}

async function readSaid(connection: Connection, db: Database, rows: readonly ServerRow[]) {
  const ids = rows.map(({ id }) => id);
  return {
    facts: await factsOf(connection, db, rows),
    events: await readEvents(connection, rows),
    monitors: await readMonitors(connection, ids),
    answerTimes: await readAnswerTimes(connection, ids),
    overrides: await readOverrides(connection, ids),
    acceptances: await readAcceptances(connection, ids),
    open: await readOpenIncidents(connection, ids),
  };
}

/** Facts and names of series, from what the stage before knows, else from the database. */
async function factsOf(
  connection: Connection,
  db: Database,
  rows: readonly ServerRow[],
): Promise<Map<string, Pick<Stored, 'facts' | 'changed' | 'series'>>> {
  const found = new Map<string, Pick<Stored, 'facts' | 'changed' | 'series'>>();
  const missing: ServerRow[] = [];
  for (const row of rows) {
    const known = knownServers(db).look(row.id, row.lastReportAt);
    if (known) found.set(row.id, known);
    else missing.push(row);
  }
  if (!missing.length) return found;
  const facts = await readFactsOf(connection, missing);
  const series = await readDictionaries(
    connection,
    missing.map(({ id }) => id),
  );
  for (const { id } of missing) found.set(id, { ...facts.get(id)!, series: series.get(id)! });
  return found;
}

async function readEvents(
  connection: Connection,
  rows: readonly ServerRow[],
): Promise<Map<string, HostEvent[]>> {
  const { rows: found } = await connection.query<
    Omit<HostEvent, 'data'> & { serverId: string; data: HostEvent['data'] | null }
  >(
    prepared(
      `SELECT v.id AS "serverId", kind, extract(epoch FROM e.at)::float8 AS at, subject, text, data
       FROM unnest($1::text[], $2::float8[]) AS v(id, since) JOIN LATERAL (
         SELECT * FROM "Event" WHERE "serverId" = v.id AND at >= to_timestamp(v.since) AT TIME ZONE 'UTC'
         ORDER BY at DESC LIMIT $3
       ) AS e ON true ORDER BY e.at`,
      [
        rows.map(({ id }) => id),
        rows.map(({ lastReportAt }) => lastReportAt / 1000 - events.seconds),
        events.most,
      ],
    ),
  );
  return byServer(found, ({ kind, at, subject, text, data }) => ({
    kind,
    at,
    subject,
    text,
    ...(data && { data }),
  }));
}

async function readOverrides(
  connection: Connection,
  ids: readonly string[],
): Promise<Map<string, RuleState['overrides']>> {
  const { rows } = await connection.query<{ serverId: string; ruleId: string; bound: unknown }>(
    prepared(`SELECT "serverId", "ruleId", bound FROM "RuleOverride" WHERE "serverId" = ANY($1::text[])`, [
      ids,
    ]),
  );
  const found = new Map<string, RuleState['overrides']>();
  for (const { serverId, ruleId, bound } of rows) {
    const checked = boundOverrideSchema.safeParse(bound);
    if (checked.success) found.set(serverId, { ...found.get(serverId), [ruleId]: checked.data });
  }
  return found;
}

async function readAcceptances(
  connection: Connection,
  ids: readonly string[],
): Promise<Map<string, Accepted[]>> {
  const { rows } = await connection.query<
    Omit<Accepted, 'expiresAt'> & { serverId: string; expiresAt: number | null }
  >(
    prepared(
      `SELECT "serverId", key, reason, "acceptedBy", value, (extract(epoch FROM "expiresAt") * 1000)::float8 AS "expiresAt"
       FROM "Acceptance" WHERE "serverId" = ANY($1::text[])`,
      [ids],
    ),
  );
  return byServer(rows, ({ key, reason, acceptedBy, value, expiresAt }) => ({
    key,
    reason,
    acceptedBy,
    value,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  }));
}
