// The newest values of many servers, for whoever scrapes them.
import { type Database, poolOf, prepared } from './client.ts';

export interface NewestSample {
  serverId: string;
  metric: string;
  subject: string;
  value: number;
  /** Epoch seconds. */
  at: number;
}

/** Seconds after which a server without a report has no present values any more. */
const presentSeconds = 600;
/** What comes hourly is taken from the fullest report of the last hour. */
const hourSeconds = 3900;

/** The newest value of each series, server by server. A server that is silent has none. */
export async function readNewestSamples(db: Database, serverIds: readonly string[]): Promise<NewestSample[]> {
  const { rows } = await poolOf(db).query<NewestSample>(
    prepared(
      `SELECT DISTINCT ON (s.id, v.slot) s.id AS "serverId", d.metric, d.subject, v.value::float8 AS value, r.at
       FROM unnest($1::text[]) AS s(id)
       CROSS JOIN LATERAL (
         SELECT at, slots, values FROM sample WHERE "serverId" = s.id AND at > now() - make_interval(secs => $2)
         ORDER BY at DESC LIMIT 1
       ) AS newest
       CROSS JOIN LATERAL (
         SELECT extract(epoch FROM newest.at)::float8 AS at, newest.slots, newest.values
         UNION ALL
         (SELECT extract(epoch FROM at)::float8, slots, values FROM sample
          WHERE "serverId" = s.id AND at > now() - make_interval(secs => $3) ORDER BY cardinality(slots) DESC, at DESC LIMIT 1)
       ) AS r
       CROSS JOIN LATERAL unnest(r.slots, r.values) AS v(slot, value)
       JOIN (
         SELECT named."serverId", n.metric, n.subject, n.place - 1 AS slot FROM "SeriesNames" AS named
         CROSS JOIN LATERAL unnest(named.metrics, named.subjects) WITH ORDINALITY AS n(metric, subject, place)
         WHERE named."serverId" = ANY($1::text[])
       ) AS d ON d."serverId" = s.id AND d.slot = v.slot
       ORDER BY s.id, v.slot, r.at DESC`,
      [serverIds, presentSeconds, hourSeconds],
    ),
  );
  return rows;
}
