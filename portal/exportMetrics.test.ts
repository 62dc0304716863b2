import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMetricsType } from '#core/openMetrics.ts';
import type { Sample } from '#core/snapshot.ts';
import { inTransaction } from '#prisma';
import { storeSamples } from '#prisma/samples.ts';
import { readDictionaries } from '#prisma/seriesNames.ts';
import { exportMetrics, exportTokenPrefix } from './exportMetrics.ts';
import { threePeople, type ThreePeople } from './threePeople.fixture.ts';

let people: ThreePeople;
const now = Math.floor(Date.now() / 1000);

beforeAll(async () => {
  people = await threePeople();
  const { organizationId, otherOrganizationId } = people;
  await addServer('web1', organizationId, now - 20, [
    { metric: 'fs.used_percent', subject: '/srv "data"\\x', value: 93.5 },
    { metric: 'cpu.load1', subject: '', value: 0.25 },
    { metric: 'disk.await', subject: 'sda', value: 3 },
  ]);
  await store('web1', now - 1800, [
    { metric: 'cpu.load1', subject: '', value: 9 },
    { metric: 'hw.temperature', subject: 'cpu', value: 61 },
    { metric: 'net.rx_bytes', subject: 'eth0', value: 1000 },
    { metric: 'mem.available', subject: '', value: 8e9 },
  ]);
  await addServer('silent', organizationId, now - 3000, [{ metric: 'cpu.load1', subject: '', value: 1 }]);
  await addServer('theirs', otherOrganizationId, now - 20, [{ metric: 'cpu.load1', subject: '', value: 7 }]);
});
afterAll(() => people.close());

async function addServer(id: string, organizationId: string, at: number, samples: Sample[]): Promise<void> {
  await people.services.db.server.create({ data: { id, organizationId, hostname: id, tokenHash: id } });
  await store(id, at, samples);
}

function store(serverId: string, at: number, samples: Sample[]): Promise<void> {
  return inTransaction(people.services.db, async (connection) =>
    storeSamples(
      connection,
      [{ serverId, at: new Date(at * 1000), samples }],
      await readDictionaries(connection, [serverId]),
    ),
  );
}

const ask = (token: string, servers: string[] = []) =>
  exportMetrics(people.services.db, { token, member: null, servers });

test('an owner makes a token, it reads the values of its organization, and ends when it is revoked', async () => {
  const { token, line } = await people.owner.exportTokens.create({ name: 'Prometheus' });
  expect(token.startsWith(exportTokenPrefix)).toBe(true);
  expect(line).toContain('https://status.example.org/api/metrics');
  const answer = await ask(token);
  expect(answer).toMatchObject({ status: 200, type: openMetricsType });
  const lines = answer.body.split('\n');
  expect(lines).toContain(
    `rootnote_fs_used_ratio{server="web1",server_id="web1",mount="/srv \\"data\\"\\\\x"} 0.935 ${now - 20}`,
  );
  expect(lines).toContain(`rootnote_cpu_load1{server="web1",server_id="web1"} 0.25 ${now - 20}`);
  // What comes hourly, as it was when it came.
  expect(lines).toContain(
    `rootnote_mem_available_bytes{server="web1",server_id="web1"} 8000000000 ${now - 1800}`,
  );
  expect(answer.body.endsWith('\n# EOF\n')).toBe(true);
  expect(answer.body).not.toMatch(/silent|theirs/);

  const [row] = (await people.owner.exportTokens.list()).filter(({ name }) => name === 'Prometheus');
  expect(JSON.stringify(row)).not.toContain(token);
  await expect(people.stranger.exportTokens.revoke({ id: row!.id })).rejects.toThrow('no such token');
  await people.owner.exportTokens.revoke({ id: row!.id });
  expect((await ask(token)).status).toBe(401);
});

test('who is signed in reads it too, others get a sentence; servers are chosen by name', async () => {
  const { db } = people.services;
  const member = { userId: 'u', email: 'e', name: null, organizationName: '', role: 'viewer' as const };
  const signedIn = { ...member, organizationId: people.organizationId };
  const of = (servers: string[]) => exportMetrics(db, { token: '', member: signedIn, servers });
  expect((await of([])).status).toBe(200);
  expect((await of(['web1'])).body).toContain('server="web1"');
  expect((await of(['silent'])).body).toBe('# EOF\n');
  expect(await of(['theirs'])).toMatchObject({ status: 404 });
  expect(await of(Array.from({ length: 1001 }, () => 'x'))).toMatchObject({ status: 400 });
  expect(await exportMetrics(db, { token: '', member: null, servers: [] })).toMatchObject({ status: 401 });
  expect(await ask('rnm_wrong')).toMatchObject({ status: 401, body: expect.stringMatching(/Settings/) });
});

test('promtool reads it and has nothing to say against it', async () => {
  if (spawnSync('promtool', ['--version']).error)
    throw new Error('This test needs promtool: apt-get install prometheus');
  const { token } = await people.owner.exportTokens.create({ name: 'promtool' });
  const { body } = await ask(token);
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: body,
    encoding: 'utf8',
  });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
});
