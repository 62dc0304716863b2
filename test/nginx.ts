// A real nginx with a configuration of its own, for tests. Debian's package is needed: nginx-light.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Nginx {
  start(): Promise<void>;
  /** As `systemctl stop nginx` would: a fast, orderly end. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Files are served from `files` (path → text) on all addresses of the machine at `port`. Not started yet. */
export function prepareNginx(port: number, files: Record<string, string>): Nginx {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
  } catch {
    throw new Error('This test needs nginx. On Debian: apt-get install nginx-light');
  }
  const folder = mkdtempSync(join(tmpdir(), 'rootnote-nginx-'));
  chmodSync(folder, 0o755);
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'html', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
     events { worker_connections 64; }
     http { access_log off; root ${folder}/html; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
            fastcgi_temp_path ${folder}/fcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
            server { listen ${port}; } }\n`,
  );
  let child: ReturnType<typeof spawn> | undefined;
  const stop = async () => {
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child!.once('exit', done));
    child.kill('SIGTERM');
    await ended;
    child = undefined;
  };
  return {
    stop,
    async start() {
      child = spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' });
      for (let waited = 0; !(await answers(port)); waited += 50) {
        if (waited > 5000) throw new Error(`nginx did not start: see ${folder}/error.log`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function answers(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });
}
