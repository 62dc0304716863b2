// Chance that can be repeated: a seed gives the same numbers on every machine.

export interface Chance {
  /** 0..1 */
  uniform(): number;
  between(low: number, high: number): number;
  /** Mean 0, deviation 1. */
  normal(): number;
  /** Median 1; `sigma` of its logarithm. */
  lognormal(sigma: number): number;
  /** At least 1, with a tail that falls as its power. */
  pareto(power: number): number;
  poisson(mean: number): number;
  /** `count` whole numbers in low..high, at least `gap` apart where that is possible. */
  moments(count: number, low: number, high: number, gap: number): number[];
  /** An autoregressive noise of deviation 1: each call is the next value. */
  drift(memory: number): () => number;
  pick<T>(of: readonly T[]): T;
}

export function chance(seed: number): Chance {
  let state = (seed * 2_654_435_761) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    between,
    normal,
    lognormal: (sigma) => Math.exp(sigma * normal()),
    pareto: (power) => (1 - uniform()) ** (-1 / power),
    poisson(mean) {
      if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      let n = -1;
      for (let p = 1; p > Math.exp(-mean); n++) p *= uniform();
      return Math.max(0, n);
    },
    moments(count, low, high, gap) {
      const found: number[] = [];
      for (let tries = 0; found.length < count && tries < 1000; tries++) {
        const at = Math.floor(between(low, high));
        if (found.every((f) => Math.abs(f - at) >= gap)) found.push(at);
      }
      return found.sort((a, b) => a - b);
    },
    drift(memory) {
      let value = normal();
      const fresh = Math.sqrt(1 - memory * memory);
      return () => (value = memory * value + fresh * normal());
    },
    pick: (of) => of[Math.floor(uniform() * of.length)]!,
  };
}
