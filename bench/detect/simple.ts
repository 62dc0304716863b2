// What people write first when they want to know what is unusual: four simple scores, each as sizes in usual deviations.
import type { Detect } from './rivals.ts';

const day = 86_400;
const safe = (size: number) => Math.max(size, 1e-9);

/** Distance from the mean of the last 288 values, in their deviations. */
export const slidingZ: Detect = (values) => {
  const span = 288;
  let [sum, squares] = [0, 0];
  const origin = values[0] ?? 0;
  return values.map((given, i) => {
    const value = given - origin;
    const n = Math.min(i, span);
    const mean = sum / Math.max(1, n);
    const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, n) - mean * mean));
    const old = i >= span ? values[i - span]! - origin : 0;
    sum += value - old;
    squares += value * value - old * old;
    return n < 30 ? 0 : Math.abs(value - mean) / safe(deviation + 1e-4 * Math.abs(mean + origin));
  });
};

/** Distance from an exponentially weighted mean, in the exponentially weighted deviation from it. */
export const ewma: Detect = (values) => {
  const rate = 0.05;
  let mean = values[0] ?? 0;
  let variance = 0;
  return values.map((value, i) => {
    const off = value - mean;
    const score = i < 30 ? 0 : Math.abs(off) / safe(Math.sqrt(variance) + 1e-4 * Math.abs(mean));
    mean += rate * off;
    variance = (1 - rate) * (variance + rate * off * off);
    return score;
  });
};

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

/** Distance from the median of this hour of the day over two weeks, in its median deviations; renewed once an hour. */
export const hourlyMedian: Detect = (values, times) => {
  const hours = Array.from({ length: 24 }, (): { at: number; value: number }[] => []);
  const usual = hours.map(() => ({ middle: 0, deviation: 0, known: 0 }));
  let last = -1;
  return values.map((value, i) => {
    const at = times[i]!;
    const seconds = at < 1e8 ? at * 3600 : at;
    const hour = Math.floor(seconds / 3600) % 24;
    const { middle, deviation, known } = usual[hour]!;
    const score =
      known < 20 ? 0 : Math.abs(value - middle) / safe(1.4826 * deviation + 1e-4 * Math.abs(middle));
    hours[hour]!.push({ at: seconds, value });
    if (hour !== last && last >= 0) {
      const kept = (hours[last] = hours[last]!.filter((h) => h.at > seconds - 14 * day));
      const middle = median(kept.map((h) => h.value));
      usual[last] = {
        middle,
        deviation: median(kept.map((h) => Math.abs(h.value - middle))),
        known: kept.length,
      };
    }
    last = hour;
    return score;
  });
};

/** Distance from the value of a day before (24 rows where rows are numbered), in the usual size of that distance. */
export const seasonalNaive: Detect = (values, times) => {
  let before = 0;
  let usual = 0;
  let n = 0;
  return values.map((value, i) => {
    const numbered = times[i]! < 1e8;
    const wanted = times[i]! - (numbered ? 24 : day);
    while (before < i && times[before]! < wanted) before++;
    if (times[0]! > wanted) return 0;
    const off = Math.abs(value - values[before]!);
    const score = n < 100 ? 0 : off / safe(usual + 1e-4 * Math.abs(value));
    n++;
    usual += Math.max(1 / n, 1 / 2000) * (off - usual);
    return score;
  });
};
