// How long monitors took to answer in the last hours, for the rules that compare with what is usual. Only of those that are slow now: the
// others need no history.
import { type Connection, prepared } from '#prisma';
import { type PackedLook, spanSeconds, unpackLooks } from '#prisma/lookPack.ts';
import type { Point } from '#worker/rules/rule.ts';

/** Milliseconds below which an answer is not slow for anybody: the least that raises net.latency, and what ends svc.http_slow. */
const swift = { ping: 30, http: 700 };
/** A look takes four bytes. */
const newestLooks = 3;
/** Spans of looks that are read before the newest. */
const spans = 2;

interface TailRow {
  serverId: string;
  monitorId: string;
  kind: keyof typeof swift;
  region: string;
  /** Epoch seconds. */
  from: number;
  points: Buffer;
}

/** By server and monitor: milliseconds of each answer, as the region saw it that is nearest now. */
export async function readAnswerTimes(
  connection: Connection,
  serverIds: readonly string[],
): Promise<Map<string, Map<string, Point[]>>> {
  const { rows } = await connection.query<TailRow>(
    prepared(
      `SELECT m."serverId", m.id AS "monitorId", m.kind, t.region, extract(epoch FROM t."from")::float8 AS "from",
         substring(t.points FROM greatest(1, octet_length(t.points) - ${4 * newestLooks - 1})) AS points
       FROM "Monitor" m JOIN probe_tail t ON t."monitorId" = m.id
       WHERE m."serverId" = ANY($1::text[]) AND m.kind IN ('http', 'ping') AND m.state IN ('up', 'degraded') AND m."retiredAt" IS NULL`,
      [serverIds],
    ),
  );
  const found = new Map<string, Map<string, Point[]>>();
  const slow = [...Map.groupBy(rows, ({ monitorId }) => monitorId).values()].filter((regions) =>
    regions.every((row) => answersOf(row).some(({ ms }) => ms > swift[row.kind])),
  );
  if (!slow.length) return found;
  const nearest = slow.map((regions) =>
    regions.reduce((a, b) => ((answersOf(b).at(-1)?.ms ?? 0) < (answersOf(a).at(-1)?.ms ?? 0) ? b : a)),
  );
  const { rows: packs } = await connection.query<Omit<TailRow, 'serverId' | 'kind'>>(
    prepared(
      `SELECT v.id AS "monitorId", v.region, extract(epoch FROM p."from")::float8 AS "from", p.points
       FROM unnest($1::text[], $2::text[], $3::float8[]) AS v(id, region, since) CROSS JOIN LATERAL (
         SELECT "from", points FROM probe_pack WHERE "monitorId" = v.id AND region = v.region AND "from" >= to_timestamp(v.since)
         UNION ALL SELECT "from", points FROM probe_tail WHERE "monitorId" = v.id AND region = v.region
       ) AS p ORDER BY 3`,
      [
        nearest.map(({ monitorId }) => monitorId),
        nearest.map(({ region }) => region),
        nearest.map(({ from }) => from - spans * spanSeconds),
      ],
    ),
  );
  const points = Map.groupBy(packs, ({ monitorId }) => monitorId);
  for (const { serverId, monitorId } of nearest) {
    const own = found.get(serverId) ?? new Map<string, Point[]>();
    found.set(serverId, own);
    own.set(
      monitorId,
      (points.get(monitorId) ?? []).flatMap((row) => answersOf(row).map(({ at, ms }): Point => [at, ms])),
    );
  }
  return found;
}

/** Looks that were answered well; how long a failure took says nothing of an answer. */
function answersOf({ points, from }: Pick<TailRow, 'points' | 'from'>): PackedLook[] {
  return unpackLooks(points, from).filter(
    ({ ok, code }) => ok || code === 'http-slow' || code === 'ping-slow',
  );
}
