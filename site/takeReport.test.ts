import { createServer, request as post, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reportLimits } from '#core/report.ts';
import { services } from '#portal/context.ts';
import { hashSecret, newSecret } from '#portal/secrets.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { siteHandler } from './serve.ts';

let database: TestDatabase;
let server: Server;
const key = newSecret('rnk_');

beforeAll(async () => {
  database = await freshDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('AUTH_SECRET', '0123456789abcdef0123456789abcdef0123');
  vi.stubEnv('TRUST_PROXY', '1');
  await database.db.organization.create({
    data: { name: 'Test', keys: { create: { hash: key.hash, hint: key.hint } } },
  });
  server = createServer(siteHandler('/nowhere', (_request, response) => response.writeHead(418).end()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.close();
  await services().close();
  vi.unstubAllEnvs();
  await database.drop();
});

const port = () => (server.address() as AddressInfo).port;
const report = (name: string) =>
  `rootnote 1 agent=0.1.0 epoch=${Math.floor(Date.now() / 1000)}\n=== cat /etc/machine-id\n${name}\n=== end\n`;

function send(body: Buffer, headers: Record<string, string>, path = '/api/report', method = 'POST') {
  return new Promise<{ status: number; text: string }>((done, failed) => {
    const request = post({ host: '127.0.0.1', port: port(), path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => done({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', failed);
    request.end(body);
  });
}

test('a report is stored, its sender known by the header of the proxy; other requests go on to Astro', async () => {
  const headers = { authorization: `Bearer ${key.secret}`, 'x-forwarded-for': '203.0.113.1, 198.51.100.9' };
  const answer = await send(gzipSync(report('m1')), { ...headers, 'content-encoding': 'gzip' });
  expect(answer).toMatchObject({ status: 202, text: expect.stringMatching(/^token rns_/) });
  const stored = await database.db.server.findFirstOrThrow({ where: { machineId: 'm1' } });
  expect(stored.reportedFrom).toBe('198.51.100.9');
  expect((await send(Buffer.from(report('m2')), headers, '/api/report/?x=1')).status).toBe(202);
  expect((await send(Buffer.from(''), {})).status).toBe(401);
  expect((await send(Buffer.from(''), headers, '/api/report', 'PUT')).status).toBe(405);
  expect((await send(Buffer.from(''), headers, '/api/reports')).status).toBe(418);
});

test('a body beyond the bound is answered before it ends, and its connection closed', async () => {
  const socket = connect(port(), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  const closed = new Promise<void>((done) => socket.on('close', () => done()));
  socket.on('error', () => undefined);
  socket.write(
    `POST /api/report HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key.secret}\r\ncontent-length: 999999999\r\n\r\n`,
  );
  socket.write(Buffer.alloc(reportLimits.compressedBytes + 10, 'a'));
  await closed;
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a sender that goes away stores nothing and breaks nothing', async () => {
  const before = await database.db.report.count();
  const socket = connect(port(), '127.0.0.1');
  socket.write(
    `POST /api/report HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key.secret}\r\ncontent-length: 9999\r\n\r\nroot`,
  );
  await new Promise((done) => setTimeout(done, 50));
  socket.destroy();
  expect((await send(Buffer.from(''), {})).status).toBe(401);
  expect(await database.db.report.count()).toBe(before);
});

test('says which encodings it reads, instead of reading one that it does not know', async () => {
  const headers = { authorization: `Bearer ${key.secret}` };
  for (const encoding of ['br', 'deflate', 'gzip, gzip', 'constructor']) {
    const answer = await send(gzipSync(report('m3')), { ...headers, 'content-encoding': encoding });
    expect(answer, encoding).toMatchObject({
      status: 415,
      text: expect.stringContaining('plain or as gzip'),
    });
  }
  for (const encoding of ['GZIP', 'x-gzip', 'identity, gzip'])
    expect((await send(gzipSync(report('m3')), { ...headers, 'content-encoding': encoding })).status).toBe(
      202,
    );
});

/** Sends a chunked body that never ends; resolves to what was answered until the connection was closed. */
function sendWithoutEnd(
  token: string,
  start: Buffer = Buffer.alloc(0),
): Promise<{ answer: string; sent: number }> {
  return new Promise((done) => {
    const socket = connect(port(), '127.0.0.1');
    let [answer, sent, open] = ['', 0, true];
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open = false;
      done({ answer, sent });
    });
    socket.write(
      `POST /api/report HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const more = (chunk: Buffer): void => {
      if (!open || sent > 64 * 1024 * 1024) return void socket.destroy();
      sent += chunk.length;
      const next = () => setImmediate(more, Buffer.alloc(65_536, 'a'));
      if (socket.write(`${chunk.length.toString(16)}\r\n${chunk.toString('latin1')}\r\n`, 'latin1')) next();
      else socket.once('drain', next);
    };
    more(start.length ? start : Buffer.alloc(65_536, 'a'));
  });
}

test('a chunked body without end is answered and cut off; of a stranger nothing is read before', async () => {
  const before = await database.db.report.count();
  const known = await sendWithoutEnd(key.secret);
  expect(known.answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(known.sent).toBeLessThan(16 * 1024 * 1024);
  const stranger = await sendWithoutEnd('rns_unknown');
  expect(stranger.answer).toMatch(/^HTTP\/1\.1 401 /);
  expect((await sendWithoutEnd('')).answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(await database.db.report.count()).toBe(before);
});

test('many bombs at once are refused one by one, and others are served meanwhile', async () => {
  const headers = { authorization: `Bearer ${key.secret}`, 'content-encoding': 'gzip' };
  const bomb = gzipSync(Buffer.alloc(reportLimits.bytes + 1, 'a'));
  const [ordinary, ...bombs] = await Promise.all([
    send(gzipSync(report('beside')), headers),
    ...Array.from({ length: 24 }, () => send(bomb, headers)),
  ]);
  expect(ordinary.status).toBe(202);
  expect(new Set(bombs.map(({ status }) => status))).toEqual(new Set([413]));
});

test('what a report claims to be gives no way to the servers of others', async () => {
  const other = newSecret('rnk_');
  await database.db.organization.create({
    data: { name: 'Other', keys: { create: { hash: other.hash, hint: other.hint } } },
  });
  const enrol = async (secret: string) => {
    const { text } = await send(Buffer.from(report('twin')), { authorization: `Bearer ${secret}` });
    return /^token (\S+)/.exec(text)![1]!;
  };
  const [own, theirs] = [await enrol(key.secret), await enrol(other.secret)];
  const servers = await database.db.server.findMany({ where: { machineId: 'twin' } });
  expect(new Set(servers.map(({ organizationId }) => organizationId)).size).toBe(2);
  expect(servers.map(({ cloneOfId }) => cloneOfId)).toEqual([null, null]);
  expect((await send(Buffer.from(report('twin')), { authorization: `Bearer ${theirs}` })).status).toBe(202);
  const counts = await database.db.report.groupBy({ by: ['serverId'], _count: true });
  const of = (token: string) => servers.find(({ tokenHash }) => tokenHash === hashSecret(token))!;
  const count = (token: string) => counts.find(({ serverId }) => serverId === of(token).id)?._count;
  expect([count(own), count(theirs)]).toEqual([1, 2]);

  // Revoked while its reports come: told at once, large or small.
  await database.db.server.update({ where: { id: of(theirs).id }, data: { revokedAt: new Date() } });
  expect((await send(Buffer.from(report('twin')), { authorization: `Bearer ${theirs}` })).status).toBe(403);
  expect((await sendWithoutEnd(theirs)).answer).toMatch(/^HTTP\/1\.1 403 /);
});
