// Parts of the diagnosis bench that need no scenario: quiet weeks, and what the detector costs.
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { newDetector, observe } from '#worker/series/detector.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { learnPoints } from '#worker/learn/departures.ts';
import { mostSeries, packStates, unpackStates } from '#worker/learn/states.ts';
import type { Scenario } from '../test/scenarios/scenario.ts';
import { snapshotsOf } from '../test/scenarios/runScenario.ts';

/** Server-weeks that are simulated, a report every five minutes, with a daily rhythm and a busy hour at a random time. */
const weeks = 4;
const step = 300;

/** Incidents that quiet servers would have opened, per server-week. */
export function falseIncidentsPerWeek(): number {
  let opened = 0;
  for (let seed = 1; seed <= weeks; seed++) {
    const quiet: Scenario = {
      name: 'quiet week',
      kind: 'control',
      reports: (7 * 86_400) / step,
      step,
      seed: 100 + seed,
      minute(m, i) {
        const rhythm = 1 + Math.sin(((i * step) / 86_400) * 2 * Math.PI);
        const busy = (i + seed * 37) % 288 < 12 ? 25 : 0;
        m.run('php-fpm', { cpu: (8 + 10 * rhythm + busy) * m.jitter(0.3) });
        m.run('mariadbd', { cpu: (6 + 6 * rhythm + busy / 2) * m.jitter(0.3) });
      },
      roots: [],
    };
    let open = new Set<string>();
    for (const { picture, findings, recent } of replaySteps(snapshotsOf(quiet))) {
      const roots = findings.some((f) => f.severity !== 'info')
        ? diagnose(picture, findings, { recent }).rootCauses.map((r) => r.key)
        : [];
      opened += roots.filter((key) => !open.has(key)).length;
      open = new Set(roots);
    }
  }
  return opened / weeks;
}

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
