// Echo requests through the machine's own programs: fping for many hosts in one process, else ping, one process a host.
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { isIP } from 'node:net';
import { ProbeFailure } from './attempt.ts';
import { socketFailure } from './connect.ts';

export interface EchoOptions {
  count: number;
  /** Between two requests to the same host. */
  periodMs: number;
  /** How long the last request may take. */
  waitMs: number;
  signal: AbortSignal;
  /** Between two requests to any host. */
  intervalMs?: number;
}

/** Round-trip times in ms, null for a lost one; or why the host could not be asked. */
export type Echo = { times: (number | null)[] } | { failure: ProbeFailure };

/** Programs that this process cannot use; tried again after a minute, so that an installation is noticed. */
const unusable = new Map<string, { why: 'missing' | 'no rights'; since: number }>();
const forgetMs = 60_000;
const pingProcesses = 20;

/** Asks all addresses at once. The map has an entry for each address given. */
export async function pingMany(addresses: string[], options: EchoOptions): Promise<Map<string, Echo>> {
  const unique = [...new Set(addresses)];
  if (usable('fping')) {
    const found = await withFping(unique, options);
    if (found) return found;
  }
  return withPing(unique, options);
}

function usable(program: string): boolean {
  const found = unusable.get(keyOf(program));
  return found === undefined || performance.now() - found.since > forgetMs;
}

function markUnusable(program: string, why: 'missing' | 'no rights'): void {
  unusable.set(keyOf(program), { why, since: performance.now() });
}

function keyOf(program: string): string {
  return `${program} in ${process.env.PATH ?? ''}`;
}

/** undefined when fping is not there or has no rights, so that ping may try. */
async function withFping(addresses: string[], options: EchoOptions): Promise<Map<string, Echo> | undefined> {
  const { count, periodMs, waitMs, intervalMs = 1 } = options;
  const args = ['-q', '-C', `${count}`, '-p', `${periodMs}`, '-t', `${waitMs}`, '-i', `${intervalMs}`];
  const run = await execute('fping', args, `${addresses.join('\n')}\n`, options.signal);
  if (run === undefined) return undefined;
  // fping's word for a system call that failed: the socket. With -q it does not say so.
  if (run.code === 4) {
    markUnusable('fping', 'no rights');
    return undefined;
  }
  const found = parseFping(run.stderr, count);
  const odd = run.code !== 0 && run.code !== 1;
  const failure = new ProbeFailure('prober-error', `fping failed: ${firstLine(run.stderr)}`);
  for (const address of addresses) {
    const echo = found.get(address) ?? (odd ? { failure } : { times: new Array<null>(count).fill(null) });
    const lost = 'times' in echo && echo.times.every((time) => time === null);
    found.set(address, (lost ? await routeFailure(address) : undefined) ?? echo);
  }
  return found;
}

/** fping does not say why a request could not be sent. Connecting a UDP socket sends nothing, and needs a route. */
function routeFailure(address: string): Promise<Echo | undefined> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    const end = (error?: NodeJS.ErrnoException): void => {
      socket.removeAllListeners();
      socket.close();
      const failure = error ? socketFailure(error, address) : undefined;
      resolve(failure?.code === 'connect-unreachable' ? { failure } : undefined);
    };
    socket.once('error', end);
    socket.once('connect', () => end());
    socket.connect(9, address);
  });
}

/** Lines such as `192.0.2.1 : 0.10 0.04 -`. */
export function parseFping(text: string, count: number): Map<string, Echo> {
  const found = new Map<string, Echo>();
  for (const line of text.split('\n')) {
    const match = /^(\S+)\s+: ([\d. -]+)$/.exec(line.trimEnd());
    if (!match) continue;
    const times = (match[2] ?? '')
      .trim()
      .split(/\s+/)
      .map((part) => (part === '-' ? null : Number(part)));
    if (times.length === count) found.set(match[1] ?? '', { times });
  }
  return found;
}

function noPermission(program: string, stderr: string): ProbeFailure {
  return new ProbeFailure(
    'prober-permission',
    `${program} may not open a socket for echo requests: ${firstLine(stderr)}`,
  );
}

async function withPing(addresses: string[], options: EchoOptions): Promise<Map<string, Echo>> {
  const found = new Map<string, Echo>();
  const queue = [...addresses];
  const work = async (): Promise<void> => {
    for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
      found.set(address, await pingOne(address, options));
    }
  };
  await Promise.all(Array.from({ length: Math.min(pingProcesses, queue.length) }, work));
  return found;
}

async function pingOne(address: string, { count, waitMs, periodMs, signal }: EchoOptions): Promise<Echo> {
  // -W in whole seconds and -i from 1 s are what BusyBox and a plain user of iputils may ask for; iputils allows 0.2 s to all.
  const wait = String(Math.max(1, Math.ceil(waitMs / 1000)));
  const base = [isIP(address) === 6 ? '-6' : '-4', '-n', '-c', String(count), '-W', wait];
  const interval = String(Math.max(0.2, periodMs / 1000));
  let run = await execute('ping', [...base, '-i', interval, address], '', signal);
  if (run && /invalid (option|number|argument)|usage:/i.test(run.stderr))
    run = await execute('ping', [...base, address], '', signal);
  if (run === undefined) return { failure: nothingUsable() };
  return parsePing(run.stdout, run.stderr, count);
}

function nothingUsable(): ProbeFailure {
  if (unusable.get(keyOf('fping'))?.why === 'no rights') return noPermission('fping', "can't create socket");
  return new ProbeFailure(
    'prober-missing',
    'Neither fping nor ping is installed here: apt-get install fping',
  );
}

/** The output of ping by iputils or BusyBox. A reply counts once, at the place of its sequence number. */
export function parsePing(stdout: string, stderr: string, count: number): Echo {
  const all = `${stderr}\n${stdout}`;
  if (/permission denied|operation not permitted|are you root|lacking privilege/i.test(stderr)) {
    return { failure: noPermission('ping', stderr) };
  }
  const replies = [...stdout.matchAll(/(?:icmp_)?seq=(\d+)\b.*?\btime[=<]([\d.]+) ?ms/g)];
  if (replies.length === 0) {
    if (
      /network (is )?unreachable|no route to host|host unreachable|cannot assign requested address|address not available/i.test(
        all,
      )
    ) {
      return {
        failure: new ProbeFailure('connect-unreachable', `Cannot be reached: ${firstLine(stderr || stdout)}`),
      };
    }
    if (!/packets transmitted/.test(stdout)) {
      return { failure: new ProbeFailure('prober-error', `ping failed: ${firstLine(stderr)}`) };
    }
  }
  // iputils counts from 1, BusyBox from 0.
  const first = /icmp_seq=/.test(stdout) ? 1 : 0;
  const times = new Array<number | null>(count).fill(null);
  for (const [, sequence, ms] of replies) {
    const index = Number(sequence) - first;
    if (index >= 0 && index < count) times[index] ??= Number(ms);
  }
  return { times };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) || 'no message';
}

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program with LC_ALL=C. undefined when it is not installed. */
function execute(
  program: string,
  args: string[],
  input: string,
  signal: AbortSignal,
): Promise<Run | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      signal,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('latin1').on('data', (chunk: string) => (stderr += chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') {
        resolve({ code: null, stdout, stderr: `${stderr}${error.message}` });
        return;
      }
      markUnusable(program, 'missing');
      resolve(undefined);
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
