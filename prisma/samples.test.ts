import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sample } from '#core/snapshot.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { inTransaction } from './client.ts';
import { foldSamples, readAllSeries, readDictionaries, readPoints, storeSamples } from './samples.ts';

let database: TestDatabase;
const serverId = 'server-1';
const now = new Date();
const thisHour = Math.floor(now.getTime() / 3_600_000) * 3600;
const start = thisHour - 3 * 3600;

beforeAll(async () => {
  database = await freshDatabase();
  const { db } = database;
  const organization = await db.organization.create({ data: { name: 'T' } });
  await db.server.create({
    data: { id: serverId, organizationId: organization.id, hostname: 'web1', tokenHash: 'x' },
  });
  for (let minute = 0; minute < 180; minute++) {
    const at = start + minute * 60;
    await store(new Date(at * 1000), [
      { metric: 'cpu.busy', subject: '', value: minute % 60 },
      ...(minute % 2 ? [{ metric: 'fs.available' as const, subject: '/srv', value: 1e9 + minute }] : []),
      { metric: 'cpu.load1', subject: '', value: Number.NaN },
    ]);
  }
});
const store = (at: Date, samples: Sample[]) =>
  inTransaction(database.db, async (connection) =>
    storeSamples(connection, [{ serverId, at, samples }], await readDictionaries(connection, [serverId])),
  );
const reportNow = () =>
  store(new Date((thisHour + 420) * 1000), [{ metric: 'cpu.busy', subject: '', value: 1 }]);
afterAll(() => database.drop());

const slotOf = async (metric: string) =>
  (await database.db.series.findFirstOrThrow({ where: { serverId, metric } })).slot;
const points = async (metric: string, resolution: 60 | 300 | 3600) => {
  const slot = await slotOf(metric);
  return (
    await readPoints(database.db, serverId, new Set([slot]), { from: start, to: thisHour, resolution })
  ).get(slot)!;
};

test('values that are no numbers are not stored', async () => {
  expect(await database.db.series.count({ where: { serverId } })).toBe(2);
});

test('folding changes nothing that can be read, and folds once', async () => {
  const before = await points('cpu.busy', 60);
  expect(before).toHaveLength(180);
  const later = new Date((thisHour + 600) * 1000);
  expect(await foldSamples(database.db, later), 'nothing newer came').toBe(0);
  await reportNow();
  expect(await foldSamples(database.db, later)).toBe(3);
  expect(await foldSamples(database.db, later)).toBe(0);
  expect(await database.db.sample.count({ where: { serverId } })).toBe(1);
  expect(await points('cpu.busy', 60)).toEqual(before);
  expect(await points('fs.available', 60)).toHaveLength(90);
});

test('coarser points keep the least, the mean and the most', async () => {
  const [first] = await points('cpu.busy', 300);
  expect(first).toEqual({ at: start, least: 0, mean: 2, most: 4 });
  expect(await points('cpu.busy', 3600)).toEqual(
    [0, 1, 2].map((hour) => ({ at: start + hour * 3600, least: 0, mean: 29.5, most: 59 })),
  );
});

test('a late report joins the hour that was folded before', async () => {
  await store(new Date((start + 30) * 1000), [{ metric: 'cpu.busy', subject: '', value: 77 }]);
  expect(await foldSamples(database.db, new Date((thisHour + 600) * 1000))).toBe(1);
  const found = await points('cpu.busy', 60);
  expect(found).toHaveLength(181);
  expect(found[1]).toEqual({ at: start + 30, least: 77, mean: 77, most: 77 });
});

test('a report from days ago is kept where its time is still kept', async () => {
  const old = Math.floor(now.getTime() / 1000 / 3600) * 3600 - 5 * 86_400;
  await store(new Date(old * 1000), [{ metric: 'cpu.busy', subject: '', value: 3 }]);
  expect(await foldSamples(database.db, new Date((thisHour + 600) * 1000))).toBe(1);
  const slot = await slotOf('cpu.busy');
  const read = (resolution: 60 | 300) =>
    readPoints(database.db, serverId, new Set([slot]), { from: old, to: old + 3600, resolution });
  expect((await read(60)).get(slot)).toEqual([]);
  expect((await read(300)).get(slot)).toEqual([{ at: old, least: 3, mean: 3, most: 3 }]);
});

test('all series at once: fine where it is new, five minutes a point before', async () => {
  const all = await readAllSeries(database.db, serverId, {
    from: start,
    to: thisHour,
    fineFrom: start + 7200,
  });
  const cpu = all.find(([metric]) => metric === 'cpu.busy')![2];
  expect(cpu.filter(([at]) => at < start + 7200)).toHaveLength(24);
  expect(cpu.filter(([at]) => at >= start + 7200)).toHaveLength(60);
});
