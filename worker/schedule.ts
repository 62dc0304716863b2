// Stage "schedule": due monitors of each region become jobs, a batch each. Safe to run in many workers at once.
import type { Transaction } from '#prisma';
import type { ProbeJob } from '#prisma/queue.ts';
import type { WorkerContext } from './context.ts';

/** Monitors in one job. */
const batch = 50;
/** Claimed in one round; the rest is claimed a second later. */
const perRound = 2000;
/** A region that was not heard of for this long gets no more jobs; its word is missing, not wrong. */
const regionTimeoutSeconds = 90;

/**
 * Claims what is due and moves it on by its interval, in one statement, so that no two workers claim the same. A monitor
 * that was due long ago (the worker was away) is probed once and continues from now: nothing is made up for.
 */
export async function scheduleProbes({ db, queue }: WorkerContext): Promise<number> {
  const due = await db.$queryRawUnsafe<{ monitorId: string; region: string }[]>(
    `WITH due AS (
       SELECT s."monitorId", s.region, m.interval FROM "MonitorSchedule" s
       JOIN "Monitor" m ON m.id = s."monitorId" AND m."retiredAt" IS NULL AND m.state <> 'paused'
       JOIN "Region" r ON r.name = s.region AND r."lastSeenAt" > now() - make_interval(secs => $1)
       WHERE s."nextAt" <= now() ORDER BY s."nextAt" LIMIT $2 FOR UPDATE OF s SKIP LOCKED
     )
     UPDATE "MonitorSchedule" s
     SET "nextAt" = CASE
       WHEN s."nextAt" + make_interval(secs => due.interval) > now() THEN s."nextAt" + make_interval(secs => due.interval)
       ELSE now() + make_interval(secs => due.interval * (0.5 + random() / 2)) END
     FROM due WHERE s."monitorId" = due."monitorId" AND s.region = due.region
     RETURNING s."monitorId", s.region`,
    regionTimeoutSeconds,
    perRound,
  );
  const byRegion = Map.groupBy(due, ({ region }) => region);
  for (const [region, rows] of byRegion) {
    const jobs: ProbeJob[] = [];
    for (let start = 0; start < rows.length; start += batch) {
      jobs.push({ monitorIds: rows.slice(start, start + batch).map(({ monitorId }) => monitorId) });
    }
    await queue.sendProbes(region, jobs);
  }
  return due.length;
}

/** Tells that this region is there, and gives it every monitor, spread over the interval so that no minute thunders. */
export async function announceRegion({ db, environment }: WorkerContext): Promise<void> {
  const name = environment.REGION;
  const now = new Date();
  await db.region.upsert({ where: { name }, create: { name, lastSeenAt: now }, update: { lastSeenAt: now } });
  await db.$executeRawUnsafe(
    `INSERT INTO "MonitorSchedule" ("monitorId", region, "nextAt")
     SELECT id, $1, now() + make_interval(secs => interval * random()) FROM "Monitor" WHERE "retiredAt" IS NULL ON CONFLICT DO NOTHING`,
    name,
  );
}

/** Asks for another look at these monitors soon: a failure is confirmed at a shorter interval, a fix is seen at once. */
export async function lookAgain(db: Transaction, monitorIds: string[], afterSeconds: number): Promise<void> {
  if (!monitorIds.length) return;
  await db.$executeRawUnsafe(
    `UPDATE "MonitorSchedule" SET "nextAt" = LEAST("nextAt", now() + make_interval(secs => $2)) WHERE "monitorId" = ANY($1::text[])`,
    monitorIds,
    afterSeconds,
  );
}
