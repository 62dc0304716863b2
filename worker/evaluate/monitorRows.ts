// What storing looks needs to know of their monitors.
import type { ProbeKind } from '#core/probes.ts';
import type { MonitorState, Transaction } from '#prisma';

export interface MonitorRow {
  id: string;
  organizationId: string;
  serverId: string | null;
  key: string;
  name: string;
  kind: ProbeKind;
  state: MonitorState;
  evaluation: unknown;
  interval: number;
  writtenAt: Date | null;
  /** Regions that look at it. */
  regions: string[] | null;
  /** Epoch seconds of each region's newest look. */
  heard: Record<string, number> | null;
  /** This region's last two looks, packed, and when the newest began. */
  last: Uint8Array | null;
  lastAt: number | null;
}

export async function readMonitorRows(
  db: Transaction,
  region: string,
  ids: string[],
  lock: boolean,
): Promise<MonitorRow[]> {
  // Not FOR UPDATE: regions whose first look at a monitor comes at the same time hold its key each (probe_tail), and would wait for each other.
  if (lock)
    await db.$queryRawUnsafe(
      `SELECT id FROM "Monitor" WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
      ids,
    );
  return db.$queryRawUnsafe<MonitorRow[]>(
    `SELECT m.id, m."organizationId", m."serverId", m.key, m.name, m.kind, m.state::text AS state, m.evaluation, m.interval, m."writtenAt",
       (SELECT array_agg(d.region) FROM "MonitorSchedule" d WHERE d."monitorId" = m.id) AS regions,
       (SELECT jsonb_object_agg(t.region, extract(epoch FROM t.at)) FROM probe_tail t WHERE t."monitorId" = m.id) AS heard,
       own.last, own."lastAt"
     FROM "Monitor" m LEFT JOIN LATERAL (
       SELECT substring(t.points FROM greatest(1, octet_length(t.points) - 7)) AS last, extract(epoch FROM t.at)::float8 AS "lastAt"
       FROM probe_tail t WHERE t."monitorId" = m.id AND t.region = $2) own ON true
     WHERE m.id = ANY($1::text[]) AND m."retiredAt" IS NULL ORDER BY m.id`,
    ids,
    region,
  );
}
