// Nothing answered 202 is lost: web server, worker and PostgreSQL are killed with SIGKILL at random moments while reports come in.
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { Agent } from 'undici';
import { startEmbeddedPostgres } from '#prisma/embedded.ts';
import { freePort } from '../../test/rootnote.ts';
import { type Bed, end, type Part, requireBuiltSite, serverIdOf, startReader, startWeb } from './parts.ts';
import { postReport } from './send.ts';
import { untilDone } from './cost.ts';

export interface CrashResult {
  kills: { web: number; worker: number; database: number };
  /** Reports that were sent at least once. */
  sent: number;
  acknowledged: number;
  /** Of the acknowledged ones: reports in the database, and of those that were read. */
  stored: number;
  read: number;
  /** Of the read ones: reports with a row of samples. */
  sampled: number;
  /** Acknowledged and not stored: must be 0. */
  lost: number;
  /** Stored although no answer came: the agent sends it again, which changes nothing. */
  unacknowledged: number;
}

/**
 * Each server sends report after report, and one that was not answered 202 again, as the agent does. After `seconds` everything is left
 * alone until all reports are read and all servers judged; then both sides are compared, report by report. A job that a killed worker
 * held comes back when it expires, after five minutes (prisma/queue.ts): so this lasts some six minutes longer than `seconds`.
 */
export async function crash(bed: Bed, recorded: string, seconds: number): Promise<CrashResult> {
  // Below, a part that does not start is started again without a word.
  requireBuiltSite();
  const parts = { web: undefined as Part | undefined, worker: undefined as Part | undefined };
  const kills = { web: 0, worker: 0, database: 0 };
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  const url = bed.postgres.url;
  const webPort = await freePort();
  let over = false;
  // Its data folder, from which the same server starts again on the same port.
  const folder = bed.data;
  const start = Math.floor(Date.now() / 1000) - 6 * 3600;

  const keepWeb = keepRunning(
    async () => (parts.web = await startWeb(url, webPort, true)),
    () => over,
  );
  const keepWorker = keepRunning(
    async () => (parts.worker = startReader(url, { quiet: true, judges: true })),
    () => over,
  );
  const dispatcher = new Agent({ connections: 64, headersTimeout: 15_000, bodyTimeout: 15_000 });
  const packed = (epoch: number) => gzipSync(recorded.replace(/epoch=\d+/, `epoch=${epoch}`), { level: 1 });
  const agents = bed.tokens.map(async (token, server) => {
    for (let number = 0; !over; number++) {
      const epoch = start + number;
      const key = `${serverIdOf(server + 1)} ${epoch}`;
      const report = { token, body: packed(epoch) };
      sent.add(key);
      for (let done = false; !done && !over;) {
        const answer = await postReport(`http://127.0.0.1:${webPort}`, report, dispatcher).catch(
          () => undefined,
        );
        done = answer?.status === 202;
        if (done) acknowledged.add(key);
        else await pause(200);
      }
      await pause(150 * Math.random());
    }
  });

  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    await pause(500 + Math.random() * 3000);
    const victim = (['web', 'worker', 'database'] as const)[Math.floor(Math.random() * 3)]!;
    if (victim === 'database') {
      process.kill(bed.postmaster(), 'SIGKILL');
      await restart(folder);
    } else if (parts[victim]) parts[victim].child.kill('SIGKILL');
    else continue;
    kills[victim]++;
  }
  over = true;
  await Promise.all(agents);
  await Promise.all([keepWeb, keepWorker]);
  await dispatcher.close();

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const lastReader = startReader(url, { judges: true });
  try {
    await untilDone(client, { judged: true });
    const { rows } = await client.query<{ key: string; state: string; sampled: boolean }>(
      `SELECT DISTINCT r."serverId" || ' ' || extract(epoch FROM r."reportedAt")::bigint AS key, r.state, s.at IS NOT NULL AS sampled
       FROM report r LEFT JOIN sample s ON s."serverId" = r."serverId" AND s.at = r."reportedAt"`,
    );
    const stored = new Map(rows.map((row) => [row.key, row]));
    const kept = [...acknowledged].flatMap((key) => stored.get(key) ?? []);
    return {
      kills,
      sent: sent.size,
      acknowledged: acknowledged.size,
      stored: kept.length,
      read: kept.filter(({ state }) => state === 'parsed').length,
      sampled: kept.filter(({ sampled }) => sampled).length,
      lost: acknowledged.size - kept.length,
      unacknowledged: stored.size - kept.length,
    };
  } finally {
    await end(lastReader);
    await client.end();
  }
}

/** Starts a part again whenever it ended, as start.ts does; resolves when it is over, with the part ended. */
async function keepRunning(startPart: () => Promise<Part>, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const part = await startPart().catch(() => undefined);
    if (!part) {
      await pause(200);
      continue;
    }
    while (!isOver() && part.child.exitCode === null && part.child.signalCode === null) await pause(50);
    if (isOver()) await end(part, 'SIGKILL');
  }
}

async function restart(folder: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await startEmbeddedPostgres(folder);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      await pause(500);
    }
  }
}
