// The scoring of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, standard profile), as its sweeper computes it.

export interface Labelled {
  name: string;
  /** Epoch seconds, in order. */
  times: readonly number[];
  values: readonly number[];
  /** First and last index of each window in which an anomaly should be told. */
  windows: readonly (readonly [number, number])[];
}

/** Weights of the standard profile: a window found, a false alarm, a window missed. */
const weights = { found: 1, falseAlarm: 0.11, missed: 1 };
/** The part of each file that teaches and is not scored, and the longest file that it is taken of. */
export const probation = { part: 0.15, ofAtMost: 5000 };

/** 0.987 at the left edge of a window (-1), 0 at its right edge, -1 far behind it. */
function scaledSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

interface Scored {
  score: number;
  /** What the point earns when it is an alarm. */
  worth: number;
  /** Number of its window in the corpus, -1 outside. */
  window: number;
}

export interface Result {
  /** 100 is perfect, 0 says nothing at all. */
  nab: number;
  threshold: number;
  found: number;
  windows: number;
  falseAlarms: number;
}

/** Points of one file with what each earns as an alarm. Windows are numbered from `first`. */
function worthOf(file: Labelled, scores: readonly number[], first: number): Scored[] {
  const n = file.values.length;
  const begin = Math.floor(probation.part * Math.min(n, probation.ofAtMost));
  const best = scaledSigmoid(-1);
  const points: Scored[] = [];
  let next = 0;
  let past: readonly [number, number] | undefined;
  for (let i = 0; i < n; i++) {
    while (next < file.windows.length && file.windows[next]![1] < i) past = file.windows[next++];
    const now = file.windows[next];
    let point: Scored;
    if (now && i >= now[0]) {
      const width = now[1] - now[0] + 1;
      const worth = (scaledSigmoid(-(now[1] - i + 1) / width) * weights.found) / best;
      point = { score: scores[i]!, worth, window: first + next };
    } else {
      const position = past ? (i - past[1]) / Math.max(1, past[1] - past[0]) : 4;
      point = { score: scores[i]!, worth: scaledSigmoid(position) * weights.falseAlarm, window: -1 };
    }
    if (i >= begin) points.push(point);
  }
  return points;
}

/**
 * Score of a whole corpus: one threshold for all files, the best one (`threshold` undefined), or a given one. `scores` has a number in
 * 0..1 for each point of each file.
 */
export function scoreCorpus(
  files: readonly Labelled[],
  scores: readonly (readonly number[])[],
  threshold?: number,
): Result {
  let windows = 0;
  const points: Scored[] = [];
  files.forEach((file, i) => {
    for (const point of worthOf(file, scores[i]!, windows)) points.push(point);
    windows += file.windows.length;
  });
  points.sort((a, b) => b.score - a.score);
  const earned = new Float64Array(windows).fill(-weights.missed);
  let total = -weights.missed * windows;
  let falseAlarms = 0;
  let found = 0;
  let best = { total, threshold: 1.1, found, falseAlarms };
  for (let i = 0; i < points.length; i++) {
    const { score, worth, window } = points[i]!;
    if (threshold !== undefined && score < threshold) break;
    if (window < 0) {
      total += worth;
      falseAlarms++;
    } else if (worth > earned[window]!) {
      if (earned[window] === -weights.missed) found++;
      total += worth - earned[window]!;
      earned[window] = worth;
    }
    const last = points[i + 1]?.score !== score;
    if (threshold !== undefined || (last && total > best.total))
      best = { total, threshold: score, found, falseAlarms };
  }
  const none = -weights.missed * windows;
  const perfect = weights.found * windows;
  return {
    nab: (100 * (best.total - none)) / (perfect - none),
    threshold: best.threshold,
    found: best.found,
    windows,
    falseAlarms: best.falseAlarms,
  };
}

/** Windows in the benchmark's manner: a tenth of the file, shared among its anomalies, each around one; what overlaps is one. */
export function windowsAround(at: readonly number[], n: number): [number, number][] {
  const half = Math.floor((0.1 * n) / Math.max(1, at.length) / 2);
  const begin = Math.floor(probation.part * Math.min(n, probation.ofAtMost)) + 1;
  const windows: [number, number][] = [];
  for (const centre of at.toSorted((a, b) => a - b)) {
    const window: [number, number] = [Math.max(begin, centre - half), Math.min(n - 1, centre + half)];
    const last = windows.at(-1);
    if (last && window[0] <= last[1]) last[1] = window[1];
    else windows.push(window);
  }
  return windows;
}
