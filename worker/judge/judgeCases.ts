// What judging servers needs to know of them, read for many at once: a statement a table. What this process remembers is not read again.
import type { MonitorState, RuleState } from '#worker/rules/rule.ts';
import { boundOverrideSchema } from '#core/judgement.ts';
import type { ProbeCode, ProbeKind } from '#core/probes.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { type Connection, type Database, prepared } from '#prisma';
import { readFolded, readNewer } from '#prisma/samplePoints.ts';
import { joinPacks, packOf } from '#prisma/sampleRollUp.ts';
import { foldLimit } from '#prisma/foldSamples.ts';
import { readReals, readSmallints } from '#prisma/rows.ts';
import { readDictionaries } from '#prisma/seriesNames.ts';
import type { Accepted } from './acceptance.ts';
import { readAnswerTimes } from './answerTimes.ts';
import { type OpenIncident, readOpenIncidents } from '#worker/incidents/openIncidents.ts';
import { catchingUp } from './catchingUp.ts';
import { type Judged, judgedServers } from './judged.ts';
import { knownServers, readFactsOf } from '#worker/parse/known.ts';
import { memoryOf } from './memory.ts';
import { historySeconds, SeriesWindow } from '#worker/picture/seriesWindow.ts';
import type { Stored } from '#worker/picture/storedPicture.ts';

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

const hour = 3600;
/** Events of a day, the newest of them. */
const events = { seconds: 24 * hour, most: 1000 };

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
  return grouped(found, ({ kind, at, subject, text, data }) => ({
    kind,
    at,
    subject,
    text,
    ...(data && { data }),
  }));
}

interface MonitorRow {
  serverId: string;
  id: string;
  kind: string;
  name: string;
  target: string;
  state: MonitorState['state'];
  /** Epoch seconds. */
  since: number;
  code: string | null;
  summary: string | null;
  settings: unknown;
  about: unknown;
  details: Record<string, unknown> | null;
  origin: string;
  everUp: boolean;
}

async function readMonitors(
  connection: Connection,
  ids: readonly string[],
): Promise<Map<string, MonitorState[]>> {
  const { rows } = await connection.query<MonitorRow>(
    prepared(
      `SELECT "serverId", id, kind, name, target, state, extract(epoch FROM "stateSince")::float8 AS since, code, summary, settings,
         about, evaluation->'details' AS details, origin, "everUp"
       FROM "Monitor" WHERE "serverId" = ANY($1::text[]) AND "retiredAt" IS NULL AND state <> 'paused'
         AND decision IS DISTINCT FROM 'muted'`,
      [ids],
    ),
  );
  return grouped(rows.filter(isMeant), stateOf);
}

/**
 * A site that answered 404, or a port that was filtered, ever since its monitor set itself up is probably meant so: it is shown, but
 * it is no problem. What must never be (an exposed file, an open database, an expired certificate) is one from the first look, and so is a
 * DNS record: its monitor accepts by itself what is meant so.
 */
function isMeant({ kind, code, everUp, origin }: MonitorRow): boolean {
  const mayBeMeant =
    ['http', 'ping', 'ports'].includes(kind) || (kind === 'port' && code !== 'unexpected-open');
  return everUp || origin !== 'discovered' || !mayBeMeant;
}

/** A monitor as diagnosis sees it. */
export function stateOf(monitor: Omit<MonitorRow, 'serverId' | 'origin' | 'everUp'>): MonitorState {
  const { id, kind, name, target, state, since, code, summary, settings, about, details } = monitor;
  return {
    id,
    kind: kind as ProbeKind,
    name,
    target,
    state,
    since,
    code: (code ?? 'ok') as ProbeCode,
    summary: summary ?? '',
    // What the last failure told says nothing of a monitor that is well again.
    details: { ...askedFor(kind, settings), ...(state === 'down' || state === 'degraded' ? details : {}) },
    about: about as MonitorState['about'],
  };
}

/** What a port monitor is content with decides what its silence means. */
function askedFor(kind: string, settings: unknown): Record<string, unknown> {
  const { expect = 'open', protocol = 'tcp' } = settings as Record<string, unknown>;
  return kind === 'port' ? { expect, protocol } : {};
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
  return grouped(rows, ({ key, reason, acceptedBy, value, expiresAt }) => ({
    key,
    reason,
    acceptedBy,
    value,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  }));
}

/** The last hours of the series, brought up to date. One that is not remembered, or has missed a report, is read from the database. */
async function readWindows(
  connection: Connection,
  servers: readonly JudgedServer[],
  kept: ReadonlyMap<string, SeriesWindow>,
  now: Date,
): Promise<Map<string, SeriesWindow>> {
  const folded = foldLimit(now);
  const usable = servers.filter(({ id, lastReportAt }) => {
    const at = kept.get(id)?.at;
    // What came in between may be folded by now.
    return at !== undefined && !(at < folded && folded <= lastReportAt / 1000);
  });
  const found = new Map<string, SeriesWindow>();
  const asked = usable.map(({ id }) => {
    const at = kept.get(id)!.at!;
    return { serverId: id, after: at, since: Math.floor(at / hour) * hour };
  });
  const { rows, counts } = await readNewer(connection, asked);
  for (const { serverId, at, slots, values } of rows)
    kept.get(serverId)!.add(at, readSmallints(slots), readReals(values));
  for (const { serverId, since } of asked) {
    const window = kept.get(serverId)!;
    if (counts.get(serverId)! > window.reportsSince(since)) continue;
    window.roll();
    found.set(serverId, window);
  }
  for (const { id, lastReportAt } of servers)
    if (!found.has(id)) found.set(id, await readWindow(connection, id, lastReportAt / 1000));
  return found;
}

/** All series of a server's last hours, from the database. `at`: epoch seconds of its newest report. */
export async function readWindow(
  connection: Connection,
  serverId: string,
  at: number,
): Promise<SeriesWindow> {
  const from = at - historySeconds;
  const packs = await readFolded(connection, serverId, from, at);
  const { rows } = await readNewer(connection, [{ serverId, after: from, since: at }]);
  const reports = rows.map((row) => ({
    at: row.at,
    slots: readSmallints(row.slots),
    values: readReals(row.values),
  }));
  const folded = packs.at(-1)?.times.at(-1) ?? -Infinity;
  const late = reports.filter((report) => report.at <= folded);
  return SeriesWindow.of(
    // What came late and is not folded yet has its place between what is.
    late.length ? [joinPacks([...packs, ...late.map(packOf)])] : packs,
    reports.slice(late.length),
  );
}

function grouped<R extends { serverId: string }, T>(
  rows: readonly R[],
  make: (row: R) => T,
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(row.serverId);
    if (own) own.push(make(row));
    else found.set(row.serverId, [make(row)]);
  }
  return found;
}
