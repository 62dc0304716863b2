// What every stage of the pipeline is given: database, queue, environment, and a way to say what happened.
import type { Environment } from '#core/environment.ts';
import type { Database } from '#prisma';
import type { Queue } from '#prisma/queue.ts';

export interface WorkerContext {
  db: Database;
  queue: Queue;
  environment: Environment;
  /** Address under which people reach the portal, without a trailing slash. */
  publicUrl: string;
  /** The machine-id of the host this process runs on; undefined when it has none. */
  machineId?: string;
  /** Epoch milliseconds. Left out where silence before is none of a process that was away. */
  startedAt?: number;
  log(message: string): void;
}
