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
