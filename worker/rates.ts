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
  const before = new Map(previous.counters.map((counter) => [key(counter), counter]));
  const restarted = new Set<string>();
  for (const counter of current.counters) {
    const past = before.get(key(counter));
    if (past && counter.wrap === undefined && counter.value < past.value) restarted.add(family(counter));
  }
  const samples: Sample[] = [];
  for (const { metric, subject, value, per, wrap } of current.counters) {
    const past = before.get(key({ metric, subject }));
    if (!past) continue;
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
