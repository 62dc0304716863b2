import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { housekeeping } from './housekeeping.ts';
import { oneServer, type OneServer } from './oneServer.fixture.ts';

let one: OneServer;
beforeAll(async () => {
  one = await oneServer();
});
afterAll(() => one.close());
beforeEach(() => one.begin());

const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
const isThere = async (partition: string) => {
  const [row] = await one.context.db.$queryRawUnsafe<{ there: boolean }[]>(
    `SELECT to_regclass('"${partition}"') IS NOT NULL AS there`,
  );
  return row!.there;
};

test('a clock of the host that jumps a year ahead drops nothing; what is old beside newer reports is dropped', async () => {
  const { db } = one.context;
  const at = new Date();
  await db.event.create({
    data: { serverId: one.serverId, at, digest: 'd', kind: 'k', subject: '', text: 'Something happened' },
  });
  const inTwoYears = new Date(at.getTime() + 730 * 86_400_000);
  await housekeeping(one.context, inTwoYears);
  expect(await isThere(`report_${today}`)).toBe(true);
  expect(await db.event.count()).toBe(1);

  await db.server.update({ where: { id: one.serverId }, data: { lastReportAt: inTwoYears } });
  await housekeeping(one.context, inTwoYears);
  expect(await isThere(`report_${today}`)).toBe(false);
  expect(await db.event.count()).toBe(0);
});

test('a diagnosis is kept for a year and a month, and the newest of a server for as long as nothing changes', async () => {
  const { db } = one.context;
  const { serverId } = one;
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  const add = (days: number) =>
    db.diagnosisRow.create({ data: { serverId, at: ago(days), verdict: 'healthy', body: {} } });
  const kept = () => db.diagnosisRow.count({ where: { serverId } });
  for (const days of [500, 450]) await add(days);
  await housekeeping(one.context);
  expect(await kept()).toBe(1);
  for (const days of [390, 1]) await add(days);
  await housekeeping(one.context);
  expect(await kept()).toBe(2);
});
