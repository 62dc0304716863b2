-- Looks are packed, leases replace jobs, and a region may stand outside. Tables marked PARTITION BY are completed by prisma/partitions.ts.

-- AlterTable
ALTER TABLE "Region" ALTER COLUMN "lastSeenAt" DROP NOT NULL,
    ALTER COLUMN "lastSeenAt" TYPE TIMESTAMPTZ(3) USING "lastSeenAt" AT TIME ZONE 'UTC',
    ADD COLUMN "organizationId" TEXT,
    ADD COLUMN "tokenHash" TEXT,
    ADD COLUMN "hint" TEXT,
    ADD COLUMN "machineId" TEXT,
    ADD COLUMN "onlineSince" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ADD COLUMN "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "Monitor" DROP COLUMN "lastCheckedAt",
    DROP COLUMN "lastMs",
    ADD COLUMN "writtenAt" TIMESTAMPTZ(3),
    ADD COLUMN "lastBeatAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "MonitorSchedule" ADD COLUMN "leasedAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "probe_tail" (
    "monitorId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "points" BYTEA NOT NULL,

    CONSTRAINT "probe_tail_pkey" PRIMARY KEY ("monitorId","region")
);

-- CreateTable
CREATE TABLE "probe_pack" (
    "monitorId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "points" BYTEA NOT NULL,

    CONSTRAINT "probe_pack_pkey" PRIMARY KEY ("monitorId","region","from")
) PARTITION BY RANGE ("from");

-- CreateTable
CREATE TABLE "probe_day" (
    "monitorId" TEXT NOT NULL,
    "day" TIMESTAMPTZ(3) NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "probe_day_pkey" PRIMARY KEY ("monitorId","day")
) PARTITION BY RANGE ("day");

-- CreateIndex
CREATE UNIQUE INDEX "Region_tokenHash_key" ON "Region"("tokenHash");

-- CreateIndex
CREATE INDEX "Region_organizationId_idx" ON "Region"("organizationId");

-- AddForeignKey
ALTER TABLE "Region" ADD CONSTRAINT "Region_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "probe_tail" ADD CONSTRAINT "probe_tail_monitorId_fkey" FOREIGN KEY ("monitorId") REFERENCES "Monitor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: rows that every look updates find room on their own page, so that no index has to be touched.
ALTER TABLE "probe_tail" SET (fillfactor = 50);
ALTER TABLE "MonitorSchedule" SET (fillfactor = 80);
