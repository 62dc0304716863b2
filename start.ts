// `npm start`: builds what is missing, starts the database, the web server and a worker in one process tree, and says what to do next.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Environment, readEnvironment } from '#core/environment.ts';
import { isLocalUrl } from '#core/publicUrl.ts';
import type { EmbeddedPostgres } from '#prisma/embedded.ts';
import { holdFolder } from '#prisma/holdFolder.ts';
import { announceRunning, forgetRunning } from '#prisma/running.ts';
import { buildSite } from './site/buildSite.ts';

const root = import.meta.dirname;
const startedAt = Date.now();
process.chdir(root);

const usage = `Usage: npm start
Builds the site when it is not built, starts the embedded PostgreSQL unless DATABASE_URL is set, the web server and a worker, and says
what to do next. All settings are environment variables: README.md lists them.
Exit code: 0 stopped, 1 it could not go on, 2 bad use or a wrong setting.`;

let environment: Environment;
try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  environment = readEnvironment(process.env);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
const data = resolve(environment.ROOTNOTE_DATA);
mkdirSync(data, { recursive: true });

const children = new Map<string, ChildProcess>();
let database: EmbeddedPostgres | undefined;
let announced = false;
let release: (() => void) | undefined;
let stopping = false;
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));

try {
  await start();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await stop(1);
}

async function start(): Promise<void> {
  const publicUrl =
    environment.PUBLIC_URL ??
    `http://${environment.HOST === '0.0.0.0' ? '127.0.0.1' : environment.HOST}:${environment.PORT}`;
  // Before anything in the folder is touched: another one that runs there goes on.
  release = holdFolder(data, publicUrl);
  if (await isTaken(environment.HOST, environment.PORT)) {
    throw new Error(
      `Port ${environment.PORT} is taken by another program. Stop that one, or choose another: PORT=8080 npm start`,
    );
  }
  generateClient();
  await buildSite({
    publicUrl: environment.PUBLIC_URL,
    log: join(data, 'build.log'),
    onBuild: () => say('Building the site and the knowledge base (once; about a minute)'),
    children,
  });
  say('Starting the database');
  const url = environment.DATABASE_URL ?? (await startDatabase());
  const { migrate } = await import('#prisma/migrate.ts');
  const applied = await migrate(url);
  if (applied.length) say(`Applied ${applied.length} migration${applied.length > 1 ? 's' : ''}`);

  const secret = environment.AUTH_SECRET ?? readSecret();
  const variables = {
    ...process.env,
    DATABASE_URL: url,
    AUTH_SECRET: secret,
    PUBLIC_URL: publicUrl,
    ROOTNOTE_DATA: data,
  };
  const { openDatabase } = await import('#prisma');
  const db = openDatabase(url, 2);
  const { ensurePartitions } = await import('#prisma/partitions.ts');
  await ensurePartitions(db);
  const { createSignInLink, ensureFirstOwner } = await import('#portal/signInLink.ts');
  const owner = await ensureFirstOwner(db, environment.OWNER_EMAIL, secret);
  const signedIn = (await db.session.count()) > 0;
  const link = signedIn
    ? undefined
    : await createSignInLink(db, { email: owner.email, secret, baseUrl: publicUrl });
  await db.$disconnect();

  say('Starting the web server and a worker');
  keepRunning('web', [join(root, 'site/serve.ts')], {
    ...variables,
    HOST: environment.HOST,
    PORT: String(environment.PORT),
  });
  keepRunning('worker', [join(root, 'worker/main.ts')], variables);
  await untilAnswering(environment.HOST, environment.PORT);
  announced = true;
  announceRunning(data, { DATABASE_URL: url, AUTH_SECRET: secret, PUBLIC_URL: publicUrl });
  welcome(publicUrl, owner.enrolmentKey, link);
}

async function startDatabase(): Promise<string> {
  const { startEmbeddedPostgres } = await import('#prisma/embedded.ts');
  const server = await startEmbeddedPostgres(data);
  database = server;
  watchDatabase(server);
  return server.url;
}

/** A database that was killed is started again, on the same port; web and worker find it by themselves. */
function watchDatabase(server: EmbeddedPostgres): void {
  const timer = setInterval(() => {
    if (stopping) return clearInterval(timer);
    if (server.isRunning()) return;
    clearInterval(timer);
    console.error('The database ended; starting it again.');
    startDatabase().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      void stop(1);
    });
  }, 1000);
  timer.unref();
}

/** Prisma's client is generated code: made anew when schema.prisma changed. */
function generateClient(): void {
  execFileSync(process.execPath, [join(root, 'prisma/generate.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The key that signs sessions and links; made once, readable by its owner only. */
function readSecret(): string {
  const file = join(data, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Starts a part, and again when it ends by itself: after 1 s, 2 s … at most 30 s. Its output goes to a log in the data folder. */
function keepRunning(name: string, args: string[], env: NodeJS.ProcessEnv, wait = 1000): void {
  const log = createWriteStream(join(data, `${name}.log`), { flags: 'a' });
  // Detached: Ctrl+C reaches this process alone, which stops its parts in order.
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const since = Date.now();
  children.set(name, child);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('exit', (code, signal) => {
    children.delete(name);
    if (stopping) return;
    const pause = Date.now() - since > 60_000 ? 1000 : wait;
    console.error(
      `The ${name} ended (${signal ?? `exit ${code}`}); starting it again in ${pause / 1000} s. Its log is ${join(data, `${name}.log`)}`,
    );
    setTimeout(() => stopping || keepRunning(name, args, env, Math.min(pause * 2, 30_000)), pause);
  });
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (code === 0) console.log('\nStopping …');
  // One that did not come up leaves what another one, which runs, has announced.
  if (announced) forgetRunning(data);
  await Promise.all([...children.values()].map(stopChild));
  await database?.stop();
  release?.();
  if (code === 0) console.log('Stopped. Your data is safe; `npm start` continues where you left.');
  process.exit(code);
}

function stopChild(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    const last = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(last);
      done();
    });
    child.kill('SIGTERM');
  });
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port });
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', () => answer(false));
  });
}

async function untilAnswering(host: string, port: number): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    if (await isTaken(host, port)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`The web server did not come up within 30 s. Its log is ${join(data, 'web.log')}`);
}

function say(message: string): void {
  if (!stopping) console.log(`· ${message} …`);
}

function welcome(url: string, key: string | undefined, link: string | undefined): void {
  if (stopping) return;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`
Rootnote runs (started in ${seconds} s)

  Knowledge base and portal
    ${url}/
    ${url}/portal/

  ${link ? `Sign in as the first owner (this link works once, for a day)\n    ${link}` : 'Sign in with your address at the portal, or make a new one-time link\n    npm run -s signin'}

  Add a server: run this there, as root
    curl -fsS ${url}/agent -o rootnote.sh && sh rootnote.sh install --url ${url} --key ${key ?? 'KEY   (make an enrolment key in the portal: Settings)'}
${isLocalUrl(url) ? `\n  Only this machine reaches ${new URL(url).hostname}. So that other servers can report, start it with an address of this machine\n    HOST=0.0.0.0 PUBLIC_URL=${ownUrl()} npm start\n` : ''}
  Look before you send: sh rootnote.sh --print          Stop: Ctrl+C
`);
}

/** An address under which other machines may reach this one. */
function ownUrl(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  return `http://${own ?? 'ADDRESS'}:${environment.PORT}`;
}
