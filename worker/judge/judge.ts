// Stage "diagnose": the pictures of servers become findings, root causes and incidents. Servers are judged together, since a statement a
// server and table would cost more than the judging.
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { type Diagnosis, type Finding, findingKey } from '#core/diagnosis.ts';
import type { JobData } from '#core/jobs.ts';
import type { AcceptedValue } from '#core/judgement.ts';
import { storableJson } from '#core/storable.ts';
import { type Connection, inTransaction, isRefused } from '#prisma';
import { overRows } from '#prisma/rows.ts';
import type { WorkerContext } from '#worker/context.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { gatherJobs } from '#worker/gatherJobs.ts';
import { applyDiagnoses } from '#worker/incidents/incidents.ts';
import { residentsOf } from '#worker/picture/residents.ts';
import { storedPicture } from '#worker/picture/storedPicture.ts';
import { type OnFailure, sayOnce } from '#worker/rules/failure.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import { applyAcceptances } from './acceptance.ts';
import { missedUntil } from './catchingUp.ts';
import { recentSeconds } from './explain.ts';
import { type Case, readCases, readWindow } from './judgeCases.ts';
import { type Judged, judgedServers } from './judged.ts';
import { lockServers, type ServerMemoryBody, writeMemories } from './memory.ts';
import { type Awaited, awaitedReport } from './nextReport.ts';
import { readQuiet } from './quietHours.ts';
import { readSettling } from './settle.ts';

/** Servers of one transaction. */
const together = 64;
/** While reports come in all the time, so many milliseconds are left for more servers to share a transaction. */
const gatherMs = 200;
/** While siblings of a monitor that just went down are still asked, the server is judged again this soon. */
const settleMs = 3000;
/** A server that could not be judged is judged again so much later: what fails each time must not keep a worker busy. */
const againMs = 10_000;
/** Numbers of findings move all the time: where nothing else has changed, what is remembered of them is written this often. */
const rememberMs = 5 * 60_000;
/** Findings that are remembered to know what has ended. */
const mostFound = 60;

/** Failures of rules that were logged. */
const said = new Set<string>();

interface How {
  /** Only those that have reported since they were judged last. */
  onlyNew?: boolean;
}

/** The handler of "judgeReported" jobs. */
export function reportedJudge(context: WorkerContext): (jobs: JobData<'judgeReported'>[]) => Promise<void> {
  return gatherJobs(gatherMs, (serverIds) => judgeServers(context, serverIds, { onlyNew: true }));
}

/**
 * Judges servers. One that cannot be judged does not stop the others and is tried again by itself. Throws when the only server that was
 * asked for cannot be judged, or when the database cannot be reached.
 */
export async function judgeServers(
  context: WorkerContext,
  serverIds: readonly string[],
  how: How = {},
): Promise<void> {
  const ids = [...new Set(serverIds)];
  if (ids.length === 1) return judgeServer(context, ids[0]!, how);
  for (let start = 0; start < ids.length; start += together)
    await judgeTogether(context, ids.slice(start, start + together), how);
}

/** Waits for whoever works at this server. */
export async function judgeServer(
  context: WorkerContext,
  serverId: string,
  { onlyNew = false }: How = {},
): Promise<void> {
  const { failed } = await judgeBatch(context, [serverId], { wait: true, onlyNew });
  for (const error of failed.values()) throw error;
}

async function judgeTogether(
  context: WorkerContext,
  serverIds: readonly string[],
  { onlyNew = false }: How,
): Promise<void> {
  let alone: readonly string[] = serverIds;
  try {
    const { busy, failed } = await judgeBatch(context, serverIds, { wait: false, onlyNew });
    alone = [...busy, ...failed.keys()];
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  for (const serverId of alone) {
    try {
      await judgeServer(context, serverId, { onlyNew });
    } catch (error) {
      context.log(`server ${serverId} cannot be judged: ${String(error)}`);
      // Under a name of its own: whatever else has the server judged does not wait for it.
      await context.queue.send(
        'diagnose',
        { serverId },
        { key: `${serverId} again`, startAfter: new Date(Date.now() + againMs) },
      );
    }
  }
}

interface BatchResult {
  /** Servers that another stage works at just now; not judged. */
  busy: string[];
  failed: Map<string, unknown>;
}

async function judgeBatch(
  context: WorkerContext,
  serverIds: readonly string[],
  { wait, onlyNew }: { wait: boolean; onlyNew: boolean },
): Promise<BatchResult> {
  const { db, startedAt } = context;
  const missed = startedAt === undefined ? 0 : await missedUntil(db, startedAt);
  const kept = new Map<string, Judged>();
  const result = await inTransaction(
    db,
    async (connection) => {
      const free = await lockServers(connection, serverIds, wait);
      const now = new Date();
      const cases = free.length ? await readCases(connection, db, free, { onlyNew, now, missed }) : [];
      const failed = new Map<string, unknown>();
      const verdicts: Verdict[] = [];
      for (const one of cases) {
        try {
          verdicts.push(
            await judgeCase(connection, one, now, sayOnce(context.log, { said, server: one.server.id })),
          );
        } catch (error) {
          failed.set(one.server.id, error);
        }
        // Probes of this process measure time: no stretch of work may be long.
        await breathe();
      }
      await storeVerdicts(context, connection, verdicts, now);
      for (const { server, judged } of verdicts) kept.set(server.id, judged);
      return { busy: serverIds.filter((id) => !free.includes(id)), failed };
    },
    { seconds: 60 },
  );
  // Only now is it what the database says.
  kept.forEach((judged, serverId) => judgedServers(db).give(serverId, judged));
  return result;
}

interface Verdict extends Case {
  diagnosis: Diagnosis;
  /** The next report, when what the outside sees waits for it. */
  awaited: Awaited | undefined;
  /** Whether it differs from the one before. */
  isNew: boolean;
  /** What a person accepted and was seen now for the first time, by finding. */
  seen: ReadonlyMap<string, AcceptedValue>;
}

/** When a rule asks for a series of which only the newest value is remembered, all are read and the judgement begins again. */
async function judgeCase(
  connection: Connection,
  one: Case,
  now: Date,
  onFailure: OnFailure,
): Promise<Verdict> {
  const verdict = verdictOf(one, now, onFailure);
  if (!one.judged.window.isLacking) return verdict;
  const window = await readWindow(connection, one.server.id, one.stored.at);
  const whole = { ...one, judged: { ...one.judged, window } };
  return verdictOf(whole, now, onFailure);
}

function verdictOf(one: Case, now: Date, onFailure: OnFailure): Verdict {
  const { judged, server, stored, overrides, acceptances } = one;
  const { memory, window } = judged;
  const residents = residentsOf(memory.residents, stored.facts, stored.at, window.times().at(-2));
  const picture = storedPicture({ ...stored, window, residents, now: now.getTime() / 1000 });
  const found = findProblems(picture, new Map(Object.entries(memory.active)), {
    overrides,
    before: memory.found,
    onFailure,
  });
  const { findings, seen } = applyAcceptances(found, acceptances, now);
  const ended = endedSince(memory, found, picture.at);
  const diagnosis = diagnose(picture, findings, {
    recent: ended.map(({ finding }) => finding),
    onFailure,
  });
  if (!window.isLacking) window.shrink();
  const digest = digestOf(diagnosis);
  const active = Object.fromEntries(findings.map((finding) => [findingKey(finding), finding.since]));
  return {
    ...one,
    judged: {
      ...judged,
      memory: { version: 1, active, ended, found: found.slice(0, mostFound), residents, digest },
      reportAt: server.lastReportAt,
      lateReadAt: server.lateReadAt,
    },
    diagnosis,
    awaited: awaitedReport(picture),
    isNew: digest !== memory.digest,
    seen,
  };
}

/** Writes what has changed of some servers. Afterwards `judged` of each says what is written. */
async function storeVerdicts(
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
      storableJson(diagnosis),
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

/** Findings of the judgement before that are gone now, and those that went at most 15 minutes ago. */
function endedSince(
  memory: ServerMemoryBody,
  now: readonly Finding[],
  at: number,
): ServerMemoryBody['ended'] {
  const active = new Set(now.map(findingKey));
  const gone = memory.found.filter((f) => !active.has(findingKey(f))).map((finding) => ({ finding, at }));
  return [...gone, ...memory.ended]
    .filter((one, i, all) => {
      const key = findingKey(one.finding);
      const newer = all.findIndex((other) => findingKey(other.finding) === key);
      return !active.has(key) && at - one.at <= recentSeconds && newer === i;
    })
    .slice(0, 50);
}

/** Two diagnoses are the same when they name the same problems, severities and chains; numbers may move. */
function digestOf(diagnosis: Diagnosis): string {
  const essence = {
    verdict: diagnosis.verdict,
    problems: diagnosis.problems.map((problem) => [
      findingKey(problem),
      problem.severity,
      problem.accepted?.by,
    ]),
    roots: diagnosis.rootCauses.map((root) => [root.problem, root.subject, root.chain]),
  };
  return createHash('sha256').update(JSON.stringify(essence)).digest('hex').slice(0, 16);
}
