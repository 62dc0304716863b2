// Stage "evaluate": results of one region become looks, evidence and states. A batch costs a few statements, whatever it holds, and a look
// that confirms what is known costs one append to its monitor's tail and nothing else.
import type { JobData } from '#core/jobs.ts';
import { heardRegions } from '#prisma/leases.ts';
import { appendLooks } from '#prisma/looks.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from '#worker/context.ts';
import type { Look } from '#worker/schedule/prober.ts';
import { acceptAnswers } from './acceptAnswers.ts';
import { judgeLook } from './judgeLook.ts';
import { storeEvidence } from './lookEvidence.ts';
import { type MonitorRow, readMonitorRows } from './monitorRows.ts';
import { moveMonitors } from './moveMonitors.ts';

/** Two stages that lock the same monitors in another order: PostgreSQL ends one of them, which then tries again. */
const deadlock = /40P01|deadlock/i;

/** Stores the looks of one region. A look that was stored before changes nothing; of two looks at one monitor the newer one counts. */
export async function storeLooks(
  context: Pick<WorkerContext, 'db' | 'queue'>,
  region: string,
  looks: readonly Look[],
): Promise<void> {
  const newest = new Map<string, Look>();
  for (const look of looks) {
    const other = newest.get(look.monitorId);
    if (!other || other.at < look.at) newest.set(look.monitorId, look);
  }
  if (!newest.size) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await storeBatch(context, region, newest);
      return;
    } catch (error) {
      if (attempt === 4 || !deadlock.test(String(error))) throw error;
    }
  }
}

/** What regions without database access handed in. */
export async function storeHandedIn(
  context: Pick<WorkerContext, 'db' | 'queue'>,
  jobs: readonly JobData<'evaluate'>[],
): Promise<void> {
  for (const { region, looks } of jobs) {
    await storeLooks(
      context,
      region,
      looks.map(({ monitorId, at, result: { degraded, ...result } }) => ({
        monitorId,
        at: new Date(at * 1000),
        result: { ...result, ...(degraded && { degraded }) },
      })),
    );
  }
}

async function storeBatch(
  { db, queue }: Pick<WorkerContext, 'db' | 'queue'>,
  region: string,
  looks: ReadonlyMap<string, Look>,
): Promise<void> {
  const heard = await heardRegions(db);
  await db.$transaction(
    async (transaction) => {
      const monitors = await readMonitorRows(transaction, region, [...looks.keys()], false);
      const fresh = await appendLooks(
        transaction,
        region,
        [...looks.values()].map(({ monitorId, at, result: { ok, code, ms } }) => ({
          monitorId,
          at,
          ok,
          code,
          ms,
        })),
      );
      const stored = monitors.filter(({ id }) => fresh.has(id));
      await storeEvidence(transaction, region, stored, looks);
      await acceptAnswers(transaction, stored, looks);
      const judge = (monitor: MonitorRow) => judgeLook(monitor, looks.get(monitor.id)!, region, heard);
      const moving = stored.filter((monitor) => judge(monitor));
      if (moving.length) {
        // Locked in the order of their ids, so that regions that report at once take turns.
        const ids = moving.map(({ id }) => id);
        const locked = await readMonitorRows(transaction, region, ids, true);
        await moveMonitors(
          transaction,
          queue,
          locked.flatMap((monitor) => {
            const output = judge(monitor);
            return output ? [{ monitor, look: looks.get(monitor.id)!, output }] : [];
          }),
        );
      }
      for (const [organizationId, own] of Map.groupBy(stored, (monitor) => monitor.organizationId)) {
        const servers = new Set(own.map(({ serverId }) => serverId));
        const [serverId] = servers;
        await announce(transaction, {
          organizationId,
          kind: 'monitor',
          ...(own.length === 1 && { id: own[0]!.id }),
          ...(servers.size === 1 && serverId && { serverId }),
        });
      }
    },
    { timeout: 30_000, maxWait: 30_000 },
  );
}
