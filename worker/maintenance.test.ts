// Maintenance on a real database: what is quiet inside a window, and what is told when it ends.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readMaintained } from '#prisma/maintained.ts';
import type { WorkerContext } from './context.ts';
import { judgeServer } from './judge/judge.ts';
import { type MaintenanceWatch, watchMaintenance } from './maintenance.ts';
import { oneServer, type OneServer } from './oneServer.fixture.ts';

let one: OneServer;
let context: WorkerContext;
let organizationId: string;
let serverId: string;

beforeAll(async () => {
  one = await oneServer();
  ({ context } = one);
});
afterAll(() => one.close());
beforeEach(async () => {
  await one.begin();
  ({ organizationId, serverId } = one);
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

/** A window that was planned at `planned` and is on from `start` (whole minutes) for `minutes`; epoch seconds. */
const plan = async (planned: number, start: number, minutes: number, rule: string | null = null) => {
  const row = await work(minutes, { serverId });
  return context.db.maintenance.update({
    where: { id: row.id },
    data: {
      start: new Date(start * 1000).toISOString().slice(0, 16),
      rule,
      createdAt: new Date(planned * 1000),
    },
  });
};
const thisMinute = () => Math.floor(Date.now() / 60_000) * 60;
/** What was written down, in minutes from `start`. */
const maintained = async (start: number) =>
  (await readMaintained(context.db, { id: 'any', serverId, organizationId }, 0)).map(({ from, to }) => [
    (from - start) / 60,
    (to - start) / 60,
  ]);

test('what was on is written down once, also what was on while no worker ran', async () => {
  const start = thisMinute() - 3 * 86_400;
  await plan(start - 3600, start, 30, 'FREQ=DAILY');
  const now = new Date((start + 2 * 86_400 + 600) * 1000);
  await watchMaintenance(context, {}, now);
  const days = [
    [0, 30],
    [1440, 1470],
    [2880, 2910],
  ];
  expect(await maintained(start)).toEqual(days);
  const watch = {};
  await watchMaintenance(context, watch, now);
  await watchMaintenance(context, watch, new Date(now.getTime() + 60_000));
  expect(await maintained(start)).toEqual(days);
});

test('time before it was planned does not count, and an end by hand stands, whoever writes it down', async () => {
  const start = thisMinute() - 3600;
  const row = await plan(start + 600, start, 120);
  await context.db.maintenance.update({
    where: { id: row.id },
    data: { endedAt: new Date((start + 1800) * 1000) },
  });
  await watchMaintenance(context, {});
  expect(await maintained(start)).toEqual([[10, 30]]);
  // Planned after it had ended, or never on.
  await plan(start + 7200, start, 60);
  await plan(start, start + 86_400, 60);
  await watchMaintenance(context, {});
  expect(await maintained(start)).toEqual([[10, 30]]);
});
