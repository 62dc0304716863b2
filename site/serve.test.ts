import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { siteHandler } from './serve.ts';

let root: string;
let server: Server;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'site-'));
  const client = join(root, 'client');
  mkdirSync(join(client, 'a'), { recursive: true });
  mkdirSync(join(client, '_astro'));
  writeFileSync(join(client, 'a/index.html'), '<p>ä</p>'.repeat(500));
  writeFileSync(join(client, '_astro/x.abc.css'), 'p{}'.repeat(500));
  writeFileSync(join(client, 'p.png'), 'png');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  server = createServer(
    siteHandler(client, ({ url }, response) => {
      const type = url === '/portal/' ? 'text/html' : url === '/api/live' ? 'text/event-stream' : undefined;
      response.writeHead(type ? 200 : 418, type ? { 'content-type': type } : {});
      response.end(type ? 'astro '.repeat(1000) : 'astro');
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

/** One request as it is, without what `fetch` would tidy up in the path. */
function ask(
  path: string,
  headers: Record<string, string> = { 'accept-encoding': 'gzip, br' },
  method = 'GET',
) {
  const { port } = server.address() as AddressInfo;
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((done, failed) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', failed)
      .end();
  });
}

test('a page is sent with brotli, small and whole, and once only', async () => {
  const first = await ask('/a/?q=1');
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({
    'content-encoding': 'br',
    'x-frame-options': 'DENY',
    'cache-control': 'no-cache',
  });
  expect(first.body.length).toBeLessThan(100);
  expect(brotliDecompressSync(first.body).toString()).toBe('<p>ä</p>'.repeat(500));
  const again = await ask('/a/', { 'accept-encoding': 'br', 'if-none-match': String(first.headers.etag) });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  const head = await ask('/a/', { 'accept-encoding': 'br' }, 'HEAD');
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
    200,
    String(first.body.length),
    0,
  ]);
});

test('assets with a hash may be kept for ever', async () => {
  expect((await ask('/_astro/x.abc.css')).headers['cache-control']).toContain('immutable');
});

test('everything else goes to Astro', async () => {
  expect((await ask('/a/', {})).status).toBe(418);
  expect((await ask('/a/', { 'accept-encoding': 'br', range: 'bytes=0-1' })).status).toBe(418);
  expect((await ask('/p.png')).status).toBe(418);
  expect((await ask('/none/')).status).toBe(418);
  expect((await ask('/a/', { 'accept-encoding': 'br' }, 'POST')).status).toBe(418);
});

test('a page made on demand is compressed, a stream of events is not', async () => {
  const page = await ask('/portal/', { 'accept-encoding': 'gzip' });
  expect(page.headers['content-encoding']).toBe('gzip');
  expect(page.body.length).toBeLessThan(200);
  const live = await ask('/api/live', { 'accept-encoding': 'gzip' });
  expect(live.headers['content-encoding']).toBeUndefined();
  expect(live.body.toString()).toBe('astro '.repeat(1000));
});

test('no way out of the folder', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/a/..%2f..%2fsecret.txt',
    '/%zz',
    '//etc/hostname.txt',
  ])
    expect((await ask(path)).body.toString(), path).toBe('astro');
  for (const path of ['/%00', '/portal/servers/a%00b/', '/?q=%00'])
    expect(await ask(path), path).toMatchObject({ status: 400, headers: { 'x-frame-options': 'DENY' } });
});

test('a method that nothing answers to is refused with those that are taken', async () => {
  const refused = await ask('/a/', {}, 'DELETE');
  expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  expect((await ask('/portal/', {}, 'TRACE')).status).toBe(405);
  const report = await ask('/api/report', {}, 'GET');
  expect([report.status, report.headers.allow]).toEqual([405, 'POST']);
  expect(report.body.toString()).toBe('This address takes no GET. It takes: POST\n');
  expect((await ask('/api/report', {}, 'HEAD')).body.length).toBe(0);
  const asked = await ask('/api/report?x', {}, 'OPTIONS');
  expect([asked.status, asked.headers.allow, asked.body.length]).toEqual([204, 'POST', 0]);
  expect(asked.headers['x-content-type-options']).toBe('nosniff');
});

test('browsers are told to stay with https where people reach it so', async () => {
  const header = async (publicUrl?: string) => {
    const listener = createServer(siteHandler(root, (_request, response) => response.end(), publicUrl));
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    const { port } = listener.address() as AddressInfo;
    const { headers } = await fetch(`http://127.0.0.1:${port}/`);
    listener.close();
    return headers.get('strict-transport-security');
  };
  expect(await header('https://status.example.org')).toBe('max-age=15552000');
  expect(await header('http://127.0.0.1:4321')).toBeNull();
  expect(await header()).toBeNull();
});

test('a body that tells to be larger than any that is wanted is refused before it is read', async () => {
  const large = String(16 * 1024 * 1024 + 1);
  const answer = await ask('/api/auth/signin/email', { 'content-length': large }, 'POST');
  expect([answer.status, answer.headers.connection]).toEqual([413, 'close']);
  expect((await ask('/api/auth/signin/email', { 'content-length': '0' }, 'POST')).status).toBe(418);
});
