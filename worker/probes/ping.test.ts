import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeResult } from '#core/probes.ts';
import { parseFping, parsePing, pingMany } from './icmp.ts';
import { runProbe } from './index.ts';
import { openContext, requireProgram } from './testServers.ts';

function look(settings: Record<string, unknown>): Promise<ProbeResult> {
  return runProbe('ping', { count: 2, ...settings }, openContext());
}
const fixture = (name: string): string =>
  readFileSync(new URL(`./ping.${name}.fixture.txt`, import.meta.url), 'utf8');

describe('the programs of this machine', () => {
  test('fping reaches v4 and v6', async () => {
    requireProgram('fping', 'fping');
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      const result = await look({ host });
      expect(result).toMatchObject({
        ok: true,
        code: 'ok',
        details: { sent: 2, received: 2, lossPercent: 0 },
      });
      expect(result.details.meanMs as number).toBeLessThan(50);
      expect(result.ms).toBe(result.details.meanMs);
    }
  });

  test('many at once share one process', async () => {
    const hosts = Array.from({ length: 60 }, (_, index) => `127.0.1.${index + 1}`);
    const started = performance.now();
    const results = await Promise.all(hosts.map((host) => look({ host })));
    expect(results.every((result) => result.ok)).toBe(true);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('slow is another code than lost', async () => {
    expect(await look({ host: '127.0.0.1', maxMs: 0.000_01 })).toMatchObject({
      ok: false,
      degraded: true,
      code: 'ping-slow',
    });
  });

  test('pingMany has a word about each address', async () => {
    const signal = new AbortController().signal;
    const found = await pingMany(['127.0.0.1', '127.0.0.2', '::1', '127.0.0.1'], {
      count: 1,
      periodMs: 100,
      waitMs: 200,
      signal,
    });
    expect([...found.keys()].sort()).toEqual(['127.0.0.1', '127.0.0.2', '::1']);
    for (const echo of found.values()) expect(echo).toMatchObject({ times: [expect.any(Number)] });
  });
});

const packages = {
  fping: 'fping',
  ping: 'iputils-ping',
  busybox: 'busybox',
  setpriv: 'util-linux',
  unshare: 'util-linux',
};

describe('with other programs', () => {
  const path = process.env.PATH;
  const folders: string[] = [];
  beforeAll(() => {
    for (const [program, packageName] of Object.entries(packages)) requireProgram(program, packageName);
  });
  afterEach(() => {
    process.env.PATH = path;
    folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
  });

  /** One probe while PATH holds nothing but these programs: a path to link to, or a script. */
  async function lookWith(
    programs: Record<string, string>,
    settings: Record<string, unknown>,
  ): Promise<ProbeResult> {
    const folder = mkdtempSync(join(tmpdir(), 'rootnote-ping-'));
    folders.push(folder);
    chmodSync(folder, 0o755);
    for (const [name, target] of Object.entries(programs)) {
      if (target.startsWith('/')) symlinkSync(target, join(folder, name));
      else writeFileSync(join(folder, name), `#!/bin/sh\n${target}\n`, { mode: 0o755 });
    }
    process.env.PATH = folder;
    return look(settings);
  }

  test('iputils', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      expect(await lookWith({ ping: '/bin/ping' }, { host })).toMatchObject({
        ok: true,
        details: { received: 2 },
      });
    }
  });

  test('BusyBox', async () => {
    expect(await lookWith({ ping: '/usr/bin/busybox' }, { host: '127.0.0.1' })).toMatchObject({
      ok: true,
      details: { received: 2 },
    });
  });

  test('neither: the code says what to install', async () => {
    const result = await lookWith({}, { host: '127.0.0.1' });
    expect(result).toMatchObject({ ok: false, code: 'prober-missing' });
    expect(result.summary).toContain('apt-get install fping');
  });

  test.each([
    ['fping', '/usr/bin/fping'],
    ['ping', '/bin/ping'],
    ['ping', '/usr/bin/busybox'],
  ])('%s at %s without rights', async (name, target) => {
    // A copy has no file capabilities.
    const folder = mkdtempSync(join(tmpdir(), 'rootnote-ping-'));
    folders.push(folder);
    chmodSync(folder, 0o755);
    copyFileSync(target, join(folder, name));
    const script = `exec /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups ${join(folder, name)} "$@"`;
    expect(await lookWith({ [name]: script }, { host: '127.0.0.1' })).toMatchObject({
      ok: false,
      code: 'prober-permission',
    });
  });

  test('no route', async () => {
    const alone = (program: string): string => `exec /usr/bin/unshare -n ${program} "$@"`;
    for (const host of ['192.0.2.1', '2001:db8::1']) {
      expect(await lookWith({ ping: alone('/bin/ping') }, { host })).toMatchObject({
        ok: false,
        code: 'connect-unreachable',
      });
    }
  });

  test('some lost, all lost', async () => {
    const lossy = 'read host\necho "$host : 10.1 - 12.3 - -" >&2\nexit 1';
    const result = await lookWith({ fping: lossy }, { host: '127.0.0.1', count: 5 });
    expect(result).toMatchObject({
      ok: false,
      degraded: true,
      code: 'ping-loss',
      details: { lossPercent: 60, minMs: 10.1, maxMs: 12.3, jitterMs: 2.2 },
    });
    expect((await lookWith({ fping: lossy }, { host: '127.0.0.1', count: 5, maxLossPercent: 60 })).code).toBe(
      'ok',
    );
    const dead = 'read host\necho "$host : - -" >&2\nexit 1';
    expect(await lookWith({ fping: dead }, { host: '127.0.0.1' })).toMatchObject({
      ok: false,
      code: 'ping-timeout',
    });
  });
});

describe('outputs', () => {
  test('fping', () => {
    const found = parseFping(fixture('fping'), 3);
    expect(found.get('192.0.2.1')).toEqual({ times: [0.61, 0.55, 0.58] });
    expect(found.get('192.0.2.2')).toEqual({ times: [10.4, null, 11.2] });
    expect(found.get('2001:db8::1')).toEqual({ times: [null, null, null] });
    expect(found.size).toBe(3);
  });

  test.each(['iputils', 'iputils6', 'busybox'])('ping by %s, with one lost', (name) => {
    expect(parsePing(fixture(name), '', 3)).toEqual({ times: [12.1, null, 13.4] });
  });

  test('a reply that comes twice counts once', () => {
    const twice =
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=1.0 ms\n64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=1.5 ms (DUP!)\n';
    expect(parsePing(`${twice}2 packets transmitted`, '', 2)).toEqual({ times: [1, null] });
  });
});
