import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdFolder } from './holdFolder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rootnote-hold-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function startHolder(): Promise<ChildProcess> {
  const source = `
    import { holdFolder } from ${JSON.stringify(join(import.meta.dirname, 'holdFolder.ts'))};
    holdFolder(${JSON.stringify(folder)}, 'http://127.0.0.1:4321');
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('while a process lives it holds the folder, and who comes second is told where it runs', async () => {
  const first = await startHolder();
  const attempt = () => holdFolder(folder, 'http://127.0.0.1:5000');
  expect(attempt).toThrow(
    `The data folder ${folder} is in use: Rootnote runs there already, at http://127.0.0.1:4321 (process ${first.pid}).`,
  );
  first.kill('SIGKILL');
  await once(first, 'exit');
  const release = attempt();
  expect(JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
  holdFolder(folder, 'http://127.0.0.1:5001')();
});

test('a file that says nothing, or names a process that only has the same number, holds nothing', () => {
  const file = join(folder, 'holder.json');
  writeFileSync(file, '{"pid":');
  holdFolder(folder, 'http://127.0.0.1:5000')();
  writeFileSync(file, JSON.stringify({ pid: 1, began: 'another boot 17', address: 'http://127.0.0.1:4321' }));
  holdFolder(folder, 'http://127.0.0.1:5000')();
});
