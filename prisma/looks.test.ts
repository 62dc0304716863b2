import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeCodes, type ProbeCode } from '#core/probes.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { foldDays, hoursOf, packDay, readDays, unpackDay } from './lookDays.ts';
import { levelOf, msOf, packLook, spanSeconds, unpackLooks } from './lookPack.ts';
import { appendLooks, readLooks, readNewestLooks } from './looks.ts';

let database: TestDatabase;
const ids = ['m1', 'm2'];
const today = Math.floor(Date.now() / 86_400_000) * 86_400;

beforeAll(async () => {
  database = await freshDatabase();
  const { id } = await database.db.organization.create({ data: { name: 'T' } });
  await database.db.monitor.createMany({
    data: ids.map((monitorId) => ({
      id: monitorId,
      organizationId: id,
      key: monitorId,
      kind: 'ping',
      name: monitorId,
      target: '192.0.2.1',
      settings: {},
      reason: 'a test',
      about: {},
      interval: 60,
    })),
  });
});
afterAll(() => database.drop());

const look = (monitorId: string, at: number, ms: number, code: ProbeCode = 'ok') => ({
  monitorId,
  at: new Date(at * 1000),
  ok: code === 'ok',
  code,
  ms,
});

test('a look is four bytes and comes back with its second, its code and its time within 0.3 %', () => {
  const codes = Object.keys(probeCodes) as ProbeCode[];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 32 }),
      fc.constantFrom(...codes),
      fc.double({ min: 0.01, max: 600_000, noNaN: true }),
      (at, code, ms) => {
        const bytes = packLook({ at: at + 0.5, ok: code === 'ok', code, ms });
        expect(bytes.length).toBe(4);
        const [back] = unpackLooks(bytes, at - (at % spanSeconds) + 7199);
        expect(back).toMatchObject({ at, code, ok: code === 'ok' });
        expect(Math.abs(back!.ms / ms - 1)).toBeLessThan(0.008);
      },
    ),
  );
  expect(levelOf(0)).toBe(0);
  expect(levelOf(Number.NaN)).toBe(0);
  expect(msOf(levelOf(1e9))).toBe(600_000);
  expect(unpackLooks(Buffer.from([255, 255, 255, 255, 1, 2]), 0).length).toBeLessThan(2);
});

test('looks are appended once, in order, and become packs that read as one history', async () => {
  const { db } = database;
  const start = today - 5 * 3600;
  for (let minute = 0; minute < 300; minute++) {
    const at = start + minute * 60;
    const fresh = await appendLooks(db, 'fra', [
      look('m2', at, 5),
      look('m1', at, 10 + minute, minute % 100 === 99 ? 'connect-refused' : 'ok'),
    ]);
    expect([...fresh].sort()).toEqual(ids);
  }
  // The same looks again, and older ones, and those of a monitor that is gone.
  const last = start + 299 * 60;
  expect(await appendLooks(db, 'fra', [look('m1', last, 1), look('m2', last - 1, 1)])).toEqual(new Set());
  expect(await appendLooks(db, 'fra', [look('gone', last, 1)])).toEqual(new Set());
  await appendLooks(db, 'nyc', [look('m1', last, 80)]);

  const looks = await readLooks(db, 'm1', start, last + 1);
  const fra = looks.filter(({ region }) => region === 'fra');
  expect(fra.map(({ at }) => at)).toEqual(Array.from({ length: 300 }, (_, minute) => start + minute * 60));
  expect(fra.filter(({ ok }) => !ok).map(({ code }) => code)).toEqual([
    'connect-refused',
    'connect-refused',
    'connect-refused',
  ]);
  expect(fra[200]!.ms).toBeCloseTo(210, -1);
  expect(looks.filter(({ region }) => region === 'nyc')).toHaveLength(1);
  expect((await readLooks(db, 'm1', last - 119, last)).map(({ at }) => at)).toEqual([last - 60]);
  expect(await db.probePack.count({ where: { monitorId: 'm1' } })).toBeGreaterThanOrEqual(2);

  const newest = await readNewestLooks(db, ['m1', 'm2', 'none'], 40);
  expect([...newest.keys()].sort()).toEqual(ids);
  expect(newest.get('m2')!.looks).toHaveLength(40);
  expect(newest.get('m2')!.looks.at(-1)).toMatchObject({ at: last, ok: true });
  expect(newest.get('m1')!.at).toBe(last);
});

test('a day that is over is folded once into hours, whether its looks are packs or still in the tail', async () => {
  const { db } = database;
  const now = new Date((today + 3600) * 1000);
  expect(await foldDays(db, now)).toBe(2);
  expect(await foldDays(db, now)).toBe(0);
  const hours = await readDays(db, 'm1', today - 86_400, today);
  const looks = await readLooks(db, 'm1', today - 86_400, today);
  expect(hours.reduce((sum, { good, failed }) => sum + good + failed, 0)).toBe(looks.length);
  expect(hours.filter(({ failed }) => failed)).toHaveLength(3);
  const nineteen = hours.find(({ region }) => region === 'fra')!;
  const own = looks.filter(({ region, at }) => region === 'fra' && at < nineteen.at + 3600);
  expect(nineteen).toMatchObject({ at: today - 5 * 3600, good: 60 });
  expect(nineteen.average).toBeCloseTo(own.reduce((sum, { ms }) => sum + ms, 0) / 60, 0);
  expect(nineteen.most).toBeCloseTo(Math.max(...own.map(({ ms }) => ms)), 0);
});

test('days come back whole; what is cut off is left out; looks of a place that was offline count neither way', () => {
  const at = (second: number) => ({ at: second, ok: true, code: 'ok' as const, blind: false, ms: 12 });
  const hours = [
    ...hoursOf('fra', [at(0), at(3599), { ...at(3600), ok: false, code: 'prober-offline', blind: true }]),
    ...hoursOf('a-long-region-name', [{ ...at(86_399), ok: false, code: 'connect-timeout' }]),
  ];
  expect(hours).toHaveLength(2);
  const packed = packDay(hours, 0);
  const back = unpackDay(packed, 0);
  expect(back).toMatchObject([
    { at: 0, region: 'fra', good: 2, failed: 0, average: 12, most: 12 },
    { at: 82_800, region: 'a-long-region-name', good: 0, failed: 1, average: null, most: null },
  ]);
  for (let length = 0; length < packed.length; length += 7)
    expect(() => unpackDay(packed.subarray(0, length), 0)).not.toThrow();
});
