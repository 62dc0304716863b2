import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Monitor } from '#prisma';
import { appendLooks } from '#prisma/looks.ts';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
let serverId: string;
let monitor: Monitor;

beforeAll(async () => {
  people = await threePeople();
  const { db } = people.services;
  await db.region.createMany({ data: ['fra', 'nyc'].map((name) => ({ name, lastSeenAt: new Date() })) });
  serverId = (
    await db.server.create({
      data: { organizationId: people.organizationId, hostname: 'web1', tokenHash: 'x' },
    })
  ).id;
});
beforeEach(async () => {
  const { db } = people.services;
  await db.monitor.deleteMany();
  monitor = await db.monitor.create({
    data: {
      organizationId: people.organizationId,
      serverId,
      key: 'http http://example.org/',
      kind: 'http',
      name: 'Homepage',
      target: 'http://example.org/',
      settings: { url: 'http://example.org/', connectTo: '192.0.2.1', bearer: 'very secret' },
      reason: 'nginx serves example.org',
      about: {},
      interval: 60,
      state: 'up',
      stateSince: new Date(Date.now() - 7_200_000),
      createdAt: new Date(Date.now() - 7_200_000),
    },
  });
});
afterAll(() => people.close());

const read = () => people.services.db.monitor.findUniqueOrThrow({ where: { id: monitor.id } });
const due = () =>
  people.services.db.monitorSchedule.count({ where: { monitorId: monitor.id, nextAt: { lte: new Date() } } });

test('one monitor shows response times by region, failures with their evidence, and its uptime', async () => {
  const { db } = people.services;
  const now = Date.now();
  const at = (minutes: number) => new Date(now - minutes * 60_000);
  const refused = { ok: false, code: 'connect-refused', ms: 1 } as const;
  const fine = { ok: true, code: 'ok' } as const;
  await appendLooks(db, 'fra', [{ monitorId: monitor.id, at: at(50), ms: 20, ...fine }]);
  await appendLooks(db, 'nyc', [{ monitorId: monitor.id, at: at(49), ms: 90, ...fine }]);
  await appendLooks(db, 'fra', [{ monitorId: monitor.id, at: at(30), ...refused }]);
  const evidence = {
    summary: 'refused',
    phases: [{ name: 'connect', ms: 1 }],
    transcript: ['connect', 'refused'],
  };
  await db.probeRow.create({
    data: { monitorId: monitor.id, region: 'fra', at: at(30), ...refused, evidence },
  });
  await db.transition.createMany({
    data: [
      {
        monitorId: monitor.id,
        at: at(30),
        from: 'up',
        to: 'down',
        code: 'connect-refused',
        summary: 'refused',
      },
      { monitorId: monitor.id, at: at(18), from: 'down', to: 'up', code: 'ok', summary: 'answers again' },
    ],
  });
  const seen = await people.viewer.monitors.get({ id: monitor.id, range: 3600 });
  expect(seen.times.regions.map(({ region }) => region)).toEqual(['fra', 'nyc']);
  expect(seen.times.regions[0]!.average.filter((ms) => ms !== null)).toEqual([20]);
  expect(Math.round(seen.times.regions[1]!.most.find((ms) => ms !== null)!)).toBe(90);
  expect(seen.times.regions[0]!.failures.reduce((a, b) => a + b)).toBe(1);
  expect(seen.failures[0]).toMatchObject({
    code: 'connect-refused',
    meaning: 'The connection was refused: nothing listens there',
    transcript: ['connect', 'refused'],
  });
  // 12 of 120 minutes.
  expect(seen.uptime.day.percent).toBeCloseTo(90, 1);
  expect(seen.uptime.day.outages).toBe(1);
  expect(seen.row!.spark.map((ms) => ms && Math.round(ms))).toEqual([20, 90, null]);
  expect(seen.row!.lastCheckedAt).toBeCloseTo(at(30).getTime() / 1000, 2);
  expect(seen.form).toBeNull();
});

test('planned maintenance of the monitor, its server or everything is left out of uptime, of others it is not', async () => {
  const { db } = people.services;
  const { organizationId, otherOrganizationId } = people;
  const now = Date.now();
  const at = (minutes: number) => new Date(now - minutes * 60_000);
  const other = await db.server.create({ data: { organizationId, hostname: 'web2', tokenHash: 'y' } });
  const change = { monitorId: monitor.id, code: 'connect-refused', summary: 'refused' };
  await db.transition.createMany({
    data: [
      { ...change, at: at(60), from: 'up', to: 'down' },
      { ...change, at: at(30), from: 'down', to: 'up' },
    ],
  });
  const span = { organizationId, title: 'New disk', from: at(60), to: at(20) };
  const uptime = async (of: object) => {
    await db.maintenanceSpan.deleteMany();
    await db.maintenanceSpan.create({ data: { ...span, maintenanceId: 'm', ...of } });
    return people.viewer.monitors.get({ id: monitor.id, range: 7200 });
  };
  for (const of of [{ monitorId: monitor.id }, { serverId }, {}]) {
    const { uptime: seen, spans } = await uptime(of);
    expect(seen.day).toMatchObject({ percent: 100, downSeconds: 0, outages: 0 });
    expect(seen.day.maintenanceSeconds).toBeCloseTo(2400, 0);
    expect(spans.map(({ state, maintenance }) => [state, maintenance])).toEqual([
      ['up', undefined],
      ['down', 'New disk'],
      ['up', 'New disk'],
      ['up', undefined],
    ]);
  }
  for (const of of [{ serverId: other.id }, { organizationId: otherOrganizationId }])
    expect((await uptime(of)).uptime.day.percent).toBeCloseTo(75, 1);
});

test('editing keeps what has no field and what is secret, shows neither, and is not undone by discovery', async () => {
  const { form } = await people.member.monitors.get({ id: monitor.id });
  expect(JSON.stringify(form)).not.toContain('very secret');
  await people.member.monitors.edit({
    id: monitor.id,
    name: 'Start page',
    interval: 30,
    form: { ...form!.values, status: '200,304' },
  });
  const row = await read();
  expect(row).toMatchObject({
    name: 'Start page',
    interval: 30,
    target: 'http://example.org/',
    decision: 'edited',
    origin: 'discovered',
    reason: 'nginx serves example.org',
  });
  expect(row.editedAt).not.toBeNull();
  expect(row.settings).toMatchObject({ connectTo: '192.0.2.1', bearer: 'very secret', status: '200,304' });
  await expect(
    people.member.monitors.edit({
      id: monitor.id,
      name: 'x',
      interval: 30,
      form: { url: 'ftp://example.org' },
    }),
  ).rejects.toThrow(/^url: /);
});

test("pointed at something else it is a person's own, says so, and can be removed", async () => {
  const { form } = await people.member.monitors.get({ id: monitor.id });
  const edited = { id: monitor.id, name: 'Start page', interval: 30 };
  await people.member.monitors.edit({
    ...edited,
    form: { ...form!.values, url: 'http://example.org/start' },
  });
  expect(await read()).toMatchObject({
    target: 'http://example.org/start',
    origin: 'person',
    reason: 'member@example.org pointed it at http://example.org/start',
  });
  await people.member.monitors.remove({ id: monitor.id });
});

test('what was edited is still edited when it is no longer muted', async () => {
  await people.services.db.monitor.update({ where: { id: monitor.id }, data: { editedAt: new Date() } });
  await people.member.monitors.decide({ id: monitor.id, decision: 'muted' });
  await people.member.monitors.decide({ id: monitor.id, decision: null });
  expect((await read()).decision).toBe('edited');
});

test('two records of one name are two monitors', async () => {
  const create = (type: string) =>
    people.member.monitors.create({
      serverId,
      kind: 'dns',
      name: '',
      interval: 120,
      form: { name: 'example.org', type },
    });
  await create('A');
  await create('MX');
  await expect(create('MX')).rejects.toThrow('already');
  const names = (await people.viewer.monitors.list()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['DNS record example.org A', 'DNS record example.org MX']));
});

test('a pause is a change of state, and so is its end; then the monitor is due in every region', async () => {
  await people.member.monitors.pause({ id: monitor.id });
  expect((await read()).state).toBe('paused');
  await expect(people.member.monitors.checkNow({ id: monitor.id })).rejects.toThrow('paused');
  await people.member.monitors.pause({ id: monitor.id });
  await people.member.monitors.resume({ id: monitor.id });
  expect((await read()).state).toBe('pending');
  expect(await due()).toBe(2);
  const { transitions } = await people.viewer.monitors.get({ id: monitor.id });
  expect(transitions.map(({ from, to }) => [from, to])).toEqual([
    ['paused', 'pending'],
    ['up', 'paused'],
  ]);
});

test('what is forbidden is not looked at until it is allowed again', async () => {
  await people.member.monitors.decide({ id: monitor.id, decision: 'forbidden' });
  expect(await read()).toMatchObject({ state: 'paused', decision: 'forbidden' });
  await expect(people.member.monitors.resume({ id: monitor.id })).rejects.toThrow('forbidden');
  await people.member.monitors.decide({ id: monitor.id, decision: null });
  expect(await read()).toMatchObject({ state: 'pending', decision: null });
});

test('a monitor of a person is made, is due at once, exists once, and can be removed', async () => {
  const create = () =>
    people.member.monitors.create({
      serverId,
      kind: 'port',
      name: '',
      interval: 120,
      form: { host: '2001:db8::1', port: '5432', expect: 'closed' },
    });
  const { id } = await create();
  const row = await people.services.db.monitor.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({
    name: 'Port [2001:db8::1]:5432',
    target: '[2001:db8::1]:5432',
    origin: 'person',
    reason: 'member@example.org set it up',
    settings: { host: '2001:db8::1', port: 5432, expect: 'closed' },
  });
  expect(await people.services.db.monitorSchedule.count({ where: { monitorId: id } })).toBe(2);
  await expect(create()).rejects.toThrow('already');
  await people.member.monitors.remove({ id });
  expect(await people.services.db.monitor.count({ where: { id } })).toBe(0);
  await expect(people.member.monitors.remove({ id: monitor.id })).rejects.toThrow('Forbid it instead');
});

test('a monitor cannot be put on a server of somebody else', async () => {
  await expect(
    people.stranger.monitors.create({ serverId, kind: 'ping', name: '', form: { host: '192.0.2.1' } }),
  ).rejects.toThrow('There is no such server');
});

test('a failed look is shown with its evidence and the article that helps; odd evidence breaks nothing', async () => {
  const { db } = people.services;
  const look = (seconds: number, evidence: object) =>
    db.probeRow.create({
      data: {
        monitorId: monitor.id,
        region: 'local',
        at: new Date(Date.now() - seconds * 1000),
        ok: false,
        code: 'tls-expired',
        ms: 3,
        evidence,
      },
    });
  await look(10, {
    summary: 'It expired',
    phases: [{ name: 'tls', ms: 2 }],
    transcript: ['* TLSv1.3'],
    details: {
      addresses: ['192.0.2.1'],
      chain: [{ subject: 'CN=a', issuer: 'CN=b', notAfter: 1_700_000_000, key: { type: 'rsa' } }],
      body: '<h1>Oh</h1>',
    },
  });
  await look(20, { details: { note: 'left out', addresses: 'none', chain: [5], body: 7 } });
  const { failures, createdAt } = await people.viewer.monitors.get({ id: monitor.id });
  expect(failures).toMatchObject([
    {
      summary: 'It expired',
      addresses: ['192.0.2.1'],
      certificates: [{ subject: 'CN=a', issuer: 'CN=b', until: 1_700_000_000 }],
      body: '<h1>Oh</h1>',
      article: expect.stringMatching(/^\/problems\/[a-z-]+\/#/) as string,
    },
    { summary: 'The certificate has expired', addresses: [], certificates: [], body: null, transcript: [] },
  ]);
  expect(createdAt).toBe((await read()).createdAt.getTime() / 1000);
  await db.probeRow.deleteMany({ where: { monitorId: monitor.id, code: 'tls-expired' } });
});
