import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueue } from '#prisma/queue.ts';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
beforeAll(async () => {
  people = await threePeople();
});
afterAll(() => people.close());

const webhookUrl = 'https://hooks.example.org/services/very-secret';
const slack = { kind: 'slack', name: 'Ops', enabled: true, minSeverity: 'critical' } as const;

test('a channel is made, changed without showing its secret, and removed', async () => {
  const { id } = await people.owner.channels.create({ ...slack, form: { webhookUrl } });
  const [shown] = await people.owner.channels.list();
  expect(shown).toMatchObject({ id, name: 'Ops', minSeverity: 'critical', form: { webhookUrl: '' } });
  const { kind: _, ...common } = slack;
  await people.owner.channels.update({ id, ...common, name: 'Night', form: { webhookUrl: '' } });
  const row = await people.services.db.channel.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ name: 'Night', settings: { webhookUrl } });
  expect(await people.stranger.channels.list()).toEqual([]);
  expect(await people.owner.channels.heard()).toEqual({ channels: 1, failing: [], unsent: [] });
  expect(await people.stranger.channels.heard()).toEqual({ channels: 0, failing: [], unsent: [] });
  await people.services.db.channel.update({ where: { id }, data: { lastError: 'status 404' } });
  expect(await people.member.channels.heard()).toEqual({ channels: 1, failing: ['Night'], unsent: [] });
  await people.owner.channels.remove({ id });
  expect(await people.owner.channels.list()).toEqual([]);
  expect(await people.member.channels.heard()).toEqual({ channels: 0, failing: [], unsent: [] });
  // Without a mail server, what a channel of mail sends is kept in a folder: nobody hears of it.
  const mail = { kind: 'email', name: 'Mail', enabled: true, minSeverity: 'warning' } as const;
  await people.owner.channels.create({ ...mail, form: { to: 'admin@example.org' } });
  expect(await people.member.channels.heard()).toEqual({ channels: 1, failing: [], unsent: ['Mail'] });
});

test('settings that cannot work are refused with the reason', async () => {
  const create = (form: Record<string, string>) =>
    people.owner.channels.create({ ...slack, kind: 'sms', form });
  const good = { to: '+4915112345678', accountSid: 'AC12345678', authToken: 'long enough', from: 'Rootnote' };
  await expect(create({ ...good, to: '0151 12345678' })).rejects.toThrow(
    'to.0: A phone number looks like +4915112345678',
  );
  await expect(create({})).rejects.toThrow(/accountSid/);
  await create(good);
});

test('a test message is a job of the worker', async () => {
  const { id } = await people.owner.channels.create({ ...slack, form: { webhookUrl } });
  const queue = await openQueue(people.services.environment.DATABASE_URL!, {
    serve: true,
    onError: () => undefined,
  });
  const asked: string[] = [];
  try {
    const got = new Promise<void>((resolve) => {
      void queue.work('testChannel', 10, async (jobs) => {
        asked.push(...jobs.map(({ channelId }) => channelId));
        resolve();
      });
    });
    await people.owner.channels.test({ id });
    await got;
  } finally {
    await queue.close();
  }
  expect(asked).toEqual([id]);
});
