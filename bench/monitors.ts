// npm run bench:monitors   Monitors end to end: schedule, probe, store, evaluate, by the worker as it is shipped on a PostgreSQL of its
// own. What a look costs at a hundred, a thousand, ten thousand and thirty thousand monitors, whether it keeps up, and what a day of a
// monitor occupies.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProbeResult } from '#core/probes.ts';
import { openDatabase, type Database } from '#prisma';
import { startEmbeddedPostgres } from '#prisma/embedded.ts';
import { giveToRegions } from '#prisma/leases.ts';
import { migrate } from '#prisma/migrate.ts';
import { ensurePartitions } from '#prisma/partitions.ts';
import { openQueue } from '#prisma/queue.ts';
import { storeLooks } from '#worker/evaluate/storeLooks.ts';
import { askedOf } from './askedOf.ts';
import { endWithBench, temporaryFolder, whenInterrupted } from './interrupted.ts';

const interval = 60;
const goalMs = 4;
const ticksPerSecond = 100;
const project = fileURLToPath(new URL('..', import.meta.url));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Process {
  parent: number;
  /** Seconds of user and system time, own and of children that ended. */
  own: number;
  ended: number;
}

function processOf(pid: string): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return {
      parent: fields[1]!,
      own: (fields[11]! + fields[12]!) / ticksPerSecond,
      ended: (fields[13]! + fields[14]!) / ticksPerSecond,
    };
  } catch {
    return undefined;
  }
}

/** CPU-seconds of a process and of its children, those that ended included. */
function cpuOfFamily(root: number): number {
  const first = processOf(String(root));
  if (!first) return Number.NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(name) ?? [])
    .filter(({ parent }) => parent === root);
  return first.own + first.ended + children.reduce((sum, { own }) => sum + own, 0);
}

async function looksSoFar(db: Database): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ looks: number }[]>(
    `SELECT (coalesce((SELECT sum(octet_length(points)) FROM probe_tail), 0) + coalesce((SELECT sum(octet_length(points)) FROM probe_pack), 0))::float8 / 4 AS looks`,
  );
  return row!.looks;
}

async function addMonitors(db: Database, organizationId: string, total: number, url: string): Promise<void> {
  await db.$executeRawUnsafe(
    `INSERT INTO "Monitor" (id, "organizationId", key, kind, name, target, settings, reason, about, interval)
     SELECT 'bench' || lpad(n::text, 20, '0'), $1, 'http ' || n, 'http', 'Page ' || n, $3, jsonb_build_object('url', $3::text), 'a bench', '{}', $4
     FROM generate_series((SELECT count(*) + 1 FROM "Monitor"), $2::int) AS n`,
    organizationId,
    total,
    url,
    interval,
  );
  await giveToRegions(db, { region: 'local', soon: false });
}

/** Runs the worker for `seconds` after `warm` seconds, and tells what it did. */
async function carry(db: Database, databaseUrl: string, postgresPid: number, warm: number, seconds: number) {
  const worker = endWithBench(
    spawn(process.execPath, ['worker/main.ts'], {
      cwd: project,
      env: { ...process.env, DATABASE_URL: databaseUrl, PROBE_ALLOW: '127.0.0.0/8', REGION_CONTROLS: 'none' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  try {
    await pause(warm * 1000);
    const before = {
      looks: await looksSoFar(db),
      worker: cpuOfFamily(worker.pid!),
      postgres: cpuOfFamily(postgresPid),
      at: performance.now(),
    };
    const lags: number[] = [];
    while (performance.now() - before.at < seconds * 1000) {
      await pause(2000);
      const [row] = await db.$queryRawUnsafe<{ lag: number | null }[]>(
        `SELECT extract(epoch FROM now() - min("nextAt"))::float8 AS lag FROM "MonitorSchedule" WHERE "nextAt" < now()`,
      );
      lags.push(Math.max(0, row?.lag ?? 0));
    }
    const elapsed = (performance.now() - before.at) / 1000;
    const node = cpuOfFamily(worker.pid!) - before.worker;
    const postgres = cpuOfFamily(postgresPid) - before.postgres;
    const looks = (await looksSoFar(db)) - before.looks;
    lags.sort((a, b) => a - b);
    return { looks, elapsed, node, postgres, lag: lags[Math.floor(lags.length / 2)]!, worst: lags.at(-1)! };
  } finally {
    worker.kill('SIGTERM');
    await new Promise((resolve) => worker.once('exit', resolve));
  }
}

/** A day of `count` monitors in three regions, with an outage of ten minutes each, through the code that stores looks. */
async function storeDay(
  db: Database,
  databaseUrl: string,
  organizationId: string,
  count: number,
): Promise<{ looks: number; indexes: number; evidence: number }> {
  await db.$executeRawUnsafe(
    `TRUNCATE probe_pack, probe_tail, probe_result, probe_day, "Transition", "Event", "Monitor" CASCADE`,
  );
  const regions = ['fra', 'nyc', 'sgp'];
  await db.region.deleteMany();
  await db.region.createMany({
    data: regions.map((name) => ({ name, lastSeenAt: new Date(Date.now() + 86_400_000) })),
  });
  await addMonitors(db, organizationId, count, 'http://192.0.2.1/');
  await giveToRegions(db, { soon: false });
  const ids = (await db.monitor.findMany({ select: { id: true } })).map(({ id }) => id);
  const queue = await openQueue(databaseUrl, { serve: false, onError: () => undefined });
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;
  const good = { kind: 'http', target: 'http://192.0.2.1/' } as const;
  const empty = () => ({ phases: [], details: {}, transcript: [] });
  for (let minute = 0; minute < 1440; minute++) {
    for (const [place, region] of regions.entries()) {
      const at = new Date(midnight + minute * 60_000 + place * 20_000);
      const looks = ids.map((monitorId, index) => {
        const sick = minute >= 300 + index && minute < 310 + index;
        const ms = 20 + place * 40 + Math.random() * 10;
        const result: ProbeResult = sick
          ? {
              ...good,
              ok: false,
              code: 'http-status',
              summary: 'The status is 502, expected 200',
              ms,
              phases: [
                { name: 'connect', ms: 1 },
                { name: 'first-byte', ms: 5 },
              ],
              details: { status: 502, headers: { server: 'nginx', 'content-type': 'text/html' } },
              transcript: Array.from(
                { length: 12 },
                (_, line) => `< header-${line}: of some length as usual`,
              ),
            }
          : { ...good, ...empty(), ok: true, code: 'ok', summary: `200 in ${ms.toFixed(1)} ms`, ms };
        return { monitorId, at, result };
      });
      await storeLooks({ db, queue }, region, looks);
    }
  }
  await queue.close();
  const size = async (table: string, of: string) => {
    const [row] = await db.$queryRawUnsafe<{ bytes: number }[]>(
      `SELECT coalesce(sum(${of}(c.oid)), 0)::float8 AS bytes FROM pg_class c
       WHERE c.relkind = 'r' AND c.relname ~ '^${table}_\\d+$' AND pg_relation_size(c.oid) > 0`,
    );
    return row!.bytes / count;
  };
  const looks = [await size('probe_pack', 'pg_table_size'), await size('probe_pack', 'pg_indexes_size')];
  const evidence = await size('probe_result', 'pg_total_relation_size');
  return { looks: looks[0]!, indexes: looks[1]!, evidence };
}

/** Prints the table; throws nothing for a missed goal, but says so. */
async function benchMonitors(say: (line: string) => void): Promise<void> {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const target = http.createServer((_request, response) => response.end('A page of some text.'));
  target.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', 4096, resolve));
  const { port } = target.address() as { port: number };
  const server = await startEmbeddedPostgres(folder);
  whenInterrupted(() => server.stop());
  await migrate(server.url);
  const db = openDatabase(server.url, 4);
  try {
    await ensurePartitions(db);
    const { id } = await db.organization.create({ data: { name: 'Bench' } });
    await db.region.create({ data: { name: 'local', lastSeenAt: new Date() } });
    const [home] = await db.$queryRawUnsafe<{ data_directory: string }[]>('SHOW data_directory');
    const pid = parseInt(readFileSync(join(home!.data_directory, 'postmaster.pid'), 'utf8'), 10);
    say(
      `Monitors end to end (schedule, probe over HTTP, store, evaluate), an interval of ${interval} s, one worker and PostgreSQL on this machine\n`,
    );
    const counts = (process.env.MONITORS ?? '100,1000,10000,30000').split(',').filter(Boolean).map(Number);
    for (const count of counts) {
      await addMonitors(db, id, count, `http://127.0.0.1:${port}/`);
      const { looks, elapsed, node, postgres, lag, worst } = await carry(
        db,
        server.url,
        pid,
        interval + 15,
        interval,
      );
      const due = (count * elapsed) / interval;
      const each = (1000 * (node + postgres)) / looks;
      say(
        `${String(count).padStart(6)} monitors: ${each.toFixed(2)} ms CPU a look (Node ${((1000 * node) / looks).toFixed(2)}, PostgreSQL ${((1000 * postgres) / looks).toFixed(2)}), ` +
          `${((100 * (node + postgres)) / elapsed).toFixed(0)} % of a core; ${Math.round((100 * looks) / due)} % of what was due, lag ${lag.toFixed(1)} s (most ${worst.toFixed(1)} s)` +
          `; goal ${goalMs} ms: ${each <= goalMs ? 'reached' : 'missed'}`,
      );
    }
    const day = await storeDay(db, server.url, id, 100);
    const bytes = day.looks + day.indexes + day.evidence;
    const kB = (value: number) => `${(value / 1000).toFixed(1)} kB`;
    say(
      `\nStored a monitor and day (60 s, 3 regions, one outage of 10 min): ${kB(bytes)} ` +
        `(looks ${kB(day.looks)}, their index ${kB(day.indexes)}, evidence of the outage ${kB(day.evidence)})` +
        `; goal 30 kB: ${bytes < 30_000 ? 'reached' : 'missed'}`,
    );
  } finally {
    await db.$disconnect();
    await server.stop();
    target.closeAllConnections();
    target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  askedOf(import.meta);
  await benchMonitors((line) => process.stdout.write(`${line}\n`));
}
