// Evaluates a monitor: results of several regions become one state, believed only when sure. Pure; its memory is JSON in the row.
import { z } from 'zod';
import type { ProbeCode } from '#core/probes.ts';

export type State = 'pending' | 'up' | 'degraded' | 'down' | 'paused';

const regionSchema = z.object({
  /** Epoch seconds of the newest result. */
  at: z.number(),
  /** Consecutive results of the same grade as the newest one that counts. */
  streak: z.int(),
  grade: z.enum(['good', 'degraded', 'bad']),
  /** The newest result was that this place could not look: its word counts neither for nor against the target. */
  blind: z.boolean().default(false),
  code: z.string(),
  summary: z.string(),
});
type RegionRecord = z.infer<typeof regionSchema>;

export const evaluationSchema = z.object({
  regions: z.record(z.string(), regionSchema).default({}),
  /** Epoch seconds of the first result ever. */
  since: z.number().optional(),
  /** Epoch seconds of the newest changes: of the state between good and bad, and failures that passed before they were confirmed. */
  changes: z.array(z.number()).default([]),
  flapping: z.boolean().default(false),
  /** Regions that fail while the others do not: their way to the target is at fault, not the target. */
  failingRegions: z.array(z.string()).default([]),
  /** What the newest failed or degraded result told. */
  details: z.record(z.string(), z.unknown()).default({}),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export interface EvaluateInput {
  state: State;
  /** As stored; anything else is taken as empty. */
  evaluation: unknown;
  /** One result. One that is not newer than the region's last is ignored. */
  result: {
    region: string;
    /** Epoch seconds. */
    at: number;
    ok: boolean;
    degraded?: boolean;
    code: ProbeCode;
    summary: string;
    details?: Record<string, unknown>;
  };
  /** Regions that were heard of lately, whether they have looked at this monitor or not. */
  regions: string[];
  /** Seconds between two looks of one region. */
  interval: number;
  /** Instead of the defaults below. */
  settings?: { confirmations?: number; quorum?: number };
}

export interface EvaluateOutput {
  state: State;
  evaluation: Evaluation;
  /** Set when the state changed. */
  transition?: { from: State; to: State; code: ProbeCode; summary: string };
  /** What a person should read in the timeline, though the state stays as it is. */
  notes: {
    kind: 'regional-failure' | 'regional-recovery' | 'flapping' | 'flapping-ended';
    text: string;
  }[];
  /** Ask again this soon, in all regions, to confirm what was seen. */
  lookAgainSeconds?: number;
}

/** Consecutive results that confirm a failure or a recovery within a region. */
export const confirmations = 2;
/** Consecutive good results that end a failure of a target that flaps: it must be calm for a while. */
export const confirmationsOfFlapping = 5;
/** Regions that must agree on a failure, where there are as many. */
export const quorum = 2;
/** This many changes in half an hour are flapping. */
const flapChanges = 4;
const flapSeconds = 30 * 60;
/** Name servers disagree by nature while a new zone is on its way to the secondaries, which takes up to minutes. */
const transferSeconds = 300;
/** A region that was silent for so many intervals (and at least two minutes) has no word any more. */
const staleIntervals = 3;

/**
 * The next state of a monitor after one result.
 *
 * - A region has a say when it is heard of, was able to look (no `prober-…` code, no refused target) and did so lately.
 * - **down**: `quorum` regions with a say (or all of them, where there are fewer) failed `confirmations` times in a row each.
 * - **degraded**: as many did not find it good, but not all of those failed.
 * - **up**: so many confirmed it good that no quorum of failures is left. The first good result of a new monitor is enough.
 * - Some regions fail, but no quorum: the state stays up, and `failingRegions` names them. That is a fault on their way.
 * - In between nothing changes, and `lookAgainSeconds` asks for the result that will decide.
 */
export function evaluate(input: EvaluateInput): EvaluateOutput {
  const { state, result, regions, interval } = input;
  const needsInRow = input.settings?.confirmations ?? confirmations;
  const parsed = evaluationSchema.safeParse(input.evaluation);
  const evaluation: Evaluation = parsed.success ? parsed.data : evaluationSchema.parse({});
  const before = evaluation.regions[result.region];
  if (state === 'paused' || (before && result.at <= before.at)) return { state, evaluation, notes: [] };

  const record = nextRecord(before, result);
  evaluation.since ??= result.at;
  evaluation.regions[result.region] = record;
  const heard = new Set([...regions, result.region]);
  for (const name of Object.keys(evaluation.regions)) if (!heard.has(name)) delete evaluation.regions[name];
  if (record.blind) return { state, evaluation, notes: [] };
  if (record.grade !== 'good') evaluation.details = result.details ?? {};
  const passed = record.grade === 'good' && before && before.grade !== 'good';
  if (passed && before.streak < needsInRow && state === 'up') evaluation.changes.push(result.at);

  const staleBefore = result.at - Math.max(staleIntervals * interval, 120);
  const voices = [...heard].filter((name) => hasSay(evaluation, name, staleBefore));
  const needed = Math.min(input.settings?.quorum ?? quorum, voices.length);
  const goodInRow = evaluation.flapping ? Math.max(confirmationsOfFlapping, needsInRow) : needsInRow;
  const settled = voices.flatMap((name) => {
    const one = evaluation.regions[name];
    if (!one) return [];
    const enough = one.grade !== 'good' ? needsInRow : state === 'pending' || state === 'up' ? 1 : goodInRow;
    return one.streak >= enough ? [{ name, ...one }] : [];
  });
  const bad = settled.filter(({ grade }) => grade === 'bad');
  const notGood = settled.filter(({ grade }) => grade !== 'good');
  const good = settled.filter(({ grade }) => grade === 'good');

  let next = state;
  if (bad.length >= needed) next = 'down';
  else if (notGood.length >= needed) next = 'degraded';
  else if (good.length > voices.length - needed) next = 'up';

  const output: EvaluateOutput = { state: next, evaluation, notes: [] };
  if (next !== state) {
    const { code, summary } = newest(next === 'up' ? good : next === 'down' ? bad : notGood) ?? record;
    output.transition = { from: state, to: next, code: code as ProbeCode, summary };
    if (state !== 'pending') evaluation.changes.push(result.at);
  }
  noteRegions(output, next === 'up' ? notGood : []);
  noteFlapping(output, result.at);
  const open = record.grade !== 'good' ? needsInRow : next === 'up' ? 0 : needsInRow;
  if (record.streak < open) {
    const soon = Math.max(2, Math.min(15, Math.round(interval / 6)));
    output.lookAgainSeconds = record.code === 'dns-disagree' ? Math.min(interval, transferSeconds) : soon;
  }
  return output;
}

/** A look that could not be made keeps the row of results before it: failures before and after it are consecutive. */
function nextRecord(before: RegionRecord | undefined, result: EvaluateInput['result']): RegionRecord {
  const { ok, degraded, code, summary, at } = result;
  if (code.startsWith('prober-') || code === 'target-refused') {
    return { grade: 'good', streak: 0, code, summary, ...before, at, blind: true };
  }
  const grade = ok ? 'good' : degraded ? 'degraded' : 'bad';
  const streak = before?.grade === grade ? before.streak + 1 : 1;
  return { at, grade, code, summary, streak, blind: false };
}

/** A region that has not looked yet is waited for, but not longer than for one that fell silent. */
function hasSay({ regions, since }: Evaluation, name: string, staleBefore: number): boolean {
  const record = regions[name];
  if (!record) return since !== undefined && since > staleBefore;
  return !record.blind && record.at > staleBefore;
}

function newest(records: RegionRecord[]): RegionRecord | undefined {
  return records.toSorted((a, b) => b.at - a.at)[0];
}

function noteRegions(
  { evaluation, notes }: EvaluateOutput,
  failing: (RegionRecord & { name: string })[],
): void {
  const before = evaluation.failingRegions;
  const now = failing.map(({ name }) => name).sort();
  for (const { name, summary } of failing) {
    if (!before.includes(name)) {
      notes.push({ kind: 'regional-failure', text: `Fails only from ${name}: ${summary}` });
    }
  }
  // When everybody fails, the failure is no longer one of a region: the transition says the rest.
  const recovered = evaluation.failingRegions.filter((name) => evaluation.regions[name]?.grade === 'good');
  for (const name of recovered) {
    if (!now.includes(name)) notes.push({ kind: 'regional-recovery', text: `Works again from ${name}.` });
  }
  evaluation.failingRegions = now;
}

function noteFlapping({ evaluation, notes }: EvaluateOutput, at: number): void {
  evaluation.changes = evaluation.changes.filter((one) => one > at - flapSeconds).slice(-20);
  const flapping = evaluation.changes.length >= flapChanges;
  if (flapping && !evaluation.flapping) {
    notes.push({ kind: 'flapping', text: `Flapping: ${evaluation.changes.length} changes in half an hour.` });
  }
  if (!flapping && evaluation.flapping) notes.push({ kind: 'flapping-ended', text: 'No longer flapping.' });
  evaluation.flapping = flapping;
}
