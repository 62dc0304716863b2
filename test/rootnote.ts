// The whole product, started as a person starts it, for end-to-end tests: `node start.ts` with a data folder of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const projectRoot = join(import.meta.dirname, '..');

export interface Rootnote {
  url: string;
  /** The one-time sign-in link of the first owner. */
  signInLink: string;
  enrolmentKey: string;
  data: string;
  pid: number;
  output(): string;
  /** As Ctrl+C: waits until everything ended, and returns the exit code. */
  stop(): Promise<number | null>;
  remove(): Promise<void>;
}

export async function startRootnote(variables: Record<string, string>): Promise<Rootnote> {
  const data = variables.ROOTNOTE_DATA ?? mkdtempSync(join(tmpdir(), 'rootnote-e2e-'));
  chmodSync(data, 0o755);
  const port = await freePort();
  const child = spawn(process.execPath, ['start.ts'], {
    cwd: projectRoot,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      VITEST: '',
      ROOTNOTE_DATA: data,
      PORT: String(port),
      PUBLIC_URL: '',
      // A test asks no name server of the machine it runs on.
      REGION_CONTROLS: 'none',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ready = /Stop: Ctrl\+C/;
  for (let waited = 0; !ready.test(output); waited += 100) {
    if (child.exitCode !== null || waited > 300_000) throw new Error(`Rootnote did not start:\n${output}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const find = (pattern: RegExp) => pattern.exec(output)?.[1] ?? '';
  return {
    url: `http://127.0.0.1:${port}`,
    signInLink: find(/^\s+(http\S+\/api\/auth\/callback\S+)$/m),
    enrolmentKey: find(/--key (\S+)/),
    data,
    pid: child.pid!,
    output: () => output,
    stop: () => stop(child),
    async remove() {
      await stop(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => {
    child.once('exit', (code) => done(code));
    child.kill('SIGINT');
  });
}

/** Runs the real agent once against a server and returns what it printed. */
export function runAgent(args: string[], shell = 'sh'): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    execFile(
      shell,
      [join(projectRoot, 'agent/rootnote.sh'), ...args],
      { timeout: 60_000 },
      (error, stdout, stderr) => {
        done({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
      },
    );
  });
}

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}
