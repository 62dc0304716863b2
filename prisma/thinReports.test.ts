import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { dropOldPartitions, ensurePartitions } from './partitions.ts';
import { thinReports } from './thinReports.ts';

let database: TestDatabase;
const now = new Date('2031-05-10T03:00:00Z');
const day = '2031-05-08';

beforeAll(async () => {
  database = await freshDatabase();
  await ensurePartitions(database.db, now);
  const organization = await database.db.organization.create({ data: { name: 'T' } });
  for (const id of ['calm', 'ill'])
    await database.db.server.create({
      data: { id, organizationId: organization.id, hostname: id, tokenHash: id },
    });
});
afterAll(() => database.drop());

const at = (time: string) => new Date(`${day}T${time}Z`);
const body = (text: string) => Uint8Array.from(Buffer.from(text));

/** A report a minute; the one at half past is the fullest. */
async function minutes(serverId: string, from: number, to: number): Promise<void> {
  await database.db.report.createMany({
    data: Array.from({ length: to - from }, (_, index) => {
      const time = new Date(at('00:00:00').getTime() + (from + index) * 60_000);
      const bytes = (from + index) % 60 === 30 ? 9000 : 4000;
      return { serverId, receivedAt: time, reportedAt: time, body: body(`${index}`), bytes, state: 'parsed' };
    }),
  });
}
const kept = async (serverId: string) =>
  (await database.db.report.findMany({ where: { serverId }, orderBy: { receivedAt: 'asc' } })).map(
    ({ receivedAt }) => receivedAt.toISOString().slice(5, 16),
  );

test('of a day that is over one report an hour stays, those around incidents, and those that nobody has read', async () => {
  await minutes('calm', 0, 180);
  await minutes('ill', 0, 360);
  await minutes('ill', 1440 * 2 - 5, 1440 * 2 + 5);
  await database.db.report.create({
    data: {
      serverId: 'calm',
      receivedAt: at('02:10:30'),
      reportedAt: at('02:10:30'),
      body: body('not a report'),
      bytes: 1,
      state: 'failed',
      error: 'unreadable',
    },
  });
  const incident = {
    serverId: 'ill',
    rootKey: 'disk.full mount:/',
    ruleId: 'disk.full',
    severity: 'warning' as const,
  };
  const { organizationId } = await database.db.server.findUniqueOrThrow({ where: { id: 'ill' } });
  await database.db.incident.create({
    data: {
      ...incident,
      organizationId,
      title: 'full',
      openedAt: at('03:00:00'),
      updatedAt: at('03:00:00'),
      body: {},
      entries: { create: { at: at('03:00:00'), kind: 'opened', text: 'full' } },
    },
  });

  const thinned = await thinReports(database.db, now);
  expect(thinned.at(-1)).toBe('report_20310508');
  expect(thinned).toContain('report_20310502');
  expect(await kept('calm')).toEqual(['05-08T00:30', '05-08T01:30', '05-08T02:10', '05-08T02:30']);
  const ill = await kept('ill');
  expect(ill.filter((time) => time.startsWith('05-08'))).toEqual([
    '05-08T00:30',
    '05-08T01:30',
    ...Array.from({ length: 30 }, (_, index) => `05-08T02:${30 + index}`),
    ...Array.from({ length: 16 }, (_, index) => `05-08T03:${String(index).padStart(2, '0')}`),
    '05-08T03:30',
    '05-08T04:30',
    '05-08T05:30',
  ]);
  expect(
    ill.filter((time) => !time.startsWith('05-08')),
    'of yesterday and today every one',
  ).toHaveLength(10);
  expect(await thinReports(database.db, now), 'once is enough').toEqual([]);
});

test('a thinned day takes reports and is dropped like any other', async () => {
  await minutes('calm', 200, 201);
  expect(await kept('calm')).toContain('05-08T03:20');
  const rows = await database.db.$queryRawUnsafe<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM pg_indexes WHERE tablename = 'report_20310508'`,
  );
  expect(rows[0]!.n).toBe(2);
  const dropped = await dropOldPartitions(database.db, new Date(now.getTime() + 15 * 86_400_000));
  expect(dropped).toContain('report_20310508');
});

test('a day with reports that wait to be read is left alone until they are', async () => {
  await ensurePartitions(database.db, now);
  await thinReports(database.db, now);
  const waiting = new Date('2031-05-09T12:00:00Z');
  await database.db.report.createMany({
    data: [0, 1].map((minute) => ({
      serverId: 'calm',
      receivedAt: new Date(waiting.getTime() + minute * 60_000),
      reportedAt: waiting,
      body: body('x'),
      bytes: 1,
      state: minute ? 'parsed' : 'stored',
    })),
  });
  const tomorrow = new Date(now.getTime() + 86_400_000);
  expect(await thinReports(database.db, tomorrow)).toEqual([]);
  await database.db.report.updateMany({ where: { state: 'stored' }, data: { state: 'parsed' } });
  expect(await thinReports(database.db, tomorrow)).toEqual(['report_20310509']);
});

test('two workers that thin at the same time do it once', async () => {
  const later = new Date(now.getTime() + 2 * 86_400_000);
  const both = await Promise.all([thinReports(database.db, later), thinReports(database.db, later)]);
  expect(both.flat().filter((name) => name === 'report_20310510')).toHaveLength(1);
});
