// Reports that come late, on a real database: what an agent kept while it could not reach us, what comes out of order, and clocks that are off.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { foldSamples } from '#prisma/foldSamples.ts';
import { readPoints } from '#prisma/samplePoints.ts';
import { readSeriesNames } from '#prisma/seriesNames.ts';
import type { WorkerContext } from '#worker/context.ts';
import { watchSilence } from '#worker/housekeeping.ts';
import { judgeServer } from '#worker/judge/judge.ts';
import { judgedServers } from '#worker/judge/judged.ts';
import { oneServer, type OneServer } from '#worker/oneServer.fixture.ts';
import { parseReports } from './parse.ts';

let one: OneServer;
let context: WorkerContext;
const id = 's';
const now = Math.floor(Date.now() / 1000);
const minute = 60;
const ago = (minutes: number) => now - minutes * minute;

beforeAll(async () => {
  one = await oneServer();
  context = one.context;
});
afterAll(() => one.close());
beforeEach(async () => {
  await one.begin();
  await context.db.report.deleteMany();
  await context.db.sample.deleteMany();
  await context.db.sampleChunk.deleteMany();
  judgedServers(context.db).take(id);
  await context.db.server.create({
    data: { id, organizationId: one.organizationId, hostname: 'web1', tokenHash: id },
  });
});

/** A small machine that started 60,000 s ago, at `at` by the right clock; its own is `off` seconds ahead. */
function text(at: number, { used = 50, off = 0, boot = '1', more = [] as string[] } = {}): string {
  const up = at - now + 60_000;
  return [
    `rootnote 1 agent=0.1.0 rhythm=minute euid=0 epoch=${at + off}`,
    '=== cat /proc/uptime',
    `${up}.00 180000.00`,
    '=== cat /proc/sys/kernel/random/boot_id',
    `${boot}1111111-2222-3333-4444-555555555555`,
    '=== cat /proc/stat',
    `cpu 1 1 1 1 1 1 1 1 0 0\nbtime ${at + off - up}`,
    '=== cat /proc/loadavg',
    `0.${10 + (Math.floor(at / 60) % 50)} 0.20 0.30 1/120 4242`,
    '=== cat /proc/mounts',
    '/dev/vda1 / ext4 rw,relatime 0 0',
    '=== df -PTk',
    'Filesystem Type 1024-blocks Used Available Capacity Mounted on',
    `/dev/vda1 ext4 1000000 ${used * 10_000} ${(100 - used) * 10_000} ${used}% /`,
    '=== cat /proc/diskstats',
    `   8       0 sda ${up} 0 ${up * 8} 10 0 0 0 0 0 10 10`,
    ...more,
    '=== end',
    '',
  ].join('\n');
}

/** Made at `at`, arrived at `received`; both are epoch seconds. Ingest believes a clock as far as it can be right. */
async function arrive(at: number, how: Parameters<typeof text>[1] & { received?: number } = {}) {
  const { received = at, off = 0, ...rest } = how;
  const body = text(at, { off, ...rest });
  const claimed = at + off;
  const believed = claimed - received < 30 && received - claimed < 8 * 86_400 ? claimed : received;
  await context.db.report.create({
    data: {
      serverId: id,
      receivedAt: new Date(received * 1000),
      reportedAt: new Date(believed * 1000),
      body: gzipSync(body),
      bytes: body.length,
    },
  });
}
const parse = () => parseReports(context, [id]);
const judge = () => judgeServer(context, id);
const open = async () =>
  (await context.db.incident.findMany({ where: { serverId: id, state: 'open' } })).map(
    ({ ruleId }) => ruleId,
  );
const messages = async () =>
  (
    await context.db.notification.findMany({ include: { incident: true }, orderBy: { createdAt: 'asc' } })
  ).map(({ kind, incident }) => `${kind} ${incident.ruleId}`);
async function values(metric: string, subject = ''): Promise<[number, number][]> {
  const names = await readSeriesNames(context.db, id);
  const slot = names.find((name) => name.metric === metric && name.subject === subject)?.slot ?? -1;
  const range = { from: now - 86_400, to: now + 86_400, resolution: 60 as const };
  const points = (await readPoints(context.db, id, new Set([slot]), range)).get(slot)!;
  return points.map(({ at, mean }) => [at, Math.round(mean * 100) / 100]);
}
/** The moments that this worker remembers, and those that the database would give it. */
async function timesOfBoth(): Promise<[remembered: number[], stored: number[]]> {
  const read = () => judgedServers(context.db).look(id)!.window.times();
  await judge();
  const remembered = read();
  judgedServers(context.db).take(id);
  await judge();
  return [remembered, read()];
}

test('an hour of reports that arrive at once: all of it is history, and nothing that was over is told', async () => {
  for (let m = 75; m >= 61; m--) await arrive(ago(m));
  await parse();
  await judge();
  expect(await open(), 'no report for an hour').toEqual(['agent.silent']);

  // The disk was full in between. Reports come in order, one after the other, and each batch is followed by a judgement.
  const usedAt = (m: number) => (m <= 50 && m >= 20 ? 99 : 50);
  for (let m = 60; m >= 0; m--) {
    await arrive(ago(m), { used: usedAt(m), received: now });
    if (m % 7) continue;
    await parse();
    await judge();
    if (m > 3) expect(await open(), `${m} minutes ago is not now`).toEqual(['agent.silent']);
  }
  expect(await open()).toEqual([]);
  expect(await messages()).toEqual(['opened agent.silent', 'resolved agent.silent']);

  const stored = await values('fs.used_percent', '/');
  expect(stored.map(([at]) => at)).toEqual(Array.from({ length: 76 }, (_, n) => ago(75 - n)));
  expect(stored.filter(([, used]) => used > 90)).toHaveLength(31);
  const reads = await values('disk.reads', 'sda');
  expect(reads.slice(1), 'rates over the time between reports').toEqual(
    reads.slice(1).map(([at]) => [at, 1]),
  );
  const changes = await context.db.event.findMany({ where: { serverId: id }, orderBy: { at: 'asc' } });
  expect(changes.filter(({ at }) => at.getTime() > now * 1000)).toEqual([]);
});

test('what is open stays open while old news come, and ends when the present says so', async () => {
  for (let m = 75; m >= 61; m--) await arrive(ago(m), { used: 99 });
  await parse();
  await judge();
  expect(await open()).toContain('disk.full');
  const before = await open();
  for (let m = 60; m >= 30; m--) await arrive(ago(m), { used: 50, received: now });
  await parse();
  await judge();
  expect(await open(), 'half an hour ago there was room').toEqual(before);
  for (let m = 29; m >= 0; m--) await arrive(ago(m), { used: 99, received: now });
  await parse();
  await judge();
  expect(await open()).toEqual(['disk.full']);
  expect((await messages()).filter((message) => /disk/.test(message))).toEqual(['opened disk.full']);
});

test('a server whose old news end before the present is judged by them, once nothing more comes', async () => {
  for (let m = 75; m >= 61; m--) await arrive(ago(m));
  for (let m = 60; m >= 40; m--) await arrive(ago(m), { used: 99, received: now });
  await parse();
  await judge();
  expect(await open()).toEqual([]);
  // As if two minutes had passed.
  await context.db.$executeRawUnsafe(
    `UPDATE report SET "receivedAt" = "receivedAt" - interval '2 minutes' WHERE "serverId" = '${id}'`,
  );
  await watchSilence(context);
  const [job] = await context.db.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM pgboss.job WHERE name = 'diagnose' AND singleton_key = '${id}'`,
  );
  expect(job).toBeDefined();
  await judge();
  expect((await open()).toSorted()).toEqual(['agent.silent', 'disk.full']);
});

test('reports that wait because the worker was away are read before anything is said of the server', async () => {
  for (let m = 75; m >= 0; m--) await arrive(ago(m), { used: m > 10 ? 99 : 50 });
  // A batch takes fifty of them.
  await context.db.$executeRawUnsafe(
    `UPDATE report SET state = 'waits' WHERE "reportedAt" > to_timestamp(${ago(26)})`,
  );
  await parse();
  await context.db.$executeRawUnsafe(`UPDATE report SET state = 'stored' WHERE state = 'waits'`);
  await judge();
  expect(await open()).toEqual([]);
  await parse();
  await judge();
  expect(await messages()).toEqual([]);
});

test('after Rootnote itself was away, agents get a minute to find it again', async () => {
  for (let m = 20; m >= 10; m--) await arrive(ago(m));
  await parse();
  await context.db.server.deleteMany({ where: { id: one.serverId } });
  await judgeServer({ ...context, startedAt: Date.now() }, id);
  expect(await open()).toEqual([]);
  await judge();
  expect(await open()).toEqual(['agent.silent']);
});

test('late reports out of order are in the series that judging remembers, before and after they are folded', async () => {
  for (let m = 300; m >= 150; m--) await arrive(ago(m));
  for (let m = 90; m >= 1; m--) await arrive(ago(m));
  await parse();
  const judgedAt = new Date();
  await foldSamples(context.db, judgedAt);
  await judge();
  for (let m = 149; m >= 91; m--) await arrive(ago(m), { used: 70, received: now });
  await parse();
  await arrive(now);
  await parse();
  const [remembered, stored] = await timesOfBoth();
  expect(remembered).toEqual(stored);
  const inGap = (times: number[]) => times.filter((at) => at > ago(145) && at < ago(95)).length;
  // Nine where the gap begins at a full five minutes, ten otherwise.
  const fives = Math.ceil(ago(95) / 300) - Math.floor(ago(145) / 300) - 1;
  expect(inGap(stored), 'five minutes a point, or each').toBeGreaterThanOrEqual(fives);
  await foldSamples(context.db, judgedAt);
  const [again, folded] = await timesOfBoth();
  expect([inGap(again), inGap(folded)]).toEqual([inGap(stored), inGap(stored)]);
  expect((await values('fs.used_percent', '/')).length).toBe(151 + 90 + 59 + 1);
});

test('a clock that is a year ahead: reports count for their arrival, and nothing is dated in the future', async () => {
  const year = 365 * 86_400;
  const oom = (at: number) => [
    '=== dmesg -r',
    `<3>[${at - now + 60_000}.000000] Out of memory: Killed process 612 (mysqld) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0`,
  ];
  for (let m = 6; m >= 2; m--)
    await arrive(ago(m) + 2, { received: ago(m) + 4, off: year, more: oom(ago(9)) });
  await parse();
  const events = await context.db.event.findMany({ where: { serverId: id, kind: 'kernel.oom_kill' } });
  expect(events, 'the same event is told once').toHaveLength(1);
  expect(events[0]!.at.getTime() / 1000).toBeLessThanOrEqual(ago(9));
  expect(events[0]!.at.getTime() / 1000).toBeGreaterThan(ago(9) - 3700);
  expect((await values('agent.clock_skew')).map(([, skew]) => Math.round(skew / year))).toEqual([1, 1, 1, 1]);
  await judge();
  expect(await context.db.diagnosisRow.findFirst({ orderBy: { at: 'desc' } })).toMatchObject({
    body: {
      problems: expect.arrayContaining([
        expect.objectContaining({ id: 'time.skew', summary: expect.stringMatching(/ahead/) }),
      ]),
    },
  });

  // Put right: it goes on at once.
  await arrive(ago(1), { used: 60 });
  await parse();
  const server = await context.db.server.findUniqueOrThrow({ where: { id } });
  expect(server.lastReportAt).toEqual(new Date(ago(1) * 1000));
  expect((await values('fs.used_percent', '/')).map(([, used]) => used)).toEqual([50, 50, 50, 50, 50, 60]);
});

test('a clock that is set back by two hours, or was always slow, does not make a server look silent', async () => {
  for (let m = 20; m >= 12; m--) await arrive(ago(m));
  await parse();
  for (let m = 11; m >= 0; m--) await arrive(ago(m), { used: 99, off: -7200, received: ago(m) + 2 });
  await parse();
  const server = await context.db.server.findUniqueOrThrow({ where: { id } });
  expect(now - server.lastReportAt!.getTime() / 1000).toBeLessThan(60);
  await judge();
  expect((await open()).toSorted()).toEqual(['disk.full', 'time.skew']);
  const recent = (await values('fs.used_percent', '/')).filter(([at]) => at > ago(30));
  expect(recent.filter(([, used]) => used === 99).length).toBe(11);
  // The reports' own rows say for when they count, so that a worker that starts anew goes on from there.
  await arrive(now + 1, { off: -7200, received: now + 3 });
  await parse();
  const newest = await context.db.report.findFirstOrThrow({
    where: { serverId: id },
    orderBy: { receivedAt: 'desc' },
  });
  expect(newest.reportedAt).toEqual(new Date((now + 3) * 1000));
});

test('a report that is sent again because its answer got lost changes nothing, whatever the clock', async () => {
  for (const off of [0, -600]) {
    for (let m = 5; m >= 3; m--) await arrive(ago(m), { off, received: ago(m) + 2 });
    await arrive(ago(3), { off, received: ago(3) + 8 });
    await parse();
    const facts = await context.db.server.findUniqueOrThrow({ where: { id } });
    expect(facts.lastReportAt!.getTime() / 1000).toBeLessThan(ago(3) + 5);
    await context.db.report.deleteMany();
  }
});
