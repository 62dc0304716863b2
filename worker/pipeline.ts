// The table of contents of the product: which stage comes after which. Data goes forward only, through the database.
//
//   parse      sections -> facts, samples, events     then discover and diagnose
//   discover   facts    -> monitors
//   schedule   due monitors -> one job a region       every second
//   probe      target   -> result, state (quorum)     then diagnose, when a state changed
//   diagnose   picture  -> findings -> root causes -> incidents, and one notification a channel
//   learn      samples  -> what is usual, insights    every quarter of an hour; it wakes nobody
//   notify     incident -> email, Slack, SMS, webhook
import type { WorkerContext } from './context.ts';
import { foldHours, housekeeping, watchSilence } from './housekeeping.ts';
import { judgeServer } from './judge.ts';
import { learnDue } from './learn/learn.ts';
import { lookAtMonitors } from './look.ts';
import { deliverNotification, testChannel } from './notify.ts';
import { parseReports } from './parse.ts';
import { announceRegion, scheduleProbes } from './schedule.ts';
import { setUpMonitors } from './setUp.ts';

export interface Pipeline {
  /** Ends the timers; jobs that are under way end by themselves. */
  stop(): void;
}

export async function startPipeline(context: WorkerContext): Promise<Pipeline> {
  const { queue, environment } = context;
  await housekeeping(context);
  await announceRegion(context);

  await queue.work(
    'parse',
    20,
    eachServer((serverId) => parseReports(context, serverId)),
  );
  await queue.work(
    'discover',
    20,
    eachServer((serverId) => setUpMonitors(context, serverId)),
  );
  await queue.workProbes(environment.REGION, 4, (job) => lookAtMonitors(context, job));
  await queue.work(
    'diagnose',
    20,
    eachServer((serverId) => judgeServer(context, serverId)),
  );
  await queue.work('notify', 1, ([job]) => deliverNotification(context, job!.notificationId));
  await queue.work('testChannel', 1, ([job]) => testChannel(context, job!.channelId));

  const stops = [
    every(1, () => scheduleProbes(context), context),
    every(20, () => announceRegion(context), context),
    every(30, () => watchSilence(context), context),
    every(60, () => learnDue(context), context),
    every(120, () => foldHours(context), context),
    every(3600, () => housekeeping(context), context),
  ];
  return { stop: () => stops.forEach((stop) => stop()) };
}

/** One after the other, each server once; one that fails does not stop the others, but fails the batch, which is tried again. */
function eachServer(
  handle: (serverId: string) => Promise<void>,
): (jobs: { serverId: string }[]) => Promise<void> {
  return async (jobs) => {
    const errors: unknown[] = [];
    for (const serverId of new Set(jobs.map((job) => job.serverId))) {
      await handle(serverId).catch((error: unknown) => errors.push(error));
    }
    if (errors.length) throw new AggregateError(errors, errors.map(String).join('; '));
  };
}

/** Never overlaps itself; an error is said and the next round comes anyway. */
function every(seconds: number, run: () => Promise<unknown>, { log }: WorkerContext): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const round = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      log(`${run.toString().slice(6, 60)} failed: ${String(error)}`);
    }
    if (!stopped) timer = setTimeout(() => void round(), seconds * 1000);
  };
  timer = setTimeout(() => void round(), seconds * 1000);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
