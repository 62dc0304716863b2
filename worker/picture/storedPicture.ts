// The picture of a server from what is stored of it. Series become lists of points only where a rule asks for them.
import type { Facts } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { HostEvent } from '#core/snapshot.ts';
import type { Dictionary } from '#prisma/seriesNames.ts';
import { readAt } from '#worker/parse/later.ts';
import { notReadOf } from '#worker/parse/sinceWhen.ts';
import type { MonitorState, Picture, Point } from '#worker/rules/rule.ts';
import { presenceOf, type Residents } from './residents.ts';
import type { SeriesWindow } from './seriesWindow.ts';

export interface Stored {
  /** Epoch seconds of the newest report. */
  at: number;
  /** Epoch seconds by the clock of this process. */
  now: number;
  facts: Facts;
  /** Names of the facts that the newest report changed. */
  changed: ReadonlySet<string>;
  /** In order of time. */
  events: HostEvent[];
  monitors: MonitorState[];
  series: Dictionary;
  window: SeriesWindow;
  /** Milliseconds of each answer in the last hours, by monitor: of those that are slow now. */
  answerTimes?: ReadonlyMap<string, Point[]>;
  /** As of the newest report. */
  residents: Residents;
}

/** Reports that a server must have sent before its silence says something: it has no rhythm yet that it could fall out of. */
const leastForSilence = 3;

export function storedPicture(stored: Stored): Picture {
  const { at, now, facts, changed, events, monitors, window, residents } = stored;
  const times = window.times();
  if (times.at(-1) !== at) times.push(at);
  const before = times.at(-2);
  const slots = slotsByMetric(stored);
  const slotOf = (metric: MetricName, subject: string) => slots.get(metric)?.get(subject);
  const known = new Map<number, Point[]>();
  const none: readonly Point[] = [];
  return {
    at,
    from: times[0]!,
    now: times.length >= leastForSilence ? now : at,
    reports: times.length,
    facts,
    ...(before !== undefined && { previousFacts: unchanged(facts, changed) }),
    events,
    partial: notReadOf(facts),
    monitors,
    watched: true,
    ...(facts.boot && { uptime: at - facts.boot.at }),
    ...presenceOf(residents, facts, at),
    times,
    subjects: (metric) => [...(slots.get(metric)?.keys() ?? [])],
    series(metric, subject = '') {
      if (metric === 'probe.ms') return stored.answerTimes?.get(subject) ?? none;
      const slot = slotOf(metric, subject);
      if (slot === undefined) return none;
      let points = known.get(slot);
      if (!points) known.set(slot, (points = window.points(slot)));
      return points;
    },
    newest(metric, subject = '') {
      const slot = slotOf(metric, subject);
      return slot === undefined ? undefined : window.newest(slot);
    },
    extent(metric, subject = '') {
      const slot = slotOf(metric, subject);
      return slot === undefined ? undefined : window.extent(slot);
    },
    readAt: (metric) => readAt(metric, at, facts),
    latest(metric, subject = '') {
      const slot = slotOf(metric, subject);
      const point = slot === undefined ? undefined : window.newest(slot);
      return point && point[0] >= readAt(metric, at, facts) ? point[1] : undefined;
    },
  };
}

/** Series that have a value in the hours of the picture. */
function slotsByMetric({ series, window }: Stored): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  if (window.at === undefined) return found;
  for (const [key, slot] of series) {
    if (!window.has(slot)) continue;
    const space = key.indexOf(' ');
    const metric = key.slice(0, space);
    const own = found.get(metric);
    if (own) own.set(key.slice(space + 1), slot);
    else found.set(metric, new Map([[key.slice(space + 1), slot]]));
  }
  return found;
}

/** Facts as they were before the newest report: those that changed with it are not known any more, the rest is the same. */
function unchanged(facts: Facts, changed: ReadonlySet<string>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !changed.has(name))) as Facts;
}
