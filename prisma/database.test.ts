import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { schemaAsSql } from './migrate.ts';
import { announce, listen } from './notify.ts';
import { dropOldPartitions, ensurePartitions, partitionedTables } from './partitions.ts';
import { openQueue } from './queue.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

test('the migrations add up to schema.prisma', async () => {
  const reference = await emptyDatabase();
  try {
    for (const statement of (await schemaAsSql(reference.url)).split(/;\n/)) {
      if (statement.replaceAll(/^--.*$/gm, '').trim()) await reference.db.$executeRawUnsafe(statement);
    }
    const columns = `SELECT table_name, column_name, udt_name, is_nullable, column_default FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name !~ '_\\d{8}$|^sample_chunk_' AND table_name <> '_prisma_migrations' ORDER BY 1, 2`;
    const expected = await reference.db.$queryRawUnsafe<unknown[]>(columns);
    expect(expected.length).toBeGreaterThan(100);
    expect(await database.db.$queryRawUnsafe(columns)).toEqual(expected);
  } finally {
    await reference.drop();
  }
});

test('a job exists if and only if its transaction commits', async () => {
  const errors: Error[] = [];
  const queue = await openQueue(database.url, { serve: true, onError: (error) => errors.push(error) });
  try {
    const seen: string[] = [];
    await queue.work('diagnose', 10, async (jobs) => {
      seen.push(...jobs.map((job) => job.serverId));
    });
    await database.db
      .$transaction(async (transaction) => {
        await queue.send('diagnose', { serverId: 'rolled-back' }, { transaction });
        throw new Error('roll back');
      })
      .catch(() => undefined);
    await database.db.$transaction((transaction) =>
      queue.send('diagnose', { serverId: 'committed' }, { transaction }),
    );
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['committed']);
    await expect(queue.send('diagnose', { serverId: '' })).rejects.toThrow();
    expect(errors).toEqual([]);
  } finally {
    await queue.close();
  }
});

test('jobs without a key are all done, jobs with the same key once while they wait', async () => {
  const queue = await openQueue(database.url, { serve: true, onError: () => undefined });
  try {
    await database.db.$transaction(async (transaction) => {
      for (const id of ['a', 'b', 'c']) await queue.send('notify', { notificationId: id }, { transaction });
      for (let i = 0; i < 3; i++) await queue.send('discover', { serverId: 's' }, { transaction, key: 's' });
    });
    const notified: string[] = [];
    const discovered: string[] = [];
    await queue.work(
      'notify',
      2,
      async (jobs) => void notified.push(...jobs.map((job) => job.notificationId)),
    );
    await queue.work(
      'discover',
      10,
      async (jobs) => void discovered.push(...jobs.map((job) => job.serverId)),
    );
    await expect.poll(() => notified.sort(), { timeout: 10_000 }).toEqual(['a', 'b', 'c']);
    await expect.poll(() => discovered, { timeout: 10_000 }).toEqual(['s']);
  } finally {
    await queue.close();
  }
});

test('a change is heard after commit, not before', async () => {
  const heard: string[] = [];
  const listener = await listen(database.url, (change) => heard.push(change.id ?? ''));
  try {
    await database.db.$transaction(async (transaction) => {
      await announce(transaction, { organizationId: 'o', kind: 'server', id: 'one' });
      await new Promise((done) => setTimeout(done, 100));
      expect(heard).toEqual([]);
    });
    await expect.poll(() => heard).toEqual(['one']);
  } finally {
    await listener.close();
  }
});

test('partitions are made ahead and dropped behind', async () => {
  const { db } = database;
  const now = new Date('2031-05-10T12:00:00Z');
  await ensurePartitions(db, now);
  await ensurePartitions(db, now);
  await db.sample.create({
    data: { serverId: 's', at: new Date('2031-05-09T01:00:00Z'), slots: [1], values: [2.5] },
  });
  const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
  const dropped = await dropOldPartitions(db, later(partitionedTables.sample.days + 5));
  expect(dropped).toContain('sample_20310508');
  expect(dropped, 'it holds a report that is not folded').not.toContain('sample_20310509');
  expect(await dropOldPartitions(db, later(70)), 'for ever it is not kept').toContain('sample_20310509');
  expect(await db.sample.count({ where: { serverId: 's' } })).toBe(0);
});
