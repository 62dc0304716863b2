// A worker that only reads reports, so that the bench can tell the cost of this stage from that of those behind it; with `judges` it judges, too.
import { readEnvironment } from '#core/environment.ts';
import { openDatabase } from '#prisma';
import { openQueue } from '#prisma/queue.ts';
import { judgeServers, reportedJudge } from '#worker/judge/judge.ts';
import { findLeftOver } from '#worker/housekeeping.ts';
import { reportReader } from '#worker/parse/parse.ts';

const environment = readEnvironment(process.env);
const db = openDatabase(environment.DATABASE_URL!, 10);
const queue = await openQueue(environment.DATABASE_URL!, { serve: true, onError: console.error });
const context = { db, queue, environment, publicUrl: 'http://127.0.0.1', log: console.error };
await queue.work('parse', 20, reportReader(context));
if (process.argv.includes('judges')) {
  await queue.work('judgeReported', 20, reportedJudge(context));
  await queue.work('diagnose', 20, (jobs) =>
    judgeServers(
      context,
      jobs.map(({ serverId }) => serverId),
    ),
  );
}
// What was left lying by a worker that was killed.
setInterval(() => void findLeftOver(context).catch(() => undefined), 10_000);
process.on('SIGTERM', () => process.exit(0));
