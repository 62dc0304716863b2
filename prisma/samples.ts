// Samples in the database. New reports are rows of `sample`; each full hour is folded into one pack a server (a minute, five minutes
// and an hour a point), so that a year costs little and a chart reads few rows.
import type { MetricName } from '#core/metrics.ts';
import type { Sample } from '#core/snapshot.ts';
import { storableText } from '#core/storable.ts';
import { type Connection, type Database, prepared, type Transaction } from './client.ts';
import { partitionedTables } from './partitions.ts';
import { overRows, reals, smallints } from './rows.ts';
import { coarse, pack, type Pack, unpack } from './samplePack.ts';

/** Series of one server at most; the rest of a hostile report is not stored. A smallint holds the slot. */
const seriesLimit = 8000;
const hour = 3600;
/** After the end of an hour its reports may still be on the way this long before it is folded. */
const graceSeconds = 300;

/** Seconds that a point of a pack stands for. Of the two coarser ones each series has three columns: least, mean, most. */
export const resolutions = [60, 300, 3600] as const;
export type Resolution = (typeof resolutions)[number];

export interface SampleRow {
  serverId: string;
  at: Date;
  samples: readonly Sample[];
}

/** Slots of a server's series by `seriesKey`; grows with the series that are stored. */
export type Dictionary = Map<string, number>;

/**
 * Writes a row a report; a row of the same server and time is replaced, so that a job that runs twice writes the same. The dictionaries
 * must be those of all the servers, as read in this transaction or before; they are brought up to date.
 */
export async function storeSamples(
  connection: Connection,
  rows: readonly SampleRow[],
  dictionaries: ReadonlyMap<string, Dictionary>,
): Promise<void> {
  const keyed = rows.map((row) => ({
    ...row,
    samples: row.samples
      .filter(({ value }) => isStorable(value))
      .map((sample) => ({ ...sample, key: seriesKey(sample.metric, sample.subject) })),
  }));
  await addSeries(connection, keyed, dictionaries);
  const packed = new Map<string, unknown[]>();
  for (const { serverId, at, samples } of keyed) {
    const dictionary = dictionaries.get(serverId)!;
    const slots: number[] = [];
    const values: number[] = [];
    for (const { key, value } of samples) {
      const slot = dictionary.get(key);
      if (slot === undefined) continue;
      slots.push(slot);
      values.push(value);
    }
    packed.set(`${serverId} ${at.getTime()}`, [serverId, at.getTime(), smallints(slots), reals(values)]);
  }
  await overRows(
    connection,
    ['text', 'float8', 'smallint[]', 'real[]'],
    [...packed.values()],
    (values) =>
      `INSERT INTO sample ("serverId", at, slots, values) SELECT s, to_timestamp(a / 1000), k, v FROM (VALUES ${values}) AS r(s, a, k, v)
       ON CONFLICT ("serverId", at) DO UPDATE SET slots = EXCLUDED.slots, values = EXCLUDED.values`,
  );
}

/** Series that a dictionary lacks get slots. It may be one of earlier: what others added since then is read before. */
async function addSeries(
  connection: Connection,
  rows: readonly { serverId: string; samples: readonly (Sample & { key: string })[] }[],
  dictionaries: ReadonlyMap<string, Dictionary>,
): Promise<void> {
  const lacking = rows.filter(({ serverId, samples }) => {
    const dictionary = dictionaries.get(serverId)!;
    return samples.some(({ key }) => !dictionary.has(key));
  });
  if (!lacking.length) return;
  const stored = await readDictionaries(
    connection,
    lacking.map(({ serverId }) => serverId),
  );
  const added: unknown[][] = [];
  for (const { serverId, samples } of lacking) {
    const dictionary = dictionaries.get(serverId)!;
    for (const [key, slot] of stored.get(serverId) ?? []) dictionary.set(key, slot);
    for (const { key, metric, subject } of samples) {
      if (dictionary.has(key) || dictionary.size >= seriesLimit) continue;
      added.push([serverId, dictionary.size, metric, storedSubject(subject)]);
      dictionary.set(key, dictionary.size);
    }
  }
  await overRows(
    connection,
    ['text', 'int', 'text', 'text'],
    added,
    (values) =>
      `INSERT INTO "Series" ("serverId", slot, metric, subject) VALUES ${values} ON CONFLICT DO NOTHING`,
  );
}

/** A `real` holds less than a number of JavaScript. */
function isStorable(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

export async function readDictionaries(
  connection: Connection,
  serverIds: readonly string[],
): Promise<Map<string, Dictionary>> {
  const { rows } = await connection.query<{
    serverId: string;
    slot: number;
    metric: string;
    subject: string;
  }>(
    prepared(`SELECT "serverId", slot, metric, subject FROM "Series" WHERE "serverId" = ANY($1::text[])`, [
      serverIds,
    ]),
  );
  const found = new Map<string, Dictionary>(serverIds.map((serverId) => [serverId, new Map()]));
  for (const { serverId, slot, metric, subject } of rows)
    found.get(serverId)!.set(seriesKey(metric, subject), slot);
  return found;
}

const storedSubject = (subject: string) => storableText(subject.slice(0, 200));

function seriesKey(metric: string, subject: string): string {
  return `${metric} ${subject.length > 200 ? storedSubject(subject) : subject}`;
}

export interface StoredPoint {
  /** Epoch seconds. */
  at: number;
  least: number;
  mean: number;
  most: number;
}

/** Points of some series in order of time, at a resolution; hours that are not folded yet come from the reports themselves. */
export async function readPoints(
  db: Transaction,
  serverId: string,
  slots: ReadonlySet<number>,
  range: { from: number; to: number; resolution: Resolution },
): Promise<Map<number, StoredPoint[]>> {
  const found = new Map<number, StoredPoint[]>([...slots].map((slot) => [slot, []]));
  const from = new Date(Math.floor(range.from / hour) * hour * 1000);
  const to = new Date(range.to * 1000);
  const wanted =
    range.resolution === 60
      ? slots
      : new Set([...slots].flatMap((slot) => [slot * 3, slot * 3 + 1, slot * 3 + 2]));
  const chunks = await db.sampleChunk.findMany({
    where: { serverId, resolution: range.resolution, from: { gte: from, lt: to } },
    orderBy: { from: 'asc' },
  });
  for (const { data } of chunks) {
    const { times, columns } = unpack(data, wanted);
    for (const slot of slots) {
      const of = (place: number) => columns.get(range.resolution === 60 ? slot : slot * 3 + place);
      const [least, mean, most] = [of(0), of(1), of(2)];
      times.forEach((at, index) => {
        const value = mean?.[index];
        if (value === undefined || at < range.from || at >= range.to) return;
        found
          .get(slot)!
          .push({ at, least: least?.[index] ?? value, mean: value, most: most?.[index] ?? value });
      });
    }
  }
  const rows = await readRows(db, serverId, Math.floor(range.from), Math.ceil(range.to));
  for (const row of rows) {
    row.slots.forEach((slot, index) => {
      const value = row.values[index]!;
      found.get(slot)?.push({ at: row.at, least: value, mean: value, most: value });
    });
  }
  for (const points of found.values()) points.sort((a, b) => a.at - b.at);
  return found;
}

interface Row {
  at: number;
  slots: number[];
  values: number[];
}

async function readRows(db: Transaction, serverId: string, from: number, to: number): Promise<Row[]> {
  return db.$queryRawUnsafe<Row[]>(
    `SELECT extract(epoch FROM at)::float8 AS at, slots, values FROM sample
     WHERE "serverId" = $1 AND at >= to_timestamp($2::float8) AND at < to_timestamp($3::float8) ORDER BY at`,
    serverId,
    from,
    to,
  );
}

export type StoredSeries = readonly [
  metric: MetricName,
  subject: string,
  points: (readonly [at: number, value: number])[],
];

/** All series of a server in a stretch of time: each report of the newest hours, five minutes a point before `fineFrom`. Epoch seconds. */
export async function readAllSeries(
  db: Transaction,
  serverId: string,
  { from, to, fineFrom }: { from: number; to: number; fineFrom: number },
): Promise<StoredSeries[]> {
  const names = await db.series.findMany({ where: { serverId } });
  const slots = new Set(names.map(({ slot }) => slot));
  const middle = Math.max(from, Math.floor(fineFrom / hour) * hour);
  const coarse =
    from < middle ? await readPoints(db, serverId, slots, { from, to: middle, resolution: 300 }) : undefined;
  const fine = await readPoints(db, serverId, slots, { from: middle, to, resolution: 60 });
  return names
    .map(({ slot, metric, subject }): StoredSeries => {
      const points = [...(coarse?.get(slot) ?? []), ...(fine.get(slot) ?? [])];
      return [metric as MetricName, subject, points.map(({ at, mean }) => [at, mean] as const)];
    })
    .filter(([, , points]) => points.length > 0);
}

/**
 * Folds the hours that are over, of at most `servers` servers, and returns how many hours it folded. A late report of an hour that
 * was folded before is added to its pack. The last hour of a server that went silent stays as it is: its newest values are still shown.
 * Safe beside other workers: an hour is taken with a lock.
 */
export async function foldSamples(db: Database, now = new Date(), servers = 500): Promise<number> {
  const limit = Math.floor((now.getTime() / 1000 - graceSeconds) / hour) * hour;
  const due = await db.$queryRawUnsafe<{ serverId: string; from: number }[]>(
    `SELECT DISTINCT "serverId", (floor(extract(epoch FROM at) / ${hour}) * ${hour})::float8 AS from FROM sample
     WHERE at < to_timestamp($1::float8)
       AND EXISTS (SELECT 1 FROM sample newer WHERE newer."serverId" = sample."serverId" AND newer.at >= to_timestamp($1::float8))
     ORDER BY 2, 1 LIMIT $2`,
    limit,
    servers,
  );
  for (const { serverId, from } of due) await foldHour(db, serverId, from, now);
  return due.length;
}

async function foldHour(db: Database, serverId: string, from: number, now: Date): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await transaction.$queryRawUnsafe(
        `SELECT pg_advisory_xact_lock(hashtextextended($1, 11))::text`,
        serverId,
      );
      const rows = await readRows(transaction, serverId, from, from + hour);
      if (!rows.length) return;
      const start = new Date(from * 1000);
      const before = await transaction.sampleChunk.findUnique({
        where: { serverId_resolution_from: { serverId, resolution: 60, from: start } },
      });
      const minutes = merge(before ? unpack(before.data) : undefined, rows);
      for (const resolution of resolutions) {
        // A report from a buffer may belong to an hour that this resolution no longer keeps.
        const { days } = partitionedTables[`sample_chunk_${resolution}`];
        if (from * 1000 < now.getTime() - days * 86_400_000) continue;
        const data = Uint8Array.from(
          resolution === 60 ? pack(minutes) : pack(rollUp(minutes, resolution), worthOfRollUp),
        );
        await transaction.sampleChunk.upsert({
          where: { serverId_resolution_from: { serverId, resolution, from: start } },
          create: { serverId, resolution, from: start, data },
          update: { data },
        });
      }
      await transaction.$executeRawUnsafe(
        `DELETE FROM sample WHERE "serverId" = $1 AND at >= to_timestamp($2::float8) AND at < to_timestamp($3::float8)`,
        serverId,
        from,
        from + hour,
      );
    },
    { timeout: 60_000 },
  );
}

/** Rows as columns, together with what was packed before; a row of the same time wins. */
function merge(before: Pack | undefined, rows: Row[]): Pack {
  const byTime = new Map<number, Map<number, number>>();
  before?.times.forEach((at, index) => {
    const values = new Map<number, number>();
    for (const [slot, column] of before.columns)
      if (column[index] !== undefined) values.set(slot, column[index]!);
    byTime.set(at, values);
  });
  for (const { at, slots, values } of rows)
    byTime.set(Math.round(at), new Map(slots.map((slot, index) => [slot, values[index]!])));
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const columns: Pack['columns'] = new Map();
  times.forEach((at, index) => {
    for (const [slot, value] of byTime.get(at)!) {
      let column = columns.get(slot);
      if (!column) columns.set(slot, (column = new Array<number | undefined>(times.length).fill(undefined)));
      column[index] = value;
    }
  });
  return { times, columns };
}

/** A mean with an error below 0.05 %, least and most with one below 0.8 %: they are drawn as a band. */
const [meanWorth, bandWorth] = [coarse(11), coarse(7)];
const worthOfRollUp = (slot: number) => (slot % 3 === 1 ? meanWorth : bandWorth);

/** Least, mean and most of each stretch: three columns a series, at slot × 3, + 1 and + 2. */
export function rollUp({ times, columns }: Pack, resolution: Resolution): Pack {
  const starts = [...new Set(times.map((at) => Math.floor(at / resolution) * resolution))];
  const place = new Map(starts.map((at, index) => [at, index]));
  const rolled: Pack['columns'] = new Map();
  for (const [slot, column] of columns) {
    const groups: number[][] = starts.map(() => []);
    column.forEach((value, index) => {
      if (value !== undefined)
        groups[place.get(Math.floor(times[index]! / resolution) * resolution)!]!.push(value);
    });
    const of = (combine: (values: number[]) => number) =>
      groups.map((values) => (values.length ? combine(values) : undefined));
    rolled.set(
      slot * 3,
      of((values) => Math.min(...values)),
    );
    rolled.set(
      slot * 3 + 1,
      of((values) => values.reduce((a, b) => a + b, 0) / values.length),
    );
    rolled.set(
      slot * 3 + 2,
      of((values) => Math.max(...values)),
    );
  }
  return { times: starts, columns: rolled };
}
