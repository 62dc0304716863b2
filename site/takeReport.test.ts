import { createServer, request as post, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reportLimits } from '#core/report.ts';
import { services } from '#portal/context.ts';
import { newSecret } from '#portal/secrets.ts';
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
