// Maintenance on a real database: what is quiet inside a window, and what is told when it ends.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '#core/environment.ts';
import { openQueue } from '#prisma/queue.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import type { WorkerContext } from './context.ts';
import { judgeServer } from './judge.ts';
import { type MaintenanceWatch, watchMaintenance } from './maintenance.ts';

let database: TestDatabase;
let context: WorkerContext;
let organizationId: string;
let serverId: string;

beforeAll(async () => {
  database = await freshDatabase();
  context = {
    db: database.db,
    queue: await openQueue(database.url, { serve: false, onError: () => undefined }),
    environment: readEnvironment({}),
    publicUrl: 'http://rootnote.example.org',
    log: () => undefined,
  };
});
afterAll(async () => {
  await context.queue.close();
  await database.drop();
});
beforeEach(async () => {
  const { db } = context;
  await db.organization.deleteMany();
  organizationId = (await db.organization.create({ data: { name: 'T' } })).id;
  await db.channel.create({
    data: { organizationId, kind: 'email', name: 'Admins', settings: { to: ['admin@example.org'] } },
  });
  const data = { organizationId, hostname: 'web1', tokenHash: 'web1', lastReportAt: new Date() };
  serverId = (await db.server.create({ data })).id;
});

/** The page of a name, up until `fail` says otherwise. */
async function page(name: string) {
  const { id } = await context.db.monitor.create({
    data: {
      organizationId,
      serverId,
      key: name,
      kind: 'http',
      name,
      target: `https://${name}/`,
      settings: { url: `https://${name}/` },
      reason: 'a test',
      about: { port: 443, host: name },
      interval: 60,
      state: 'up',
      everUp: true,
      code: 'ok',
      summary: 'fine',
    },
  });
  return id;
}
const fail = (id: string) =>
  context.db.monitor.update({
    where: { id },
    data: { state: 'down', stateSince: new Date(), code: 'http-status', summary: 'answered 404' },
  });
const mend = (id: string) =>
  context.db.monitor.update({
    where: { id },
    data: { state: 'up', stateSince: new Date(), code: 'ok', summary: 'fine' },
  });

/** From two minutes ago for `minutes`. */
async function work(minutes: number, of: { serverId?: string; monitorId?: string }) {
  const start = new Date(Date.now() - 120_000).toISOString().slice(0, 16);
  const data = { organizationId, title: 'New disk', createdBy: 'ann@example.org', timeZone: 'UTC' };
  return context.db.maintenance.create({ data: { ...data, start, minutes, ...of } });
}
const judge = () => judgeServer(context, serverId);
const incidents = () => context.db.incident.findMany({ orderBy: { openedAt: 'asc' } });
const messages = () => context.db.notification.count();

test.each(['server', 'monitor', 'organization'] as const)(
  'while the %s is worked on nothing is opened and nothing is told; what is broken at its end is told then',
  async (of) => {
    const id = await page('shop.example.org');
    const window = await work(60, of === 'server' ? { serverId } : of === 'monitor' ? { monitorId: id } : {});
    await fail(id);
    await judge();
    expect(await incidents()).toEqual([]);
    const diagnosis = await context.db.diagnosisRow.findFirstOrThrow({
      where: { serverId },
      orderBy: { at: 'desc' },
    });
    expect(JSON.stringify(diagnosis.body)).toContain('shop.example.org');
    await context.db.maintenance.update({ where: { id: window.id }, data: { endedAt: new Date() } });
    await judge();
    expect(await incidents()).toMatchObject([{ state: 'open' }]);
    expect(await messages()).toBe(1);
  },
);

test('what was mended before the end leaves no trace but the history', async () => {
  const id = await page('shop.example.org');
  const window = await work(60, { serverId });
  await fail(id);
  await judge();
  await mend(id);
  await judge();
  await context.db.maintenance.delete({ where: { id: window.id } });
  await judge();
  expect(await incidents()).toEqual([]);
  expect(await messages()).toBe(0);
});

test('work on one monitor does not silence another, on one server not another one', async () => {
  const [shop, blog] = [await page('shop.example.org'), await page('blog.example.org')];
  const other = await context.db.server.create({
    data: { organizationId, hostname: 'web2', tokenHash: 'web2' },
  });
  await work(60, { monitorId: shop });
  await work(60, { serverId: other.id });
  await fail(shop);
  await judge();
  expect(await incidents()).toEqual([]);
  await fail(blog);
  await judge();
  expect((await incidents()).map(({ title }) => title)).toEqual([
    expect.stringContaining('blog.example.org'),
  ]);
});

test('an incident from before may end inside a window, and its end is told; it does not get worse unheard', async () => {
  const id = await page('shop.example.org');
  await fail(id);
  await judge();
  expect(await messages()).toBe(1);
  const [incident] = await incidents();
  await context.db.incident.update({ where: { id: incident!.id }, data: { severity: 'warning' } });
  const window = await work(60, { serverId });
  await judge();
  expect(await messages()).toBe(1);
  await context.db.maintenance.update({ where: { id: window.id }, data: { endedAt: new Date() } });
  await judge();
  expect(await messages()).toBe(2);
  await work(60, { serverId });
  await mend(id);
  await judge();
  expect(await incidents()).toMatchObject([{ state: 'resolved' }]);
  expect(await messages()).toBe(3);
});

test('a window that nobody can read silences nothing', async () => {
  const id = await page('shop.example.org');
  const window = await work(60, { serverId });
  await context.db.maintenance.update({ where: { id: window.id }, data: { timeZone: 'Mars/Olympus' } });
  await fail(id);
  await judge();
  expect(await incidents()).toHaveLength(1);
});

test('beginning and end stand in the timeline once, whoever watches, and the server is judged at the end', async () => {
  const start = Math.floor(Date.now() / 60_000) * 60 - 86_400;
  const row = await work(30, { serverId });
  await context.db.maintenance.update({
    where: { id: row.id },
    data: { start: new Date(start * 1000).toISOString().slice(0, 16), rule: 'FREQ=DAILY' },
  });
  const jobs = async () => {
    const [{ n }] = (await context.db.$queryRawUnsafe(
      `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'diagnose' AND state = 'created'`,
    )) as [{ n: number }];
    return n;
  };
  const lines = async () =>
    (await context.db.event.findMany({ where: { serverId }, orderBy: { at: 'asc' } })).map(
      ({ at, text }) => `${(at.getTime() / 1000 - start) / 60} ${text}`,
    );
  const watches: MaintenanceWatch[] = [{ seenUntil: start - 60 }, { seenUntil: start - 60 }];
  const round = async (minute: number) => {
    for (const watch of watches)
      await watchMaintenance(context, watch, new Date((start + minute * 60) * 1000));
  };
  await round(-0.5);
  expect(await lines()).toEqual([]);
  await round(0);
  await round(15);
  expect(await lines()).toEqual(['0 Maintenance began: New disk.']);
  const before = await jobs();
  await round(30);
  await round(31);
  expect(await lines()).toEqual(['0 Maintenance began: New disk.', '30 Maintenance ended: New disk.']);
  expect(await jobs()).toBe(before + 1);
  // The next day, it is ended by hand after ten minutes; a worker that starts later says the same.
  await context.db.maintenance.update({
    where: { id: row.id },
    data: { endedAt: new Date((start + 1450 * 60) * 1000) },
  });
  await round(1440);
  await round(1451);
  watches.push({});
  await round(1480);
  expect((await lines()).slice(2)).toEqual([
    '1440 Maintenance began: New disk.',
    '1450 Maintenance was ended by hand: New disk.',
  ]);
});
