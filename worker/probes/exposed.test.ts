import http from 'node:http';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeResult } from '#core/probes.ts';
import { runProbe } from './index.ts';
import { commonLeaks, knowsPath, likeness, recognise } from './leaks.ts';
import { makeAuthority, type Authority } from './testCertificates.ts';
import { freePort, listen, openContext, type Running, startNginx } from './testServers.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const notFoundPage = (path: string): string =>
  `<!doctype html><html><head><title>Shop</title></head><body>${'We sell nice things. '.repeat(40)}No page ${path}</body></html>`;

const stops: (() => unknown)[] = [];
async function site(
  files: Record<string, string | Buffer>,
  otherwise: (path: string, response: http.ServerResponse) => void,
): Promise<string> {
  const server = http.createServer((request, response) => {
    const path = request.url ?? '';
    const file = files[path];
    if (file === undefined) otherwise(path, response);
    else response.end(file);
  });
  stops.push(() => server.close());
  return `http://127.0.0.1:${await listen(server)}/`;
}
const strict = (_path: string, response: http.ServerResponse): unknown => response.writeHead(404).end('no');
const soft = (path: string, response: http.ServerResponse): unknown => response.end(notFoundPage(path));
afterAll(() => stops.forEach((stop) => stop()));

function look(url: string, paths: readonly string[]): Promise<ProbeResult> {
  return runProbe('exposed', { url, paths: [...paths] }, openContext());
}

describe('what leaks', () => {
  const leaks: [string, string | Buffer, RegExp][] = [
    ['/.git/HEAD', 'ref: refs/heads/main\n', /ref: refs\/heads\/main/],
    ['/.git/HEAD', `${'0123456789abcdef'.repeat(2)}01234567\n`, /^0123/],
    ['/.git/config', '[core]\n\trepositoryformatversion = 0\n', /\[core\]/],
    ['/.env', 'APP_NAME=Shop\nDB_PASSWORD=sesame\n', /names APP_NAME, DB_PASSWORD/],
    ['/.env.production', '# settings\nexport API_KEY="sesame"\n', /names API_KEY/],
    ['/server-status', '<h1>Apache Server Status for web1.example.org</h1>', /Apache Server Status/],
    ['/server-status?auto', 'Total Accesses: 12\nTotal kBytes: 1\n', /Total Accesses/],
    ['/nginx_status', 'Active connections: 3 \nserver accepts handled requests\n', /Active connections/],
    ['/.htpasswd', 'ann:$apr1$abc$defghijklmnop\n', /user:hash/],
    ['/backup.sql', '-- MySQL dump 10.19  Distrib 10.11\nCREATE TABLE `a` (x int);', /MySQL dump/],
    ['/dump.sql', '--\n-- PostgreSQL database dump\n--\n', /PostgreSQL database dump/],
    ['/backup.tar.gz', zlib.gzipSync('tar'), /gzip/],
    ['/backup.zip', Buffer.from('PK\x03\x04rest', 'latin1'), /ZIP/],
    [
      '/wp-config.php.bak',
      "<?php define('DB_NAME', 'shop'); define('DB_PASSWORD', 'sesame');",
      /DB_NAME, DB_PASSWORD/,
    ],
    ['/index.php~', '<?php echo 1;', /<\?php/],
    ['/id_rsa', '-----BEGIN OPENSSH PRIVATE KEY-----\nsesame', /BEGIN OPENSSH/],
    ['/phpinfo.php', '<html><title>PHP 8.2.7 - phpinfo()</title></html>', /phpinfo/],
    ['/.aws/credentials', '[default]\naws_secret_access_key = sesame\n', /aws_secret_access_key/],
    ['/.DS_Store', Buffer.from('\0\0\0\x01Bud1', 'latin1'), /Bud1/],
    ['/actuator/env', '{"activeProfiles":[],"propertySources":[]}', /activeProfiles/],
  ];

  test.each(leaks)('%s is recognised by its content', (path, content, proof) => {
    const leak = recognise(path, Buffer.from(content));
    expect(leak?.proof).toMatch(proof);
    expect(leak?.proof).not.toContain('sesame');
  });

  test.each([...new Set(leaks.map(([path]) => path)), ...commonLeaks])(
    '%s is no leak when it is a page',
    (path) => {
      expect(knowsPath(path)).toBe(true);
      expect(recognise(path, Buffer.from(notFoundPage(path)))).toBeUndefined();
      expect(recognise(path, Buffer.from('Welcome to web1, key = value pairs and more'))).toBeUndefined();
      expect(recognise(path, Buffer.alloc(0))).toBeUndefined();
    },
  );
});

describe('a site', () => {
  test('that leaks: every file is named, no secret is repeated', async () => {
    const url = await site(
      { '/.git/HEAD': 'ref: refs/heads/main\n', '/.env': 'DB_PASSWORD=sesame\n' },
      strict,
    );
    const result = await look(url, ['/.git/HEAD', '/.env', '/server-status']);
    expect(result).toMatchObject({ ok: false, code: 'exposed-file' });
    expect(result.summary).toBe(
      'Anyone can read /.git/HEAD (Git repository), /.env (Environment file with settings and secrets)',
    );
    expect(result.details.exposed).toMatchObject([
      { path: '/.git/HEAD', status: 200 },
      { path: '/.env', proof: 'names DB_PASSWORD' },
    ]);
    expect(JSON.stringify(result)).not.toContain('sesame');
  });

  test('that answers 200 to everything leaks nothing by that', async () => {
    const result = await look(await site({}, soft), [
      ...commonLeaks,
      '/secret-notes.txt',
      '/internal/report',
    ]);
    expect(result).toMatchObject({ ok: true, code: 'ok' });
    expect(result.summary).toContain('answers 200 to paths that do not exist');
  });

  test('that answers 200 to everything, and leaks', async () => {
    const notes = 'Passwords of the staff, last changed by the intern';
    const url = await site({ '/.git/HEAD': 'ref: refs/heads/main\n', '/notes.txt': notes }, soft);
    const result = await look(url, ['/.git/HEAD', '/.env', '/notes.txt']);
    expect(result.details.exposed).toMatchObject([{ path: '/.git/HEAD' }, { path: '/notes.txt' }]);
  });

  test('with an own path that is there', async () => {
    const url = await site({ '/notes.txt': 'notes' }, strict);
    expect((await look(url, ['/notes.txt'])).code).toBe('exposed-file');
    expect((await look(url, ['/other.txt'])).code).toBe('ok');
  });

  test('that forbids', async () => {
    const url = await site({}, (_path, response) => response.writeHead(403).end('no'));
    expect(await look(url, ['/.git/HEAD'])).toMatchObject({
      code: 'ok',
      details: { checked: [{ path: '/.git/HEAD', status: 403 }] },
    });
  });

  test('that sends all to its start page', async () => {
    const url = await site({ '/': 'start' }, (_path, response) =>
      response.writeHead(302, { location: '/' }).end(),
    );
    expect((await look(url, ['/.git/HEAD', '/notes.txt'])).code).toBe('ok');
  });

  test('that is down is down', async () => {
    expect((await look(`http://127.0.0.1:${await freePort()}/`, ['/.env'])).code).toBe('connect-refused');
  });
});

test('likeness of pages', () => {
  const page = (text: string): Buffer => Buffer.from(text);
  expect(likeness(page(notFoundPage('/a')), page(notFoundPage('/b')))).toBeGreaterThan(0.85);
  expect(likeness(page('one two three'), page('four five six'))).toBeLessThan(0.5);
});

describe('nginx, over TLS, behind a redirect from http', () => {
  let nginx: Running;
  let authority: Authority;
  let [plain, secure] = [0, 0];
  beforeAll(async () => {
    authority = makeAuthority();
    const one = authority.issue('localhost');
    [plain, secure] = [await freePort(), await freePort()];
    nginx = await startNginx(
      plain,
      `server { listen 127.0.0.1:${plain}; return 301 https://localhost:${secure}$request_uri; }
       server { listen 127.0.0.1:${secure} ssl; ssl_certificate ${one.chainFile}; ssl_certificate_key ${one.keyFile}; root $folder/www; autoindex on;
         location /basic_status { stub_status; } }`,
      (folder) => {
        mkdirSync(join(folder, 'www/.git'), { recursive: true });
        writeFileSync(join(folder, 'www/.git/HEAD'), 'ref: refs/heads/main\n');
        writeFileSync(join(folder, 'www/index.html'), notFoundPage('/'));
      },
    );
  });
  afterAll(async () => {
    await nginx?.stop();
    authority?.remove();
  });

  test('leaks its repository and its status', async () => {
    const result = await look(`http://localhost:${plain}/`, ['/.git/HEAD', '/.env', '/basic_status']);
    expect(result.details.exposed).toMatchObject([
      { path: '/.git/HEAD', url: `https://localhost:${secure}/.git/HEAD` },
      { path: '/basic_status', proof: expect.stringContaining('Active connections') as string },
    ]);
  });
});
