// Seven hours of the past for every server of a bed, as judging reads it: one server's is made by the worker, the others get copies.
import { gzipSync } from 'node:zlib';
import { readEnvironment } from '#core/environment.ts';
import { openDatabase } from '#prisma';
import { foldSamples } from '#prisma/foldSamples.ts';
import { openQueue } from '#prisma/queue.ts';
import { parseReports } from '#worker/parse/parse.ts';
import { type Bed, serverIdOf, variables } from './parts.ts';
import { reportAt } from './reports.ts';

const minutes = 420;

/** A full report in the beginning and each hour, minute reports in between, up to `end` (epoch seconds). The servers must not have reported yet. */
export async function giveHistory(
  bed: Bed,
  { full, minute }: { full: string; minute: string },
  end: number,
): Promise<void> {
  const { url } = bed.postgres;
  const db = openDatabase(url, 2);
  const queue = await openQueue(url, { serve: false, onError: console.error });
  const context = {
    db,
    queue,
    environment: readEnvironment(variables(url, 'history')),
    publicUrl: 'http://127.0.0.1',
    log: console.error,
  };
  const first = serverIdOf(1);
  try {
    for (let number = 0; number < minutes; number++) {
      const epoch = end - (minutes - number) * 60;
      const text = reportAt(number % 60 ? minute : full, 0, number - minutes, epoch);
      const at = new Date(epoch * 1000);
      await db.report.create({
        data: {
          serverId: first,
          receivedAt: at,
          reportedAt: at,
          body: gzipSync(text),
          bytes: Buffer.byteLength(text),
        },
      });
      if (number % 30 === 29) await parseReports(context, [first]);
    }
    while ((await foldSamples(db)) > 0);
  } finally {
    await queue.close();
    await db.$disconnect();
  }
  const others = `JOIN (SELECT id AS other FROM "Server" WHERE id <> '${first}') AS o ON true`;
  for (const copy of [
    `INSERT INTO "SeriesNames" SELECT other, metrics, subjects FROM "SeriesNames" ${others}`,
    `INSERT INTO "Fact" SELECT other, name, value, since, "seenAt" FROM "Fact" ${others}`,
    `INSERT INTO sample SELECT other, at, slots, values FROM sample ${others}`,
    `INSERT INTO sample_chunk SELECT other, resolution, "from", data FROM sample_chunk ${others}`,
    `INSERT INTO report SELECT other, "receivedAt", r.id, "reportedAt", body, bytes, state, error FROM report r ${others}
     WHERE "receivedAt" = (SELECT max("receivedAt") FROM report)`,
    `UPDATE "Server" SET "lastReportAt" = (SELECT max("lastReportAt") FROM "Server")`,
    `DELETE FROM pgboss.job`,
    `ANALYZE`,
  ])
    await bed.client.query(copy);
}
