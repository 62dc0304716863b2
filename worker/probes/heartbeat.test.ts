import { expect, test } from 'vitest';
import { evaluateHeartbeat } from './heartbeat.ts';
import { runProbe } from './index.ts';
import { openContext } from './testServers.ts';

const settings = { intervalSeconds: 3600, graceSeconds: 60 };

test.each([
  [0, 'ok'],
  [3600, 'ok'],
  [3660, 'ok'],
  [3661, 'heartbeat-missed'],
  [90_000, 'heartbeat-missed'],
  [-30, 'ok'],
])('%i seconds after the last beat: %s', (age, code) => {
  expect(evaluateHeartbeat(settings, 1_000_000, 1_000_000 + age).code).toBe(code);
});

test('the sentence names how late it is', () => {
  const late = evaluateHeartbeat(settings, 0, 4000);
  expect(late.summary).toBe('Last reported in 67 min ago, expected every 60 min (6 min over the grace)');
});

test('a job that never reported in is not said to have done so', () => {
  expect(evaluateHeartbeat(settings, 0, 60, true).summary).toBe('Not reported in yet, set up 60 s ago');
  expect(evaluateHeartbeat(settings, 0, 4000, true)).toMatchObject({
    code: 'heartbeat-missed',
    summary: expect.stringContaining(
      'Not reported in yet, set up 67 min ago, expected every 60 min',
    ) as string,
  });
});

test('as a probe', async () => {
  const now = Date.now() / 1000;
  expect(await runProbe('heartbeat', settings, openContext({ lastBeat: now - 10 }))).toMatchObject({
    ok: true,
    code: 'ok',
  });
  expect(await runProbe('heartbeat', settings, openContext({ lastBeat: now - 9000 }))).toMatchObject({
    ok: false,
    code: 'heartbeat-missed',
  });
  expect((await runProbe('heartbeat', settings, openContext())).code).toBe('prober-error');
});
