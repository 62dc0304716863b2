// The built site, served on a free port of loopback for as long as a measurement lasts.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, projectRoot } from '../../test/rootnote.ts';

export const builtPages = join(projectRoot, 'dist/client');

export interface ServedSite {
  url: string;
  stop(): void;
}

/** Without a database: the knowledge base does not need one. */
export async function serveSite(): Promise<ServedSite> {
  if (!existsSync(join(projectRoot, 'dist/server/entry.mjs')))
    throw new Error('Nothing is built yet: run `npm run build` first.');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(process.execPath, [join(projectRoot, 'site/serve.ts')], {
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      AUTH_SECRET: 'x'.repeat(32),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let tries = 0; ; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (tries > 100 || child.exitCode !== null) throw new Error('The built site does not answer.');
    await new Promise((done) => setTimeout(done, 100));
  }
  return { url, stop: () => void child.kill() };
}
