// Stage "diagnose": the pictures of servers become findings, root causes and incidents. Servers are judged together, since a statement a
// server and table would cost more than the judging.
import { setImmediate as breathe } from 'node:timers/promises';
import type { JobData } from '#core/jobs.ts';
import { inTransaction, isRefused } from '#prisma';
import type { WorkerContext } from '#worker/context.ts';
import { gatherJobs } from '#worker/gatherJobs.ts';
import { sayOnce } from '#worker/rules/failure.ts';
import { missedUntil } from './catchingUp.ts';
import { readCases } from './judgeCases.ts';
import { type Judged, judgedServers } from './judged.ts';
import { lockServers } from './memory.ts';
import { storeVerdicts } from './storeVerdicts.ts';
import { judgeCase, type Verdict } from './verdict.ts';

/** Servers of one transaction. */
const together = 64;
/** While reports come in all the time, so many milliseconds are left for more servers to share a transaction. */
const gatherMs = 200;
/** A server that could not be judged is judged again so much later: what fails each time must not keep a worker busy. */
const againMs = 10_000;

/** Failures of rules that were logged. */
const said = new Set<string>();

interface How {
  /** Only those that have reported since they were judged last. */
  onlyNew?: boolean;
}

/** The handler of "judgeReported" jobs. */
export function reportedJudge(context: WorkerContext): (jobs: JobData<'judgeReported'>[]) => Promise<void> {
  return gatherJobs(gatherMs, (serverIds) => judgeServers(context, serverIds, { onlyNew: true }));
}

/**
 * Judges servers. One that cannot be judged does not stop the others and is tried again by itself. Throws when the only server that was
 * asked for cannot be judged, or when the database cannot be reached.
 */
export async function judgeServers(
  context: WorkerContext,
  serverIds: readonly string[],
  how: How = {},
): Promise<void> {
  const ids = [...new Set(serverIds)];
  if (ids.length === 1) return judgeServer(context, ids[0]!, how);
  for (let start = 0; start < ids.length; start += together)
    await judgeTogether(context, ids.slice(start, start + together), how);
}

/** Waits for whoever works at this server. */
export async function judgeServer(
  context: WorkerContext,
  serverId: string,
  { onlyNew = false }: How = {},
): Promise<void> {
  const { failed } = await judgeBatch(context, [serverId], { wait: true, onlyNew });
  for (const error of failed.values()) throw error;
}

async function judgeTogether(
  context: WorkerContext,
  serverIds: readonly string[],
  { onlyNew = false }: How,
): Promise<void> {
  let alone: readonly string[] = serverIds;
  try {
    const { busy, failed } = await judgeBatch(context, serverIds, { wait: false, onlyNew });
    alone = [...busy, ...failed.keys()];
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  for (const serverId of alone) {
    try {
      await judgeServer(context, serverId, { onlyNew });
    } catch (error) {
      context.log(`server ${serverId} cannot be judged: ${String(error)}`);
      // Under a name of its own: whatever else has the server judged does not wait for it.
      await context.queue.send(
        'diagnose',
        { serverId },
        { key: `${serverId} again`, startAfter: new Date(Date.now() + againMs) },
      );
    }
  }
}

interface BatchResult {
  /** Servers that another stage works at just now; not judged. */
  busy: string[];
  failed: Map<string, unknown>;
}

async function judgeBatch(
  context: WorkerContext,
  serverIds: readonly string[],
  { wait, onlyNew }: { wait: boolean; onlyNew: boolean },
): Promise<BatchResult> {
  const { db, startedAt } = context;
  const missed = startedAt === undefined ? 0 : await missedUntil(db, startedAt);
  const kept = new Map<string, Judged>();
  const result = await inTransaction(
    db,
    async (connection) => {
      const free = await lockServers(connection, serverIds, wait);
      const now = new Date();
      const cases = free.length ? await readCases(connection, db, free, { onlyNew, now, missed }) : [];
      const failed = new Map<string, unknown>();
      const verdicts: Verdict[] = [];
      for (const one of cases) {
        try {
          verdicts.push(
            await judgeCase(connection, one, now, sayOnce(context.log, { said, server: one.server.id })),
          );
        } catch (error) {
          failed.set(one.server.id, error);
        }
        // Probes of this process measure time: no stretch of work may be long.
        await breathe();
      }
      await storeVerdicts(context, connection, verdicts, now);
      for (const { server, judged } of verdicts) kept.set(server.id, judged);
      return { busy: serverIds.filter((id) => !free.includes(id)), failed };
    },
    { seconds: 60 },
  );
  // Only now is it what the database says.
  kept.forEach((judged, serverId) => judgedServers(db).give(serverId, judged));
  return result;
}
