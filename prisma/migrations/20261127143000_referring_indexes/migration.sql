-- Who removes a server or a monitor must not read these tables whole.
CREATE INDEX "maintenance_span_serverId_idx" ON "maintenance_span"("serverId");
CREATE INDEX "maintenance_span_monitorId_idx" ON "maintenance_span"("monitorId");
CREATE INDEX "ServerCopy_targetId_idx" ON "ServerCopy"("targetId");
