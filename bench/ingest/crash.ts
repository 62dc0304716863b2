// Nothing answered 202 is lost: web server, worker and PostgreSQL are killed with SIGKILL at random moments while reports come in.
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { Agent } from 'undici';
import { startEmbeddedPostgres } from '#prisma/embedded.ts';
import { freePort } from '../../test/rootnote.ts';
import { isInterrupted } from '../interrupted.ts';
import { type Bed, end, type Part, requireBuiltSite, serverIdOf, startReader, startWeb } from './parts.ts';
import { postReport } from './send.ts';

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
  /** Stored although no answer came: must be 0, since the agent sends it again until one comes. */
  unacknowledged: number;
  /** Seconds from the last kill until all was read and judged, and what was left when the patience was over. */
  settled: number;
  left: Left;
}

interface Left {
  /** Reports that nobody has read. */
  reports: number;
  /** Jobs of judging that are not done; of these, how many a worker holds. */
  jobs: number;
  held: number;
}

type Victim = keyof CrashResult['kills'];
const victims: readonly Victim[] = ['web', 'worker', 'database'];

/** Seconds: for the agents to bring their last report, and then for one worker to do what is left; a killed one's jobs come back after half a minute. */
const patience = { agents: 60, worker: 180 };
const sayEvery = 10_000;

/**
 * Each server sends report after report, and one that was not answered 202 again, as the agent does. After `seconds` everything is left
 * alone until all reports are read and all servers judged, or the patience is over; then both sides are compared, report by report.
 * Progress goes to `say`.
 */
export async function crash(
  bed: Bed,
  recorded: string,
  seconds: number,
  say: (line: string) => void,
): Promise<CrashResult> {
  // Below, a part that does not start is started again without a word.
  requireBuiltSite();
  const parts = { web: undefined as Part | undefined, worker: undefined as Part | undefined };
  const kills = { web: 0, worker: 0, database: 0 };
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  const url = bed.postgres.url;
  const webPort = await freePort();
  let [enough, over] = [false, false];
  const isOver = () => over || isInterrupted();
  // A second by its clock from one report of a server to the next, and never ahead of ours; old ones would not be judged (worker/judge/catchingUp.ts).
  const start = Math.floor(Date.now() / 1000) - Math.min(seconds, 120);

  const keepWeb = keepRunning(async () => (parts.web = await startWeb(url, webPort, true)), isOver);
  const keepWorker = keepRunning(
    async () => (parts.worker = startReader(url, { quiet: true, judges: true })),
    isOver,
  );
  const dispatcher = new Agent({ connections: 64, headersTimeout: 15_000, bodyTimeout: 15_000 });
  const packed = (epoch: number) => gzipSync(recorded.replace(/epoch=\d+/, `epoch=${epoch}`), { level: 1 });
  const agents = bed.tokens.map(async (token, server) => {
    for (let number = 0; !enough && !isOver(); number++) {
      const epoch = start + number;
      while (epoch > Date.now() / 1000 && !enough && !isOver()) await pause(50);
      if (enough || isOver()) break;
      const key = `${serverIdOf(server + 1)} ${epoch}`;
      const report = { token, body: packed(epoch) };
      sent.add(key);
      for (let done = false; !done && !isOver();) {
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

  try {
    const began = Date.now();
    let said = began;
    while (Date.now() - began < seconds * 1000) {
      await pause(500 + Math.random() * 3000);
      const victim = victims[Math.floor(Math.random() * victims.length)]!;
      if (victim === 'database') {
        process.kill(bed.postmaster(), 'SIGKILL');
        await restart(bed.data);
      } else if (parts[victim]) parts[victim].child.kill('SIGKILL');
      else continue;
      kills[victim]++;
      if (Date.now() - said < sayEvery) continue;
      said = Date.now();
      say(
        `${seconded(said - began)} of ${seconds} s: ${sent.size} reports sent, ${acknowledged.size} answered 202; killed: web server ${kills.web}, worker ${kills.worker}, PostgreSQL ${kills.database}`,
      );
    }
    enough = true;
    await Promise.race([Promise.all(agents), pause(patience.agents * 1000)]);
  } finally {
    over = true;
  }
  await Promise.all([...agents, keepWeb, keepWorker]);
  await dispatcher.close();
  say(`No more reports and kills. Left alone until all is read and judged, ${patience.worker} s at most.`);

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const lastReader = startReader(url, { judges: true });
  try {
    const { left, settled } = await untilSettled(client, say);
    return { kills, sent: sent.size, settled, left, ...(await compare(client, acknowledged)) };
  } finally {
    await end(lastReader);
    await client.end();
  }
}

async function untilSettled(
  client: pg.Client,
  say: (line: string) => void,
): Promise<{ left: Left; settled: number }> {
  const began = Date.now();
  for (let said = began; ; await pause(250)) {
    const { rows } = await client.query<Left>(
      `SELECT (SELECT count(*) FROM report WHERE state = 'stored')::int AS reports, count(*)::int AS jobs,
         (count(*) FILTER (WHERE state = 'active'))::int AS held
       FROM pgboss.job WHERE name IN ('judgeReported', 'diagnose') AND state < 'completed'`,
    );
    const left = rows[0]!;
    const now = Date.now();
    if ((left.reports === 0 && left.jobs === 0) || now - began > patience.worker * 1000)
      return { left, settled: (now - began) / 1000 };
    if (now - said < sayEvery) continue;
    said = now;
    say(
      `${seconded(now - began)} s: ${left.reports} reports to read, ${left.jobs} jobs of judging, of which ${left.held} are held by a worker, living or killed`,
    );
  }
}

async function compare(
  client: pg.Client,
  acknowledged: ReadonlySet<string>,
): Promise<Omit<CrashResult, 'kills' | 'sent' | 'settled' | 'left'>> {
  const { rows } = await client.query<{ key: string; state: string; sampled: boolean }>(
    `SELECT DISTINCT r."serverId" || ' ' || extract(epoch FROM r."reportedAt")::bigint AS key, r.state, s.at IS NOT NULL AS sampled
     FROM report r LEFT JOIN sample s ON s."serverId" = r."serverId" AND s.at = r."reportedAt"`,
  );
  const stored = new Map(rows.map((row) => [row.key, row]));
  const kept = [...acknowledged].flatMap((key) => stored.get(key) ?? []);
  return {
    acknowledged: acknowledged.size,
    stored: kept.length,
    read: kept.filter(({ state }) => state === 'parsed').length,
    sampled: kept.filter(({ sampled }) => sampled).length,
    lost: acknowledged.size - kept.length,
    unacknowledged: stored.size - kept.length,
  };
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
    // An interruption removes the folder.
    if (isInterrupted()) throw new Error('The bench was interrupted.');
    try {
      await startEmbeddedPostgres(folder);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      await pause(500);
    }
  }
}

const seconded = (ms: number) => String(Math.round(ms / 1000));
