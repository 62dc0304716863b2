// When a quantity that goes its way for days or weeks will reach its limit, whatever it does by the hour and the weekday.
import type { Forecast } from './forecast.ts';
import type { Point } from '#worker/rules/rule.ts';
import { median, quantile } from '#worker/rules/series.ts';

const hour = 3600;
const day = 86_400;
const week = 7 * day;
/** From two weeks on the weekday counts, before that the hour alone. */
const weekly = 2 * week;
const fewestPairs = 8;

/**
 * Forecast of when hourly `points` (in order of time) reach `limit`. Theil–Sen over pairs that lie whole days apart, whole weeks once there
 * are two: what comes and goes with the day and the week is in both ends of a pair, and only growth is left. It is measured from where
 * the latest periods came nearest to the limit, for that is where it will be reached. The band is that of the slopes (10 to 90 %), of what
 * the points stray from the line, and of the part of a period at which the limit is met. `latest` is Infinity when the band holds "never":
 * when it does not grow from period to period (in four of five), or when the growth dies down. Undefined for less than two days.
 */
export function longForecast(points: readonly Point[], limit: number): Forecast | undefined {
  const now = points.at(-1)?.[0] ?? 0;
  const span = now - (points[0]?.[0] ?? now);
  if (span < 2 * day) return undefined;
  const period = span >= weekly ? week : day;
  const slopes = slopesApart(points, period, Math.max(period, span / 4));
  const steps = slopesApart(points, period, period);
  // The newest third alone: growth that is dying down must not be stretched into the future.
  const from = now - Math.max(span / 3, 2 * period);
  const tail = slopesApart(
    points.filter(([at]) => at >= from),
    period,
    period,
  );
  if (Math.min(slopes.length, tail.length) < fewestPairs) return undefined;
  const [slope, low, high] = [median(slopes)!, quantile(slopes, 0.1)!, quantile(slopes, 0.9)!];
  const lately = median(tail)!;
  const slower = Math.abs(lately) < Math.abs(slope) || Math.sign(lately) !== Math.sign(slope);
  const rate = slower ? lately : slope;

  const towards = Math.sign(limit - points.at(-1)![1]);
  const peaks = peaksOf(points, period, limit);
  const stray =
    (quantile(
      steps.map((step) => Math.abs(step - slope) * period),
      0.8,
    ) ?? 0) / Math.SQRT2;
  const part = Math.min(period / 2, unevenness(points, period, slope) / Math.abs(slope || 1));
  const time = (pace: number, margin = 0) =>
    pace * towards <= 0
      ? Number.POSITIVE_INFINITY
      : Math.max(0, median(peaks.map(({ ago, left }) => (left + margin) / Math.abs(pace) - ago))!);
  const ends = [low, high, lately].flatMap((pace) => [time(pace, -stray) - part, time(pace, stray) + part]);
  const ongoing = [steps, tail].every((list) => quantile(list, towards > 0 ? 0.2 : 0.8)! * towards > 0);
  const arrives = ongoing && !settles(levelsOf(points), limit);
  return {
    slope,
    low,
    high,
    expected: time(rate),
    earliest: Math.max(0, Math.min(time(rate), ...ends)),
    latest: arrives ? Math.max(time(rate), ...ends) : Number.POSITIVE_INFINITY,
    span,
  };
}

/** Slopes between points that lie a whole number of periods apart, and at least `least` seconds. */
function slopesApart(points: readonly Point[], period: number, least: number): number[] {
  const byHour = new Map(points.map(([at, value]) => [Math.round(at / hour), value]));
  const step = period / hour;
  const last = Math.round((points.at(-1)?.[0] ?? 0) / hour);
  const slopes: number[] = [];
  for (const [from, value] of byHour) {
    for (let to = from + Math.ceil(least / period) * step; to <= last; to += step) {
      const later = byHour.get(to);
      if (later !== undefined) slopes.push((later - value) / ((to - from) * hour));
    }
  }
  return slopes;
}

interface Peak {
  /** Seconds before the newest point. */
  ago: number;
  /** What was left to the limit. */
  left: number;
}

/** Where each of the latest three periods came nearest to the limit. */
function peaksOf(points: readonly Point[], period: number, limit: number): Peak[] {
  const now = points.at(-1)![0];
  const peaks = new Map<number, Peak>();
  for (const [at, value] of points) {
    const n = Math.floor((now - at) / period);
    const left = Math.abs(limit - value);
    if (n < 3 && left <= (peaks.get(n)?.left ?? Infinity)) peaks.set(n, { ago: now - at, left });
  }
  return [...peaks.values()];
}

/** How far the newest period went from a straight line: much where it grows by steps or at some hours alone (90 % quantile). */
function unevenness(points: readonly Point[], period: number, slope: number): number {
  const now = points.at(-1)![0];
  const level = points.filter(([at]) => at > now - period).map(([at, value]) => value + slope * (now - at));
  const middle = median(level)!;
  return quantile(
    level.map((value) => Math.abs(value - middle)),
    0.9,
  )!;
}

/** The median of each day, oldest first. */
function levelsOf(points: readonly Point[]): number[] {
  const now = points.at(-1)![0];
  return [...Map.groupBy(points, ([at]) => Math.floor((now - at) / day))]
    .toSorted(([a], [b]) => b - a)
    .map(([, slice]) => median(slice.map(([, value]) => value))!);
}

/** Whether growth shrinks from third to third so fast that what is left of it (a geometric series) never reaches the limit. */
function settles(levels: readonly number[], limit: number): boolean {
  const third = Math.floor((levels.length - 1) / 3);
  if (third < 1) return false;
  const [first, second, last] = [3, 2, 1].map(
    (n) => levels.at(-1 - (n - 1) * third)! - levels.at(-1 - n * third)!,
  ) as [number, number, number];
  const ratio = last / second;
  if (!(ratio >= 0 && ratio < 0.75 && second / first >= 0 && second / first < 0.75)) return false;
  return Math.abs(limit - levels.at(-1)!) > Math.abs((last * ratio) / (1 - ratio));
}
