import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serverWithMonitor, threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
let serverId: string;
let monitorId: string;

beforeAll(async () => {
  people = await threePeople();
  const { db } = people.services;
  const { organizationId } = people;
  ({ serverId, monitorId } = await serverWithMonitor(people));
  await db.server.create({ data: { organizationId, hostname: 'web2', tokenHash: 'web2' } });
});
afterAll(() => people.close());
beforeEach(async () => {
  await people.services.db.maintenance.deleteMany();
  await people.services.db.maintenanceSpan.deleteMany();
});

/** A minute ago by the clock of UTC, as a form sends it. */
const justNow = () => new Date(Date.now() - 60_000).toISOString().slice(0, 16);
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
const window = (start = justNow()) => ({
  title: 'New disk',
  start,
  minutes: 60,
  timeZone: 'UTC',
  rule: null,
});
const jobs = async () => {
  const queue = await people.services.queue();
  return {
    queue,
    count: async () =>
      Number(
        (
          await people.services.db.$queryRawUnsafe<{ n: bigint }[]>(
            `SELECT count(*) AS n FROM pgboss.job WHERE name = 'diagnose' AND state = 'created'`,
          )
        )[0]!.n,
      ),
  };
};

test('those that are on come first, then the planned, and each says what it is for', async () => {
  const { member } = people;
  await member.maintenance.create({ ...window(tomorrow()), title: 'Planned', monitorId });
  await member.maintenance.create({ ...window(), title: 'On', serverId });
  await member.maintenance.create({
    ...window('2026-01-01T03:00'),
    title: 'Nightly',
    rule: 'FREQ=DAILY',
    minutes: 1,
  });
  const list = await people.viewer.maintenance.list();
  expect(list.map(({ title }) => title).slice(0, 1)).toEqual(['On']);
  expect(list[0]).toMatchObject({
    state: 'active',
    server: { hostname: 'web1' },
    monitor: null,
    by: 'member@example.org',
  });
  expect(list.find(({ title }) => title === 'Planned')).toMatchObject({
    state: 'planned',
    monitor: { name: 'Port 80' },
  });
  const ofMonitor = await people.viewer.maintenance.list({ monitorId });
  expect(ofMonitor.map(({ title }) => title).sort()).toEqual(['Nightly', 'On', 'Planned']);
  const web2 = await people.services.db.server.findFirstOrThrow({ where: { hostname: 'web2' } });
  expect((await people.viewer.maintenance.list({ serverId: web2.id })).map(({ title }) => title)).toEqual([
    'Nightly',
  ]);
  expect(await people.stranger.maintenance.list()).toEqual([]);
});

test('ended now, it is over, its server is judged, and a recurring one comes again', async () => {
  const { count } = await jobs();
  const { id } = await people.member.maintenance.create({ ...window(), serverId });
  const before = await count();
  await people.member.maintenance.end({ id });
  expect(await count()).toBe(before + 1);
  expect(await people.member.maintenance.list()).toMatchObject([{ state: 'over', next: null }]);
  await expect(people.member.maintenance.end({ id })).rejects.toThrow('not on now');
  const again = await people.member.maintenance.create({ ...window(), rule: 'FREQ=DAILY' });
  await people.member.maintenance.end(again);
  const [next] = await people.member.maintenance.list();
  expect(next).toMatchObject({ id: again.id, state: 'planned' });
  expect(next!.next!.from - Date.now() / 1000).toBeGreaterThan(82_000);
});

test.each([
  [{ start: '2020-01-01T10:00' }, 'over already'],
  [{ rule: 'FREQ=DAILY;UNTIL=20200101' }, 'No day that is to come'],
  [{ rule: 'FREQ=HOURLY' }, 'DAILY, WEEKLY or MONTHLY'],
  [{ timeZone: 'Nowhere/At_All' }, 'no time zone'],
  [{ title: ' ' }, 'few words'],
])('%o is refused with a sentence', async (wrong, sentence) => {
  await expect(people.owner.maintenance.create({ ...window(), ...wrong })).rejects.toThrow(sentence);
});

test.each(['end', 'remove'] as const)('what took place until its %s stays written down', async (how) => {
  const { db } = people.services;
  const { id } = await people.member.maintenance.create({ ...window(), serverId });
  const planned = await people.member.maintenance.create({ ...window(tomorrow()), serverId });
  await db.maintenance.update({ where: { id }, data: { createdAt: new Date(Date.now() - 30_000) } });
  await people.member.maintenance[how]({ id });
  if (how === 'remove') await people.member.maintenance.remove(planned);
  const [span, ...others] = await db.maintenanceSpan.findMany();
  expect(others).toEqual([]);
  expect(span).toMatchObject({ maintenanceId: id, serverId, monitorId: null, title: 'New disk' });
  expect(Math.round((span!.to.getTime() - span!.from.getTime()) / 1000)).toBe(30);
});

test("a stranger's server or monitor cannot be named, and one window is for one thing", async () => {
  const { stranger, owner } = people;
  await expect(stranger.maintenance.create({ ...window(), serverId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(stranger.maintenance.create({ ...window(), monitorId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(stranger.maintenance.list({ serverId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(owner.maintenance.create({ ...window(), serverId, monitorId })).rejects.toThrow(
    'not for both',
  );
});

test('what a window can be for: servers, the monitors of the chosen one, a monitor that belongs to none', async () => {
  const { viewer, stranger, organizationId } = people;
  const { db } = people.services;
  expect(await viewer.maintenance.scope({ monitorId })).toMatchObject({
    servers: [{ hostname: 'web1' }, { hostname: 'web2' }],
    monitors: [{ id: monitorId, name: 'Port 80' }],
    serverId,
    monitorId,
  });
  expect(await viewer.maintenance.scope()).toMatchObject({ monitors: [], serverId: null, monitorId: null });
  const own = await db.monitor.create({
    data: {
      organizationId,
      key: 'own',
      kind: 'http',
      name: 'Somebody else',
      target: 'https://example.org/',
      settings: { url: 'https://example.org/' },
      reason: 'a test',
      about: {},
      interval: 60,
    },
  });
  expect(await viewer.maintenance.scope({ monitorId: own.id })).toMatchObject({
    monitors: [{ name: 'Somebody else' }],
    serverId: null,
  });
  for (const wanted of [{ serverId }, { monitorId }])
    await expect(stranger.maintenance.scope(wanted)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await stranger.maintenance.scope()).servers).toEqual([]);
});
