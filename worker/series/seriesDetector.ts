// Scores one series for people: how surprising is this value after all that came before? Streaming, O(1), no look-ahead, about 9 kB of state.
// The detector of detector.ts learns the hundreds of series of a server in 200 bytes each; this one has room for a profile of the day and of the
// week, hears silence, and tells what lasts once.
import { parameters } from './seriesParameters.ts';
import { learnRecurring, newRecurring, recurringAt, type Recurring } from './recurring.ts';
import { expectedBy, isSeasoned, learnSeason, newSeason, type Season } from './season.ts';

/** How a quantity that is itself a measure of surprise usually goes: its short mean against the long one. */
interface Usual {
  short: number;
  mean: number;
  variance: number;
}

export interface SeriesState {
  samples: number;
  first: number;
  last: number;
  step: number;
  value: number;
  low: number;
  high: number;
  /** The simplest expectation: a level and the usual deviation from it. */
  level: number;
  scale: number;
  mean: number;
  seasons: Season[];
  /** Surprise by time of the day. */
  recurring: Recurring;
  /** Usual size of the change from one value to the next. */
  change: number;
  /** How often it moves at all (0..1), and the usual size of a move. */
  moving: number;
  move: number;
  surprise: Usual;
  silence: Usual;
  /** The strongest surprise that is still remembered. */
  told: number;
  /** The same of the last alarm. */
  alarmed: number;
  /** Values for which the level follows fast. */
  follow: number;
  /** The furthest that a value ever was from what its season made expect, in usual deviations. */
  furthest: number;
  /** How it was before the last news: level, usual deviation, and for how many values that is remembered. */
  home: { level: number; scale: number; left: number };
}

export interface Scored {
  /** 0..1; from 0.5 on it is news. */
  score: number;
  alarm: boolean;
}

export function newSeriesDetector(): SeriesState {
  const usual = () => ({ short: 0, mean: 0, variance: 0 });
  return {
    samples: 0,
    first: 0,
    last: 0,
    step: 0,
    value: 0,
    low: 0,
    high: 0,
    level: 0,
    scale: 0,
    mean: 0,
    seasons: [],
    recurring: newRecurring(day),
    change: 0,
    moving: 1,
    move: 0,
    surprise: usual(),
    silence: usual(),
    told: 0,
    alarmed: 0,
    follow: 0,
    furthest: 4,
    home: { level: 0, scale: 0, left: 0 },
  };
}

const day = 86_400;
/** Times before this are no clock but a number of the row. */
const clockFrom = 1e8;
const isClock = (at: number) => Math.abs(at) >= clockFrom;

/**
 * A day, one of weekdays and one of weekends, a week, and the hour of what runs each hour; where rows are only numbered, what a day is when there is a row each hour, ten or
 * five minutes, or minute.
 */
function seasonsFrom(at: number): Season[] {
  const { proof, proofOfHour, proofOfWeekdays } = parameters;
  if (isClock(at))
    return [
      newSeason(day, 48, proof),
      newSeason(day, 48, proofOfWeekdays, 2),
      newSeason(7 * day, 168, proof),
      newSeason(3600, 12, proofOfHour),
    ];
  return [24, 144, 288, 1440].map((rows) => newSeason(rows, Math.min(48, rows), proof));
}

/** The largest size that is calculated with; sums and squares of it are still numbers. */
const largest = 1e150;

/**
 * Scores a value against what was learned before it, then learns it. `at` is epoch seconds (or the number of the row); a time that goes back is
 * taken as the hour of the day that it says. A value that is not finite is left out and scores 0. The state is changed in place.
 */
export function observeSeries(state: SeriesState, at: number, given: number): Scored {
  if (!Number.isFinite(given)) return { score: 0, alarm: false };
  const value = Math.max(-largest, Math.min(largest, given));
  if (state.samples === 0) {
    const start = {
      samples: 1,
      first: at,
      last: at,
      value,
      low: value,
      high: value,
      level: value,
      mean: value,
    };
    Object.assign(state, start, {
      seasons: seasonsFrom(at),
      recurring: newRecurring(isClock(at) ? day : 24),
    });
    return { score: 0, alarm: false };
  }
  const p = parameters;
  // Relative to the numbers themselves: a series that never moved is not alarmed by its last digit.
  const range = state.high - state.low;
  const least = Math.max(
    0.0002 * Math.abs(state.level),
    0.01 * range,
    p.ofMove * (1 - state.moving) * state.move,
    1e-12,
  );
  const usual = expectation(state, at);
  const scale = usual.scale + least;
  const z = Math.min(1000, Math.abs(value - usual.level - usual.season) / scale);
  const raw = surpriseAt(state, at, value, z, usual.seasonal);
  const place = placeOf(state, value - usual.season);
  const surprise = place === 'home' ? raw * p.knownPart : raw;

  // What lasts is told once: only what is stronger than the memory of the last is news, and only what is much stronger than the last alarm another.
  state.told *= Math.exp(-1 / p.newsSpan);
  state.alarmed *= Math.exp(-1 / p.alarmSpan);
  const news =
    surprise > state.told * (1 + p.newsMargin) &&
    (surprise < p.tell || surprise > state.alarmed * (1 + p.alarmMargin));
  const alarm = news && surprise >= p.tell;
  state.told = Math.max(state.told, surprise);
  if (alarm) {
    state.alarmed = surprise;
    if (state.home.left === 0) state.home = { level: usual.level, scale, left: p.homeSpan };
    state.follow = p.levelSpanAfterNews;
  }
  learn(state, at, value);
  // The surprise from which something is told is a score of 0.5.
  const plain = surprise ** (Math.log(0.5) / Math.log(p.tell));
  const goesOn = Math.max(Math.min(p.goesOn, plain), place === 'away' ? p.stillAway : 0);
  return { score: Math.round((news ? Math.max(plain, goesOn) : goesOn) * 10_000) / 10_000, alarm };
}

interface Expectation {
  level: number;
  /** What the season adds to the level; 0 when none is proven. */
  season: number;
  seasonal: boolean;
  /** The usual deviation. */
  scale: number;
}

/** The level; or a season, when it has proven to predict better than what is simpler. */
function expectation(state: SeriesState, at: number): Expectation {
  let best: Season | undefined;
  let { scale: error } = state;
  for (const season of state.seasons) {
    if (season.error < error * season.proof && isSeasoned(season, at, state.first, state.step)) {
      best = season;
      error = season.error;
    }
  }
  if (!best) return { level: state.level, season: 0, seasonal: false, scale: state.scale };
  const { value, scale } = expectedBy(best, at);
  return { level: best.level, season: value - best.level, seasonal: true, scale };
}

/** 0..1: beyond all that was seen, or more surprise than usual for some values; or more silence: whichever is not by chance. */
function surpriseAt(state: SeriesState, at: number, value: number, z: number, seasonal: boolean): number {
  const p = parameters;
  const beyond = Math.max(0, value - state.high, state.low - value);
  const range = Math.max(state.high - state.low, 6 * state.scale, 1e-12);
  const far = Math.min(1, z / p.farOff);
  const novelty = far * (1 - Math.exp((-5 * beyond) / range));
  // A value that was often seen, and never at this time of the day.
  const displaced = seasonal ? far * (1 - Math.exp(-3 * Math.max(0, z / state.furthest - 1))) : 0;
  const seconds = isClock(at) ? (at - state.first) / p.matureSeconds : 1;
  const trust = 0.5 + 0.5 * Math.max(0, Math.min(1, seconds, state.samples / p.matureSamples));
  const louder = unusual(state.surprise, Math.log1p(z), p.surpriseSpan, state.samples);
  const stiller = unusual(state.silence, stillness(state, value), p.silenceSpan, state.samples);
  if (state.samples < p.leastSamples) return 0;
  state.furthest = Math.max(z, state.furthest * (1 - 1 / p.rangeSpan));
  const away = displaced * trust;
  const loud = 0.8 * louder * trust;
  const still = 0.8 * stiller * trust;
  const known = p.recurringMargin * recurringAt(state.recurring, at);
  learnRecurring(state.recurring, at, Math.max(away, loud, still));
  const unless = (part: number) => (part > known ? part : part * p.knownPart);
  return 1 - (1 - Math.max(novelty * trust, unless(away), unless(loud))) * (1 - unless(still));
}

/**
 * Where a value, without its season, is after news: 'home' where it was before, which is the end of what was told, or still 'away' from there;
 * undefined when there was no news of late.
 */
function placeOf({ home }: SeriesState, value: number): 'home' | 'away' | undefined {
  if (home.left === 0) return undefined;
  home.left--;
  return Math.abs(value - home.level) <= parameters.homeWidth * home.scale ? 'home' : 'away';
}

/** 0 for a change from value to value of the usual size or more, log 5 for none at all. */
function stillness(state: SeriesState, value: number): number {
  if (state.change === 0) return 0;
  return Math.log(5) - Math.log1p(Math.min(4, (4 * Math.abs(value - state.value)) / state.change));
}

/** How unusual the short mean of a quantity is, 0..1, and learns it. What is far off teaches as if it were less so. */
function unusual(usual: Usual, now: number, span: number, samples: number): number {
  const p = parameters;
  usual.short += (now - usual.short) / span;
  const deviation = Math.sqrt(usual.variance);
  const far = (usual.short - usual.mean) / (deviation + p.leastDeviation) / p.certain;
  const from = Math.floor(p.leastSamples / 2);
  if (samples >= from) {
    const change = Math.min(usual.short, usual.mean + 3 * deviation + 1) - usual.mean;
    const rate = Math.max(1 / (samples - from + 1), 1 / p.longSpan);
    usual.mean += rate * change;
    usual.variance += rate * (change * change - usual.variance);
  }
  return Math.max(0, Math.min(1, far));
}

function learn(state: SeriesState, at: number, value: number): void {
  const p = parameters;
  const n = ++state.samples;
  const rate = (span: number) => Math.max(1 / n, 1 / span);
  const range = state.high - state.low;
  const slack = 0.02 * range + 0.0005 * Math.abs(state.level);
  const follow = rate(state.follow > 0 ? p.levelSpanAfterNews : p.levelSpan);
  if (state.follow > 0) state.follow--;

  state.step += rate(p.scaleSpan) * (Math.abs(at - state.last) - state.step);
  const lesson = { at, value, first: state.first, step: state.step, mean: state.mean, rate: follow };
  for (const season of state.seasons) learnSeason(season, { ...lesson, errorRate: 1 / p.scaleSpan, slack });
  state.mean += rate(p.meanSpan) * (value - state.mean);

  const off = Math.abs(value - state.level);
  const size = n < p.leastSamples ? off : Math.min(off, 4 * state.scale + slack);
  state.scale += rate(p.scaleSpan) * (size - state.scale);
  state.level += follow * (value - state.level);
  const moved = Math.abs(value - state.value);
  state.moving += rate(p.scaleSpan) * (Number(moved > 0) - state.moving);
  if (moved > 0) state.move += (state.move === 0 ? 1 : 1 / p.moves) * (moved - state.move);
  state.change += rate(p.scaleSpan) * (moved - state.change);
  // The range forgets slowly, so that one spike does not blind it for ever.
  const shrink = range / p.rangeSpan;
  state.high = Math.max(value, state.high - shrink);
  state.low = Math.min(value, state.low + shrink);
  state.last = at;
  state.value = value;
}
