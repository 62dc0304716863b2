// What today's rules would say of stored reports, beside what was said then.
import { gunzipSync } from 'node:zlib';
import { type Diagnosis, findingKey } from '#core/diagnosis.ts';
import { boundOverrideSchema } from '#core/judgement.ts';
import { reportLimits } from '#core/report.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { readDiagnosis } from '#core/storedDiagnosis.ts';
import type { Database, Monitor } from '#prisma';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { readReport } from '#worker/parse/read.ts';
import type { MonitorState, RuleState } from '#worker/rules/rule.ts';
import { applyAcceptances } from './acceptance.ts';
import { replaySteps } from './explain.ts';
import { stateOf } from './readMonitors.ts';

export interface Compared {
  /** Epoch seconds of the judgement that is stored. */
  at: number;
  /** Root causes as keys, the first first; undefined when what is stored cannot be read any more. */
  then: string[] | undefined;
  now: string[];
  /** The summaries of both, for people. */
  words: { then: string[]; now: string[] };
}

export interface Range {
  from: Date;
  to: Date;
}

/**
 * What a person accepted or set as a bound holds as it is now, an acceptance from the moment on when it was given.
 * One row for each stored diagnosis that has a report at or before it in the range, oldest first. Of the newest day every report is
 * kept; of the two weeks before one an hour, and those around incidents.
 */
export async function rejudge(db: Database, serverId: string, range: Range): Promise<Compared[]> {
  const stored = await db.diagnosisRow.findMany({
    where: { serverId, at: { gte: range.from, lte: range.to } },
    orderBy: { at: 'asc' },
  });
  const monitors = await monitorHistory(db, serverId);
  const compared: Compared[] = [];
  let next = 0;
  let last: Diagnosis | undefined;
  const settle = (until: number) => {
    for (; next < stored.length && stored[next]!.at.getTime() / 1000 < until; next++) {
      if (last) compared.push(compare(stored[next]!, last));
    }
  };
  const overrides = await ownBounds(db, serverId);
  const acceptances = await db.acceptance.findMany({ where: { serverId } });
  const replayed = replaySteps(await snapshots(db, serverId, range), monitors, undefined, overrides);
  for (const { picture, findings, recent } of replayed) {
    settle(picture.at);
    const now = new Date(picture.at * 1000);
    const accepted = acceptances.filter(({ acceptedAt }) => acceptedAt <= now);
    last = diagnose(picture, applyAcceptances(findings, accepted, now).findings, { recent });
  }
  settle(Infinity);
  return compared;
}

function compare({ at, body }: { at: Date; body: unknown }, now: Diagnosis): Compared {
  const read = readDiagnosis(body);
  return {
    at: at.getTime() / 1000,
    then: read && rootsOf(read),
    now: rootsOf(now),
    words: { then: read ? wordsOf(read) : [], now: wordsOf(now) },
  };
}

/** The bounds that the server has of its own, as they are now. */
async function ownBounds(db: Database, serverId: string): Promise<RuleState['overrides']> {
  const rows = await db.ruleOverride.findMany({ where: { serverId } });
  return Object.fromEntries(
    rows.flatMap(({ ruleId, bound }) => {
      const checked = boundOverrideSchema.safeParse(bound);
      return checked.success ? [[ruleId, checked.data]] : [];
    }),
  );
}

const rootsOf = ({ rootCauses }: Diagnosis) => rootCauses.map(({ key }) => key);

function wordsOf({ rootCauses, problems }: Diagnosis): string[] {
  return rootCauses.map(({ key }) => problems.find((p) => findingKey(p) === key)?.summary ?? key);
}

/** Reads the bodies one after the other; one that cannot be read is left out, as it was then. */
async function snapshots(db: Database, serverId: string, { from, to }: Range): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  const rows = await db.report.findMany({
    where: { serverId, reportedAt: { gte: from, lte: to }, state: 'parsed' },
    orderBy: { reportedAt: 'asc' },
    select: { body: true },
  });
  for (const { body } of rows) {
    const text = gunzipSync(body, { maxOutputLength: reportLimits.bytes }).toString('utf8');
    const previous = found.at(-1);
    const snapshot = readReport(text, previous ? { previous } : {});
    if (!previous || snapshot.at > previous.at) found.push(snapshot);
  }
  return found;
}

/** The monitors of a server as they were at a moment, from their changes of state. */
async function monitorHistory(db: Database, serverId: string): Promise<(at: number) => MonitorState[]> {
  const monitors = await db.monitor.findMany({
    where: { serverId },
    include: { transitions: { orderBy: { at: 'asc' } } },
  });
  return (at) =>
    monitors
      .filter(
        (m) => m.createdAt.getTime() / 1000 <= at && (!m.retiredAt || m.retiredAt.getTime() / 1000 > at),
      )
      .map(({ transitions, ...monitor }) => {
        const was = transitions.findLast((t) => t.at.getTime() / 1000 <= at);
        if (!was) return { ...monitorState(monitor), state: 'pending' as const, code: 'ok' as const };
        return monitorState({
          ...monitor,
          state: was.to,
          stateSince: was.at,
          code: was.to === 'up' ? 'ok' : was.code,
          summary: was.summary,
        });
      })
      .filter(({ state }) => state !== 'paused');
}

function monitorState({ stateSince, evaluation, ...monitor }: Monitor): MonitorState {
  const { details = null } = evaluation as { details?: Record<string, unknown> };
  return stateOf({ ...monitor, since: stateSince.getTime() / 1000, details });
}
