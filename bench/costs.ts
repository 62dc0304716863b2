// What the detector, the learning and the diagnosis of a crowded server cost.
import { findingKey } from '#core/diagnosis.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { replay } from '#worker/judge/explain.ts';
import { learnPoints } from '#worker/learn/departures.ts';
import { mostSeries, packStates, unpackStates } from '#worker/learn/states.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import { newDetector, observe } from '#worker/series/detector.ts';
import { snapshotsOf } from '../test/scenarios/runScenario.ts';
import { GiB, MiB, type Scenario } from '../test/scenarios/scenario.ts';

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

/** Five hundred programs, two hundred mounts, a hundred containers; one program leaks, seven mounts fill, a unit fails. */
const crowd: Scenario = {
  name: 'crowd',
  kind: 'fault',
  reports: 60,
  roots: [],
  setup(m) {
    Object.assign(m, { cores: 64, ram: 512 * GiB });
    for (let i = 0; i < 500; i++)
      m.run(`prog${i}`, { cpu: 2 + (i % 7), rss: (50 + i) * MiB, ports: i % 5 ? [] : [10_000 + i] });
    for (let i = 0; i < 200; i++)
      m.mount(`/data/${i}`, { source: `/dev/sdb${i}`, size: 100 * GiB, used: (30 + (i % 60)) * GiB });
    for (let i = 0; i < 100; i++) m.unit(`svc${i}.service`);
    m.sections.set(
      'docker ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}',
      Array.from({ length: 100 }, (_, i) => `${String(i).padStart(64, 'a')}|c${i}|img:${i}|Up 3 days|`).join(
        '\n',
      ),
    );
  },
  minute(m, i) {
    for (let k = 0; k < 200; k++) m.mount(`/data/${k}`).used += (k % 9 === 3 && k < 60 ? 30 : 0.01) * MiB;
    if (i < 41) return;
    m.run('prog3', { rss: (i - 40) * 5 * GiB });
    m.unit('svc3.service', { active: 'failed', sub: 'failed' });
  },
};

/** Milliseconds of CPU time of one diagnosis of the crowd: rules, and causes. */
export function crowdCost(): { rules: number; causes: number; problems: number } {
  const { picture, findings, recent } = replay(snapshotsOf(crowd));
  const active = new Map(findings.map((f) => [findingKey(f), f.since]));
  const rounds = 40;
  const time = (run: () => unknown) => {
    for (let i = 0; i < 10; i++) run();
    const before = process.cpuUsage();
    for (let i = 0; i < rounds; i++) run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / rounds;
  };
  return {
    rules: time(() => findProblems(picture, active)),
    causes: time(() => diagnose(picture, findings, { recent })),
    problems: findings.length,
  };
}
