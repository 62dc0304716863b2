// The agent's script, run for real: under every shell there is, on a tree made on the fly, against servers on loopback.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { requireProgram } from '#worker/probes/testServers.ts';
import { readReport } from '#worker/read.ts';

const script = resolve(import.meta.dirname, '../agent/rootnote.sh');
const source = readFileSync(script, 'utf8');
const base = mkdtempSync(join(tmpdir(), 'rootnote-agent-'));
const isRoot = process.getuid?.() === 0;
const token = 'rns_0123456789abcdefghijklmnopqrstuvwxyz';
const started: ChildProcess[] = [];

for (const name of ['dash', 'busybox', 'mksh', 'shellcheck']) requireProgram(name, name);
const shells = ['dash', 'bash', 'bash --posix', 'busybox ash', 'mksh'];
if (has('ksh')) shells.push('ksh');
else console.warn('agent.test: ksh is not installed here, so the script is not tried under it.');
if (!isRoot) console.warn('agent.test: not root, so what only root can do is not tried.');

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

let count = 0;
function folder(files: Record<string, string> = {}): string {
  const dir = join(base, `${++count}`);
  mkdirSync(dir);
  for (const [path, text] of Object.entries(files)) put(dir, path, text);
  return dir;
}

function put(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

/** Programs that come first in PATH. */
function stubs(programs: Record<string, string>): string {
  const dir = folder();
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(dir, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

/** Two that take seconds and do not matter here. */
const quick = `${stubs({ 'apt-get': 'exit 0', dpkg: 'exit 0' })}:${process.env['PATH']}`;

interface Run {
  code: number | null;
  out: string;
  err: string;
  ms: number;
}

function agent(
  args: string[],
  env: Record<string, string> = {},
  command: string[] = ['dash', script],
): Promise<Run> {
  const begun = performance.now();
  const child = spawn(command[0]!, [...command.slice(1), ...args], {
    env: { PATH: quick, HOME: base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (data) => (out += data));
  child.stderr!.setEncoding('utf8').on('data', (data) => (err += data));
  return new Promise((done) => {
    child.on('close', (code) => done({ code, out, err, ms: performance.now() - begun }));
  });
}

/** Header to body; a second reading keeps its #2. Says when a header comes twice. */
function sections(report: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of report.split(/^=== /m).slice(1)) {
    const end = part.indexOf('\n');
    const name = part.slice(0, end);
    if (found.has(name)) throw new Error(`two sections ${name}`);
    found.set(name, part.slice(end + 1));
  }
  return found;
}

/** A small machine: processes 1 and 42, one disk, one certificate's worth of nothing. */
function tree(more: Record<string, string> = {}): string {
  const status = (uid: number, fds: number) =>
    `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nFDSize:\t${fds}\nVmRSS:\t    1234 kB\nVmSwap:\t      56 kB\n`;
  const stat = (pid: number, name: string, utime: number) =>
    `${pid} (${name}) S 1 1 1 0 -1 4194560 100 0 7 0 ${utime} 3 0 0 20 0 4 0 555 1000000 300 ${'0 '.repeat(26)}0\n`;
  return folder({
    'proc/uptime': '4711.25 9000.00\n',
    'proc/stat': 'cpu  1 2 3 4 5 6 7 8 9 0\nbtime 1700000000\n',
    'proc/meminfo': 'MemTotal:       123456 kB\n',
    'proc/loadavg': '0.01 0.02 0.03 1/2 42\n',
    'proc/mounts': '/dev/sda1 / ext4 rw 0 0\n',
    'proc/pressure/cpu': 'some avg10=0.00 avg60=1.50 avg300=0.00 total=1\n',
    'proc/sys/kernel/hostname': 'web1\n',
    'proc/net/udp':
      '  sl  local_address rem_address   st tx_queue\n  1: 00000000:0035 00000000:0000 07 0:0\n  2: 0100007F:1234 0100007F:0035 01 0:0\n',
    'proc/1/stat': stat(1, 'init', 10),
    'proc/1/status': status(0, 64),
    'proc/1/cgroup': '0::/init.scope\n',
    'proc/42/stat': stat(42, 'web (worker) 1', 20),
    'proc/42/status': status(33, 64),
    'proc/42/cgroup': '0::/system.slice/web.service\n',
    'proc/42/wchan': 'do_epoll_wait',
    'proc/77/stat': stat(77, 'copy', 1).replace(') S ', ') D '),
    'proc/77/wchan': 'rpc_wait_bit_killable',
    'etc/machine-id': '00112233445566778899aabbccddeeff\n',
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\nopen:x:1000:1000::/home/open:/bin/sh\n',
    'etc/shadow': 'root:$6$salt$hash:1::::::\nopen::1::::::\n',
    'etc/group': 'root:x:0:\nsudo:!:27:open\n',
    'etc/hosts': '127.0.0.1 localhost\n=== end\n=!= exit 7\n=== cat /etc/fake\n',
    'etc/redis/redis.conf': 'bind 127.0.0.1\nmaxmemory 100mb\nrequirepass correct-horse\n',
    'etc/dovecot/conf.d/10-ssl.conf': 'ssl_server_cert_file = /etc/dovecot/a.pem\n',
    'etc/postfix/main.cf': 'smtpd_tls_chain_files = /etc/postfix/b.pem\n',
    'etc/nginx/nginx.conf':
      '# listen 99;\nserver {\n  listen 80;\n  proxy_pass http://admin:pw@192.0.2.1;\n  set $x secretvalue;\n}\n',
    'etc/cron.d/backup': '5 3 * * * root /usr/local/bin/backup --password hunter2\n',
    'sys/class/net/eth0/speed': '1000\n',
    'sys/fs/cgroup/cgroup.controllers': 'cpu\n',
    'sys/fs/cgroup/system.slice/web.service/memory.max': '1000000\n',
    'sys/fs/cgroup/system.slice/web.service/memory.stat': 'anon 4096\nfile 8192\n',
    'sys/fs/cgroup/system.slice/db.service/memory.max': 'max\n',
    'sys/fs/cgroup/system.slice/db.service/memory.stat': 'anon 77\n',
    ...more,
  });
}

interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  text: string;
}

interface Ingest {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** Answers what `answer` says; a HEAD, by which the agent looks who is near, after `far` milliseconds. */
async function ingest(
  answer: (request: Received, index: number) => Promise<[number, string, string?]>,
  far = 0,
): Promise<Ingest> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      if (request.method === 'HEAD') {
        await new Promise((ready) => setTimeout(ready, far));
        return void response.writeHead(200).end();
      }
      const body = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString(
        'utf8',
      );
      const one = { path: request.url ?? '', headers: request.headers, text };
      received.push(one);
      const [status, reply, location] = await answer(one, received.length - 1);
      response.writeHead(status, location ? { location } : {}).end(reply);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}

const accept = async (): Promise<[number, string]> => [202, 'stored\n'];

/** An installed agent: its config, its state, a small tree to read. */
function installed(
  url: string,
  more = `token=${token}\n`,
): { env: Record<string, string>; state: string; conf: string } {
  const dir = folder({ 'agent.conf': `url=${url}\n${more}` });
  const state = join(dir, 'state');
  return {
    state,
    conf: join(dir, 'agent.conf'),
    env: { ROOT: tree(), ROOTNOTE_CONF: join(dir, 'agent.conf'), ROOTNOTE_STATE: state },
  };
}

describe('the script itself', () => {
  test('can be read in ten minutes', () => {
    const lines = source.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(350);
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
    const code = source.replaceAll(/^\s*#.*$/gm, '');
    expect(code).not.toMatch(/\beval\b|^\s*\. |\bsource /m);
  });

  test('is clean for shellcheck', () => {
    expect(spawnSync('shellcheck', ['-s', 'sh', script], { encoding: 'utf8' }).stdout).toBe('');
  });

  test('explains every section that it makes', async () => {
    const explained = (await agent(['--explain-sections'])).out;
    const names = [...sections((await agent(['--print'], { ROOT: tree() })).out).keys()];
    for (const name of names.filter((one) => one !== 'end' && !one.endsWith('#2'))) {
      const word = name.startsWith('cat ') ? name.split('/').at(-1)! : name.split(/[ /]/)[0]!;
      expect(explained, name).toContain(word === '[0-9]*' ? '/stat' : word);
    }
    expect(explained).toMatch(/^minute: /m);
    expect(explained).toMatch(/^daily: /m);
  });

  test('tells its version and its checksum', async () => {
    expect((await agent(['--version'])).out.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    const sum = execFileSync('sha256sum', [script], { encoding: 'utf8' }).slice(0, 64);
    expect((await agent(['checksum'])).out).toContain(sum);
    expect((await agent(['--print', '--rhythm', 'minute'], { ROOT: tree() })).out.split('\n')[0]).toContain(
      `sha256=${sum.slice(0, 12)} `,
    );
    expect((await agent(['--help'])).out).toContain('--explain-sections');
    expect((await agent(['--nonsense'])).code).toBe(1);
  });
});

describe.each(shells)('under %s', (shell) => {
  test('reports the tree of ROOT, to the byte', async () => {
    const { code, out, err } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: tree() }, [
      ...shell.split(' '),
      script,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^rootnote 1 agent=\d+\.\d+\.\d+ sha256=[0-9a-f]{12} rhythm=hourly euid=\d+ epoch=\d{10} zone=[+-]\d{4}\n/,
    );
    expect(out.endsWith('\n=== end\n')).toBe(true);
    const found = sections(out);
    expect(found.get('cat /proc/uptime')).toBe('4711.25 9000.00\n');
    expect(found.get('cat /proc/uptime #2')).toBe('4711.25 9000.00\n');
    expect(found.get('cat /proc/meminfo')).toBe('MemTotal:       123456 kB\n');
    expect(found.get('cat /etc/machine-id')).toBe('00112233445566778899aabbccddeeff\n');
    expect(found.get('grep -r . /proc/pressure')).toBe(
      '/proc/pressure/cpu:some avg10=0.00 avg60=1.50 avg300=0.00 total=1\n',
    );
    expect(found.get('cat /proc/net/udp')).not.toContain('1234');
    expect(found.get('grep -r . /sys/class/net')).toBe('/sys/class/net/eth0/speed:1000\n');
    expect(found.get('grep -r . /sys/fs/cgroup')).toContain('web.service/memory.stat:anon 4096\n');
    expect(found.get('grep -r . /sys/fs/cgroup')).not.toContain('anon 77');
    const rows = found.get('cat /proc/[0-9]*/stat')!.trimEnd().split('\n');
    const [heading, ...processes] = rows.map((row) => row.split('\t'));
    const worker = Object.fromEntries(heading!.map((name, at) => [name, processes[1]![at]]));
    expect(worker).toMatchObject({
      pid: '42',
      ppid: '1',
      uid: '33',
      state: 'S',
      utime: '20',
      stime: '3',
      majflt: '7',
      threads: '4',
      start: '555',
      rss_kb: '1200',
      swap_kb: '56',
      cgroup: '/system.slice/web.service',
      name: 'web (worker) 1',
    });
    expect(worker['wchan'], 'it only sleeps').toBe('');
    expect(processes[2]!.slice(-2)).toEqual(['rpc_wait_bit_killable', 'copy']);
    expect(found.get('cat /proc/[0-9]*/stat #2')).toBe('pid\tutime\tstime\tmajflt\n');
  });
});

test('a minute run asks how a unit ended, once there is one that failed', async () => {
  const asked = async (state: string, rhythm: string) => {
    const systemctl = `case "$1" in
      list-units) printf 'shop.service loaded    active running Shop\\nqueue.service loaded    ${state} ${state} Queue\\n' ;;
      show) printf 'Id=queue.service\\nActiveState=failed\\nExecMainStatus=9\\n' ;; esac`;
    const { out } = await agent(['--print', '--rhythm', rhythm], {
      ROOT: tree({ 'run/systemd/system/x': '' }),
      PATH: `${stubs({ systemctl })}:${quick}`,
    });
    return [...sections(out)].filter(([name]) => name.startsWith('systemctl show '));
  };
  expect(await asked('active', 'minute')).toEqual([]);
  const [shown, ...more] = await asked('failed', 'minute');
  expect(shown).toEqual([
    expect.stringMatching(/ExecMainStatus.* --state=failed \*\.service$/),
    'Id=queue.service\nActiveState=failed\nExecMainStatus=9\n',
  ]);
  expect(more).toEqual([]);
  const whole = await asked('failed', 'hourly');
  expect(whole.map(([name]) => name.includes('--state'))).toEqual([false]);
});

test.runIf(isRoot)('package managers may write caches that are larger than a flood may be', async () => {
  const programs = stubs({ 'apt-get': 'echo "files: $(ulimit -f)"', dpkg: 'echo "files: $(ulimit -f)"' });
  const { out } = await agent(['--print'], { ROOT: tree(), PATH: `${programs}:${process.env['PATH']}` });
  const found = sections(out);
  const updates = [...found.keys()].find((name) => name.startsWith('apt-get -s '));
  expect(found.get('dpkg --audit')).toBe('files: 65536\n');
  expect(found.get(updates ?? '')).toBe('files: unlimited\n');
});

test.runIf(isRoot && has('apt-get'))(
  'apt-get writes no cache, whatever the machine has it keep',
  async () => {
    const dir = folder();
    const before = statSync('/dev/null').mode;
    put(
      dir,
      'apt.conf',
      `Dir::Etc::parts "/dev/null"; Dir::Cache "${dir}/cache"; Dir::Cache::pkgcache "p"; Dir::Cache::srcpkgcache "s"; Dir::Log "${dir}/log";`,
    );
    mkdirSync(join(dir, 'cache/archives/partial'), { recursive: true });
    mkdirSync(join(dir, 'log'));
    const programs = stubs({ dpkg: 'exit 0' });
    const { out } = await agent(['--print'], {
      ROOT: tree(),
      APT_CONFIG: join(dir, 'apt.conf'),
      PATH: `${programs}:${process.env['PATH']}`,
    });
    const updates = [...sections(out)].find(([name]) => name.startsWith('apt-get -s '));
    expect(updates?.[1]).not.toContain('=!= exit');
    const written = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(written.map(({ name }) => name)).toEqual(['apt.conf']);
    expect(statSync('/dev/null').mode).toBe(before);
  },
  120_000,
);

describe('a crowd', () => {
  const calm =
    'some avg10=0.00 avg60=0.20 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n';
  const files = (): Record<string, string> => {
    const all: Record<string, string> = {
      'proc/loadavg': '0.41 0.32 0.35 1/640 4000\n',
      'proc/meminfo': 'MemTotal: 8000000 kB\nMemFree: 3000000 kB\nMemAvailable: 4000000 kB\n',
      'proc/net/sockstat': 'sockets: used 2500\nTCP: inuse 2100 orphan 0 tw 9 alloc 2200 mem 7\n',
      'proc/pressure/cpu': calm,
      'proc/pressure/memory': calm,
      'proc/pressure/io': calm,
    };
    for (let pid = 1000; pid < 1310; pid++)
      all[`proc/${pid}/stat`] =
        `${pid} (many) S 1 1 1 0 -1 0 0 0 0 0 5 3 0 0 20 0 1 0 555 1000 300 ${'0 '.repeat(28)}\n`;
    return all;
  };
  const ss = `echo 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:*'; case $* in *established*) echo 'ESTAB 0 0 10.0.0.5:80 192.0.2.1:5' ;; esac`;
  const table = 'cat /proc/[0-9]*/stat';

  /** Runs a minute each, of an installed agent; before each, what changes. What of the tables it read. */
  async function minutes(
    shell: string,
    changes: Record<string, string>[],
    more: Record<string, string> = {},
  ) {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    env['ROOT'] = tree({ ...files(), ...more });
    const seen: string[] = [];
    for (const [i, change] of changes.entries()) {
      const at = 1_900_000_000 + 60 * i;
      for (const [path, text] of Object.entries(change)) {
        if (text) put(env['ROOT'], path, text);
        else rmSync(join(env['ROOT'], path));
      }
      env['PATH'] =
        `${stubs({ ss, date: `echo "${at} +0000"`, sleep: 'case $1 in 0.*) ;; *) exec /bin/sleep "$@" ;; esac' })}:${quick}`;
      if (i > 0) put(state, 'last', `${1_900_000_000 - 60} ${1_900_000_000 - 60} 1 4 abc ${server.url}\n`);
      const run = await agent(i > 0 ? ['--rhythm', 'minute'] : ['--rhythm', 'hourly'], env, [
        ...shell.split(' '),
        script,
      ]);
      expect(run).toMatchObject({ code: 0, err: '' });
      const found = sections(server.received.at(-1)!.text);
      const has = (name: string, part: string) => found.get(name)?.includes(part);
      seen.push(
        [
          has(table, '\tmany\n') ? 'table' : has(table, '=!= later\n') ? '-' : '?',
          found.has(`${table} #2`) ? 'twice' : '-',
          has('ss -Htan', 'ESTAB 80') || found.get('ss -Htan') === ''
            ? 'ports'
            : has('ss -Htan', '=!= later\n')
              ? '-'
              : '?',
          has('ss -tn state listening', 'LISTEN') ? 'listening' : '?',
          has(table, '\t0\t') && has(table, '/web.service') ? 'more' : '-',
        ].join(' '),
      );
    }
    await server.close();
    return seen;
  }
  const whole = 'table twice ports listening -';
  const thin = '- - - listening -';
  const fifth = 'table - ports listening -';

  test.each(shells)(
    'under %s: what is dear comes each fifth minute, and at once with a sign of trouble',
    async (shell) => {
      const nothing = {};
      const seen = await minutes(shell, [
        ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => nothing),
        { 'proc/loadavg': '2.41 0.32 0.35 1/640 4000\n' },
        { 'proc/loadavg': '0.41 0.32 0.35 1/640 4000\n' },
        nothing,
        nothing,
        nothing,
      ]);
      expect(seen[0]).toBe('table twice ports listening more');
      // After the first run, which knew of none before it, three minutes are whole.
      expect(seen.slice(1)).toEqual([
        ...[whole, whole, whole, thin, thin, thin, thin, fifth, thin],
        ...[whole, whole, whole, whole, thin],
      ]);
    },
    60_000,
  );

  const signs: [string, Record<string, string>][] = [
    ['the CPU', { 'proc/pressure/cpu': calm.replace('avg60=0.20', 'avg60=30.00') }],
    ['more tasks', { 'proc/loadavg': '0.41 0.32 0.35 1/720 4000\n' }],
    ['processes that start', { 'proc/loadavg': '0.41 0.32 0.35 1/640 7200\n' }],
    [
      'more sockets',
      { 'proc/net/sockstat': 'sockets: used 1\nTCP: inuse 1 orphan 0 tw 9 alloc 2800 mem 7\n' },
    ],
    ['less memory', { 'proc/meminfo': 'MemTotal: 8000000 kB\nMemFree: 1 kB\nMemAvailable: 3500000 kB\n' }],
    ['no number', { 'proc/loadavg': 'nan 1.2.3 09 x/y z\n' }],
    ['nothing', { 'proc/loadavg': '' }],
  ];
  test.concurrent.each(signs)('is read at once at a sign: %s', async (_, change) => {
    const seen = await minutes('dash', [{}, {}, {}, {}, {}, change]);
    expect(seen.slice(4)).toEqual([thin, whole]);
  });

  test.concurrent('tasks that wait for memory or I/O have more read of each process', async () => {
    const seen = await minutes('dash', [
      {},
      {},
      {},
      {},
      { 'proc/pressure/io': calm.replace('avg60=0.20', 'avg60=4.90') },
      { 'proc/pressure/io': calm.replace('avg60=0.20', 'avg60=5.00') },
    ]);
    expect(seen.slice(4)).toEqual([thin, 'table twice ports listening more']);
  });

  test.concurrent(
    'a kernel without PSI reads more of each process at any sign, and not otherwise',
    async () => {
      const none = { 'proc/pressure/cpu': '', 'proc/pressure/memory': '', 'proc/pressure/io': '' };
      const seen = await minutes('dash', [
        none,
        {},
        {},
        {},
        {},
        { 'proc/loadavg': '2.41 0.32 0.35 1/640 4000\n' },
      ]);
      expect(seen.slice(4)).toEqual([thin, 'table twice ports listening more']);
    },
  );

  test.concurrent('who looks by hand sees all', async () => {
    const { out } = await agent(['--print', '--rhythm', 'minute'], {
      ROOT: tree(files()),
      PATH: `${stubs({ ss })}:${quick}`,
    });
    expect(out).not.toContain('=!= later');
    expect(sections(out).get('ss -Htan')).toBe('');
  });
});

describe('what a report may not contain', () => {
  test('no secret of a config file, no argument of a cron job, no hash of a password', async () => {
    const { out } = await agent(['--print'], { ROOT: tree() });
    const found = sections(out);
    expect(found.get('grep -r . /etc')).toContain('/etc/redis/redis.conf:maxmemory 100mb\n');
    expect(found.get('grep -r . /etc')).toContain('proxy_pass http://***@192.0.2.1;');
    expect(found.get('grep -r . /etc')).toContain('ssl_server_cert_file = /etc/dovecot/a.pem');
    expect(found.get('grep -r . /etc')).toContain('smtpd_tls_chain_files = /etc/postfix/b.pem');
    expect(found.get('cat /etc/crontab')).toContain('5 3 * * * root /usr/local/bin/backup\n');
    expect(found.get('cat /etc/passwd')).toBe(
      'root:x:0:0::/root:/bin/sh\nopen::1000:1000::/home/open:/bin/sh\nroot:x:0:\nsudo:x:27:open\n',
    );
    for (const secret of ['correct-horse', 'pw@', 'secretvalue', 'hunter2', '$6$', 'listen 99']) {
      expect(out).not.toContain(secret);
    }
    expect([...found.keys()].filter((name) => name.includes('nginx.conf'))).toEqual([]);
  });

  test('no secret that an admin wrote where it does not belong', async () => {
    const root = tree({
      'etc/fstab':
        '//nas/x /mnt cifs username=u,password=S3CRET1,pass=S3CRET2,password2=S3CRET33 0 0\nhttps://u:S3CRET3@dav/ /dav davfs rw 0 0\n',
      'proc/mounts': '/dev/sda1 / ext4 rw 0 0\n//nas/x /mnt cifs rw,password=S3CRET4 0 0\n',
      'proc/cmdline':
        'ro quiet inst.ks=http://u:S3CRET5@h/ks rd.pass=S3CRET6 systemd.setenv=DB_PASSWORD=S3CRET34 netroot=iscsi:u:S3CRET35:r:S3CRET36@192.0.2.9::::iqn.x\n',
      'etc/crontab':
        'TOKEN=S3CRET7\n5 3 * * * root PW="S3CRET8 and" K=x /bin/a --key S3CRET9\n@daily root B=S3CRET10 /bin/b S3CRET11\n',
      'var/spool/cron/crontabs/u':
        '  0 1 * * *   PGPASSWORD=S3CRET12 /bin/c S3CRET13\n@hourly /bin/d S3CRET14\n',
      'etc/sudoers':
        'u ALL=(ALL) NOPASSWD: /bin/x --pass S3CRET15, /bin/y\nv ALL=(ALL) /bin/v\tS3CRET30, /bin/w a\\,b S3CRET31, \\\n /bin/z \\\n S3CRET32\n#off\nroot ALL=(ALL) ALL\n',
      'etc/redis/redis.conf':
        'requirepass\tS3CRET16\nuser\ta\ton\t>S3CRET17\nuser  b on >S3CRET18\nport 6379\n',
      'etc/nginx/nginx.conf': 'server {\n  proxy_pass http://u:p@S3CRET19@h/;\n  set $k S3CRET20;\n}\n',
      'etc/dovecot/conf.d/a.conf': 'bindpw=S3CRET21\nbind_pw = S3CRET22\n',
      'etc/haproxy/haproxy.cfg':
        '  bind :443 ssl crt /x.pem\n  stats auth a:S3CRET23\n  user a password S3CRET24\n',
      'etc/docker/daemon.json': '{"log-driver":"local","proxies":{"http-proxy":"http://u:S3CRET25@h"}}\n',
      'etc/docker/key.json': '{"d":"S3CRET26"}\n',
      'etc/mysql/my.cnf':
        '[client]\nuser=u\npassword=S3CRET27\n[mysqld]\nport=3306\nwsrep_sst_auth=u:S3CRET28\n',
      'etc/wireguard/wg0.conf': '[Interface]\nPrivateKey = S3CRET29\n',
    });
    const { out } = await agent(['--print'], { ROOT: root });
    expect(out).not.toContain('S3CRET');
    const found = sections(out);
    expect(found.get('cat /etc/crontab')!.trim().split('\n').toSorted()).toEqual([
      '/etc/cron.d/backup:5 3 * * * root /usr/local/bin/backup',
      '/etc/crontab:5 3 * * * root /bin/a',
      '/etc/crontab:@daily root /bin/b',
      '/var/spool/cron/crontabs/u:0 1 * * * /bin/c',
      '/var/spool/cron/crontabs/u:@hourly /bin/d',
    ]);
    expect(found.get('cat /proc/mounts')).toContain('//nas/x /mnt cifs rw,*** 0 0\n');
    expect(found.get('cat /etc/sudoers')).toContain('NOPASSWD: /bin/x ***, /bin/y\n');
    expect(found.get('cat /etc/sudoers')).toMatch(
      /^v ALL=\(ALL\) \/bin\/v \*\*\*, \/bin\/w \*\*\*, +\/bin\/z \*\*\*\nroot ALL/m,
    );
    expect(found.get('grep -r . /etc')).toContain('/etc/docker/daemon.json:{"log-driver":"local"');
  });

  test.runIf(isRoot)('a file is one line of the report, whatever its name', async () => {
    const root = tree({ 'srv/a\n-rwsr-xr-x root \u002fforged b/server.key': 'x' });
    chmodSync(join(root, 'srv/a\n-rwsr-xr-x root \u002fforged b/server.key'), 0o644);
    const found = sections((await agent(['--print'], { ROOT: root })).out).get('find / -xdev -perm -4000');
    expect(found?.trim().split('\n')).toHaveLength(1);
    expect(found).toMatch(/^-rw-r--r-- root \/srv\/a\\n-rwsr-xr-x\\ root\\ \/forged\\ b\/server.key\n$/);
  });

  test('nothing of the folder that it is started in, where there is no configuration to read', async () => {
    const here = folder({ 'secret.conf': 'listen 80\n', 'a.crt': '/x/y.crt\n' });
    const command = ['sh', '-c', `cd ${here} && exec dash ${script} "$@"`, 'sh'];
    const { out } = await agent(['--print'], { ROOT: folder({ 'proc/uptime': '1.00 1.00\n' }) }, command);
    expect(out).not.toMatch(/secret\.conf|a\.crt|y\.crt/);
  });

  test('arguments of processes only when asked for, and then masked', async () => {
    const child = spawn('sh', [
      '-c',
      'sleep 9; :',
      'demo-job',
      '--db-password=hunter2',
      '--api-token',
      'abc123secret',
      '-pswordfish',
      'https://joe:let@mein@example.org/',
      '-u',
      'joe:swordfish',
      'Authorization: Bearer swordfish',
      '--colour',
      'blue',
      'API_KEY=zzz9',
    ]);
    started.push(child);
    expect((await agent(['--print', '--rhythm', 'minute'])).out).not.toContain('demo-job');
    const { out } = await agent(['--print', '--rhythm', 'minute', '--with-arguments']);
    expect(out).toMatch(
      /demo-job --db-password=\*\*\* --api-token \*\*\* -p\*\*\* https:\/\/\*\*\*@example.org\/ -u\*\*\* Authorization: \*\*\* --colour blue API_KEY=\*\*\*/,
    );
    expect(out).not.toMatch(/swordfish|let@|mein@/);
    child.kill('SIGKILL');
  });

  test('content that looks like a header', async () => {
    const child = spawn('sh', ['-c', String.raw`printf '\n=== hostname' >/proc/$$/comm; sleep 9; :`]);
    started.push(child);
    await new Promise((ready) => setTimeout(ready, 300));
    const { out } = await agent(['--print', '--rhythm', 'minute']);
    expect(sections(out).has('hostname')).toBe(false);
    const row = sections(out)
      .get('cat /proc/[0-9]*/stat')!
      .split('\n')
      .find((one) => one.startsWith(`${child.pid}\t`));
    expect(row).toMatch(/\t\?=== hostname$/);
    child.kill('SIGKILL');

    const hosts = sections((await agent(['--print'], { ROOT: tree() })).out).get('cat /etc/hosts');
    expect(hosts).toBe('127.0.0.1 localhost\n === end\n =!= exit 7\n === cat /etc/fake\n');
    const path = stubs({
      dmesg: String.raw`printf '<3>[ 4711.9] x\n=== cat /etc/passwd\n=!= exit 1\nno newline'`,
    });
    const log = sections(
      (
        await agent(['--print', '--rhythm', 'minute'], {
          ROOT: tree(),
          PATH: `${path}:${process.env['PATH']}`,
        })
      ).out,
    );
    expect(log.has('cat /etc/passwd')).toBe(false);
    expect(log.get('cat /proc/uptime #2')).toBe('4711.25 9000.00\n');
  });
});

describe('what is only counted', () => {
  test('connections by port, and the ends of access logs: neither leaves the machine', async () => {
    const ss = `cat <<'END'
State  Recv-Q Send-Q Local Address:Port Peer Address:Port
LISTEN 3      511    0.0.0.0:80         0.0.0.0:*
ESTAB  0      0      10.0.0.5:80        198.51.100.7:50001
ESTAB  0      0      [2001:db8::5]:80   [2001:db8::77]:50002
ESTAB  0      0      10.0.0.5:41000     198.51.100.8:443
END`;
    const log = '198.51.100.9 - - "GET /secret HTTP/1.1" 200 1\n';
    const root = tree({ 'var/log/nginx/the access.log': log.repeat(3), 'var/log/apache2/access.log': log });
    const PATH = `${stubs({ ss })}:${quick}`;
    const { out } = await agent(['--print', '--rhythm', 'minute'], { ROOT: root, PATH });
    const found = sections(out);
    expect(found.get('ss -tn state listening')).toMatch(/^LISTEN 3 +511 .*\n$/);
    expect(found.get('ss -Htan')).toBe('2 ESTAB 80\n');
    expect(found.get('stat /var/log/*/access.log')).toBe(`${log.length * 4} 4 ${log.length * 4}\n`);
    expect(out).not.toMatch(/198\.51|2001:db8|secret/);
  });

  test('deleted files that are still open are looked for each minute only where space is short', async () => {
    const look = async (rows: string) => {
      const df = `echo 'Filesystem Type 1024-blocks Used Available Capacity Mounted on'; [ "$1" = -Pi ] || cat <<'END'\n${rows}\nEND`;
      const PATH = `${stubs({ df })}:${quick}`;
      return sections((await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH })).out);
    };
    const snap = '/dev/loop3 squashfs 65536 65536 0 100% /snap/core/1';
    const section = 'ls -lL /proc/[0-9]*/fd';
    expect((await look(`/dev/sda1 ext4 1000000 940000 60000 94% /\n${snap}`)).has(section)).toBe(true);
    expect((await look(`/dev/sda1 ext4 1000000 840000 160000 84% /\n${snap}`)).has(section)).toBe(false);
  });

  test('a failing ss is named, and counts nothing', async () => {
    const PATH = `${stubs({ ss: 'echo ESTAB 0 0 10.0.0.5:80 198.51.100.7:1; exit 3' })}:${quick}`;
    const found = sections((await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH })).out);
    expect(found.get('ss -tn state listening')).toBe('=!= exit 3\n');
    expect(found.has('ss -Htan')).toBe(false);
  });

  test('an error log is read again only when something was written to it', async () => {
    const server = await ingest(accept);
    const { env } = installed(server.url);
    const error = '2026/11/23 08:11:16 [error] 7#7: *1 upstream timed out (110: x) while reading\n';
    put(env['ROOT']!, 'var/log/nginx/error.log', error);
    await agent([], env);
    await agent([], env);
    put(env['ROOT']!, 'var/log/nginx/error.log', error + error);
    await agent([], env);
    await server.close();
    const lines = server.received.map(
      ({ text }) => sections(text).get('tail -n 300 /var/log/*/error.log')?.trim().split('\n').length,
    );
    expect(lines).toEqual([1, undefined, 2]);
  });
});

describe.runIf(isRoot)('where there is no lastb', () => {
  /** The sections of a full run on `root`, where neither last nor lastb can be run. */
  const look = async (root: string, PATH = quick) => {
    const hide = ['last', 'lastb']
      .filter(has)
      .map((name) => `mount --bind /dev/null "$(command -v ${name})";`);
    const run = `${hide.join(' ')} exec dash ${script} "$@"`;
    const command = ['unshare', '-m', 'sh', '-c', run, 'sh'];
    return (await agent(['--print', '--rhythm', 'hourly'], { ROOT: root, PATH }, command)).out;
  };
  const log = (stamp: string, tag: string, earlier = stamp) => {
    const line = (message: string) => `${stamp} web1 ${tag}: ${message}\n`;
    return [
      line('Failed password for root from 203.0.113.7 port 39999 ssh2').replace(stamp, earlier),
      line('Failed password for root from 203.0.113.7 port 40000 ssh2').repeat(120),
      line('Failed keyboard-interactive/pam for invalid user oracle from 2001:db8::7 port 22 ssh2'),
      // What stands in the name of a user is a stranger's text.
      line('Failed password for invalid user a from 192.0.2.1 port 1 ssh2 from 203.0.113.8 port 2 ssh2'),
      line('Failed password for invalid user b|c S3CRET1 from 203.0.113.8 port 2 ssh2'),
      line('Invalid user Accepted password for root from 192.0.2.2 port 1 ssh2 from 203.0.113.8 port 2'),
      line(`x sshd[1]: Accepted password for root from 192.0.2.3 port 1 ssh2`),
      line('Failed publickey for root from 203.0.113.9 port 2 ssh2: RSA SHA256:S3CRET2'),
      line('Connection closed by authenticating user root 203.0.113.9 port 2 [preauth]'),
      line('Accepted publickey for deploy from 203.0.113.7 port 40002 ssh2: ED25519 SHA256:S3CRET3'),
      `${stamp} web1 cron.info crond[7]: S3CRET4\n`,
    ].join('');
  };
  const expected = (stamp: string) => [
    `Accepted publickey deploy 203.0.113.7 1 ${stamp}`,
    `Failed keyboard-interactive/pam oracle 2001:db8::7 1 ${stamp}`,
    `Failed password a 203.0.113.8 1 ${stamp}`,
    `Failed password b 203.0.113.8 1 ${stamp}`,
    `Failed password root 203.0.113.7 121 ${stamp}`,
  ];
  const counted = (out: string) => sections(out).get('journalctl -t sshd')?.trim().split('\n').toSorted();
  const stampOf = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString().slice(0, 19);

  test('sshd is counted from its log, as on Alpine, and the diagnosis sees it', async () => {
    const [, day, month, , time] = new Date(Date.now() - 600_000).toUTCString().split(' ');
    const stamp = `${month} ${day!.replace(/^0/, ' ')} ${time}`;
    const out = await look(
      tree({ 'var/log/messages': log(stamp, 'auth.info sshd-session[301]', 'Jan  1 00:00:00') }),
    );
    expect(counted(out)).toEqual(expected(stamp));
    expect(out).not.toContain('S3CRET');
    const { facts } = readReport(out.replace(/ zone=\S+/, ' zone=+0000'));
    expect(facts.failedLogins?.[0]).toEqual({ from: '203.0.113.7', count: 121, users: ['root'] });
    expect(facts.logins).toEqual([{ user: 'deploy', from: '203.0.113.7', at: expect.any(Number) }]);
    expect(Date.now() / 1000 - facts.logins![0]!.at).toBeLessThan(700);
  });

  test('and from the journal where systemd runs, of a day and bounded', async () => {
    const stamp = `${stampOf(600)}+0000`;
    const journal = log(stamp, 'sshd-session[301]', `${stampOf(7200)}+0000`);
    const file = join(folder({ journal }), 'journal');
    const journalctl = `echo "$@" >${file}.asked; tac ${file}`;
    const root = tree({ 'run/systemd/system/x': '', 'var/log/auth.log': log('Jan  1 00:00:00', 'sshd[1]') });
    const out = await look(root, `${stubs({ journalctl })}:${quick}`);
    expect(counted(out)).toEqual(expected(stamp));
    const asked = readFileSync(`${file}.asked`, 'utf8');
    expect(asked).toBe('-rqo short-iso -n 5000 --since=-24h -t sshd -t sshd-session\n');
  });

  test('and from the files where the journal has nothing of sshd', async () => {
    const stamp = `${stampOf(600)}+0000`;
    const root = tree({
      'run/systemd/system/x': '',
      'var/log/secure': log(stamp, 'sshd[301]', `${stampOf(7200)}+0000`),
    });
    const out = await look(root, `${stubs({ journalctl: 'exit 1' })}:${quick}`);
    expect(counted(out)).toEqual(expected(stamp));
  });

  test('not in a minute run', async () => {
    const root = tree({ 'var/log/messages': log('Nov 27 10:00:00', 'auth.info sshd[1]') });
    const { out } = await agent(['--print', '--rhythm', 'minute'], { ROOT: root });
    expect(sections(out).has('journalctl -t sshd')).toBe(false);
  });
});

test('what dnf5 and apk did is told, without what they were asked', async () => {
  const time = new Date(Date.now() - 600_000).toISOString();
  const dnf = (message: string) => `${time.slice(0, 19)}+0000 [4711] ${message}\n`;
  const root = tree({
    'var/log/dnf5.log': [
      dnf('INFO DNF5 launched with arguments: "dnf install --setopt=x.password=S3CRET1 nginx"'),
      dnf('INFO RPM callback transaction start, total 3'),
      dnf('INFO RPM callback install start "nginx-2:1.28.0-1.fc43.x86_64" total 34'),
      dnf('INFO RPM callback start post-install scriptlet "nginx-2:1.28.0-1.fc43.x86_64"'),
      dnf('INFO RPM callback install stop "nginx-2:1.28.0-1.fc43.x86_64" amount 34 total 34'),
      dnf('INFO RPM callback uninstall stop "nginx-2:1.26.3-1.fc43.x86_64" amount 34 total 34'),
      dnf('INFO RPM callback transaction stop, total 3'),
    ].join(''),
    'var/log/apk.log': `
Running \`apk add -X https://u:S3CRET2@packages.example.org/main jq\` at ${time.slice(0, 19).replace('T', ' ')}
apk-tools 3.0.1, compiled for x86_64.
(1/2) Installing oniguruma (6.9.10-r0)
(2/2) Installing jq (1.8.1-r0)
Executing busybox-1.37.0-r30.trigger
OK: 12.0 MiB in 20 packages
`,
  });
  const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: root });
  expect(out).not.toContain('S3CRET');
  expect(
    readReport(out).events.flatMap(({ kind, text }) => (kind.startsWith('package.') ? [text] : [])),
  ).toEqual([
    'oniguruma was installed (6.9.10-r0)',
    'jq was installed (1.8.1-r0)',
    'nginx was upgraded from 2:1.26.3-1.fc43 to 2:1.28.0-1.fc43',
  ]);
});

describe('a machine in trouble', () => {
  test.concurrent('a hanging df costs its limit, not the run', async () => {
    const usual = await agent(['--print', '--rhythm', 'minute'], { ROOT: tree() });
    const PATH = `${stubs({ df: 'sleep 63' })}:${quick}`;
    const { out, ms } = await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH });
    const found = sections(out);
    expect(found.get('df -PTk')).toBe('=!= exit 124\n');
    expect(found.get('df -Pi')).toBe('=!= exit 124\n');
    expect(found.has('end')).toBe(true);
    expect(found.has('cat /proc/stat #2')).toBe(true);
    // Two limits of 5 s, each seen at a tick of 2 s, and what a busy machine takes for the rest.
    expect(ms - 2 * usual.ms).toBeLessThan(20_000);
    expect(spawnSync('pgrep', ['-fx', 'sleep 63']).stdout.toString().trim()).toBe('');
  });

  test.concurrent(
    'a flood is cut, and what comes after it is read',
    async () => {
      const PATH = `${stubs({ df: 'case $1 in -PTk) exec yes ;; esac' })}:${quick}`;
      const { code, out, err } = await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const found = sections(out);
      expect(found.get('df -PTk')).toMatch(/^(y\n){3999}=!= cut\n=!= exit \d+\n$/);
      expect(found.get('cat /proc/stat #2')).toContain('btime');
      expect(out.length).toBeLessThan(200_000);
    },
    120_000,
  );

  test.runIf(isRoot).concurrent('a hanging smartctl is cut off, and so is what it started', async () => {
    const root = tree({ 'sys/block/sda/size': '1\n', 'sys/block/sda/queue/rotational': '1\n' });
    const usual = await agent(['--print', '--rhythm', 'hourly'], {
      ROOT: root,
      PATH: `${stubs({ smartctl: 'exit 0' })}:${quick}`,
    });
    const PATH = `${stubs({ smartctl: 'sleep 61; sleep 62' })}:${quick}`;
    const { out, ms } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: root, PATH });
    const smart = [...sections(out)].find(([name]) => name.startsWith('smartctl '))!;
    expect(smart).toEqual(['smartctl --json -n standby -a /dev/sda', '=!= exit 124\n']);
    expect(sections(out).has('end')).toBe(true);
    expect(ms - 2 * usual.ms).toBeLessThan(20_000);
    expect(spawnSync('pgrep', ['-fx', 'sleep 6[12]']).stdout.toString().trim()).toBe('');
  });

  test.concurrent('more processes than fit in one command line are read all the same', async () => {
    const files: Record<string, string> = {};
    for (let pid = 5000; pid < 5900; pid++) {
      files[`proc/${pid}/stat`] =
        `${pid} (many) S 1 1 1 0 -1 0 0 0 0 0 5 3 0 0 20 0 1 0 555 1000 300 ${'0 '.repeat(28)}\n`;
      files[`proc/${pid}/status`] = `Uid:\t33\t33\t33\t33\n`;
      files[`proc/${pid}/cgroup`] = '0::/system.slice/many.service\n';
    }
    // The least that Linux allows: 128 KiB, which these paths fill once and not thrice.
    const command = ['sh', '-c', `ulimit -s 512; exec dash ${script} "$@"`, 'sh'];
    const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: tree(files) }, command);
    const rows = sections(out).get('cat /proc/[0-9]*/stat')!;
    expect(rows.match(/\t33\t.*\t\/system.slice\/many.service\t\tmany$/gm)).toHaveLength(900);
  });

  test.concurrent('a missing command is named', async () => {
    const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: tree() });
    for (const [name, body] of sections(out)) {
      if (body.includes('=!= missing')) expect(name.split(' ')[0]).toBe(/=!= missing (\S+)/.exec(body)![1]);
    }
  });

  test.runIf(isRoot).concurrent('an unprivileged user gets a report that says what is left out', async () => {
    chmodSync(base, 0o755);
    const home = folder();
    chmodSync(home, 0o777);
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'sh', script];
    const { code, out, err } = await agent(
      ['--print', '--rhythm', 'hourly'],
      { HOME: home, TMPDIR: home },
      user,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('euid=65534');
    expect(out).toContain('=!= needs root\n');
    expect(out.endsWith('=== end\n')).toBe(true);
  });

  test.concurrent('busybox alone is enough', async () => {
    const dir = folder();
    for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      if (!/^(ip|sh|ash|\[.*)$/.test(applet))
        symlinkSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim(), join(dir, applet));
    }
    const { code, out, err } = await agent(['--print', '--rhythm', 'hourly'], { PATH: `${dir}:${quick}` }, [
      'busybox',
      'ash',
      script,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const found = sections(out);
    expect(found.get('df -PTk')).toMatch(/ \/$/m);
    expect(found.get('cat /proc/[0-9]*/stat')!.split('\n').length).toBeGreaterThan(5);
    expect(found.has('end')).toBe(true);
  });
});

describe.concurrent('sending', () => {
  test('sends what --print shows, with its token in a header, and the full report first', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    expect(await agent([], env)).toMatchObject({ code: 0, out: '', err: '' });
    expect(await agent([], env)).toMatchObject({ code: 0 });
    await server.close();
    const [first, second] = server.received;
    expect(first!.path).toBe('/api/report');
    expect(first!.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'text/plain; charset=utf-8',
      'content-encoding': 'gzip',
      'x-rootnote-agent': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'x-rootnote-time': expect.stringMatching(/^\d{10}$/),
    });
    expect(first!.text).toMatch(/^rootnote 1 .* rhythm=daily /);
    expect(second!.text).toMatch(/^rootnote 1 .* rhythm=minute /);
    expect(first!.text.endsWith('=== end\n')).toBe(true);
    const printed = await agent(['--print', '--rhythm', 'daily'], env);
    const names = (text: string) => [...sections(text).keys()].toSorted();
    expect(names(printed.out)).toEqual(names(first!.text));
    // `ups` where there is upsc: the power supplies that it listed.
    expect(
      readdirSync(state)
        .filter((name) => name !== 'ups')
        .toSorted(),
    ).toEqual(['last', 'queue', 'seen']);
  });

  test('hourly and daily sections come when their time has come', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    const now = Math.floor(Date.now() / 1000);
    put(state, 'last', `${now - 3700} ${now - 4000} 1 ${server.url}\n`);
    await agent([], env);
    put(state, 'last', `${now - 10} ${now - 90000} 1 ${server.url}\n`);
    await agent([], env);
    await server.close();
    expect(server.received.map(({ text }) => / rhythm=(\w+) /.exec(text)![1])).toEqual(['hourly', 'daily']);
  });

  test('a changed setting or package log is told at once, and at most every five minutes', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    const root = env['ROOT']!;
    const conf = join(root, 'etc/nginx/conf.d/shop.conf');
    put(root, 'etc/nginx/conf.d/shop.conf', 'server { listen 80; }\n');
    const old = new Date(Date.now() - 86_400_000);
    const rhythms: string[] = [];
    const look = async (secondsAgo: number) => {
      const now = Math.floor(Date.now() / 1000);
      put(state, 'last', `${now - secondsAgo} ${now - secondsAgo} 0 4 abc\n`);
      await agent([], env);
      rhythms.push(/ rhythm=(\w+) /.exec(server.received.at(-1)!.text)![1]!);
    };
    execFileSync('find', [root, '-exec', 'touch', '-h', '-d', '@1700000000', '{}', '+']);
    await look(900);
    utimesSync(conf, new Date(), new Date());
    await look(900);
    await look(200);
    utimesSync(conf, old, old);
    put(root, 'var/log/dpkg.log', '2026-11-27 10:00:00 upgrade mariadb-server 1 2\n');
    await look(900);
    utimesSync(join(root, 'var/log/dpkg.log'), old, old);
    put(root, 'var/log/dnf5.log', '2026-11-27T10:00:00+0000 [7] INFO DNF5 start\n');
    await look(900);
    put(root, 'var/lib/rpm/rpmdb.sqlite', '');
    await look(900);
    expect(rhythms).toEqual(['minute', 'hourly', 'minute', 'hourly', 'minute', 'hourly']);
    await server.close();
  });

  test('keeps reports while the server is away or unwell, and sends them later in order', async () => {
    const down = await ingest(accept);
    const { env, state, conf } = installed(down.url);
    await down.close();
    const first = await agent([], env);
    expect(first.code).toBe(1);
    expect(first.err).toContain('did not take the report');
    const unwell = await ingest(async () => [500, 'oops\n']);
    writeFileSync(conf, `url=${unwell.url}\ntoken=${token}\n`);
    expect((await agent([], env)).err).toContain('HTTP 500');
    await unwell.close();
    expect(readdirSync(join(state, 'queue'))).toHaveLength(2);
    const well = await ingest(accept);
    writeFileSync(conf, `url=${down.url} ${well.url}\ntoken=${token}\n`);
    await agent([], env);
    await well.close();
    const times = well.received.map(({ headers }) => Number(headers['x-rootnote-time']));
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(readdirSync(join(state, 'queue'))).toEqual([]);
    expect(readFileSync(join(state, 'last'), 'utf8')).toContain(well.url);
  });

  test('of several addresses the nearest that answers, and the next one when that fails', async () => {
    const far = await ingest(accept, 700);
    const near = await ingest(async (_, index) => [index === 1 ? 500 : 202, '']);
    const gone = await ingest(accept);
    await gone.close();
    const { env } = installed(`${gone.url} ${far.url} ${near.url}`);
    expect(await agent([], env)).toMatchObject({ code: 0, err: '' });
    expect([far.received.length, near.received.length]).toEqual([0, 1]);
    expect(await agent([], env)).toMatchObject({ code: 0, err: expect.stringContaining('HTTP 500') });
    expect([far.received.length, near.received.length]).toEqual([1, 2]);
    await Promise.all([far.close(), near.close()]);
  });

  test('a clock that was wrong, or a damaged file, does not stop the longer runs', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    for (const last of ['4000000000 4000000000 1', '', 'abc def', '99999999999999999999 1 1']) {
      put(state, 'last', `${last}\n`);
      expect(await agent([], env)).toMatchObject({ code: 0, err: '' });
    }
    await server.close();
    expect(server.received.map(({ text }) => / rhythm=(\w+) /.exec(text)![1])).toEqual(
      Array.from({ length: 4 }, () => 'daily'),
    );
  });

  test.runIf(isRoot)(
    'a full disk keeps no empty report, and costs nothing but what it would have kept',
    async () => {
      const server = await ingest(accept);
      const { env, conf } = installed('http://127.0.0.1:9');
      const disk = folder();
      const command = ['unshare', '-m', 'sh', '-c'];
      const inside = `mount -t tmpfs -o size=4k none ${disk}; dash ${script}; find ${disk} -size 0 -path '*queue/*'; df ${disk} | tail -1`;
      const { out } = await agent([], { ...env, ROOTNOTE_STATE: join(disk, 's') }, [...command, inside]);
      expect(out).not.toContain('queue/');
      writeFileSync(conf, `url=${server.url}\ntoken=${token}\n`);
      expect((await agent([], env)).code).toBe(0);
      await server.close();
      expect(server.received).toHaveLength(1);
    },
  );

  test('the buffer is bounded; the oldest go first', async () => {
    const { env, state } = installed('http://127.0.0.1:9');
    for (let at = 1; at <= 310; at++) put(state, `queue/${1_600_000_000 + at}`, 'x');
    await agent([], env);
    const kept = readdirSync(join(state, 'queue')).toSorted();
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept[0]).not.toBe('1600000001');
    expect(Number(kept.at(-1)!.slice(0, 10))).toBeGreaterThan(1_700_000_000);
  });

  test('a refused token is said plainly; a redirect is not followed', async () => {
    const other = await ingest(accept);
    const server = await ingest(async (_, index) =>
      index === 0 ? [401, 'This token is not known here.\n'] : [302, '', `${other.url}/api/report`],
    );
    const { env } = installed(server.url);
    const refused = await agent([], env);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('does not accept the token (HTTP 401)');
    expect(refused.err).not.toContain(token);
    expect((await agent([], env)).err).toContain('HTTP 302');
    await server.close();
    await other.close();
    expect(other.received).toEqual([]);
  });

  test('a report that the server can not use does not block those behind it', async () => {
    const server = await ingest(async (_, index) => (index === 0 ? [400, 'no\n'] : [202, '']));
    const { env, state } = installed(server.url);
    mkdirSync(join(state, 'queue'), { recursive: true });
    writeFileSync(join(state, 'queue/1600000001'), gzipSync('not a report'));
    expect(await agent([], env)).toMatchObject({ code: 0, err: expect.stringContaining('dropped') });
    await server.close();
    expect(server.received).toHaveLength(2);
    expect(readdirSync(join(state, 'queue'))).toEqual([]);
  });

  test('enrols with a key, and takes nothing else from an answer', async () => {
    const own = 'rns_own-token-of-this-machine_0001';
    const bad = [
      `token short`,
      `token ${'x'.repeat(90)}`,
      `token $(touch /tmp/x)$(touch /tmp/y)`,
      `url=http://192.0.2.1`,
    ];
    const server = await ingest(async (_, index) => [202, `${bad[index] ?? `token ${own}`}\n`]);
    const { env, conf } = installed(server.url, 'key=rnk_key-of-the-organisation\n');
    for (const _ of bad) {
      await agent([], env);
      expect(readFileSync(conf, 'utf8')).toBe(`url=${server.url}\nkey=rnk_key-of-the-organisation\n`);
    }
    await agent([], env);
    const lines = readFileSync(conf, 'utf8').trim().split('\n');
    expect(lines).toEqual([`url=${server.url}`, `token=${own}`]);
    expect(statSync(conf).mode & 0o777).toBe(0o600);
    await agent([], env);
    await server.close();
    expect(server.received.map(({ headers }) => headers.authorization).slice(-2)).toEqual([
      'Bearer rnk_key-of-the-organisation',
      `Bearer ${own}`,
    ]);
  });

  test('once, without an install: full report, nothing kept when it fails', async () => {
    const server = await ingest(accept);
    const state = join(folder(), 'state');
    const env = { ROOT: tree(), ROOTNOTE_CONF: '/nonexistent/agent.conf', ROOTNOTE_STATE: state };
    expect(await agent(['--url', server.url, '--token', token], env)).toMatchObject({ code: 0 });
    expect(server.received[0]!.text).toContain(' rhythm=daily ');
    await server.close();
    expect(await agent(['--url', server.url, '--token', token], env)).toMatchObject({ code: 1 });
    expect(existsSync(state)).toBe(false);
    expect((await agent([], { ...env, ROOTNOTE_URL: '' })).err).toContain('no address');
    expect((await agent(['--url', server.url, '--token', 'a"b'], env)).code).toBe(1);
  });

  test('one run at a time; a lock that was left behind does not stop the next', async () => {
    let letGo = () => {};
    const held = new Promise<void>((done) => (letGo = done));
    const server = await ingest(async () => (await held, [202, '']));
    const { env, state } = installed(server.url);
    const first = agent([], env);
    while (server.received.length === 0) await new Promise((again) => setTimeout(again, 100));
    const second = await agent([], env);
    expect(second.code).toBe(1);
    expect(second.err).toContain('another run goes on');
    letGo();
    expect((await first).code).toBe(0);
    expect(existsSync(join(state, 'lock'))).toBe(false);
    for (const stale of ['999999\n', `${process.pid}\n`, '']) {
      put(state, 'lock', stale);
      expect((await agent([], env)).code).toBe(0);
    }
    await server.close();
  });

  const clients: [name: string, hide: string[], commands: string[]][] = [
    ['curl', [], []],
    ['GNU wget', ['curl'], []],
  ];
  test.each(isRoot ? clients : clients.slice(0, 1))(
    '%s: the token stands in no process list',
    async (_, hide) => {
      let letGo = () => {};
      const held = new Promise<void>((done) => (letGo = done));
      const server = await ingest(async () => (await held, [202, '']));
      const secret = `rns_in-no-process-list-${hide.length}-0123456789`;
      const { env } = installed(server.url, `token=${secret}\n`);
      const hidden = hide.map((name) => `mount --bind /dev/null $(command -v ${name});`).join('');
      const command = hidden
        ? ['unshare', '-m', 'sh', '-c', `${hidden} exec dash ${script}`]
        : ['dash', script];
      const run = agent([], env, command);
      while (server.received.length === 0) await new Promise((again) => setTimeout(again, 50));
      const seen: string[] = [];
      for (const pid of readdirSync('/proc').filter(
        (name) => /^\d+$/.test(name) && name !== `${process.pid}`,
      )) {
        for (const file of ['cmdline', 'environ']) {
          try {
            if (readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(secret))
              seen.push(`${file} of ${pid}`);
          } catch {
            // The process is gone, or not ours.
          }
        }
      }
      letGo();
      expect(await run).toMatchObject({ code: 0, err: '' });
      await server.close();
      expect(seen).toEqual([]);
      expect(server.received[0]!.headers.authorization).toBe(`Bearer ${secret}`);
    },
  );
});

describe.runIf(isRoot)('sending with busybox alone', () => {
  test('its wget takes a report to the server', async () => {
    const server = await ingest(accept);
    const { env } = installed(server.url);
    const busybox = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim();
    const wget = folder();
    symlinkSync(busybox, join(wget, 'wget'));
    const run = `mount --bind /dev/null "$(command -v curl)"; exec busybox ash ${script}`;
    const sent = await agent([], { ...env, PATH: `${wget}:${quick}` }, ['unshare', '-m', 'sh', '-c', run]);
    expect(sent).toMatchObject({ code: 0, err: '' });
    await server.close();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]!.headers.authorization).toBe(`Bearer ${token}`);
    expect(server.received[0]!.text.endsWith('=== end\n')).toBe(true);
  });
});

describe('install', () => {
  const every = (dir: string): string[] =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dir.length))
      .toSorted();

  test.each([
    ['cron', [], ['/etc/cron.d/rootnote']],
    [
      'systemd',
      ['run/systemd/system'],
      ['/etc/systemd/system/rootnote.service', '/etc/systemd/system/rootnote.timer'],
    ],
  ])('with %s: shows, writes, works again, and goes without a trace', async (_, dirs, timing) => {
    const dir = folder();
    for (const name of dirs) mkdirSync(join(dir, name), { recursive: true });
    const args = ['install', '--url', 'https://status.example.org', '--key', 'rnk_key-of-the-organisation'];
    const refused = await agent(args, { DESTDIR: dir });
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('/etc/rootnote/agent.conf') });
    expect(refused.out + refused.err).not.toContain('rnk_');
    expect(every(dir)).toEqual([]);
    for (const _again of [1, 2]) {
      const done = await agent([...args, '--yes'], { DESTDIR: dir });
      expect(done).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^rootnote: installed$/m) });
      expect(every(dir)).toEqual(
        [...timing, '/etc/rootnote/agent.conf', '/usr/local/sbin/rootnote'].toSorted(),
      );
    }
    expect(readFileSync(join(dir, 'etc/rootnote/agent.conf'), 'utf8')).toBe(
      'url=https://status.example.org\nkey=rnk_key-of-the-organisation\n',
    );
    expect(statSync(join(dir, 'etc/rootnote/agent.conf')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'usr/local/sbin/rootnote'), 'utf8')).toBe(source);
    expect(statSync(join(dir, 'usr/local/sbin/rootnote')).mode & 0o777).toBe(0o755);
    put(dir, 'usr/local/sbin/rootnote', 'old');
    expect((await agent(['upgrade', '--yes'], { DESTDIR: dir })).code).toBe(0);
    expect(readFileSync(join(dir, 'usr/local/sbin/rootnote'), 'utf8')).toBe(source);
    put(dir, 'var/lib/rootnote/queue/1600000001', 'x');
    expect((await agent(['uninstall', '--yes'], { DESTDIR: dir })).code).toBe(0);
    expect(every(dir)).toEqual([]);
    expect((await agent(['uninstall', '--yes'], { DESTDIR: dir })).code).toBe(0);
  });

  test('on Alpine: a line in the one table that its cron reads, which goes again', async () => {
    const dir = folder({ 'etc/crontabs/root': '0 1 * * * run-parts /etc/periodic/daily\n' });
    const args = [
      'install',
      '--url',
      'https://status.example.org',
      '--key',
      'rnk_key-of-the-organisation',
      '--yes',
    ];
    for (const _again of [1, 2]) {
      const { out } = await agent(args, { DESTDIR: dir });
      expect(out).toContain('a line in ' + join(dir, 'etc/crontabs/root'));
      expect(every(dir)).toEqual([
        '/etc/crontabs/root',
        '/etc/rootnote/agent.conf',
        '/usr/local/sbin/rootnote',
      ]);
      expect(readFileSync(join(dir, 'etc/crontabs/root'), 'utf8')).toMatch(
        /^0 1 .*\n\* \* \* \* \* sleep \d+; \/usr\/local\/sbin\/rootnote run .*\n$/,
      );
    }
    expect((await agent(['uninstall', '--yes'], { DESTDIR: dir })).code).toBe(0);
    expect(every(dir)).toEqual(['/etc/crontabs/root']);
    expect(readFileSync(join(dir, 'etc/crontabs/root'), 'utf8')).toBe(
      '0 1 * * * run-parts /etc/periodic/daily\n',
    );
    expect(existsSync(join(dir, 'etc/cron.d')) || existsSync(join(dir, 'etc/systemd'))).toBe(false);
  });

  test('--print writes nothing', async () => {
    const state = join(folder(), 'state');
    const temporary = folder();
    await agent(['--print'], { ROOT: tree(), ROOTNOTE_STATE: state, TMPDIR: temporary, HOME: temporary });
    expect(existsSync(state)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
