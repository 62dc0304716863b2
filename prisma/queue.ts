// The typed queue over pg-boss: what is sent is checked against its contract, inside the sender's transaction when there is one.
import { fromPrisma, type Db, PgBoss } from 'pg-boss';
import { type JobData, jobNames, jobSchemas, type JobName } from '#core/jobs.ts';
import type { Connection, Transaction } from './client.ts';

export interface SendOptions {
  /** Inside this transaction: the job exists if and only if the transaction commits. */
  transaction?: Transaction;
  /** The same for a transaction on a connection of the pool. */
  connection?: Connection;
  /** At most one job with this key waits; a second one is dropped, since the first will see the same data. */
  key?: string;
  startAfter?: Date;
}

export interface Queue {
  send<N extends JobName>(name: N, data: JobData<N>, options?: SendOptions): Promise<void>;
  /** Many jobs in one statement, inside the transaction of a connection; each as with `key`. */
  sendAll<N extends JobName>(
    name: N,
    jobs: readonly { data: JobData<N>; key: string }[],
    connection: Connection,
  ): Promise<void>;
  /** Handles up to `batch` jobs at once. A handler that throws has its jobs tried again, five times, with growing pauses. */
  work<N extends JobName>(
    name: N,
    batch: number,
    handle: (jobs: JobData<N>[]) => Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}

const options = {
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  expireInSeconds: 300,
  // Who works at a job says so all the time: what a killed worker held comes back when it has been silent for this long.
  heartbeatSeconds: 20,
  deleteAfterSeconds: 3600,
  notify: true,
};
/** Seconds between two such words, and between two looks for jobs whose worker is silent. */
const pulse = { beat: 5, look: 10 };

/** A message waits out a mail server that is away for some four hours; nothing else would send it again. */
const optionsOf = (name: JobName) => (name === 'notify' ? { ...options, retryLimit: 50 } : options);

/** `serve: false` only sends: no maintenance, no handlers. Errors of the connection are reported to `onError` and survived. */
export async function openQueue(
  url: string,
  { serve, onError }: { serve: boolean; onError(error: Error): void },
): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: serve ? 'rootnote-worker-queue' : 'rootnote-queue',
    max: serve ? 4 : 2,
    supervise: serve,
    superviseIntervalSeconds: pulse.look,
    monitorIntervalSeconds: pulse.look,
    schedule: false,
    useListenNotify: serve,
  });
  boss.on('error', onError);
  await boss.start();
  for (const name of jobNames) {
    await boss.createQueue(name, { ...optionsOf(name), policy: 'short' });
    // One that an older version made keeps what it was made with.
    if (serve) await boss.updateQueue(name, optionsOf(name));
  }
  return {
    async send(name, data, { transaction, connection, key, startAfter } = {}) {
      const checked = jobSchemas[name].parse(data);
      await boss.send(name, checked, {
        ...(transaction && { db: fromPrisma(transaction) }),
        ...(connection && { db: fromConnection(connection) }),
        // The queue's policy is one waiting job a key; jobs without one would otherwise all share the empty key.
        singletonKey: key ?? crypto.randomUUID(),
        ...(startAfter && { startAfter }),
      });
    },
    async sendAll(name, jobs, connection) {
      if (!jobs.length) return;
      await boss.insert(
        name,
        jobs.map(({ data, key }) => ({ data: jobSchemas[name].parse(data), singletonKey: key })),
        { db: fromConnection(connection) },
      );
    },
    async work(name, batch, handle) {
      // A notification wakes one fetch; what is left over (a full batch, retries, jobs sent while nobody listened) must not wait for long.
      const pace = {
        pollingIntervalSeconds: 2,
        notifyPollingIntervalSeconds: 2,
        burstWhenBatchFull: true,
        heartbeatRefreshSeconds: pulse.beat,
      };
      await boss.work(name, { batchSize: batch, ...pace }, async (jobs) => {
        await handle(jobs.map((job) => jobSchemas[name].parse(job.data)) as JobData<typeof name>[]);
      });
    },
    async close() {
      await boss.stop({ graceful: true, timeout: 10_000, close: true });
    },
  };
}

function fromConnection(connection: Connection): Db {
  return { executeSql: (text, values) => connection.query(text, values) };
}
