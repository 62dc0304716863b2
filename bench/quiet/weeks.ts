// Plays quiet servers through the reading, the rules, the diagnosis and the learning, and counts what they would have said.
import { type Diagnosis, findingKey } from '#core/diagnosis.ts';
import type { HostEvent, Snapshot } from '#core/snapshot.ts';
import { backWithin } from '#worker/incidents/steps.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { type LearnedSeries, learnPoints } from '#worker/learn/departures.ts';
import { type Insight, insightOf } from '#worker/learn/insight.ts';
import { readReport } from '#worker/parse/read.ts';
import { Machine } from '../../test/scenarios/machine.ts';
import { clockOf } from './clock.ts';
import type { QuietServer } from './servers.ts';

const day = 86_400;
const week = 7 * day;
const round = 900;
/** Of a hundred reports one is lost, and on the third day those of forty minutes. */
const lost = 0.01;

export interface QuietWeeks {
  weeks: number;
  /** Roots above info that came up: what would have opened an incident each. */
  incidents: { root: string; at: number }[];
  /** How often one came back so soon that it was the same incident still. */
  again: number;
  /** As the pipeline keeps them: at most one a week, none while an incident is open. */
  insights: Insight[];
  /** How many there would have been without that limit. */
  unlimited: number;
  reports: number;
}

function* snapshotsOf(server: QuietServer, seed: number, weeks: number, step: number): Generator<Snapshot> {
  const m = new Machine(seed);
  const { clock, go } = clockOf(seed, step);
  server.setup(m);
  m.pass(step);
  let previous: Snapshot | undefined;
  while (m.now < weeks * week) {
    go(m.now);
    server.minute(m, clock);
    m.pass(step - 1);
    const gap = clock.day === 3 && clock.between(15, 15.67);
    if (gap || clock.chance((lost * day) / step) || server.silent?.(clock)) m.pass(1);
    else yield (previous = readReport(m.report(), { previous }));
  }
}

/** Plays a server for some weeks, a report every `step` seconds. */
export function quietWeeks(server: QuietServer, seed: number, weeks: number, step: number): QuietWeeks {
  const played: QuietWeeks = { weeks, incidents: [], again: 0, insights: [], unlimited: 0, reports: 0 };
  const learn = learner();
  let open = new Set<string>();
  const ended = new Map<string, number>();
  let told = 0;
  let newest: Snapshot | undefined;
  const snapshots = function* () {
    for (newest of snapshotsOf(server, seed, weeks, step)) yield newest;
  };
  for (const { picture, findings, recent } of replaySteps(snapshots())) {
    const grave = findings.some((f) => f.severity !== 'info');
    const roots = grave ? graveRoots(diagnose(picture, findings, { recent })) : [];
    for (const { key } of roots) {
      if (open.has(key)) continue;
      if (picture.at - (ended.get(key) ?? 0) <= backWithin / 1000) played.again++;
      else played.incidents.push({ root: key, at: picture.at });
    }
    for (const key of open) ended.set(key, picture.at);
    open = new Set(roots.map(({ key }) => key));
    const insight = learn(newest!, picture.events);
    played.reports++;
    if (!insight || open.size > 0) continue;
    played.unlimited++;
    if (picture.at - told < week) continue;
    told = picture.at;
    played.insights.push(insight);
  }
  return played;
}

/** Roots that open an incident: a note of planned work, of which all is info, does not. */
function graveRoots({ problems, rootCauses }: Diagnosis): Diagnosis['rootCauses'] {
  const grave = new Set(problems.filter((p) => p.severity !== 'info').map(findingKey));
  return rootCauses.filter(({ key, symptoms }) => [key, ...symptoms].some((one) => grave.has(one)));
}

/** Learns a quarter of an hour at a time, as the pipeline does. */
function learner(): (snapshot: Snapshot, events: readonly HostEvent[]) => Insight | undefined {
  const states: Parameters<typeof learnPoints>[0] = new Map();
  const slots = new Map<string, number>();
  let fresh = new Map<number, LearnedSeries & { points: [number, number][] }>();
  let from = 0;
  return ({ at, samples }, events) => {
    from ||= at;
    for (const { metric, subject, value } of samples) {
      const name = `${metric} ${subject}`;
      const slot = slots.get(name) ?? slots.size;
      slots.set(name, slot);
      const series = fresh.get(slot) ?? { slot, metric, subject, points: [] };
      fresh.set(slot, series);
      series.points.push([at, value]);
    }
    if (at - from < round) return undefined;
    const departures = learnPoints(states, [...fresh.values()]);
    const around = departures.length ? events.filter((e) => e.at >= from - 7200) : [];
    fresh = new Map();
    from = at;
    return departures.length ? insightOf(departures, around) : undefined;
  };
}
