// Learns what one series usually does and scores how far each new value is from it: streaming, O(1), no look-ahead.
// It is quiet on purpose: the 400 series of a server share one insight a week. `npm run bench:detect` shows it beside known detectors: it
// raises a third as many false alarms as the detector of a single series (seriesDetector.ts), and finds little more than half as much.

/** Frozen. "Tried": chosen among its neighbours on our own labelled series, of which detector.test.ts keeps one of each kind. */
export const parameters = {
  /** Samples of the level's memory: an hour of minutes. After an alarm it follows fast, so that what lasts is told once. Tried. */
  levelSpan: 60,
  levelSpanAfterAlarm: 5,
  /** Samples of the memory of the usual residual: five times the level's, so that a shift does not widen what is usual at once. Tried. */
  scaleSpan: 300,
  /** A residual counts at most this many usual ones when it teaches what is usual (bounded influence after Huber, 1964). */
  clip: 4,
  /**
   * Samples over which surprise is gathered, and of its own long memory: the anomaly likelihood of Lavin and Ahmad (2015), which takes 10 and
   * 8,640, with moving averages in place of windows, for a window does not fit into 200 bytes.
   */
  shortSpan: 8,
  longSpan: 600,
  /** Samples until anything is scored (as many as a deviation needs), and seconds or samples until all is trusted: two days show a night each. */
  leastSamples: 30,
  matureSeconds: 2 * 86_400,
  matureSamples: 400,
  /** Seconds, and samples, in which no second alarm is raised: one message for one event. */
  coolDown: 3600,
  coolDownSamples: 20,
  /** Score from which three samples in a row are an alarm (gauges need three, as the rules say), and one alone is. Tried. */
  sustained: 0.5,
  alone: 0.86,
} as const;

export interface DetectorState {
  samples: number;
  first: number;
  last: number;
  value: number;
  level: number;
  scale: number;
  low: number;
  high: number;
  surprise: number;
  surpriseMean: number;
  surpriseVariance: number;
  run: number;
  coolUntil: number;
  coolSamples: number;
  step: number;
  /** Mean deviation from the daily mean, by hour of day: weekdays, weekends. */
  slots: Float32Array;
  /** How well each slot is known, 0..255. */
  known: Uint8Array;
}

export interface Scored {
  /** 0..1 */
  score: number;
  alarm: boolean;
}

export interface DetectorOptions {
  /** The least change that matters in the unit of the series: 5 points of CPU, 3 % of RAM, 5 ms (effect floor). */
  floor?: number;
}

/** Least effects by unit, below which no change is told (design). */
export const effectFloors: Record<string, number> = {
  percent: 5,
  ms: 5,
  'pages/s': 50,
  'bytes/s': 256 * 1024,
  bytes: 64 * 1024 ** 2,
  '/s': 2,
  count: 2,
};

export function newDetector(): DetectorState {
  return {
    samples: 0,
    first: 0,
    last: 0,
    value: 0,
    level: 0,
    scale: 0,
    low: 0,
    high: 0,
    surprise: 0,
    surpriseMean: 0,
    surpriseVariance: 0,
    run: 0,
    coolUntil: 0,
    coolSamples: 0,
    step: 0,
    slots: new Float32Array(slotCount),
    known: new Uint8Array(slotCount),
  };
}

const slotCount = 36;

/** Two-hour slots of the day for weekdays and for weekends, and of the day in all until both are known. */
function slotOf(at: number): { day: number; kind: number } {
  const hours = Math.floor(at / 7200) % 12;
  // 1970-01-01 was a Thursday: days 2 and 3 of each week since then are Saturday and Sunday.
  const day = Math.floor(at / 86_400) % 7;
  const weekend = day === 2 || day === 3;
  return { day: hours, kind: 12 + (weekend ? 12 : 0) + hours };
}

/** What the season adds now: by weekday and weekend after four weeks, by hour of day after seven days, nothing before. */
function seasonAt(state: DetectorState, at: number): number {
  const age = at - state.first;
  if (age < 7 * 86_400) return 0;
  const { day, kind } = slotOf(at);
  if (age >= 28 * 86_400 && state.known[kind]! > 40) return state.slots[kind]!;
  return state.known[day]! > 40 ? state.slots[day]! : 0;
}

/**
 * Scores a value against what was learned before it, then learns it. `at` is epoch seconds and must not go back; a value that is
 * not finite is left out and scores 0. The state is changed in place.
 */
export function observe(
  state: DetectorState,
  at: number,
  value: number,
  { floor = 0 }: DetectorOptions = {},
): Scored {
  if (!Number.isFinite(value) || (state.samples > 0 && at <= state.last)) return { score: 0, alarm: false };
  if (state.samples === 0) {
    Object.assign(state, { samples: 1, first: at, last: at, value, level: value, low: value, high: value });
    return { score: 0, alarm: false };
  }
  const season = seasonAt(state, at);
  const residual = value - season - state.level;
  const size = Math.abs(residual);
  // Relative to the numbers themselves: a series that never moved is not alarmed by its last digit.
  const least = Math.max(floor * 0.25, 0.004 * Math.abs(state.level), 0.01 * (state.high - state.low), 1e-9);
  const z = size / (state.scale + least);
  const scored = score(state, at, value, z, floor);
  learn(state, at, value, season, residual, z);
  return scored;
}

function score(state: DetectorState, at: number, value: number, z: number, floor: number): Scored {
  const p = parameters;
  if (state.samples < p.leastSamples) return { score: 0, alarm: false };
  const age = Math.max((at - state.first) / p.matureSeconds, state.samples / p.matureSamples);
  const maturity = Math.min(1, 0.5 + 0.5 * age);

  // Never seen before: how far outside of everything so far, in parts of the whole range, and only when it surprises.
  const range = Math.max(state.high - state.low, 6 * state.scale, floor, 1e-9);
  const outside = Math.max(0, value - state.high, state.low - value) / range;
  const novelty = (1 - Math.exp(-5 * outside)) * Math.min(1, z / 8);

  // More surprise than usual over some samples: a change of level, of spread, of rhythm.
  const surprise = mix(state.surprise, Math.log1p(z), 1 / p.shortSpan);
  const spread = Math.sqrt(state.surpriseVariance) + 0.08;
  const likelihood = Math.max(0, Math.min(1, (surprise - state.surpriseMean) / spread / 6));
  const value01 = Math.max(0, Math.min(1, Math.max(novelty, 0.8 * likelihood) * maturity));

  const effect = Math.abs(value - state.level) >= floor;
  state.run = value01 >= p.sustained && effect ? Math.min(200, state.run + 1) : 0;
  const calm = at >= state.coolUntil && state.coolSamples === 0;
  const alarm = calm && effect && (state.run >= 3 || value01 >= p.alone);
  if (alarm) {
    state.coolUntil = at + p.coolDown;
    state.coolSamples = p.coolDownSamples;
  }
  return { score: Math.round(value01 * 10_000) / 10_000, alarm };
}

function learn(
  state: DetectorState,
  at: number,
  value: number,
  season: number,
  residual: number,
  z: number,
): void {
  const p = parameters;
  const n = state.samples + 1;
  const rate = (span: number) => Math.max(1 / n, 1 / span);
  const young = n < p.leastSamples;
  // A surprising value moves the level like any other, but teaches little about what is usual.
  const bounded = young
    ? Math.abs(residual)
    : Math.min(
        Math.abs(residual),
        p.clip * state.scale + 0.02 * (state.high - state.low) + 0.002 * Math.abs(state.level),
      );
  state.scale = mix(state.scale, bounded, rate(p.scaleSpan));
  // After an alarm the level follows fast: what lasts is told once, and is the new usual.
  state.level = mix(
    state.level,
    value - season,
    rate(state.coolSamples > 0 ? p.levelSpanAfterAlarm : p.levelSpan),
  );
  const log = Math.log1p(z);
  state.surprise = mix(state.surprise, log, 1 / p.shortSpan);
  if (n >= p.leastSamples / 2) {
    const teach = Math.min(state.surprise, state.surpriseMean + 3 * Math.sqrt(state.surpriseVariance) + 0.3);
    const change = teach - state.surpriseMean;
    const r = Math.max(1 / (n - p.leastSamples / 2 + 1), 1 / p.longSpan);
    state.surpriseMean += r * change;
    state.surpriseVariance = mix(state.surpriseVariance, change * change, r);
  }
  // The range forgets slowly, so that one spike does not blind it for ever.
  const shrink = (state.high - state.low) / (20 * p.scaleSpan);
  state.high = Math.max(value, state.high - shrink);
  state.low = Math.min(value, state.low + shrink);

  const step = at - state.last;
  state.step = n === 2 ? step : mix(state.step, step, rate(p.scaleSpan));
  const { day, kind } = slotOf(at);
  const visits = Math.max(1, 7200 / Math.max(1, state.step));
  for (const slot of [day, kind]) {
    const known = state.known[slot]!;
    const r = Math.max(1 / ((known / 12) * visits + 1), 1 / (10 * visits));
    state.slots[slot] = mix(
      state.slots[slot]!,
      Math.sign(value - state.level - state.slots[slot]!) *
        Math.min(Math.abs(value - state.level - state.slots[slot]!), 6 * state.scale) +
        state.slots[slot]!,
      r,
    );
    if (known < 255 && state.samples % Math.max(1, Math.round(visits / 12)) === 0)
      state.known[slot] = known + 1;
  }
  state.samples = n;
  state.last = at;
  state.value = value;
  if (state.coolSamples > 0) state.coolSamples--;
}

function mix(old: number, now: number, rate: number): number {
  return old + rate * (now - old);
}

const numbers = [
  'samples',
  'value',
  'level',
  'scale',
  'low',
  'high',
  'surprise',
  'surpriseMean',
  'surpriseVariance',
  'step',
] as const;
const moments = ['first', 'last', 'coolUntil'] as const;
/** Bytes of a packed state: 3 moments, 10 numbers, 2 counts, 36 slots of 2 bytes with one scale, 36 of 1 byte. */
export const packedBytes = moments.length * 4 + numbers.length * 4 + 2 + 4 + slotCount * 2 + slotCount;

/** The state as bytes, at most 200, to be kept with the series. Slots lose precision (a 32,000th of the largest), nothing else that matters. */
export function packDetector(state: DetectorState): Uint8Array {
  const bytes = new Uint8Array(packedBytes);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const key of moments) view.setUint32((at += 4) - 4, Math.max(0, Math.round(state[key])));
  for (const key of numbers) view.setFloat32((at += 4) - 4, state[key]);
  view.setUint8(at++, state.run);
  view.setUint8(at++, state.coolSamples);
  const largest = Math.max(1e-12, ...state.slots.map(Math.abs));
  view.setFloat32((at += 4) - 4, largest);
  for (const slot of state.slots) view.setInt16((at += 2) - 2, Math.round((slot / largest) * 32_000));
  bytes.set(state.known, at);
  return bytes;
}

/** The state of packed bytes; undefined when they are not of this version's length. */
export function unpackDetector(bytes: Uint8Array): DetectorState | undefined {
  if (bytes.length !== packedBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const state = newDetector();
  let at = 0;
  for (const key of moments) state[key] = view.getUint32((at += 4) - 4);
  for (const key of numbers) state[key] = view.getFloat32((at += 4) - 4);
  state.run = view.getUint8(at++);
  state.coolSamples = view.getUint8(at++);
  const largest = view.getFloat32((at += 4) - 4);
  for (let i = 0; i < slotCount; i++) state.slots[i] = (view.getInt16((at += 2) - 2) / 32_000) * largest;
  state.known.set(bytes.subarray(at, at + slotCount));
  return state;
}
