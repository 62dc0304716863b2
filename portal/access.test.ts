// Every procedure, called by everyone: what a stranger may see is nothing, what a viewer may change is nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appRouter } from './appRouter.ts';
import { type Caller, serverWithMonitor, threePeople, type ThreePeople } from './threePeople.fixture.ts';

let people: ThreePeople;
let serverId: string;
let monitorId: string;
let incidentId: string;
let channelId: string;
let viewerId: string;
let regionsMade = 0;
let maintenanceId: string;

beforeAll(async () => {
  people = await threePeople();
  const { db } = people.services;
  const { organizationId } = people;
  ({ serverId, monitorId } = await serverWithMonitor(people));
  await db.exportToken.create({
    data: { id: 'export', organizationId, name: 'Old', hash: 'hash of export', hint: 'rnm_' },
  });
  await db.region.create({ data: { name: 'far', organizationId, tokenHash: 'hash of far' } });
  const now = new Date();
  const finding = {
    id: 'service.failed',
    severity: 'critical',
    since: 1,
    subject: { kind: 'unit', name: 'nginx.service' },
    summary: 'nginx.service failed',
    evidence: [],
    article: '/problems/service-failed/#check',
    confidence: 1,
  };
  const root = {
    key: 'service.failed unit:nginx.service',
    problem: 'service.failed',
    subject: finding.subject,
    score: 1,
    chain: ['service.failed'],
    hops: [],
    symptoms: [],
    explanation: 'nginx.service failed.',
  };
  const incident = await db.incident.create({
    data: {
      organizationId,
      serverId,
      rootKey: 'service.failed unit:nginx.service',
      ruleId: 'service.failed',
      severity: 'critical',
      title: 'nginx.service failed',
      openedAt: now,
      updatedAt: now,
      body: { root, problems: [finding], ruledOut: [] },
    },
  });
  incidentId = incident.id;
  const low = {
    ...finding,
    id: 'mem.low',
    severity: 'warning',
    subject: { kind: 'server', name: 'web1' },
    bound: {
      metric: 'mem.available_percent',
      side: 'below',
      unit: 'percent',
      raise: 10,
      clear: 15,
      samples: 3,
    },
  };
  await db.diagnosisRow.create({
    data: {
      serverId,
      at: now,
      verdict: 'explained',
      body: { verdict: 'explained', problems: [low], rootCauses: [], ruledOut: [], movedTogether: [] },
    },
  });
  const window = await db.maintenance.create({
    data: {
      organizationId,
      serverId,
      title: 'New disk',
      createdBy: 'member@example.org',
      start: now.toISOString().slice(0, 16),
      minutes: 60,
      timeZone: 'UTC',
    },
  });
  maintenanceId = window.id;
  const channel = await db.channel.create({
    data: {
      organizationId,
      kind: 'slack',
      name: 'Ops',
      settings: { webhookUrl: 'https://hooks.example.org/services/very-secret' },
    },
  });
  channelId = channel.id;
  viewerId = (await db.user.findUniqueOrThrow({ where: { email: 'viewer@example.org' } })).id;
});
afterAll(() => people.close());

const acceptedKey = 'mem.low server:web1';

/** Who may do it at least, and the call itself on things of the first organization. */
type Right = 'viewer' | 'member' | 'owner';
const calls: Record<string, [right: Right, call: (api: Caller) => Promise<unknown>, own?: boolean]> = {
  'servers.list': ['viewer', (api) => api.servers.list(), true],
  'servers.find': ['viewer', (api) => api.servers.find({ words: 'web' }), true],
  'servers.get': ['viewer', (api) => api.servers.get({ id: serverId })],
  'servers.timeline': ['viewer', (api) => api.servers.timeline({ id: serverId })],
  'servers.install': ['viewer', (api) => api.servers.install(), true],
  'servers.rename': ['member', (api) => api.servers.rename({ id: serverId, hostname: 'web1' })],
  'servers.keepClone': ['owner', (api) => api.servers.keepClone({ id: serverId })],
  'servers.joinOriginal': ['owner', (api) => api.servers.joinOriginal({ id: serverId })],
  'servers.decideCopy': [
    'owner',
    (api) => api.servers.decideCopy({ id: serverId, bootId: 'b', decision: 'refused' }),
  ],
  'servers.keys': ['owner', (api) => api.servers.keys(), true],
  'servers.rotateKey': ['owner', (api) => api.servers.rotateKey(), true],
  'servers.rekey': ['owner', (api) => api.servers.rekey({ id: serverId })],
  'servers.revoke': ['owner', (api) => api.servers.revoke({ id: serverId })],
  'series.history': [
    'viewer',
    (api) => api.series.history({ serverId, series: [{ metric: 'cpu.busy' }], seconds: 3600 }),
  ],
  'monitors.list': ['viewer', (api) => api.monitors.list(), true],
  'monitors.get': ['viewer', (api) => api.monitors.get({ id: monitorId })],
  'monitors.kinds': ['member', (api) => api.monitors.kinds(), true],
  'monitors.create': [
    'member',
    (api) =>
      api.monitors.create({
        serverId,
        kind: 'ping',
        name: '',
        form: { host: `192.0.2.${Math.floor(Math.random() * 250)}` },
      }),
  ],
  'monitors.edit': [
    'member',
    (api) =>
      api.monitors.edit({
        id: monitorId,
        name: 'Port 80',
        interval: 30,
        form: { host: '192.0.2.1', port: '80' },
      }),
  ],
  'monitors.decide': ['member', (api) => api.monitors.decide({ id: monitorId, decision: 'pinned' })],
  'monitors.pause': ['member', (api) => api.monitors.pause({ id: monitorId })],
  'monitors.resume': ['member', (api) => api.monitors.resume({ id: monitorId })],
  'monitors.checkNow': ['member', (api) => api.monitors.checkNow({ id: monitorId })],
  // The monitor is one of a port: refused for that, past the check of rights.
  'monitors.acceptNow': ['member', (api) => api.monitors.acceptNow({ id: monitorId })],
  'incidents.list': ['viewer', (api) => api.incidents.list({}), true],
  'incidents.standing': ['viewer', (api) => api.incidents.standing(), true],
  'incidents.get': ['viewer', (api) => api.incidents.get({ id: incidentId })],
  'judgements.list': ['viewer', (api) => api.judgements.list({ serverId })],
  'judgements.diagnoses': ['viewer', (api) => api.judgements.diagnoses({ serverId })],
  'judgements.accept': [
    'member',
    (api) => api.judgements.accept({ serverId, key: acceptedKey, reason: 'It is known', days: 30 }),
  ],
  'judgements.takeBack': ['member', (api) => api.judgements.takeBack({ serverId, key: acceptedKey })],
  'judgements.setBound': [
    'member',
    (api) =>
      api.judgements.setBound({
        serverId,
        ruleId: 'mem.low',
        bound: { metric: 'mem.available_percent', raise: 5, clear: 8 },
        reason: 'A cache fills it',
      }),
  ],
  'judgements.resetBound': ['member', (api) => api.judgements.resetBound({ serverId, ruleId: 'mem.low' })],
  'channels.kinds': ['owner', (api) => api.channels.kinds(), true],
  'channels.heard': ['viewer', (api) => api.channels.heard(), true],
  'channels.list': ['owner', (api) => api.channels.list(), true],
  'channels.create': [
    'owner',
    (api) =>
      api.channels.create({
        kind: 'email',
        name: 'Mail',
        enabled: true,
        minSeverity: 'warning',
        form: { to: 'a@example.org' },
      }),
    true,
  ],
  'channels.update': [
    'owner',
    (api) =>
      api.channels.update({ id: channelId, name: 'Ops', enabled: true, minSeverity: 'warning', form: {} }),
  ],
  'channels.test': ['owner', (api) => api.channels.test({ id: channelId })],
  'feedback.list': ['owner', (api) => api.feedback.list({}), true],
  'team.list': ['viewer', (api) => api.team.list(), true],
  'team.rename': ['owner', (api) => api.team.rename({ name: 'Servers' }), true],
  'team.invite': ['owner', (api) => api.team.invite({ email: 'new@example.org', role: 'viewer' }), true],
  'team.uninvite': ['owner', (api) => api.team.uninvite({ email: 'new@example.org' }), true],
  'team.setRole': ['owner', (api) => api.team.setRole({ userId: viewerId, role: 'viewer' })],
  'regions.list': ['viewer', (api) => api.regions.list(), true],
  'regions.create': ['owner', (api) => api.regions.create({ name: `far-${regionsMade++}` }), true],
  'regions.revoke': ['owner', (api) => api.regions.revoke({ name: 'far' })],
  'maintenance.list': ['viewer', (api) => api.maintenance.list({ serverId })],
  'maintenance.scope': ['viewer', (api) => api.maintenance.scope({ serverId })],
  'maintenance.create': [
    'member',
    (api) =>
      api.maintenance.create({
        title: 'New disk',
        serverId,
        start: '2026-01-01T03:00',
        minutes: 60,
        timeZone: 'Europe/Berlin',
        rule: 'FREQ=DAILY',
      }),
  ],
  'maintenance.end': ['member', (api) => api.maintenance.end({ id: maintenanceId })],
  'maintenance.remove': ['member', (api) => api.maintenance.remove({ id: maintenanceId })],
  'exportTokens.list': ['owner', (api) => api.exportTokens.list(), true],
  'exportTokens.create': ['owner', (api) => api.exportTokens.create({ name: 'Prometheus' }), true],
  'exportTokens.revoke': ['owner', (api) => api.exportTokens.revoke({ id: 'export' })],
  'live.changes': ['viewer', async (api) => (await api.live.changes())[Symbol.asyncIterator]().next(), true],
  // These end things, so they come last.
  'monitors.remove': ['member', (api) => api.monitors.remove({ id: monitorId })],
  'channels.remove': ['owner', (api) => api.channels.remove({ id: channelId })],
  'team.remove': ['owner', (api) => api.team.remove({ userId: viewerId })],
  'servers.remove': ['owner', (api) => api.servers.remove({ id: serverId })],
};

const order: Right[] = ['viewer', 'member', 'owner'];
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

test('the table below names every procedure', () => {
  expect(Object.keys(calls).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
});

describe.for(Object.entries(calls))('%s', ([name, [right, call, own]]) => {
  test('nobody gets in without signing in', async () => {
    expect(await code(call(people.nobody))).toBe('UNAUTHORIZED');
  });

  test('a stranger reaches nothing of this organization', async () => {
    // Procedures without an id answer from the stranger's own organization; the tests of each router look at what is in it.
    expect(await code(call(people.stranger))).toBe(own ? 'done' : 'NOT_FOUND');
  });

  test('those with less than the right are refused, those with it are not', async () => {
    for (const role of order) {
      const answer = await code(call(people[role]));
      if (order.indexOf(role) < order.indexOf(right)) expect(answer, role).toBe('FORBIDDEN');
      else {
        // The monitor is a discovered one: removing it is refused for that, which is past the check of rights.
        // A monitor without an answer has nothing to accept, and the server is no clone and has none: all are found out past it as well.
        const refused = [
          'monitors.remove',
          'monitors.acceptNow',
          'servers.joinOriginal',
          'servers.decideCopy',
        ].includes(name);
        expect(answer, role).toBe(refused ? 'BAD_REQUEST' : 'done');
        break;
      }
    }
  });
});
