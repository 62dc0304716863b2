-- CreateTable
CREATE TABLE "ServerCopy" (
    "serverId" TEXT NOT NULL,
    "bootId" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "firstAt" TIMESTAMPTZ(3) NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "decision" TEXT,
    "targetId" TEXT,

    CONSTRAINT "ServerCopy_pkey" PRIMARY KEY ("serverId","bootId")
);

-- AddForeignKey
ALTER TABLE "ServerCopy" ADD CONSTRAINT "ServerCopy_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServerCopy" ADD CONSTRAINT "ServerCopy_targetId_fkey" FOREIGN KEY ("targetId") REFERENCES "Server"("id") ON DELETE SET NULL ON UPDATE CASCADE;
