// Test help: real servers on loopback, started and stopped by the tests.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProbeContext } from './probe.ts';

/** A context that may contact every address, as the command line's does. */
export function openContext(extra: Partial<ProbeContext> = {}): ProbeContext {
  return { signal: new AbortController().signal, allow: () => true, ...extra };
}

/** Listens on a free port and returns it. */
export async function listen(server: net.Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return (server.address() as net.AddressInfo).port;
}

/** A TCP server that does what the test says with each connection; `stop` cuts what is still open. */
export async function tcpServer(
  onConnection: (socket: net.Socket) => void,
  host = '127.0.0.1',
): Promise<{ port: number; stop: () => void }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    onConnection(socket);
  });
  const port = await listen(server, host);
  return {
    port,
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** A port on which nothing listens. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = net.createServer();
  const port = await listen(server, host);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Running {
  folder: string;
  pid: number;
  stop: () => Promise<void>;
}

/** Starts nginx with these lines inside `http { … }`; ready when it accepts on `port`. `$folder` is a directory of its own. */
export async function startNginx(
  port: number,
  http: string,
  prepare?: (folder: string) => void,
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'rootnote-nginx-'));
  prepare?.(folder);
  const config = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log info;
events { worker_connections 256; }
http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; ${http.replaceAll('$folder', folder)} }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  return startProgram(
    'nginx',
    'nginx-light',
    ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
    folder,
    port,
  );
}

/** Starts a program of a Debian package and waits until the port accepts. Throws a sentence that names a missing package. */
export async function startProgram(
  program: string,
  packageName: string,
  args: string[],
  folder: string,
  port: number,
): Promise<Running> {
  let said = '';
  let gone: string | undefined;
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.on('error', (error: NodeJS.ErrnoException) => {
    gone =
      error.code === 'ENOENT'
        ? `This test needs the program ${program}: apt-get install ${packageName}`
        : error.message;
  });
  child.on('exit', (code) => (gone ??= `${program} ended with ${code}: ${said.slice(0, 1000)}`));
  const deadline = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (gone !== undefined) throw new Error(gone);
    if (Date.now() > deadline)
      throw new Error(`${program} does not accept on port ${port}: ${said.slice(0, 1000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    folder,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Throws a sentence that names the Debian package when a program is not there. */
export function requireProgram(program: string, packageName: string): void {
  const found = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
    .split(':')
    .some((folder) => existsSync(join(folder, program)));
  if (!found) throw new Error(`This test needs the program ${program}: apt-get install ${packageName}`);
}
