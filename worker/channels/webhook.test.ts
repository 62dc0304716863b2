import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { deliver } from './index.ts';
import { sampleMessage } from './sampleMessage.fixture.ts';
import { startStandIn, testContext } from './standIn.fixture.ts';

let standIn: Awaited<ReturnType<typeof startStandIn>>;
afterEach(() => standIn.stop());

test('delivers the incident as JSON whose signature the receiver can check', async () => {
  standIn = await startStandIn((_, response) => response.writeHead(204).end());
  const settings = { url: `${standIn.url}/hook?team=ops`, secret: 'correct horse' };
  await deliver('webhook', settings, sampleMessage, testContext());
  const [seen] = standIn.seen;
  expect(seen).toMatchObject({ method: 'POST', path: '/hook?team=ops' });
  expect(seen?.headers['content-type']).toBe('application/json');
  const timestamp = String(seen?.headers['rootnote-timestamp']);
  expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(30);
  const expected = createHmac('sha256', 'correct horse').update(`${timestamp}.${seen?.body}`).digest('hex');
  expect(seen?.headers['rootnote-signature']).toBe(`sha256=${expected}`);
  expect(JSON.parse(seen?.body ?? '')).toMatchObject({
    version: 1,
    event: 'incident.opened',
    id: sampleMessage.incidentId,
    server: 'web1',
    severity: 'critical',
    chain: sampleMessage.chain,
    openedAt: '2026-11-22T03:12:05.000Z',
    articleUrl: 'https://rootnote.example.org/problems/website-down/#act-now',
  });
});

test('sends no signature without a secret, and the same delivery id in each attempt', async () => {
  standIn = await startStandIn((_, response) => response.writeHead(200).end());
  for (let attempt = 0; attempt < 2; attempt++) {
    await deliver('webhook', { url: standIn.url }, sampleMessage, testContext());
  }
  const [first, second] = standIn.seen;
  expect(first?.headers['rootnote-signature']).toBeUndefined();
  expect(first?.headers['rootnote-delivery']).toMatch(/^[0-9a-f]{32}$/);
  expect(second?.headers['rootnote-delivery']).toBe(first?.headers['rootnote-delivery']);
});

test.each([
  [400, true],
  [404, true],
  [410, true],
  [408, false],
  [425, false],
  [429, false],
  [500, false],
  [503, false],
])('status %i: permanent %s', async (status, permanent) => {
  standIn = await startStandIn((_, response) => response.writeHead(status, { 'retry-after': '7' }).end('no'));
  const attempt = deliver('webhook', { url: standIn.url }, sampleMessage, testContext());
  await expect(attempt).rejects.toMatchObject({
    permanent,
    retryAfter: 7,
    message: `127.0.0.1 answered ${status}.`,
  });
});

test('follows no redirect', async () => {
  standIn = await startStandIn((_, response) => response.writeHead(302, { location: '/other' }).end());
  const attempt = deliver('webhook', { url: `${standIn.url}/secret-path` }, sampleMessage, testContext());
  await expect(attempt).rejects.toMatchObject({
    permanent: true,
    message: expect.not.stringContaining('secret'),
  });
  expect(standIn.seen).toHaveLength(1);
});

test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', 'localhost'])(
  'refuses to contact %s unless it was opened',
  async (host) => {
    standIn = await startStandIn((_, response) => response.end());
    const settings = { url: `http://${host}:${standIn.port}/` };
    const attempt = deliver('webhook', settings, sampleMessage, testContext({ allow: undefined }));
    await expect(attempt).rejects.toMatchObject({
      name: 'ChannelError',
      permanent: true,
      message: expect.stringContaining('private or reserved'),
    });
    expect(standIn.seen).toHaveLength(0);
  },
);

test('a server that is not there, and one that stays silent, are tried again', async () => {
  standIn = await startStandIn(() => {});
  const silent = deliver(
    'webhook',
    { url: standIn.url },
    sampleMessage,
    testContext({ signal: AbortSignal.timeout(150) }),
  );
  await expect(silent).rejects.toMatchObject({ permanent: false });
  const { url } = standIn;
  await standIn.stop();
  await expect(deliver('webhook', { url }, sampleMessage, testContext())).rejects.toMatchObject({
    permanent: false,
    message: 'No answer from 127.0.0.1: the connection was refused.',
  });
});

test('an endless answer is cut', async () => {
  standIn = await startStandIn((_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(16_384)), 1);
    response.on('close', () => clearInterval(timer));
  });
  await deliver('webhook', { url: standIn.url }, sampleMessage, testContext());
});
