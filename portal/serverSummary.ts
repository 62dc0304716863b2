// The state of servers in a line each: how each is, its gauges, its monitors. A handful of queries for any number of servers.
import type { Severity } from '#core/severity.ts';
import { silentAfterSeconds } from '#core/silence.ts';
import type { Database } from '#prisma';
import { epoch, epochOrNull } from './epoch.ts';

export interface Gauges {
  /** Percent. */
  cpu: number | null;
  /** Percent of RAM that is not available. */
  memory: number | null;
  /** The fullest filesystem, percent. */
  disk: number | null;
  diskMount: string | null;
  load1: number | null;
}

/** `waiting`: no report yet; `silent`: no report for five minutes; the rest is what diagnosis said last. */
export type ServerState =
  'waiting' | 'silent' | 'critical' | 'warning' | 'info' | 'healthy' | 'clone' | 'revoked';

export interface ServerSummary {
  id: string;
  hostname: string;
  os: string | null;
  cores: number | null;
  /** Epoch seconds. */
  createdAt: number;
  lastReportAt: number | null;
  state: ServerState;
  /** What is wrong most, in a sentence. */
  problem: string | null;
  openIncidents: number;
  gauges: Gauges;
  monitors: Record<'up' | 'degraded' | 'down' | 'pending' | 'paused', number>;
}

const order: Record<ServerState, number> = {
  critical: 0,
  silent: 1,
  warning: 2,
  clone: 3,
  waiting: 4,
  info: 5,
  healthy: 6,
  revoked: 7,
};

/** All servers of an organization, the worst first, then by name. */
export async function summarizeServers(db: Database, organizationId: string): Promise<ServerSummary[]> {
  const servers = await db.server.findMany({ where: { organizationId } });
  if (!servers.length) return [];
  const ids = servers.map(({ id }) => id);
  const [facts, problems, gauges, monitors] = await Promise.all([
    db.fact.findMany({ where: { serverId: { in: ids }, name: { in: ['os', 'cpu'] } } }),
    readProblems(db, ids),
    readGauges(db, ids),
    db.monitor.groupBy({
      by: ['serverId', 'state'],
      where: { serverId: { in: ids }, retiredAt: null },
      _count: true,
    }),
  ]);
  const now = Date.now() / 1000;
  const factValues = new Map(facts.map(({ serverId, name, value }) => [`${serverId} ${name}`, value]));
  const monitorsOf = Map.groupBy(monitors, ({ serverId }) => serverId);
  const summaries = servers.map((server): ServerSummary => {
    const fact = (name: string) =>
      factValues.get(`${server.id} ${name}`) as Record<string, unknown> | undefined;
    const problem = problems.get(server.id);
    const counts = { up: 0, degraded: 0, down: 0, pending: 0, paused: 0 };
    for (const row of monitorsOf.get(server.id) ?? []) counts[row.state] = row._count;
    return {
      id: server.id,
      hostname: server.hostname,
      os: (fact('os')?.name as string) ?? null,
      cores: (fact('cpu')?.count as number) ?? null,
      createdAt: epoch(server.createdAt),
      lastReportAt: epochOrNull(server.lastReportAt),
      state: stateOf(server, problem?.severity, now),
      problem: problem?.title ?? null,
      openIncidents: problem?.incidents ?? 0,
      gauges: gauges.get(server.id) ?? { cpu: null, memory: null, disk: null, diskMount: null, load1: null },
      monitors: counts,
    };
  });
  return summaries.sort(
    (a, b) =>
      order[a.state] - order[b.state] || a.hostname.localeCompare(b.hostname) || a.createdAt - b.createdAt,
  );
}

/** The one word for a server; `worst` is the severity of its worst problem. */
export function stateOf(
  server: { revokedAt: Date | null; cloneOfId: string | null; lastReportAt: Date | null },
  worst: Severity | undefined,
  now: number,
): ServerState {
  if (server.revokedAt) return 'revoked';
  if (server.cloneOfId) return 'clone';
  if (!server.lastReportAt) return 'waiting';
  if (worst === 'critical') return 'critical';
  if (now - epoch(server.lastReportAt) > silentAfterSeconds) return 'silent';
  return worst ?? 'healthy';
}

interface Problem {
  severity: Severity;
  title: string;
  incidents: number;
}

/** The worst open incident; without one, the worst finding of the last diagnosis (an `info` opens no incident). */
async function readProblems(db: Database, ids: string[]): Promise<Map<string, Problem>> {
  const found = new Map<string, Problem>();
  const findings = await db.$queryRaw<{ serverId: string; severity: Severity; summary: string }[]>`
    SELECT d."serverId", f.problem->>'severity' AS severity, f.problem->>'summary' AS summary
    FROM unnest(${ids}::text[]) AS s(id)
    CROSS JOIN LATERAL (SELECT * FROM diagnosis WHERE "serverId" = s.id ORDER BY at DESC LIMIT 1) d
    CROSS JOIN LATERAL (
      SELECT problem FROM jsonb_array_elements(d.body->'problems') AS p(problem)
      ORDER BY array_position(ARRAY['critical','warning','info'], problem->>'severity') LIMIT 1) f`;
  for (const { serverId, severity, summary } of findings) {
    found.set(serverId, { severity, title: summary, incidents: 0 });
  }
  const incidents = await db.incident.findMany({
    where: { serverId: { in: ids }, state: 'open' },
    select: { serverId: true, severity: true, title: true },
    orderBy: [{ severity: 'desc' }, { openedAt: 'desc' }],
  });
  // From the mildest to the worst, so that the worst writes last.
  for (const { serverId, severity, title } of incidents) {
    found.set(serverId!, { severity, title, incidents: (found.get(serverId!)?.incidents ?? 0) + 1 });
  }
  return found;
}

/** From the newest report of each server, if it is from the last two days. */
async function readGauges(db: Database, ids: string[]): Promise<Map<string, Gauges>> {
  const rows = await db.$queryRaw<{ serverId: string; metric: string; subject: string; value: number }[]>`
    SELECT newest."serverId", series.metric, series.subject, round(newest.values[place]::numeric, 2)::float8 AS value
    FROM unnest(${ids}::text[]) AS s(id)
    CROSS JOIN LATERAL (
      SELECT "serverId", slots, values FROM sample
      WHERE "serverId" = s.id AND at > now() - interval '2 days' ORDER BY at DESC LIMIT 1) newest
    JOIN "SeriesNames" named ON named."serverId" = s.id
    CROSS JOIN LATERAL unnest(named.metrics, named.subjects) WITH ORDINALITY AS series(metric, subject, number)
    CROSS JOIN LATERAL (SELECT array_position(newest.slots, (series.number - 1)::smallint) AS place) p
    WHERE series.metric IN ('cpu.busy', 'mem.available_percent', 'fs.used_percent', 'cpu.load1')
      AND place IS NOT NULL`;
  const gauges = new Map<string, Gauges>();
  for (const { serverId, metric, subject, value } of rows) {
    let gauge = gauges.get(serverId);
    if (!gauge) {
      gauge = { cpu: null, memory: null, disk: null, diskMount: null, load1: null };
      gauges.set(serverId, gauge);
    }
    if (metric === 'cpu.busy') gauge.cpu = value;
    else if (metric === 'cpu.load1') gauge.load1 = value;
    else if (metric === 'mem.available_percent') gauge.memory = 100 - value;
    else if (gauge.disk === null || value > gauge.disk) {
      gauge.disk = value;
      gauge.diskMount = subject;
    }
  }
  return gauges;
}
