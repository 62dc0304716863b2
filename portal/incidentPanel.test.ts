import { afterAll, beforeAll, expect, test } from 'vitest';
import { incidentLinkSeconds, signIncidentLink } from '#core/incidentLink.ts';
import { probeCodes } from '#core/probes.ts';
import { appendLooks } from '#prisma/looks.ts';
import { incidentPanelSchema } from '#core/incidentPanel.ts';
import { incidentPanel } from './incidentPanel.ts';
import { testSecret, threePeople, type ThreePeople } from './threePeople.fixture.ts';

let people: ThreePeople;
let serverId: string;
const now = Date.now() / 1000;
const finding = (id: string, kind: string, name: string, what: string) => ({
  id,
  severity: 'critical',
  since: now - 600,
  subject: { kind, name },
  summary: `${name} fails`,
  evidence: [{ what, value: 3, unit: '%', normal: 'above 10 %', source: 's' }],
  article: '/problems/website-down/#act-now',
  confidence: 1,
});

async function makeIncident(id: string, problems: ReturnType<typeof finding>[]): Promise<void> {
  await people.services.db.incident.create({
    data: {
      id,
      organizationId: people.organizationId,
      serverId,
      rootKey: id,
      ruleId: 'proc.vanished',
      severity: 'critical',
      title: `${id} title`,
      openedAt: new Date((now - 300) * 1000),
      updatedAt: new Date(),
      body: {
        root: {
          key: id,
          problem: 'proc.vanished',
          subject: problems[0]!.subject,
          score: 1,
          chain: [],
          hops: [],
          symptoms: [],
          explanation: '',
        },
        problems,
        ruledOut: [],
      },
    },
  });
}

beforeAll(async () => {
  people = await threePeople();
  const { db } = people.services;
  const server = await db.server.create({
    data: {
      organizationId: people.organizationId,
      hostname: 'shop1',
      tokenHash: 'x',
      lastReportAt: new Date((now - 20) * 1000),
    },
  });
  serverId = server.id;
  for (const name of ['Homepage', 'Secret page'])
    await db.monitor.create({
      data: {
        id: name.replace(' ', ''),
        organizationId: people.organizationId,
        serverId,
        key: name,
        kind: 'http',
        name,
        target: `https://${name.toLowerCase().replace(' ', '-')}.example.org/`,
        settings: { password: 'hidden' },
        reason: '',
        about: { port: 443, unit: 'caddy.service' },
        interval: 3600,
        state: 'down',
        summary: 'refused',
      },
    });
  for (const [ago, ok, code] of [
    [300, true, 'ok'],
    [100, false, 'connect-refused'],
  ] as const)
    await appendLooks(db, 'local', [
      { monitorId: 'Homepage', at: new Date((now - ago) * 1000), ok, code, ms: 3 },
    ]);
  await db.region.create({ data: { name: 'local', lastSeenAt: new Date() } });
  await makeIncident('outside', [
    finding('proc.vanished', 'process', 'nginx', 'processes named nginx'),
    finding('svc.http_down', 'monitor', 'Homepage', 'Homepage'),
  ]);
  await makeIncident('inside', [finding('disk.full', 'mount', '/srv', 'space left')]);
});
afterAll(() => people.close());

const ask = async (id: string, more: object = {}, expires = now + incidentLinkSeconds, secret = testSecret) =>
  incidentPanel(
    people.services,
    { token: await signIncidentLink(secret, id, expires), ...more },
    '192.0.2.1',
    now,
  );

test('a valid link shows its own incident, with the values of the cause first', async () => {
  const answer = await ask('outside');
  if (answer.status !== 200) throw new Error(answer.message);
  expect(incidentPanelSchema.parse(answer.panel)).toMatchObject({
    state: 'open',
    title: 'outside title',
    values: {
      host: 'shop1',
      process: 'nginx',
      port: '443',
      unit: 'caddy.service',
      url: 'https://homepage.example.org/',
      site: 'homepage.example.org',
    },
    evidence: [
      { what: 'processes named nginx', value: '3 %', normal: 'above 10 %' },
      { what: 'Homepage', value: '3 %', normal: 'above 10 %' },
    ],
    look: {
      by: 'probe',
      monitors: [{ name: 'Homepage', state: 'down', ok: false, says: probeCodes['connect-refused'] }],
    },
  });
  const text = JSON.stringify(answer.panel);
  for (const foreign of ['Secret', 'hidden', '/srv', 'inside', people.organizationId, serverId])
    expect(text).not.toContain(foreign);
});

test('a finding from inside tells when the next report is due', async () => {
  const answer = await ask('inside');
  if (answer.status !== 200) throw new Error(answer.message);
  expect(answer.panel.values).toEqual({ host: 'shop1', mount: '/srv' });
  expect(answer.panel.look).toMatchObject({
    by: 'report',
    lastAt: expect.closeTo(now - 20, 0),
    nextAt: expect.closeTo(now + 40, 0),
  });
});

test('expired, forged and malformed links show nothing', async () => {
  expect(await ask('outside', {}, now - 1)).toMatchObject({
    status: 410,
    message: expect.stringContaining('a week'),
  });
  expect(await ask('outside', {}, now + 60, 'another secret with 32 characters')).toMatchObject({
    status: 403,
  });
  const [, end = '', signature = ''] = (await signIncidentLink(testSecret, 'outside', now + 60)).split('.');
  const swapped = { token: `inside.${end}.${signature}` };
  expect(await incidentPanel(people.services, swapped, '192.0.2.2', now)).toMatchObject({ status: 403 });
  expect(await ask('nothere')).toMatchObject({ status: 404 });
  for (const bad of [
    undefined,
    null,
    'x',
    {},
    { token: 1 },
    { token: 'x'.repeat(500) },
    { token: 'a', id: 'inside' },
  ])
    expect(await incidentPanel(people.services, bad, '192.0.2.3', now)).toMatchObject({ status: 400 });
});

test('looking again makes the monitors of the incident due now, in every region, and no others', async () => {
  const { db } = people.services;
  await db.monitorSchedule.create({
    data: { monitorId: 'Homepage', region: 'local', nextAt: new Date((now + 3000) * 1000) },
  });
  expect(await ask('outside', { again: true })).toMatchObject({ status: 200 });
  const due = await db.monitorSchedule.findMany();
  expect(due.map(({ monitorId }) => monitorId)).toEqual(['Homepage']);
  expect(due[0]!.nextAt.getTime() / 1000).toBeLessThan(now + 30);
  const jobs = await db.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM pgboss.job WHERE name = 'diagnose' AND data->>'serverId' = $1`,
    serverId,
  );
  expect(jobs).toHaveLength(1);
});

test('a resolved incident says so, and is not looked at again', async () => {
  const { db } = people.services;
  await makeIncident('over', [finding('svc.http_down', 'monitor', 'Homepage', 'Homepage')]);
  await db.incident.update({
    where: { id: 'over' },
    data: { state: 'resolved', resolvedAt: new Date(now * 1000) },
  });
  await db.monitorSchedule.deleteMany();
  const answer = await ask('over', { again: true });
  expect(answer).toMatchObject({
    status: 200,
    panel: { state: 'resolved', resolvedAt: expect.closeTo(now, 0) },
  });
  expect(await db.monitorSchedule.count()).toBe(0);
});

test('looks and guesses are limited', async () => {
  await makeIncident('busy', [finding('svc.http_down', 'monitor', 'Homepage', 'Homepage')]);
  const looks = [];
  for (let i = 0; i < 8; i++) looks.push((await ask('busy', { again: true })).status);
  expect(looks.filter((status) => status === 200)).toHaveLength(6);
  expect(looks.at(-1)).toBe(429);
  const guesses = [];
  for (let i = 0; i < 25; i++)
    guesses.push((await incidentPanel(people.services, { token: 'a.b.c' }, '192.0.2.9', now)).status);
  expect(guesses.filter((status) => status === 403)).toHaveLength(20);
});

test('without a database it says so', async () => {
  const services = {
    ...people.services,
    db: { incident: { findUnique: () => Promise.reject(new Error('gone')) } },
  };
  const token = await signIncidentLink(testSecret, 'outside', now + 60);
  expect(await incidentPanel(services as never, { token }, '192.0.2.1', now)).toMatchObject({
    status: 503,
    message: expect.stringContaining('database'),
  });
});
