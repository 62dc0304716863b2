// Known detectors in their published form, for scale: what the benchmark's own scoreboard says of them stands beside ours.

export type Detect = (values: readonly number[], times: readonly number[], seed: number) => number[];

/** Half of the range of random scores wins by chance. Published: 11 to 17. */
export const random: Detect = (values, _times, seed) => {
  let state = seed + 1;
  return values.map(() => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32);
};

/** 1 - erf(x), Abramowitz and Stegun 7.1.26. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return poly * Math.exp(-x * x);
}

/** Tail probability under a normal distribution of the last 6,400 points, refreshed every 100. Published: 39.6. */
export const windowedGaussian: Detect = (values) => {
  // Sums of the window, from its first value on, so that squares stay small.
  const origin = values[0] ?? 0;
  let begin = 0;
  let end = 0;
  let sum = 0;
  let squares = 0;
  let mean = 0;
  let deviation = 1;
  let pending = 0;
  return values.map((value, i) => {
    const z = Math.abs(value - mean) / Math.max(deviation, 1e-6);
    const score = i === 0 ? 0 : 1 - 0.5 * erfc(z / Math.SQRT2);
    if (i < 6400 || ++pending >= 100) {
      pending = 0;
      for (; end <= i; end++) {
        sum += values[end]! - origin;
        squares += (values[end]! - origin) ** 2;
      }
      for (; end - begin > 6400; begin++) {
        sum -= values[begin]! - origin;
        squares -= (values[begin]! - origin) ** 2;
      }
      const n = end - begin;
      mean = origin + sum / n;
      deviation = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    }
    return score;
  });
};

/** Kullback-Leibler divergence of the last 52 points in five bins from every pattern seen so far. Published: 54.6. It is told the range beforehand. */
export const relativeEntropy: Detect = (values) => {
  const bins = 5;
  const length = 52;
  // Chi squared with 4 degrees of freedom at 0.01.
  const bound = 13.277;
  let low = values[0]!;
  let high = low;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const step = (high - low) / bins;
  const patterns: number[][] = [];
  const window: number[] = [];
  return values.map((value) => {
    window.push(step > 0 ? Math.min(bins - 1, Math.floor((value - low) / step)) : 0);
    if (window.length < length) return 0;
    if (window.length > length) window.shift();
    const now = Array.from({ length: bins }, (_, b) => window.filter((w) => w === b).length / length);
    const near = patterns.some((p) => {
      const divergence = now.reduce(
        (sum, q, b) => sum + (q > 0 ? q * Math.log(q / Math.max(p[b]!, 1e-9)) : 0),
        0,
      );
      return 2 * length * divergence < bound;
    });
    if (near) return 0;
    patterns.push(now);
    return patterns.length === 1 ? 0 : 1;
  });
};

/** Tests of Etsy's Skyline that vote: three sigma of all, of a moving average, of the mean of all but this, median deviation, rare bins. Published: 35.7. */
export const skyline: Detect = (values) => {
  let n = 0;
  let mean = 0;
  let squares = 0;
  let ewma = 0;
  let ewmv = 0;
  const sorted: number[] = [];
  let middle = 0;
  let deviation = 0;
  let bins: number[] = [];
  return values.map((value, i) => {
    const tail = i < 2 ? value : (value + values[i - 1]! + values[i - 2]!) / 3;
    const before = Math.sqrt(squares / Math.max(1, n - 1));
    const cumulative = Math.abs(value - mean) > 3 * before;
    n++;
    const old = mean;
    mean += (value - mean) / n;
    squares += (value - old) * (value - mean);
    const sigma = Math.sqrt(squares / Math.max(1, n - 1));
    const a = 1 / 51;
    const change = value - ewma;
    ewma += n === 1 ? change : a * change;
    ewmv = (1 - a) * (ewmv + a * change * change);
    let at = 0;
    for (let end = sorted.length; at < end;) {
      const half = (at + end) >> 1;
      if (sorted[half]! < value) at = half + 1;
      else end = half;
    }
    sorted.splice(at, 0, value);
    if (i % 50 === 0) {
      middle = sorted[sorted.length >> 1]!;
      const deviations = sorted.map((v) => Math.abs(v - middle)).sort((x, y) => x - y);
      deviation = deviations[deviations.length >> 1]!;
      const [low, high] = [sorted[0]!, sorted.at(-1)!];
      bins = Array.from({ length: 15 }, () => 0);
      for (const v of sorted) bins[Math.min(14, Math.floor(((v - low) / (high - low || 1)) * 15))]!++;
    }
    const [low, high] = [sorted[0]!, sorted.at(-1)!];
    const votes = [
      Math.abs(tail - mean) > 3 * sigma,
      Math.abs(value - ewma) > 3 * Math.sqrt(ewmv),
      cumulative,
      deviation > 0 && Math.abs(value - middle) / deviation > 6,
      bins[Math.min(14, Math.floor(((tail - low) / (high - low || 1)) * 15))]! <= 20,
    ];
    return votes.filter(Boolean).length / votes.length;
  });
};

/** Beyond the range so far by a twentieth of it: the spatial part of Numenta's own detector. */
export const beyondRange: Detect = (values) => {
  let low = values[0]!;
  let high = values[0]!;
  return values.map((value) => {
    const slack = 0.05 * (high - low);
    const score = value > high + slack || value < low - slack ? 1 : 0;
    low = Math.min(low, value);
    high = Math.max(high, value);
    return score;
  });
};
