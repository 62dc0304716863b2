import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseDue } from '#prisma/leases.ts';
import { openQueue, type Queue } from '#prisma/queue.ts';
import { storeLooks } from '#worker/evaluate/storeLooks.ts';
import { ownConnection } from '#worker/schedule/ownConnection.ts';
import { makeProber } from '#worker/schedule/prober.ts';
import { beat } from './beat.ts';
import { testSecret, threePeople, type ThreePeople } from './threePeople.fixture.ts';

let people: ThreePeople;
let queue: Queue;
let id: string;
beforeAll(async () => {
  people = await threePeople();
  const { db, environment } = people.services;
  queue = await openQueue(environment.DATABASE_URL!, { serve: false, onError: () => undefined });
  await db.region.create({ data: { name: 'local', lastSeenAt: new Date() } });
  const server = await db.server.create({
    data: { organizationId: people.organizationId, hostname: 'web1', tokenHash: 'x' },
  });
  ({ id } = await people.member.monitors.create({
    serverId: server.id,
    kind: 'heartbeat',
    name: 'Backup',
    interval: 60,
    form: { intervalSeconds: '60', graceSeconds: '10' },
  }));
});
afterAll(async () => {
  await queue.close();
  await people.close();
});

/** One round of the worker: what is due is looked at and stored. */
async function look(): Promise<void> {
  const { db } = people.services;
  await db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "nextAt" = now()`);
  const leases = await leaseDue(db, 'local', { scans: false, limit: 10 });
  expect(leases).toHaveLength(1);
  await new Promise<void>((resolve, reject) => {
    const prober = makeProber({
      allow: [],
      connection: ownConnection({ controls: ['none'] }),
      deliver: (looks) => storeLooks({ db, queue }, 'local', looks).then(() => resolve(), reject),
      log: () => undefined,
    });
    prober.start(leases);
  });
}
const state = async () => (await people.services.db.monitor.findUniqueOrThrow({ where: { id } })).state;
const silence = () =>
  people.services.db.monitor.update({
    where: { id },
    data: { lastBeatAt: new Date(Date.now() - 75_000), createdAt: new Date(Date.now() - 500_000) },
  });

test('a job that reports in is up, silence is down, and reporting again ends it', async () => {
  const { db } = people.services;
  const { beatUrl } = await people.member.monitors.get({ id });
  expect(beatUrl).toMatch(/^https:\/\/status\.example\.org\/api\/beat\//);
  const token = beatUrl!.split('/').at(-1)!;
  expect((await beat(db, testSecret, token)).status).toBe(200);
  await look();
  expect(await state()).toBe('up');
  await silence();
  for (let i = 0; i < 2; i++) await look();
  expect(await state()).toBe('down');
  await db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "nextAt" = now() + interval '1 hour'`);
  expect((await beat(db, testSecret, token)).status).toBe(200);
  expect(await db.monitorSchedule.count({ where: { nextAt: { lte: new Date() } } })).toBe(1);
  for (let i = 0; i < 2; i++) await look();
  expect(await state()).toBe('up');
});

test('who does not know the address reports nothing, and a viewer does not see it', async () => {
  const { db } = people.services;
  for (const token of ['', id, `${id}.`, `${id}.${'a'.repeat(32)}`, 'x'.repeat(10_000), `${id}.é`])
    expect((await beat(db, testSecret, token)).status).toBe(404);
  expect((await people.viewer.monitors.get({ id })).beatUrl).toBeNull();
  const token = (await people.member.monitors.get({ id })).beatUrl!.split('/').at(-1)!;
  const statuses = [];
  for (let i = 0; i < 40; i++) statuses.push((await beat(db, testSecret, token)).status);
  expect(statuses).toContain(429);
});
