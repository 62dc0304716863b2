// The region worker against a portal of which only the answers matter: what it does with each of them.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readEnvironment } from '#core/environment.ts';
import type { RegionRequest } from '#core/region.ts';
import { TokenRefused, workRegion } from './region.ts';

type Answer = { status: number; body: unknown };
const open: http.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function portal(
  answer: (request: RegionRequest, port: number) => Answer,
): Promise<{ url: string; port: number }> {
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { port } = server.address() as AddressInfo;
      const said = answer(JSON.parse(body) as RegionRequest, port);
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body));
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

const environment = readEnvironment({ PROBE_ALLOW: '127.0.0.0/8', REGION_CONTROLS: 'none' });
const granted = (leases: unknown[]): Answer => ({
  status: 200,
  body: { region: 'fra', leases, refused: 0, pause: 0.05 },
});

test('results that the portal refuses are dropped, told, and do not hold up those that come after', async () => {
  const stop = new AbortController();
  const brought: string[][] = [];
  const log: string[] = [];
  let given = 0;
  const { url } = await portal((request, port) => {
    const ids = request.results.map(({ monitorId }) => monitorId);
    if (ids.length) brought.push(ids);
    if (ids.includes('poison')) return { status: 400, body: { error: 'results: not like this' } };
    if (ids.includes('good')) stop.abort();
    const next = ['poison', 'good'][brought.length];
    if (given > brought.length || !next) return granted([]);
    given++;
    const settings = { host: '127.0.0.1', port, expect: 'open' };
    return granted([{ monitorId: next, kind: 'port', settings, reportedFrom: '127.0.0.1', leasedAt: 1000 }]);
  });
  await workRegion({ url, token: 'rng_x', environment, log: (line) => log.push(line), signal: stop.signal });
  expect(brought).toEqual([['poison'], ['good']]);
  expect(log.join('\n')).toContain(
    'results dropped, since the portal refused them (1): status 400: {"error":"results: not like this"}',
  );
});

test('while the portal has trouble, results wait and are handed in later', async () => {
  const stop = new AbortController();
  const brought: (string | number)[][] = [];
  let given = false;
  const { url } = await portal((request, port) => {
    const ids = request.results.map(({ monitorId }) => monitorId);
    if (ids.length) {
      const status = brought.length ? 200 : 503;
      brought.push([status, ...ids]);
      if (status === 503) return { status, body: { error: 'the database is away' } };
      stop.abort();
    }
    if (given) return granted([]);
    given = true;
    const settings = { host: '127.0.0.1', port, expect: 'open' };
    return granted([{ monitorId: 'one', kind: 'port', settings, reportedFrom: '127.0.0.1', leasedAt: 1000 }]);
  });
  await workRegion({ url, token: 'rng_x', environment, log: () => undefined, signal: stop.signal });
  expect(brought).toEqual([
    [503, 'one'],
    [200, 'one'],
  ]);
});

test('a token that is not known ends the work', async () => {
  const { url } = await portal(() => ({ status: 401, body: { error: 'no' } }));
  const work = workRegion({
    url,
    token: 'rng_x',
    environment,
    log: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(work).rejects.toThrow(TokenRefused);
});

test('an answer without end is broken off, and the portal is asked again', async () => {
  const stop = new AbortController();
  const log: string[] = [];
  let asked = 0;
  const server = http.createServer((request, response) => {
    request.resume();
    if (asked++) return stop.abort();
    const chunk = Buffer.alloc(1 << 20, ' ');
    const more = (): void => void (response.write(chunk) ? setImmediate(more) : response.once('drain', more));
    response.on('error', () => undefined);
    response.on('close', () => (response.write = () => false));
    more();
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await workRegion({ url, token: 'rng_x', environment, log: (line) => log.push(line), signal: stop.signal });
  expect(log).toEqual(['the portal does not answer: the answer does not end']);
});
