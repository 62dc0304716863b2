-- Maintenance that took place, so that uptime leaves it out. Windows that exist already are filled in by the worker.

-- CreateTable
CREATE TABLE "maintenance_span" (
    "maintenanceId" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3) NOT NULL,
    "organizationId" TEXT NOT NULL,
    "serverId" TEXT,
    "monitorId" TEXT,
    "title" TEXT NOT NULL,

    CONSTRAINT "maintenance_span_pkey" PRIMARY KEY ("maintenanceId","from")
);

-- CreateIndex
CREATE INDEX "maintenance_span_organizationId_to_idx" ON "maintenance_span"("organizationId", "to");

-- AddForeignKey
ALTER TABLE "maintenance_span" ADD CONSTRAINT "maintenance_span_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance_span" ADD CONSTRAINT "maintenance_span_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance_span" ADD CONSTRAINT "maintenance_span_monitorId_fkey" FOREIGN KEY ("monitorId") REFERENCES "Monitor"("id") ON DELETE CASCADE ON UPDATE CASCADE;
