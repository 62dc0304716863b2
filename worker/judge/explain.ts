// Explains a server from its reports alone: replays them in order of time, so that rates, trends and onsets are known.
import { z } from 'zod';
import { withCondition } from '#core/conditions/index.ts';
import { diagnosisSchema, findingKey, findingSchema, type Finding } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { severityRank } from '#core/severity.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { factChanges } from '#worker/changes/changes.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { mergeFacts } from '#worker/picture/mergeFacts.ts';
import { PictureBuilder } from '#worker/picture/picture.ts';
import type { OnFailure } from '#worker/rules/failure.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';

/** The answer of `explain --json`; `explain --schema` prints it as a JSON schema. */
export const explanationSchema = diagnosisSchema.extend({
  server: z.object({
    hostname: z.string().describe("'unknown' when no report tells it"),
    machineId: z.string().optional(),
    os: z.string().optional(),
    kernel: z.string().optional(),
  }),
  from: z.number().describe('Epoch seconds of the oldest report; 0 when it tells no time'),
  to: z.number().describe('Epoch seconds of the newest report'),
  reports: z.number().describe('How many reports the answer rests on'),
  problems: z
    .array(findingSchema.omit({ latent: true }))
    .describe('Everything that was found, worst first; `info` wakes nobody'),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** A finding that ended this long ago can still be the cause of what lasts. */
export const recentSeconds = 900;

export interface Replay {
  picture: Picture;
  findings: Finding[];
  /** Findings that ended in the last 15 minutes, as they last were. */
  recent: Finding[];
}

/** The monitors as they were at a moment; the same ones for all moments when a list is given. */
type Monitors = readonly MonitorState[] | ((at: number) => readonly MonitorState[]);

/**
 * Runs the rules over each snapshot in turn and keeps onsets and hysteresis, as the pipeline does: one step a snapshot. A rule that throws
 * is told to `onFailure`, and the others go on; without it, it throws.
 */
export function* replaySteps(
  snapshots: Iterable<Snapshot>,
  monitors: Monitors = [],
  onFailure?: OnFailure,
): Generator<Replay> {
  const builder = new PictureBuilder();
  let active = new Map<string, number>();
  let findings: Finding[] = [];
  const ended = new Map<string, { finding: Finding; at: number }>();
  // What a minute's report leaves out stays as an hourly one told it: a file that changed between two of those is seen then.
  let known: Facts | undefined;
  for (const snapshot of snapshots) {
    const merged = mergeFacts(known ?? {}, snapshot.facts);
    const changes = known ? factChanges(known, merged, snapshot.at) : [];
    builder.add(changes.length ? { ...snapshot, events: [...snapshot.events, ...changes] } : snapshot);
    known = merged;
    const picture = builder.picture(typeof monitors === 'function' ? monitors(snapshot.at) : monitors);
    const past = findings;
    findings = findProblems(picture, active, { before: past, onFailure });
    active = new Map(findings.map((f) => [findingKey(f), f.since]));
    for (const finding of past) {
      if (!active.has(findingKey(finding))) ended.set(findingKey(finding), { finding, at: snapshot.at });
    }
    const recent = [...ended.values()]
      .filter(({ finding, at }) => snapshot.at - at <= recentSeconds && !active.has(findingKey(finding)))
      .map(({ finding }) => finding);
    yield { picture, findings, recent };
  }
}

/** The last step of a replay. Needs at least one snapshot. */
export function replay(
  snapshots: Iterable<Snapshot>,
  monitors: Monitors = [],
  onFailure?: OnFailure,
): Replay {
  let last: Replay | undefined;
  for (const step of replaySteps(snapshots, monitors, onFailure)) last = step;
  if (!last) throw new Error('There is nothing to replay.');
  return last;
}

/** What is wrong and why, from snapshots of one server in order of time. */
export function explain(snapshots: Iterable<Snapshot>, onFailure?: OnFailure): Explanation {
  const { picture, findings, recent } = replay(snapshots, [], onFailure);
  const { verdict, problems, rootCauses, ruledOut, movedTogether } = diagnose(picture, findings, {
    recent,
    onFailure,
  });
  const { host, os, kernel } = picture.facts;
  return {
    server: {
      hostname: host?.hostname ?? 'unknown',
      machineId: host?.machineId,
      os: os?.name,
      kernel: kernel?.release,
    },
    from: picture.from,
    to: picture.at,
    reports: picture.reports,
    verdict,
    problems: problems
      .toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity] || a.id.localeCompare(b.id))
      .map(({ latent: _, ...finding }) => withCondition(finding)),
    rootCauses,
    ruledOut,
    movedTogether,
  };
}
