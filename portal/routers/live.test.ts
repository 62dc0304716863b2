import { afterAll, beforeAll, expect, test } from 'vitest';
import { announce } from '#prisma/notify.ts';
import { createCaller } from '../appRouter.ts';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
beforeAll(async () => {
  people = await threePeople();
});
afterAll(() => people.close());

test('changes of the own organization arrive, those of others do not, and leaving ends the stream', async () => {
  const { db } = people.services;
  const stop = new AbortController();
  const viewer = await db.membership.findFirstOrThrow({
    where: { organizationId: people.organizationId, role: 'viewer' },
    include: { user: true },
  });
  const api = createCaller(
    {
      services: people.services,
      member: {
        userId: viewer.userId,
        email: viewer.user.email,
        name: null,
        organizationId: people.organizationId,
        organizationName: '',
        role: 'viewer',
      },
    },
    { signal: stop.signal },
  );
  const stream = (await api.live.changes())[Symbol.asyncIterator]();
  expect((await stream.next()).value).toEqual({ kind: 'everything' });

  await announce(db, { organizationId: people.otherOrganizationId, kind: 'server', serverId: 'theirs' });
  await announce(db, { organizationId: people.organizationId, kind: 'server', serverId: 'ours' });
  await announce(db, { organizationId: people.organizationId, kind: 'monitor', id: 'm' });
  expect((await stream.next()).value).toEqual({ kind: 'server', serverId: 'ours' });
  expect((await stream.next()).value).toEqual({ kind: 'monitor', id: 'm' });

  const end = stream.next();
  stop.abort();
  expect((await end).done).toBe(true);
});

test('a change inside a transaction arrives when it is written, and never when it is not', async () => {
  const { db } = people.services;
  const stream = (await people.viewer.live.changes())[Symbol.asyncIterator]();
  await stream.next();
  await db
    .$transaction(async (transaction) => {
      await announce(transaction, {
        organizationId: people.organizationId,
        kind: 'server',
        serverId: 'undone',
      });
      throw new Error('roll back');
    })
    .catch(() => undefined);
  await announce(db, { organizationId: people.organizationId, kind: 'server', serverId: 'done' });
  expect((await stream.next()).value).toEqual({ kind: 'server', serverId: 'done' });
});
