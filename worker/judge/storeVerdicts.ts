// Writes what judging has changed of many servers: a statement a table.
import { withCondition } from '#core/conditions/index.ts';
import { findingKey } from '#core/diagnosis.ts';
import { storableJson } from '#core/storable.ts';
import type { Connection } from '#prisma';
import { overRows } from '#prisma/rows.ts';
import type { WorkerContext } from '#worker/context.ts';
import { applyDiagnoses } from '#worker/incidents/incidents.ts';
import { type ServerMemoryBody, writeMemories } from './memory.ts';
import { readQuiet } from './quietHours.ts';
import { readSettling } from './settle.ts';
import type { Verdict } from './verdict.ts';

/** While siblings of a monitor that just went down are still asked, the server is judged again this soon. */
const settleMs = 3000;
/** Numbers of findings move all the time: where nothing else has changed, what is remembered of them is written this often. */
const rememberMs = 5 * 60_000;

/** Writes what has changed of some servers. Afterwards `judged` of each says what is written. */
export async function storeVerdicts(
  { queue }: WorkerContext,
  connection: Connection,
  verdicts: readonly Verdict[],
  now: Date,
): Promise<void> {
  if (!verdicts.length) return;
  await storeDiagnoses(
    connection,
    verdicts.filter(({ isNew }) => isNew),
    now,
  );
  await storeMemories(connection, verdicts, now);
  await storeSeen(connection, verdicts);
  const servers = verdicts.map(({ server }) => server);
  const quiet = await readQuiet(connection, servers, now);
  const settling = await readSettling(
    connection,
    servers.map(({ id }) => id),
    now,
  );
  await applyDiagnoses(
    connection,
    queue,
    verdicts.map(({ server, stored, open, diagnosis, awaited }) => ({
      server,
      facts: stored.facts,
      open,
      diagnosis,
      isQuiet: (body) =>
        (quiet.get(server.id)?.(body) ?? false) ||
        (settling.get(server.id)?.(body) ?? false) ||
        (awaited?.waits(body) ?? false),
    })),
    now,
  );
  for (const { server, awaited } of verdicts)
    if (awaited)
      await queue.send(
        'diagnose',
        { serverId: server.id },
        { connection, key: `${server.id} awaited`, startAfter: new Date(awaited.until * 1000) },
      );
  for (const serverId of settling.keys())
    await queue.send(
      'diagnose',
      { serverId },
      { connection, key: `${serverId} settling`, startAfter: new Date(now.getTime() + settleMs) },
    );
}

async function storeDiagnoses(
  connection: Connection,
  verdicts: readonly Verdict[],
  now: Date,
): Promise<void> {
  await overRows(
    connection,
    ['text', 'float8', 'text', 'jsonb'],
    verdicts.map(({ server, diagnosis }) => [
      server.id,
      now.getTime(),
      diagnosis.verdict,
      storableJson({ ...diagnosis, problems: diagnosis.problems.map(withCondition) }),
    ]),
    (values) =>
      `INSERT INTO diagnosis ("serverId", at, verdict, body)
       SELECT s, to_timestamp(a / 1000) AT TIME ZONE 'UTC', v, b FROM (VALUES ${values}) AS r(s, a, v, b)`,
  );
}

async function storeMemories(connection: Connection, verdicts: readonly Verdict[], now: Date): Promise<void> {
  const due = verdicts.filter(({ judged }) => {
    const essence = essenceOf(judged.memory);
    const { written } = judged;
    if (essence === written.essence && now.getTime() - written.at < rememberMs) return false;
    judged.written = { essence, at: now.getTime() };
    return true;
  });
  if (!due.length) return;
  const version = await writeMemories(
    connection,
    due.map(({ server, judged }) => ({ serverId: server.id, body: judged.memory })),
  );
  for (const { judged } of due) judged.version = version;
}

async function storeSeen(connection: Connection, verdicts: readonly Verdict[]): Promise<void> {
  await overRows(
    connection,
    ['text', 'text', 'jsonb'],
    verdicts.flatMap(({ server, seen }) =>
      [...seen].map(([key, value]) => [server.id, key, storableJson(value)]),
    ),
    (values) =>
      `UPDATE "Acceptance" AS a SET value = r.v FROM (VALUES ${values}) AS r(s, k, v) WHERE a."serverId" = r.s AND a.key = r.k`,
  );
}

/** What of a memory must not be lost: all but the numbers of findings. */
function essenceOf({ active, ended, found, residents, digest }: ServerMemoryBody): string {
  return JSON.stringify([
    active,
    ended.map(({ finding, at }) => [findingKey(finding), at]),
    found.map((finding) => [findingKey(finding), finding.severity]),
    residents,
    digest,
  ]);
}
