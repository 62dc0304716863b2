import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyReason } from '#core/copies.ts';
import { hashSecret } from '../secrets.ts';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
const minute = 60_000;

beforeAll(async () => {
  people = await threePeople();
});
afterAll(() => people.close());

async function addServer(hostname: string, organizationId = people.organizationId) {
  return people.services.db.server.create({
    data: { organizationId, hostname, tokenHash: hashSecret(hostname), lastReportAt: new Date() },
  });
}

async function addSamples(serverId: string, rows: [minutesAgo: number, values: (number | null)[]][]) {
  const { db } = people.services;
  const names = [
    ['cpu.busy', ''],
    ['mem.available_percent', ''],
    ['fs.used_percent', '/'],
    ['fs.used_percent', '/var'],
  ] as const;
  await db.seriesNames.create({
    data: {
      serverId,
      metrics: names.map(([metric]) => metric),
      subjects: names.map(([, subject]) => subject),
    },
  });
  for (const [ago, values] of rows) {
    const present = values.flatMap((value, slot) => (value === null ? [] : [{ slot, value }]));
    await db.$executeRaw`
      INSERT INTO sample ("serverId", at, slots, values)
      VALUES (${serverId}, ${new Date(Date.now() - ago * minute)},
        ${present.map(({ slot }) => slot)}::smallint[], ${present.map(({ value }) => value)}::real[])`;
  }
}

test('a line says how a server is: gauges of its newest report, its worst problem, its monitors', async () => {
  const server = await addServer('web1');
  const { db } = people.services;
  await addSamples(server.id, [
    [2, [90, 10, 50, 60]],
    [1, [12.5, 75, 40, 91]],
  ]);
  await db.fact.create({
    data: {
      serverId: server.id,
      name: 'os',
      value: { id: 'debian', name: 'Debian 12' },
      since: new Date(),
      seenAt: new Date(),
    },
  });
  const monitor = {
    organizationId: people.organizationId,
    serverId: server.id,
    kind: 'port',
    name: 'Port',
    target: 't',
    settings: {},
    reason: '',
    about: {},
    interval: 60,
  };
  await db.monitor.createMany({
    data: [
      { ...monitor, key: 'a', state: 'up' },
      { ...monitor, key: 'b', state: 'up' },
      { ...monitor, key: 'c', state: 'down' },
      { ...monitor, key: 'd', state: 'down', retiredAt: new Date() },
    ],
  });
  const incident = {
    organizationId: people.organizationId,
    serverId: server.id,
    ruleId: 'x',
    openedAt: new Date(),
    updatedAt: new Date(),
    body: {},
  };
  await db.incident.createMany({
    data: [
      { ...incident, rootKey: 'a', severity: 'warning', title: 'Memory is short' },
      { ...incident, rootKey: 'b', severity: 'critical', title: 'The website is down' },
      { ...incident, rootKey: 'c', severity: 'critical', title: 'Long ago', state: 'resolved' },
    ],
  });

  const [row] = await people.viewer.servers.list();
  expect(row).toMatchObject({
    hostname: 'web1',
    os: 'Debian 12',
    state: 'critical',
    problem: 'The website is down',
    openIncidents: 2,
    gauges: { cpu: 12.5, memory: 25, disk: 91, diskMount: '/var' },
    monitors: { up: 2, down: 1, degraded: 0 },
  });
  expect(await people.stranger.servers.list()).toEqual([]);
});

test('without an incident, the last diagnosis speaks; without reports for minutes, the server is silent', async () => {
  const { db } = people.services;
  const good = await addServer('good');
  const silent = await addServer('silent');
  await db.server.update({
    where: { id: silent.id },
    data: { lastReportAt: new Date(Date.now() - 6 * minute) },
  });
  const problem = (severity: string) => ({ problems: [{ severity, summary: `a ${severity}` }] });
  await db.diagnosisRow.createMany({
    data: [
      {
        serverId: good.id,
        at: new Date(Date.now() - 5 * minute),
        verdict: 'explained',
        body: problem('critical'),
      },
      { serverId: good.id, at: new Date(), verdict: 'healthy', body: problem('info') },
      { serverId: silent.id, at: new Date(), verdict: 'healthy', body: { problems: [] } },
    ],
  });
  const list = await people.viewer.servers.list();
  expect(list.map(({ hostname, state }) => [hostname, state])).toEqual([
    ['web1', 'critical'],
    ['silent', 'silent'],
    ['good', 'info'],
  ]);
});

test('history is on one grid: averages with least and most, gaps are null, other series stay out', async () => {
  const server = await addServer('grid');
  const now = Math.floor(Date.now() / 120_000) * 120;
  const ago = (seconds: number) => (Date.now() / 1000 - (now - seconds)) / 60;
  await addSamples(server.id, [
    [ago(590), [10, null, 40, 50]],
    [ago(530), [20, null, 41, 50]],
    [ago(110), [40, null, 42, 50]],
  ]);
  const history = await people.viewer.series.history({
    serverId: server.id,
    series: [
      { metric: 'fs.used_percent', subject: '/' },
      { metric: 'cpu.busy' },
      { metric: 'mem.available_percent' },
    ],
    seconds: 600,
    until: now,
    maxPoints: 10,
  });
  expect(history).toMatchObject({ start: now - 600, step: 60, points: 10 });
  expect(history.series.map(({ metric, subject }) => [metric, subject])).toEqual([
    ['fs.used_percent', '/'],
    ['cpu.busy', ''],
  ]);
  expect(history.series[1]!.average).toEqual([10, 20, null, null, null, null, null, null, 40, null]);

  const coarse = await people.viewer.series.history({
    serverId: server.id,
    series: [{ metric: 'cpu.busy', bands: true }],
    seconds: 1200,
    until: now,
    maxPoints: 10,
  });
  expect(coarse.step).toBe(120);
  expect(coarse.series[0]).toMatchObject({
    average: [null, null, null, null, null, 15, null, null, null, 40],
    least: [null, null, null, null, null, 10, null, null, null, 40],
    most: [null, null, null, null, null, 20, null, null, null, 40],
  });
});

test('a metric that does not exist, or a range beyond all history, is refused in a sentence', async () => {
  const server = await addServer('range');
  const ask = (metric: string, seconds: number) =>
    people.viewer.series.history({
      serverId: server.id,
      series: [{ metric: metric as 'cpu.busy' }],
      seconds,
    });
  await expect(ask('cpu.busy; DROP TABLE sample', 3600)).rejects.toThrow('There is no such metric.');
  await expect(ask('cpu.busy', 1e9)).rejects.toThrow('At most 400 days.');
});

test('the timeline joins what happened, newest first, page by page', async () => {
  const { db } = people.services;
  const server = await addServer('timeline');
  const at = (minutes: number) => new Date(1_760_000_000_000 + minutes * minute);
  await db.event.create({
    data: {
      serverId: server.id,
      at: at(1),
      digest: 'x',
      kind: 'kernel.oom_kill',
      subject: 'java',
      text: 'java was killed',
    },
  });
  await db.monitor.create({
    data: {
      organizationId: people.organizationId,
      serverId: server.id,
      key: 'port 80',
      kind: 'port',
      name: 'Port 80',
      target: 't',
      settings: {},
      reason: '',
      about: {},
      interval: 60,
      transitions: {
        create: { at: at(2), from: 'up', to: 'down', code: 'connect-refused', summary: 'refused' },
      },
    },
  });
  await db.incident.create({
    data: {
      organizationId: people.organizationId,
      serverId: server.id,
      rootKey: 'k',
      ruleId: 'r',
      severity: 'critical',
      title: 't',
      openedAt: at(3),
      updatedAt: at(3),
      body: {},
      entries: { create: { at: at(3), kind: 'opened', text: 'Port 80 refuses connections' } },
    },
  });
  const all = await people.viewer.servers.timeline({ id: server.id });
  expect(all.map(({ source, kind, text }) => [source, kind, text])).toEqual([
    ['incident', 'opened', 'Port 80 refuses connections'],
    ['monitor', 'down', 'Port 80: refused'],
    ['event', 'kernel.oom_kill', 'java was killed'],
  ]);
  expect(all[0]!.at).toBe(at(3).getTime() / 1000);
  const [first] = await people.viewer.servers.timeline({ id: server.id, limit: 1 });
  const next = await people.viewer.servers.timeline({ id: server.id, before: first!.at, limit: 1 });
  expect(next.map(({ kind }) => kind)).toEqual(['down']);
});

test('a new token shuts the old one out; a revoked server says so', async () => {
  const { db } = people.services;
  const server = await addServer('rekey');
  const { line } = await people.owner.servers.rekey({ id: server.id });
  const token = /--token (rns_[\w-]+)$/.exec(line)![1]!;
  const row = await db.server.findUniqueOrThrow({ where: { id: server.id } });
  expect(row.tokenHash).toBe(hashSecret(token));
  await people.owner.servers.revoke({ id: server.id });
  expect((await people.viewer.servers.get({ id: server.id })).state).toBe('revoked');
});

test('the line to paste carries a key that lets servers in, until the key is rotated; viewers do not get it', async () => {
  const { db } = people.services;
  const lines = await people.member.servers.install();
  const key = /--key (rnk_[\w-]+)$/.exec(lines!.install)![1]!;
  expect(lines!.install).toContain('curl -fsS https://status.example.org/agent -o rootnote.sh');
  expect(await db.enrolmentKey.findUnique({ where: { hash: hashSecret(key) } })).toMatchObject({
    revokedAt: null,
  });
  expect(await people.viewer.servers.install()).toBeNull();
  await people.owner.servers.rotateKey();
  expect((await people.member.servers.install())!.install).not.toContain(key);
  expect((await db.enrolmentKey.findUnique({ where: { hash: hashSecret(key) } }))!.revokedAt).not.toBeNull();
  const keys = await people.owner.servers.keys();
  expect(keys.map(({ revokedAt }) => revokedAt === null)).toEqual([true, false]);
  expect(JSON.stringify(keys)).not.toContain(key);
});

test('a machine that was set up again goes on as the server it was, with its new token', async () => {
  const { db } = people.services;
  const { organizationId } = people;
  const add = (id: string, cloneOfId?: string) =>
    db.server.create({
      data: { id, organizationId, hostname: 'again', machineId: 'm', tokenHash: `hash of ${id}`, cloneOfId },
    });
  await add('first');
  await add('second', 'first');
  await db.server.update({ where: { id: 'first' }, data: { revokedAt: new Date() } });
  expect((await people.owner.servers.get({ id: 'second' })).cloneOf).toMatchObject({ id: 'first' });
  await expect(people.owner.servers.joinOriginal({ id: 'first' })).rejects.toThrow('not a copy');
  expect(await people.owner.servers.joinOriginal({ id: 'second' })).toEqual({ id: 'first' });
  expect(await db.server.findMany({ where: { hostname: 'again' } })).toMatchObject([
    { id: 'first', tokenHash: 'hash of second', revokedAt: null, cloneOfId: null },
  ]);
});

describe('a copy that reports with the token of a server', () => {
  async function copied(hostname: string) {
    const { db } = people.services;
    const server = await addServer(hostname);
    const at = new Date();
    await db.serverCopy.create({
      data: { serverId: server.id, bootId: 'boot-2', hostname: 'copy', firstAt: at, lastAt: at },
    });
    await db.serverCopy.create({
      data: {
        serverId: server.id,
        bootId: 'boot-old',
        hostname: '',
        firstAt: new Date(0),
        lastAt: new Date(at.getTime() - 8 * 86_400_000),
      },
    });
    const report = { reportedAt: at, body: Buffer.from('x'), bytes: 1, serverId: server.id };
    for (const [id, error] of [
      ['of the copy', copyReason('boot-2')],
      ['broken', 'No report.'],
    ] as const)
      await db.report.create({
        data: { ...report, id: `${hostname} ${id}`, receivedAt: at, state: 'failed', error },
      });
    return server.id;
  }
  const decide = (id: string, decision: 'same' | 'own' | 'refused') =>
    people.owner.servers.decideCopy({ id, bootId: 'boot-2', decision });

  test('is shown until somebody decides', async () => {
    const id = await copied('shown');
    expect((await people.viewer.servers.get({ id })).copies).toMatchObject([
      { bootId: 'boot-2', hostname: 'copy' },
    ]);
    expect(await decide(id, 'refused')).toEqual({ id, line: null });
    expect((await people.owner.servers.get({ id })).copies).toEqual([]);
    await expect(decide(id, 'own')).rejects.toThrow('No copy');
  });

  test('two who decide at once make one server', async () => {
    const id = await copied('twice');
    const { db } = people.services;
    const before = await db.server.count();
    const outcomes = await Promise.allSettled([decide(id, 'own'), decide(id, 'own'), decide(id, 'own')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await db.server.count()).toBe(before + 1);
  });

  test('becomes a server of its own, with a token and the reports that were kept', async () => {
    const id = await copied('original');
    const own = await decide(id, 'own');
    expect(own.id).not.toBe(id);
    const { db } = people.services;
    const token = /--token (rns_\S+)$/.exec(own.line!)![1]!;
    expect(await db.server.findUnique({ where: { id: own.id } })).toMatchObject({
      organizationId: people.organizationId,
      hostname: 'copy',
      tokenHash: hashSecret(token),
      cloneOfId: null,
    });
    expect(await db.report.findMany({ where: { serverId: own.id } })).toMatchObject([
      { id: 'original of the copy', state: 'stored', error: null },
    ]);
    expect(await db.report.count({ where: { serverId: id } })).toBe(1);
    expect(await db.serverCopy.findFirst({ where: { serverId: id, bootId: 'boot-2' } })).toMatchObject({
      decision: 'own',
      targetId: own.id,
    });
  });

  test('is taken for the server itself', async () => {
    const id = await copied('moved');
    expect(await decide(id, 'same')).toEqual({ id, line: null });
    expect(
      await people.services.db.serverCopy.findFirst({ where: { serverId: id, bootId: 'boot-2' } }),
    ).toMatchObject({ decision: 'same' });
  });
});

test('a text that no database can hold is refused as such, at any depth', async () => {
  const { owner } = people;
  for (const id of ['a\u0000b', '\u0000', '\\\u0000'])
    await expect(owner.servers.get({ id })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  // The six characters \u0000 are a text like any other.
  await expect(owner.servers.get({ id: '\\u0000' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a search finds servers by all the words of their name, as they are typed, and none of others', async () => {
  await addServer('find-me.example.org');
  await addServer('find-me-too.example.org', people.otherOrganizationId);
  const names = async (words: string) =>
    (await people.viewer.servers.find({ words })).map(({ hostname }) => hostname);
  expect(await names('EXAMPLE  find')).toEqual(['find-me.example.org']);
  expect(await names('example you')).toEqual([]);
  expect(await names('find_me'), 'a line is no sign for any character').toEqual([]);
});
