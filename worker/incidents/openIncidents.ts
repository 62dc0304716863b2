// The incidents of servers that are open, or were a short while ago, without their bodies.
import type { Severity } from '#core/severity.ts';
import { type Connection, prepared } from '#prisma';

export interface OpenIncident {
  id: string;
  serverId: string;
  rootKey: string;
  severity: Severity;
  title: string;
  /** Keys of the findings that it names: its root and what is folded below. */
  keys: string[];
  /** The monitors that these findings rest on, as their evidence names them. */
  sources: string[];
  /** The incident of another server that it follows from, and when that was resolved (epoch milliseconds). */
  headId: string | null;
  headResolvedAt: number | null;
  /** Of one that has come back: when it did, or when it seemed to be over since (epoch milliseconds). */
  cameBackAt: number | null;
  seemedOverAt: number | null;
  /** Epoch milliseconds. */
  resolvedAt: number | null;
}

const newest = (kinds: string) =>
  `(SELECT (extract(epoch FROM max(at)) * 1000)::float8 FROM "IncidentEntry" WHERE "incidentId" = i.id AND kind IN (${kinds}))`;

const columns = `i.id, i."serverId", i."rootKey", i.severity, i.title, i."headId",
  ARRAY(SELECT (p->>'id') || ' ' || (p->'subject'->>'kind') || ':' || (p->'subject'->>'name')
    FROM jsonb_array_elements(CASE jsonb_typeof(i.body->'problems') WHEN 'array' THEN i.body->'problems' ELSE '[]' END) AS p) AS keys,
  ARRAY(SELECT DISTINCT e->>'source' FROM jsonb_path_query(i.body, 'lax $.problems[*].evidence[*]') AS e
    WHERE e->>'source' LIKE 'monitor %') AS sources,
  (SELECT (extract(epoch FROM h."resolvedAt") * 1000)::float8 FROM "Incident" h WHERE h.id = i."headId") AS "headResolvedAt",
  ${newest(`'reopened'`)} AS "cameBackAt", ${newest(`'seemsOver'`)} AS "seemedOverAt",
  (extract(epoch FROM i."resolvedAt") * 1000)::float8 AS "resolvedAt"`;

/** Oldest first. A body that cannot be read names nothing. */
export async function readOpenIncidents(
  connection: Connection,
  serverIds: readonly string[],
): Promise<Map<string, OpenIncident[]>> {
  const { rows } = await connection.query<OpenIncident>(
    prepared(
      `SELECT ${columns} FROM "Incident" i WHERE i."serverId" = ANY($1::text[]) AND i.state = 'open' ORDER BY i."openedAt", i.id`,
      [serverIds],
    ),
  );
  return Map.groupBy(rows.map(readable), ({ serverId }) => serverId);
}

/** Those of a server that were resolved since then, newest first: not what was folded into another one, nor what a person accepted. */
export async function readRecentIncidents(
  connection: Connection,
  serverId: string,
  since: Date,
): Promise<OpenIncident[]> {
  const { rows } = await connection.query<OpenIncident>(
    prepared(
      `SELECT ${columns} FROM "Incident" i WHERE i."serverId" = $1 AND i.state = 'resolved'
         AND i."resolvedAt" >= to_timestamp($2::float8 / 1000) AT TIME ZONE 'UTC'
         AND NOT EXISTS (SELECT FROM "IncidentEntry" e WHERE e."incidentId" = i.id AND e.kind IN ('folded', 'accepted'))
       ORDER BY i."resolvedAt" DESC`,
      [serverId, since.getTime()],
    ),
  );
  return rows.map(readable);
}

function readable(row: OpenIncident): OpenIncident {
  return { ...row, keys: row.keys.filter((key) => key !== null) };
}
