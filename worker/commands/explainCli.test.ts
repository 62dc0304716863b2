import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { isRuleId, ruleCatalogue } from '#core/ruleCatalogue.ts';
import { explanationSchema } from '#worker/judge/explain.ts';
import { explainCommand } from './explainCli.ts';

const folder = mkdtempSync(join(tmpdir(), 'rootnote-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sick = readFileSync('worker/parse/read.centos7.fixture.txt', 'utf8');
const other = readFileSync('worker/parse/read.sles15.fixture.txt', 'utf8');

function explain(args: string[], input: string | Buffer = '') {
  const said = { stdout: '', stderr: '' };
  const status = explainCommand(args, {
    stdin: () => Buffer.from(input),
    out: (text) => void (said.stdout += text),
    err: (text) => void (said.stderr += text),
    color: false,
  });
  return { status, ...said };
}
function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('explain', () => {
  it('answers in the shape of its contract, with evidence and an article for every problem', () => {
    const { status, stdout, stderr } = explain(['--json', file('a.txt', sick)]);
    expect([status, stderr]).toEqual([1, '']);
    const answer = JSON.parse(stdout);
    expect(answer.server).toMatchObject({
      hostname: 'db1.example.org',
      os: expect.stringContaining('CentOS'),
      kernel: expect.stringMatching(/^3\.10/),
    });
    expect(answer).toMatchObject({
      reports: 1,
      verdict: expect.stringMatching(/^(explained|ambiguous|unknown)$/),
    });
    expect(answer.from).toBe(answer.to);
    for (const p of answer.problems) {
      expect(isRuleId(p.id)).toBe(true);
      expect(['critical', 'warning', 'info']).toContain(p.severity);
      expect(p.subject).toMatchObject({ kind: expect.any(String), name: expect.any(String) });
      expect(p.article).toMatch(/^\/problems\/[a-z0-9-]+\/#[a-z0-9-]+$/);
      expect(p.evidence.length).toBeGreaterThan(0);
      expect(p.condition).toEqual({
        kind: expect.stringMatching(/^(gauge|state|event|forecast)$/),
        text: expect.stringMatching(/\.$/),
        source: expect.any(String),
      });
      for (const e of p.evidence)
        expect(e).toMatchObject({
          what: expect.any(String),
          unit: expect.any(String),
          source: expect.any(String),
        });
    }
    for (const r of answer.rootCauses) {
      expect(r.chain[0]).toBe(r.problem);
      expect(r.explanation.length).toBeGreaterThan(10);
    }
    expect(answer.rootCauses.flatMap((r: { chain: string[] }) => r.chain.join(' '))).toContain(
      'disk.errors raid.disk_failed raid.degraded',
    );
  });

  it('reads gzip, a directory and standard input alike', () => {
    const plain = explain(['--json', file('b.txt', sick)]).stdout;
    expect(explain(['--json', file('b.gz', gzipSync(sick))]).stdout).toBe(plain);
    expect(explain(['--json', '-'], sick).stdout).toBe(plain);
    expect(explain(['--json', '-'], gzipSync(sick)).stdout).toBe(plain);
    mkdirSync(join(folder, 'reports'));
    file('reports/1.txt', sick);
    file('reports/notes.md', '# not a report');
    const listed = explain(['--json', join(folder, 'reports')]);
    expect(listed.stdout).toBe(plain);
    expect(listed.stderr).toMatch(/Left out: .*notes\.md/);
  });

  it('follows links to files in a directory, and reads each path and each report once', () => {
    mkdirSync(join(folder, 'links'));
    const own = file('links/1.txt', sick);
    symlinkSync(own, join(folder, 'links/latest'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'links/dangling'));
    const plain = explain(['--json', own]).stdout;
    const { stdout, stderr } = explain(['--json', own, join(folder, 'links'), own]);
    expect([stdout, stderr]).toEqual([plain, '']);
    expect(explain(['--json', '-', '-'], sick).stdout).toBe(plain);
  });

  it('tells every rule with its numbers and where they come from', () => {
    const { rules, undetected } = JSON.parse(explain(['--rules', '--json']).stdout);
    expect(rules.length + undetected.length).toBe(Object.keys(ruleCatalogue).length);
    const low = rules.find(({ id }: { id: string }) => id === 'mem.low');
    expect(low).toMatchObject({ kind: 'gauge', entity: ['server'], severity: 'warning' });
    expect(low.gauges).toEqual([
      { metric: 'mem.available_percent', side: 'below', raise: 10, clear: 15, samples: 3, unit: 'percent' },
    ]);
    const { stdout, status } = explain(['--rules']);
    expect(status).toBe(0);
    expect(stdout).toContain(
      'Available share: below 10 % in 3 reports in a row; it ends when no longer below 15 %.',
    );
    expect(stdout).toContain('Source: Netdata: raised below 10 %');
  });

  it('keeps to the schema that it prints', () => {
    const schema = JSON.parse(explain(['--schema']).stdout);
    expect(schema.required).toEqual(expect.arrayContaining(['verdict', 'problems', 'rootCauses', 'server']));
    expect(schema.additionalProperties).toBe(false);
    const answer = JSON.parse(explain(['--json', file('s.txt', sick)]).stdout);
    expect(() => explanationSchema.parse(answer)).not.toThrow();
    expect(Object.keys(answer).sort()).toEqual(Object.keys(schema.properties).sort());
  });

  it('reads what an editor has saved: a mark of the encoding in front, lines that end with CR LF', () => {
    const plain = JSON.parse(explain(['--json', '-'], sick).stdout);
    const saved = JSON.parse(explain(['--json', '-'], `\uFEFF${sick.replaceAll('\n', '\r\n')}`).stdout);
    expect(saved.rootCauses).toEqual(plain.rootCauses);
  });

  it('reads reports that were put into one file, whatever stands between them, and says what it leaves out', () => {
    const epoch = Number(/ epoch=(\d+)/.exec(sick)![1]);
    const [first, second] = [0, 60].map((seconds) => sick.replace(/ epoch=\d+/, ` epoch=${epoch + seconds}`));
    for (const between of ['', '\n\n', '-----\n', 'root@db1:~# sh rootnote.sh --print\n']) {
      const { stdout, stderr } = explain(['--json', '-'], `${first}${between}${second}`);
      expect([JSON.parse(stdout).reports, stderr], between).toEqual([2, '']);
    }
    const cut = first!.slice(0, 3000).replace(/\n.*$/, '');
    const { stdout, stderr } = explain(['--json', '-'], `${cut}\n${second}`);
    expect(JSON.parse(stdout).reports).toBe(1);
    expect(stderr).toMatch(/^Left out: in Standard input another report begins before .* ends; .*\.\n$/);
    expect(stdout).toContain('"The report was cut off in the section');
  });

  it('reads a report whose lines are all there twice, and says of another that some of them are', () => {
    const twice = sick
      .trimEnd()
      .split('\n')
      .flatMap((line) => [line, line]);
    expect(explain(['--json', '-'], twice.join('\n')).stdout).toBe(explain(['--json', '-'], sick).stdout);
    twice.splice(41, 1);
    expect(explain(['-'], twice.join('\n')).stdout).toContain('Lines of this report are there twice');
  });

  it('says that nothing is wrong only of what could be read', () => {
    const cut = 'rootnote 1 agent=0.1.0\n=== cat /proc/sys/kernel/hostname\nweb1\n=== cat /proc/loadavg\n0.0';
    expect(explain(['-'], cut).stdout).toMatch(
      /^web1: one report that tells no time\nNothing is wrong in what could be read\./,
    );
  });

  it('says of what a cause was found, and of what none is proven', () => {
    const report = (n: number, cpu: number) =>
      [
        `rootnote 1 agent=0.1.0 rhythm=minute euid=0 epoch=${1_760_000_000 + n * 60}`,
        '=== cat /proc/uptime',
        `${9000 + n * 60}.00 1.00`,
        '=== cat /proc/stat',
        ...['cpu', 'cpu0', 'cpu1'].map((name) => `${name} ${n * cpu} 0 0 ${n * (6000 - cpu)} 0 0 0 0 0 0`),
        'procs_running 9',
        '=== cat /proc/loadavg',
        '9.00 8.00 7.00 9/200 4711',
        '=== end\n',
      ].join('\n');
    const busy = Array.from({ length: 12 }, (_, n) => report(n, 5990)).join('');
    expect(explain(['-'], busy).stdout).toMatch(
      /Something is wrong, and its cause is unknown\.\n\n(CRITICAL|WARNING) The CPU is \d+ % busy.*\n.*\n  No cause is proven by what the reports show\./,
    );
  });

  it('puts several reports in order of time, whatever the order of the arguments', () => {
    const epoch = Number(/ epoch=(\d+)/.exec(sick)![1]);
    const next = sick.replace(` epoch=${epoch}`, ` epoch=${epoch + 60}`);
    const [a, b] = [file('first.txt', sick), file('second.txt', next)];
    const forth = explain(['--json', a, b]);
    expect(explain(['--json', b, a]).stdout).toBe(forth.stdout);
    expect(JSON.parse(forth.stdout)).toMatchObject({ reports: 2, from: epoch, to: epoch + 60 });
    expect(explain(['--json', '-'], sick + next).stdout).toBe(forth.stdout);
  });

  it('does not say that what the first report shows began with it', () => {
    expect(explain(['-'], sick).stdout).toMatch(/ · since 20[0-9: -]+ UTC or before$/m);
  });

  it('draws the chain as a tree, with links to articles, and colours only when asked', () => {
    const { stdout } = explain(['--base', 'https://kb.example.org', file('c.txt', sick)]);
    expect(stdout).toMatch(/└─ raid\.degraded/);
    expect(stdout).toContain('https://kb.example.org/problems/io-errors-in-kernel-log/#check');
    expect(stdout).toContain('Ruled out');
    expect(stdout).not.toContain('\u001b[');
    expect(explain(['--color', file('c.txt', sick)]).stdout).toContain('\u001b[');
  });

  it('says in a sentence what is wrong with its input, and exits with 2', () => {
    const bad = (args: string[], input?: string | Buffer) => {
      const { status, stderr, stdout } = explain(args, input);
      expect([status, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(bad([])).toMatch(/^Usage/);
    expect(bad([join(folder, 'none')])).toMatch(/cannot be read: there is no such file\./);
    expect(bad([file('x.txt', 'hello')])).toMatch(/not a report/);
    expect(bad(['-'], '')).toBe('Standard input is empty.\n');
    expect(bad([file('v2.txt', 'rootnote 2 agent=9\n=== end\n')])).toMatch(/format 2.*reads format 1/);
    expect(bad([file('bare.txt', 'rootnote 1 epoch=1760000000\n=== end\n')])).toMatch(/nothing below it/);
    expect(bad([file('a.xz', Buffer.from('fd377a585a0000', 'hex'))])).toMatch(/packed with xz/);
    const tar = Buffer.alloc(1024);
    tar.write('reports/1.txt');
    tar.write('ustar', 257);
    expect(bad([file('a.tgz', gzipSync(tar))])).toMatch(/tar archive/);
    expect(bad([file('x.gz', Buffer.from([0x1f, 0x8b, 1, 2, 3]))])).toMatch(
      /x\.gz is damaged: gunzip could not read it/,
    );
    expect(bad([file('d.txt', sick), file('e.txt', other)])).toMatch(/different machines/);
    expect(bad(['--nonsense'])).toMatch(/nonsense/);
    expect(bad(['/dev/zero'])).toBe('/dev/zero is too large (more than 256 MiB).\n');
  });

  it('knows machines apart when the first report tells none, and when their images were never started', () => {
    const id = (text: string, line: string) => text.replace(/^(=== cat \/etc\/machine-id\n).*\n/m, line);
    const epoch = Number(/ epoch=(\d+)/.exec(sick)![1]);
    const nameless = id(sick, '')
      .replace(/^=== cat \/proc\/sys\/kernel\/hostname\n.*\n/m, '')
      .replace(/ epoch=\d+/, ` epoch=${epoch - 60}`);
    const fresh = (text: string) => id(text, '$1uninitialized\n');
    for (const texts of [[nameless, sick, other].join(''), [sick, other].map(fresh).join('')]) {
      const { status, stderr } = explain(['-'], texts);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^The reports are of different machines: /);
    }
    expect(explain(['-'], nameless + sick).status).toBe(1);
  });

  it('breaks lines at the width of the terminal, with the lines of the tree going on, and draws without UTF-8', () => {
    const terminal = { stdin: () => Buffer.from(sick), out: () => {}, err: () => {}, color: false };
    for (const width of [40, 80]) {
      let text = '';
      explainCommand(['-'], { ...terminal, width, out: (part) => void (text += part) });
      const long = text.split('\n').filter((line) => line.length > width && line.trim().includes(' '));
      expect(long).toEqual([]);
      expect(text.replace(/[\s│├└─·]+/g, ' ')).toBe(explain(['-'], sick).stdout.replace(/[\s│├└─·]+/g, ' '));
    }
    let ascii = '';
    explainCommand(['-'], { ...terminal, ascii: true, out: (part) => void (ascii += part) });
    expect(ascii).toMatch(/`- raid\.degraded/);
    expect(ascii).toMatch(/^[\n\u0020-\u007e]*$/);
  });

  it('is healthy, and exits with 0, when there is nothing above info', () => {
    const quiet =
      'rootnote 1 agent=0.1.0 epoch=1760000000\n=== cat /proc/sys/kernel/hostname\nweb1\n=== end\n';
    const { status, stdout } = explain(['--json', '-'], quiet);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'healthy', problems: [], rootCauses: [] });
  });

  it('is a command', () => {
    const { status, stdout } = spawnSync(process.execPath, ['worker/commands/explainCli.ts', '-'], {
      encoding: 'utf8',
      input: gzipSync(sick),
    });
    expect(status).toBe(1);
    expect(stdout).toBe(explain(['-'], sick).stdout);
  });

  it('reads what comes through a pipe with a name', () => {
    const { status, stdout } = spawnSync(
      'bash',
      [
        '-c',
        `${process.execPath} worker/commands/explainCli.ts <(cat worker/parse/read.centos7.fixture.txt)`,
      ],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stdout).toBe(explain(['-'], sick).stdout);
  });
});
