// Discovery and a person's decisions, on a real database: what stays, what is retired, and how it comes back.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Facts } from '#core/facts.ts';
import type { Prisma } from '#prisma';
import { announce, listen } from '#prisma/notify.ts';
import type { WorkerContext } from '#worker/context.ts';
import { oneServer, type OneServer } from '#worker/oneServer.fixture.ts';
import { setUpMonitors, whereReached } from './setUp.ts';

let one: OneServer;
let context: WorkerContext;
let now: number;

beforeAll(async () => {
  one = await oneServer();
  ({ context } = one);
});
afterAll(() => one.close());
beforeEach(async () => {
  await one.begin();
  await context.db.region.deleteMany();
  await context.db.region.create({ data: { name: 'fra', lastSeenAt: new Date() } });
  now = Date.now() - 86_400_000;
});

const address: Facts['interfaces'] = [
  { name: 'eth0', kind: 'physical', up: true, addresses: [{ address: '1.2.3.4', prefix: 24, family: 4 }] },
];
const sshd = (port: number): Facts['listeners'] => [
  { protocol: 'tcp', address: '0.0.0.0', port, process: 'sshd', pid: 7 },
];
/** Where the server says that it is reached, and what listens there. */
const found = { interfaces: address, listeners: sshd(22) };
const nothing: Facts = { interfaces: address, listeners: [] };

/** One round of discovery, a minute after the one before. */
async function discover(facts: Facts, minutes = 1): Promise<void> {
  now += minutes * 60_000;
  const { serverId } = one;
  for (const [name, value] of Object.entries(facts)) {
    const row = { value: value as Prisma.InputJsonValue, seenAt: new Date(now) };
    await context.db.fact.upsert({
      where: { serverId_name: { serverId, name } },
      create: { serverId, name, since: new Date(now), ...row },
      update: row,
    });
  }
  await setUpMonitors(context, one.serverId, new Date(now));
}
const key = 'port tcp 1.2.3.4:22';
const read = () =>
  context.db.monitor.findFirstOrThrow({
    where: { serverId: one.serverId, key },
    include: { schedule: true },
  });
const decide = (data: Prisma.MonitorUpdateInput) =>
  context.db.monitor.updateMany({ where: { serverId: one.serverId, key }, data: data as object });
const lines = async () =>
  (await context.db.event.findMany({ where: { subject: key }, orderBy: { at: 'asc' } })).map(
    ({ kind }) => kind,
  );
/** The service is gone for longer than a restart takes. */
async function goAway(): Promise<void> {
  await discover(nothing);
  await discover(nothing, 20);
}

test('what is found again in the same way is not written again', async () => {
  await discover(found);
  const version = () => context.db.$queryRawUnsafe(`SELECT key, xmin::text FROM "Monitor" ORDER BY key`);
  const before = await version();
  await discover(found);
  expect(await version()).toEqual(before);
});

test.each([
  ['nothing', {}],
  ['muted', { decision: 'muted' }],
  [
    'edited',
    {
      decision: 'edited',
      editedAt: new Date(),
      name: 'The way in',
      settings: { host: '1.2.3.4', port: 22, timeoutMs: 3000 },
    },
  ],
  ['edited, then muted', { decision: 'muted', editedAt: new Date(), name: 'The way in' }],
  ['forbidden', { decision: 'forbidden', state: 'paused' }],
  ['paused', { state: 'paused' }],
] as const)('with %s decided it is retired with its service and comes back as it was', async (_, data) => {
  await discover(found);
  await decide({ state: 'up', ...data } as Prisma.MonitorUpdateInput);
  const before = await read();
  await goAway();
  const retired = await read();
  expect(retired.retiredAt).not.toBeNull();
  expect(retired.schedule).toEqual([]);
  await discover(found, 600);
  const after = await read();
  expect(after).toMatchObject({ ...data, retiredAt: null, missingSince: null, settings: before.settings });
  expect(after.schedule).toHaveLength(1);
  expect(await lines()).toEqual(['monitor.created', 'monitor.retired', 'monitor.returned']);
});

test.each([
  ['pinned', { decision: 'pinned' }],
  ["a person's own", { origin: 'person' }],
])('one that is %s stays', async (_, data) => {
  await discover(found);
  await decide(data);
  await goAway();
  expect(await read()).toMatchObject({ retiredAt: null, ...data });
  expect(await lines()).toEqual(['monitor.created']);
});

test('one that fails stays, muted or not, until the inside says that its service was switched off', async () => {
  const unit = (active: string, enabled: string) => [
    { name: 'sshd.service', active, sub: 'dead', enabled, mainPid: 7 },
  ];
  const running = { ...found, units: unit('active', 'enabled') as Facts['units'] } as Facts;
  await discover(running);
  expect((await read()).about).toMatchObject({ unit: 'sshd.service' });
  await decide({ decision: 'muted', state: 'down' });
  await discover({ ...nothing, units: unit('failed', 'enabled') } as Facts);
  await discover(nothing, 600);
  expect((await read()).retiredAt).toBeNull();
  await discover({ ...nothing, units: unit('inactive', 'disabled') } as Facts);
  expect((await read()).retiredAt).not.toBeNull();
});

test('the time of its retirement counts as neither up nor down', async () => {
  await discover(found);
  await decide({ state: 'up', code: 'ok', summary: 'open' });
  await goAway();
  await discover(found, 600);
  expect(await read()).toMatchObject({ state: 'pending', code: null, summary: null });
  const changes = await context.db.transition.findMany();
  expect(changes).toMatchObject([{ from: 'up', to: 'pending', summary: 'retired' }]);
});

test('muted and pinned ones follow the facts; edited ones keep settings and name and only say why anew', async () => {
  const ports = 'ports 1.2.3.4';
  const scan = () => context.db.monitor.findFirstOrThrow({ where: { serverId: one.serverId, key: ports } });
  const change = (data: object) => context.db.monitor.updateMany({ where: { key: ports }, data });
  await discover(found);
  for (const [port, decision] of [
    [2222, 'muted'],
    [2200, 'pinned'],
  ] as const) {
    await change({ decision });
    await discover({ ...found, listeners: sshd(port) });
    expect(await scan()).toMatchObject({ decision, settings: { expectedOpen: [port] } });
  }
  await change({
    decision: 'edited',
    editedAt: new Date(),
    name: 'Mine',
    settings: { host: '1.2.3.4', expectedOpen: [1] },
  });
  const renamed = structuredClone(address)!;
  renamed[0]!.name = 'ens3';
  await discover({ interfaces: renamed, listeners: sshd(23) });
  expect(await scan()).toMatchObject({
    name: 'Mine',
    settings: { expectedOpen: [1] },
    reason: 'ens3 has the public address 1.2.3.4',
  });
});

test('where a server is reached: public addresses, private ones that the operator opened, or only its names', () => {
  const on = (name: string, address: string, kind = 'physical') => ({
    name,
    kind,
    up: true,
    addresses: [{ address, prefix: 24, family: address.includes(':') ? 6 : 4 }],
  });
  const where = (
    interfaces: unknown[],
    allow: string[] = [],
    reportedFrom: string | null = '5.6.7.8',
    local = false,
  ) => whereReached({ interfaces } as Facts, { local, reportedFrom }, allow);
  const cloud = [
    on('lo', '127.0.0.1', 'loopback'),
    on('ens5', '10.0.0.5'),
    on('docker0', '172.17.0.1', 'bridge'),
  ];
  expect(where([...cloud, on('eth1', '1.2.3.4'), on('eth1', '2600::1')])).toEqual({
    loopback: false,
    addresses: ['1.2.3.4', '2600::1'],
  });
  expect(where(cloud)).toEqual({ loopback: false, addresses: [], translated: '5.6.7.8' });
  expect(where(cloud, [], '10.0.0.5')).toEqual({ loopback: false, addresses: [] });
  expect(where(cloud, ['10.0.0.0/8', '172.16.0.0/12', '127.0.0.0/8'])).toEqual({
    loopback: false,
    addresses: ['10.0.0.5'],
  });
  expect(where([on('vmbr0', '10.0.0.6', 'bridge')], ['10.0.0.0/8']).addresses).toEqual(['10.0.0.6']);
  expect(where(cloud, [], null, true)).toEqual({ loopback: true, addresses: ['127.0.0.1'] });
});

test('pages are told of what is set up, retired and brought back, and of nothing else', async () => {
  const told: string[] = [];
  const listener = await listen(one.url, ({ kind }) => void told.push(kind));
  const after = async (round: () => Promise<void>) => {
    told.length = 0;
    await round();
    // The answer to a later change says that all before it have come.
    await announce(context.db, {
      organizationId: one.organizationId,
      kind: 'server',
      serverId: one.serverId,
    });
    await vi.waitFor(() => expect(told).toContain('server'));
    return told.filter((kind) => kind === 'monitor').length;
  };
  try {
    expect(await after(() => discover(found))).toBe(1);
    expect(await after(() => discover(found))).toBe(0);
    // What else is watched on the server follows at once; the monitor of the port is only missed.
    await after(() => discover(nothing));
    expect(await after(() => discover(nothing, 5))).toBe(0);
    expect(await after(() => discover(nothing, 20))).toBe(1);
    expect(await after(() => discover(found))).toBe(1);
  } finally {
    await listener.close();
  }
});
