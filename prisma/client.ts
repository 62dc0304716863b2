// The one database client. Everything that reads or writes tables gets it from here.
import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

export * from './generated/client.ts';
export type Database = PrismaClient;
/** The client inside a transaction. */
export type Transaction = Omit<
  PrismaClient,
  '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'
>;
/** A connection of the pool, for statements that handle many rows at once. */
export type Connection = pg.PoolClient;

// A process may load this file twice, from the site's bundle and as it is: both know the pool of a client.
const pools = ((globalThis as { [key: symbol]: unknown })[Symbol.for('rootnote.pools')] ??=
  new WeakMap()) as WeakMap<Database, pg.Pool>;

/** Opens a pool of at most `connections`. Connects on first use. */
export function openDatabase(url: string, connections = 8): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 30_000,
    // Prisma's adapter writes times in UTC and does not say so: a session in the zone of its server would take them for local ones.
    onConnect: (client) => client.query(`SET TIME ZONE 'UTC'`),
  });
  // A connection that breaks while it idles is replaced when it is needed; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    // Prisma's own 5 s are over before a busy machine has made its partitions, or another process has let go of the lock for that.
    transactionOptions: { timeout: 60_000, maxWait: 30_000 },
  });
  pools.set(db, pool);
  return db;
}

/** The pool behind a client, for the hot paths where a statement for each row would be the cost. */
export function poolOf(db: Database): pg.Pool {
  const pool = pools.get(db);
  if (!pool) throw new Error('This client was not opened with openDatabase.');
  return pool;
}

/**
 * Runs `work` in a transaction on one connection of the pool; what it throws rolls back and is thrown on. A statement that takes longer
 * than `seconds` is ended by PostgreSQL: who waits for it must not wait for ever.
 */
export async function inTransaction<T>(
  db: Database,
  work: (connection: Connection) => Promise<T>,
  { seconds = 30 }: { seconds?: number } = {},
): Promise<T> {
  const connection = await poolOf(db).connect();
  // Without a listener a connection that breaks between two statements would end the process; the next statement tells.
  const ignore = () => undefined;
  connection.on('error', ignore);
  let broken: Error | undefined;
  try {
    await connection.query(`BEGIN; SET LOCAL statement_timeout = ${seconds * 1000}`);
    const result = await work(connection);
    await connection.query('COMMIT');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    connection.off('error', ignore);
    connection.release(broken);
  }
}

const names = new Map<string, string>();

/** A statement that each connection plans once. Its text must be one of few: not one that grows with its rows. */
export function prepared(text: string, values: unknown[]): pg.QueryConfig {
  let name = names.get(text);
  if (!name) names.set(text, (name = createHash('sha256').update(text).digest('hex').slice(0, 16)));
  return { name, text, values };
}

/** Whether PostgreSQL refused what a statement said, and not the connection, the time or the room: the same again fails again. */
export function isRefused(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(0A|21|22|23|42)[0-9A-Z]{3}$/.test(code);
}
