// What the detector and the learning cost.
import { learnPoints } from '#worker/learn/departures.ts';
import { mostSeries, packStates, unpackStates } from '#worker/learn/states.ts';
import { newDetector, observe } from '#worker/series/detector.ts';

/** Microseconds of CPU time a point, over a hundred series. */
export function detectorCost(): number {
  const states = Array.from({ length: 100 }, newDetector);
  const points = 5000;
  const before = process.cpuUsage();
  for (let i = 0; i < points; i++)
    for (const state of states) observe(state, 1_700_000_000 + i * 60, 50 + ((i * 7919) % 13), { floor: 5 });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (points * states.length);
}

/** Milliseconds of CPU time a server and minute: 400 series learned every quarter of an hour, unpacked before and packed after. */
export function learningCost(): number {
  const rounds = 20;
  let bytes = packStates(new Map());
  let at = 1_700_000_000;
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    const states = unpackStates(bytes);
    const points = Array.from({ length: 15 }, () => [(at += 60), 50 + ((at * 7919) % 13)] as const);
    const series = Array.from({ length: mostSeries }, (_, slot) => ({
      slot,
      metric: 'proc.group.cpu' as const,
      subject: String(slot),
      points,
    }));
    learnPoints(states, series);
    bytes = packStates(states);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds / 15;
}
