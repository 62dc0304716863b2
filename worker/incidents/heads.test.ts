// Which incidents of two servers belong together, and which must not: who is taken for a follower sends no message of its own.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Finding, IncidentBody } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { inTransaction, type Server } from '#prisma';
import { freshDatabase, type TestDatabase } from '../../test/postgres.ts';
import { findRelatives } from './heads.ts';

let database: TestDatabase;
let web: Server;
let backend: Server;

beforeAll(async () => {
  database = await freshDatabase();
  const { id: organizationId } = await database.db.organization.create({ data: { name: 'T' } });
  const create = (hostname: string) =>
    database.db.server.create({ data: { organizationId, hostname, tokenHash: hostname } });
  [web, backend] = [await create('web1.example.org'), await create('app1.example.org')];
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.incident.deleteMany();
  await database.db.fact.deleteMany();
});

const finding = (id: string): Finding => ({
  id,
  severity: 'critical',
  since: 1_760_000_000,
  subject: { kind: 'server', name: 'x' },
  summary: `${id}.`,
  evidence: [],
  article: '/problems/disk/#full',
  confidence: 1,
});
const bodyOf = (...ids: string[]): IncidentBody => ({
  root: {
    key: `${ids[0]} server:x`,
    problem: ids[0]!,
    subject: { kind: 'server', name: 'x' },
    score: 1,
    chain: ids,
    hops: [],
    symptoms: [],
    explanation: '',
  },
  problems: ids.map(finding),
  ruledOut: [],
});

const own = (name: string, kind: 'physical' | 'loopback' | 'bridge', address: string) => ({
  name,
  kind,
  addresses: [{ address, prefix: 24, family: 4 }],
});
const interfacesOf = (address: string) => [
  own('lo', 'loopback', '127.0.0.1'),
  own('docker0', 'bridge', '172.17.0.1'),
  own('eth0', 'physical', address),
];

/** Whether the incident of web1 is taken for what follows from that of its backend, opened so many minutes before. */
async function follows(
  trouble: { ids: string[]; minutes?: number },
  failing: string,
  facts: Record<string, unknown>,
): Promise<boolean> {
  const now = new Date();
  const openedAt = new Date(now.getTime() - (trouble.minutes ?? 1) * 60_000);
  await database.db.incident.create({
    data: {
      organizationId: backend.organizationId,
      serverId: backend.id,
      rootKey: `${trouble.ids[0]} server:x`,
      ruleId: trouble.ids[0]!,
      severity: 'critical',
      title: 'Trouble.',
      openedAt,
      updatedAt: openedAt,
      body: bodyOf(...trouble.ids),
    },
  });
  await database.db.fact.create({
    data: {
      serverId: backend.id,
      name: 'interfaces',
      value: interfacesOf('10.0.0.7'),
      since: now,
      seenAt: now,
    },
  });
  await database.db.fact.create({
    data: { serverId: backend.id, name: 'listeners', value: [], since: now, seenAt: now },
  });
  const asked = {
    server: { id: web.id, organizationId: web.organizationId },
    facts: { interfaces: interfacesOf('10.0.0.2'), ...facts } as unknown as Facts,
    body: bodyOf(failing),
  };
  const { head } = await inTransaction(database.db, (connection) => findRelatives(connection, asked, now));
  return head !== undefined;
}

const dns = (server: string) => ({ resolver: { nameservers: [server] } });

test('names fail because the name server, another machine, is gone', async () => {
  expect(await follows({ ids: ['agent.silent'] }, 'net.dns_fail', dns('10.0.0.7'))).toBe(true);
});

test.each([
  ['of this machine', '127.0.0.1'],
  ['of a bridge that every machine with containers has', '172.17.0.1'],
  ['that is its own', '10.0.0.2'],
  ['of nobody known', '10.0.0.9'],
])('an address %s is no other server', async (_what, address) => {
  expect(await follows({ ids: ['agent.silent'] }, 'net.dns_fail', dns(address))).toBe(false);
});

test.each([
  ['slows everything down', ['raid.disk_failed', 'disk.latency'], true],
  ['waits for a good day', ['sys.updates'], false],
  ['is foreseen', ['disk.fill_forecast'], false],
  ['is a drive that may fail one day', ['smart.reallocated'], false],
])('a trouble that %s', async (_what, ids, expected) => {
  const hosts = { hosts: [{ address: '10.0.0.7', names: ['db'] }] };
  expect(await follows({ ids }, 'svc.http_5xx', hosts)).toBe(expected);
});

test('what an old trouble has not done for an hour is not its work now', async () => {
  expect(await follows({ ids: ['agent.silent'], minutes: 60 }, 'net.dns_fail', dns('10.0.0.7'))).toBe(false);
});

test.each([
  ['app1', true],
  ['app1.example.org', true],
  ['app1.example.net', false],
])('the file server %s', async (name, expected) => {
  const filesystems = [{ source: `${name}:/export`, mount: '/srv', type: 'nfs4' }];
  expect(await follows({ ids: ['agent.silent'] }, 'disk.nfs_stall', { filesystems })).toBe(expected);
});
