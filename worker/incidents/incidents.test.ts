// What was foreseen and comes stays one incident, on a real database.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnosis, Finding } from '#core/diagnosis.ts';
import { signIncidentLink } from '#core/incidentLink.ts';
import { inTransaction, type Server } from '#prisma';
import { openQueue } from '#prisma/queue.ts';
import { freshDatabase, type TestDatabase } from '../../test/postgres.ts';
import { applyDiagnoses } from './incidents.ts';
import { readOpenIncidents } from './openIncidents.ts';

let database: TestDatabase;
let queue: Awaited<ReturnType<typeof openQueue>>;
let server: Server;

beforeAll(async () => {
  database = await freshDatabase();
  queue = await openQueue(database.url, { serve: false, onError: () => undefined });
  const { id } = await database.db.organization.create({ data: { name: 'T' } });
  server = await database.db.server.create({
    data: { organizationId: id, hostname: 'web1', tokenHash: 'web1', lastReportAt: new Date() },
  });
});
afterAll(async () => {
  await queue.close();
  await database.drop();
});

function of(id: string, mount: string, severity: Finding['severity'] = 'warning'): Finding {
  return {
    id,
    severity,
    since: 1_760_000_000,
    subject: { kind: 'mount', name: mount },
    summary: `${mount}: ${id}.`,
    evidence: [],
    article: '/problems/disk/#full',
    confidence: 1,
  };
}

async function judged(...problems: Finding[]) {
  const diagnosis: Diagnosis = {
    verdict: 'explained',
    problems,
    rootCauses: problems.map((p) => ({
      key: `${p.id} mount:${p.subject.name}`,
      problem: p.id,
      subject: p.subject,
      score: 1,
      chain: [p.id],
      hops: [],
      symptoms: [],
      explanation: p.summary,
    })),
    ruledOut: [],
    movedTogether: [],
  };
  await inTransaction(database.db, async (connection) => {
    const open = (await readOpenIncidents(connection, [server.id])).get(server.id) ?? [];
    await applyDiagnoses(connection, queue, [{ server, open, diagnosis }], new Date());
  });
  return database.db.incident.findMany({
    orderBy: { openedAt: 'asc' },
    include: { entries: { orderBy: { at: 'asc' } } },
  });
}

test('a disk that was foreseen to fill up and is full is the same incident; another one is another', async () => {
  await judged(of('disk.fill_forecast', '/'));
  const [one, ...more] = await judged(of('disk.full', '/', 'critical'));
  expect(more).toEqual([]);
  expect(one).toMatchObject({ ruleId: 'disk.full', state: 'open', severity: 'critical' });
  expect(one!.entries.map((entry) => entry.text)).toContain('As foreseen: /: disk.full.');

  const both = await judged(of('disk.full', '/', 'critical'), of('disk.full', '/srv'));
  expect(both.map((incident) => incident.rootKey)).toEqual(['disk.full mount:/', 'disk.full mount:/srv']);
});

test('an incident can be linked to from a message', async () => {
  const incidents = await database.db.incident.findMany({ select: { id: true } });
  expect(incidents.length).toBeGreaterThan(0);
  for (const { id } of incidents)
    expect(await signIncidentLink('x'.repeat(32), id, 1_760_000_000)).toContain(id);
});
