// What has to be done now and then: partitions, retention, and noticing that an agent went silent.
import { dayGraceSeconds, foldSampleDays, foldSamples } from '#prisma/foldSamples.ts';
import { foldDays } from '#prisma/lookDays.ts';
import { dropOldPartitions, ensurePartitions } from '#prisma/partitions.ts';
import { thinReports } from '#prisma/thinReports.ts';
import type { WorkerContext } from './context.ts';
import { silenceSeconds } from './judge/catchingUp.ts';

/** Days that timelines, state changes and resolved incidents are kept. */
const historyDays = 396;

export async function housekeeping({ db, log }: WorkerContext, now = new Date()): Promise<void> {
  await ensurePartitions(db, now);
  const newest = await newestKnown(db, now);
  const dropped = await dropOldPartitions(db, newest);
  if (dropped.length) log(`dropped ${dropped.join(', ')}`);
  const limit = new Date(newest.getTime() - historyDays * 86_400_000);
  await db.event.deleteMany({ where: { at: { lt: limit } } });
  await db.transition.deleteMany({ where: { at: { lt: limit } } });
  // The newest of a server is how it stands, however old.
  await db.$executeRaw`DELETE FROM diagnosis old WHERE at < ${limit} AND EXISTS (
    SELECT FROM diagnosis newer WHERE newer."serverId" = old."serverId" AND newer.at > old.at)`;
  await db.incident.deleteMany({ where: { state: 'resolved', resolvedAt: { lt: limit } } });
  await db.maintenanceSpan.deleteMany({ where: { to: { lt: limit } } });
  await db.serverCopy.deleteMany({ where: { lastAt: { lt: limit } } });
  await db.maintenance.deleteMany({ where: { rule: null, start: { lt: limit.toISOString() } } });
}

/**
 * From when retention counts: a host that starts with its clock a year ahead must not drop all that it has, so not from later than two days
 * after the newest report or look.
 */
async function newestKnown(db: WorkerContext['db'], now: Date): Promise<Date> {
  const { _max: report } = await db.server.aggregate({ _max: { lastReportAt: true } });
  const { _max: look } = await db.probeTail.aggregate({ _max: { at: true } });
  const newest = Math.max(report.lastReportAt?.getTime() ?? 0, look.at?.getTime() ?? 0);
  return newest ? new Date(Math.min(now.getTime(), newest + 2 * 86_400_000)) : now;
}

/** Not of the housekeeping, which a start waits for: on a large house a day takes minutes. */
export async function thinDays({ db, log }: WorkerContext): Promise<void> {
  const thinned = await thinReports(db);
  if (thinned.length) log(`thinned ${thinned.join(', ')}`);
}

/** Who has not reported for long is judged again, so that its silence is found. */
export async function watchSilence({ db, queue }: WorkerContext): Promise<void> {
  const silent = await db.server.findMany({
    where: {
      lastReportAt: { lt: new Date(Date.now() - silenceSeconds * 1000) },
      revokedAt: null,
      cloneOfId: null,
    },
    select: { id: true },
  });
  for (const { id } of silent) await queue.send('diagnose', { serverId: id }, { key: id });
}

/** Finds reports whose job got lost: what was answered 202 is read, whatever happened. */
export async function findLeftOver({ db, queue }: Pick<WorkerContext, 'db' | 'queue'>): Promise<void> {
  const waiting = await db.$queryRawUnsafe<{ serverId: string }[]>(
    `SELECT DISTINCT "serverId" FROM report
     WHERE state = 'stored' AND "receivedAt" < now() - interval '30 seconds' LIMIT 500`,
  );
  const serverIds = waiting.map(({ serverId }) => serverId);
  if (serverIds.length) await queue.send('parse', { serverIds }, { key: 'left over' });
}

/** Up to which day the samples are folded, so that this is looked for once a day. */
const foldedDay = new WeakMap<WorkerContext['db'], number>();

/** Packs the samples of the hours that are over, a few hundred servers at a time, and in between those of the days that are over. */
export async function foldHours({ db }: Pick<WorkerContext, 'db'>, now = new Date()): Promise<void> {
  const today = Math.floor((now.getTime() / 1000 - dayGraceSeconds) / 86_400);
  let folded: number;
  do {
    while ((await foldSamples(db, now)) > 0);
    folded = foldedDay.get(db) === today ? 0 : await foldSampleDays(db, now);
  } while (folded > 0);
  foldedDay.set(db, today);
}

/** Folds the looks of the days that are over, some hundred monitors at a time. */
export async function foldLooks({ db }: WorkerContext): Promise<void> {
  while ((await foldDays(db)) > 0);
}
