// The timeline of a server: events of the machine, changes of its monitors, and what happened to its incidents, newest first.
import type { Database } from '#prisma';

export interface TimelineEntry {
  /** Epoch seconds. */
  at: number;
  source: 'event' | 'monitor' | 'incident';
  /** event: its dotted kind; monitor: the new state; incident: the kind of the entry. */
  kind: string;
  text: string;
  /** Of the monitor or incident, to link to it. */
  targetId: string | null;
}

export async function readTimeline(
  db: Database,
  serverId: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<TimelineEntry[]> {
  const until = new Date((before ?? Date.now() / 1000 + 3600) * 1000).toISOString().replace('Z', '');
  return db.$queryRaw<TimelineEntry[]>`
    (SELECT extract(epoch FROM at)::float8 AS at, 'event' AS source, kind, text, NULL AS "targetId"
     FROM "Event" WHERE "serverId" = ${serverId} AND at < ${until}::timestamp ORDER BY at DESC LIMIT ${limit})
    UNION ALL
    (SELECT extract(epoch FROM t.at)::float8, 'monitor', t."to"::text, m.name || ': ' || t.summary, m.id
     FROM "Monitor" m JOIN "Transition" t ON t."monitorId" = m.id
     WHERE m."serverId" = ${serverId} AND t.at < ${until}::timestamp ORDER BY t.at DESC LIMIT ${limit})
    UNION ALL
    (SELECT extract(epoch FROM e.at)::float8, 'incident', e.kind, e.text, i.id
     FROM "Incident" i JOIN "IncidentEntry" e ON e."incidentId" = i.id
     WHERE i."serverId" = ${serverId} AND e.at < ${until}::timestamp ORDER BY e.at DESC LIMIT ${limit})
    ORDER BY at DESC LIMIT ${limit}`;
}
