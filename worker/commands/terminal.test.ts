// The commands as a shell uses them: what a server wrote steers no terminal, a pipe may close, a file may be written by Windows.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it, vi } from 'vitest';
import { harmless, harmlessJson, inAscii, terminalOf } from './terminal.ts';

vi.setConfig({ testTimeout: 60_000 });
const folder = mkdtempSync(join(tmpdir(), 'rootnote-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const run = (cli: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const report = readFileSync('worker/parse/read.centos7.fixture.txt', 'utf8');
const marks = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

it('keeps lines and tabs, and takes the rest of the control characters', () => {
  expect(harmless('a\tb\n\u001b[31mc\u009bd\u202ee\u0007é')).toBe('a\tb\n?[31mc?d?e?é');
  const json = harmlessJson({ name: 'a\u009b\u202e\u001b' });
  expect(json).not.toMatch(marks);
  expect(JSON.parse(json)).toEqual({ name: 'a\u009b\u202e\u001b' });
});

it('colours on a terminal alone, and as NO_COLOR, FORCE_COLOR and TERM say', () => {
  const terminal = { isTTY: true, columns: 100 };
  const color = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv) => terminalOf(stream, env).color;
  expect([color(terminal, {}), color({}, {})]).toEqual([true, false]);
  expect([color(terminal, { NO_COLOR: '1' }), color(terminal, { NO_COLOR: '' })]).toEqual([false, true]);
  expect([color({}, { FORCE_COLOR: '1' }), color(terminal, { FORCE_COLOR: '0' })]).toEqual([true, false]);
  expect(color(terminal, { TERM: 'dumb' })).toBe(false);
});

it('is as wide as the terminal, and a pipe has no width unless somebody says one', () => {
  expect(terminalOf({ isTTY: true, columns: 40 }, {}).width).toBe(40);
  expect(terminalOf({ isTTY: true, columns: 300 }, {}).width).toBe(120);
  expect(terminalOf({}, {}).width).toBeUndefined();
  expect(terminalOf({}, { COLUMNS: '72' }).width).toBe(72);
  expect(terminalOf({}, { COLUMNS: 'wide' }).width).toBeUndefined();
});

it('writes ASCII where the locale has nothing else', () => {
  const ascii = (env: NodeJS.ProcessEnv) => terminalOf({}, env).ascii;
  expect([ascii({}), ascii({ LANG: 'en_US.UTF-8' }), ascii({ LANG: 'C.utf8' })]).toEqual([
    false,
    false,
    false,
  ]);
  expect([ascii({ LANG: 'C' }), ascii({ LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX' })]).toEqual([true, true]);
  expect(inAscii('├─ 97 °C · “a” × 3… ö')).toBe('|- 97 deg C - "a" x 3... ?');
});

it('shows names of a server, its files and programs without what steers a terminal', () => {
  const evil = '\u001b]0;owned\u0007\u009b31m\u202e';
  const path = file(
    'evil',
    report
      .replaceAll('db1.example.org', `db1${evil}`)
      .replaceAll('httpd', `httpd${evil}`)
      .replaceAll('/etc/', `/etc/${evil}`)
      .replace(/^=== (cat|grep -r \.|sha256sum) \/etc\/[^\n]*/gm, (mark) => mark.replaceAll(evil, '')),
  );
  for (const cli of ['worker/commands/readCli.ts', 'worker/commands/explainCli.ts']) {
    const { stdout } = run(cli, path);
    expect(stdout).toContain('db1?]0;owned?');
    expect(stdout).not.toMatch(marks);
    const { stdout: json } = run(cli, '--json', path);
    expect(json).not.toMatch(marks);
    expect(json).toContain('owned');
    JSON.parse(json);
  }
});

it.each(['worker/commands/detectCli.ts', 'worker/commands/rankCli.ts'])(
  '%s quotes a cell without what steers a terminal',
  (cli) => {
    const table = file('evil.csv', `timestamp,a\n1,\u001b[31m${'x'.repeat(5000)}\n`);
    const { status, stderr } = run(cli, table, ...(cli.includes('rank') ? ['--at', '1'] : []));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Line 2: "\?\[31mx+…"/);
    expect(stderr.length).toBeLessThan(200);
  },
);

it('ends quietly when the reader of its pipe has seen enough', () => {
  const many = Array.from(
    { length: 1500 },
    (_, i) => `/dev/sd${i} /mnt/${i}${'m'.repeat(60)} ext4 rw 0 0`,
  ).join('\n');
  const path = file(
    'long',
    report.replace(/^=== cat \/proc\/mounts\n/m, (mark) => `${mark}${many}\n`),
  );
  expect(run('worker/commands/readCli.ts', '--json', path).stdout.length).toBeGreaterThan(150_000);
  for (const cli of ['readCli', 'explainCli']) {
    const { stderr } = spawnSync(
      'sh',
      [
        '-c',
        `"$0" worker/commands/${cli}.ts --json "$1" | head -c 1 >&2; exec cat /dev/null`,
        process.execPath,
        path,
      ],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('{');
  }
});

it('reads what the shell of Windows writes, and a mark in front', () => {
  const utf16 = Buffer.from(`\ufeff${report}`, 'utf16le');
  const plain = run('worker/commands/readCli.ts', file('plain', report)).stdout;
  const explained = run('worker/commands/explainCli.ts', file('plain', report)).stdout;
  for (const bytes of [utf16, Buffer.from(utf16).swap16(), Buffer.from(`\ufeff${report}`), gzipSync(utf16)]) {
    expect(run('worker/commands/readCli.ts', file('marked', bytes)).stdout).toBe(plain);
    expect(run('worker/commands/explainCli.ts', file('marked', bytes)).stdout).toBe(explained);
  }
  const table = 'timestamp,value\n1,2\n';
  const marked = file('marked.csv', Buffer.from(`\ufeff${table}`, 'utf16le'));
  expect(run('worker/commands/detectCli.ts', marked)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('1,2,0,0'),
  });
  expect(run('worker/commands/detectCli.ts', file('table.gz', gzipSync(table)))).toEqual({
    status: 2,
    stdout: '',
    stderr: 'The table is packed with gzip: unpack it first.\n',
  });
});

it.each(['read', 'explain', 'detect', 'rank', 'probe', 'rejudge', '../../portal/signIn'])(
  '%s answers --help and -h with status 0, and a wrong option with 2 and no trace of the program',
  (name) => {
    for (const flag of ['--help', '-h']) {
      const help = run(`worker/commands/${name}Cli.ts`, flag);
      expect([help.status, help.stderr]).toEqual([0, '']);
      expect(help.stdout).not.toBe('');
    }
    const wrong = run(`worker/commands/${name}Cli.ts`, '--nonsense');
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).not.toMatch(/^ {4}at /m);
  },
);

it('names what of a path cannot be read', () => {
  for (const cli of ['worker/commands/readCli.ts', 'worker/commands/explainCli.ts']) {
    // Reading the memory of a process at 0 is an error of input and output, as on a broken disk.
    const { status, stderr } = run(cli, '/proc/self/mem');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^\/proc\/self\/mem .*EIO\.\n$/)]);
  }
});
