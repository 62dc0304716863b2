-- CreateTable
CREATE TABLE "ExportToken" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ExportToken_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ExportToken_hash_key" ON "ExportToken"("hash");

-- CreateIndex
CREATE INDEX "ExportToken_organizationId_idx" ON "ExportToken"("organizationId");

-- AddForeignKey
ALTER TABLE "ExportToken" ADD CONSTRAINT "ExportToken_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
