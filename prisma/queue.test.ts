import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { openQueue, type Queue } from './queue.ts';

let database: TestDatabase;
const queues: Queue[] = [];
const open = async (serve: boolean): Promise<Queue> => {
  const queue = await openQueue(database.url, { serve, onError: () => undefined });
  queues.push(queue);
  return queue;
};

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  for (const queue of queues) await queue.close();
  await database.drop();
});

/** Another worker, which takes a job and never ends it. */
async function startHolder(): Promise<ChildProcess> {
  const source = `
    import { openQueue } from ${JSON.stringify(join(import.meta.dirname, 'queue.ts'))};
    const queue = await openQueue(process.env.DATABASE_URL, { serve: true, onError: () => undefined });
    await queue.work('discover', 1, () => (console.log('held'), new Promise(() => setInterval(() => {}, 1000))));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

const job = async () => {
  const [row] = await database.db.$queryRawUnsafe<{ state: string; beat: number; silent: number }[]>(
    `SELECT state::text, extract(epoch FROM heartbeat_on)::float8 AS beat,
       extract(epoch FROM now() - heartbeat_on)::float8 AS silent FROM pgboss.job WHERE name = 'discover'`,
  );
  return row!;
};

test('a job whose worker was killed comes back as soon as that has been silent for half a minute', async () => {
  const sender = await open(false);
  await sender.send('discover', { serverId: 'one' }, { key: 'one' });
  const holder = await startHolder();
  const first = await job();
  expect(first.state).toBe('active');
  await expect.poll(async () => (await job()).beat, { timeout: 8000 }).toBeGreaterThan(first.beat);
  expect((await job()).state, 'a worker that lives keeps it').toBe('active');

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  // As if so much time had passed.
  await database.db.$executeRawUnsafe(
    `UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '16 seconds' WHERE name = 'discover'`,
  );
  const other = await open(true);
  const taken = new Promise<string>((done) => {
    void other.work('discover', 1, (jobs) => Promise.resolve(done(jobs[0]!.serverId)));
  });
  expect(await taken).toBe('one');
}, 45_000);

test('what an older version wrote about a queue is brought up to date by a worker', async () => {
  await database.db.$executeRawUnsafe(
    `UPDATE pgboss.queue SET heartbeat_seconds = NULL, retry_limit = 1 WHERE name IN ('parse', 'notify')`,
  );
  await open(true);
  expect(
    await database.db.$queryRawUnsafe(
      `SELECT name, heartbeat_seconds AS heartbeat, retry_limit AS tries FROM pgboss.queue WHERE name IN ('parse', 'notify') ORDER BY name`,
    ),
  ).toEqual([
    { name: 'notify', heartbeat: 20, tries: 50 },
    { name: 'parse', heartbeat: 20, tries: 5 },
  ]);
});
