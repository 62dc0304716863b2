// Generates the database client. Prisma's CLI looks for an engine that it does not need for this and would download it:
// any existing file in its place keeps the step offline.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const stamp = join(folder, 'generated/.schema');
const schema = readFileSync(join(folder, 'schema.prisma'));
const hash = createHash('sha256').update(schema).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
  const cli = join(folder, '../node_modules/prisma/build/index.js');
  const { status, stderr } = spawnSync(process.execPath, [cli, 'generate'], {
    cwd: join(folder, '..'),
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  // What it says while all goes well tells nobody anything.
  if (status !== 0) {
    console.error(stderr);
    process.exit(1);
  }
  writeFileSync(stamp, hash);
}
