// Evaluates a monitor: results of several regions become one state, believed only when sure. Pure; its memory is JSON in the row.
import { z } from 'zod';
import type { ProbeCode } from '#core/probes.ts';

export type State = 'pending' | 'up' | 'degraded' | 'down' | 'paused';

const regionSchema = z.object({
  /** Epoch seconds of the newest result that counts. */
  at: z.number(),
  /** Consecutive results of the same kind as the newest. */
  streak: z.number().int(),
  grade: z.enum(['good', 'degraded', 'bad']),
  code: z.string(),
  summary: z.string(),
});

export const evaluationSchema = z.object({
  regions: z.record(z.string(), regionSchema).default({}),
  /** Epoch seconds of the newest changes between good and bad, for flapping. */
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
  result: { region: string; at: number; ok: boolean; degraded?: boolean; code: ProbeCode; summary: string; details?: Record<string, unknown> };
  /** Regions that reported lately, this one included. */
  regions: string[];
  /** Seconds between two looks of one region. */
  interval: number;
}

export interface EvaluateOutput {
  state: State;
  evaluation: Evaluation;
  /** Set when the state changed. */
  transition?: { from: State; to: State; code: ProbeCode; summary: string };
  /** Ask again this soon, to confirm what was seen. */
  lookAgainSeconds?: number;
}

/** Consecutive results that confirm a failure or a recovery within a region. */
export const confirmations = 2;
/** Regions that must agree on a failure, where there are as many. */
export const quorum = 2;
const flapChanges = 4;
const flapSeconds = 30 * 60;

/**
 * Down needs `quorum` regions (or the only one) with `confirmations` failures each; up needs as many confirmed good ones that a
 * quorum of failures is no longer there. The first good result of a new monitor needs no confirmation. A result with a
 * `prober-…` code or a refused target says nothing about the target and changes nothing.
 */
export function evaluate({ state, evaluation: stored, result, regions, interval }: EvaluateInput): EvaluateOutput {
  const parsed = evaluationSchema.safeParse(stored);
  const evaluation: Evaluation = parsed.success ? parsed.data : evaluationSchema.parse({});
  if (state === 'paused' || result.code.startsWith('prober-') || result.code === 'target-refused') return { state, evaluation };
  const before = evaluation.regions[result.region];
  if (before && result.at <= before.at) return { state, evaluation };

  const grade = result.ok ? 'good' : result.degraded ? 'degraded' : 'bad';
  const streak = before?.grade === grade ? before.streak + 1 : 1;
  evaluation.regions[result.region] = { at: result.at, streak, grade, code: result.code, summary: result.summary };
  const alive = new Set([...regions, result.region]);
  for (const name of Object.keys(evaluation.regions)) if (!alive.has(name)) delete evaluation.regions[name];
  if (!result.ok) evaluation.details = result.details ?? {};

  const records = Object.entries(evaluation.regions);
  const settled = records.filter(([, record]) => record.streak >= confirmations || (state === 'pending' && record.grade === 'good'));
  const needed = Math.min(quorum, alive.size);
  const bad = settled.filter(([, record]) => record.grade === 'bad');
  const degraded = settled.filter(([, record]) => record.grade !== 'good');
  const good = settled.filter(([, record]) => record.grade === 'good');

  let next = state;
  if (bad.length >= needed) next = 'down';
  else if (degraded.length >= needed) next = 'degraded';
  else if (good.length >= Math.max(1, alive.size - needed + 1)) next = 'up';
  evaluation.failingRegions = next === 'up' ? degraded.map(([name]) => name) : [];

  const output: EvaluateOutput = { state: next, evaluation };
  if (streak < confirmations && !(next === 'up' && grade === 'good')) output.lookAgainSeconds = Math.max(2, Math.min(15, Math.round(interval / 6)));
  if (next !== state) {
    const shown = next === 'up' ? result : { code: result.code, summary: result.summary };
    output.transition = { from: state, to: next, code: shown.code, summary: shown.summary };
    evaluation.changes = [...evaluation.changes, result.at].filter((at) => at > result.at - flapSeconds).slice(-20);
  }
  evaluation.flapping = evaluation.changes.filter((at) => at > result.at - flapSeconds).length >= flapChanges;
  return output;
}
