// What judging a server costs: CPU of the worker and of PostgreSQL, a judgement being due with every report. With seven hours of history.
import { gzipSync } from 'node:zlib';
import { readEnvironment } from '#core/environment.ts';
import { openDatabase } from '#prisma';
import { foldSamples } from '#prisma/foldSamples.ts';
import { openQueue } from '#prisma/queue.ts';
import { judgeServer } from '#worker/judge.ts';
import { parseReports } from '#worker/parse.ts';
import { median, postgresCpuSeconds } from '../processCpu.ts';
import { type Bed, serverIdOf, variables } from './parts.ts';
import { reportAt } from './reports.ts';

const historyMinutes = 420;
const warmUps = 3;

/** CPU milliseconds a judgement; medians of the rounds. */
export interface JudgingCost {
  worker: number;
  database: number;
}

/** The servers of the bed must not have reported yet. Stores and reads their history first, as the worker does. */
export async function measureJudging(bed: Bed, recorded: string, rounds: number): Promise<JudgingCost> {
  const { url } = bed.postgres;
  const environment = readEnvironment(variables(url, 'judge'));
  const db = openDatabase(url, 4);
  const queue = await openQueue(url, { serve: false, onError: console.error });
  const context = { db, queue, environment, publicUrl: 'http://127.0.0.1', log: console.error };
  const ids = bed.tokens.map((_, index) => serverIdOf(index + 1));
  const now = Math.floor(Date.now() / 1000);
  try {
    for (let minute = 0; minute < historyMinutes; minute++) {
      const epoch = now - (historyMinutes - minute) * 60;
      const at = new Date(epoch * 1000);
      await db.report.createMany({
        data: ids.map((serverId, server) => {
          const text = reportAt(recorded, server, minute, epoch);
          const body = Uint8Array.from(gzipSync(text));
          return { serverId, receivedAt: at, reportedAt: at, body, bytes: Buffer.byteLength(text) };
        }),
      });
      if (minute % 10 === 9) await parseReports(context, ids);
    }
    while ((await foldSamples(db)) > 0);
    const found: JudgingCost[] = [];
    for (let round = -warmUps; round < rounds; round++) {
      const before = [process.cpuUsage(), postgresCpuSeconds(bed.postmaster())] as const;
      for (const id of ids) await judgeServer(context, id);
      const { user, system } = process.cpuUsage(before[0]);
      const database = postgresCpuSeconds(bed.postmaster()) - before[1];
      if (round >= 0)
        found.push({
          worker: (user + system) / 1000 / ids.length,
          database: (database * 1000) / ids.length,
        });
    }
    return {
      worker: median(found.map(({ worker }) => worker)),
      database: median(found.map(({ database }) => database)),
    };
  } finally {
    await queue.close();
    await db.$disconnect();
  }
}
