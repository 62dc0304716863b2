// Plays a scenario through the product's own path, from the text of its reports to the diagnosis, and judges the answer.
import { findingKey, type Diagnosis, type Finding, type RootCause } from '#core/diagnosis.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import type { GraphOptions } from '#worker/diagnose/graph.ts';
import { replaySteps, type Replay } from '#worker/judge/explain.ts';
import { readReport } from '#worker/parse/read.ts';
import { atMoment, inOrder, momentOf } from '#worker/parse/reportOrder.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import { stages } from '#worker/rules/stages.ts';
import { firstBeyond } from './firstBeyond.ts';
import { epochOfStart } from './machine.ts';
import { reportsOf, type ExpectedRoot, type Scenario } from './scenario.ts';

export interface Played {
  scenario: Scenario;
  diagnosis: Diagnosis;
  last: Replay;
  /** Findings above info, in the order in which they were first seen: key, number of the report. */
  seen: Map<string, { finding: Finding; report: number }>;
  /** Reports after the onset until anything above info was told, and until the right root was among the first. */
  toDetect?: number;
  toRoot?: number;
  /**
   * Reports after the onset until any value of the fault (of the root, or of what it was ever seen to do) was beyond its bound, in one look
   * (see firstBeyond); undefined when none was before the end.
   */
  toBound?: number;
  /** Problems above info that were told at any report from the onset on. */
  told: Set<string>;
}

/** As `explain` takes them up: in order, each once. */
function* textsOf(scenario: Scenario): Generator<string> {
  if (!scenario.texts) return yield* reportsOf(scenario);
  const reports = [...new Set(scenario.texts)].map((text) => ({
    at: Number(/ epoch=(\d+)/.exec(text)?.[1]),
    ...momentOf(text),
    text,
  }));
  for (const { at, text } of inOrder(reports)) yield atMoment(text, at);
}

export function* snapshotsOf(scenario: Scenario): Generator<Snapshot> {
  let previous: Snapshot | undefined;
  for (const text of textsOf(scenario)) {
    previous = readReport(text, { previous });
    yield previous;
  }
}

/** The watched addresses as they were at a moment. */
export function monitorsOf(scenario: Scenario, at: number): readonly MonitorState[] {
  if (scenario.watched) return scenario.watched(at);
  return (scenario.monitors ?? []).map((m) =>
    m.since <= at || m.since === epochOfStart ? m : { ...m, state: 'up', code: 'ok', since: epochOfStart },
  );
}

export function play(scenario: Scenario, options: GraphOptions = {}, eachStep = true): Played {
  const seen: Played['seen'] = new Map();
  let diagnosis: Diagnosis | undefined;
  let last: Replay | undefined;
  let toDetect: number | undefined;
  let toRoot: number | undefined;
  const mine = new Map<string, Finding>();
  let report = 0;
  const told = new Set<string>();
  const onset = scenario.onset ?? 0;
  for (const step of replaySteps(snapshotsOf(scenario), (at) => monitorsOf(scenario, at))) {
    last = step;
    for (const finding of step.findings) {
      const key = findingKey(finding);
      if (finding.severity !== 'info' && !seen.has(key)) seen.set(key, { finding, report });
    }
    if (eachStep) {
      diagnosis = diagnose(step.picture, step.findings, { ...options, recent: step.recent });
      if (report >= onset) {
        for (const p of diagnosis.problems) if (p.severity !== 'info') told.add(findingKey(p));
        if (told.size > 0) toDetect ??= report - onset;
        const [wanted] = scenario.roots;
        const named = (r: RootCause) => wanted !== undefined && isRoot(foreseen(r, wanted), wanted);
        if (diagnosis.rootCauses.slice(0, scenario.roots.length).some(named)) toRoot ??= report - onset;
        for (const { key, symptoms } of diagnosis.rootCauses.filter(named)) {
          const parts = new Set([key, ...symptoms]);
          for (const p of diagnosis.problems) if (parts.has(findingKey(p))) mine.set(findingKey(p), p);
        }
      }
    }
    report++;
  }
  const end = last!;
  diagnosis ??= diagnose(end.picture, end.findings, { ...options, recent: end.recent });
  if (!eachStep) diagnosis = diagnose(end.picture, end.findings, { ...options, recent: end.recent });
  return {
    scenario,
    diagnosis,
    last: end,
    seen,
    toDetect,
    toRoot,
    toBound: reportsUntil(end.picture, onset, mine.values()),
    told,
  };
}

function reportsUntil(picture: Picture, onset: number, findings: Iterable<Finding>): number | undefined {
  const times = picture.times ?? [];
  if (times.length <= onset) return undefined;
  const beyond = firstBeyond(picture, findings, times[onset]!);
  return beyond === undefined ? undefined : times.findIndex((at) => at >= beyond) - onset;
}

/** A root that is told before it comes counts as what it will be. */
function foreseen(
  root: RootCause,
  expected: ExpectedRoot,
): { problem: string; subject: RootCause['subject'] } {
  const [now] =
    stages.find(([now, before]) => before === root.problem && [expected.problem].flat().includes(now)) ?? [];
  return now === undefined ? root : { problem: now, subject: root.subject };
}

/** Whether a named root is the expected one, by id and by the name of its entity. */
export function isRoot(
  root: { problem: string; subject: { name: string } } | undefined,
  expected: ExpectedRoot,
): boolean {
  if (!root) return false;
  const ids = typeof expected.problem === 'string' ? [expected.problem] : expected.problem;
  const names = typeof expected.subject === 'string' ? [expected.subject] : expected.subject;
  return (
    ids.includes(root.problem) &&
    names.some((n) => root.subject.name === n || (n.length > 2 && root.subject.name.startsWith(n)))
  );
}

export interface Verdict {
  top1: boolean;
  top3: boolean;
  abstained: boolean;
  /** Controls: problems above info that were told, at any report when it was played step by step. */
  false: string[];
  /** Of the expected edges, those that were not told. */
  missingEdges: string[];
  edges: number;
}

export function judgeAnswer({ scenario, diagnosis, told }: Played): Verdict {
  const { rootCauses } = diagnosis;
  const roots = scenario.roots;
  // Of a double fault both must be named, among the first as many as there are.
  const within = (n: number) => roots.every((r) => rootCauses.slice(0, n).some((c) => isRoot(c, r)));
  const hops = rootCauses.flatMap((r) =>
    r.hops.map((h) => [h.cause.split(' ')[0]!, h.effect.split(' ')[0]!] as const),
  );
  // An edge counts as told when the hops lead from its cause to its effect, in one step or more.
  const leads = (from: string, to: string, depth = 0): boolean =>
    depth < 8 && hops.some(([a, b]) => a === from && (b === to || leads(b, to, depth + 1)));
  const chain = scenario.chain ?? [];
  return {
    top1: within(Math.max(1, roots.length)),
    top3: within(Math.max(3, roots.length)),
    abstained: diagnosis.verdict === 'unknown',
    false:
      roots.length === 0
        ? [...new Set([...told, ...diagnosis.problems.filter((p) => p.severity !== 'info').map(findingKey)])]
        : [],
    missingEdges: chain.filter((e) => !leads(e.split('>')[0]!, e.split('>')[1]!)),
    edges: chain.length,
  };
}
