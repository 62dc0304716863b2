// Samples in the database: one packed row a report against a dictionary of series for each server.
import type { MetricName } from '#core/metrics.ts';
import type { Sample } from '#core/snapshot.ts';
import type { Transaction } from '#prisma';
import type { Point } from './rules/rule.ts';

/** Series of one server at most; the rest of a hostile report is not stored. smallint holds the slot. */
const seriesLimit = 8000;

/** Writes one row; a row of the same server and time is replaced, so that a job that runs twice writes the same. */
export async function storeSamples(
  db: Transaction,
  serverId: string,
  at: Date,
  samples: readonly Sample[],
): Promise<void> {
  const dictionary = await readDictionary(db, serverId);
  const added: { serverId: string; slot: number; metric: string; subject: string }[] = [];
  const slots: number[] = [];
  const values: number[] = [];
  for (const { metric, subject, value } of samples) {
    if (!Number.isFinite(value)) continue;
    const key = seriesKey(metric, subject);
    let slot = dictionary.get(key);
    if (slot === undefined) {
      if (dictionary.size >= seriesLimit) continue;
      slot = dictionary.size;
      dictionary.set(key, slot);
      added.push({ serverId, slot, metric, subject: subject.slice(0, 200) });
    }
    slots.push(slot);
    values.push(value);
  }
  if (added.length) await db.series.createMany({ data: added, skipDuplicates: true });
  await db.$executeRawUnsafe(
    `INSERT INTO sample ("serverId", at, slots, values) VALUES ($1, $2, $3::smallint[], $4::real[])
     ON CONFLICT ("serverId", at) DO UPDATE SET slots = EXCLUDED.slots, values = EXCLUDED.values`,
    serverId,
    at,
    slots,
    values,
  );
}

export type StoredSeries = readonly [metric: MetricName, subject: string, points: Point[]];

/**
 * All series of a server since a moment, in order of time. `thinAfter` keeps only every fifth row of what is older than that,
 * so that hours of history cost little: trends do not need every minute.
 */
export async function readSeries(
  db: Transaction,
  serverId: string,
  since: Date,
  until: Date,
  thinAfter: Date,
): Promise<StoredSeries[]> {
  const names = await db.series.findMany({ where: { serverId } });
  const bySlot = new Map<number, StoredSeries>();
  for (const { slot, metric, subject } of names) bySlot.set(slot, [metric as MetricName, subject, []]);
  const rows = await db.$queryRawUnsafe<{ at: Date; slots: number[]; values: number[] }[]>(
    `SELECT at, slots, values FROM (
       SELECT at, slots, values, row_number() OVER (ORDER BY at DESC) AS place FROM sample WHERE "serverId" = $1 AND at >= $2 AND at < $3
     ) recent WHERE at >= $4 OR place % 5 = 0 ORDER BY at`,
    serverId,
    since,
    until,
    thinAfter,
  );
  for (const { at, slots, values } of rows) {
    const seconds = at.getTime() / 1000;
    slots.forEach((slot, index) => bySlot.get(slot)?.[2].push([seconds, values[index]!]));
  }
  return [...bySlot.values()].filter(([, , points]) => points.length > 0);
}

async function readDictionary(db: Transaction, serverId: string): Promise<Map<string, number>> {
  const rows = await db.series.findMany({ where: { serverId }, orderBy: { slot: 'asc' } });
  return new Map(rows.map(({ slot, metric, subject }) => [seriesKey(metric, subject), slot]));
}

function seriesKey(metric: string, subject: string): string {
  return `${metric} ${subject.slice(0, 200)}`;
}
