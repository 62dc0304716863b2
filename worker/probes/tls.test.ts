import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeResult } from '#core/probes.ts';
import { readCrl } from './crl.ts';
import { runProbe } from './index.ts';
import { ocspQuestion, readOcsp } from './ocsp.ts';
import { type Authority, type Issued, makeAuthority } from './testCertificates.ts';
import { freePort, listen, openContext, type Running, startNginx } from './testServers.ts';
import { weakSignature } from './tls.ts';

let authority: Authority;
const servers: net.Server[] = [];
const running: Running[] = [];
let certificatePort = 0;

beforeAll(async () => {
  authority = makeAuthority();
  const files = http.createServer((request, response) => {
    if (request.url === '/intermediate.crt') response.end(readFileSync(authority.intermediateFile));
    else response.writeHead(404).end();
  });
  servers.push(files);
  certificatePort = await listen(files);
});
afterAll(async () => {
  for (const server of servers) server.close();
  for (const program of running) await program.stop();
  authority?.remove();
});

async function serve(issued: Issued, cert: string, options: tls.TlsOptions = {}): Promise<number> {
  const server = tls.createServer({ key: issued.key, cert, ...options }, (socket) =>
    socket.on('error', () => undefined),
  );
  server.on('tlsClientError', () => undefined);
  servers.push(server);
  return listen(server);
}

function look(port: number, settings: Record<string, unknown> = {}): Promise<ProbeResult> {
  const defaults = {
    host: 'web1.example.org',
    connectTo: '127.0.0.1',
    port,
    ca: authority.root,
    weak: false,
  };
  return runProbe('tls', { ...defaults, ...settings }, openContext());
}

describe('the certificate and its chain', () => {
  test('a good chain is ok and keeps its facts', async () => {
    const issued = authority.issue('web1.example.org', { names: ['web1.example.org', '*.example.net'] });
    const result = await look(await serve(issued, issued.chain));
    expect(result).toMatchObject({ ok: true, code: 'ok' });
    expect(result.details.chain).toMatchObject([
      {
        subject: 'CN=web1.example.org',
        issuer: 'CN=Test Intermediate',
        names: ['web1.example.org', '*.example.net'],
        ca: false,
      },
      { subject: 'CN=Test Intermediate', issuer: 'CN=Test Root', ca: true },
    ]);
    expect(result.details.daysLeft).toBeCloseTo(90, 0);
    expect(result.phases.map((phase) => phase.name)).toEqual(['connect', 'tls']);
    expect(result.details.expiresAt as number).toBeGreaterThan(Date.now() / 1000 + 89 * 86_400);
  });

  test('a wildcard covers one label, not two', async () => {
    const issued = authority.issue('*.example.org');
    const port = await serve(issued, issued.chain);
    expect((await look(port)).code).toBe('ok');
    expect((await look(port, { host: 'a.b.example.org' })).code).toBe('tls-name');
  });

  test('a name of another script is asked for and compared in Punycode', async () => {
    const issued = authority.issue('xn--bcher-kva.example');
    const asked: string[] = [];
    const port = await serve(issued, issued.chain, {
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });
    expect((await look(port, { host: 'Bücher.example' })).code).toBe('ok');
    expect((await look(port, { servername: 'bücher.example' })).code).toBe('ok');
    expect(asked).toEqual(['xn--bcher-kva.example', 'xn--bcher-kva.example']);
  });

  test.each([
    ['tls-expired', { fromDays: -30, toDays: -3 }, /expired 3 days ago/],
    ['tls-not-yet-valid', { fromDays: 5, toDays: 90 }, /valid only from/],
    ['tls-name', { names: ['other.example.org'] }, /is for other.example.org, not for web1.example.org/],
    ['tls-self-signed', { issuer: 'self' }, /signed by itself/],
  ] as const)('%s', async (code, options, sentence) => {
    const issued = authority.issue('web1.example.org', options as Parameters<Authority['issue']>[1]);
    const result = await look(await serve(issued, issued.chain));
    expect(result).toMatchObject({ ok: false, code });
    expect(result.summary).toMatch(sentence);
  });

  test('an unknown root that the server sends is untrusted, not self-signed', async () => {
    const issued = authority.issue('web1.example.org');
    const result = await look(await serve(issued, issued.chain + authority.root), { ca: undefined });
    expect(result).toMatchObject({ ok: false, code: 'tls-untrusted' });
    expect(result.summary).toContain('CN=Test Root');
  });

  test('expiry has two steps, both only degraded', async () => {
    const issued = authority.issue('web1.example.org', { toDays: 10 });
    const port = await serve(issued, issued.chain);
    const warning = await look(port);
    expect(warning).toMatchObject({
      ok: false,
      degraded: true,
      code: 'tls-expiring',
      details: { step: 'warning' },
    });
    expect((await look(port, { criticalDays: 11 })).details.step).toBe('critical');
    expect((await look(port, { warnDays: 5, criticalDays: 2 })).code).toBe('ok');
  });

  test('the expected fingerprint may be written in any form; another certificate is a change', async () => {
    const issued = authority.issue('web1.example.org');
    const port = await serve(issued, issued.chain);
    const { chain } = (await look(port)).details as { chain: { fingerprint256: string }[] };
    const fingerprint = chain[0]?.fingerprint256 ?? '';
    expect((await look(port, { fingerprint: fingerprint.replaceAll(':', '').toLowerCase() })).code).toBe(
      'ok',
    );
    expect((await look(port, { fingerprint: 'ab'.repeat(32) })).code).toBe('tls-changed');
  });
});

describe('a missing intermediate', () => {
  test('is fetched from where the certificate says, and named', async () => {
    const issuerUrl = `http://127.0.0.1:${certificatePort}/intermediate.crt`;
    const issued = authority.issue('web1.example.org', { issuerUrl });
    const result = await look(await serve(issued, issued.cert));
    expect(result).toMatchObject({ ok: false, degraded: true, code: 'tls-chain' });
    expect(result.summary).toContain('does not send CN=Test Intermediate');
    expect(result.details.missing).toMatchObject([
      { subject: 'CN=Test Intermediate', issuer: 'CN=Test Root' },
    ]);
  });

  test('is untrusted when the fetched certificate leads to an unknown root', async () => {
    const issuerUrl = `http://127.0.0.1:${certificatePort}/intermediate.crt`;
    const issued = authority.issue('web1.example.org', { issuerUrl });
    const result = await look(await serve(issued, issued.cert), { ca: undefined });
    expect(result.code).toBe('tls-untrusted');
  });

  test('is still named when nothing can be fetched', async () => {
    const issued = authority.issue('web1.example.org');
    const result = await look(await serve(issued, issued.cert));
    expect(result).toMatchObject({ code: 'tls-chain' });
    expect(result.summary).toContain('CN=Test Intermediate is missing');
  });

  test('is not fetched from an address that policy closes', async () => {
    const issuerUrl = `http://127.0.0.1:${certificatePort}/closed.crt`;
    const issued = authority.issue('web1.example.org', { issuerUrl });
    const port = await serve(issued, issued.cert);
    const once = { asked: 0 };
    const allow = (): boolean => (once.asked += 1) === 1;
    const settings = {
      host: 'web1.example.org',
      connectTo: '127.0.0.1',
      port,
      ca: authority.root,
      weak: false,
    };
    const result = await runProbe('tls', settings, openContext({ allow }));
    expect(result.code).toBe('tls-chain');
    expect(result.transcript.join('\n')).toContain('not a public address');
  });
});

describe('strength', () => {
  test('short keys and SHA-1 signatures are weak', async () => {
    const rsa = authority.issue('web1.example.org', { key: 'rsa1024' });
    const lenient = { ciphers: 'DEFAULT:@SECLEVEL=0' };
    const short = await look(await serve(rsa, rsa.chain, lenient));
    expect(short).toMatchObject({ code: 'tls-weak', degraded: true });
    expect(short.summary).toContain('RSA key of 1024 bits');
    const sha1 = authority.issue('web1.example.org', { digest: 'sha1' });
    expect((await look(await serve(sha1, sha1.chain, lenient))).summary).toContain(
      'signed with ecdsa-with-SHA1',
    );
    const old = authority.issue('web1.example.org', { key: 'rsa2048', digest: 'sha1' });
    const signed = new X509Certificate(old.cert).signatureAlgorithm;
    expect(weakSignature.test(signed!)).toBe(true);
    expect(weakSignature.test('sha256WithRSAEncryption')).toBe(false);
  });

  test('a chain in another order, and what is sent besides it, is told and no failure', async () => {
    const issued = authority.issue('web1.example.org');
    const { intermediate, root } = authority;
    const result = await look(await serve(issued, issued.cert + root + intermediate));
    expect(result).toMatchObject({ code: 'ok' });
    expect(result.summary).toContain('not sent in the order of the chain');
    const other = authority.issue('other.example.org');
    expect((await look(await serve(issued, issued.chain + other.cert))).summary).toContain(
      'sent besides the chain: CN=other.example.org',
    );
    expect((await look(await serve(issued, issued.chain))).details).not.toHaveProperty('order');
  });

  test('a certificate that demands a stapled answer, from a server that sends none or a foreign one', async () => {
    const issued = authority.issue('web1.example.org', { mustStaple: true });
    const none = await look(await serve(issued, issued.chain));
    expect(none).toMatchObject({ code: 'tls-staple', degraded: true });
    expect(none.summary).toContain('demands a stapled OCSP answer, and none came');
    const server = tls.createServer({ key: issued.key, cert: issued.chain });
    const foreign = ocspGood(authority.issue('other.example.org'));
    server.on('OCSPRequest', (_one: Buffer, _two: Buffer, answer: (error: null, bytes: Buffer) => void) =>
      answer(null, foreign),
    );
    servers.push(server);
    expect((await look(await listen(server))).summary).toContain('what came is not one about it');
  });

  test('nginx with old protocols and ciphers without authentication is weak; with modern ones it is not', async () => {
    const rsa = authority.issue('web1.example.org', { key: 'rsa2048' });
    const [old, modern] = [await freePort(), await freePort()];
    const files = `ssl_certificate ${rsa.chainFile}; ssl_certificate_key ${rsa.keyFile};`;
    running.push(
      await startNginx(
        modern,
        `server { listen 127.0.0.1:${old} ssl; ${files} ssl_protocols TLSv1 TLSv1.1 TLSv1.2;
           ssl_ciphers 'ALL:aNULL:eNULL:@SECLEVEL=0'; ssl_prefer_server_ciphers on; }
         server { listen 127.0.0.1:${modern} ssl; ${files} ssl_protocols TLSv1.2 TLSv1.3; }`,
      ),
    );
    const weak = await look(old, { weak: true });
    expect(weak).toMatchObject({ ok: false, degraded: true, code: 'tls-weak' });
    expect(weak.details.oldVersions).toEqual(['TLSv1', 'TLSv1.1']);
    expect(weak.details.weakCiphers).toContain('AECDH-AES256-SHA');
    expect(await look(modern, { weak: true })).toMatchObject({
      ok: true,
      details: { oldVersions: [], weakCiphers: [] },
    });
    expect((await look(modern, { weak: true, minVersion: 'TLSv1.3' })).details.oldVersions).toEqual([
      'TLSv1.2',
    ]);
  });

  test('a server that speaks only TLS 1.0 is still looked at', async () => {
    const rsa = authority.issue('web1.example.org', { key: 'rsa2048' });
    const port = await serve(rsa, rsa.chain, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    const result = await look(port, { weak: true });
    expect(result).toMatchObject({
      code: 'tls-weak',
      details: { oldVersions: ['TLSv1'], tls: { protocol: 'TLSv1' } },
    });
  });
});

describe('revocation', () => {
  const on = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

  test.each([
    ['good', 'ok'],
    ['revoked', 'tls-revoked'],
  ])('stapled: %s', async (status, code) => {
    const issued = authority.issue('web1.example.org', { mustStaple: true });
    const [leaf, issuer] = [new X509Certificate(issued.cert), new X509Certificate(authority.intermediate)];
    const others = status === 'good' ? [authority.issue('other.example.org')] : [issued];
    // openssl knows only what is in its list; a good one must be there too.
    const staple = status === 'good' ? ocspGood(issued) : authority.ocsp(ocspQuestion(leaf, issuer), others);
    const server = tls.createServer({ key: issued.key, cert: issued.chain });
    server.on(
      'OCSPRequest',
      (_certificate: Buffer, _issuer: Buffer, answer: (error: null, bytes: Buffer) => void) =>
        answer(null, staple),
    );
    servers.push(server);
    const result = await look(await listen(server));
    expect(result).toMatchObject({
      code,
      details: { revocation: { stapled: true, mustStaple: true, status, source: 'stapled' } },
    });
    expect(readOcsp(staple, new X509Certificate(authority.issue('x').cert))).toBeUndefined();
    expect(readOcsp(staple, leaf, new X509Certificate(authority.root))).toBeUndefined();
  });

  test("by the issuer's responder, and asked once", async () => {
    let asked = 0;
    let revoked: Issued[] = [];
    const responder = http.createServer((request, response) => {
      asked += 1;
      const question = Buffer.from(decodeURIComponent((request.url ?? '').replace('/ocsp/', '')), 'base64');
      response.end(authority.ocsp(question, revoked));
    });
    servers.push(responder);
    const issued = authority.issue('web1.example.org', {
      ocspUrl: `http://127.0.0.1:${await listen(responder)}/ocsp`,
    });
    revoked = [issued];
    const port = await serve(issued, issued.chain);
    const result = await look(port);
    expect(result).toMatchObject({
      ok: false,
      code: 'tls-revoked',
      details: { revocation: { source: 'ocsp', revokedAt: on } },
    });
    expect(result.summary).toContain('2026-01-02');
    expect((await look(port)).code).toBe('tls-revoked');
    expect(asked).toBe(1);
  });

  test("by the issuer's list", async () => {
    let list: Buffer = Buffer.alloc(0);
    const server = http.createServer((_request, response) => response.end(list));
    servers.push(server);
    const crlUrl = `http://127.0.0.1:${await listen(server)}/list.crl`;
    const [bad, good, third] = [1, 2, 3].map(() => authority.issue('web1.example.org', { crlUrl })) as [
      Issued,
      Issued,
      Issued,
    ];
    list = authority.crl([bad]);
    expect(await look(await serve(bad, bad.chain))).toMatchObject({
      code: 'tls-revoked',
      details: { revocation: { source: 'crl', status: 'revoked', revokedAt: on } },
    });
    expect(await look(await serve(good, good.chain))).toMatchObject({
      code: 'ok',
      details: { revocation: { source: 'crl', status: 'good' } },
    });
    const leaf = new X509Certificate(bad.cert);
    expect(readCrl(list, leaf, new X509Certificate(authority.root))).toBeUndefined();
    expect(readCrl(list.subarray(0, 50), leaf, new X509Certificate(authority.intermediate))).toBeUndefined();
    list = Buffer.from('no list');
    expect(await look(await serve(third, third.chain))).toMatchObject({
      code: 'ok',
      details: { revocation: { stapled: false } },
    });
  });

  test('an issuer that does not answer is no verdict', async () => {
    const issued = authority.issue('web1.example.org', { ocspUrl: `http://127.0.0.1:${await freePort()}/` });
    const result = await look(await serve(issued, issued.chain));
    expect(result).toMatchObject({ code: 'ok' });
    expect(result.transcript.join('\n')).toContain('does not tell about revocation');
  });
});

/** A good answer: openssl wants the certificate in its database. */
function ocspGood(issued: Issued): Buffer {
  const { folder, intermediateFile } = authority;
  const serial = new X509Certificate(issued.cert).serialNumber;
  const index = join(folder, 'ocsp-good.txt');
  writeFileSync(index, `V\t490101000000Z\t\t${serial}\tunknown\t/CN=web1.example.org\n`);
  const out = join(folder, 'ocsp-good.der');
  const signer = [
    '-CA',
    intermediateFile,
    '-rsigner',
    intermediateFile,
    '-rkey',
    join(folder, 'intermediate.key'),
  ];
  const asked = [
    '-issuer',
    intermediateFile,
    '-cert',
    issued.certFile,
    '-ndays',
    '3',
    '-respout',
    out,
    '-no_nonce',
  ];
  execFileSync('openssl', ['ocsp', '-index', index, ...signer, ...asked], { stdio: 'ignore' });
  return readFileSync(out);
}

describe('handshakes that fail', () => {
  test.each([
    [
      'plain HTTP',
      (socket: net.Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'tls-handshake',
      /does not speak TLS/,
    ],
    [
      'a cut',
      (socket: net.Socket) => socket.once('data', () => socket.destroy()),
      'tls-handshake',
      /cut the connection/,
    ],
    ['silence', () => undefined, 'tls-timeout', /did not finish in time/],
  ] as const)('%s', async (_name, behave, code, sentence) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      behave(socket);
    });
    servers.push(server);
    const result = await look(await listen(server), { timeoutMs: 400 });
    expect(result).toMatchObject({ ok: false, code });
    expect(result.summary).toMatch(sentence);
  });

  test('a closed port is refused, not a TLS problem', async () => {
    expect((await look(await freePort())).code).toBe('connect-refused');
  });
});
