// The incidents of servers that are open, without their bodies.
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
}

/** Oldest first. A body that cannot be read names nothing. */
export async function readOpenIncidents(
  connection: Connection,
  serverIds: readonly string[],
): Promise<Map<string, OpenIncident[]>> {
  const { rows } = await connection.query<OpenIncident>(
    prepared(
      `SELECT id, "serverId", "rootKey", severity, title,
         ARRAY(SELECT (p->>'id') || ' ' || (p->'subject'->>'kind') || ':' || (p->'subject'->>'name')
           FROM jsonb_array_elements(CASE jsonb_typeof(body->'problems') WHEN 'array' THEN body->'problems' ELSE '[]' END) AS p) AS keys
       FROM "Incident" WHERE "serverId" = ANY($1::text[]) AND state = 'open' ORDER BY "openedAt", id`,
      [serverIds],
    ),
  );
  const found = new Map<string, OpenIncident[]>();
  for (const row of rows) {
    row.keys = row.keys.filter((key) => key !== null);
    const own = found.get(row.serverId);
    if (own) own.push(row);
    else found.set(row.serverId, [row]);
  }
  return found;
}
