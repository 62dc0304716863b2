// Jobs that ask for the same again and again, served together.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The handler of jobs that name servers. While they come in all the time, it leaves so many milliseconds for more of them to share a
 * transaction.
 */
export function gatherJobs(
  gatherMs: number,
  handle: (serverIds: string[]) => Promise<void>,
): (jobs: { serverIds: string[] }[]) => Promise<void> {
  let endedAt = 0;
  return async (jobs) => {
    const busy = Date.now() - endedAt < 1000;
    await handle(jobs.flatMap(({ serverIds }) => serverIds));
    if (busy) await pause(gatherMs);
    endedAt = Date.now();
  };
}
