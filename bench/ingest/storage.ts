// What a sample costs on disk after a day, indexes and all: Rootnote's tables, Prometheus' TSDB and a narrow table, on the same data.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { type MetricName, metrics } from '#core/metrics.ts';
import { openMetricsEnd, openMetricsFamily } from '#core/openMetrics.ts';
import type { Sample, Snapshot } from '#core/snapshot.ts';
import { type Database, inTransaction, openDatabase } from '#prisma';
import { rounded } from '#prisma/samplePack.ts';
import { foldSampleDays, foldSamples } from '#prisma/foldSamples.ts';
import { storeSamples } from '#prisma/samples.ts';
import type { Dictionary } from '#prisma/seriesNames.ts';
import { readReport } from '#worker/parse/read.ts';
import { projectRoot } from '../../test/rootnote.ts';
import { temporaryFolder } from '../interrupted.ts';
import { type Bed, serverIdOf } from './parts.ts';

/** A whole day, and the hour behind it in which the day is folded. */
const minutes = 25 * 60;
/** Of so many servers the other two stores get the data: their cost does not depend on how many there are. */
const compared = 4;

export interface StorageRow {
  store: string;
  samples: number;
  bytes: number;
}

/** Real reports of this machine, one after the other; each with rates since the one before. */
export function recordSamples(count: number): Sample[][] {
  const found: Sample[][] = [];
  let previous: Snapshot | undefined;
  for (let number = 0; number <= count; number++) {
    const text = execFileSync('sh', [join(projectRoot, 'agent/rootnote.sh'), '--print', '--rhythm=minute'], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const snapshot = readReport(text, previous ? { previous } : {});
    if (previous) found.push(snapshot.samples);
    previous = snapshot;
  }
  return found;
}

/**
 * A day of simulated time, from midnight to midnight: each server reports the recorded values minute by minute, over and over, from a place of
 * its own. Each time the recording begins anew, what changes in it is multiplied by a factor of its own, so that repeating helps no
 * store. Timers are late now and then by a second.
 */
export async function measureStorage(bed: Bed, recorded: readonly Sample[][]): Promise<StorageRow[]> {
  const servers = bed.tokens.length;
  const start = (Math.floor(Date.now() / 86_400_000) - 1) * 86_400;
  const at = (server: number, minute: number) =>
    start + minute * 60 + ((server * 7) % 50) + Number((minute * 31 + server * 17) % 20 === 0);
  const vary = variation(recorded);
  const samplesOf = (server: number, minute: number) => {
    const place = minute + Math.floor((server * recorded.length) / servers);
    const turn = Math.floor(place / recorded.length) * servers + server;
    return recorded[place % recorded.length]!.map((sample) => vary(sample, turn));
  };

  const db = openDatabase(bed.postgres.url, 2);
  const rows: StorageRow[] = [];
  try {
    const total = await storeDay(db, bed, servers, minutes, at, samplesOf);
    // `used`: without the partitions of other days, which are made ahead and empty.
    const { rows: sizes } = await bed.client.query<{ name: string; bytes: number; used: number }>(
      `SELECT p.relname AS name, sum(pg_total_relation_size(t.relid))::float8 AS bytes,
         coalesce(sum(pg_total_relation_size(t.relid)) FILTER (WHERE pg_relation_size(t.relid) > 0), 0)::float8 AS used
       FROM pg_class p CROSS JOIN LATERAL pg_partition_tree(p.oid) t
       WHERE p.relname IN ('sample', 'sample_chunk_60', 'sample_chunk_300', 'sample_chunk_3600') GROUP BY 1
       UNION ALL SELECT 'names of series', size, size FROM (SELECT pg_total_relation_size('"SeriesNames"')::float8 AS size) AS s`,
    );
    rows.push({
      store: 'Rootnote, all tables',
      samples: total,
      bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    // The rows of the last hour and the names are as many after a week as after a day.
    rows.push({
      store: 'Rootnote, what each day adds',
      samples: Math.round((total * 24 * 60) / minutes),
      bytes: sizes.reduce((sum, { name, used }) => sum + (/chunk/.test(name) ? used : 0), 0),
    });
    for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes))
      rows.push({ store: `  ${name}`, samples: total, bytes });
    rows.push(...(await prometheus(at, samplesOf)));
    rows.push(await narrowTable(bed, at, samplesOf));
  } finally {
    await db.$disconnect();
  }
  return rows;
}

type Times = (server: number, minute: number) => number;
type Values = (server: number, minute: number) => Sample[];

/** By the same code as in production: a row a report, folded when the hour is over, dead rows vacuumed as autovacuum would in an hour. */
async function storeDay(
  db: Database,
  { client }: Bed,
  servers: number,
  count: number,
  at: Times,
  samplesOf: Values,
): Promise<number> {
  const dictionaries = new Map<string, Dictionary>(
    Array.from({ length: servers }, (_, server) => [serverIdOf(server + 1), new Map()]),
  );
  let total = 0;
  for (let minute = 0; minute < count; minute++) {
    const batch = Array.from({ length: servers }, (_, server) => ({
      serverId: serverIdOf(server + 1),
      at: new Date(at(server, minute) * 1000),
      samples: samplesOf(server, minute),
    }));
    total += batch.reduce((sum, { samples }) => sum + samples.length, 0);
    await inTransaction(db, (connection) => storeSamples(connection, batch, dictionaries));
    if (minute % 60 === 7) {
      await foldSamples(db, new Date(at(0, minute) * 1000), servers * 2);
      await client.query('VACUUM sample, "SeriesNames"');
    }
  }
  while (await foldSampleDays(db, new Date((at(0, 0) + 26.5 * 3600) * 1000)));
  return total;
}

/**
 * Multiplies what changes by 0.8 to 1.25, another factor each turn. What was a whole number stays one, of the same unit: bytes of
 * memory come in pages.
 */
function variation(recorded: readonly Sample[][]): (sample: Sample, turn: number) => Sample {
  const key = ({ metric, subject }: Sample) => `${metric} ${subject}`;
  const values = new Map<string, number[]>();
  for (const sample of recorded.flat()) {
    const own = values.get(key(sample));
    if (own) own.push(sample.value);
    else values.set(key(sample), [sample.value]);
  }
  const units = new Map<string, number>();
  for (const [name, own] of values) {
    if (own.every((value) => value === own[0])) continue;
    let unit = own.every(Number.isSafeInteger) ? 2 ** 40 : 0;
    while (unit > 1 && own.some((value) => value % unit !== 0)) unit /= 2;
    units.set(name, unit);
  }
  const factors = new Map<string, number>();
  return (sample, turn) => {
    const unit = units.get(key(sample));
    if (unit === undefined) return sample;
    const name = `${key(sample)} ${turn}`;
    let factor = factors.get(name);
    if (factor === undefined) {
      factor = 0.8 + 0.45 * (createHash('md5').update(name).digest().readUInt32BE(0) / 2 ** 32);
      factors.set(name, factor);
    }
    const value = sample.value * factor;
    return { ...sample, value: unit ? Math.round(value / unit) * unit : value };
  };
}

async function prometheus(at: Times, samplesOf: Values): Promise<StorageRow[]> {
  if (spawnSync('promtool', ['--version']).status !== 0)
    throw new Error('There is no promtool. Install the Debian package prometheus.');
  const directory = temporaryFolder('rootnote-prometheus');
  try {
    const rows: StorageRow[] = [];
    for (const [store, value] of [
      ['Prometheus, values as measured', (measured: number) => measured],
      ['Prometheus, values rounded as ours are', rounded],
    ] as const) {
      const file = join(directory, 'samples.txt');
      const samples = await writeOpenMetrics(file, at, samplesOf, value);
      const blocks = join(directory, String(rows.length));
      const args = [
        'tsdb',
        'create-blocks-from',
        '--max-block-duration=24h',
        'openmetrics',
        '-q',
        file,
        blocks,
      ];
      const { status, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`promtool failed: ${stderr}`);
      rows.push({ store, samples, bytes: sizeOf(blocks) });
    }
    return rows;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function writeOpenMetrics(
  path: string,
  at: Times,
  samplesOf: Values,
  value: (measured: number) => number,
): Promise<number> {
  const file = createWriteStream(path);
  let count = 0;
  for (const metric of Object.keys(metrics) as MetricName[]) {
    const lines = [];
    for (let server = 0; server < compared; server++) {
      for (let minute = 0; minute < minutes; minute++) {
        for (const sample of samplesOf(server, minute)) {
          if (sample.metric !== metric) continue;
          const labels = { server: `server${server + 1}`, subject: sample.subject };
          lines.push({ labels, value: value(sample.value), at: at(server, minute) });
        }
      }
    }
    if (!lines.length) continue;
    count += lines.length;
    for (const line of openMetricsFamily(metric, lines)) if (!file.write(line)) await once(file, 'drain');
  }
  file.end(openMetricsEnd);
  await once(file, 'finish');
  return count;
}

function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** What one would write first: a row a sample, with an index that finds a series. */
async function narrowTable({ client }: Bed, at: Times, samplesOf: Values): Promise<StorageRow> {
  await client.query(
    `CREATE TABLE narrow (server int, series int, at timestamptz, value float8, PRIMARY KEY (server, series, at))`,
  );
  const ids = new Map<string, number>();
  let samples = 0;
  for (let server = 0; server < compared; server++) {
    for (let minute = 0; minute < minutes; minute++) {
      const values = samplesOf(server, minute);
      const series = values.map(({ metric, subject }) => {
        const key = `${metric} ${subject}`;
        if (!ids.has(key)) ids.set(key, ids.size);
        return ids.get(key);
      });
      samples += values.length;
      await client.query(
        `INSERT INTO narrow SELECT $1, s, to_timestamp($2::float8), v FROM unnest($3::int[], $4::float8[]) AS t(s, v) ON CONFLICT DO NOTHING`,
        [server, at(server, minute), series, values.map(({ value }) => value)],
      );
    }
  }
  await client.query('VACUUM ANALYZE narrow');
  const { rows } = await client.query<{ bytes: number }>(
    `SELECT pg_total_relation_size('narrow')::float8 AS bytes`,
  );
  return { store: 'narrow table: server, series, time, value', samples, bytes: rows[0]!.bytes };
}
