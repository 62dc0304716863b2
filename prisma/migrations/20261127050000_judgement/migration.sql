-- CreateTable
CREATE TABLE "RuleOverride" (
    "serverId" TEXT NOT NULL,
    "ruleId" TEXT NOT NULL,
    "bound" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RuleOverride_pkey" PRIMARY KEY ("serverId","ruleId")
);

-- CreateTable
CREATE TABLE "Acceptance" (
    "serverId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "acceptedBy" TEXT NOT NULL,
    "acceptedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3),
    "value" JSONB,

    CONSTRAINT "Acceptance_pkey" PRIMARY KEY ("serverId","key")
);

-- CreateTable
CREATE TABLE "Learned" (
    "serverId" TEXT NOT NULL,
    "upTo" TIMESTAMP(3) NOT NULL,
    "states" BYTEA NOT NULL,
    "forecasts" JSONB NOT NULL DEFAULT '[]',
    "forecastAt" TIMESTAMP(3),
    "insightAt" TIMESTAMP(3),

    CONSTRAINT "Learned_pkey" PRIMARY KEY ("serverId")
);

-- CreateTable
CREATE TABLE "Insight" (
    "serverId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "title" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "Insight_pkey" PRIMARY KEY ("serverId","at")
);

-- AddForeignKey
ALTER TABLE "RuleOverride" ADD CONSTRAINT "RuleOverride_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Acceptance" ADD CONSTRAINT "Acceptance_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Learned" ADD CONSTRAINT "Learned_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Insight" ADD CONSTRAINT "Insight_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: packed states are as small as they get.
ALTER TABLE "Learned" ALTER COLUMN "states" SET STORAGE EXTERNAL;
