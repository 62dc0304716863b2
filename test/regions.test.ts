// Regions as real hosts: namespaces with links of their own, each running the region worker as it is shipped, without database access. One is
// cut off, one is slow, one loses packets, and the verdict about a target is followed through its transitions.
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lease } from '#portal/lease.ts';
import { newSecret } from '#portal/secrets.ts';
import { readBounded } from '#portal/readBounded.ts';
import { regionLimits } from '#core/region.ts';
import { giveToRegions } from '#prisma/leases.ts';
import { readLooks } from '#prisma/looks.ts';
import { openQueue, type Queue } from '#prisma/queue.ts';
import { evaluationSchema } from '#worker/evaluate/evaluate.ts';
import { storeHandedIn } from '#worker/evaluate/storeLooks.ts';
import { type Host, makeNet, type Net, type Program, whyNoNamespaces } from './netns.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';

const obstacle = whyNoNamespaces();
const project = fileURLToPath(new URL('..', import.meta.url));
const names = ['fra', 'nyc', 'sgp'] as const;
type Name = (typeof names)[number];
/** A slow machine takes its time; what is told at all is told within this. */
const patience = { timeout: 90_000, interval: 250 };
/** Fills two packets. */
const page = 'A page of some length. '.repeat(120);
const serve = (body: string) =>
  `require('http').createServer((_, r) => r.end(${JSON.stringify(body)})).listen(80, '0.0.0.0')`;

test.runIf(obstacle)('regions are tested as real hosts', () => {
  if (process.env.CI) throw new Error(`Regions cannot be tested as real hosts here: ${obstacle}`);
  console.warn(`Regions are not tested as real hosts here: ${obstacle}`);
});

describe.skipIf(obstacle)('regions as real hosts', { timeout: 240_000 }, () => {
  let net: Net;
  let database: TestDatabase;
  let queue: Queue;
  let portal: http.Server;
  let target: Host;
  let control: Host;
  let monitorId: string;
  const hosts = {} as Record<Name, Host>;
  const workers = {} as Record<Name, Program>;

  beforeAll(async () => {
    database = await freshDatabase();
    queue = await openQueue(database.url, { serve: true, onError: () => undefined });
    await queue.work('evaluate', 20, (jobs) => storeHandedIn({ db: database.db, queue }, jobs));
    net = makeNet();
    target = net.host('target');
    control = net.host('control');
    for (const name of names) hosts[name] = net.host(name);
    for (const host of [target, control]) host.start([process.execPath, '-e', serve(page)]);
    portal = http.createServer((request, response) => {
      void (async () => {
        const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
        const body = await readBounded(
          new Request('http://portal/', {
            method: 'POST',
            body: request as never,
            duplex: 'half',
          } as RequestInit),
          regionLimits.bytes,
        );
        const answer = await lease(database.db, queue, { token, body });
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      })().catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => portal.listen(0, net.own, resolve));
    const { port } = portal.address() as { port: number };
    const { id: organizationId } = await database.db.organization.create({ data: { name: 'T' } });
    const server = await database.db.server.create({
      data: { organizationId, hostname: 'target', tokenHash: 'x' },
    });
    for (const name of names) {
      const { secret, hash } = newSecret('rng_');
      await database.db.region.create({ data: { name, organizationId, tokenHash: hash } });
      workers[name] = hosts[name].start([process.execPath, `${project}worker/region.ts`], {
        ROOTNOTE_URL: `http://${net.own}:${port}`,
        REGION_TOKEN: secret,
        PROBE_ALLOW: net.range,
        REGION_CONTROLS: `${control.address}:80`,
      });
    }
    const monitor = await database.db.monitor.create({
      data: {
        organizationId,
        serverId: server.id,
        key: 'http target',
        kind: 'http',
        name: 'Page',
        target: `http://${target.address}/`,
        settings: { url: `http://${target.address}/`, timeoutMs: 2000 },
        reason: 'a test',
        about: {},
        interval: 2,
      },
    });
    monitorId = monitor.id;
    await giveToRegions(database.db, { soon: true });
  }, 120_000);
  afterAll(async () => {
    portal?.closeAllConnections();
    portal?.close();
    await net?.remove();
    await queue?.close();
    await database?.drop();
  });

  const read = () => database.db.monitor.findUniqueOrThrow({ where: { id: monitorId } });
  const state = async () => (await read()).state;
  const failing = async () => evaluationSchema.parse((await read()).evaluation).failingRegions;
  const online = async (name: Name) =>
    (await database.db.region.findUniqueOrThrow({ where: { name } })).online;
  const told = async () =>
    (await database.db.transition.findMany({ where: { monitorId }, orderBy: { at: 'asc' } })).map(
      ({ to }) => to,
    );
  const looksOf = async (name: Name, since: number) =>
    (await readLooks(database.db, monitorId, since, Date.now() / 1000 + 60)).filter(
      ({ region }) => region === name,
    );
  /** Waits until a region has handed in so many more looks. */
  async function looked(name: Name, count: number): Promise<Awaited<ReturnType<typeof looksOf>>> {
    const since = Date.now() / 1000;
    await expect
      .poll(async () => (await looksOf(name, since)).length, patience)
      .toBeGreaterThanOrEqual(count);
    return looksOf(name, since);
  }
  /** From now on a host hears nothing more from these addresses. */
  const deaf = (host: Host, ...addresses: string[]) => {
    host.run('nft', 'add', 'table', 'ip', 'cut');
    host.run('nft', 'add', 'chain', 'ip', 'cut', 'in', '{ type filter hook input priority 0 ; }');
    for (const address of addresses)
      host.run('nft', 'add', 'rule', 'ip', 'cut', 'in', 'ip', 'saddr', address, 'drop');
  };
  const healed = (host: Host) => host.run('nft', 'delete', 'table', 'ip', 'cut');

  test('all regions look, and the target is up', async () => {
    await expect.poll(state, patience).toBe('up');
    for (const name of names)
      await expect.poll(async () => (await looksOf(name, 0)).length, patience).toBeGreaterThan(1);
    expect(await told()).toEqual(['up']);
  });

  test('a region whose own connection is gone says so, and changes nothing', async () => {
    deaf(hosts.fra, target.address, control.address);
    await expect.poll(() => online('fra'), patience).toBe(false);
    const looks = await looked('fra', 4);
    expect(new Set(looks.slice(1).map(({ code }) => code))).toEqual(new Set(['prober-offline']));
    expect({ state: await state(), failing: await failing() }).toEqual({ state: 'up', failing: [] });
  });

  test('the target fails for the two others: down; it answers again: up, confirmed', async () => {
    deaf(target, hosts.nyc.address, hosts.sgp.address);
    await expect.poll(state, patience).toBe('down');
    expect((await read()).code).toBe('connect-timeout');
    healed(target);
    await expect.poll(state, patience).toBe('up');
    expect(await told()).toEqual(['up', 'down', 'up']);
    healed(hosts.fra);
    await expect.poll(() => online('fra'), patience).toBe(true);
    await expect.poll(async () => (await looked('fra', 1)).at(-1)?.ok, patience).toBe(true);
  });

  test('only one region does not reach the target: a regional failure, named, and its end', async () => {
    deaf(hosts.fra, target.address);
    await expect.poll(failing, patience).toEqual(['fra']);
    await looked('fra', 3);
    expect({ state: await state(), online: await online('fra') }).toEqual({ state: 'up', online: true });
    healed(hosts.fra);
    await expect.poll(failing, patience).toEqual([]);
    const notes = await database.db.event.findMany({ where: { kind: { startsWith: 'monitor.regional' } } });
    const ofFra = notes.filter(({ text }) => text.includes(' from fra'));
    expect(ofFra.map(({ kind }) => kind).sort()).toEqual([
      'monitor.regional-failure',
      'monitor.regional-recovery',
    ]);
    expect(await told()).toEqual(['up', 'down', 'up']);
  });

  test('a region that loses a quarter of all packets and one on a slow line bring nothing down', async () => {
    const { nyc, sgp } = hosts;
    nyc.run('nft', 'add', 'table', 'ip', 'cut');
    nyc.run('nft', 'add', 'chain', 'ip', 'cut', 'in', '{ type filter hook input priority 0 ; }');
    nyc.run('nft', 'add', 'rule', 'ip', 'cut', 'in', 'numgen', 'random', 'mod', '100', '<', '25', 'drop');
    const before = (await looked('sgp', 4)).map(({ ms }) => ms);
    // 1.6 kB pass at once; of the answer another 1.2 kB are left, which take 150 ms at 64 kbit/s.
    const [, device] = /dev (\S+)/.exec(net.router.run('ip', 'route', 'get', sgp.address))!;
    const shaping = ['dev', device!, 'root', 'tbf', 'rate', '64kbit', 'burst', '1600', 'latency', '2s'];
    net.router.run('tc', 'qdisc', 'add', ...shaping);
    const slow = (await looked('sgp', 6)).slice(1).flatMap(({ ok, ms }) => (ok ? [ms] : []));
    await looked('nyc', 4);
    expect(Math.min(...slow)).toBeGreaterThan(Math.max(100, Math.min(...before)));
    expect(await state()).toBe('up');
    expect(await told()).toEqual(['up', 'down', 'up']);
    net.router.run('tc', 'qdisc', 'del', 'dev', device!, 'root');
    healed(nyc);
  });

  test('a region that vanished keeps nobody from the verdict, and comes back by itself', async () => {
    hosts.fra.run('ip', 'link', 'set', 'eth0', 'down');
    target.run('ip', 'link', 'set', 'eth0', 'down');
    await expect.poll(state, patience).toBe('down');
    target.run('ip', 'link', 'set', 'eth0', 'up');
    target.run('ip', 'route', 'replace', 'default', 'via', target.address.replace(/\.2$/, '.1'));
    await expect.poll(state, patience).toBe('up');
    // A request that was under way may outlive a short cut: it notices after its own time limit.
    await expect.poll(() => workers.fra.output(), patience).toContain('the portal does not answer');
    hosts.fra.run('ip', 'link', 'set', 'eth0', 'up');
    hosts.fra.run('ip', 'route', 'replace', 'default', 'via', hosts.fra.address.replace(/\.2$/, '.1'));
    await expect
      .poll(async () => (await looksOf('fra', Date.now() / 1000 - 5)).length, {
        ...patience,
        timeout: 180_000,
      })
      .toBeGreaterThan(0);
    expect(await told()).toEqual(['up', 'down', 'up', 'down', 'up']);
    await expect.poll(() => workers.fra.output(), patience).toContain('the portal answers again');
  });
});
