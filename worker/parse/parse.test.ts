import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEnvironment } from '#core/environment.ts';
import { readSeriesNames } from '#prisma/seriesNames.ts';
import { inTransaction, openDatabase } from '#prisma';
import { openQueue } from '#prisma/queue.ts';
import type { WorkerContext } from '#worker/context.ts';
import { freshDatabase, type TestDatabase } from '../../test/postgres.ts';
import { KnownServers, type Known } from './known.ts';
import { parseReports } from './parse.ts';
import { isSame } from './readStored.ts';

let database: TestDatabase;
let context: WorkerContext;
const said: string[] = [];
const start = Math.floor(Date.now() / 1000) - 3600;

beforeAll(async () => {
  database = await freshDatabase();
  context = {
    db: database.db,
    queue: await openQueue(database.url, { serve: false, onError: () => undefined }),
    environment: readEnvironment({}),
    publicUrl: 'http://rootnote.example.org',
    log: (message) => said.push(message),
  };
  await database.db.organization.create({ data: { id: 'o', name: 'T' } });
});
afterAll(async () => {
  await context.queue.close();
  await database.drop();
});

async function addServer(id: string): Promise<string> {
  await database.db.server.create({ data: { id, organizationId: 'o', hostname: id, tokenHash: id } });
  return id;
}

/** A report whose disk has read `reads` times since boot. */
function text(
  minute: number,
  { reads = 0, host = 'web1', more = [] as string[], boot = '1', up = 9000 + minute * 60 } = {},
): string {
  return [
    `rootnote 1 agent=0.1.0 rhythm=minute euid=0 epoch=${start + minute * 60}`,
    '=== cat /proc/uptime',
    `${up}.00 1.00`,
    '=== cat /proc/sys/kernel/hostname',
    host,
    '=== cat /proc/sys/kernel/random/boot_id',
    `${boot}1111111-2222-3333-4444-555555555555`,
    '=== cat /proc/stat',
    `cpu 1 1 1 1 1 1 1 1 0 0\nbtime ${start + minute * 60 - up}`,
    '=== cat /proc/loadavg',
    `0.${10 + minute} 0.20 0.30 1/120 4242`,
    '=== cat /proc/diskstats',
    `   8       0 sda ${reads} 0 ${reads * 8} 10 0 0 0 0 0 10 10`,
    ...more,
    '=== end',
    '',
  ].join('\n');
}

async function store(serverId: string, minute: number, body: string | Buffer, late = 0): Promise<void> {
  const at = new Date((start + minute * 60) * 1000);
  await database.db.report.create({
    data: {
      serverId,
      receivedAt: new Date(at.getTime() + late * 1000),
      reportedAt: at,
      body: typeof body === 'string' ? gzipSync(body) : Buffer.from(body),
      bytes: body.length,
    },
  });
}

async function valuesOf(serverId: string, metric: string, subject = ''): Promise<number[]> {
  const series = (await readSeriesNames(database.db, serverId)).find(
    (name) => name.metric === metric && name.subject === subject,
  );
  const rows = await database.db.sample.findMany({ where: { serverId }, orderBy: { at: 'asc' } });
  return rows.flatMap(({ slots, values }) => {
    const place = series ? slots.indexOf(series.slot) : -1;
    return place < 0 ? [] : [Math.round(values[place]! * 1000) / 1000];
  });
}

const statesOf = async (serverId: string) =>
  (await database.db.report.findMany({ where: { serverId }, orderBy: { receivedAt: 'asc' } })).map(
    ({ state }) => state,
  );
const jobsOf = async (name: string, serverId: string) =>
  (
    await database.db.$queryRawUnsafe<unknown[]>(
      `SELECT 1 FROM pgboss.job WHERE name = $1 AND (singleton_key = $2 OR data->'serverIds' ? $2)`,
      name,
      serverId,
    )
  ).length;

test('many servers are read in one go, each its own reports in order of time, and one bad report costs nobody else', async () => {
  const ids = await Promise.all(Array.from({ length: 70 }, (_, number) => addServer(`many${number}`)));
  for (const id of ids) {
    await store(id, 1, text(1, { reads: 600, host: id }), 90);
    await store(id, 0, text(0, { host: id }), 180);
  }
  await store('many3', 2, Buffer.from('no gzip'));
  await parseReports(context, [...ids, ...ids, 'unknown']);
  for (const id of ['many0', 'many3', 'many69']) {
    expect(await valuesOf(id, 'disk.reads', 'sda')).toEqual([10]);
    expect(await valuesOf(id, 'cpu.load1')).toEqual([0.1, 0.11]);
    expect(await database.db.server.findUniqueOrThrow({ where: { id } })).toMatchObject({
      hostname: id,
      agentVersion: '0.1.0',
      lastReportAt: new Date((start + 60) * 1000),
    });
  }
  expect((await statesOf('many3')).toSorted()).toEqual(['failed', 'parsed', 'parsed']);
  expect(said.join()).toMatch(/of many3 cannot be read/);
  expect(await database.db.report.count({ where: { state: 'stored' } })).toBe(0);
  expect(await jobsOf('judgeReported', 'many0')).toBe(1);
});

test('what another worker has written in between is noticed: its counters, its facts, its series', async () => {
  const id = await addServer('shared');
  const other = { ...context, db: openDatabase(database.url, 2) };
  const extra = (name: string) => ['=== cat /proc/swaps', 'Filename Type Size Used Priority', name];
  await store(id, 0, text(0, { reads: 0 }));
  await parseReports(context, [id]);
  await store(id, 1, text(1, { reads: 60, more: extra('/dev/sda2 partition 1000 500 -2') }));
  await parseReports(other, [id]);
  await store(id, 2, text(2, { reads: 660, host: 'web2' }));
  await parseReports(context, [id]);
  await store(id, 3, text(3, { reads: 660, host: 'web2' }));
  await parseReports(other, [id]);
  await other.db.$disconnect();
  expect(await valuesOf(id, 'disk.reads', 'sda')).toEqual([1, 10, 0]);
  const renamed = await database.db.event.findMany({ where: { serverId: id, kind: 'host.renamed' } });
  expect(renamed).toHaveLength(1);
  const names = (await readSeriesNames(database.db, id)).map(({ metric, subject }) => `${metric} ${subject}`);
  expect(names).toEqual([...new Set(names)]);
});

test('a server that another stage works at is read as soon as that is through; the others do not wait', async () => {
  const [busy, free] = [await addServer('busy'), await addServer('free')];
  await store(busy, 0, text(0));
  await store(free, 0, text(0));
  let release = () => undefined as void;
  const held = new Promise<void>((done) => (release = done));
  let locked = () => undefined as void;
  const isLocked = new Promise<void>((done) => (locked = done));
  const holder = inTransaction(database.db, async (connection) => {
    await connection.query(`SELECT pg_advisory_xact_lock(hashtextextended('busy', 7))`);
    locked();
    await held;
  });
  await isLocked;
  const reading = parseReports(context, [busy, free]);
  await expect.poll(() => statesOf(free)).toEqual(['parsed']);
  expect(await statesOf(busy)).toEqual(['stored']);
  release();
  await Promise.all([holder, reading]);
  expect(await statesOf(busy)).toEqual(['parsed']);
});

test('a report that the database refuses is marked with the reason; those before, after and beside it are stored', async () => {
  const [bad, good] = [await addServer('bad'), await addServer('good')];
  await database.db.$executeRawUnsafe(
    `ALTER TABLE "Event" ADD CONSTRAINT refused CHECK (text NOT LIKE '%refuse-me%') NOT VALID`,
  );
  await store(bad, 0, text(0, { reads: 0 }));
  await store(bad, 1, text(1, { reads: 60, host: 'refuse-me' }));
  await store(bad, 2, text(2, { reads: 1200 }));
  await store(good, 0, text(0));
  await parseReports(context, [bad, good]);
  await database.db.$executeRawUnsafe(`ALTER TABLE "Event" DROP CONSTRAINT refused`);
  expect(await statesOf(bad)).toEqual(['parsed', 'failed', 'parsed']);
  expect(await statesOf(good)).toEqual(['parsed']);
  expect(await valuesOf(bad, 'disk.reads', 'sda')).toEqual([10]);
  const failed = await database.db.report.findFirstOrThrow({ where: { serverId: bad, state: 'failed' } });
  expect(failed.error).toMatch(/refused/);
});

test('the same report twice is one row, a late one adds history only, and values beyond a real are left out', async () => {
  const id = await addServer('twice');
  await store(id, 0, text(0));
  await store(id, 5, text(5, { reads: 60 }));
  await store(id, 5, text(5, { reads: 60 }), 1);
  await store(id, 6, text(6, { reads: 120, more: ['=== cat /proc/sys/fs/file-nr', '1e300 0 1e301'] }));
  await parseReports(context, [id]);
  await store(id, 3, text(3, { host: 'older' }), 600);
  await parseReports(context, [id]);
  expect(await valuesOf(id, 'cpu.load1')).toEqual([0.1, 0.13, 0.15, 0.16]);
  const server = await database.db.server.findUniqueOrThrow({ where: { id } });
  expect(server).toMatchObject({ hostname: 'web1', lastReportAt: new Date((start + 360) * 1000) });
});

test('hostile reports are read as far as they go, and cost the next one nothing', async () => {
  const id = await addServer('hostile');
  const sections = Array.from({ length: 10_000 }, (_, n) => `=== cat /etc/made-up-${n}\n${n}`);
  await store(id, 0, text(0));
  await store(id, 1, text(1, { more: sections }));
  await store(id, 2, text(2).replaceAll('web1', 'w\0e\0b1').replaceAll('=== ', '\0=== '));
  await store(id, 3, text(3, { reads: 60 }).slice(0, 330));
  await store(id, 4, Buffer.concat([gzipSync(text(4)).subarray(0, 200)]));
  await store(id, 5, `rootnote 1 epoch=${start + 300} ${'x='.repeat(50_000)}\n=== ${'='.repeat(100_000)}\n`);
  await store(id, 6, text(6, { reads: 360 }));
  await parseReports(context, [id]);
  expect(await statesOf(id)).toEqual(['parsed', 'parsed', 'parsed', 'parsed', 'failed', 'parsed', 'parsed']);
  expect((await valuesOf(id, 'cpu.load1')).at(-1)).toBe(0.16);
  expect(await database.db.server.findUniqueOrThrow({ where: { id } })).toMatchObject({ hostname: 'web1' });
});

test('two reports of one moment that say different things: the first is the present, and there is one row of samples', async () => {
  const id = await addServer('double');
  await store(id, 0, text(0));
  await store(id, 1, text(1, { host: 'first' }));
  await parseReports(context, [id]);
  await store(id, 1, text(1, { host: 'second', more: ['=== cat /proc/sys/fs/file-nr', '7 0 100'] }), 5);
  await parseReports(context, [id]);
  expect(await statesOf(id)).toEqual(['parsed', 'parsed', 'parsed']);
  expect(await database.db.server.findUniqueOrThrow({ where: { id } })).toMatchObject({ hostname: 'first' });
  expect(await database.db.sample.count({ where: { serverId: id } })).toBe(2);
});

test('a copy of the machine, with the token in its files, overwrites nothing: it is an event, and its reports are kept', async () => {
  const id = await addServer('copied');
  await store(id, 0, text(0));
  await store(id, 1, text(1, { reads: 60 }));
  for (const minute of [2, 4])
    await store(id, minute, text(minute, { host: 'copy', boot: '2', up: 4000 + minute * 60 }));
  for (const minute of [3, 5]) await store(id, minute, text(minute, { reads: minute * 60 }));
  await parseReports(context, [id]);
  expect(await statesOf(id)).toEqual(['parsed', 'parsed', 'failed', 'parsed', 'failed', 'parsed']);
  expect(await valuesOf(id, 'disk.reads', 'sda')).toEqual([1, 1, 1]);
  const events = await database.db.event.findMany({ where: { serverId: id } });
  expect(events.map(({ kind }) => kind)).toEqual(['agent.copy']);
  expect(events[0]!.text).toMatch(/copy.*calls itself copy/);
  expect(await database.db.server.findUniqueOrThrow({ where: { id } })).toMatchObject({ hostname: 'web1' });

  const [waiting] = await database.db.serverCopy.findMany({ where: { serverId: id } });
  expect(waiting).toMatchObject({
    hostname: 'copy',
    decision: null,
    firstAt: new Date((start + 120) * 1000),
    lastAt: new Date((start + 240) * 1000),
  });

  // A restart is none, and neither is who goes on where the server fell silent: it was moved.
  await store(id, 8, text(8, { boot: '3', up: 60 }));
  await store(id, 40, text(40, { host: 'copy', boot: '2', up: 4000 + 40 * 60 }));
  await parseReports(context, [id]);
  expect((await statesOf(id)).slice(-2)).toEqual(['parsed', 'parsed']);
  expect(await database.db.server.findUniqueOrThrow({ where: { id } })).toMatchObject({ hostname: 'copy' });
});

test('what a person decided about a copy: it is the server, a server of its own, or it is refused', async () => {
  const decide = (serverId: string, data: { decision: string; targetId?: string }) =>
    database.db.serverCopy.updateMany({ where: { serverId }, data });
  const copied = async (name: string) => {
    const id = await addServer(name);
    await store(id, 0, text(0));
    await store(id, 1, text(1, { host: 'copy', boot: '2', up: 4060 }));
    await parseReports(context, [id]);
    return id;
  };
  const refused = await copied('refused');
  await decide(refused, { decision: 'refused' });
  await database.db.event.deleteMany({ where: { serverId: refused } });
  await store(refused, 2, text(2, { host: 'copy', boot: '2', up: 4120 }));
  await parseReports(context, [refused]);
  expect(await statesOf(refused)).toEqual(['parsed', 'failed', 'failed']);
  expect(await database.db.event.count({ where: { serverId: refused } })).toBe(0);

  const same = await copied('same');
  await decide(same, { decision: 'same' });
  await store(same, 2, text(2, { host: 'copy', boot: '2', up: 4120 }));
  await parseReports(context, [same]);
  expect(await statesOf(same)).toEqual(['parsed', 'failed', 'parsed']);
  expect(await database.db.server.findUnique({ where: { id: same } })).toMatchObject({ hostname: 'copy' });

  const [original, own] = [await copied('original'), await addServer('its own')];
  await decide(original, { decision: 'own', targetId: own });
  await store(original, 2, text(2, { host: 'copy', boot: '2', up: 4120 }));
  await store(original, 3, text(3));
  await parseReports(context, [original]);
  expect(await statesOf(original)).toEqual(['parsed', 'failed', 'parsed']);
  expect(await statesOf(own)).toEqual(['stored']);
  await parseReports(context, [own]);
  expect(await database.db.server.findUnique({ where: { id: own } })).toMatchObject({ hostname: 'copy' });
});

test('monitors are set up when a fact has changed that they may follow from, and not with every report', async () => {
  const id = await addServer('calm');
  const forget = () => database.db.$executeRawUnsafe(`DELETE FROM pgboss.job`);
  await store(id, 0, text(0));
  await parseReports(context, [id]);
  expect(await jobsOf('discover', id)).toBe(1);
  await forget();
  await store(id, 1, text(1, { reads: 50 }));
  await parseReports(context, [id]);
  expect([await jobsOf('discover', id), await jobsOf('judgeReported', id)]).toEqual([0, 1]);
  await store(id, 2, text(2, { more: ['=== ss -Hltn', 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:*'] }));
  await parseReports(context, [id]);
  expect(await jobsOf('discover', id)).toBe(1);
});

test('reports of a server that was removed do not wait for ever', async () => {
  await store('gone', 0, text(0));
  await parseReports(context, ['gone']);
  expect(await statesOf('gone')).toEqual(['failed']);
});

test('what is known has its bound: who is idle makes room, who reports stays', () => {
  const known = (newest: number, bytes: number): Known => ({
    newest,
    bytes,
    facts: {},
    changed: new Set(),
    series: new Map(),
  });
  const servers = new KnownServers(100);
  servers.give('a', known(1, 50), 0);
  servers.give('b', known(1, 40), 1000);
  servers.give('c', known(1, 40), 2000);
  expect(servers.take('c', 1), 'there is no room, and nobody is idle').toBeUndefined();
  servers.give('c', known(1, 40), 400_000);
  expect(servers.take('a', 1), 'idle').toBeUndefined();
  expect(servers.take('b', 2), 'somebody else has written').toBeUndefined();
  expect(servers.take('c', 1)).toBeDefined();
  expect(servers.take('c', 1), 'taken').toBeUndefined();
});

test('values are the same as JSON, whatever the order of their keys', () => {
  expect(isSame({ a: 1, b: [{ c: undefined }] }, { b: [{}], a: 1 })).toBe(true);
  expect(isSame({ a: 1 }, { a: 1, b: 0 })).toBe(false);
  expect(isSame({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame([], {})).toBe(false);
  expect(isSame(null, {})).toBe(false);
  expect(isSame({ a: Number.NaN }, { a: null })).toBe(false);
});
