-- Port scans are leased apart from the rest, by the index alone.

-- DropIndex
DROP INDEX "MonitorSchedule_region_nextAt_idx";

-- AlterTable
ALTER TABLE "MonitorSchedule" ADD COLUMN     "scan" BOOLEAN NOT NULL DEFAULT false;

-- By hand
UPDATE "MonitorSchedule" d SET "scan" = true FROM "Monitor" m WHERE m."id" = d."monitorId" AND m."kind" = 'ports';

-- CreateIndex
CREATE INDEX "MonitorSchedule_region_scan_nextAt_idx" ON "MonitorSchedule"("region", "scan", "nextAt");
