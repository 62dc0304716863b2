// Learning, a quarter of an hour at a time: new samples go through the detectors of a server, once a day its slow quantities are
// forecast. Everything that is known lies in one packed row, so that a restart forgets nothing.
import type { HostEvent } from '#core/snapshot.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Transaction } from '#prisma';
import { announce } from '#prisma/notify.ts';
import { readAllSeries, readPoints } from '#prisma/samplePoints.ts';
import { readSeriesNames } from '#prisma/seriesNames.ts';
import type { WorkerContext } from '#worker/context.ts';
import { readFacts } from '#worker/parse/known.ts';
import { learnPoints, type LearnedSeries } from './departures.ts';
import { insightOf } from './insight.ts';
import { headings, outlook } from './outlook.ts';
import { packStates, unpackStates } from './states.ts';

const roundSeconds = 900;
const day = 86_400;
/** After a long silence, or for a new server, this much history is learned at most. */
const longest = 2 * day;
const week = 7 * day;
const historyDays = 60;

/** Learns of up to `most` servers whose newest report is a round ahead of what was learned. Returns how many. */
export async function learnDue({ db, log }: Pick<WorkerContext, 'db' | 'log'>, most = 20): Promise<number> {
  const due = await db.$queryRawUnsafe<{ id: string }[]>(
    `SELECT s.id FROM "Server" s LEFT JOIN "Learned" l ON l."serverId" = s.id
     WHERE s."cloneOfId" IS NULL AND s."lastReportAt" > coalesce(l."upTo", '-infinity') + interval '${roundSeconds} seconds'
     ORDER BY l."upTo" NULLS FIRST LIMIT $1`,
    most,
  );
  for (const { id } of due) {
    await learnServer(db, id).catch((error: unknown) => log(`learning of ${id} failed: ${String(error)}`));
  }
  return due.length;
}

export async function learnServer(db: WorkerContext['db'], serverId: string): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await transaction.$queryRawUnsafe(
        `SELECT pg_advisory_xact_lock(hashtextextended($1, 13))::text`,
        serverId,
      );
      const server = await transaction.server.findUnique({ where: { id: serverId } });
      if (!server?.lastReportAt) return;
      const to = server.lastReportAt.getTime() / 1000;
      const row = await transaction.learned.findUnique({ where: { serverId } });
      const from = Math.max((row?.upTo.getTime() ?? 0) / 1000, to - longest);
      if (row && from >= to) return;
      const names = await readSeriesNames(transaction, serverId);
      const states = row ? unpackStates(row.states) : new Map();
      const departures = learnPoints(states, await newPoints(transaction, serverId, names, from, to));

      // Rules come first: what an incident tells is no insight. And at most one a week, however much moves.
      const told = row?.insightAt && to - row.insightAt.getTime() / 1000 < week;
      const quiet = !told && (await transaction.incident.count({ where: { serverId, state: 'open' } })) === 0;
      const insight =
        quiet && departures.length
          ? insightOf(departures, await eventsAround(transaction, serverId, from, to))
          : undefined;
      if (insight) {
        const { title, body } = insight;
        await transaction.insight.create({
          data: { serverId, at: new Date(insight.at * 1000), title, body },
        });
        await announce(transaction, { organizationId: server.organizationId, kind: 'server', serverId });
      }

      const forecastDue = !row?.forecastAt || to - row.forecastAt.getTime() / 1000 >= day;
      const data = {
        upTo: new Date(to * 1000),
        states: packStates(states),
        ...(insight && { insightAt: new Date(to * 1000) }),
        ...(forecastDue && {
          forecastAt: new Date(to * 1000),
          forecasts: await forecasts(transaction, serverId, names, to),
        }),
      };
      await transaction.learned.upsert({ where: { serverId }, create: { serverId, ...data }, update: data });
    },
    { timeout: 60_000 },
  );
}

type Names = { slot: number; metric: string; subject: string }[];

async function newPoints(
  db: Transaction,
  serverId: string,
  names: Names,
  from: number,
  to: number,
): Promise<LearnedSeries[]> {
  const slots = new Map(names.map(({ slot, metric, subject }) => [`${metric} ${subject}`, slot]));
  const all = await readAllSeries(db, serverId, { from, to: to + 0.001, fineFrom: from });
  return all.map(([metric, subject, points]) => ({
    slot: slots.get(`${metric} ${subject}`)!,
    metric,
    subject,
    points: points.filter(([at]) => at > from),
  }));
}

async function eventsAround(
  db: Transaction,
  serverId: string,
  from: number,
  to: number,
): Promise<HostEvent[]> {
  const rows = await db.event.findMany({
    where: { serverId, at: { gte: new Date((from - 7200) * 1000), lte: new Date(to * 1000) } },
    orderBy: { at: 'asc' },
    take: 500,
  });
  return rows.map(({ kind, at, subject, text }) => ({ kind, at: at.getTime() / 1000, subject, text }));
}

async function forecasts(db: Transaction, serverId: string, names: Names, to: number) {
  const wanted = names.filter(({ metric }) => Object.hasOwn(headings, metric));
  const points = await readPoints(db, serverId, new Set(wanted.map(({ slot }) => slot)), {
    from: to - historyDays * day,
    to: to + 1,
    resolution: 3600,
  });
  const series = wanted.map(({ slot, metric, subject }) => ({
    metric: metric as MetricName,
    subject,
    points: (points.get(slot) ?? []).map(({ at, mean }) => [at, mean] as const),
  }));
  return outlook(series, await readFacts(db, serverId), to);
}
