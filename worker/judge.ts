// Stage "diagnose": the picture of one server becomes findings, root causes and incidents.
import { createHash } from 'node:crypto';
import { type Diagnosis, type Finding, findingKey } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { boundOverrideSchema } from '#core/judgement.ts';
import type { ProbeCode, ProbeKind } from '#core/probes.ts';
import type { HostEvent, Snapshot } from '#core/snapshot.ts';
import type { Monitor, Server, Transaction } from '#prisma';
import { readAllSeries, type StoredSeries } from '#prisma/samplePoints.ts';
import { applyAcceptances } from './acceptance.ts';
import type { WorkerContext } from './context.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { recentSeconds } from './explain.ts';
import { applyDiagnosis } from './incidents/incidents.ts';
import { quietNow } from './maintenance.ts';
import { lockServer, readMemory, type ServerMemoryBody, writeMemory } from './memory.ts';
import { readFacts } from './parse.ts';
import { makePicture } from './picture.ts';
import { findProblems } from './rules/findProblems.ts';
import type { MonitorState, Picture, RuleState } from './rules/rule.ts';
import { stillSettling } from './settle.ts';

/** Trends look back this far; the newest hour in full. */
const historyHours = 6;
/** While siblings of a monitor that just went down are still asked, the server is judged again this soon. */
const settleMs = 3000;

export async function judgeServer(context: WorkerContext, serverId: string): Promise<void> {
  const { db } = context;
  await db.$transaction(
    async (transaction) => {
      await lockServer(transaction, serverId);
      const server = await transaction.server.findUnique({ where: { id: serverId } });
      if (!server?.lastReportAt || server.cloneOfId) return;
      const now = new Date();
      const memory = await readMemory(transaction, serverId);
      const picture = await picturesServer(transaction, server, now);
      const found = findProblems(picture, new Map(Object.entries(memory.active)), {
        overrides: await readOverrides(transaction, serverId),
      });
      const { findings, seen } = applyAcceptances(
        found,
        await transaction.acceptance.findMany({ where: { serverId } }),
        now,
      );
      for (const [key, value] of seen)
        await transaction.acceptance.update({ where: { serverId_key: { serverId, key } }, data: { value } });
      const ended = endedSince(memory, found, picture.at);
      const diagnosis = diagnose(picture, findings, { recent: ended.map(({ finding }) => finding) });
      const digest = digestOf(diagnosis);
      if (digest !== memory.digest) {
        await transaction.diagnosisRow.create({
          data: { serverId, at: now, verdict: diagnosis.verdict, body: diagnosis as object },
        });
      }
      const active = Object.fromEntries(findings.map((finding) => [findingKey(finding), finding.since]));
      await writeMemory(transaction, serverId, {
        ...memory,
        active,
        ended,
        found: found.slice(0, 60),
        digest,
      });
      const isQuiet = await quietNow(transaction, server, now);
      const mustWait = await stillSettling(transaction, serverId, now);
      await applyDiagnosis(
        context,
        transaction,
        server,
        diagnosis,
        now,
        (body) => isQuiet(body) || (mustWait?.(body) ?? false),
      );
      if (mustWait)
        await context.queue.send(
          'diagnose',
          { serverId },
          { transaction, key: `${serverId} settling`, startAfter: new Date(now.getTime() + settleMs) },
        );
    },
    { timeout: 60_000, maxWait: 30_000 },
  );
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

async function readOverrides(db: Transaction, serverId: string): Promise<RuleState['overrides']> {
  const rows = await db.ruleOverride.findMany({ where: { serverId } });
  return Object.fromEntries(
    rows.flatMap(({ ruleId, bound }) => {
      const checked = boundOverrideSchema.safeParse(bound);
      return checked.success ? [[ruleId, checked.data]] : [];
    }),
  );
}

/** Everything that is known of a server now, from the database. */
async function picturesServer(db: Transaction, server: Server, now: Date): Promise<Picture> {
  const at = server.lastReportAt!;
  const [facts, monitors, events, history] = [
    await readFacts(db, server.id),
    await db.monitor.findMany({
      where: {
        serverId: server.id,
        retiredAt: null,
        state: { not: 'paused' },
        OR: [{ decision: null }, { decision: { not: 'muted' } }],
      },
    }),
    await db.event.findMany({
      where: { serverId: server.id, at: { gte: new Date(at.getTime() - 24 * 3_600_000) } },
      orderBy: { at: 'asc' },
      take: 1000,
    }),
    await readAllSeries(db, server.id, {
      from: at.getTime() / 1000 - historyHours * 3600,
      to: at.getTime() / 1000 + 0.001,
      fineFrom: at.getTime() / 1000 - 3600,
    }),
  ];
  const { past, latest } = splitNewest(history, at.getTime() / 1000);
  const current: Snapshot = {
    at: at.getTime() / 1000,
    agent: {},
    complete: true,
    facts,
    samples: latest,
    counters: [],
    events: events.map(({ kind, at: when, subject, text, data }) => ({
      kind,
      at: when.getTime() / 1000,
      subject,
      text,
      ...(data ? { data: data as HostEvent['data'] } : {}),
    })),
    partial: [],
    ...(facts.boot ? { uptime: at.getTime() / 1000 - facts.boot.at } : {}),
  };
  const before: Snapshot = {
    ...current,
    at: past.at,
    facts: (await previousFacts(db, server.id, facts)) ?? facts,
    samples: [],
    events: [],
  };
  return makePicture(
    past.at < current.at ? [before, current] : [current],
    monitors.filter(isMeant).map(monitorState),
    {
      history: past.series,
      // Who reported only once or twice has no rhythm yet that it could fall out of.
      ...(reportsOf(history) >= 3 && { now: now.getTime() / 1000 }),
    },
  );
}

/** How many reports the history holds. */
function reportsOf(history: StoredSeries[]): number {
  return Math.max(0, ...history.map(([, , points]) => points.length));
}

/** The newest report's values are samples of the current snapshot; everything before is history. */
function splitNewest(
  series: StoredSeries[],
  at: number,
): { past: { at: number; series: StoredSeries[] }; latest: Snapshot['samples'] } {
  const latest: Snapshot['samples'] = [];
  let before = 0;
  const past = series.map(([metric, subject, points]): StoredSeries => {
    const newest = points.at(-1);
    if (newest && newest[0] === at) {
      latest.push({ metric, subject, value: newest[1] });
      points = points.slice(0, -1);
    }
    before = Math.max(before, points.at(-1)?.[0] ?? 0);
    return [metric, subject, points];
  });
  return { past: { at: before || at, series: past }, latest };
}

/** Facts as they were before the newest report: those that changed with it are not known any more, the rest is the same. */
async function previousFacts(db: Transaction, serverId: string, facts: Facts): Promise<Facts | undefined> {
  const rows = await db.fact.findMany({
    where: { serverId },
    select: { name: true, since: true },
    orderBy: { since: 'desc' },
  });
  const newest = rows[0]?.since.getTime();
  if (newest === undefined) return undefined;
  const same = rows.filter(({ since }) => since.getTime() < newest).map(({ name }) => name);
  return Object.fromEntries(same.map((name) => [name, facts[name as keyof Facts]])) as Facts;
}

/**
 * A site that answered 404, or a port that was filtered, ever since its monitor set itself up is probably meant so: it is shown, but
 * it is no problem. What must never be (an exposed file, an open database, an expired certificate) is one from the first look.
 */
function isMeant(monitor: Monitor): boolean {
  const mayBeMeant =
    ['http', 'ping', 'dns', 'ports'].includes(monitor.kind) ||
    (monitor.kind === 'port' && monitor.code !== 'unexpected-open');
  return monitor.everUp || monitor.origin !== 'discovered' || !mayBeMeant;
}

/** What a port monitor is content with decides what its silence means. */
function askedFor({ kind, settings }: Monitor): Record<string, unknown> {
  const { expect = 'open', protocol = 'tcp' } = settings as Record<string, unknown>;
  return kind === 'port' ? { expect, protocol } : {};
}

export function monitorState(monitor: Monitor): MonitorState {
  const evaluation = monitor.evaluation as { details?: Record<string, unknown> };
  return {
    id: monitor.id,
    kind: monitor.kind as ProbeKind,
    name: monitor.name,
    target: monitor.target,
    state: monitor.state,
    since: monitor.stateSince.getTime() / 1000,
    code: (monitor.code ?? 'ok') as ProbeCode,
    summary: monitor.summary ?? '',
    details: { ...askedFor(monitor), ...evaluation.details },
    about: monitor.about as MonitorState['about'],
  };
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
