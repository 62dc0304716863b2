// The processes that the ingest bench measures: a database, the web server, a worker that only reads reports, a bare server.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { hashSecret } from '#portal/secrets.ts';
import { openDatabase } from '#prisma';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#prisma/embedded.ts';
import { migrate } from '#prisma/migrate.ts';
import { ensurePartitions } from '#prisma/partitions.ts';
import { freePort, projectRoot } from '../../test/rootnote.ts';
import { endWithBench, isInterrupted, temporaryFolder, whenInterrupted } from '../interrupted.ts';
import { untilAnswering } from './send.ts';

export interface Bed {
  postgres: EmbeddedPostgres;
  client: pg.Client;
  /** The folder of the database. */
  data: string;
  /** One token a server. */
  tokens: string[];
  /** Pid of the postmaster. */
  postmaster(): number;
  remove(): Promise<void>;
}

/** The id of a server of the bed, from 1, as long as those that the product makes. */
export const serverIdOf = (number: number) => `server${String(number).padStart(19, '0')}`;

/** A fresh database with an organization of so many servers that have not reported yet. */
export async function makeBed(servers: number): Promise<Bed> {
  const data = temporaryFolder();
  chmodSync(data, 0o755);
  const lock = join(data, 'database/postgres/postmaster.pid');
  const postmaster = () => Number(readFileSync(lock, 'utf8').split('\n')[0]);
  whenInterrupted(async () => {
    if (!existsSync(lock)) return;
    // At once, without a checkpoint: what it holds is removed.
    process.kill(postmaster(), 'SIGQUIT');
    for (let waited = 0; waited < 10_000 && existsSync(lock); waited += 50) await pause(50);
  });
  const postgres = await startEmbeddedPostgres(data);
  await migrate(postgres.url);
  const db = openDatabase(postgres.url, 1);
  await ensurePartitions(db);
  await db.$disconnect();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  // A bench may kill the database under it.
  client.on('error', () => undefined);
  const tokens = Array.from({ length: servers }, () => `rns_${randomBytes(32).toString('base64url')}`);
  await client.query(`INSERT INTO "Organization" (id, name) VALUES ('bench', 'Bench')`);
  await client.query(
    `INSERT INTO "Server" (id, "organizationId", hostname, "tokenHash")
     SELECT id, 'bench', id, hash FROM unnest($1::text[], $2::text[]) AS t(hash, id)`,
    [tokens.map(hashSecret), tokens.map((_, index) => serverIdOf(index + 1))],
  );
  return {
    postgres,
    client,
    data,
    tokens,
    postmaster,
    async remove() {
      if (isInterrupted()) return;
      await client.end().catch(() => undefined);
      await (await startEmbeddedPostgres(data)).stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The environment of a part; its connections carry `name`, so that their cost can be told from that of the others. */
export function variables(url: string, name: string, port = 0): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: `${url}?application_name=${name}`,
    AUTH_SECRET: 'not a secret: this is a benchmark!',
    NODE_ENV: 'production',
    REGION_CONTROLS: 'none',
    HOST: '127.0.0.1',
    ...(port && { PORT: String(port) }),
  };
}

export interface Part {
  child: ChildProcess;
  pid: number;
  url: string;
}

export function requireBuiltSite(): void {
  if (!existsSync(join(projectRoot, 'dist/server/entry.mjs')))
    throw new Error('There is no built site. Run: npm run build');
}

/** The web server as it runs in production: `astro build` must have been run. */
export async function startWeb(databaseUrl: string, port?: number, quiet = false): Promise<Part> {
  requireBuiltSite();
  const at = port ?? (await freePort());
  const child = start(['site/serve.ts'], variables(databaseUrl, 'web', at), quiet);
  const url = `http://127.0.0.1:${at}`;
  await untilAnswering(`${url}/api/report`);
  return { child, pid: child.pid!, url };
}

/** A worker that reads reports, and judges if it is to, and does nothing else. */
export function startReader(databaseUrl: string, { quiet = false, judges = false } = {}): Part {
  const arguments_ = ['bench/ingest/readerProcess.ts', ...(judges ? ['judges'] : [])];
  const child = start(arguments_, variables(databaseUrl, 'reader'), quiet);
  return { child, pid: child.pid!, url: '' };
}

/** What is least possible in Node: takes the body, gunzips it, answers 202. */
export async function startBare(): Promise<Part> {
  const port = await freePort();
  const source = `
    import { createServer } from 'node:http';
    import { gunzipSync } from 'node:zlib';
    createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        if (parts.length) gunzipSync(Buffer.concat(parts));
        response.writeHead(202).end('stored\\n');
      });
    }).listen(${port}, '127.0.0.1');`;
  const child = start(['--input-type=module', '-e', source], process.env);
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url);
  return { child, pid: child.pid!, url };
}

function start(args: string[], env: NodeJS.ProcessEnv, quiet = false): ChildProcess {
  // The crash bench starts again what ended.
  if (isInterrupted()) throw new Error('The bench was interrupted.');
  return endWithBench(
    spawn(process.execPath, args, {
      cwd: projectRoot,
      env,
      stdio: ['ignore', 'ignore', quiet ? 'ignore' : 'inherit'],
    }),
  );
}

/** Ends a part and waits until it is gone. */
export function end({ child }: Part, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill(signal);
  });
}
