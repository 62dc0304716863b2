// Reading samples: any series of a server over any stretch of time, from packs and from the reports that are not packed yet.
import type { MetricName } from '#core/metrics.ts';
import { type Connection, prepared, type Transaction } from './client.ts';
import { partitionedTables } from './partitions.ts';
import { type Pack, unpack } from './samplePack.ts';
import { bandSlots, type Resolution, rollUp } from './sampleRollUp.ts';
import { readSeriesNames } from './seriesNames.ts';

const hour = 3600;
const day = 86_400;

export interface StoredPoint {
  /** Epoch seconds. */
  at: number;
  least: number;
  mean: number;
  most: number;
}

interface Range {
  /** Epoch seconds; `to` is not in it. */
  from: number;
  to: number;
  resolution: Resolution;
}

/**
 * Points of some series in order of time, at a resolution. What is not folded so far yet comes from finer packs, rolled up, and at
 * last from the reports themselves, which are as they came.
 */
export async function readPoints(
  db: Transaction,
  serverId: string,
  slots: ReadonlySet<number>,
  range: Range,
): Promise<Map<number, StoredPoint[]>> {
  const found = new Map<number, StoredPoint[]>([...slots].map((slot) => [slot, []]));
  for (const { resolution, data } of await readChunks(withClient(db), serverId, range)) {
    const own = unpack(data, resolution === 60 ? slots : bandSlots(slots));
    const { times, columns } = resolution === range.resolution ? own : rollUp(own, range.resolution);
    for (const slot of slots) {
      const of = (place: number) => columns.get(range.resolution === 60 ? slot : slot * 3 + place);
      const [least, mean, most] = [of(0), of(1), of(2)];
      if (!mean) continue;
      const points = found.get(slot)!;
      times.forEach((at, index) => {
        const value = mean[index];
        if (value === undefined || at < range.from || at >= range.to) return;
        points.push({ at, least: least?.[index] ?? value, mean: value, most: most?.[index] ?? value });
      });
    }
  }
  for (const row of await readRows(db, serverId, Math.floor(range.from), Math.ceil(range.to))) {
    row.slots.forEach((slot, index) => {
      const value = row.values[index]!;
      found.get(slot)?.push({ at: row.at, least: value, mean: value, most: value });
    });
  }
  for (const points of found.values()) points.sort((a, b) => a.at - b.at);
  return found;
}

/** How a statement is asked: with the client, or on a connection of the pool. */
type Read = <T>(text: string, values: unknown[]) => Promise<T[]>;
const withClient =
  (db: Transaction): Read =>
  (text, values) =>
    db.$queryRawUnsafe(text, ...values);
const onConnection =
  (connection: Connection): Read =>
  async (text, values) =>
    (await connection.query(prepared(text, values))).rows;

interface Chunk {
  resolution: Resolution;
  data: Uint8Array;
}

/** A stretch of the last two days this short is read from its hours: a whole day would be more to unpack. */
const shortSeconds = 12 * hour;

/** In order of time. Of a day that is folded the packs of its minutes are left out. */
async function readChunks(read: Read, serverId: string, { from, to, resolution }: Range): Promise<Chunk[]> {
  const minutesSince = Date.now() / 1000 - partitionedTables.sample_chunk_60.days * day;
  const onlyMinutes = resolution === 60 || (to - from <= shortSeconds && from > minutesSince);
  const minutes = `SELECT resolution, "from", data FROM sample_chunk AS fine
    WHERE "serverId" = $1 AND resolution = 60 AND "from" >= to_timestamp($2::float8) AND "from" < to_timestamp($3::float8)`;
  const hourStart = Math.floor(from / hour) * hour;
  if (onlyMinutes) return read<Chunk>(`${minutes} ORDER BY "from"`, [serverId, hourStart, to]);
  return read<Chunk>(
    `SELECT resolution, data FROM (
       SELECT resolution, "from", data FROM sample_chunk
       WHERE "serverId" = $1 AND resolution = $4 AND "from" >= to_timestamp($5::float8) AND "from" < to_timestamp($3::float8)
       UNION ALL ${minutes} AND NOT EXISTS (
         SELECT FROM sample_chunk AS folded
         WHERE folded."serverId" = $1 AND folded.resolution = $4 AND folded."from" = date_trunc('day', fine."from", 'UTC'))
     ) AS found ORDER BY "from"`,
    [serverId, hourStart, to, resolution, Math.floor(from / day) * day],
  );
}

export interface ReportRow {
  /** Epoch seconds. */
  at: number;
  slots: number[];
  values: number[];
}

/** The rows of the reports themselves, those that are not folded. */
export async function readRows(
  db: Transaction,
  serverId: string,
  from: number,
  to: number,
): Promise<ReportRow[]> {
  const rows = await db.$queryRawUnsafe<ReportRow[]>(
    `SELECT extract(epoch FROM at)::float8 AS at, slots, values FROM sample
     WHERE "serverId" = $1 AND at >= to_timestamp($2::float8) AND at < to_timestamp($3::float8) ORDER BY at`,
    serverId,
    from,
    to,
  );
  // A `real` comes as its shortest decimal, which for 4 GiB in pages is no whole number of pages any more.
  for (const row of rows) row.values = row.values.map(Math.fround);
  return rows;
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
  const names = await readSeriesNames(db, serverId);
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
 * The folded past of a server since a moment (epoch seconds), in order of time: its minutes, or where those are gone the means of five.
 * What is not folded yet is not in it.
 */
export async function readFolded(
  connection: Connection,
  serverId: string,
  from: number,
  to: number,
): Promise<Pack[]> {
  const chunks = await readChunks(onConnection(connection), serverId, { from, to, resolution: 300 });
  return chunks.map(({ resolution, data }) => {
    const { times, columns } = unpack(data);
    if (resolution === 60) return { times, columns };
    const means = [...columns].filter(([slot]) => slot % 3 === 1);
    return { times, columns: new Map(means.map(([slot, column]) => [(slot - 1) / 3, column])) };
  });
}

/** A report as it came, with its arrays as PostgreSQL sends them. */
export interface BinaryRow {
  serverId: string;
  /** Epoch seconds. */
  at: number;
  slots: Buffer;
  values: Buffer;
}

/**
 * The reports of servers that are not folded and newer than `after`, in order of time, and how many there are since `since` (epoch
 * seconds, up to the newest): who knows of fewer has missed one that came late. Arrays come as bytes, which `readSmallints` and `readReals` read.
 */
export async function readNewer(
  connection: Connection,
  asked: readonly { serverId: string; after: number; since: number }[],
): Promise<{ rows: BinaryRow[]; counts: Map<string, number> }> {
  const values = [
    asked.map(({ serverId }) => serverId),
    asked.map(({ after }) => after),
    asked.map(({ since }) => since),
  ];
  const counted = await connection.query<{ serverId: string; count: number }>(
    prepared(
      `SELECT v.id AS "serverId", (SELECT count(*)::int FROM sample WHERE "serverId" = v.id AND at >= to_timestamp(v.since))
       FROM unnest($1::text[], $2::float8[], $3::float8[]) AS v(id, after, since)`,
      values,
    ),
  );
  const { rows } = await connection.query<BinaryRow>(
    prepared(
      `SELECT v.id AS "serverId", extract(epoch FROM s.at)::float8 AS at, array_send(s.slots) AS slots, array_send(s.values) AS values
       FROM unnest($1::text[], $2::float8[]) AS v(id, after)
       JOIN LATERAL (SELECT * FROM sample WHERE "serverId" = v.id AND at > to_timestamp(v.after)) AS s ON true
       ORDER BY s.at`,
      values.slice(0, 2),
    ),
  );
  return { rows, counts: new Map(counted.rows.map(({ serverId, count }) => [serverId, count])) };
}
