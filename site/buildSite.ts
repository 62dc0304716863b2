// Builds the pages and the web server, when something that they are made of has changed since they were built.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const buildLock = join(root, '.astro/building');

export interface SiteBuild {
  /** Address under which people will reach it: it is built into the pages. */
  publicUrl?: string | undefined;
  /** What the build prints goes to this file. */
  log: string;
  /** Called before a build. */
  onBuild(): void;
  /** The running build is in it, under the name `build`, for who has to end it. */
  children: Map<string, ChildProcess>;
}

/** Throws an Error with the end of the log when the build fails. */
export async function buildSite(about: SiteBuild): Promise<void> {
  const stamp = join(root, 'dist/.inputs');
  const inputs = [
    'site',
    'content',
    'core',
    'portal',
    'prisma/schema.prisma',
    'agent',
    'astro.config.mjs',
    'package-lock.json',
    'tsconfig.json',
  ];
  const hash = hashOf(inputs, about.publicUrl ?? '');
  const isBuilt = (): boolean =>
    existsSync(stamp) &&
    existsSync(join(root, 'dist/server/entry.mjs')) &&
    readFileSync(stamp, 'utf8') === hash;
  if (isBuilt()) return;
  await lockBuild();
  try {
    if (!isBuilt()) await runBuild(about);
    writeFileSync(stamp, hash);
  } finally {
    rmSync(buildLock, { force: true });
  }
}

/** Two that start at once must not build into the same folder: the second waits for the first, for ten minutes at most. */
async function lockBuild(): Promise<void> {
  mkdirSync(join(root, '.astro'), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(buildLock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const held = statSync(buildLock, { throwIfNoEntry: false });
    if (held && (Date.now() - held.mtimeMs > 600_000 || !isAnother(buildLock)))
      rmSync(buildLock, { force: true });
    else await new Promise((done) => setTimeout(done, 500));
  }
}

/** Whether the process that wrote its id into the file is another one and still runs. */
function isAnother(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    // Gone, or of another user: then it lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function runBuild({ log, onBuild, children }: SiteBuild): Promise<void> {
  onBuild();
  await new Promise<void>((done, failed) => {
    // Afresh: what an article looks like depends on which others there are, and the cache of Astro does not know it.
    const build = spawn(
      process.execPath,
      [join(root, 'node_modules/astro/bin/astro.mjs'), 'build', '--force'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NO_COLOR: '1' },
      },
    );
    children.set('build', build);
    const file = createWriteStream(log);
    build.stdout.pipe(file);
    build.stderr.pipe(file);
    build.once('error', failed);
    build.once('exit', (code) => {
      children.delete('build');
      if (code === 0) done();
      else
        failed(
          new Error(
            `The build failed:\n${readFileSync(log, 'utf8').split('\n').slice(-25).join('\n')}\nAll of it is in ${log}`,
          ),
        );
    });
  });
}

/** A hash over the contents of files and folders; test files do not change what is built. */
function hashOf(paths: string[], extra = ''): string {
  const hash = createHash('sha256').update(extra);
  const add = (path: string): void => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else if (!/\.(test\.ts|fixture\.\w+)$/.test(path)) {
      hash.update(relative(root, path)).update('\0').update(readFileSync(path));
    }
  };
  for (const path of paths) if (existsSync(join(root, path))) add(join(root, path));
  return hash.digest('hex');
}
