// What the rules and the diagnosis say of one server, from all that was read of it. Nothing is written here.
import { createHash } from 'node:crypto';
import { type Diagnosis, type Finding, findingKey } from '#core/diagnosis.ts';
import type { AcceptedValue } from '#core/judgement.ts';
import type { Connection } from '#prisma';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { residentsOf } from '#worker/picture/residents.ts';
import { storedPicture } from '#worker/picture/storedPicture.ts';
import type { OnFailure } from '#worker/rules/failure.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import { applyAcceptances } from './acceptance.ts';
import { recentSeconds } from './explain.ts';
import type { Case } from './judgeCases.ts';
import type { ServerMemoryBody } from './memory.ts';
import { type Awaited, awaitedReport } from './nextReport.ts';
import { readWindow } from './readWindows.ts';

/** Findings that are remembered to know what has ended. */
const mostFound = 60;

export interface Verdict extends Case {
  diagnosis: Diagnosis;
  /** The next report, when what the outside sees waits for it. */
  awaited: Awaited | undefined;
  /** Whether it differs from the one before. */
  isNew: boolean;
  /** What a person accepted and was seen now for the first time, by finding. */
  seen: ReadonlyMap<string, AcceptedValue>;
}

/** When a rule asks for a series of which only the newest value is remembered, all are read and the judgement begins again. */
export async function judgeCase(
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
