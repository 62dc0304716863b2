// A month of samples, as the worker goes through it day by day, where the clocks of people change meanwhile and those of the database with them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { inTransaction, openDatabase, type Database } from './client.ts';
import { foldSampleDays, foldSamples } from './foldSamples.ts';
import { dropOldPartitions, ensurePartitions, partitionedTables } from './partitions.ts';
import { readPoints } from './samplePoints.ts';
import type { Resolution } from './sampleRollUp.ts';
import { storeSamples } from './samples.ts';
import { type Dictionary, readDictionaries, readSeriesNames } from './seriesNames.ts';

const [hour, day] = [3600, 86_400];
/** Summer time ends in Berlin on the 25th of October 2026 and in New York on the 1st of November. */
const begin = Date.UTC(2026, 9, 10) / 1000;
const days = 31;
const end = begin + days * day;
/** Seconds between two reports: a sixth of a full month's work. */
const every = 360;
/** `silent` sends its last report in the middle of an hour of the sixth day; `back` is away from then on for three weeks. */
const lastAt = begin + 5 * day + 10.5 * hour;
const backAt = lastAt + 21 * day;
const servers = ['steady', 'silent', 'back'] as const;
const isThere = {
  steady: () => true,
  silent: (at: number) => at <= lastAt,
  back: (at: number) => at <= lastAt || at >= backAt,
};

let database: TestDatabase;
let db: Database;
let slot: number;
const own = process.env.TZ;

/** What is folded is not due any more. */
async function untilNone(fold: () => Promise<number>): Promise<void> {
  for (let round = 0; (await fold()) > 0; round++)
    if (round > 5) throw new Error('The same is folded again and again.');
}

const valueAt = (at: number) => (at % day) / hour + Math.floor((at - begin) / day);

beforeAll(async () => {
  process.env.TZ = 'America/New_York';
  database = await freshDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.db.$executeRawUnsafe(`ALTER DATABASE "${name}" SET timezone TO 'Europe/Berlin'`);
  db = openDatabase(database.url, 2);
  await db.organization.create({
    data: {
      name: 'T',
      servers: { create: servers.map((id) => ({ id, hostname: id, tokenHash: id })) },
    },
  });
  const dictionaries = new Map<string, Dictionary>(servers.map((id) => [id, new Map()]));
  // The worker looks at four in the morning (UTC); its day begins where the one before ended.
  for (let today = begin - 20 * hour; today < end; today += day) {
    const now = new Date((today + day) * 1000);
    await ensurePartitions(db, now);
    const rows = servers.flatMap((serverId) =>
      Array.from({ length: day / every }, (_, n) => today + n * every)
        .filter((at) => at >= begin && isThere[serverId](at))
        .map((at) => ({
          serverId,
          at: new Date(at * 1000),
          samples: [{ metric: 'cpu.busy' as const, subject: '', value: valueAt(at) }],
        })),
    );
    await inTransaction(db, (connection) => storeSamples(connection, rows, dictionaries));
    await untilNone(() => foldSamples(db, now));
    await untilNone(() => foldSampleDays(db, now));
    await dropOldPartitions(db, now);
  }
  slot = (await readSeriesNames(db, 'steady')).find(({ metric }) => metric === 'cpu.busy')!.slot;
}, 300_000);
afterAll(async () => {
  process.env.TZ = own;
  await db.$disconnect();
  await database.drop();
});

const read = async (serverId: string, resolution: Resolution, from = begin, to = end) =>
  (await readPoints(db, serverId, new Set([slot]), { from, to, resolution })).get(slot)!;

test('the series of all servers stand in the same place of their dictionaries', async () => {
  const found = await inTransaction(db, (connection) => readDictionaries(connection, servers));
  expect(servers.map((id) => found.get(id)!.get('cpu.busy '))).toEqual([slot, slot, slot]);
});

test('an hour a point of the whole month: each of its hours once, whatever the clocks of people did', async () => {
  const points = await read('steady', 3600);
  expect(points.map(({ at }) => at)).toEqual(Array.from({ length: days * 24 }, (_, n) => begin + n * hour));
  for (const { at, least, mean, most } of points) {
    const values = Array.from({ length: hour / every }, (_, n) => valueAt(at + n * every));
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    // As samplePack.ts rounds: means to 0.05 %, least and most to 0.8 %.
    expect(Math.abs(mean - average) / (average || 1), String(at)).toBeLessThan(0.001);
    expect(Math.abs(least - values[0]!) / (values[0]! || 1), String(at)).toBeLessThan(0.01);
    expect(Math.abs(most - values.at(-1)!) / values.at(-1)!, String(at)).toBeLessThan(0.01);
  }
});

test('five minutes and minutes reach back as far as they are kept', async () => {
  const five = await read('steady', 300);
  const kept = partitionedTables.sample_chunk_300.days;
  expect(five.at(-1)!.at).toBe(Math.floor((end - every) / 300) * 300);
  expect((end - five[0]!.at) / day).toBeGreaterThanOrEqual(kept);
  expect((end - five[0]!.at) / day).toBeLessThanOrEqual(kept + 2);
  const fine = await read('steady', 60);
  expect((end - fine[0]!.at) / day).toBeGreaterThanOrEqual(partitionedTables.sample_chunk_60.days);
  expect(fine.at(-1)!.at).toBe(end - every);
});

test('a server that fell silent has its last hour, and one that came back goes on', async () => {
  const silent = await read('silent', 3600);
  expect(silent.at(-1)!.at).toBe(Math.floor(lastAt / hour) * hour);
  expect(silent).toHaveLength(5 * 24 + 11);
  const back = await read('back', 3600);
  expect(back.filter(({ at }) => at < backAt - hour)).toEqual(silent);
  expect(back.at(-1)!.at).toBe(end - hour);
  expect(await db.sample.count({ where: { at: { lt: new Date((end - 2 * day) * 1000) } } })).toBe(0);
});

test('there are partitions for what is kept and three days ahead, and no others', async () => {
  const now = end + 4 * hour;
  const rows = await db.$queryRawUnsafe<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relispartition AND relname ~ '_\\d{8}$'`,
  );
  for (const { name } of rows) {
    const [, table, year, month, date] = /^(.*)_(\d{4})(\d\d)(\d\d)$/.exec(name)!;
    const { days, every } = partitionedTables[table as keyof typeof partitionedTables];
    const from = Date.UTC(+year!, +month! - 1, +date!) / 1000;
    // Those that the migration and the test set-up made for the real today are no matter of this month.
    if (from > now + 4 * day) continue;
    const length = every === 'day' ? day : 31 * day;
    expect((now - from - length) / day, name).toBeLessThan(days + 2);
  }
});
