// Judging many servers at once, on a real database: what one worker remembers must never be what another one has changed.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { foldSamples } from '#prisma/foldSamples.ts';
import { type Connection, type Database, inTransaction, openDatabase } from '#prisma';
import type { WorkerContext } from '#worker/context.ts';
import { oneServer, type OneServer } from '#worker/oneServer.fixture.ts';
import { parseReports } from '#worker/parse/parse.ts';
import { judgeServer, judgeServers } from './judge.ts';
import { readCases } from './judgeCases.ts';
import { judgedServers } from './judged.ts';
import { lockServers, memoryOf } from './memory.ts';

let one: OneServer;
let context: WorkerContext;
/** A second worker, which knows nothing of the first. */
let other: WorkerContext;
let otherDatabase: Database;
const said: string[] = [];
/** Reports of the last hours: a full hour of them is over and may be folded. */
const start = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 3600 + 600;

beforeAll(async () => {
  one = await oneServer();
  context = { ...one.context, log: (message) => said.push(message) };
  otherDatabase = openDatabase(one.url, 2);
  other = { ...context, db: otherDatabase };
});
afterAll(async () => {
  await otherDatabase.$disconnect();
  await one.close();
});
beforeEach(async () => {
  await one.begin();
  said.length = 0;
});

async function addServers(...names: string[]): Promise<void> {
  await context.db.server.createMany({
    data: names.map((id) => ({ id, organizationId: one.organizationId, hostname: id, tokenHash: id })),
  });
}

/** A small machine whose disk is `used` percent full, and whose memory is `available` percent free. */
function text(minute: number, { used = 50, available = 70, group = 'nginx' } = {}): string {
  return [
    `rootnote 1 agent=0.1.0 rhythm=minute euid=0 epoch=${start + minute * 60}`,
    '=== cat /proc/uptime',
    `${90_000 + minute * 60}.00 180000.00`,
    '=== cat /proc/sys/kernel/hostname',
    'web1',
    '=== cat /proc/loadavg',
    `0.${10 + (minute % 50)} 0.20 0.30 1/120 4242`,
    '=== cat /proc/meminfo',
    `MemTotal: 8000000 kB\nMemFree: 100000 kB\nMemAvailable: ${available * 80_000} kB\nCached: 2000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB`,
    '=== cat /proc/mounts',
    '/dev/vda1 / ext4 rw,relatime 0 0',
    '=== df -PTk',
    'Filesystem Type 1024-blocks Used Available Capacity Mounted on',
    `/dev/vda1 ext4 1000000 ${used * 10_000} ${(100 - used) * 10_000} ${used}% /`,
    '=== cat /proc/[0-9]*/stat',
    'pid\tppid\tuid\tstate\tutime\tstime\tmajflt\tthreads\trss_kb\tswap_kb\tfdsize\tstart\tname',
    `612\t1\t0\tS\t${minute}\t5\t0\t1\t4000\t0\t64\t900\t${group}`,
    '=== end',
    '',
  ].join('\n');
}

async function store(serverId: string, minute: number, body: string): Promise<void> {
  const at = new Date((start + minute * 60) * 1000);
  await context.db.report.create({
    data: { serverId, receivedAt: at, reportedAt: at, body: gzipSync(body), bytes: body.length },
  });
}
async function report(serverIds: string[], minute: number, how?: Parameters<typeof text>[1]) {
  for (const id of serverIds) await store(id, minute, text(minute, how));
  await parseReports(context, serverIds);
}

const memoryRow = async (serverId: string) =>
  (
    await context.db.$queryRawUnsafe<{ body: string; version: string }[]>(
      `SELECT body::text, xmin::text AS version FROM "ServerMemory" WHERE "serverId" = $1`,
      serverId,
    )
  )[0]!;
const told = async (serverId: string) =>
  (await context.db.diagnosisRow.findMany({ where: { serverId }, orderBy: { at: 'asc' } })).map(
    ({ verdict, body }) => [
      verdict,
      (body as unknown as { problems: { id: string; since: number }[] }).problems.map(({ id, since }) => [
        id,
        since,
      ]),
    ],
  );
const jobs = async (name: string) =>
  (
    await context.db.$queryRawUnsafe<{ data: { serverId?: string } }[]>(
      `SELECT data FROM pgboss.job WHERE name = $1 AND state = 'created'`,
      name,
    )
  ).map(({ data }) => data.serverId);

/** Seconds until the next of these jobs is due. */
const waits = async (name: string) =>
  (
    await context.db.$queryRawUnsafe<{ seconds: number }[]>(
      `SELECT extract(epoch FROM min(start_after) - now())::float8 AS seconds FROM pgboss.job WHERE name = $1 AND state = 'created'`,
      name,
    )
  )[0]!.seconds;

/** A disk that fills, a memory that runs out, a program that comes and goes: an hour and a half of minutes. */
const story = (minute: number) => ({
  used: minute < 30 ? 60 : minute < 80 ? 96 : 60,
  available: minute < 60 ? 70 : Math.max(3, 70 - (minute - 60) * 6),
  group: minute % 10 === 4 ? 'backup' : 'nginx',
});

test('judged by one worker, by two that take turns, by one that forgets, and in other company: the same is said', async () => {
  const ids = ['alone', 'turns', 'forgets', 'together'];
  await addServers(...ids);
  for (let minute = 0; minute < 100; minute++) {
    await report(ids, minute, story(minute));
    if (minute % 37 === 30) await foldSamples(context.db);
    await judgeServer(context, 'alone');
    await judgeServer(minute % 3 ? context : other, 'turns');
    judgedServers(context.db).take('forgets');
    await judgeServers(context, ['forgets', 'together', 'forgets', 'nobody']);
  }
  const alone = await told('alone');
  expect(alone.length).toBeGreaterThanOrEqual(4);
  expect(alone.flat(3)).toEqual(expect.arrayContaining(['disk.full', 'mem.low']));
  for (const id of ids.slice(1)) expect(await told(id), id).toEqual(alone);
  const essence = async (id: string) => {
    const { active, ended, digest } = memoryOf((await memoryRow(id)).body);
    return { active, ended: ended.map(({ at }) => at), digest };
  };
  const remembered = await essence('alone');
  for (const id of ids.slice(1)) expect(await essence(id), id).toEqual(remembered);
}, 120_000);

test('a minute in which nothing changes writes nothing', async () => {
  await addServers('calm');
  for (let minute = 0; minute < 5; minute++) {
    await report(['calm'], minute);
    await judgeServer(context, 'calm');
  }
  const { version } = await memoryRow('calm');
  const before = await told('calm');
  await report(['calm'], 5);
  await judgeServer(context, 'calm');
  expect((await memoryRow('calm')).version).toBe(version);
  expect(await told('calm')).toEqual(before);
});

test('a server that makes room for others while it is being read keeps what was found, and since when', async () => {
  await addServers('full');
  await report(['full'], 0, { used: 97 });
  await judgeServer(context, 'full');
  const kept = judgedServers(context.db);
  const { active } = kept.look('full')!.memory;
  expect(Object.keys(active)).toContain('disk.full mount:/');
  await inTransaction(context.db, async (connection) => {
    const query = (...asked: Parameters<Connection['query']>) => {
      kept.take('full');
      return connection.query(...asked);
    };
    const crowded = Object.create(connection, { query: { value: query } }) as Connection;
    const [found] = await readCases(crowded, context.db, ['full'], { onlyNew: false, now: new Date() });
    expect(found!.judged.memory.active).toEqual(active);
  });
});

test('who has not reported since is not judged again because of reports, but is because of something else', async () => {
  await addServers('quick');
  await report(['quick'], 0);
  await judgeServers(context, ['quick'], { onlyNew: true });
  const bound = { metric: 'fs.used_percent', raise: 60, clear: 70 };
  await context.db.ruleOverride.create({
    data: { serverId: 'quick', ruleId: 'disk.full', bound, reason: 'a test', setBy: 'ann@example.org' },
  });
  await judgeServers(context, ['quick'], { onlyNew: true });
  expect(await told('quick')).toHaveLength(1);
  await judgeServers(context, ['quick']);
  expect((await told('quick')).at(-1)!.flat(3)).toContain('disk.full');
});

test('a report that comes late joins the series', async () => {
  await addServers('late');
  for (const minute of [50, 51, 53, 54]) {
    await report(['late'], minute);
    await judgeServer(context, 'late');
  }
  const times = () =>
    judgedServers(context.db)
      .look('late')!
      .window.times()
      .map((at) => (at - start) / 60);
  expect(times()).toEqual([50, 51, 53, 54]);
  await store('late', 52, text(52));
  await parseReports(context, ['late']);
  await report(['late'], 55);
  await judgeServer(context, 'late');
  expect(times()).toEqual([50, 51, 52, 53, 54, 55]);
});

test('what was folded since the last judgement is read from its pack', async () => {
  await addServers('slept');
  await report(['slept'], 40);
  await judgeServer(context, 'slept');
  for (const minute of [45, 49, 50, 70]) await report(['slept'], minute);
  await foldSamples(context.db);
  await judgeServer(context, 'slept');
  const times = judgedServers(context.db)
    .look('slept')!
    .window.times()
    .map((at) => (at - start) / 60);
  expect(times).toEqual([40, 45, 49, 50, 70]);
});

test('a server that cannot be judged costs the others nothing, and is tried again by itself', async () => {
  await addServers('good1', 'bad', 'good2');
  await report(['good1', 'bad', 'good2'], 0, { used: 97 });
  // What no version of ours writes.
  await otherDatabase.fact.update({
    where: { serverId_name: { serverId: 'bad', name: 'processGroups' } },
    data: { value: 5 },
  });
  await judgeServers(other, ['good1', 'bad', 'good2']);
  expect(await context.db.incident.count({ where: { state: 'open' } })).toBe(2);
  expect(said.join()).toMatch(/server bad cannot be judged: TypeError/);
  expect(await jobs('diagnose')).toEqual(['bad']);
  expect(await waits('diagnose'), 'what fails each time must not come round at once').toBeGreaterThan(5);
  await expect(judgeServers(other, ['bad'])).rejects.toThrow(TypeError);
});

test('what the database refuses of one server costs the others nothing', async () => {
  await addServers('fine', 'refused');
  await report(['fine', 'refused'], 0, { used: 97 });
  await context.db.$executeRawUnsafe(
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW."serverId" = 'refused' THEN RAISE check_violation; END IF; RETURN NEW; END $$`,
  );
  await context.db.$executeRawUnsafe(
    `CREATE TRIGGER refuse BEFORE INSERT ON "Incident" FOR EACH ROW EXECUTE FUNCTION refuse()`,
  );
  await judgeServers(context, ['fine', 'refused']);
  await context.db.$executeRawUnsafe(`DROP TRIGGER refuse ON "Incident"`);
  expect((await context.db.incident.findMany()).map(({ serverId }) => serverId)).toEqual(['fine']);
  expect(await told('refused'), 'all or nothing').toEqual([]);
  await judgeServer(context, 'refused');
  expect(await context.db.incident.count()).toBe(2);
  expect(await context.db.notification.count()).toBe(2);
});

test('a server that another stage works at is judged as soon as that is through; the others do not wait', async () => {
  await addServers('busy', 'free');
  await report(['busy', 'free'], 0);
  let release = () => {};
  const held = inTransaction(otherDatabase, async (connection) => {
    await lockServers(connection, ['busy'], true);
    await new Promise<void>((done) => (release = done));
  });
  await new Promise((done) => setTimeout(done, 100));
  const judging = judgeServers(context, ['busy', 'free']);
  await expect.poll(() => told('free')).toHaveLength(1);
  expect(await told('busy')).toEqual([]);
  release();
  await Promise.all([held, judging]);
  expect(await told('busy')).toHaveLength(1);
});

test('what never was up may be meant so; a DNS record never is, since its monitor accepts by itself what is', async () => {
  await addServers('m');
  await report(['m'], 0);
  await report(['m'], 1);
  const down = (kind: string, target: string, code: string) =>
    context.db.monitor.create({
      data: {
        organizationId: one.organizationId,
        serverId: 'm',
        key: `${kind} ${target}`,
        kind,
        name: target,
        target,
        settings: {},
        reason: 'a test',
        about: {},
        interval: 60,
        state: 'down',
        code,
        summary: 'It fails.',
      },
    });
  await down('http', 'https://example.org/', 'http-status');
  await down('dns', '10.2.0.192.in-addr.arpa PTR', 'dns-nxdomain');
  await judgeServer(context, 'm');
  const [newest] = (await told('m')).slice(-1);
  const ids = (newest![1] as [string, number][]).map(([id]) => id);
  expect(ids).toContain('dns.ptr_mail');
  expect(ids).not.toContain('svc.http_down');
});
