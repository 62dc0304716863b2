// The typed queue over pg-boss: what is sent is checked against its contract, inside the sender's transaction when there is one.
import { fromPrisma, PgBoss } from 'pg-boss';
import { type JobData, jobNames, jobSchemas, type JobName } from '#core/jobs.ts';
import { z } from 'zod';
import type { Transaction } from './client.ts';

/** A probe job holds the due monitors of one region in one slice of time. */
export const probeJobSchema = z.strictObject({ monitorIds: z.array(z.string()).min(1).max(500) });
export type ProbeJob = z.infer<typeof probeJobSchema>;

export interface SendOptions {
  /** Inside this transaction: the job exists if and only if the transaction commits. */
  transaction?: Transaction;
  /** At most one job with this key waits; a second one is dropped, since the first will see the same data. */
  key?: string;
  startAfter?: Date;
}

export interface Queue {
  send<N extends JobName>(name: N, data: JobData<N>, options?: SendOptions): Promise<void>;
  /** Handles up to `batch` jobs at once. A handler that throws has its jobs tried again, five times, with growing pauses. */
  work<N extends JobName>(
    name: N,
    batch: number,
    handle: (jobs: JobData<N>[]) => Promise<void>,
  ): Promise<void>;
  sendProbes(region: string, jobs: ProbeJob[]): Promise<void>;
  workProbes(region: string, concurrency: number, handle: (job: ProbeJob) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const options = {
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  expireInSeconds: 300,
  deleteAfterSeconds: 3600,
  notify: true,
};

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
    schedule: false,
    useListenNotify: serve,
  });
  boss.on('error', onError);
  await boss.start();
  for (const name of jobNames) await boss.createQueue(name, { ...options, policy: 'short' });
  const regions = new Set<string>();
  const probeQueue = async (region: string): Promise<string> => {
    const name = `probe-${region}`;
    if (!regions.has(region)) {
      // A probe that was not made in its minute is not made up for: the next slice comes anyway.
      await boss.createQueue(name, {
        ...options,
        retryLimit: 0,
        expireInSeconds: 120,
        retentionSeconds: 120,
        deleteAfterSeconds: 600,
      });
      regions.add(region);
    }
    return name;
  };

  return {
    async send(name, data, { transaction, key, startAfter } = {}) {
      const checked = jobSchemas[name].parse(data);
      await boss.send(name, checked, {
        ...(transaction && { db: fromPrisma(transaction) }),
        ...(key && { singletonKey: key }),
        ...(startAfter && { startAfter }),
      });
    },
    async work(name, batch, handle) {
      await boss.work(name, { batchSize: batch, pollingIntervalSeconds: 2 }, async (jobs) => {
        await handle(jobs.map((job) => jobSchemas[name].parse(job.data)) as JobData<typeof name>[]);
      });
    },
    async sendProbes(region, jobs) {
      const name = await probeQueue(region);
      await boss.insert(
        name,
        jobs.map((job) => ({ data: probeJobSchema.parse(job) })),
      );
    },
    async workProbes(region, concurrency, handle) {
      const name = await probeQueue(region);
      await boss.work(
        name,
        { batchSize: 1, localConcurrency: concurrency, pollingIntervalSeconds: 1 },
        async ([job]) => {
          if (job) await handle(probeJobSchema.parse(job.data));
        },
      );
    },
    async close() {
      await boss.stop({ graceful: true, timeout: 10_000, close: true });
    },
  };
}
