import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportLimits } from '#core/report.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { readCommand } from './readCli.ts';

const report = new URL('../parse/read.centos7.fixture.txt', import.meta.url).pathname;
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'rootnote-read-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: string[], input: Buffer | string = '', color = false) {
  let [stdout, stderr] = ['', ''];
  const status = readCommand(args, {
    stdin: () => Buffer.from(input),
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    color,
  });
  return { status, stdout, stderr };
}

it('is a program of its own', () => {
  const cli = new URL('./readCli.ts', import.meta.url).pathname;
  const { status, stdout } = spawnSync(process.execPath, [cli, report], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^db1\.example\.org/);
});

it('prints facts, samples, events and gaps for people, without colour when it is no terminal', () => {
  const { status, stdout } = run([report]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^db1\.example\.org {2}2023-11-14T22:13:20Z/);
  expect(stdout).toMatch(/mem\.swap_in +250 pages\/s/);
  expect(stdout).toContain(
    'kernel.oom_kill      httpd: The kernel killed httpd (process 1777) because memory had run out',
  );
  expect(stdout).toContain('wg show all dump: The program wg is not installed on this server.');
  expect(stdout).not.toContain('\x1b');
});

it('reads standard input and gzip, and prints JSON', () => {
  const { status, stdout } = run(['--json', '-'], gzipSync(readFileSync(report)));
  expect(status).toBe(0);
  const snapshot = JSON.parse(stdout) as Snapshot;
  expect(snapshot.facts.host?.hostname).toBe('db1.example.org');
  expect(snapshot.samples.length).toBeGreaterThan(100);
});

it('takes escape sequences of a server out', () => {
  const { stdout } = run(
    ['-'],
    'rootnote 1 epoch=1700000000\n=== cat /proc/sys/kernel/hostname\nweb\x1b[31m1\n=== end',
  );
  expect(stdout).not.toContain('\x1b');
});

it('says in one sentence what is wrong, with exit code 2', () => {
  const damaged = join(folder, 'damaged.gz');
  writeFileSync(damaged, gzipSync('rootnote 1').subarray(0, 15));
  expect(run([])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Usage: npm run -s read'),
  });
  expect(run(['--wrong', report]).status).toBe(2);
  expect(run([join(folder, 'none')])).toMatchObject({
    status: 2,
    stderr: `${join(folder, 'none')} cannot be read: there is no such file.\n`,
  });
  expect(run([folder]).stderr).toContain('it is a folder');
  expect(run([damaged])).toMatchObject({
    status: 2,
    stderr: `${damaged} is damaged: gunzip could not read it.\n`,
  });
  expect(run(['-'], 'hello')).toMatchObject({
    status: 2,
    stderr: 'This is not a report of the agent: its first line does not start with "rootnote 1".\n',
  });
  expect(run(['-'], '')).toMatchObject({ status: 2, stderr: 'Standard input is empty.\n' });
  const bomb = gzipSync(Buffer.alloc(reportLimits.bytes + 1));
  expect(run(['-'], bomb)).toMatchObject({
    status: 2,
    stderr: 'Standard input is too large (more than 16 MiB).\n',
  });
  expect(run(['/dev/zero']).stderr).toBe('/dev/zero is too large (more than 16 MiB).\n');
});
