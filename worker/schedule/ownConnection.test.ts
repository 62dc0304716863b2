import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { freePort, tcpServer } from '#worker/probes/testServers.ts';
import { ownConnection } from './ownConnection.ts';

let server: Awaited<ReturnType<typeof tcpServer>> | undefined;
afterEach(() => server?.stop());

test('a failure is believed while a control target answers, and not when none does', async () => {
  server = await tcpServer((socket) => void socket.on('error', () => undefined));
  const dead = await freePort();
  const changes: boolean[] = [];
  const place = ownConnection({
    controls: [`127.0.0.1:${dead}`, `127.0.0.1:${server.port}`],
    onChange: (online) => changes.push(online),
  });
  expect(await place.believes('connect-timeout')).toBe(true);
  server.stop();
  expect(await Promise.all([place.believes('connect-timeout'), place.believes('dns-timeout')])).toEqual([
    false,
    false,
  ]);
  expect({ online: place.online, changes }).toEqual({ online: false, changes: [false] });
  // What the target itself said needs no proof.
  expect(await place.believes('http-status')).toBe(true);
});

test('being offline ends by itself, after two proofs in a row', async () => {
  const port = await freePort();
  const changes: boolean[] = [];
  const place = ownConnection({
    controls: [`127.0.0.1:${port}`],
    onChange: (online) => changes.push(online),
  });
  expect(await place.believes('connect-timeout')).toBe(false);
  const listener = net
    .createServer((socket) => socket.on('error', () => undefined).end())
    .listen(port, '127.0.0.1');
  try {
    await expect.poll(() => changes, { timeout: 20_000 }).toEqual([false, true]);
    expect(await place.believes('connect-timeout')).toBe(true);
  } finally {
    listener.close();
  }
}, 30_000);

test('without controls another machine that answered, or a name server, is the proof', async () => {
  const dead = ownConnection({ controls: [], nameServers: ['192.0.2.1'] });
  dead.reached();
  expect(await dead.believes('connect-timeout')).toBe(true);
  const silent = ownConnection({ controls: [], nameServers: ['127.0.0.77'] });
  expect(await silent.believes('connect-timeout')).toBe(false);
  const without = ownConnection({ controls: [], nameServers: [] });
  expect(await without.believes('connect-timeout')).toBe(true);
});

test('given controls are always asked; none are believed without', async () => {
  const place = ownConnection({ controls: [`127.0.0.1:${await freePort()}`] });
  place.reached();
  expect(await place.believes('ping-timeout')).toBe(false);
  expect(await ownConnection({ controls: ['none'] }).believes('ping-timeout')).toBe(true);
  for (const wrong of ['example.org', 'ftp://example.org', ':80', 'a:0', 'a:99999'])
    expect(() => ownConnection({ controls: [wrong] })).toThrow(`'${wrong}' is neither host:port nor a URL`);
});
