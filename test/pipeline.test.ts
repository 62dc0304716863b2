// The stages of the worker one after the other on a real database, without network: from a stored report to mails in the outbox.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEnvironment } from '#core/environment.ts';
import type { ProbeCode } from '#core/probes.ts';
import { ingest } from '#portal/ingest.ts';
import { hashSecret, newSecret } from '#portal/secrets.ts';
import { Prisma } from '#prisma';
import { openQueue } from '#prisma/queue.ts';
import type { WorkerContext } from '#worker/context.ts';
import { setUpMonitors } from '#worker/discover/setUp.ts';
import { storeLooks } from '#worker/evaluate/storeLooks.ts';
import { judgeServer } from '#worker/judge/judge.ts';
import { rejudge } from '#worker/judge/rejudge.ts';
import { deliverNotification } from '#worker/notify.ts';
import { parseReports } from '#worker/parse/parse.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';

let database: TestDatabase;
let context: WorkerContext;
let token: string;
let serverId: string;
const data = mkdtempSync(join(tmpdir(), 'rootnote-pipeline-'));
const started = Date.now() - 60_000;
const said: string[] = [];
const machineId = '0123456789abcdef0123456789abcdef';

beforeAll(async () => {
  database = await freshDatabase();
  const key = newSecret('rnk_');
  const organization = await database.db.organization.create({
    data: { name: 'T', keys: { create: { hash: key.hash, hint: key.hint } } },
  });
  await database.db.channel.create({
    data: {
      organizationId: organization.id,
      kind: 'email',
      name: 'Admins',
      settings: { to: ['admin@example.org'] },
    },
  });
  await database.db.region.create({ data: { name: 'local', lastSeenAt: new Date() } });
  context = {
    db: database.db,
    queue: await openQueue(database.url, { serve: false, onError: () => undefined }),
    environment: readEnvironment({ ROOTNOTE_DATA: data }),
    publicUrl: 'http://rootnote.example.org',
    machineId,
    log: (message) => said.push(message),
  };
  const answer = await ingest(context.db, context.queue, {
    token: key.secret,
    body: Buffer.from(report(0)),
    gzip: false,
  });
  token = answer.body.slice('token '.length).trim();
  serverId = (await context.db.server.findUniqueOrThrow({ where: { tokenHash: hashSecret(token) } })).id;
});
afterAll(async () => {
  await context.queue.close();
  await database.drop();
  rmSync(data, { recursive: true, force: true });
});

/** A small machine with nginx on port 80, `minutes` after the start of the test's story. */
function report(minutes: number, { nginx = true, used = 50 } = {}): string {
  const epoch = Math.floor(started / 1000) + minutes * 60;
  const uptime = 90_000 + minutes * 60;
  const processes = [
    '1\t0\t0\tS\t10\t10\t0\t1\t9000\t0\t64\t10\tsystemd',
    ...(nginx ? ['612\t1\t0\tS\t5\t5\t0\t1\t4000\t0\t64\t900\tnginx'] : []),
  ];
  return [
    `rootnote 1 agent=0.1.0 rhythm=daily euid=0 epoch=${epoch}`,
    '=== cat /proc/uptime',
    `${uptime}.00 180000.00`,
    '=== cat /proc/sys/kernel/hostname',
    'web1',
    '=== cat /etc/machine-id',
    machineId,
    '=== cat /proc/loadavg',
    '0.10 0.20 0.30 1/120 4242',
    '=== cat /proc/meminfo',
    'MemTotal:        8000000 kB\nMemFree:         3000000 kB\nMemAvailable:    6000000 kB\nCached: 2000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB',
    '=== cat /proc/mounts',
    '/dev/vda1 / ext4 rw,relatime 0 0',
    '=== df -PTk',
    'Filesystem Type 1024-blocks Used Available Capacity Mounted on',
    `/dev/vda1 ext4 1000000 ${used * 10_000} ${(100 - used) * 10_000} ${used}% /`,
    '=== cat /proc/[0-9]*/stat',
    'pid\tppid\tuid\tstate\tutime\tstime\tmajflt\tthreads\trss_kb\tswap_kb\tfdsize\tstart\tname',
    ...processes,
    '=== ss -Hltnup',
    ...(nginx
      ? ['tcp   LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:(("nginx",pid=612,fd=6))']
      : []),
    '=== end',
    '',
  ].join('\n');
}

async function send(text: string): Promise<void> {
  const answer = await ingest(context.db, context.queue, { token, body: Buffer.from(text), gzip: false });
  expect(answer.status).toBe(202);
  // The story goes on faster than the clock: a report of the future is not taken for one.
  const epoch = Number(/ epoch=(\d+)/.exec(text)![1]);
  await context.db.report.updateMany({
    where: { serverId, state: 'stored' },
    data: { reportedAt: new Date(epoch * 1000) },
  });
  await parseReports(context, [serverId]);
}

let tick = 0;
async function probe(key: string, ok: boolean, code: ProbeCode): Promise<void> {
  const monitor = await context.db.monitor.findFirstOrThrow({ where: { key } });
  const at = new Date(started + 120_000 + tick++ * 1000);
  const summary = ok ? 'HTTP 200' : '127.0.0.1:80 refused the connection';
  const result = {
    kind: monitor.kind as 'http',
    target: monitor.target,
    ok,
    code,
    summary,
    ms: 3,
    phases: [],
    details: {},
    transcript: [],
  };
  await storeLooks(context, 'local', [{ monitorId: monitor.id, at, result }]);
}

const incidents = () => context.db.incident.findMany({ where: { serverId }, orderBy: { openedAt: 'asc' } });
const mails = () =>
  readdirSync(data).includes('outbox')
    ? readdirSync(join(data, 'outbox')).map((name) => readFileSync(join(data, 'outbox', name), 'utf8'))
    : [];

async function deliverAll(): Promise<void> {
  for (const { id } of await context.db.notification.findMany({ where: { state: 'queued' } })) {
    await deliverNotification(context, id);
    await deliverNotification(context, id);
  }
}

test('a report becomes facts, samples and monitors that say why they exist', async () => {
  await parseReports(context, [serverId]);
  await setUpMonitors(context, serverId);
  await setUpMonitors(context, serverId);
  const server = await context.db.server.findUniqueOrThrow({ where: { id: serverId } });
  expect(server).toMatchObject({ hostname: 'web1', local: true, machineId });
  const monitors = await context.db.monitor.findMany({ where: { serverId }, orderBy: { key: 'asc' } });
  expect(monitors.map(({ key }) => key)).toEqual([
    'exposed http://127.0.0.1/',
    'http http://127.0.0.1/',
    'ping 127.0.0.1',
    'port tcp 127.0.0.1:80',
  ]);
  expect(monitors[1]!.reason).toMatch(/nginx listens on 0\.0\.0\.0:80/);
  expect(await context.db.monitorSchedule.count()).toBe(4);
  expect(await context.db.sample.count({ where: { serverId } })).toBe(1);
});

test('what is quiet opens nothing', async () => {
  for (const key of ['http http://127.0.0.1/', 'port tcp 127.0.0.1:80']) await probe(key, true, 'ok');
  await judgeServer(context, serverId);
  expect(await incidents()).toEqual([]);
});

test('a website that stops is one incident and one mail, whatever order its symptoms come in', async () => {
  for (const key of ['http http://127.0.0.1/', 'port tcp 127.0.0.1:80']) {
    await probe(key, false, 'connect-refused');
    await judgeServer(context, serverId);
  }
  expect(await incidents(), 'one failure is not believed').toEqual([]);
  for (const key of ['http http://127.0.0.1/', 'port tcp 127.0.0.1:80']) {
    await probe(key, false, 'connect-refused');
    await judgeServer(context, serverId);
    await judgeServer(context, serverId);
  }
  expect(await incidents()).toHaveLength(1);
  await deliverAll();
  expect(mails()).toHaveLength(1);

  // The inside view comes later and names the cause: the same incident.
  await send(report(3, { nginx: false }));
  await send(report(4, { nginx: false }));
  await judgeServer(context, serverId);
  const [incident, ...more] = await incidents();
  expect(more).toEqual([]);
  expect(incident).toMatchObject({ state: 'open', ruleId: 'proc.vanished' });
  const entries = await context.db.incidentEntry.findMany({
    where: { incidentId: incident!.id },
    orderBy: { at: 'asc' },
  });
  expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['opened', 'notified', 'cause']));
  await deliverAll();
  expect(mails()).toHaveLength(1);
  expect(mails()[0]).toContain('web1');
  expect(mails()[0]!.replaceAll(/=\r?\n/g, '')).toMatch(
    /http:\/\/rootnote\.example\.org\/problems\/[a-z-]+\/#[a-z-]+/,
  );
});

test('a monitor that fails is not retired because its service is gone', async () => {
  await setUpMonitors(context, serverId);
  await context.db.monitor.updateMany({ data: { missingSince: new Date(Date.now() - 3_600_000) } });
  await setUpMonitors(context, serverId);
  const retired = await context.db.monitor.findMany({ where: { retiredAt: { not: null } } });
  expect(retired.map(({ key }) => key)).not.toContain('http http://127.0.0.1/');
});

test('it resolves when inside and outside agree, and says so once', async () => {
  await send(report(6));
  await setUpMonitors(context, serverId);
  for (let round = 0; round < 2; round++) {
    for (const key of ['http http://127.0.0.1/', 'port tcp 127.0.0.1:80']) await probe(key, true, 'ok');
  }
  await judgeServer(context, serverId);
  await judgeServer(context, serverId);
  expect(await incidents()).toMatchObject([{ state: 'resolved' }]);
  await deliverAll();
  expect(mails()).toHaveLength(2);
  expect(mails().filter((mail) => /^Subject:.*resolved/im.test(mail))).toHaveLength(1);
});

test('a late report from the buffer adds history and does not overwrite the present', async () => {
  const before = await context.db.fact.findMany({ where: { serverId }, orderBy: { name: 'asc' } });
  await send(report(5, { nginx: false }));
  expect(await context.db.fact.findMany({ where: { serverId }, orderBy: { name: 'asc' } })).toEqual(before);
  expect(await context.db.sample.count({ where: { serverId } })).toBe(5);
});

test('a report that cannot be read is kept and marked, and the next one is read', async () => {
  const row = await context.db.report.findFirstOrThrow({ where: { serverId } });
  await context.db.report.create({
    data: {
      serverId,
      receivedAt: new Date(),
      reportedAt: new Date(started + 7 * 60_000),
      body: Buffer.from('no gzip'),
      bytes: 7,
    },
  });
  await send(report(8));
  expect(await context.db.report.count({ where: { serverId, state: 'failed' } })).toBe(1);
  expect(await context.db.report.count({ where: { serverId, state: 'stored' } })).toBe(0);
  expect(said.join()).toMatch(/cannot be read/);
  expect(row.state).toBe('parsed');
});

test('a site that was taken out of a web server that still runs: its failing monitor is retired, with a line that says why', async () => {
  const { organizationId } = await context.db.server.findUniqueOrThrow({ where: { id: serverId } });
  const monitor = await context.db.monitor.create({
    data: {
      organizationId,
      serverId,
      key: 'http http://old.example.org/',
      kind: 'http',
      name: 'Homepage http://old.example.org/',
      target: 'http://old.example.org/',
      settings: { url: 'http://old.example.org/' },
      reason: 'nginx serves old.example.org',
      about: { process: 'nginx', port: 80, host: 'old.example.org' },
      interval: 60,
      state: 'down',
      missingSince: new Date(Date.now() - 3_600_000),
    },
  });
  await setUpMonitors(context, serverId);
  expect(
    (await context.db.monitor.findUniqueOrThrow({ where: { id: monitor.id } })).retiredAt,
  ).not.toBeNull();
  const line = await context.db.event.findFirstOrThrow({
    where: { serverId, kind: 'monitor.retired', subject: monitor.key },
  });
  expect(line.text).toBe(
    'Monitor retired: Homepage http://old.example.org/; nginx serves old.example.org no longer holds: nginx still runs and serves other things.',
  );
});

test('stored reports can be judged again: the same rules say the same, and what was said otherwise is seen', async () => {
  const range = { from: new Date(started - 60_000), to: new Date(started + 60 * 60_000) };
  const rows = await rejudge(context.db, serverId, range);
  expect(rows.length).toBeGreaterThanOrEqual(2);
  const [first] = await context.db.diagnosisRow.findMany({
    where: { serverId },
    orderBy: { at: 'asc' },
    take: 1,
  });
  expect(rows.some((row) => row.now.length === 0)).toBe(true);
  await context.db.diagnosisRow.update({
    where: { serverId_at: { serverId, at: first!.at } },
    data: { body: { from: 'an older version' } },
  });
  const again = await rejudge(context.db, serverId, range);
  expect(again.find(({ at }) => at === first!.at.getTime() / 1000)?.then).toBeUndefined();
  expect(again.map(({ now }) => now)).toEqual(rows.map(({ now }) => now));
});

test('what a person accepts closes its incident and stays quiet until it changes', async () => {
  const key = 'disk.full mount:/';
  const open = () => context.db.incident.findMany({ where: { serverId, state: 'open' } });
  for (const minute of [9, 10, 11]) await send(report(minute, { used: 93 }));
  await judgeServer(context, serverId);
  const [incident] = await open();
  expect(incident).toMatchObject({ rootKey: key, severity: 'warning' });

  const acceptedAt = new Date(started + 11.5 * 60_000);
  const who = { summary: '', reason: 'the archive fits', acceptedBy: 'ann@example.org', acceptedAt };
  await context.db.acceptance.create({ data: { serverId, key, ...who } });
  await judgeServer(context, serverId);
  expect(await open()).toEqual([]);
  const entries = await context.db.incidentEntry.findMany({
    where: { incidentId: incident!.id, kind: 'accepted' },
  });
  expect(entries[0]!.text).toMatch(/Accepted by ann@example\.org, .*: the archive fits/);
  await send(report(12, { used: 94 }));
  await judgeServer(context, serverId);
  expect(await open(), 'a point more is no change').toEqual([]);

  await send(report(13, { used: 98 }));
  await judgeServer(context, serverId);
  const [again] = await open();
  expect(again!.title).toMatch(/98 %.*accepted at 93 %, and has changed/);

  const judgedAt = [11, 12, 13].map((minute) => new Date(started + (minute + 0.2) * 60_000));
  await context.db.diagnosisRow.createMany({
    data: judgedAt.map((at) => ({ serverId, at, verdict: 'explained', body: {} })),
  });
  const rows = await rejudge(context.db, serverId, { from: new Date(started), to: judgedAt.at(-1)! });
  const said = new Map(rows.map(({ at, now }) => [at, now.includes(key)]));
  expect(judgedAt.map((at) => said.get(at.getTime() / 1000))).toEqual([true, false, true]);
  await context.db.diagnosisRow.deleteMany({ where: { serverId, at: { in: judgedAt } } });
});

test('what a person accepted for a time is told again when the time is over', async () => {
  const open = () => context.db.incident.findMany({ where: { serverId, state: 'open' } });
  const accept = (expiresAt: Date) =>
    context.db.acceptance.updateMany({ where: { serverId }, data: { value: Prisma.DbNull, expiresAt } });
  await accept(new Date(Date.now() + 60_000));
  await judgeServer(context, serverId);
  expect(await open()).toEqual([]);
  await accept(new Date(Date.now() - 1000));
  await judgeServer(context, serverId);
  const [again, ...more] = await open();
  expect(more).toEqual([]);
  expect(again!.title).toMatch(/98 %/);
  expect(again!.title).not.toContain('accepted');
});

test('a bound of its own is what a server is judged by', async () => {
  const open = () => context.db.incident.count({ where: { serverId, state: 'open' } });
  expect(await open()).toBe(1);
  const bound = { metric: 'fs.used_percent', raise: 1, clear: 1.5, critical: 0.5 };
  const by = { reason: 'an archive is full by nature', setBy: 'ann@example.org' };
  await context.db.ruleOverride.create({ data: { serverId, ruleId: 'disk.full', bound, ...by } });
  await judgeServer(context, serverId);
  expect(await open()).toBe(0);
});
