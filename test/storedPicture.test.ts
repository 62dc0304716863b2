// What the running product says, report by report through its database, is what a replay of the same reports says.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findingKey, type Diagnosis } from '#core/diagnosis.ts';
import { readEnvironment } from '#core/environment.ts';
import { ensurePartitions } from '#prisma/partitions.ts';
import type { WorkerContext } from '#worker/context.ts';
import { judgeServer } from '#worker/judge/judge.ts';
import { parseReports } from '#worker/parse/parse.ts';
import { otherMachines } from './otherMachines/index.ts';
import { visitors } from './otherMachines/visitors/index.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { changedBefore } from './scenarios/changed.ts';
import { scenarios } from './scenarios/index.ts';
import { reportsOf, type Scenario } from './scenarios/scenario.ts';
import { monitorsOf, play } from './scenarios/runScenario.ts';

/** Stories in which something was there and is gone, or was otherwise before: what only a memory tells. */
const played = [
  'OOM kill of the database takes the site down',
  'A full disk stops the database and the site',
  'Files in /dev/shm fill the memory',
  'Two servers on one port',
  'A failed update of MariaDB takes the site down',
  'The hypervisor takes memory back',
  'A fan stops, the CPU gets hot and slow',
  'nginx is stopped, and a fan stops',
  'Ubuntu 22.04, Tomcat is killed at the limit of its unit',
  'Alpine, nginx is no longer there',
  'A file server that is mounted over NFS does not answer',
  'A network card comes back with 100 Mb/s and the link is full',
  'Java takes the memory, and the kernel kills the database',
  'a search node with a 31 GB heap on a 32 GB server is killed',
  'a directory server crashes: signal 11 and a dump of its memory',
  'the router of the rack is gone',
];
const chosen = [...scenarios, ...otherMachines, ...visitors].filter(({ name }) => played.includes(name));

let database: TestDatabase;
let context: WorkerContext;
beforeAll(async () => {
  database = await freshDatabase();
  context = {
    db: database.db,
    queue: { send: async () => undefined, sendAll: async () => undefined } as never,
    environment: readEnvironment({}),
    publicUrl: 'http://rootnote.example.org',
    log: (message) => expect.fail(message),
  };
});
afterAll(async () => {
  vi.useRealTimers();
  await database.drop();
});

/** Sends the reports of a scenario, each at its own time; returns the last diagnosis, and how many incidents are open. */
async function throughStore(
  scenario: Scenario,
): Promise<{ roots: string[]; open: number; before: string[] }> {
  const { db } = database;
  const { id: organizationId } = await db.organization.create({ data: { name: scenario.name } });
  const data = { organizationId, hostname: 'web1', tokenHash: scenario.name };
  const { id: serverId } = await db.server.create({ data });
  for (const text of reportsOf(scenario)) {
    const at = Number(/ epoch=(\d+)/.exec(text)![1]) * 1000;
    vi.setSystemTime(at + 2000);
    await ensurePartitions(db, new Date(at));
    const report = { receivedAt: new Date(at + 1000), reportedAt: new Date(at), bytes: text.length };
    await db.report.create({ data: { serverId, ...report, body: gzipSync(text) } });
    await parseReports(context, [serverId]);
    for (const m of monitorsOf(scenario, at / 1000)) {
      const state = {
        state: m.state,
        stateSince: new Date(m.since * 1000),
        code: m.code,
        summary: m.summary,
        evaluation: { details: m.details } as never,
        about: m.about,
        everUp: true,
      };
      const monitor = {
        ...state,
        organizationId,
        serverId,
        key: m.name,
        kind: m.kind,
        name: m.name,
        target: m.target,
        settings: {},
        interval: 60,
        reason: 'a test',
      };
      const where = { organizationId_serverId_key: { organizationId, serverId, key: m.name } };
      await db.monitor.upsert({ where, create: monitor, update: state });
    }
    await judgeServer(context, serverId);
  }
  const row = await db.diagnosisRow.findFirst({ where: { serverId }, orderBy: { at: 'desc' } });
  const open = await db.incident.count({ where: { serverId, state: 'open' } });
  const diagnosis = row?.body as unknown as Diagnosis;
  return { roots: rootsOf(diagnosis), open, before: diagnosis.rootCauses[0]?.before ?? [] };
}

const rootsOf = ({ rootCauses, problems }: Pick<Diagnosis, 'rootCauses' | 'problems'>) =>
  rootCauses
    .filter(({ key }) => problems.some((p) => findingKey(p) === key))
    .map(({ key, subject }) => `${key} @${subject.name}`);

test('all of them are there', () => {
  expect(chosen.map(({ name }) => name).sort()).toEqual(played.toSorted());
});

test.each(chosen.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_name, scenario) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { diagnosis } = play(scenario);
    const { roots, open } = await throughStore(scenario);
    expect(roots).toEqual(rootsOf(diagnosis));
    expect(open).toBe(roots.length);
  },
  60_000,
);

test.each(changedBefore.map((one) => [one.scenario.name, one] as const))(
  '%s',
  async (_name, { scenario, told }) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { diagnosis } = play(scenario, {}, false);
    const replayed = diagnosis.rootCauses[0]?.before ?? [];
    expect(replayed.length).toBeGreaterThan(0);
    for (const line of replayed) expect(line).toMatch(told);
    expect((await throughStore(scenario)).before).toEqual(replayed);
  },
  60_000,
);
