import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { regionLimits, type HandedIn, type RegionAnswer, type RegionRequest } from '#core/region.ts';
import { openQueue, type Queue } from '#prisma/queue.ts';
import { storeHandedIn } from '#worker/evaluate/storeLooks.ts';
import { lease } from './lease.ts';
import { threePeople, type ThreePeople } from './threePeople.fixture.ts';

let people: ThreePeople;
let queue: Queue;
let token: string;
let monitorId: string;
const handedOver: Parameters<typeof storeHandedIn>[1][number][] = [];

beforeAll(async () => {
  people = await threePeople();
  queue = await openQueue(people.services.environment.DATABASE_URL!, {
    serve: true,
    onError: () => undefined,
  });
  await queue.work('evaluate', 10, async (jobs) => {
    handedOver.push(...jobs);
    await storeHandedIn({ db: people.services.db, queue }, jobs);
  });
});
afterAll(async () => {
  await queue.close();
  await people.close();
});
let names = 0;
let region: string;
beforeEach(async () => {
  const { db } = people.services;
  await db.monitor.deleteMany();
  await db.region.deleteMany();
  handedOver.length = 0;
  const create = (organizationId: string) =>
    db.monitor.create({
      data: {
        organizationId,
        key: `m${names}`,
        kind: 'http',
        name: 'Page',
        target: 'http://192.0.2.1/',
        settings: { url: 'http://192.0.2.1/', bearer: 'secret' },
        reason: 'a test',
        about: {},
        interval: 60,
      },
    });
  monitorId = (await create(people.organizationId)).id;
  await create(people.otherOrganizationId);
  region = `far${names++}`;
  ({ token } = await people.owner.regions.create({ name: region }));
  await db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "nextAt" = now()`);
});

const ask = async (request: Partial<RegionRequest> = {}, as = token) =>
  lease(people.services.db, queue, {
    token: as,
    body: Buffer.from(
      JSON.stringify({ online: true, results: [], free: { looks: 10, scans: 1 }, ...request }),
    ),
  });
async function leased(request: Partial<RegionRequest> = {}): Promise<RegionAnswer> {
  const answer = await ask(request);
  expect(answer.status).toBe(200);
  return answer.body as RegionAnswer;
}
const handIn = (leasedAt: number, summary = 'refused'): HandedIn => ({
  monitorId,
  leasedAt,
  after: 0.01,
  result: {
    kind: 'http',
    target: 'http://192.0.2.1/',
    ok: false,
    code: 'connect-refused',
    summary,
    ms: 3,
    phases: [],
    details: { text: summary },
    transcript: [summary],
  },
});
const rows = () => people.services.db.probeRow.count({ where: { monitorId } });

test('a region gets the work of its organization, hands in what it saw, and twice is once', async () => {
  const { leases, region: name } = await leased();
  expect(name).toBe(region);
  expect(leases).toMatchObject([
    { monitorId, kind: 'http', settings: { bearer: 'secret' }, reportedFrom: null },
  ]);
  const results = [handIn(leases[0]!.leasedAt, 'a\0b \ud800')];
  expect(await leased({ results })).toMatchObject({ refused: 0, leases: [] });
  await expect.poll(rows, { timeout: 10_000 }).toBe(1);
  expect(await leased({ results })).toMatchObject({ refused: 0 });
  await expect.poll(() => handedOver.length, { timeout: 10_000 }).toBe(2);
  await new Promise((done) => setTimeout(done, 300));
  expect(await rows()).toBe(1);
  const [tail] = await people.services.db.probeTail.findMany({ where: { monitorId } });
  expect(tail).toMatchObject({ region });
  expect(tail!.points.byteLength).toBe(4);
});

test('results without a lease, with a foreign one, of the future or too late are refused', async () => {
  const { db } = people.services;
  const [own] = (await leased()).leases;
  const other = await db.monitor.findFirstOrThrow({ where: { organizationId: people.otherOrganizationId } });
  const foreign = { ...handIn(own!.leasedAt), monitorId: other.id };
  expect((await leased({ results: [foreign, handIn(own!.leasedAt + 5)] })).refused).toBe(2);
  await db.$executeRawUnsafe(`UPDATE "MonitorSchedule" SET "leasedAt" = "leasedAt" - interval '200 seconds'`);
  expect((await leased({ results: [handIn(own!.leasedAt - 200)] })).refused).toBe(1);
  expect(await rows()).toBe(0);
});

test('a result cannot be dated later than it came', async () => {
  const [own] = (await leased()).leases;
  await leased({ results: [{ ...handIn(own!.leasedAt), after: 800 }] });
  await expect.poll(rows, { timeout: 10_000 }).toBe(1);
  const row = await people.services.db.probeRow.findFirstOrThrow({ where: { monitorId } });
  expect(row.at.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
});

test('who has no token, a wrong or a revoked one, gets nothing; what is no request is refused with a sentence', async () => {
  expect((await ask({}, '')).status).toBe(401);
  expect((await ask({}, 'rng_wrong')).status).toBe(401);
  const send = (body: string | Uint8Array) =>
    lease(people.services.db, queue, { token, body: Buffer.from(body) });
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '\xff',
    '{"online":1}',
    JSON.stringify({ online: true, results: [], free: { looks: 1e9, scans: 0 } }),
  ]) {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect((answer.body as { error: string }).error.length).toBeGreaterThan(5);
  }
  expect((await send('x'.repeat(regionLimits.bytes + 1))).status).toBe(413);
  await people.owner.regions.revoke({ name: region });
  expect((await ask()).status).toBe(401);
  expect(await people.services.db.monitorSchedule.count({ where: { region } })).toBe(0);
});

test('a region that asks without end is told to wait', async () => {
  const statuses = new Set<number>();
  for (let i = 0; i <= regionLimits.requestsPerMinute; i++)
    statuses.add((await ask({ free: { looks: 0, scans: 0 } })).status);
  expect(statuses).toEqual(new Set([200, 429]));
});

test('owners make and revoke regions, everybody of the organization sees them, strangers do not', async () => {
  await expect(people.member.regions.create({ name: 'nyc' })).rejects.toThrow('Only an owner');
  await expect(people.member.regions.revoke({ name: region })).rejects.toThrow('Only an owner');
  await expect(people.nobody.regions.list()).rejects.toThrow('not signed in');
  await expect(people.owner.regions.create({ name: region })).rejects.toThrow('already');
  await expect(people.owner.regions.create({ name: 'Not a name' })).rejects.toThrow();
  await expect(people.stranger.regions.revoke({ name: region })).rejects.toThrow('no such region');
  expect(await people.viewer.regions.list()).toMatchObject([
    { name: region, outside: true, hint: null, lastSeenAt: null },
  ]);
  expect(await people.stranger.regions.list()).toEqual([]);
  await leased({ online: false });
  const [seen] = await people.owner.regions.list();
  expect(seen).toMatchObject({ name: region, online: false, hint: token.slice(0, 8) });
  expect(seen!.lastSeenAt).toBeGreaterThan(Date.now() / 1000 - 60);
  const stored = await people.services.db.region.findUniqueOrThrow({ where: { name: region } });
  expect(JSON.stringify(stored)).not.toContain(token);
});
