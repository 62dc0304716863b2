// Leases, looks and states on a real database: who looks at what, how often, and what a batch of results makes of monitors.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProbeCode, ProbeKind, ProbeResult } from '#core/probes.ts';
import type { Database } from '#prisma';
import { giveToRegions, leaseDue, lookAgain } from '#prisma/leases.ts';
import { appendLooks } from '#prisma/looks.ts';
import { listen } from '#prisma/notify.ts';
import { openQueue, type Queue } from '#prisma/queue.ts';
import { freshDatabase, type TestDatabase } from '../../test/postgres.ts';
import { storeLooks } from './storeLooks.ts';

let database: TestDatabase;
let db: Database;
let queue: Queue;
let organizationId: string;
const far = 'f'.repeat(64);

beforeAll(async () => {
  database = await freshDatabase();
  db = database.db;
  queue = await openQueue(database.url, { serve: false, onError: () => undefined });
});
afterAll(async () => {
  await queue.close();
  await database.drop();
});
beforeEach(async () => {
  await db.organization.deleteMany();
  await db.region.deleteMany();
  organizationId = (await db.organization.create({ data: { name: 'T' } })).id;
});

async function regions(...names: string[]): Promise<void> {
  await db.region.createMany({ data: names.map((name) => ({ name, lastSeenAt: new Date() })) });
}

let count = 0;
async function monitor(
  of: { kind?: ProbeKind; serverId?: string; interval?: number; organizationId?: string } = {},
) {
  const key = `m${count++}`;
  const { id } = await db.monitor.create({
    data: {
      organizationId,
      key,
      kind: 'http',
      name: key,
      target: 'http://192.0.2.1/',
      settings: { url: 'http://192.0.2.1/' },
      reason: 'a test',
      about: {},
      interval: 60,
      ...of,
    },
  });
  return id;
}

function result(
  code: ProbeCode = 'ok',
  summary: string = code,
  details: Record<string, unknown> = {},
): ProbeResult {
  return {
    kind: 'http',
    target: 'http://192.0.2.1/',
    ok: code === 'ok',
    code,
    summary,
    ms: 12,
    phases: [],
    details,
    transcript: ['> GET /'],
  };
}

/** Looks are packed by spans of two hours of the clock: well inside of the one before, so that no test crosses into the next. */
let clock = (Math.floor(Date.now() / 7_200_000) - 1) * 7_200_000 + 1_200_000;
/** One look of each region at each monitor, ten seconds after the one before. */
async function see(names: string[], ids: string[], code: ProbeCode): Promise<void> {
  clock += 10_000;
  const at = new Date(clock);
  for (const region of names)
    await storeLooks(
      { db, queue },
      region,
      ids.map((monitorId) => ({ monitorId, at, result: result(code) })),
    );
}
const stateOf = async (id: string) => (await db.monitor.findUniqueOrThrow({ where: { id } })).state;
const usual = { scans: false, limit: 100 };

test('what is due is leased once, by one of many that ask at once, and comes back after its interval', async () => {
  await regions('fra');
  const ids = await Promise.all(Array.from({ length: 20 }, () => monitor()));
  await giveToRegions(db, { monitorIds: ids, soon: true });
  const asked = await Promise.all(
    Array.from({ length: 5 }, () => leaseDue(db, 'fra', { scans: false, limit: 7 })),
  );
  const leased = asked.flat().map(({ monitorId }) => monitorId);
  expect(leased.sort()).toEqual(ids.sort());
  const rows = await db.monitorSchedule.findMany({ where: { region: 'fra' } });
  for (const { nextAt } of rows) expect((nextAt.getTime() - Date.now()) / 1000).toBeGreaterThan(25);
  expect(await leaseDue(db, 'nyc', usual)).toEqual([]);
});

test('port scans and everything else are leased apart, each without a look at the other', async () => {
  await regions('fra');
  const server = await db.server.create({
    data: { organizationId, hostname: 'web1', tokenHash: 'scanned', reportedFrom: '192.0.2.1' },
  });
  const scan = await monitor({ kind: 'ports', serverId: server.id });
  const page = await monitor();
  await giveToRegions(db, { soon: true });
  const leased = async (scans: boolean) =>
    (await leaseDue(db, 'fra', { scans, limit: 1 })).map(({ monitorId }) => monitorId);
  expect(await leased(false)).toEqual([page]);
  expect(await leased(false)).toEqual([]);
  expect(await leased(true)).toEqual([scan]);
  expect(await leased(true)).toEqual([]);
});

test('after a long pause everything is looked at once, then spread over the interval', async () => {
  await regions('fra');
  const ids = await Promise.all(Array.from({ length: 40 }, () => monitor()));
  await giveToRegions(db, { monitorIds: ids, soon: true });
  await db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "nextAt" = now() - interval '3 days'`);
  expect(await leaseDue(db, 'fra', usual)).toHaveLength(40);
  expect(await leaseDue(db, 'fra', usual)).toEqual([]);
  const waits = (await db.monitorSchedule.findMany()).map(
    ({ nextAt }) => (nextAt.getTime() - Date.now()) / 1000,
  );
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(15);
  expect(Math.max(...waits)).toBeLessThanOrEqual(60);
});

test('what is seldom looked at is looked at more often while something is wrong with it', async () => {
  await regions('fra');
  const kinds = { tls: 3600, ports: 21_600, domain: 43_200, http: 60 } as const;
  for (const [kind, interval] of Object.entries(kinds) as [keyof typeof kinds, number][]) {
    const ids = [await monitor({ kind, interval }), await monitor({ kind, interval })] as const;
    await db.monitor.update({ where: { id: ids[0] }, data: { state: 'up' } });
    await db.monitor.update({
      where: { id: ids[1] },
      data: { state: kind === 'ports' ? 'degraded' : 'down' },
    });
    await giveToRegions(db, { monitorIds: [...ids], soon: true });
    await leaseDue(db, 'fra', { scans: kind === 'ports', limit: 9 });
    const wait = async (monitorId: string) =>
      ((await db.monitorSchedule.findFirstOrThrow({ where: { monitorId } })).nextAt.getTime() - Date.now()) /
      1000;
    const sooner = Math.min(interval, { tls: 300, ports: 1800, domain: 3600, http: 60 }[kind]);
    for (const [id, most] of [
      [ids[0], interval],
      [ids[1], sooner],
    ] as const) {
      expect(await wait(id), kind).toBeLessThanOrEqual(most);
      expect(await wait(id), kind).toBeGreaterThan(most - 10);
    }
  }
});

test('one that is still being looked at skips its turn; a lease whose region died ends by itself', async () => {
  await regions('fra');
  const id = await monitor();
  const dueNow = () =>
    db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "nextAt" = now() - interval '1 second'`);
  await giveToRegions(db, { monitorIds: [id], soon: true });
  const [lease] = await leaseDue(db, 'fra', usual);
  await dueNow();
  expect(await leaseDue(db, 'fra', usual)).toEqual([]);
  const at = new Date(lease!.leasedAt * 1000);
  await storeLooks({ db, queue }, 'fra', [{ monitorId: id, at, result: result() }]);
  await dueNow();
  expect(await leaseDue(db, 'fra', usual)).toHaveLength(1);
  await dueNow();
  expect(await leaseDue(db, 'fra', usual)).toEqual([]);
  await db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "leasedAt" = now() - interval '130 seconds'`);
  await dueNow();
  expect(await leaseDue(db, 'fra', usual)).toHaveLength(1);
});

test('paused monitors are not looked at, and do not stand in the way of others', async () => {
  await regions('fra');
  const [paused, awake] = [await monitor(), await monitor()];
  await giveToRegions(db, { soon: true });
  await db.monitor.update({ where: { id: paused }, data: { state: 'paused' } });
  await db.$executeRawUnsafe(
    `UPDATE "MonitorSchedule" SET "nextAt" = now() - interval '1 hour' WHERE "monitorId" = $1`,
    paused,
  );
  expect(await leaseDue(db, 'fra', { scans: false, limit: 1 })).toEqual([]);
  expect(await leaseDue(db, 'fra', { scans: false, limit: 1 })).toMatchObject([{ monitorId: awake }]);
});

test('port scans are leased by themselves', async () => {
  await regions('fra');
  const scan = await monitor({ kind: 'ports' });
  const page = await monitor();
  await giveToRegions(db, { soon: true });
  expect(await leaseDue(db, 'fra', { scans: true, limit: 9 })).toMatchObject([{ monitorId: scan }]);
  expect(await leaseDue(db, 'fra', { scans: false, limit: 9 })).toMatchObject([{ monitorId: page }]);
});

test('a region gets what it may look at: its organization, its own machine, and from outside nothing but a plain look at a stranger', async () => {
  const other = await db.organization.create({ data: { name: 'Other' } });
  await db.region.createMany({
    data: [
      { name: 'here', lastSeenAt: new Date(), machineId: 'a' },
      { name: 'there', lastSeenAt: new Date(), machineId: 'b' },
      { name: 'far', lastSeenAt: new Date(), tokenHash: far, organizationId },
    ],
  });
  const server = (local: boolean, reportedFrom: string | null, machineId: string) =>
    db.server.create({
      data: { organizationId, hostname: machineId, machineId, local, reportedFrom, tokenHash: machineId },
    });
  const own = await server(true, '192.0.2.7', 'a');
  const proven = await server(false, '192.0.2.8', 'c');
  const silent = await server(false, null, 'd');
  const ids = {
    loopback: await monitor({ serverId: own.id }),
    port: await monitor({ serverId: proven.id, kind: 'port' }),
    unproven: await monitor({ serverId: silent.id, kind: 'port' }),
    page: await monitor({ serverId: silent.id }),
    beat: await monitor({ kind: 'heartbeat' }),
    others: await monitor({ organizationId: other.id }),
  };
  await giveToRegions(db, { soon: true });
  const got = async (region: string) => {
    const leased = new Set((await leaseDue(db, region, usual)).map(({ monitorId }) => monitorId));
    return Object.entries(ids).flatMap(([name, id]) => (leased.has(id) ? [name] : []));
  };
  expect(await got('here')).toEqual(['loopback', 'port', 'unproven', 'page', 'beat', 'others']);
  expect(await got('there')).toEqual(['port', 'unproven', 'page', 'beat', 'others']);
  expect(await got('far')).toEqual(['port', 'page']);
});

test('a good look touches the tail only; what changes is written, told once a batch, and looked at again soon', async () => {
  await regions('fra', 'nyc');
  const ids = await Promise.all(Array.from({ length: 5 }, () => monitor()));
  await giveToRegions(db, { soon: true });
  const heard: string[] = [];
  const listener = await listen(database.url, ({ kind }) => heard.push(kind));
  try {
    for (let i = 0; i < 6; i++) await see(['fra', 'nyc'], ids, 'ok');
    const versions = () =>
      db.$queryRawUnsafe(`SELECT id, xmin::text FROM "Monitor" WHERE id = ANY($1::text[]) ORDER BY id`, ids);
    const before = await versions();
    await expect.poll(() => heard.length).toBe(12);
    await see(['fra', 'nyc'], ids, 'ok');
    expect(await versions()).toEqual(before);
    await expect.poll(() => heard.length).toBe(14);

    const [sick] = ids as [string];
    await see(['fra'], [sick], 'connect-refused');
    expect(await stateOf(sick)).toBe('up');
    const soon = await db.monitorSchedule.findMany({ where: { monitorId: sick } });
    for (const { nextAt } of soon) expect(nextAt.getTime() - Date.now()).toBeLessThan(10_500);
    await see(['fra', 'nyc'], [sick], 'connect-refused');
    await see(['nyc'], [sick], 'connect-refused');
    expect(await stateOf(sick)).toBe('down');
    expect(
      await db.transition.findMany({ where: { monitorId: sick }, orderBy: { at: 'asc' } }),
    ).toMatchObject([{ to: 'up' }, { from: 'up', to: 'down', code: 'connect-refused' }]);
    for (const id of ids.slice(1)) expect(await stateOf(id)).toBe('up');
  } finally {
    await listener.close();
  }
});

test('results that come twice, or at once from several regions for the same monitors, count once each', async () => {
  const names = ['fra', 'nyc', 'sgp'];
  await regions(...names);
  const ids = await Promise.all(Array.from({ length: 30 }, () => monitor()));
  await giveToRegions(db, { soon: true });
  for (let round = 0; round < 4; round++) {
    clock += 10_000;
    const at = new Date(clock);
    const code = round < 2 ? 'ok' : 'http-timeout';
    await Promise.all(
      [...names, ...names].map((region, index) =>
        storeLooks(
          { db, queue },
          region,
          (index % 2 ? ids : ids.toReversed()).map((monitorId) => ({ monitorId, at, result: result(code) })),
        ),
      ),
    );
  }
  expect(await db.monitor.count({ where: { state: 'down' } })).toBe(30);
  expect(await db.transition.count({ where: { to: 'down' } })).toBe(30);
  const tails = await db.probeTail.findMany();
  expect(tails).toHaveLength(90);
  for (const { points } of tails) expect(points.byteLength).toBe(16);
  expect(await db.probeRow.count({ where: { region: 'fra', monitorId: { in: ids } } })).toBe(60);
});

test('a region does not wait for the first look of another one at the same monitor', async () => {
  await regions('fra', 'nyc');
  const id = await monitor();
  const at = new Date();
  await db.$transaction(
    async (first) => {
      await appendLooks(first, 'fra', [{ monitorId: id, at, ok: true, code: 'ok', ms: 1 }]);
      await storeLooks({ db, queue }, 'nyc', [{ monitorId: id, at, result: result('ok') }]);
    },
    { timeout: 10_000 },
  );
  expect(await stateOf(id)).toBe('up');
});

test('a failure that lasts keeps the evidence of its first looks and of one an hour', async () => {
  await regions('fra');
  const id = await monitor();
  await giveToRegions(db, { soon: true });
  clock = Math.ceil(Date.now() / 3_600_000) * 3_600_000 - 4 * 3_600_000;
  for (let i = 0; i < 400; i++) await see(['fra'], [id], i === 100 ? 'http-timeout' : 'connect-refused');
  const rows = await db.probeRow.findMany({ where: { monitorId: id }, orderBy: { at: 'asc' } });
  expect(rows.length).toBeGreaterThanOrEqual(6);
  expect(rows.length).toBeLessThanOrEqual(8);
  expect(rows.filter(({ code }) => code === 'http-timeout')).toHaveLength(1);
});

test('a DNS monitor may accept what is there now: the first good answer is what is expected from then on', async () => {
  await regions('fra', 'nyc');
  const server = await db.server.create({
    data: { organizationId, hostname: 'web1', tokenHash: 'accepting' },
  });
  const accepting = await monitor({ kind: 'dns', serverId: server.id });
  const other = await monitor({ kind: 'dns', serverId: server.id });
  await db.monitor.update({
    where: { id: accepting },
    data: { settings: { name: 'example.org', accept: true } },
  });
  const look = (values: string[], code: ProbeCode = 'ok') => result(code, code, { values });
  const settings = async (id: string) => (await db.monitor.findUniqueOrThrow({ where: { id } })).settings;
  clock += 60_000;
  const answers = [look([], 'dns-timeout'), look(['192.0.2.2', '192.0.2.1']), look(['192.0.2.9'])];
  for (const [index, answer] of answers.entries()) {
    const at = new Date(clock + index * 1000);
    await storeLooks({ db, queue }, 'fra', [
      { monitorId: accepting, at, result: answer },
      { monitorId: other, at, result: answer },
    ]);
  }
  expect(await settings(accepting)).toEqual({
    name: 'example.org',
    accept: true,
    expected: ['192.0.2.2', '192.0.2.1'],
  });
  expect(await settings(other)).not.toHaveProperty('expected');
  const lines = await db.event.findMany({ where: { serverId: server.id, kind: 'monitor.accepted' } });
  expect(lines.map(({ text }) => text)).toEqual([expect.stringContaining('192.0.2.2, 192.0.2.1')]);
});

test('a name that leads elsewhere at first is accepted as such, and watched only for being there', async () => {
  await regions('fra');
  const server = await db.server.create({
    data: { organizationId, hostname: 'web1', tokenHash: 'elsewhere' },
  });
  const [away, here] = [
    await monitor({ kind: 'dns', serverId: server.id }),
    await monitor({ kind: 'dns', serverId: server.id }),
  ];
  await db.monitor.updateMany({ data: { settings: { name: 'example.org', accept: true } } });
  clock += 60_000;
  const look = (monitorId: string, found: string[]) => ({
    monitorId,
    at: new Date(clock),
    result: result('ok', 'ok', { values: ['192.0.2.1', '192.0.2.2'], here: found }),
  });
  await storeLooks({ db, queue }, 'fra', [look(away, []), look(here, ['192.0.2.1'])]);
  const expected = async (id: string) =>
    ((await db.monitor.findUniqueOrThrow({ where: { id } })).settings as { expected: string[] }).expected;
  expect(await expected(away)).toEqual([]);
  expect(await expected(here)).toEqual(['192.0.2.1', '192.0.2.2']);
  const lines = await db.event.findMany({ where: { serverId: server.id, kind: 'monitor.accepted' } });
  expect(lines.map(({ text }) => text).join()).toContain(
    'leads to 192.0.2.1, 192.0.2.2, not to this server: accepted as meant',
  );
});

test('what a hostile target answered can be stored', async () => {
  await regions('fra');
  const id = await monitor();
  await giveToRegions(db, { soon: true });
  const hostile = 'a\0b \\u0000 \ud800 c';
  const look = (seconds: number) => ({
    monitorId: id,
    at: new Date(clock + seconds * 1000),
    result: {
      ...result('http-body', hostile, { [hostile]: hostile, text: 'x'.repeat(10) }),
      transcript: [hostile],
    },
  });
  clock += 60_000;
  for (const seconds of [0, 10]) await storeLooks({ db, queue }, 'fra', [look(seconds)]);
  expect(await db.monitor.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'down',
    summary: 'ab \\u0000 \ufffd c',
  });
  expect(await db.probeRow.count({ where: { monitorId: id } })).toBe(2);
});

test('asking again never puts off what is due sooner', async () => {
  await regions('fra', 'nyc');
  const id = await monitor();
  await giveToRegions(db, { soon: true });
  await lookAgain(db, [id], [10]);
  expect(await leaseDue(db, 'fra', usual)).toHaveLength(1);
  await lookAgain(db, [id], [0]);
  const rows = await db.monitorSchedule.findMany({ where: { region: 'fra' } });
  expect(rows[0]!.nextAt.getTime()).toBeLessThanOrEqual(Date.now() + 50);
});
