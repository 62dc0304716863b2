import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeResult } from '#core/probes.ts';
import { runProbe } from './index.ts';
import { makePolicy } from './policy.ts';
import { type Authority, type Issued, makeAuthority } from './testCertificates.ts';
import { nameServer, rcodes } from './testDns.ts';
import { freePort, listen, openContext, type Running, startNginx, tcpServer } from './testServers.ts';

let authority: Authority;
let issued: Issued;
let base = '';
let port = 0;
const stops: (() => unknown)[] = [];
const seen: http.IncomingMessage[] = [];

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
const pages: Record<string, Handler> = {
  '/': (_request, response) => response.end('<h1>Welcome</h1>'),
  '/json': (_request, response) => response.end('{"status":"up","checks":[{"name":"db","ms":3}]}'),
  '/missing': (_request, response) => response.writeHead(404).end('Nothing here'),
  '/gzip': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync('squeezed text')),
  '/br': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'br' }).end(zlib.brotliCompressSync('squeezed text')),
  '/deflate': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'deflate' }).end(zlib.deflateRawSync('squeezed text')),
  '/bad-gzip': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip'),
  '/cut-gzip': (_request, response) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(zlib.gzipSync('x'.repeat(5000)).subarray(0, 20)),
  '/bomb': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(Buffer.alloc(20_000_000))),
  '/latin1': (_request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' })
      .end(Buffer.from('Gr\xfc\xdfe', 'latin1')),
  '/hop1': (_request, response) => response.writeHead(301, { location: '/hop2' }).end(),
  '/hop2': (_request, response) => response.writeHead(302, { location: '/' }).end(),
  '/loop1': (_request, response) => response.writeHead(302, { location: '/loop2' }).end(),
  '/loop2': (_request, response) => response.writeHead(302, { location: '/loop1' }).end(),
  '/far': (request, response) => {
    const step = Number(new URL(request.url ?? '', 'http://x').searchParams.get('n') ?? 0);
    response.writeHead(302, { location: `/far?n=${step + 1}` }).end();
  },
  '/cookie': (request, response) => {
    if (request.headers.cookie?.includes('seen=1')) response.end('with cookie');
    else response.writeHead(302, { location: '/cookie', 'set-cookie': 'seen=1; Path=/' }).end();
  },
  '/metadata': (_request, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
  '/ftp': (_request, response) => response.writeHead(302, { location: 'ftp://example.org/' }).end(),
  '/away': (_request, response) =>
    response.writeHead(302, { location: `http://localhost:${port}/echo` }).end(),
  '/echo': (request, response) =>
    response.end(JSON.stringify({ method: request.method, headers: request.headers })),
  '/post': (_request, response) => response.writeHead(303, { location: '/echo' }).end(),
  '/slow': (_request, response) => setTimeout(() => response.end('late'), 150),
  '/secure': (_request, response) =>
    response
      .writeHead(200, {
        'strict-transport-security': 'max-age=1',
        'x-api-token': 'sesame',
        'set-cookie': 'id=abc; Secure',
      })
      .end('ok'),
};

beforeAll(async () => {
  authority = makeAuthority();
  issued = authority.issue('localhost', { names: ['localhost', 'web1.example.org', '127.0.0.1'] });
  const server = http.createServer((request, response) => {
    seen.push(request);
    const page = pages[(request.url ?? '').split('?')[0] ?? ''];
    if (page) page(request, response);
    else response.writeHead(404).end();
  });
  port = await listen(server);
  base = `http://127.0.0.1:${port}`;
  stops.push(() => server.close());
});
afterAll(async () => {
  for (const stop of stops) await stop();
  authority?.remove();
});

function look(
  url: string,
  settings: Record<string, unknown> = {},
  context = openContext(),
): Promise<ProbeResult> {
  return runProbe(
    'http',
    { url: url.startsWith('/') ? base + url : url, timeoutMs: 3000, ...settings },
    context,
  );
}

/** A server that sends these bytes after the request, and ends or stays. */
async function rawServer(behave: (socket: net.Socket) => void): Promise<string> {
  const server = await tcpServer((socket) => socket.once('data', () => behave(socket)));
  stops.push(server.stop);
  return `http://127.0.0.1:${server.port}/`;
}

describe('what a visitor gets', () => {
  test('a page, its phases and its headers', async () => {
    const result = await look('/');
    expect(result).toMatchObject({
      ok: true,
      code: 'ok',
      details: { status: 200, bytes: 16, httpVersion: '1.1' },
    });
    expect(result.phases.map((phase) => phase.name)).toEqual(['connect', 'first-byte', 'download']);
    expect(seen.at(-1)?.headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'user-agent': 'Rootnote (monitor)',
      connection: 'close',
    });
  });

  test.each([
    ['/missing', {}, 'http-status', 'HTTP 404, expected 200'],
    ['/missing', { status: '200,404' }, 'ok', ''],
    ['/', { contains: 'Welcome' }, 'ok', ''],
    ['/', { contains: 'Good bye' }, 'http-body', "does not contain 'Good bye'"],
    ['/', { lacks: 'Welcome' }, 'http-body', "contains 'Welcome'"],
    ['/', { minBytes: 17 }, 'http-size', '16 bytes, expected at least 17'],
    ['/', { maxBytes: 15 }, 'http-size', 'larger than 15 bytes'],
    ['/json', { json: { path: 'checks[0].name', equals: 'db' } }, 'ok', ''],
    ['/json', { json: { path: '$.status', equals: 'down' } }, 'http-json', "status is 'up', expected 'down'"],
    ['/json', { json: { path: 'checks[1].name', equals: 'db' } }, 'http-json', "'1' is missing"],
    ['/', { json: { path: 'a', equals: 'b' } }, 'http-json', 'not valid JSON'],
    ['/secure', { expectHeaders: { 'Strict-Transport-Security': 'max-age' } }, 'ok', ''],
    ['/', { expectHeaders: { 'Strict-Transport-Security': '' } }, 'http-header', 'is missing'],
    [
      '/secure',
      { expectHeaders: { 'Strict-Transport-Security': 'preload' } },
      'http-header',
      "is 'max-age=1', expected 'preload'",
    ],
    ['/slow', { maxMs: 100 }, 'http-slow', 'more than 100 ms'],
    ['/slow', { timeoutMs: 100 }, 'http-timeout', 'did not answer in time'],
    ['/gzip', { contains: 'squeezed' }, 'ok', ''],
    ['/br', { contains: 'squeezed' }, 'ok', ''],
    ['/deflate', { contains: 'squeezed' }, 'ok', ''],
    ['/bad-gzip', {}, 'http-encoding', 'not valid gzip'],
    ['/cut-gzip', {}, 'http-encoding', 'not valid gzip'],
    ['/bomb', {}, 'http-size', 'larger than 5000000 bytes'],
    ['/latin1', { contains: 'Grüße' }, 'ok', ''],
  ])('%s with %j is %s', async (path, settings, code, sentence) => {
    const result = await look(path, settings);
    expect(result.code).toBe(code);
    expect(result.ok).toBe(code === 'ok');
    expect(result.summary).toContain(sentence);
  });

  test('the first kilobyte of a wrong page is kept', async () => {
    expect((await look('/missing')).details.body).toBe('Nothing here');
  });

  test('method, body and headers are sent', async () => {
    await look('/echo', { method: 'POST', body: 'a=b', headers: { 'X-Test': 'yes' } });
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      headers: { 'x-test': 'yes', 'content-length': '3' },
    });
    expect((await look('/', { method: 'HEAD' })).code).toBe('ok');
  });

  test('security headers are told for information', async () => {
    const { details } = await look('/secure');
    expect(details.security).toMatchObject({ hsts: 'max-age=1', csp: null });
  });
});

describe('secrets', () => {
  test.each([
    ['a bearer token', { bearer: 'sesame-open' }, 'Bearer sesame-open'],
    [
      'basic authentication',
      { basic: { user: 'ann', password: 'sesame-open' } },
      `Basic ${Buffer.from('ann:sesame-open').toString('base64')}`,
    ],
  ])('%s is sent and never shown', async (_name, settings, header) => {
    const result = await look('/echo', { ...settings, contains: 'no such text' });
    expect(seen.at(-1)?.headers.authorization).toBe(header);
    const text = JSON.stringify(result);
    expect(text).not.toContain('sesame');
    expect(text).not.toContain(header.slice(6));
  });

  test('password in the address, token in the query, cookies and keys of the answer', async () => {
    const result = await look(`http://ann:sesame@127.0.0.1:${port}/secure?access_token=abcdef&page=2`);
    expect(seen.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('ann:sesame').toString('base64')}`);
    const text = JSON.stringify({ transcript: result.transcript, headers: result.details.headers });
    for (const secret of ['sesame', 'abcdef', 'id=abc']) expect(text).not.toContain(secret);
    expect(text).toContain('page=2');
    expect(result.target).not.toContain('sesame');
  });

  test('credentials do not follow a redirect to another host', async () => {
    await look('/away', { bearer: 'sesame', headers: { 'X-Key': 'sesame', Accept: 'text/html' } });
    expect(seen.at(-1)?.headers).toMatchObject({ host: `localhost:${port}`, accept: 'text/html' });
    expect(seen.at(-1)?.headers.authorization).toBeUndefined();
    expect(seen.at(-1)?.headers['x-key']).toBeUndefined();
  });

  test('the transcript keeps within 8 kB', async () => {
    const headers = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`x-h${index}`, 'v'.repeat(1000)]),
    );
    const url = await rawServer((socket) =>
      socket.end(
        `HTTP/1.1 200 OK\r\n${Object.entries(headers)
          .map(([name]) => `${name}: ${'v'.repeat(300)}\r\n`)
          .join('')}\r\n`,
      ),
    );
    const result = await look(url, { headers: { a: 'b'.repeat(1000) } });
    expect(Buffer.byteLength(result.transcript.join('\n'))).toBeLessThanOrEqual(8192);
    expect(result.transcript.at(-1)).toContain('cut');
  });
});

describe('redirects', () => {
  test('the chain is kept', async () => {
    const result = await look('/hop1');
    expect(result).toMatchObject({ code: 'ok', details: { url: `${base}/` } });
    expect(result.details.redirects).toEqual([
      { url: `${base}/hop1`, status: 301 },
      { url: `${base}/hop2`, status: 302 },
    ]);
  });

  test.each([
    ['/loop1', {}, 'http-redirect-loop', 'back at'],
    ['/far', {}, 'http-redirect-limit', 'More than 5 redirects'],
    ['/hop1', { redirects: 1 }, 'http-redirect-limit', 'More than 1'],
    ['/hop1', { redirects: 0 }, 'http-status', 'HTTP 301 (to /hop2)'],
    ['/hop1', { status: '301' }, 'ok', ''],
    ['/cookie', { contains: 'with cookie' }, 'ok', ''],
    ['/ftp', {}, 'http-protocol', 'leads to ftp:'],
  ])('%s with %j is %s', async (path, settings, code, sentence) => {
    const result = await look(path, settings);
    expect(result.code).toBe(code);
    expect(result.summary).toContain(sentence);
  });

  test('POST becomes GET after 303', async () => {
    await look('/post', { method: 'POST', body: 'x' });
    expect(seen.at(-1)?.method).toBe('GET');
  });

  test('a redirect to the metadata service is refused, though the site itself is allowed', async () => {
    const allow = makePolicy({ allow: [], owned: [], loopback: true });
    const result = await look('/metadata', {}, openContext({ allow }));
    expect(result).toMatchObject({ ok: false, code: 'target-refused' });
    expect(result.summary).toContain('169.254.169.254');
  });

  test('a name that leads to a private address is refused after resolution', async () => {
    const server = await nameServer((name) => ({ answers: [{ type: 'A', name, data: '10.1.2.3' }] }));
    stops.push(server.stop);
    const context = openContext({
      allow: makePolicy({ allow: [], owned: [], loopback: true }),
      resolvers: [server.resolver],
    });
    const result = await look('http://rebind.example.org/', {}, context);
    expect(result).toMatchObject({ code: 'target-refused', details: { refused: ['10.1.2.3'] } });
  });

  test('the address that was checked is the one that is contacted', async () => {
    let asked = 0;
    const server = await nameServer((name) => ({
      answers: [{ type: 'A', name, data: (asked += 1) === 1 ? '127.0.0.1' : '10.1.2.3' }],
    }));
    stops.push(server.stop);
    const result = await look(
      `http://rebind.example.org:${port}/`,
      {},
      openContext({ resolvers: [server.resolver] }),
    );
    expect(result).toMatchObject({ code: 'ok', details: { address: '127.0.0.1' } });
    expect(asked).toBe(1);
  });
});

describe('names and connections that fail', () => {
  test.each([
    ['dns-nxdomain', rcodes.nxdomain],
    ['dns-servfail', rcodes.servfail],
    ['dns-refused', rcodes.refused],
    ['dns-nodata', rcodes.noerror],
  ])('%s', async (code, rcode) => {
    const server = await nameServer(() => ({ rcode }));
    stops.push(server.stop);
    expect(
      (await look('http://web1.example.org/', {}, openContext({ resolvers: [server.resolver] }))).code,
    ).toBe(code);
  });

  test('a silent name server', async () => {
    const server = await nameServer(() => undefined);
    stops.push(server.stop);
    const result = await look(
      'http://web1.example.org/',
      { timeoutMs: 300 },
      openContext({ resolvers: [server.resolver] }),
    );
    expect(result.code).toBe('dns-timeout');
  });

  test('a closed port', async () => {
    expect((await look(`http://127.0.0.1:${await freePort()}/`)).code).toBe('connect-refused');
  });

  test('the second address is tried when the first refuses', async () => {
    const server = await nameServer((name) => ({
      answers: ['127.0.0.9', '127.0.0.1'].map((data) => ({ type: 'A' as const, name, data })),
    }));
    stops.push(server.stop);
    const result = await look(
      `http://web1.example.org:${port}/`,
      {},
      openContext({ resolvers: [server.resolver] }),
    );
    expect(result).toMatchObject({ code: 'ok', details: { address: '127.0.0.1' } });
    expect(result.transcript.join('\n')).toContain('127.0.0.9');
  });

  test('IPv6 only where it was asked for', async () => {
    const server = await tcpServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nsix'), '::1');
    stops.push(server.stop);
    expect(await look(`http://localhost:${server.port}/`, { family: 6 })).toMatchObject({
      code: 'ok',
      details: { address: '::1' },
    });
    expect((await look(`http://localhost:${server.port}/`, { family: 4 })).code).toBe('connect-refused');
    expect((await look(`http://[::1]:${server.port}/`)).code).toBe('ok');
  });
});

describe('servers that misbehave', () => {
  test.each([
    ['hangs after the connect', () => undefined, 'http-timeout'],
    [
      'sends headers one by one without end',
      (socket: net.Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('X-A: b\r\n'), 20);
        socket.on('close', () => clearInterval(timer));
      },
      'http-timeout',
    ],
    [
      'sends the body drop by drop',
      (socket: net.Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(timer));
      },
      'http-timeout',
    ],
    [
      'sends a body without end',
      (socket: net.Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const chunk = Buffer.alloc(65_536);
        const more = (): void => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on('drain', more);
        more();
      },
      'http-size',
    ],
    [
      'sends interim answers without end',
      (socket: net.Socket) => socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(200)),
      'http-protocol',
    ],
    [
      'encodes its body a hundred times over',
      (socket: net.Socket) =>
        socket.end(
          `HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: ${Array(100).fill('gzip').join(', ')}\r\n\r\nabcd`,
        ),
      'http-encoding',
    ],
    [
      'promises more than it sends',
      (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'),
      'http-truncated',
    ],
    [
      'cuts a chunked body',
      (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc'),
      'http-truncated',
    ],
    [
      'sends wrong chunks',
      (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc'),
      'http-protocol',
    ],
    [
      'speaks something else',
      (socket: net.Socket) => socket.end('220 mail.example.org ESMTP\r\n'),
      'http-protocol',
    ],
    ['closes without an answer', (socket: net.Socket) => socket.end(), 'connect-reset'],
    ['resets', (socket: net.Socket) => socket.resetAndDestroy(), 'connect-reset'],
    [
      'sends endless headers',
      (socket: net.Socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`),
      'http-protocol',
    ],
  ] as [string, (socket: net.Socket) => void, string][])('%s', async (_name, behave, code) => {
    const result = await look(await rawServer(behave), { timeoutMs: 400, maxBytes: 1_000_000 });
    expect(result).toMatchObject({ ok: false, code });
    expect(result.ms).toBeLessThan(1500);
  });

  test('an answer that begins and does not end is told with what came of it', async () => {
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc');
    });
    expect(await look(url, { timeoutMs: 300 })).toMatchObject({
      code: 'http-timeout',
      summary: 'The answer began in time and did not end: 3 bytes of the body came',
    });
  });

  test('what came of an answer that broke off is kept', async () => {
    const url = await rawServer((socket) =>
      socket.end('HTTP/1.1 500 Oh\r\nContent-Length: 100\r\nX-Why: because\r\n\r\nshort'),
    );
    const { details, transcript } = await look(url);
    expect(details).toMatchObject({ status: 500, body: 'short', bytes: 5, headers: { 'x-why': 'because' } });
    expect(transcript).toContain('< HTTP/1.1 500 Oh');
  });

  test('a body that comes byte by byte is put together, and costs no more than its bytes', async () => {
    const text = 'All is well here. '.repeat(8000);
    const chunks = [...text].map((letter) => `1\r\n${letter}\r\n`).join('');
    const url = await rawServer((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`),
    );
    const before = process.memoryUsage().rss;
    const result = await look(url, {
      timeoutMs: 30_000,
      minBytes: text.length,
      maxBytes: text.length,
      contains: text.slice(-1000),
    });
    expect(result).toMatchObject({ code: 'ok', details: { bytes: text.length } });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test.each(['GET', 'HEAD'])('what comes after the whole answer to %s is ignored', async (method) => {
    const url = await rawServer((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nshort and more'),
    );
    const result = await look(url, { method });
    expect(result).toMatchObject({ code: 'ok', details: { bytes: method === 'GET' ? 2 : 0 } });
  });

  test('a stop from outside is no verdict on the server', async () => {
    const url = await rawServer(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect(await look(url, {}, openContext({ signal: controller.signal }))).toMatchObject({
      ok: false,
      code: 'prober-error',
    });
  });
});

describe('HTTPS and HTTP/2 on nginx', () => {
  let nginx: Running;
  let [good, expired, clients, plain] = [0, 0, 0, 0];
  beforeAll(async () => {
    const old = authority.issue('localhost', { fromDays: -9, toDays: -1 });
    [good, expired, clients, plain] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const ssl = (one: Issued): string =>
      `ssl_certificate ${one.chainFile}; ssl_certificate_key ${one.keyFile}; ssl_protocols TLSv1.2 TLSv1.3;`;
    nginx = await startNginx(
      plain,
      `gzip on; gzip_min_length 1; gzip_types text/plain;
       server { listen 127.0.0.1:${good} ssl http2; ${ssl(issued)} location / { root $folder; } }
       server { listen 127.0.0.1:${expired} ssl; ${ssl(old)} location / { return 200 old; } }
       server { listen 127.0.0.1:${clients} ssl; ${ssl(issued)} ssl_client_certificate ${authority.rootFile}; ssl_verify_client on; ssl_verify_depth 3;
         location / { return 200 $ssl_client_s_dn; } }
       server { listen 127.0.0.1:${plain}; location / { return 301 https://localhost:${good}$request_uri; } }`,
      (folder) => writeFileSync(join(folder, 'page.txt'), 'a page of text '.repeat(100)),
    );
  });
  afterAll(() => nginx?.stop());

  test('a compressed page over TLS, found through a redirect, with all phases twice', async () => {
    const result = await look(`http://localhost:${plain}/page.txt`, {
      ca: authority.root,
      contains: 'page of text',
    });
    expect(result).toMatchObject({ code: 'ok', details: { bytes: 1500, tls: { protocol: 'TLSv1.3' } } });
    expect(result.details.encodedBytes).toBeLessThan(200);
    expect(result.phases.map((phase) => phase.name)).toEqual([
      'dns',
      'connect',
      'first-byte',
      'download',
      'dns',
      'connect',
      'tls',
      'first-byte',
      'download',
    ]);
  });

  test('HTTP/2 and HTTP/1.1', async () => {
    const url = `https://localhost:${good}/page.txt`;
    expect(await look(url, { ca: authority.root, version: '2', contains: 'page' })).toMatchObject({
      code: 'ok',
      details: { httpVersion: '2' },
    });
    expect(await look(url, { ca: authority.root, version: '1.1' })).toMatchObject({
      code: 'ok',
      details: { httpVersion: '1.1' },
    });
    expect(
      (await look(`https://localhost:${expired}/`, { ca: authority.root, verify: false, version: '2' })).code,
    ).toBe('http-protocol');
  });

  test.each([
    ['an untrusted root', () => ({ url: `https://localhost:${good}/` }), 'tls-untrusted'],
    [
      'an expired certificate',
      () => ({ url: `https://localhost:${expired}/`, ca: authority.root }),
      'tls-expired',
    ],
    [
      'an expired certificate that nobody checks',
      () => ({ url: `https://localhost:${expired}/`, verify: false }),
      'ok',
    ],
    [
      'another name',
      () => ({ url: `https://web2.example.org:${good}/`, connectTo: '127.0.0.1', ca: authority.root }),
      'tls-name',
    ],
    [
      'a name pinned to an address',
      () => ({
        url: `https://web1.example.org:${good}/page.txt`,
        connectTo: '127.0.0.1',
        ca: authority.root,
      }),
      'ok',
    ],
    [
      'an address in the certificate',
      () => ({ url: `https://127.0.0.1:${good}/page.txt`, ca: authority.root }),
      'ok',
    ],
    ['plain HTTP to a TLS port', () => ({ url: `http://localhost:${good}/` }), 'http-status'],
    ['TLS to a plain port', () => ({ url: `https://localhost:${plain}/` }), 'tls-handshake'],
  ])('%s', async (_name, settings, code) => {
    const { url, ...rest } = settings() as { url: string };
    expect((await look(url, rest)).code).toBe(code);
  });

  test('a key that is too short for programs of today is named', async () => {
    const short = authority.issue('localhost', { key: 'rsa1024' });
    const server = tls.createServer(
      { key: short.key, cert: short.chain, ciphers: 'DEFAULT:@SECLEVEL=0' },
      (socket) => socket.on('error', () => undefined),
    );
    const port = await listen(server);
    expect(await look(`https://localhost:${port}/`, { ca: authority.root })).toMatchObject({
      code: 'tls-weak',
      degraded: true,
      summary: expect.stringContaining('CN=localhost (rsa of 1024 bits') as string,
    });
    server.close();
  });

  test('a client certificate is shown where it is demanded', async () => {
    const client = authority.issue('ann', { client: true });
    const url = `https://localhost:${clients}/`;
    const clientCertificate = { cert: client.chain, key: client.key };
    expect(await look(url, { ca: authority.root, clientCertificate, contains: 'CN=ann' })).toMatchObject({
      code: 'ok',
    });
    expect((await look(url, { ca: authority.root })).code).toBe('http-status');
  });

  test('a key that cannot be read is a clear sentence', async () => {
    const result = await look(`https://localhost:${good}/`, { clientCertificate: { cert: 'x', key: 'y' } });
    expect(result).toMatchObject({ code: 'prober-error' });
    expect(result.summary).toContain('cannot be read');
  });

  test('through a proxy: as it is for http, a tunnel for https', async () => {
    const asked: string[] = [];
    const proxy = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
      response.end('from the proxy');
    });
    proxy.on('connect', (request, socket: net.Socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`);
      const [host, to] = (request.url ?? '').split(':');
      if (host === 'forbidden.example.org') return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const up = net.connect(Number(to), host === 'localhost' ? '127.0.0.1' : host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        up.pipe(socket).pipe(up);
      });
      up.on('error', () => socket.destroy());
      return socket.on('error', () => up.destroy());
    });
    const through = `http://ann:sesame@127.0.0.1:${await listen(proxy)}`;
    stops.push(() => proxy.close());
    const auth = `Basic ${Buffer.from('ann:sesame').toString('base64')}`;
    expect(await look('http://localhost/path', { proxy: through, contains: 'from the proxy' })).toMatchObject(
      { code: 'ok' },
    );
    const tunnelled = await look(`https://localhost:${good}/page.txt`, {
      proxy: through,
      ca: authority.root,
    });
    expect(tunnelled).toMatchObject({ code: 'ok' });
    expect(asked).toEqual([`GET http://localhost/path ${auth}`, `CONNECT localhost:${good} ${auth}`]);
    expect(JSON.stringify(tunnelled)).not.toContain('sesame');
    const refused = await look(
      'https://forbidden.example.org/',
      { proxy: through, connectTo: undefined },
      openContext({ resolvers: ['127.0.0.1:1'] }),
    );
    expect(refused).toMatchObject({ code: 'http-protocol' });
    expect(refused.summary).toContain('403');
  });
});

describe('HTTP/2 servers that misbehave', () => {
  test.each([
    [
      'refuses the stream',
      (stream: http2.ServerHttp2Stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM),
      'http-protocol',
    ],
    [
      'breaks off the body',
      (stream: http2.ServerHttp2Stream) => {
        stream.respond({ ':status': 200 });
        stream.write('half');
        setTimeout(() => stream.destroy(new Error('broken')), 20);
      },
      'http-truncated',
    ],
    ['is silent', () => undefined, 'http-timeout'],
  ] as [string, (stream: http2.ServerHttp2Stream) => void, string][])('%s', async (_name, behave, code) => {
    const server = http2.createSecureServer({ key: issued.key, cert: issued.chain });
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      behave(stream);
    });
    const at = await listen(server);
    stops.push(() => server.close());
    const result = await look(`https://localhost:${at}/`, {
      ca: authority.root,
      version: '2',
      timeoutMs: 500,
    });
    expect(result.code).toBe(code);
  });

  test('in the clear with prior knowledge', async () => {
    const server = http2.createServer((_request, response) => response.end('clear'));
    const at = await listen(server);
    stops.push(() => server.close());
    expect(await look(`http://localhost:${at}/`, { version: '2', contains: 'clear' })).toMatchObject({
      code: 'ok',
      details: { httpVersion: '2' },
    });
  });
});

test('a TLS server that hangs in the handshake is a TLS problem', async () => {
  const server = await tcpServer(() => undefined);
  stops.push(server.stop);
  expect((await look(`https://localhost:${server.port}/`, { timeoutMs: 300 })).code).toBe('tls-timeout');
});

test('no socket stays open after many probes of all kinds', async () => {
  const server = https.createServer({ key: issued.key, cert: issued.chain }, (_request, response) =>
    response.end('x'),
  );
  const at = await listen(server);
  stops.push(() => server.close());
  for (let count = 0; count < 10; count += 1) {
    await look('/', {});
    await look(`https://localhost:${at}/`, { ca: authority.root });
    await look(`https://localhost:${at}/`, {});
  }
  await expect
    .poll(() => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))))
    .toBe(0);
});
