-- One cause below several servers is told once: the incidents of the others follow the one that is told.
ALTER TABLE "Incident" ADD COLUMN "headId" TEXT;
CREATE INDEX "Incident_headId_idx" ON "Incident"("headId");
ALTER TABLE "Incident" ADD CONSTRAINT "Incident_headId_fkey" FOREIGN KEY ("headId") REFERENCES "Incident"("id") ON DELETE SET NULL ON UPDATE CASCADE;
-- Who sends a message says so first, so that two workers do not send it twice.
ALTER TABLE "Notification" ADD COLUMN "claimedAt" TIMESTAMPTZ(3);
