// How alarms and scores fit to stretches that are out of order: found and false by stretch, false by week, and the area under precision and recall.
import type { Collected } from './made.ts';
import { probation } from './nab.ts';

/** Rows before a stretch, and after it, in which an alarm still means it; and alarms nearer to each other are one. */
const tolerance = { before: 1, after: 6, together: 12 };
const weekSeconds = 7 * 86_400;

export interface Fit {
  precision: number;
  recall: number;
  f1: number;
  falsePerWeek: number;
}

const from = (file: Collected) =>
  Math.floor(probation.part * Math.min(file.values.length, probation.ofAtMost));

/** Groups of alarms of a file: first and last index each. */
function groupsOf(file: Collected, scores: readonly number[], threshold: number): [number, number][] {
  const groups: [number, number][] = [];
  for (let i = from(file); i < scores.length; i++) {
    if (scores[i]! < threshold) continue;
    const last = groups.at(-1);
    if (last && i - last[1] <= tolerance.together) last[1] = i;
    else groups.push([i, i]);
  }
  return groups;
}

/**
 * Of all files together: the part of groups of alarms that touch a stretch (precision), the part of stretches that are touched (recall), and groups
 * that touch none, a week of data. Alarms that run on from a stretch belong to it.
 */
export function fitOf(
  files: readonly Collected[],
  scores: readonly (readonly number[])[],
  threshold: number,
): Fit {
  let [groups, right, spans, found, weeks] = [0, 0, 0, 0, 0];
  files.forEach((file, f) => {
    const told = groupsOf(file, scores[f]!, threshold);
    const touches = (g: readonly [number, number], s: readonly [number, number]) =>
      g[1] >= s[0] - tolerance.before && g[0] <= s[1] + tolerance.after;
    groups += told.length;
    right += told.filter((g) => file.spans.some((s) => touches(g, s))).length;
    const asked = file.spans.filter(([first]) => first >= from(file));
    spans += asked.length;
    found += asked.filter((s) => told.some((g) => touches(g, s))).length;
    weeks += ((file.values.length - from(file)) * file.step) / weekSeconds;
  });
  const precision = groups > 0 ? right / groups : 0;
  const recall = spans > 0 ? found / spans : 0;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1, falsePerWeek: (groups - right) / weeks };
}

/** The fit at the threshold, one for all files, at which F1 is highest; what a detector without a threshold of its own could do at best. */
export function bestFit(files: readonly Collected[], scores: readonly (readonly number[])[]): Fit {
  const all = Float64Array.from(scores.flat()).sort();
  const parts = [0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.035, 0.025, 0.018, 0.012, 0.008, 0.005, 0.0035, 0.0025];
  const smaller = [0.0018, 0.0012, 8e-4, 5e-4, 3.5e-4, 2.5e-4, 1.8e-4, 1.2e-4, 8e-5, 5e-5, 3e-5];
  const thresholds = new Set([...parts, ...smaller].map((p) => all[Math.floor((1 - p) * (all.length - 1))]!));
  return [...thresholds]
    .filter((t) => t > 0)
    .map((t) => fitOf(files, scores, t))
    .reduce((best, fit) => (fit.f1 > best.f1 ? fit : best), {
      precision: 0,
      recall: 0,
      f1: 0,
      falsePerWeek: 0,
    });
}

/** Areas under the curves of single points: precision over recall, and true over false positives; means over files with a stretch. */
export function areasOf(
  files: readonly Collected[],
  scores: readonly (readonly number[])[],
): { precisionRecall: number; receiver: number } {
  let [precisionRecall, receiver, count] = [0, 0, 0];
  files.forEach((file, f) => {
    const begin = from(file);
    const positive = new Set(
      file.spans.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)),
    );
    const points = scores[f]!.map((score, i) => ({ score, hit: positive.has(i) })).slice(begin);
    const hits = points.filter((p) => p.hit).length;
    if (hits === 0) return;
    points.sort((a, b) => b.score - a.score);
    let [right, seen, area, below, wrong] = [0, 0, 0, 0, 0];
    // Points of one score count together: their order is none.
    for (let i = 0; i < points.length;) {
      let [more, less] = [0, 0];
      const { score } = points[i]!;
      for (; i < points.length && points[i]!.score === score; i++) {
        if (points[i]!.hit) more++;
        else less++;
      }
      below += less * (right + more / 2);
      right += more;
      wrong += less;
      seen += more + less;
      area += (more / hits) * (right / seen);
    }
    count++;
    precisionRecall += area;
    receiver += wrong > 0 ? below / (hits * wrong) : 1;
  });
  return { precisionRecall: precisionRecall / count, receiver: receiver / count };
}
