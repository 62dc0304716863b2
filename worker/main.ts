// A worker process: reads reports, probes from its region, diagnoses, notifies. Any number of them may run.
import { existsSync, readFileSync } from 'node:fs';
import { readEnvironment } from '#core/environment.ts';
import { openDatabase } from '#prisma';
import { openQueue } from '#prisma/queue.ts';
import type { WorkerContext } from './context.ts';
import { startPipeline } from './pipeline.ts';

const log = (message: string) => console.log(`${new Date().toISOString()} ${message}`);

let environment;
try {
  environment = readEnvironment(process.env);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
if (!environment.DATABASE_URL) {
  console.error('A worker needs DATABASE_URL. `npm start` sets it; started alone, you set it.');
  process.exit(2);
}

const db = openDatabase(environment.DATABASE_URL, 10);
const queue = await openQueue(environment.DATABASE_URL, {
  serve: true,
  onError: (error) => log(`queue: ${error.message}`),
});
const machineIdFile = '/etc/machine-id';
const context: WorkerContext = {
  db,
  queue,
  environment,
  publicUrl: environment.PUBLIC_URL ?? `http://${environment.HOST}:${environment.PORT}`,
  ...(existsSync(machineIdFile) && { machineId: readFileSync(machineIdFile, 'utf8').trim() }),
  startedAt: Date.now(),
  log,
};
const pipeline = await startPipeline(context).catch((error: unknown) => {
  // A setting that only the probes can judge is a sentence, as those are that were read above; anything else is told whole.
  const text = error instanceof Error ? error.message : String(error);
  console.error(/^(PROBE_ALLOW|REGION)/.test(text) ? text : error);
  process.exit(2);
});
log(`worker of region ${environment.REGION} is ready`);

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await pipeline.stop();
  await queue.close();
  await db.$disconnect();
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
