// What a report costs from POST to stored: CPU time of the web server, of a worker and of PostgreSQL, in steady state.
import type pg from 'pg';
import { gzipSync } from 'node:zlib';
import { cpuSeconds, median, postgresCpuSeconds } from '../processCpu.ts';
import { type Bed, end, type Part, startBare, startReader, startWeb } from './parts.ts';
import { reportAt } from './reports.ts';
import { postAll, type Sent } from './send.ts';

/** CPU milliseconds a report. */
export interface Cost {
  /** A bare Node server that gunzips and answers 202. */
  bare: number;
  web: number;
  /** Connections of the web server. */
  webDatabase: number;
  worker: number;
  /** Connections of the worker. */
  workerDatabase: number;
  /** PostgreSQL's own processes: log writer, checkpoints, autovacuum. */
  database: number;
  total: number;
}

export interface CostReport {
  cost: Cost;
  /** Least and most total of the rounds. */
  spread: [number, number];
  reports: number;
  bytes: number;
  packed: number;
  series: number;
}

/** The load of 20,000 servers that report once a minute. */
const perSecond = 333;
const warmUps = 3;

/**
 * Minute reports of servers that are known: `rounds` rounds of one report a server, at 333 a second; medians of the rounds. Each bears
 * the time at which it is sent: what comes late is not judged at once. With `judges` until they are judged, else until they are stored.
 */
export async function measureCost(
  bed: Bed,
  recorded: string,
  { rounds, judges }: { rounds: number; judges: boolean },
): Promise<CostReport> {
  let last = 0;
  const minute = (number: number): Sent[] => {
    last = Math.max(last + 1, Math.floor(Date.now() / 1000));
    return bed.tokens.map((token, server) => ({
      token,
      body: gzipSync(reportAt(recorded, server, number, last)),
    }));
  };
  const { client } = bed;
  const web = await startWeb(bed.postgres.url);
  const reader = startReader(bed.postgres.url, { judges });
  const bare = await startBare();
  const found: Cost[] = [];
  let bytes = 0;
  try {
    for (let number = 0; number < warmUps; number++) {
      const sent = minute(number);
      await postAll(bare.url, sent);
      await postAll(web.url, sent);
      await untilDone(client, { judged: judges });
    }
    for (let round = 0; round < rounds; round++) {
      const sent = minute(warmUps + round);
      bytes += sent.reduce((sum, { body }) => sum + body.length, 0) / sent.length / rounds;
      const bareBefore = cpuSeconds(bare.pid);
      await postAll(bare.url, sent, perSecond);
      const bareCost = cpuSeconds(bare.pid) - bareBefore;
      const before = await snapshot(bed, web, reader);
      await postAll(web.url, sent, perSecond);
      // Connections that idle are closed: those of the web server are looked at before the worker is done.
      const posted = await snapshot(bed, web, reader);
      await untilDone(client, { judged: judges });
      const read = await snapshot(bed, web, reader);
      const ms = (seconds: number) => (seconds * 1000) / sent.length;
      const webDatabase = ms(difference(before.connections, posted.connections, 'web', 'rootnote-queue'));
      const workerDatabase = ms(
        difference(before.connections, read.connections, 'reader', 'rootnote-worker-queue'),
      );
      const all = ms(read.database - before.database);
      const [webCost, workerCost] = [ms(read.web - before.web), ms(read.worker - before.worker)];
      found.push({
        bare: (bareCost * 1000) / sent.length,
        web: webCost,
        webDatabase,
        worker: workerCost,
        workerDatabase,
        database: all - webDatabase - workerDatabase,
        total: webCost + workerCost + all,
      });
    }
  } finally {
    await Promise.all([end(web), end(reader), end(bare)]);
  }
  const failed = await client.query<{ error: string }>(
    `SELECT error FROM report WHERE state = 'failed' LIMIT 1`,
  );
  if (failed.rows[0]) throw new Error(`A report was not understood: ${failed.rows[0].error}`);
  const series = await client.query<{ n: number }>(`SELECT avg(cardinality(slots))::float8 AS n FROM sample`);
  const totals = found.map(({ total }) => total);
  return {
    cost: Object.fromEntries(
      Object.keys(found[0]!).map((key) => [key, median(found.map((one) => one[key as keyof Cost]))]),
    ) as unknown as Cost,
    spread: [Math.min(...totals), Math.max(...totals)],
    reports: rounds * bed.tokens.length,
    bytes: Buffer.byteLength(recorded),
    packed: bytes,
    series: series.rows[0]!.n,
  };
}

interface Connection {
  name: string;
  seconds: number;
}

async function snapshot({ client, postmaster }: Bed, web: Part, reader: Part) {
  const { rows } = await client.query<{ pid: number; name: string }>(
    `SELECT pid, application_name AS name FROM pg_stat_activity WHERE application_name <> ''`,
  );
  return {
    web: cpuSeconds(web.pid),
    worker: cpuSeconds(reader.pid),
    connections: new Map<number, Connection>(
      rows.map(({ pid, name }) => [pid, { name, seconds: cpuSeconds(pid) }]),
    ),
    database: postgresCpuSeconds(postmaster()),
  };
}

/** CPU seconds that connections of these names used in between. */
function difference(
  before: ReadonlyMap<number, Connection>,
  after: ReadonlyMap<number, Connection>,
  ...names: string[]
): number {
  let sum = 0;
  for (const [pid, { name, seconds }] of after)
    if (names.includes(name)) sum += seconds - (before.get(pid)?.seconds ?? 0);
  return sum;
}

/** Waits until every report is read, and every server judged if that is asked; at most ten minutes. */
async function untilDone(client: pg.Client, { judged = false } = {}): Promise<void> {
  for (let waited = 0; waited < 600_000; waited += 250) {
    const { rows } = await client.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM report WHERE state = 'stored')::int + (SELECT count(*) FROM pgboss.job
         WHERE $1 AND name IN ('judgeReported', 'diagnose') AND state < 'completed')::int AS n`,
      [judged],
    );
    if (rows[0]!.n === 0) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error('After ten minutes there still are reports that were not read or judged.');
}
