import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '#core/snapshot.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { inTransaction } from './client.ts';
import { foldSampleDays, foldSamples } from './foldSamples.ts';
import { dropOldPartitions, ensurePartitions } from './partitions.ts';
import { readAllSeries, readPoints } from './samplePoints.ts';
import { mergeRolledUp, rollUp } from './sampleRollUp.ts';
import { storeSamples } from './samples.ts';
import { readDictionaries, readSeriesNames } from './seriesNames.ts';

let database: TestDatabase;
const serverId = 'server-1';
/** Half past three today: the three hours before are of the same day, whenever this runs. */
const now = new Date((Math.floor(Date.now() / 86_400_000) * 24 + 15.5) * 3_600_000);
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
  (await readSeriesNames(database.db, serverId)).find((name) => name.metric === metric)!.slot;
const points = async (metric: string, resolution: 60 | 300 | 3600) => {
  const slot = await slotOf(metric);
  return (
    await readPoints(database.db, serverId, new Set([slot]), { from: start, to: thisHour, resolution })
  ).get(slot)!;
};

test('values that are no numbers are not stored', async () => {
  expect(await readSeriesNames(database.db, serverId)).toHaveLength(2);
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

describe('a day that is over', () => {
  const tomorrow = new Date((Math.floor(now.getTime() / 86_400_000) + 1) * 86_400_000 + 3 * 3_600_000);
  const coarsePacks = () =>
    database.db.sampleChunk.groupBy({ by: ['resolution'], where: { serverId }, _count: true });

  test('is one pack at five minutes and one at an hour a point, and reads as before', async () => {
    const read = async () => [await points('cpu.busy', 300), await points('cpu.busy', 3600)];
    const before = await read();
    expect(await foldSampleDays(database.db, now), 'today is not over').toBe(0);
    const days = await foldSampleDays(database.db, tomorrow);
    expect(days).toBeGreaterThan(0);
    expect(await foldSampleDays(database.db, tomorrow)).toBe(0);
    const counts = new Map((await coarsePacks()).map(({ resolution, _count }) => [resolution, _count]));
    // The report from days ago has packs of its own.
    expect([counts.get(300), counts.get(3600)]).toEqual([days + 1, days + 1]);
    expect(await read()).toEqual(before);
    // Far enough back the packs of the day are read, not its minutes: least and most are rounded there.
    const slot = await slotOf('cpu.busy');
    const week = { from: start - 7 * 86_400, to: thisHour, resolution: 300 as const };
    const far = (await readPoints(database.db, serverId, new Set([slot]), week)).get(slot)!;
    expect(far.filter(({ at }) => at >= start)).toEqual(before[0]);
  });

  test('takes a late report, and an hour that nobody had folded', async () => {
    await store(new Date((start + 3660 + 30) * 1000), [{ metric: 'cpu.busy', subject: '', value: 96 }]);
    await store(tomorrow, [{ metric: 'cpu.busy', subject: '', value: 1 }]);
    expect(await foldSamples(database.db, tomorrow)).toBeGreaterThan(0);
    const week = { from: start - 7 * 86_400, to: thisHour, resolution: 3600 as const };
    const slot = await slotOf('cpu.busy');
    const found = (await readPoints(database.db, serverId, new Set([slot]), week)).get(slot)!;
    expect(found.find(({ at }) => at === start + 3600)).toMatchObject({ least: 0, most: 96 });
  });

  test('minutes that are not folded yet are not dropped', async () => {
    const late = new Date(now.getTime() + 6 * 86_400_000);
    const names = (await dropOldPartitions(database.db, late)).filter((name) => /chunk_60/.test(name));
    const today = new Date(start * 1000).toISOString().slice(0, 10).replaceAll('-', '');
    expect(names, 'folded').toContain(`sample_chunk_60_${today}`);
    await ensurePartitions(database.db, now);
    await store(new Date(start * 1000), [{ metric: 'cpu.busy', subject: '', value: 1 }]);
    await store(new Date((thisHour + 420) * 1000), [{ metric: 'cpu.busy', subject: '', value: 1 }]);
    await database.db.sampleChunk.deleteMany({ where: { resolution: 300 } });
    await foldSamples(database.db, new Date((thisHour + 600) * 1000));
    expect(await dropOldPartitions(database.db, late)).not.toContain(`sample_chunk_60_${today}`);
  });
});

test('late reports of a day whose minutes are gone join its points', () => {
  const one = rollUp({ times: [0, 60, 300], columns: new Map([[1, [1, 3, 5]]]) }, 300);
  const other = rollUp({ times: [120, 600], columns: new Map([[1, [8, 2]], [2, [7, undefined]]]) }, 300); // prettier-ignore
  expect(mergeRolledUp(one, other)).toEqual({
    times: [0, 300, 600],
    columns: new Map([
      [3, [1, 5, 2]],
      [4, [5, 5, 2]],
      [5, [8, 5, 2]],
      [6, [7, undefined, undefined]],
      [7, [7, undefined, undefined]],
      [8, [7, undefined, undefined]],
    ]),
  });
});
