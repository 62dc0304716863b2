// The agent's script, run for real on a tree made on the fly, and a server on loopback that takes its reports.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll } from 'vitest';
import { requireProgram } from '#worker/probes/testServers.ts';

export const script = resolve(import.meta.dirname, '../agent/rootnote.sh');
export const source = readFileSync(script, 'utf8');
export const base = mkdtempSync(join(tmpdir(), 'rootnote-agent-'));
export const isRoot = process.getuid?.() === 0;
export const token = 'rns_0123456789abcdefghijklmnopqrstuvwxyz';
export const started: ChildProcess[] = [];

for (const name of ['dash', 'busybox', 'mksh', 'shellcheck']) requireProgram(name, name);
export const shells = ['dash', 'bash', 'bash --posix', 'busybox ash', 'mksh'];
if (has('ksh')) shells.push('ksh');
else console.warn('agentRun: ksh is not installed here, so the script is not tried under it.');
if (!isRoot) console.warn('agentRun: not root, so what only root can do is not tried.');

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

export function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

let count = 0;
export function folder(files: Record<string, string> = {}): string {
  const dir = join(base, `${++count}`);
  mkdirSync(dir);
  for (const [path, text] of Object.entries(files)) put(dir, path, text);
  return dir;
}

export function put(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

/** Programs that come first in PATH. */
export function stubs(programs: Record<string, string>): string {
  const dir = folder();
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(dir, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

/** Two that take seconds and do not matter here. */
export const quick = `${stubs({ 'apt-get': 'exit 0', dpkg: 'exit 0' })}:${process.env['PATH']}`;

interface Run {
  code: number | null;
  out: string;
  err: string;
  ms: number;
}

export function agent(
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
export function sections(report: string): Map<string, string> {
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
export function tree(more: Record<string, string> = {}): string {
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
      '  sl  local_address rem_address   st tx_queue\n  1: 00000000:0035 00000000:0000 07 0:0\n  2: 0100007F:1234 0100007F:0050 01 0:0\n  3: 0A0200C0:4321 356433C6:0035 01 0:0\n',
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
export async function ingest(
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

export const accept = async (): Promise<[number, string]> => [202, 'stored\n'];

/** An installed agent: its config, its state, a small tree to read. */
export function installed(
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
