// The picture of one server: what its reports and monitors say together, up to one moment. Rules and diagnosis look at nothing else.
import type { Facts, Listener, Unit } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { HostEvent, Snapshot } from '#core/snapshot.ts';
import { isLeftOut, processTable, readAt } from './later.ts';
import { byPort, cameBack, portsByProgram, publishedPorts, type Residents } from './residents.ts';
import { notReadOf } from './sinceWhen.ts';
import type { MonitorState, Picture, Point, Presence } from './rules/rule.ts';

export interface PictureOptions {
  /** Series from before the first snapshot (the store's last 24 h), in order of time. */
  history?: Iterable<readonly [metric: MetricName, subject: string, points: readonly Point[]]>;
  /** Epoch seconds of the judge's own clock; the newest report's time when left out. */
  now?: number;
}

const eventLimit = 5000;
/**
 * How a long history is kept: no rule looks back further than a day point by point, so what is older becomes one mean for five minutes,
 * and one for an hour after three days. Looked at again after so many reports.
 */
const history = { fine: 86_400, coarse: 3 * 86_400, reports: 1440 } as const;
/** Series that every report has: they tell when reports came, where only series are known. */
const everyReport: MetricName[] = ['mem.available', 'cpu.load1', 'proc.count'];

/** Builds the picture of one server from its snapshots, which must be in order of time. Throws without a snapshot. */
export function makePicture(
  snapshots: readonly Snapshot[],
  monitors: readonly MonitorState[] = [],
  options: PictureOptions = {},
): Picture {
  const builder = pictureBuilder(options);
  for (const snapshot of snapshots) builder.add(snapshot);
  return builder.picture(monitors);
}

export interface PictureBuilder {
  add(snapshot: Snapshot): void;
  /** The picture as of the newest snapshot. Pictures share their series: an older one is no longer valid after `add`. */
  picture(monitors?: readonly MonitorState[]): Picture;
}

/** Builds a picture step by step, so that a long history can be replayed in linear time. */
export function pictureBuilder(options: PictureOptions = {}): PictureBuilder {
  const series = new Map<MetricName, Map<string, Point[]>>();
  const points = (metric: MetricName, subject: string) => {
    let bySubject = series.get(metric);
    if (!bySubject) series.set(metric, (bySubject = new Map()));
    let list = bySubject.get(subject);
    if (!list) bySubject.set(subject, (list = []));
    return list;
  };
  for (const [metric, subject, history] of options.history ?? []) {
    for (const point of history) points(metric, subject).push(point);
  }

  let facts: Facts = {};
  let previousFacts: Facts | undefined;
  let first: number | undefined;
  let last: Snapshot | undefined;
  let events: HostEvent[] = [];
  const seenEvents = new Set<string>();
  const seen = new Map<string, Presence>();
  /** When the processes were last read. */
  let read = 0;
  const served = new Map<string, Set<number>>();
  let published: Residents['published'] = {};
  const times = everyReport
    .map((metric) => (series.get(metric)?.get('') ?? []).map(([at]) => at))
    .reduce((longest, list) => (list.length > longest.length ? list : longest), []);

  return {
    add(snapshot) {
      if (last && snapshot.at < last.at)
        throw new Error('Snapshots of a picture must come in order of time.');
      first ??= snapshot.at;
      previousFacts = last ? facts : undefined;
      facts = mergeFacts(facts, snapshot.facts);
      last = snapshot;
      if (times.length === 0 || snapshot.at > times.at(-1)!) {
        times.push(snapshot.at);
        if (times.length % history.reports === 0)
          for (const bySubject of series.values())
            for (const [subject, list] of bySubject) bySubject.set(subject, thinned(list, snapshot.at));
      }
      const left = isLeftOut(processTable, snapshot.facts);
      for (const group of (left ? [] : snapshot.facts.processGroups) ?? []) {
        const known = seen.get(group.name);
        if (known && !(known.last < read && cameBack(known.last, snapshot.at))) {
          known.last = snapshot.at;
          known.reports++;
          known.group = group;
        } else seen.set(group.name, { first: snapshot.at, last: snapshot.at, reports: 1, group });
      }
      if (!left && snapshot.facts.processGroups?.length) read = snapshot.at;
      for (const [process, now] of portsByProgram(facts)) {
        const ports = served.get(process);
        if (ports) now.forEach((port) => ports.add(port));
        else served.set(process, now);
      }
      published = publishedPorts(published, facts);
      for (const { metric, subject, value } of snapshot.samples) {
        if (!Number.isFinite(value)) continue;
        const list = points(metric, subject);
        const newest = list.at(-1);
        if (newest && newest[0] >= snapshot.at) continue;
        list.push([snapshot.at, value]);
      }
      for (const event of snapshot.events) {
        const key = `${event.at} ${event.kind} ${event.subject} ${event.text}`;
        if (seenEvents.has(key)) continue;
        seenEvents.add(key);
        events.push(event);
      }
      if (events.length > eventLimit) events = events.slice(-eventLimit);
    },
    picture(monitors = []) {
      if (!last || first === undefined) throw new Error('A picture needs at least one snapshot.');
      const at = last.at;
      const none: readonly Point[] = [];
      return {
        at,
        from: Math.min(first, times[0] ?? first),
        now: options.now ?? at,
        reports: times.length,
        facts,
        previousFacts,
        events: events.toSorted((a, b) => a.at - b.at),
        partial: facts.agent ? notReadOf(facts) : last.partial,
        monitors: [...monitors],
        uptime: last.uptime,
        seen,
        served,
        published: byPort(published),
        times,
        subjects: (metric) => [...(series.get(metric)?.keys() ?? [])],
        series: (metric, subject = '') => series.get(metric)?.get(subject) ?? none,
        newest: (metric, subject = '') => series.get(metric)?.get(subject)?.at(-1),
        extent: (metric, subject = '') => extentOf(series.get(metric)?.get(subject) ?? none),
        readAt: (metric) => readAt(metric, at, facts),
        latest: (metric, subject = '') => {
          const newest = series.get(metric)?.get(subject)?.at(-1);
          return newest && newest[0] >= readAt(metric, at, facts) ? newest[1] : undefined;
        },
      };
    },
  };
}

/** A series with means in place of its older points, each at the first moment that it stands for. */
function thinned(points: readonly Point[], now: number): Point[] {
  const kept: Point[] = [];
  let bucket = Number.NaN;
  let [sum, count] = [0, 0];
  for (const point of points) {
    const [at, value] = point;
    const width = at < now - history.coarse ? 3600 : 300;
    const start = at >= now - history.fine ? Number.NaN : Math.floor(at / width) * width;
    if (start === bucket) {
      sum += value;
      kept[kept.length - 1] = [kept.at(-1)![0], sum / ++count];
      continue;
    }
    kept.push(point);
    [bucket, sum, count] = [start, value, 1];
  }
  return kept;
}

function extentOf(points: readonly Point[]): readonly [number, number] | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const [, value] of points) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return points.length ? [least, most] : undefined;
}

/** A key that a report lacks stays as it was; lists that come in full hourly and in short every minute keep the details. */
export function mergeFacts(before: Facts, now: Facts): Facts {
  const merged: Facts = { ...before };
  for (const [key, value] of Object.entries(now)) {
    if (value !== undefined) Object.assign(merged, { [key]: value });
  }
  if (before.listeners && now.listeners) merged.listeners = mergeListeners(before.listeners, now.listeners);
  if (before.units && now.units) merged.units = mergeUnits(before.units, now.units);
  return merged;
}

/** The minute report names no process behind a socket; the one that the hourly report named is still right. */
function mergeListeners(before: Listener[], now: Listener[]): Listener[] {
  const key = (l: Listener) => `${l.protocol} ${l.address} ${l.port}`;
  const known = new Map(before.filter((l) => l.process).map((l) => [key(l), l]));
  return now.map((l) => {
    const old = l.process ? undefined : known.get(key(l));
    return old ? { ...l, process: old.process, pid: old.pid } : l;
  });
}

function mergeUnits(before: Unit[], now: Unit[]): Unit[] {
  const known = new Map(before.map((unit) => [unit.name, unit]));
  return now.map((unit) => {
    const old = known.get(unit.name);
    if (!old) return unit;
    if (old.active === unit.active && old.sub === unit.sub) return { ...old, ...defined(unit) };
    const { enabled, memoryMax, tasksMax, description, restarts } = old;
    return { ...defined({ enabled, memoryMax, tasksMax, description, restarts }), ...unit };
  });
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
