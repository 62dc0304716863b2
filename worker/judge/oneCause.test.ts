// One cause below many monitors, on a real database: from the looks of two regions to one incident and one message.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProbeCode, ProbeKind } from '#core/probes.ts';
import { giveToRegions } from '#prisma/leases.ts';
import type { WorkerContext } from '#worker/context.ts';
import { storeLooks } from '#worker/evaluate/storeLooks.ts';
import { oneServer, type OneServer } from '#worker/oneServer.fixture.ts';
import { judgeServer } from './judge.ts';

let one: OneServer;
let context: WorkerContext;
let serverId: string;
let organizationId: string;
const places = ['fra', 'nyc'];
const monitors = new Map<string, string>();

beforeAll(async () => {
  one = await oneServer();
  ({ context } = one);
  await context.db.region.createMany({ data: places.map((name) => ({ name, lastSeenAt: new Date() })) });
});
afterAll(() => one.close());
beforeEach(async () => {
  await one.begin();
  ({ organizationId, serverId } = one);
  const { db } = context;
  await db.fact.create({
    data: { serverId, name: 'host', value: { hostname: 'web1' }, since: new Date(), seenAt: new Date() },
  });
  monitors.clear();
  await watch('ping', 'ping', '192.0.2.10', {});
  await watch('ssh', 'port', '192.0.2.10:22', { port: 22, process: 'sshd' });
  for (const port of [80, 443])
    await watch(`web ${port}`, 'port', `192.0.2.10:${port}`, { port, process: 'nginx' });
  await watch(
    'database',
    'port',
    '192.0.2.10:3306',
    { port: 3306, process: 'mariadbd' },
    { expect: 'closed' },
  );
  for (const name of ['a', 'b', 'c'])
    await watch(name, 'http', `https://${name}.example.org/`, {
      port: 443,
      process: 'nginx',
      host: `${name}.example.org`,
    });
  await giveToRegions(db, { soon: false });
  for (let i = 0; i < 3; i++) await see([...monitors.keys()], 'ok');
});

async function watch(name: string, kind: ProbeKind, target: string, about: object, settings: object = {}) {
  const data = {
    organizationId,
    serverId,
    key: name,
    kind,
    name,
    target,
    settings,
    about,
    interval: 60,
    reason: 'a test',
  };
  monitors.set(name, (await context.db.monitor.create({ data })).id);
}

/** One look of each region at these monitors. */
async function see(names: string[], code: ProbeCode): Promise<void> {
  for (const region of places) {
    await new Promise((done) => setTimeout(done, 5));
    const at = new Date();
    await storeLooks(
      context,
      region,
      names.map((name) => ({
        monitorId: monitors.get(name)!,
        at,
        result: {
          kind: 'http',
          target: '',
          ok: code === 'ok',
          code,
          summary: code,
          ms: 1,
          phases: [],
          details: {},
          transcript: [],
        },
      })),
    );
  }
}
async function fail(names: string[], code: ProbeCode): Promise<void> {
  for (let i = 0; i < 2; i++) await see(names, code);
}
const judge = () => judgeServer(context, serverId);
const incidents = (state: 'open' | 'resolved' = 'open') =>
  context.db.incident.findMany({ where: { state }, orderBy: { openedAt: 'asc' } });
const messages = async () =>
  (await context.db.notification.findMany({ orderBy: { createdAt: 'asc' } })).map(({ kind }) => kind);
/** As if the monitors had gone down a while ago. */
const later = () =>
  context.db.monitor.updateMany({
    where: { state: 'down' },
    data: { stateSince: new Date(Date.now() - 40_000) },
  });

test('a host that no region reaches is one incident and one message, in whatever order its monitors notice', async () => {
  await fail(['b'], 'connect-timeout');
  await judge();
  expect(await incidents()).toEqual([]);
  // The siblings are asked at once, and the server is judged again by itself.
  const due = await context.db.monitorSchedule.count({ where: { nextAt: { lte: new Date() } } });
  expect(due).toBeGreaterThanOrEqual(2 * 5);
  const [{ n }] = await context.db.$queryRawUnsafe<[{ n: number }]>(
    `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'diagnose' AND state = 'created' AND singleton_key = $1`,
    `${serverId} settling`,
  );
  expect(n).toBe(1);
  await see(['database'], 'ok');
  for (const names of [['ssh'], ['ping', 'a'], ['c', 'web 80'], ['web 443']]) {
    await fail(names, names.includes('ping') ? 'ping-timeout' : 'connect-timeout');
    await judge();
  }
  const open = await incidents();
  expect(open.map(({ rootKey }) => rootKey)).toEqual(['net.unreachable server:web1']);
  expect(open[0]!.title).toContain('web1 does not answer from outside');
  expect(await messages()).toEqual(['opened']);
  // It comes back, one after the other: one message again.
  await fail(['ssh', 'ping'], 'ok');
  await judge();
  await fail(['a', 'b', 'c', 'web 80', 'web 443'], 'ok');
  await judge();
  expect(await incidents()).toEqual([]);
  expect(await messages()).toEqual(['opened', 'resolved']);
});

test('a web server that refuses is one incident for all its sites, and the host is not blamed', async () => {
  await fail(['a'], 'connect-refused');
  await judge();
  await fail(['web 443', 'b', 'c', 'web 80'], 'connect-refused');
  await see(['ping', 'ssh', 'database'], 'ok');
  await judge();
  expect((await incidents()).map(({ rootKey }) => rootKey)).toEqual(['svc.port_down process:nginx']);
  expect(await messages()).toEqual(['opened']);
});

test('a domain that no longer resolves is one incident', async () => {
  await fail(['a', 'b', 'c'], 'dns-nxdomain');
  await see(['ping', 'ssh', 'database', 'web 80', 'web 443'], 'ok');
  await judge();
  expect((await incidents()).map(({ rootKey }) => rootKey)).toEqual(['dns.unresolved domain:example.org']);
  expect(await messages()).toEqual(['opened']);
});

test('one site alone is told as soon as its siblings were seen well, and in any case after half a minute', async () => {
  await fail(['a'], 'connect-refused');
  await judge();
  expect(await incidents()).toEqual([]);
  await see(
    [...monitors.keys()].filter((name) => name !== 'a'),
    'ok',
  );
  await judge();
  expect((await incidents()).map(({ rootKey }) => rootKey)).toEqual(['svc.http_down monitor:a']);
  await fail(['ssh'], 'connect-timeout');
  await later();
  await judge();
  expect(await incidents()).toHaveLength(2);
});

test('a failure of its own (a wrong status) waits for nobody', async () => {
  await fail(['a'], 'http-status');
  await judge();
  expect(await incidents()).toHaveLength(1);
});

test('what was told before its cause was known is folded into it, and is not said to be over', async () => {
  await fail(['a'], 'connect-timeout');
  await later();
  await judge();
  await fail(['ssh'], 'connect-timeout');
  await later();
  await judge();
  expect(await incidents()).toHaveLength(2);
  expect(await messages()).toEqual(['opened', 'opened']);
  await fail(['ping'], 'ping-timeout');
  await fail(['b', 'c', 'web 80', 'web 443'], 'connect-timeout');
  await judge();
  expect((await incidents()).map(({ rootKey }) => rootKey)).toEqual(['net.unreachable server:web1']);
  expect(await messages()).toEqual(['opened', 'opened']);
  const [folded] = await incidents('resolved');
  const entries = await context.db.incidentEntry.findMany({
    where: { incidentId: folded!.id },
    orderBy: { at: 'asc' },
  });
  expect(entries.at(-1)).toMatchObject({ kind: 'folded', text: expect.stringContaining('Not over') });
});

test('pages that take three times as long as usual from everywhere are told once, and end when they are swift again', async () => {
  await context.db.probeTail.deleteMany();
  const now = Date.now();
  let next = 0;
  const answer = async (minutesAgo: number, ms: (region: string) => number) => {
    const at = new Date(now - minutesAgo * 60_000 + next++);
    for (const region of places)
      await storeLooks(
        context,
        region,
        ['a', 'b'].map((name) => ({
          monitorId: monitors.get(name)!,
          at,
          result: {
            kind: 'http',
            target: '',
            ok: true,
            code: 'ok',
            summary: 'HTTP 200',
            ms: ms(region),
            phases: [],
            details: {},
            transcript: [],
          },
        })),
      );
  };
  for (let minute = 50; minute > 10; minute -= 2) await answer(minute, () => 400);
  for (let minute = 9; minute > 3; minute -= 1)
    await answer(minute, (region) => (region === 'fra' ? 4000 : 400));
  await judge();
  expect(await incidents(), 'one region alone').toEqual([]);
  for (const minute of [3, 2, 1]) await answer(minute, () => 4000);
  await judge();
  const [open, ...more] = await incidents();
  expect(more).toEqual([]);
  expect(open).toMatchObject({ rootKey: 'svc.http_slow process:nginx', severity: 'warning' });
  expect(open!.title).toMatch(
    /^2 sites of nginx are slow \(a\.example\.org and b\.example\.org\)\. a takes 3,990 ms to answer; usual are 400 ms\.$/,
  );
  for (let i = 0; i < 4; i++) await answer(0, () => 380);
  await judge();
  expect(await incidents()).toEqual([]);
});

test('an incident, its lines and its end tell the moment at which it was judged', async () => {
  const began = Date.now();
  const inBetween = (moments: (Date | null)[]) => {
    for (const moment of moments) {
      expect(moment?.getTime()).toBeGreaterThanOrEqual(began);
      expect(moment?.getTime()).toBeLessThanOrEqual(Date.now());
    }
  };
  await fail(['b'], 'http-status');
  await later();
  await judge();
  const [open] = await incidents();
  inBetween([open!.openedAt, open!.updatedAt]);
  for (let i = 0; i < 2; i++) await see(['b'], 'ok');
  await judge();
  const [resolved] = await incidents('resolved');
  inBetween([resolved!.resolvedAt, resolved!.updatedAt]);
  const entries = await context.db.incidentEntry.findMany();
  expect(entries.length).toBeGreaterThanOrEqual(2);
  inBetween(entries.map(({ at }) => at));
});
