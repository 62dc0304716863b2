// `npm start` for the second time: with a data folder that is in use it says so and leaves the first one alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, projectRoot, type Rootnote, startRootnote } from './rootnote.ts';

let rootnote: Rootnote;

beforeAll(async () => {
  rootnote = await startRootnote({});
}, 600_000);
afterAll(() => rootnote?.remove(), 60_000);

/** Whether the database knows this token: 401 when it does not, 503 when it does not answer. */
const status = async () => {
  const headers = { authorization: 'Bearer rns_unknown' };
  return (await fetch(`${rootnote.url}/api/report`, { method: 'POST', headers, body: 'x' })).status;
};

test('a data folder that is in use is left alone, and its address is told', async () => {
  const second = spawn(process.execPath, ['start.ts'], {
    cwd: projectRoot,
    env: { ...process.env, VITEST: '', ROOTNOTE_DATA: rootnote.data, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  second.stdout.on('data', (chunk) => (output += chunk));
  second.stderr.on('data', (chunk) => (output += chunk));
  const [code] = (await once(second, 'close')) as [number];
  expect(code).toBe(1);
  expect(output.trim()).toBe(
    `The data folder ${rootnote.data} is in use: Rootnote runs there already, at ${rootnote.url} (process ${rootnote.pid}). It goes on undisturbed. Stop it first, or choose another folder: ROOTNOTE_DATA=other npm start`,
  );
  expect(await status()).toBe(401);
  expect(existsSync(join(rootnote.data, 'running.json'))).toBe(true);

  expect(await rootnote.stop()).toBe(0);
  expect(existsSync(join(rootnote.data, 'holder.json'))).toBe(false);
}, 60_000);
