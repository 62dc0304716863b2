// What was foreseen and comes stays one incident, on a real database.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnosis, Finding } from '#core/diagnosis.ts';
import { signIncidentLink } from '#core/incidentLink.ts';
import { inTransaction, type Server } from '#prisma';
import { openQueue } from '#prisma/queue.ts';
import { freshDatabase, type TestDatabase } from '../../test/postgres.ts';
import { applyDiagnoses } from './incidents.ts';
import { enqueueMessages } from './messages.ts';
import { readOpenIncidents } from './openIncidents.ts';
import { moveFollowers } from './writeIncidents.ts';

let database: TestDatabase;
let queue: Awaited<ReturnType<typeof openQueue>>;
let server: Server;

beforeAll(async () => {
  database = await freshDatabase();
  queue = await openQueue(database.url, { serve: false, onError: () => undefined });
  const { id } = await database.db.organization.create({ data: { name: 'T' } });
  server = await database.db.server.create({
    data: { organizationId: id, hostname: 'web1', tokenHash: 'web1', lastReportAt: new Date() },
  });
});
afterAll(async () => {
  await queue.close();
  await database.drop();
});

function of(id: string, mount: string, severity: Finding['severity'] = 'warning'): Finding {
  return {
    id,
    severity,
    since: 1_760_000_000,
    subject: { kind: 'mount', name: mount },
    summary: `${mount}: ${id}.`,
    evidence: [],
    article: '/problems/disk/#full',
    confidence: 1,
  };
}

async function judged(...problems: Finding[]) {
  const diagnosis: Diagnosis = {
    verdict: 'explained',
    problems,
    rootCauses: problems.map((p) => ({
      key: `${p.id} mount:${p.subject.name}`,
      problem: p.id,
      subject: p.subject,
      score: 1,
      chain: [p.id],
      hops: [],
      symptoms: [],
      explanation: p.summary,
    })),
    ruledOut: [],
    movedTogether: [],
  };
  await inTransaction(database.db, async (connection) => {
    const open = (await readOpenIncidents(connection, [server.id])).get(server.id) ?? [];
    await applyDiagnoses(connection, queue, [{ server, open, diagnosis }], new Date());
  });
  return database.db.incident.findMany({
    orderBy: { openedAt: 'asc' },
    include: { entries: { orderBy: { at: 'asc' } } },
  });
}

test('a disk that was foreseen to fill up and is full is the same incident; another one is another', async () => {
  await judged(of('disk.fill_forecast', '/'));
  const [one, ...more] = await judged(of('disk.full', '/', 'critical'));
  expect(more).toEqual([]);
  expect(one).toMatchObject({ ruleId: 'disk.full', state: 'open', severity: 'critical' });
  expect(one!.entries.map((entry) => entry.text)).toContain('As foreseen: /: disk.full.');

  const both = await judged(of('disk.full', '/', 'critical'), of('disk.full', '/srv'));
  expect(both.map((incident) => incident.rootKey)).toEqual(['disk.full mount:/', 'disk.full mount:/srv']);
});

test('an incident can be linked to from a message', async () => {
  const incidents = await database.db.incident.findMany({ select: { id: true } });
  expect(incidents.length).toBeGreaterThan(0);
  for (const { id } of incidents)
    expect(await signIncidentLink('x'.repeat(32), id, 1_760_000_000)).toContain(id);
});

/** One channel of a severity; what it was told is read as kinds with their states. */
async function channelOf(minSeverity: Finding['severity']) {
  const { organizationId } = server;
  return database.db.channel.create({
    data: { organizationId, kind: 'slack', name: minSeverity, settings: {}, minSeverity },
  });
}

async function toldTo(channelId: string) {
  const rows = await database.db.notification.findMany({
    where: { channelId },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map(({ kind, state }) => `${kind} ${state}`);
}

async function fresh() {
  await database.db.incident.deleteMany();
  await database.db.channel.deleteMany();
}

const arrives = (kind: string, state: 'sent' | 'failed' = 'sent') =>
  database.db.notification.updateMany({ where: { kind }, data: { state } });

test('what comes back graver is told to who was not told of it before', async () => {
  await fresh();
  const { id } = await channelOf('critical');
  await judged(of('disk.full', '/'));
  await judged();
  await judged(of('disk.full', '/', 'critical'));
  expect(await toldTo(id)).toEqual(['opened queued']);
});

test('what was never told because it was over is told when it is back', async () => {
  await fresh();
  const { id } = await channelOf('warning');
  await judged(of('disk.full', '/'));
  await judged();
  await arrives('opened', 'failed');
  await judged(of('disk.full', '/'));
  expect(await toldTo(id)).toEqual(['opened queued']);
});

test('each channel is told of a return by what it was told of the end', async () => {
  await fresh();
  const [heard, other] = [await channelOf('warning'), await channelOf('warning')];
  await judged(of('disk.full', '/'));
  await arrives('opened');
  await judged();
  await database.db.notification.updateMany({
    where: { kind: 'resolved', channelId: heard.id },
    data: { state: 'sent' },
  });
  await judged(of('disk.full', '/'));
  expect(await toldTo(heard.id)).toEqual(['opened sent', 'reopened queued']);
  expect(await toldTo(other.id)).toEqual(['opened sent']);
});

test('what became worse is told although another change was told before', async () => {
  await fresh();
  const { id } = await channelOf('warning');
  const [incident] = await judged(of('disk.full', '/'));
  await database.db.notification.create({
    data: { incidentId: incident!.id, channelId: id, kind: 'changed' },
  });
  await database.db.notification.updateMany({ data: { state: 'sent' } });
  await judged(of('disk.full', '/', 'critical'));
  expect(await toldTo(id)).toEqual(['opened sent', 'changed queued']);
});

test('a channel that a head was not grave enough for is told of what follows from it, and only such a one', async () => {
  await fresh();
  const { organizationId } = server;
  const [warned, critical] = [await channelOf('warning'), await channelOf('critical')];
  const [head] = await judged(of('disk.full', '/'));
  const follower = await database.db.incident.create({
    data: {
      organizationId,
      rootKey: 'svc.http_down monitor:m',
      ruleId: 'svc.http_down',
      severity: 'critical',
      title: 'The page fails.',
      openedAt: new Date(),
      updatedAt: new Date(),
      body: {},
      headId: head!.id,
    },
  });
  await inTransaction(database.db, (connection) => enqueueMessages(connection, queue, follower, 'opened'));
  const toldOf = (channelId: string) =>
    database.db.notification.count({ where: { channelId, incidentId: follower.id } });
  expect([await toldOf(warned.id), await toldOf(critical.id)]).toEqual([0, 1]);
});

test('what follows from an incident that is folded follows from where that goes on', async () => {
  await fresh();
  const [a, b] = await judged(of('disk.full', '/'), of('disk.full', '/srv'));
  const follower = await database.db.incident.create({
    data: { ...a!, id: 'follower', serverId: null, entries: undefined, headId: a!.id, body: {} },
  });
  await inTransaction(database.db, (connection) => moveFollowers(connection, a!.id, b!.id));
  const moved = await database.db.incident.findUniqueOrThrow({ where: { id: follower.id } });
  expect(moved.headId).toBe(b!.id);
});
