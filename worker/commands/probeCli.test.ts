import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeKinds, probeSettings, type ProbeResult } from '#core/probes.ts';
import { listen } from '#worker/probes/testServers.ts';
import { runCli } from './probeCli.ts';
import { InputError } from './inputError.ts';
import { parseCommandLine } from './probeOptions.ts';

let server: http.Server;
let base = '';
const seen: http.IncomingHttpHeaders[] = [];
beforeAll(async () => {
  server = http.createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(request.url === '/gone' ? 404 : 200).end('{"up":true}');
  });
  base = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(() => server?.close());

async function cli(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const status = await runCli(args, output, new AbortController().signal);
  return { status, out, err };
}

describe('results', () => {
  test('text: verdict, sentence, phases', async () => {
    const { status, out } = await cli('http', `${base}/`);
    expect(status).toBe(0);
    expect(out).toContain(`OK  http ${base}/\nHTTP 200, 11 bytes`);
    expect(out).toMatch(/^ {2}connect +\d+\.\d ms {2}█+$/m);
    expect(out).toMatch(/^ {2}first-byte +\d+\.\d ms +█+$/m);
  });

  test('text of a failure: code, article, transcript', async () => {
    const { status, out } = await cli('http', `${base}/gone`);
    expect(status).toBe(1);
    expect(out).toContain('code: http-status (The status is not the expected one)');
    expect(out).toContain('article: /problems/website-down/#check');
    expect(out).toContain('  < HTTP/1.1 404 Not Found');
  });

  test('--json is the result as it is', async () => {
    const { status, out } = await cli('http', `${base}/`, '--json');
    const result = JSON.parse(out) as ProbeResult;
    expect(status).toBe(0);
    expect(result).toMatchObject({
      kind: 'http',
      target: `${base}/`,
      ok: true,
      code: 'ok',
      summary: expect.any(String) as string,
    });
    expect(result.phases.map((phase) => phase.name)).toEqual(['connect', 'first-byte', 'download']);
    expect(result.details.status).toBe(200);
    expect(result.transcript.length).toBeGreaterThan(3);
  });

  test('heartbeat evaluates --last', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await cli('heartbeat', '--last', `${now - 10}`, '--interval-seconds', '60')).status).toBe(0);
    expect((await cli('heartbeat', '--last', `${now - 1000}`, '--interval-seconds', '60')).status).toBe(1);
    const without = await cli('heartbeat', '--interval-seconds', '60');
    expect(without.status).toBe(2);
    expect(without.err).toContain("'heartbeat' probes nothing");
  });
});

describe('options', () => {
  const of = (kind: Parameters<typeof parseCommandLine>[0], ...args: string[]): unknown =>
    parseCommandLine(kind, args).settings;

  test('by kebab-case, with lists, pairs, flags and nested settings', () => {
    expect(of('ports', 'web1', '--expected-open', '22,80', '--expected-open', '443')).toEqual({
      host: 'web1',
      expectedOpen: [22, 80, 443],
    });
    expect(
      of('http', 'example.org', '--header', 'A: b: c', '--header=D:e', '--no-verify', '--max-ms', '500'),
    ).toEqual({
      url: 'http://example.org',
      headers: { A: 'b: c', D: 'e' },
      verify: false,
      maxMs: 500,
    });
    expect(
      of(
        'http',
        'https://example.org',
        '--basic-user',
        'ann',
        '--basic-password',
        'x',
        '--json-path',
        'a',
        '--json-equals',
        '1',
      ),
    ).toEqual({
      url: 'https://example.org',
      basic: { user: 'ann', password: 'x' },
      json: { path: 'a', equals: '1' },
    });
    expect(of('dns', 'example.org', '--type', 'MX', '--expected', 'a,b', '--dnssec')).toEqual({
      name: 'example.org',
      type: 'MX',
      expected: ['a', 'b'],
      dnssec: true,
    });
    expect(of('exposed', 'example.org', '--path', '/.env')).toEqual({
      url: 'http://example.org',
      paths: ['/.env'],
    });
    expect(of('tls', 'example.org', '--family', '6')).toEqual({ host: 'example.org', family: 6 });
  });

  test('targets', () => {
    expect(of('port', '[2001:db8::1]:22')).toEqual({ host: '2001:db8::1', port: 22 });
    expect(of('tls', 'https://example.org:8443/path')).toEqual({ host: 'example.org', port: 8443 });
    expect(of('tls', '2001:db8::1')).toEqual({ host: '2001:db8::1' });
    expect(of('ping', '::1')).toEqual({ host: '::1' });
  });

  test('every setting of every kind has its option, and every option is in the usage', async () => {
    const { status, out } = await cli('--help');
    expect(status).toBe(0);
    for (const kind of probeKinds) {
      const part = (await cli(kind, '--help')).out;
      expect(out).toContain(part.split('\n')[2]);
      for (const key of Object.keys(probeSettings[kind].shape)) {
        const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        const fromTarget = ['host', 'port', 'url', 'name'].includes(key);
        if (!fromTarget) expect(part).toMatch(new RegExp(`--(no-)?${name.replace(/s$/, '')}`));
      }
    }
  });

  test('@ reads a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rootnote-cli-'));
    writeFileSync(join(folder, 'token'), 'from-a-file\n');
    await cli('http', `${base}/`, '--bearer', `@${join(folder, 'token')}`);
    rmSync(folder, { recursive: true });
    expect(seen.at(-1)?.authorization).toBe('Bearer from-a-file');
  });

  test.each([
    [['telepathy', 'x'], "'telepathy' is not a kind of probe"],
    [[], 'npm run -s probe -- KIND TARGET'],
    [['http'], "'http' needs a target: URL"],
    [['port', 'web1'], "'port' needs a port"],
    [['ping', 'web1:80'], 'takes a host without a port'],
    [['ping', 'web1', 'web2'], 'one word too many'],
    [['ping', 'web1', '--colour', 'red'], "--colour is not an option of 'ping'"],
    [['ping', 'web1', '--count'], '--count needs a value'],
    [['ping', 'web1', '--count', 'many'], '--count needs a number'],
    [['ping', 'web1', '--count', '999'], '--count: '],
    [['dns', 'example.org', '--type', 'ANY'], '--type: '],
    [['http', 'http://', '--json'], 'URL (url)'],
    [['http', 'x', '--header', 'novalue'], "needs 'Name: value'"],
    [['tls', 'x', '--ca', '@/does/not/exist'], '/does/not/exist cannot be read: there is no such file.'],
    [['tls', 'x', '--ca', '@/dev/zero'], '/dev/zero is too large (more than 1 MiB).'],
    [['heartbeat', 'web1'], 'has no target'],
  ])('%j is told with status 2', async (args, sentence) => {
    const { status, out, err } = await cli(...args);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(sentence);
  });

  test('InputError is the only thing it throws for', () => {
    expect(() => parseCommandLine('tls', ['a b'])).toThrow(InputError);
  });
});

test('as a program', () => {
  const run = spawnSync(
    process.execPath,
    [new URL('./probeCli.ts', import.meta.url).pathname, 'port', '127.0.0.1:1', '--json'],
    { encoding: 'utf8' },
  );
  expect(run.status).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'port', code: 'connect-refused' });
});
