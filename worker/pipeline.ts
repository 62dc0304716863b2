// The table of contents of the product: which stage comes after which. Data goes forward only, through the database.
//
//   parse      sections -> facts, samples, events     then discover and diagnose                          parse/, collectors/, changes/
//   discover   facts    -> monitors                                                                       discover/
//   schedule   due monitors -> leases of a region     every half second                                   schedule/
//   probe      target   -> result                     then evaluate; a region without database access     schedule/, probes/
//                                                     hands its results in
//   evaluate   results  -> up, degraded, down         then diagnose, when a state changed                 evaluate/
//   diagnose   picture  -> findings -> root causes    -> incidents, and one notification a channel        judge/, picture/, rules/,
//                                                                                                         diagnose/, incidents/
//   learn      samples  -> what is usual, insights    every quarter of an hour; it wakes nobody           learn/, series/
//   notify     incident -> email, Slack, SMS, webhook                                                     notify.ts, channels/
//
// main.ts runs all of it, region.ts the looks alone; commands/ is what people call at a shell.
import type { WorkerContext } from './context.ts';
import { setUpMonitors } from './discover/setUp.ts';
import { storeHandedIn } from './evaluate/storeLooks.ts';
import { findLeftOver, foldHours, foldLooks, housekeeping, thinDays, watchSilence } from './housekeeping.ts';
import { judgeServers, reportedJudge } from './judge/judge.ts';
import { learnDue } from './learn/learn.ts';
import { watchMaintenance } from './maintenance.ts';
import { deliverNotification, testChannel } from './notify.ts';
import { reportReader } from './parse/parse.ts';
import { announceRegion, lookAtDue, openRegion } from './schedule/schedule.ts';

export interface Pipeline {
  /** Ends the timers and the looks; jobs that are under way end by themselves. */
  stop(): Promise<void>;
}

export async function startPipeline(context: WorkerContext): Promise<Pipeline> {
  const { queue } = context;
  await housekeeping(context);
  const prober = await openRegion(context);

  await queue.work('parse', 20, reportReader(context));
  await queue.work(
    'discover',
    20,
    eachServer((serverId) => setUpMonitors(context, serverId)),
  );
  await queue.work('evaluate', 4, (jobs) => storeHandedIn(context, jobs));
  await queue.work('judgeReported', 20, reportedJudge(context));
  await queue.work('diagnose', 20, (jobs) =>
    judgeServers(
      context,
      jobs.map(({ serverId }) => serverId),
    ),
  );
  await queue.work('notify', 10, (jobs) =>
    together(jobs.map(({ notificationId }) => deliverNotification(context, notificationId))),
  );
  await queue.work('testChannel', 10, (jobs) =>
    together(jobs.map(({ channelId }) => testChannel(context, channelId))),
  );

  const maintenance = {};
  const stops = [
    every(0.5, 'lookAtDue', () => lookAtDue(context, prober), context),
    every(20, 'announceRegion', () => announceRegion(context), context),
    every(30, 'watchSilence', () => watchSilence(context), context),
    every(30, 'findLeftOver', () => findLeftOver(context), context),
    every(60, 'learnDue', () => learnDue(context), context),
    every(15, 'watchMaintenance', () => watchMaintenance(context, maintenance), context),
    every(120, 'foldHours', () => foldHours(context), context),
    every(600, 'foldLooks', () => foldLooks(context), context),
    every(900, 'thinDays', () => thinDays(context), context),
    every(3600, 'housekeeping', () => housekeeping(context), context),
  ];
  return {
    async stop() {
      stops.forEach((stop) => stop());
      await prober.close();
    },
  };
}

/** All at once; one that fails does not stop the others, but fails the batch: who tries again must bear that it was done. */
async function together(running: Promise<void>[]): Promise<void> {
  const errors = (await Promise.allSettled(running)).flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  if (errors.length) throw new AggregateError(errors, errors.map(String).join('; '));
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
function every(
  seconds: number,
  name: string,
  run: () => Promise<unknown>,
  { log }: WorkerContext,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const round = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      log(`${name} failed: ${String(error)}`);
    }
    if (!stopped) timer = setTimeout(() => void round(), seconds * 1000);
  };
  timer = setTimeout(() => void round(), seconds * 1000);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
