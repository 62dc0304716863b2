import { afterAll, beforeAll, expect, test } from 'vitest';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
let serverId: string;
const start = 1_760_000_000;

beforeAll(async () => {
  people = await threePeople();
  const { db } = people.services;
  serverId = (
    await db.server.create({
      data: { organizationId: people.organizationId, hostname: 'web1', tokenHash: 'x' },
    })
  ).id;
  const subject = { kind: 'unit', name: 'nginx.service' };
  const key = 'service.failed unit:nginx.service';
  const finding = { severity: 'critical', since: start, subject, evidence: [], confidence: 1 };
  const body = {
    root: {
      key,
      problem: 'service.failed',
      subject,
      score: 1,
      chain: ['service.failed'],
      hops: [],
      symptoms: [],
      explanation: 'It failed.',
    },
    problems: [
      {
        ...finding,
        id: 'service.failed',
        summary: 'nginx failed',
        article: '/problems/service-failed/#check',
      },
      { ...finding, id: 'web.down', summary: 'refused', article: '/problems/website-down/#check' },
    ],
    ruledOut: [{ problem: 'mem.oom_kill', effect: 'service.failed', because: 'nothing was killed' }],
  };
  const channel = await db.channel.create({
    data: {
      organizationId: people.organizationId,
      kind: 'email',
      name: 'Ops',
      settings: { to: ['a@example.org'] },
    },
  });
  for (let i = 0; i < 60; i++) {
    const openedAt = new Date((start + i * 60) * 1000);
    const open = i % 20 === 0;
    await db.incident.create({
      data: {
        id: `incident${i}`,
        organizationId: people.organizationId,
        serverId,
        rootKey: `${key} ${i}`,
        ruleId: 'service.failed',
        severity: i % 2 ? 'warning' : 'critical',
        title: `nginx failed ${i}`,
        state: open ? 'open' : 'resolved',
        openedAt,
        updatedAt: openedAt,
        resolvedAt: open ? null : openedAt,
        body: i === 1 ? {} : body,
        entries: { create: { at: openedAt, kind: 'opened', text: 'nginx failed' } },
        notifications: {
          create: { channelId: channel.id, kind: 'opened', state: 'failed', error: 'no such box' },
        },
      },
    });
  }
});
afterAll(() => people.close());

test('open ones come first, the newest first; filters and pages narrow the list', async () => {
  const all = await people.viewer.incidents.list({});
  expect(all).toMatchObject({ more: true, open: 3 });
  expect(all.incidents.slice(0, 4).map(({ id }) => id)).toEqual([
    'incident40',
    'incident20',
    'incident0',
    'incident59',
  ]);
  expect(all.incidents[0]).toMatchObject({
    server: { hostname: 'web1' },
    article: '/problems/service-failed/#check',
    symptoms: 1,
  });
  const warnings = await people.viewer.incidents.list({ severity: 'warning', state: 'resolved' });
  expect(warnings.incidents).toHaveLength(30);
  const earlier = await people.viewer.incidents.list({ before: start + 60 * 3 });
  expect(earlier.incidents.map(({ id }) => id)).toEqual(['incident0', 'incident2', 'incident1']);
  expect((await people.stranger.incidents.list({})).incidents).toEqual([]);
});

test('one shows its chain, what was ruled out, what happened, and who was told or not', async () => {
  const incident = await people.viewer.incidents.get({ id: 'incident0' });
  expect(incident.body!.problems.map(({ id }) => id)).toEqual(['service.failed', 'web.down']);
  expect(incident.body!.ruledOut[0]!.because).toBe('nothing was killed');
  expect(incident.entries).toMatchObject([{ kind: 'opened', at: start }]);
  expect(incident.notifications).toMatchObject([{ channel: 'Ops', state: 'failed', error: 'no such box' }]);
});

test('one whose evidence cannot be read any more is shown without it', async () => {
  expect(await people.viewer.incidents.get({ id: 'incident1' })).toMatchObject({
    title: 'nginx failed 1',
    body: null,
  });
});
