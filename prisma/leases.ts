// Leases: which monitors a region looks at now. A lease ends with its result or by its time, so that the work of a region that died is
// neither lost nor done twice, and no monitor is looked at by one region twice at once.
import type { ProbeKind } from '#core/probes.ts';
import type { Database, Transaction } from './client.ts';

/** A region that was not heard of for this long has no word: it is missing, not wrong. */
const regionTimeoutSeconds = 90;
/** Seconds that a look may take before its lease ends: the longest time limit of its kind (60 s, of a port scan 600 s) and the way. */
export const leaseSeconds = { usual: 120, ports: 720 };

export interface Lease {
  monitorId: string;
  organizationId: string;
  kind: ProbeKind;
  settings: unknown;
  /** Of the server: the address that its reports come from, and the machine that it is. */
  reportedFrom: string | null;
  machineId: string | null;
  /** The server is a machine that Rootnote itself runs on. */
  local: boolean;
  /** Epoch seconds; for a heartbeat, when the job reported in last or else when the monitor was made. */
  lastBeat: number;
  /** The job has not reported in yet. */
  awaited: boolean;
  /** Epoch seconds by the clock of the database. */
  leasedAt: number;
  /** Seconds from when it was due until then. */
  lag: number;
}

/**
 * Which monitors a region may look at, as SQL over m (Monitor), s (Server, may be null) and r (Region): of its organization; what is
 * reached over loopback only from the machine itself; and from a region that stands outside, nothing that only the database knows and
 * nothing but a plain look at a machine that never reported.
 */
const mayLook = `(r."organizationId" IS NULL OR r."organizationId" = m."organizationId")
  AND (s.id IS NULL OR NOT s.local OR (r."tokenHash" IS NULL AND (r."machineId" IS NULL OR r."machineId" = s."machineId")))
  AND (r."tokenHash" IS NULL OR (m.kind <> 'heartbeat' AND (m.kind NOT IN ('port', 'ports', 'exposed') OR s."reportedFrom" IS NOT NULL)))`;

/**
 * What is looked at seldom (a certificate, a registration, all ports) is looked at more often while something is wrong with it, so that its
 * end is seen soon; scans and registries are still asked politely. Seconds, as SQL over m (Monitor).
 */
const soonerWhileBad = `CASE WHEN m.state IN ('down', 'degraded')
  THEN least(m.interval, CASE m.kind WHEN 'ports' THEN 1800 WHEN 'domain' THEN 3600 ELSE 300 END) ELSE m.interval END`;

/**
 * Takes up to `limit` due monitors for a region and moves them on by their interval, in one statement, so that no two workers take the
 * same. One that was due long ago (the region was away) is looked at once and continues from now, somewhere within its interval:
 * nothing is made up for, and there is no storm. `scans`: only port scans, or only everything else, since a scan takes minutes. One that is still being looked at or is paused skips its turn.
 */
export async function leaseDue(
  db: Database | Transaction,
  region: string,
  { scans, limit }: { scans: boolean; limit: number },
): Promise<Lease[]> {
  return db.$queryRawUnsafe<Lease[]>(
    // What is due is found in the index alone, before anything is joined: so the plan is the same whatever the planner knows of the tables.
    `WITH found AS MATERIALIZED (
       SELECT "monitorId", "nextAt", "leasedAt" FROM "MonitorSchedule"
       WHERE region = $1 AND scan = $5 AND "nextAt" <= now() ORDER BY "nextAt" LIMIT $2 FOR UPDATE SKIP LOCKED
     ), taken AS MATERIALIZED (
       SELECT d."monitorId", d."nextAt", m."organizationId", m.kind, m.settings, ${soonerWhileBad} AS interval, s."reportedFrom", s."machineId",
         coalesce(s.local, false) AS local, extract(epoch FROM coalesce(m."lastBeatAt", m."createdAt" AT TIME ZONE 'UTC'))::float8 AS "lastBeat",
         m."lastBeatAt" IS NULL AS awaited, m."retiredAt" IS NULL AND m.state <> 'paused' AND ${mayLook}
           AND NOT coalesce(d."leasedAt" > coalesce(t.at, '-infinity')
             AND d."leasedAt" > now() - make_interval(secs => CASE WHEN $5 THEN $4::float8 ELSE $3::float8 END), false) AS look
       FROM found d JOIN "Monitor" m ON m.id = d."monitorId" LEFT JOIN "Server" s ON s.id = m."serverId" JOIN "Region" r ON r.name = $1
       LEFT JOIN LATERAL (SELECT at FROM probe_tail t WHERE t."monitorId" = d."monitorId" AND t.region = $1 LIMIT 1) t ON true
     ), moved AS (
       UPDATE "MonitorSchedule" d SET
         "nextAt" = CASE WHEN d."nextAt" + make_interval(secs => taken.interval) > now() THEN d."nextAt" + make_interval(secs => taken.interval)
           ELSE now() + make_interval(secs => taken.interval * (0.5 + random() / 2)) END,
         "leasedAt" = CASE WHEN taken.look THEN date_trunc('milliseconds', now()) ELSE d."leasedAt" END
       FROM taken WHERE d."monitorId" = taken."monitorId" AND d.region = $1
     )
     SELECT "monitorId", "organizationId", kind, settings, "reportedFrom", "machineId", local, "lastBeat", awaited,
       extract(epoch FROM date_trunc('milliseconds', now()))::float8 AS "leasedAt", extract(epoch FROM now() - "nextAt")::float8 AS lag FROM taken WHERE look`,
    region,
    limit,
    leaseSeconds.usual,
    leaseSeconds.ports,
    scans,
  );
}

/**
 * Gives monitors to regions: all that are not retired, or only some, to all regions or to one. `soon` makes them due at once, or else
 * they are spread over their interval, so that no minute thunders. Those that a region has already stay, but are due soon when asked.
 */
export async function giveToRegions(
  db: Database | Transaction,
  { monitorIds, region, soon }: { monitorIds?: string[]; region?: string; soon: boolean },
): Promise<void> {
  await db.$executeRawUnsafe(
    `INSERT INTO "MonitorSchedule" ("monitorId", region, scan, "nextAt")
     SELECT m.id, r.name, m.kind = 'ports', now() + make_interval(secs => CASE WHEN $3 THEN 0 ELSE m.interval * random() END)
     FROM "Monitor" m LEFT JOIN "Server" s ON s.id = m."serverId" JOIN "Region" r ON ${mayLook}
     WHERE m."retiredAt" IS NULL AND ($1::text[] IS NULL OR m.id = ANY($1::text[])) AND ($2::text IS NULL OR r.name = $2)
     ORDER BY m.id, r.name
     ON CONFLICT ("monitorId", region) DO UPDATE SET "nextAt" = LEAST("MonitorSchedule"."nextAt", now())
     WHERE $3 AND "MonitorSchedule"."nextAt" > now()`,
    monitorIds ?? null,
    region ?? null,
    soon,
  );
}

/** Asks for another look soon: a failure is confirmed at a shorter interval, in every region. `seconds[i]` belongs to `monitorIds[i]`. */
export async function lookAgain(
  db: Database | Transaction,
  monitorIds: string[],
  seconds: number[],
): Promise<void> {
  if (!monitorIds.length) return;
  await db.$executeRawUnsafe(
    `WITH soon AS (
       SELECT d."monitorId", d.region, now() + make_interval(secs => a.seconds) AS at
       FROM unnest($1::text[], $2::float8[]) AS a("monitorId", seconds) JOIN "MonitorSchedule" d USING ("monitorId")
       WHERE d."nextAt" > now() + make_interval(secs => a.seconds) ORDER BY 1, 2 FOR UPDATE OF d
     )
     UPDATE "MonitorSchedule" d SET "nextAt" = soon.at FROM soon WHERE d."monitorId" = soon."monitorId" AND d.region = soon.region`,
    monitorIds,
    seconds,
  );
}

/** Regions whose word is heard now, with the organization that they are limited to. */
export async function heardRegions(
  db: Database | Transaction,
): Promise<{ name: string; organizationId: string | null }[]> {
  return db.$queryRawUnsafe(
    `SELECT name, "organizationId" FROM "Region" WHERE "lastSeenAt" > now() - make_interval(secs => $1) ORDER BY name`,
    regionTimeoutSeconds,
  );
}
