import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportLimits } from '#core/report.ts';
import { openQueue, type Queue } from '#prisma/queue.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { ingest } from './ingest.ts';
import type { IngestRequest } from './openReport.ts';
import { hashSecret, newSecret } from './secrets.ts';

let database: TestDatabase;
let queue: Queue;
let organizationId: string;
const key = newSecret('rnk_');

beforeAll(async () => {
  database = await freshDatabase();
  queue = await openQueue(database.url, { serve: false, onError: () => undefined });
  const organization = await database.db.organization.create({
    data: { name: 'Test', keys: { create: { hash: key.hash, hint: key.hint } } },
  });
  organizationId = organization.id;
});
afterAll(async () => {
  await queue.close();
  await database.drop();
});

const report = (machineId: string, uuid = 'a-b-c', epoch = Math.floor(Date.now() / 1000)) =>
  [
    `rootnote 1 agent=0.1.0 epoch=${epoch}`,
    '=== cat /proc/sys/kernel/hostname',
    'web1',
    '=== cat /etc/machine-id',
    machineId,
    '=== grep . /sys/class/dmi/id/*',
    `/sys/class/dmi/id/product_uuid:${uuid}`,
    '=== end',
    '',
  ].join('\n');
const send = (token: string, text: string | Uint8Array, more: Partial<IngestRequest> = {}) =>
  ingest(database.db, queue, { token, body: Buffer.from(text), gzip: false, from: '192.0.2.10', ...more });
const tokenOf = (body: string) => /^token (\S+)\n$/.exec(body)?.[1] ?? '';
const storedOf = (serverId: string) => database.db.report.findMany({ where: { serverId } });

test('a key adds a server and gives it a token; the token sends reports', async () => {
  const first = await send(key.secret, gzipSync(report('m1')), { gzip: true });
  expect(first.status).toBe(202);
  const token = tokenOf(first.body);
  expect(token).toMatch(/^[\w-]{20,80}$/);
  const server = await database.db.server.findUniqueOrThrow({ where: { tokenHash: hashSecret(token) } });
  expect(server).toMatchObject({
    organizationId,
    hostname: 'web1',
    machineId: 'm1',
    productUuid: 'a-b-c',
    cloneOfId: null,
  });
  expect(JSON.stringify(server)).not.toContain(token);
  expect((await send(token, report('m1'))).status).toBe(202);
  expect(await storedOf(server.id)).toHaveLength(2);
  const jobs = await database.db.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM pgboss.job WHERE name = 'parse' AND data->'serverIds' ? $1`,
    server.id,
  );
  expect(jobs.length).toBeGreaterThan(0);
});

test('the first report, asked for again because its answer was lost, is the same server', async () => {
  await send(key.secret, report('m-retry'));
  const again = await send(key.secret, report('m-retry'));
  expect(await database.db.server.count({ where: { machineId: 'm-retry' } })).toBe(1);
  expect((await send(tokenOf(again.body), report('m-retry'))).status).toBe(202);
  await send(key.secret, report('m-retry'));
  expect(await database.db.server.count({ where: { machineId: 'm-retry' } })).toBe(1);
  await database.db.server.updateMany({
    where: { machineId: 'm-retry' },
    data: { createdAt: new Date(Date.now() - 7_200_000) },
  });
  await send(key.secret, report('m-retry'));
  expect(await database.db.server.count({ where: { machineId: 'm-retry', cloneOfId: { not: null } } })).toBe(
    1,
  );
});

test('a clone does not replace the original: it waits for a decision', async () => {
  const original = tokenOf((await send(key.secret, report('m2', 'first'))).body);
  const clone = tokenOf((await send(key.secret, report('m2', 'second'), { from: '192.0.2.99' })).body);
  const servers = await database.db.server.findMany({
    where: { machineId: 'm2' },
    orderBy: { createdAt: 'asc' },
  });
  expect(servers.map(({ cloneOfId }) => cloneOfId)).toEqual([null, servers[0]!.id]);
  expect((await send(original, report('m2', 'first'))).status).toBe(202);
  expect((await send(clone, report('m2', 'second'))).status).toBe(202);
  expect(await storedOf(servers[0]!.id)).toHaveLength(2);
});

test('what may not send is refused with a sentence, and nothing is stored', async () => {
  const before = await database.db.report.count();
  expect(await send('', report('x'))).toMatchObject({ status: 401 });
  expect(await send('rns_unknown', report('x'))).toMatchObject({
    status: 401,
    body: expect.stringMatching(/not known/),
  });
  const token = tokenOf((await send(key.secret, report('m3'))).body);
  await database.db.server.update({
    where: { tokenHash: hashSecret(token) },
    data: { revokedAt: new Date() },
  });
  expect(await send(token, report('m3'))).toMatchObject({
    status: 403,
    body: expect.stringMatching(/revoked/),
  });
  expect(await database.db.report.count()).toBe(before + 1);
});

test('reports that come together are answered each for itself, and what was answered 202 is stored with one job', async () => {
  const tokens: string[] = [];
  for (const name of ['b1', 'b2', 'b3']) tokens.push(tokenOf((await send(key.secret, report(name))).body));
  await database.db.server.update({
    where: { tokenHash: hashSecret(tokens[2]!) },
    data: { revokedAt: new Date() },
  });
  await database.db.$executeRawUnsafe(`DELETE FROM pgboss.job WHERE name = 'parse'`);
  const before = await database.db.report.count();
  const answers = await Promise.all([
    send(tokens[0]!, report('b1')),
    send('rns_unknown', report('x')),
    send(tokens[1]!, report('b2', 'u', Math.floor(Date.now() / 1000) - 60), { from: '198.51.100.7' }),
    send(tokens[0]!, 'not gzip', { gzip: true }),
    send(tokens[2]!, report('b3')),
    send(tokens[1]!, gzipSync(report('b2')), { gzip: true, from: '198.51.100.7' }),
    send(tokens[0]!, 'hello'),
    send(tokens[0]!, gzipSync(Buffer.alloc(reportLimits.bytes + 1, 'a')), { gzip: true }),
    send(key.secret, report('b4')),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([202, 401, 202, 400, 403, 202, 400, 413, 202]);
  expect(tokenOf(answers[8]!.body)).not.toBe('');
  expect(await database.db.report.count()).toBe(before + 4);
  const second = await database.db.server.findUniqueOrThrow({ where: { tokenHash: hashSecret(tokens[1]!) } });
  expect(second.reportedFrom).toBe('198.51.100.7');
  expect((await storedOf(second.id)).map(({ bytes }) => bytes)).toHaveLength(3);
  const jobs = await database.db.$queryRawUnsafe<{ ids: string[] }[]>(
    `SELECT data->'serverIds' AS ids FROM pgboss.job WHERE name = 'parse' ORDER BY jsonb_array_length(data->'serverIds') DESC`,
  );
  expect(jobs.map(({ ids }) => ids.length)).toEqual([2, 1]);
});

test('a report that the database refuses costs the others of its batch nothing', async () => {
  const tokens = [
    tokenOf((await send(key.secret, report('r1'))).body),
    tokenOf((await send(key.secret, report('r2'))).body),
  ];
  const refused = await database.db.server.findUniqueOrThrow({
    where: { tokenHash: hashSecret(tokens[0]!) },
  });
  await database.db.$executeRawUnsafe(
    `ALTER TABLE report ADD CONSTRAINT refused CHECK ("serverId" <> '${refused.id}') NOT VALID`,
  );
  const [bad, good] = await Promise.allSettled(tokens.map((token) => send(token, report('r'))));
  await database.db.$executeRawUnsafe('ALTER TABLE report DROP CONSTRAINT refused');
  expect(bad!.status).toBe('rejected');
  expect(good).toMatchObject({ status: 'fulfilled', value: { status: 202 } });
});

test('an enrolment whose report is refused is not answered 202, and finds its server again', async () => {
  await database.db.$executeRawUnsafe(
    `ALTER TABLE report ADD CONSTRAINT refused CHECK (bytes < 0) NOT VALID`,
  );
  await expect(send(key.secret, report('late'))).rejects.toThrow();
  await database.db.$executeRawUnsafe('ALTER TABLE report DROP CONSTRAINT refused');
  const again = await send(key.secret, report('late'));
  expect(again.status).toBe(202);
  const servers = await database.db.server.findMany({ where: { machineId: 'late', cloneOfId: null } });
  expect(servers).toHaveLength(1);
  expect(await storedOf(servers[0]!.id)).toHaveLength(1);
});

test('bodies are bounded before and after decompression, and have to be reports', async () => {
  const before = await database.db.report.count();
  expect((await send(key.secret, Buffer.alloc(reportLimits.compressedBytes + 1))).status).toBe(413);
  const bomb = gzipSync(Buffer.alloc(reportLimits.bytes + 10, 'a'));
  expect(bomb.byteLength).toBeLessThan(reportLimits.compressedBytes);
  expect((await send(key.secret, bomb, { gzip: true })).status).toBe(413);
  expect((await send(key.secret, 'not gzip', { gzip: true })).status).toBe(400);
  expect(await send(key.secret, 'hello')).toMatchObject({
    status: 400,
    body: expect.stringMatching(/not a report/),
  });
  expect(await database.db.report.count()).toBe(before);
});

test('a clock that is far off does not put the report where no partition is', async () => {
  const token = tokenOf((await send(key.secret, report('m4', 'u', 12))).body);
  const server = await database.db.server.findUniqueOrThrow({ where: { tokenHash: hashSecret(token) } });
  const [row] = await storedOf(server.id);
  expect(Math.abs(row!.reportedAt.getTime() - Date.now())).toBeLessThan(60_000);
});
