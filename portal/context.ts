// The portal's back: tRPC routers, sign-in, ingest. This file holds what they share in one process: database, queue, live changes.
import { type Environment, readEnvironment } from '#core/environment.ts';
import { type Database, openDatabase } from '#prisma';
import { openQueue, type Queue } from '#prisma/queue.ts';
import { Changes } from './changes.ts';

export interface Services {
  db: Database;
  environment: Environment;
  /** Signs sign-in links and derives enrolment keys. */
  secret: string;
  /** The address under which people and agents reach this server, without a slash at the end. */
  baseUrl: string;
  queue(): Promise<Queue>;
  changes: Changes;
  close(): Promise<void>;
}

/** Nothing connects before it is used. Throws an Error when DATABASE_URL or AUTH_SECRET is missing. */
export function openServices(environment: Environment): Services {
  const { DATABASE_URL: url, AUTH_SECRET: secret } = environment;
  if (!url)
    throw new Error('DATABASE_URL is not set. `npm start` sets it when it starts the embedded PostgreSQL.');
  if (!secret)
    throw new Error('AUTH_SECRET is not set. `npm start` makes one and keeps it in the data folder.');
  const db = openDatabase(url);
  const changes = new Changes(url);
  let queue: Promise<Queue> | undefined;
  return {
    db,
    environment,
    secret,
    baseUrl: baseUrlOf(environment),
    queue() {
      queue ??= openQueue(url, {
        serve: false,
        onError: (error) => console.error(`queue: ${error.message}`),
      }).catch((error: unknown) => {
        queue = undefined;
        throw error;
      });
      return queue;
    },
    changes,
    async close() {
      await changes.close();
      await queue?.then((open) => open.close()).catch(() => undefined);
      await db.$disconnect();
    },
  };
}

/** The one of this process, opened on first use: pages that never ask for it work without a database. */
export function services(): Services {
  const holder = globalThis as { [key]?: Services };
  return (holder[key] ??= openServices(readEnvironment(process.env)));
}

// The site's bundle and ingest may load this file twice; one process must not open two pools.
const key = Symbol.for('rootnote.services');

function baseUrlOf({ PUBLIC_URL, HOST, PORT }: Environment): string {
  if (PUBLIC_URL) return PUBLIC_URL;
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}
