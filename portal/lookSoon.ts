import type { Database } from '#prisma';

/** Due now in every region; a region that has not met a monitor yet gets it. Monitors that are paused or retired stay as they are. */
export async function lookSoon(db: Database, monitorIds: string[]): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "MonitorSchedule" ("monitorId", region, "nextAt")
    SELECT m.id, r.name, now() FROM "Monitor" m, "Region" r WHERE m.id = ANY(${monitorIds}::text[])
    ON CONFLICT ("monitorId", region) DO UPDATE SET "nextAt" = LEAST("MonitorSchedule"."nextAt", now())`;
}
