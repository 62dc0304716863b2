// Looks at monitors, stored and read: a tail that each look appends to, packs of up to two hours for a month, days for thirteen months.
import type { ProbeCode } from '#core/probes.ts';
import type { Database, Transaction } from './client.ts';
import { packLook, type PackedLook, spanOf, spanSeconds, tailBytes, unpackLooks } from './lookPack.ts';

/** One look of a region; `at` is when it began. */
export interface NewLook {
  monitorId: string;
  at: Date;
  ok: boolean;
  code: ProbeCode;
  ms: number;
}

/**
 * Appends looks to the tails of their monitors, one statement for all; a tail that is full becomes a pack. Returns the monitors whose
 * look was new: one that is not newer than the region's last was stored before. At most one look a monitor.
 */
export async function appendLooks(
  db: Transaction,
  region: string,
  looks: readonly NewLook[],
): Promise<Set<string>> {
  const sorted = looks.toSorted((a, b) => (a.monitorId < b.monitorId ? -1 : 1));
  const rows = await db.$queryRawUnsafe<{ monitorId: string }[]>(
    `WITH look AS (
       SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::bytea[]) AS l("monitorId", at, point)
     ), full_tail AS (
       INSERT INTO probe_pack ("monitorId", region, "from", points)
       SELECT t."monitorId", t.region, t."from", t.points FROM look JOIN probe_tail t ON t."monitorId" = look."monitorId" AND t.region = $4
       WHERE t.at < look.at AND (octet_length(t.points) >= $5 OR floor(extract(epoch FROM t."from") / $6) <> floor(extract(epoch FROM look.at) / $6))
       ON CONFLICT DO NOTHING
     )
     INSERT INTO probe_tail AS t ("monitorId", region, "from", at, points)
     SELECT m.id, $4, look.at, look.at, look.point FROM look JOIN "Monitor" m ON m.id = look."monitorId"
     ON CONFLICT ("monitorId", region) DO UPDATE SET at = excluded.at,
       "from" = CASE WHEN octet_length(t.points) >= $5 OR floor(extract(epoch FROM t."from") / $6) <> floor(extract(epoch FROM excluded.at) / $6)
         THEN excluded."from" ELSE t."from" END,
       points = CASE WHEN octet_length(t.points) >= $5 OR floor(extract(epoch FROM t."from") / $6) <> floor(extract(epoch FROM excluded.at) / $6)
         THEN excluded.points ELSE t.points || excluded.points END
     WHERE t.at < excluded.at
     RETURNING "monitorId"`,
    sorted.map(({ monitorId }) => monitorId),
    sorted.map(({ at }) => at),
    sorted.map((look) => packLook({ ...look, at: look.at.getTime() / 1000 })),
    region,
    tailBytes,
    spanSeconds,
  );
  return new Set(rows.map(({ monitorId }) => monitorId));
}

export interface RegionLook extends PackedLook {
  region: string;
}

/** Looks at one monitor from `from` to `to` (epoch seconds) by all regions, each region's in order of time. At most 31 days are kept. */
export async function readLooks(
  db: Database,
  monitorId: string,
  from: number,
  to: number,
): Promise<RegionLook[]> {
  const rows = await db.$queryRawUnsafe<{ region: string; from: number; points: Uint8Array }[]>(
    `SELECT region, extract(epoch FROM "from")::float8 AS "from", points FROM (
       SELECT region, "from", points FROM probe_pack WHERE "monitorId" = $1 AND "from" >= to_timestamp($2) AND "from" < to_timestamp($3)
       UNION ALL SELECT region, "from", points FROM probe_tail WHERE "monitorId" = $1 AND at >= to_timestamp($2)) AS all_of_it
     ORDER BY region, "from"`,
    monitorId,
    spanOf(from),
    to,
  );
  return rows.flatMap((row) =>
    unpackLooks(row.points, row.from)
      .filter(({ at }) => at >= Math.floor(from) && at < to)
      .map((look) => ({ region: row.region, ...look })),
  );
}

export interface NewestLooks {
  /** Epoch seconds; with the fraction. */
  at: number;
  /** Of the newest look. */
  ms: number;
  /** The last looks of all regions, oldest first. */
  looks: RegionLook[];
}

/** The newest looks at many monitors, at least the last two hours of them, at most `limit` each. */
export async function readNewestLooks(
  db: Database,
  monitorIds: string[],
  limit: number,
): Promise<Map<string, NewestLooks>> {
  if (!monitorIds.length) return new Map();
  const rows = await db.$queryRawUnsafe<
    { id: string; region: string; at: number; from: number; points: Uint8Array }[]
  >(
    `SELECT t."monitorId" AS id, t.region, extract(epoch FROM t.at)::float8 AS at, extract(epoch FROM p."from")::float8 AS "from", p.points
     FROM probe_tail t CROSS JOIN LATERAL (
       SELECT t."from", t.points
       UNION ALL (SELECT k."from", k.points FROM probe_pack k WHERE k."monitorId" = t."monitorId" AND k.region = t.region
         AND octet_length(t.points) < 4 * $2 AND k."from" < t."from" AND k."from" >= t."from" - make_interval(secs => 2 * $3)
         ORDER BY k."from" DESC LIMIT 1)) AS p
     WHERE t."monitorId" = ANY($1::text[]) ORDER BY t."monitorId", p."from"`,
    monitorIds,
    limit,
    spanSeconds,
  );
  const found = new Map<string, NewestLooks>();
  for (const { id, region, at, from, points } of rows) {
    let newest = found.get(id);
    if (!newest) found.set(id, (newest = { at: 0, ms: 0, looks: [] }));
    const tail = points.subarray(Math.max(0, points.byteLength - 4 * limit));
    newest.looks.push(...unpackLooks(tail, from).map((look) => ({ region, ...look })));
    newest.at = Math.max(newest.at, at);
  }
  for (const newest of found.values()) {
    newest.looks = newest.looks.sort((a, b) => a.at - b.at).slice(-limit);
    newest.ms = newest.looks.at(-1)?.ms ?? 0;
  }
  return found;
}
