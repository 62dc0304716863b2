// LISTEN/NOTIFY: every write that somebody may be looking at is announced, so that pages move without a reload.
import pg from 'pg';
import { type Change, changeSchema } from '#core/jobs.ts';
import { type Connection, prepared, type Transaction } from './client.ts';

const channel = 'rootnote_change';

/** Announces a change; inside a transaction it is sent on commit and only then. */
export async function announce(db: Transaction, change: Change): Promise<void> {
  await db.$executeRawUnsafe('SELECT pg_notify($1, $2)', channel, JSON.stringify(changeSchema.parse(change)));
}

/** The same for many changes at once, in the transaction of a connection. */
export async function announceAll(connection: Connection, changes: readonly Change[]): Promise<void> {
  if (!changes.length) return;
  await connection.query(
    prepared('SELECT pg_notify($1, change) FROM unnest($2::text[]) AS v(change)', [
      channel,
      changes.map((change) => JSON.stringify(changeSchema.parse(change))),
    ]),
  );
}

export interface ChangeListener {
  close(): Promise<void>;
}

/** Calls `onChange` for every change, and reconnects for ever; `onGap` tells that changes may have been missed. */
export async function listen(
  url: string,
  onChange: (change: Change) => void,
  onGap: () => void = () => undefined,
): Promise<ChangeListener> {
  let closed = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'rootnote-listen',
      keepAlive: true,
    });
    next.on('notification', ({ payload }) => {
      const change = changeSchema.safeParse(readJson(payload));
      if (change.success) onChange(change.data);
    });
    next.on('error', () => undefined);
    next.once('end', () => void reconnect());
    await next.connect();
    await next.query(`LISTEN ${channel}`);
    client = next;
  };
  const reconnect = async (): Promise<void> => {
    for (let wait = 200; !closed; wait = Math.min(wait * 2, 5000)) {
      await new Promise((done) => setTimeout(done, wait));
      if (closed) return;
      try {
        await connect();
        onGap();
        return;
      } catch {
        // The database is still away; try again after a longer pause.
      }
    }
  };
  await connect();
  return {
    async close() {
      closed = true;
      await client?.end().catch(() => undefined);
    },
  };
}

function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
