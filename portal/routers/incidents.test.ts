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
  const last = all.incidents.at(-1)!.id;
  const rest = await people.viewer.incidents.list({ after: last });
  expect(rest.more).toBe(false);
  const shown = [...all.incidents, ...rest.incidents].map(({ id }) => id);
  expect(new Set(shown).size).toBe(60);
  const named = await people.viewer.incidents.list({ words: 'WEB1 failed 59' });
  expect(named.incidents.map(({ id }) => id)).toEqual(['incident59']);
  expect((await people.viewer.incidents.list({ words: '%59' })).incidents).toEqual([]);
  expect((await people.stranger.incidents.list({})).incidents).toEqual([]);
});

test('what opened at the same moment is told page by page, none twice and none left out; the worst first', async () => {
  const { db } = people.services;
  const organizationId = people.otherOrganizationId;
  const openedAt = new Date(start * 1000);
  const burst = {
    organizationId,
    ruleId: 'service.failed',
    title: 'x',
    openedAt,
    updatedAt: openedAt,
    body: {},
  };
  await db.incident.createMany({
    data: Array.from({ length: 120 }, (_, i) => ({
      ...burst,
      id: `burst${i}`,
      rootKey: `x ${i}`,
      severity: i % 3 ? ('warning' as const) : ('critical' as const),
    })),
  });
  const seen: { id: string; severity: string }[] = [];
  for (let more = true; more;) {
    const after = seen.at(-1)?.id;
    const page = await people.stranger.incidents.list({ state: 'open', ...(after && { after }) });
    seen.push(...page.incidents);
    more = page.more;
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(120);
  expect(seen).toHaveLength(120);
  expect(seen.slice(0, 40).every(({ severity }) => severity === 'critical')).toBe(true);
  expect(await people.stranger.incidents.standing()).toEqual({ critical: 40, warning: 80 });
  expect(await people.viewer.incidents.standing()).toEqual({ critical: 3, warning: 0 });
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
