// The commands of package.json behave alike at a shell: --help is answered, what they do not know is refused, and the codes are told.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const names = 'read explain rejudge detect rank probe region signin kb:verify kb:anchors kb:lint'.split(' ');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

function run(name: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const [program, ...rest] = scripts[name]!.split(' ');
  expect(program).toBe('node');
  const child = spawn(process.execPath, [...rest, ...args], {
    env: { PATH: process.env['PATH'], ROOTNOTE_DATA: tmpdir() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (part) => (out += part));
  child.stderr.on('data', (part) => (err += part));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

it.each(names)('%s tells how it is used, with its exit codes', async (name) => {
  const { code, out, err } = await run(name, '--help');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^Usage: /);
  expect(out).toContain(`npm run ${/^kb:/.test(name) ? '' : '-s '}${name}`);
  expect(out).toMatch(/Exit code: 0 /);
});

const benches = Object.keys(scripts).filter((name) => /^bench/.test(name));
it.each(benches)('%s tells what it measures, and does not begin because somebody asks', async (name) => {
  const { code, out, err } = await run(name, '--help');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(new RegExp(`^npm run ${name}(?!\\w)`));
});

it.each([...names, ...benches, 'start'])(
  '%s refuses what it does not know, without a trace of the program',
  async (name) => {
    const { code, out, err } = await run(name, '--no-such-option');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('no-such-option');
    expect(err).not.toMatch(/^ +at /m);
  },
);

it.each(['explain --rules', 'explain --schema', 'read fixture', 'detect --help'])(
  '%s onto a full disk says so, and does not look as if it had found something',
  async (line) => {
    const [name = '', argument = ''] = line.split(' ');
    const full = openSync('/dev/full', 'w');
    const [, ...rest] = scripts[name]!.split(' ');
    const given = argument === 'fixture' ? 'worker/parse/read.debian12.fixture.txt' : argument;
    const child = spawn(process.execPath, [...rest, given], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    let err = '';
    child.stderr!.on('data', (part) => (err += part));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, err]).toEqual([2, 'The answer cannot be written: no space is left on the device.\n']);
  },
);
