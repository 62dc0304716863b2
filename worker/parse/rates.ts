// Counters become rates. A counter that went down was reset and gives no sample; one that wrapped is told apart on purpose.
import type { Counter, Sample } from '#core/snapshot.ts';

/** Counters of one moment. `uptime` in seconds since boot: the clock may be set, uptime only goes forward. */
export interface CounterReading {
  counters: Counter[];
  uptime?: number;
  bootId?: string;
  /** Epoch seconds. */
  at: number;
}

/** Readings further apart than this are not joined: the mean of a long gap hides what happened in it. */
const longest = 600;
/** Below this, ticks of 10 ms are too coarse. */
const shortest = 0.2;

/**
 * (value₂ − value₁) / (per₂ − per₁), in seconds of uptime where `per` is left out. A pair gives no sample when the server
 * booted between, when the value or `per` went down, or when `per` did not move (no operation has no latency).
 */
export function rates(previous: CounterReading, current: CounterReading): Sample[] {
  if (!isSameBoot(previous, current)) return [];
  const seconds = (current.uptime ?? NaN) - (previous.uptime ?? NaN);
  if (!(seconds >= shortest && seconds <= longest)) return [];
  const pairs = pairUp(previous.counters, current.counters);
  const restarted = new Set<string>();
  for (const [past, counter] of pairs)
    if (counter.wrap === undefined && counter.value < past.value) restarted.add(family(counter));
  const samples: Sample[] = [];
  for (const [past, { metric, subject, value, per, wrap }] of pairs) {
    let step = value - past.value;
    if (
      step < 0 &&
      wrap !== undefined &&
      isWrap(past.value, value, wrap) &&
      !restarted.has(family({ metric, subject }))
    ) {
      step += wrap;
    }
    const base = per === undefined ? seconds : per - (past.per ?? NaN);
    if (step >= 0 && base > 0) samples.push({ metric, subject, value: step / base });
  }
  return samples;
}

/** The same counters of two readings, in the order of the second. */
function pairUp(before: readonly Counter[], now: readonly Counter[]): [Counter, Counter][] {
  const pairs: [Counter, Counter][] = [];
  let byKey: Map<string, Counter> | undefined;
  now.forEach((counter, index) => {
    // Two reports of a machine mostly have the same counters in the same order.
    const same = before[index];
    if (same?.metric === counter.metric && same.subject === counter.subject) {
      pairs.push([same, counter]);
      return;
    }
    byKey ??= new Map(before.map((one) => [key(one), one]));
    const past = byKey.get(key(counter));
    if (past) pairs.push([past, counter]);
  });
  return pairs;
}

/** Whether `rates` of these two says all that the readings of one report would say: no counter is new, and none began again. */
export function isContinued(previous: CounterReading, current: CounterReading): boolean {
  const seconds = (current.uptime ?? NaN) - (previous.uptime ?? NaN);
  if (!isSameBoot(previous, current) || !(seconds >= shortest && seconds <= longest)) return false;
  const pairs = pairUp(previous.counters, current.counters);
  return (
    pairs.length === current.counters.length && pairs.every(([past, counter]) => counter.value >= past.value)
  );
}

export function isSameBoot(previous: CounterReading, current: CounterReading): boolean {
  if (previous.bootId !== undefined && current.bootId !== undefined)
    return previous.bootId === current.bootId;
  return (previous.uptime ?? Infinity) <= (current.uptime ?? -1);
}

/** From the upper half to the lower half of the range. A device that was reset shows it in its other counters as well. */
function isWrap(before: number, now: number, wrap: number): boolean {
  return before > wrap / 2 && before < wrap && now < wrap / 2;
}

const key = ({ metric, subject }: { metric: string; subject: string }) => `${metric}\n${subject}`;
/** All counters of one device or interface: 'disk' and 'sda'. */
const family = ({ metric, subject }: { metric: string; subject: string }) =>
  `${metric.split('.', 1)[0]}\n${subject}`;
