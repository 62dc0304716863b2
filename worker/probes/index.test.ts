import { expect, test } from 'vitest';
import { probeCodes, probeKinds } from '#core/probes.ts';
import { grades } from './grades.ts';
import { probes, runProbe } from './index.ts';
import { openContext, tcpServer } from './testServers.ts';

test('each kind has its probe, and each code its grade', () => {
  for (const kind of probeKinds) expect(probes[kind].kind).toBe(kind);
  expect(Object.keys(grades).sort()).toEqual(Object.keys(probeCodes).sort());
  for (const [code, grade] of Object.entries(grades))
    if (/^prober-|^target-/.test(code)) expect(grade).toBe('unknown');
});

test.each([
  ['http', { url: 'ftp://example.org/' }, 'url'],
  ['http', {}, 'url'],
  ['port', { host: 'web1', port: 70_000 }, 'port'],
  ['port', { host: 'web1', port: 80, colour: 'red' }, 'colour'],
  ['ping', null, 'ping'],
  ['heartbeat', { intervalSeconds: 'often' }, 'intervalSeconds'],
] as const)('%s with %j: wrong settings are a result', async (kind, settings, named) => {
  const result = await runProbe(kind, settings, openContext());
  expect(result).toMatchObject({ ok: false, code: 'prober-error' });
  expect(result.summary).toContain(named);
});

test('the time limit holds for the probe as a whole', async () => {
  const server = await tcpServer((socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 9\r\n\r\n'),
    ),
  );
  const started = performance.now();
  const result = await runProbe(
    'http',
    { url: `http://127.0.0.1:${server.port}/`, timeoutMs: 300 },
    openContext(),
  );
  server.stop();
  expect(result.code).toMatch(/^(http|connect)-timeout$/);
  expect(performance.now() - started).toBeLessThan(800);
});

test('a context that was stopped before starts nothing', async () => {
  const signal = AbortSignal.abort();
  const result = await runProbe('port', { host: '127.0.0.1', port: 1 }, openContext({ signal }));
  expect(result.code).toBe('prober-error');
});
