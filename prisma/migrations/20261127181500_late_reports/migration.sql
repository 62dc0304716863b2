-- When a report that is older than the newest one was read last: what a worker remembers of the series lacks it.
ALTER TABLE "Server" ADD COLUMN "lateReadAt" TIMESTAMPTZ(3);
