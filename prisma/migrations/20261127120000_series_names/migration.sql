-- CreateTable
CREATE TABLE "SeriesNames" (
    "serverId" TEXT NOT NULL,
    "metrics" TEXT[],
    "subjects" TEXT[],

    CONSTRAINT "SeriesNames_pkey" PRIMARY KEY ("serverId")
);

-- By hand: the names go from a row a series to a row a server.
INSERT INTO "SeriesNames" ("serverId", "metrics", "subjects")
SELECT places."serverId", array_agg(coalesce(metric, '') ORDER BY place), array_agg(coalesce(subject, '') ORDER BY place)
FROM (SELECT "serverId", generate_series(0, max(slot)) AS place FROM "Series" GROUP BY "serverId") AS places
LEFT JOIN "Series" ON "Series"."serverId" = places."serverId" AND slot = place
GROUP BY places."serverId";

-- DropTable
DROP TABLE "Series";

-- AddForeignKey
ALTER TABLE "SeriesNames" ADD CONSTRAINT "SeriesNames_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "Server"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: coarser packs hold a day now. Those of the last days are made again from their minutes.
DELETE FROM "sample_chunk" AS coarser WHERE resolution <> 60 AND EXISTS (
  SELECT FROM "sample_chunk" AS fine WHERE fine."serverId" = coarser."serverId" AND fine.resolution = 60
    AND date_trunc('day', fine."from", 'UTC') = date_trunc('day', coarser."from", 'UTC'));
