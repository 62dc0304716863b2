// The picture of one server: what its reports and monitors say together, up to one moment. Rules and diagnosis look at nothing else.
import type { Facts } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { HostEvent, Snapshot } from '#core/snapshot.ts';
import { isLeftOut, processTable, readAt } from '#worker/parse/later.ts';
import { notReadOf } from '#worker/parse/sinceWhen.ts';
import type { MonitorState, Picture, Point, Presence } from '#worker/rules/rule.ts';
import { mergeFacts } from './mergeFacts.ts';
import { byPort, cameBack, portsByProgram, publishedPorts, type Residents } from './residents.ts';

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
  const builder = new PictureBuilder(options);
  for (const snapshot of snapshots) builder.add(snapshot);
  return builder.picture(monitors);
}

/** Builds a picture step by step, so that a long history can be replayed in linear time. */
export class PictureBuilder {
  readonly #series = new Map<MetricName, Map<string, Point[]>>();
  /** When reports came. */
  readonly #times: number[];
  readonly #now: number | undefined;
  #facts: Facts = {};
  #previousFacts: Facts | undefined;
  #first: number | undefined;
  #last: Snapshot | undefined;
  #events: HostEvent[] = [];
  #knownEvents = new Set<string>();
  readonly #seen = new Map<string, Presence>();
  /** When the processes were last read. */
  #processesAt = 0;
  readonly #served = new Map<string, Set<number>>();
  #published: Residents['published'] = {};

  constructor(options: PictureOptions = {}) {
    this.#now = options.now;
    for (const [metric, subject, points] of options.history ?? []) {
      for (const point of points) this.#points(metric, subject).push(point);
    }
    this.#times = everyReport
      .map((metric) => (this.#series.get(metric)?.get('') ?? []).map(([at]) => at))
      .reduce((longest, list) => (list.length > longest.length ? list : longest), []);
  }

  /** Throws when the snapshot is older than the one before. */
  add(snapshot: Snapshot): void {
    if (this.#last && snapshot.at < this.#last.at)
      throw new Error('Snapshots of a picture must come in order of time.');
    this.#first ??= snapshot.at;
    this.#previousFacts = this.#last ? this.#facts : undefined;
    this.#facts = mergeFacts(this.#facts, snapshot.facts);
    this.#last = snapshot;
    this.#addTime(snapshot.at);
    this.#addResidents(snapshot);
    this.#addSamples(snapshot);
    this.#addEvents(snapshot.events);
  }

  #addTime(at: number): void {
    const times = this.#times;
    if (times.length > 0 && at <= times.at(-1)!) return;
    times.push(at);
    if (times.length % history.reports > 0) return;
    for (const bySubject of this.#series.values())
      for (const [subject, list] of bySubject) bySubject.set(subject, thinned(list, at));
  }

  #addResidents({ at, facts }: Snapshot): void {
    const groups = isLeftOut(processTable, facts) ? [] : (facts.processGroups ?? []);
    for (const group of groups) {
      const known = this.#seen.get(group.name);
      // Short reports do not say whose a program is that was started anew.
      const cgroup = group.cgroup ?? known?.group?.cgroup;
      const now = cgroup === undefined ? group : { ...group, cgroup };
      if (known && !(known.last < this.#processesAt && cameBack(known.last, at)))
        Object.assign(known, { last: at, reports: known.reports + 1, group: now });
      else this.#seen.set(group.name, { first: at, last: at, reports: 1, group });
    }
    if (groups.length > 0) this.#processesAt = at;
    for (const [process, now] of portsByProgram(this.#facts)) {
      const ports = this.#served.get(process);
      if (ports) now.forEach((port) => ports.add(port));
      else this.#served.set(process, now);
    }
    this.#published = publishedPorts(this.#published, this.#facts);
  }

  #addSamples({ at, samples }: Snapshot): void {
    for (const { metric, subject, value } of samples) {
      if (!Number.isFinite(value)) continue;
      const list = this.#points(metric, subject);
      const newest = list.at(-1);
      if (newest && newest[0] >= at) continue;
      list.push([at, value]);
    }
  }

  /** The log of one report reaches into that of the next: the same event counts once. */
  #addEvents(events: readonly HostEvent[]): void {
    for (const event of events) {
      const key = keyOf(event);
      if (this.#knownEvents.has(key)) continue;
      this.#knownEvents.add(key);
      this.#events.push(event);
    }
    if (this.#events.length > eventLimit) this.#events = this.#events.slice(-eventLimit);
    if (this.#knownEvents.size > 4 * eventLimit) this.#knownEvents = new Set(this.#events.map(keyOf));
  }

  #points(metric: MetricName, subject: string): Point[] {
    let bySubject = this.#series.get(metric);
    if (!bySubject) this.#series.set(metric, (bySubject = new Map()));
    let list = bySubject.get(subject);
    if (!list) bySubject.set(subject, (list = []));
    return list;
  }

  /** The picture as of the newest snapshot. Pictures share their series: an older one is no longer valid after `add`. */
  picture(monitors: readonly MonitorState[] = []): Picture {
    const last = this.#last;
    if (!last || this.#first === undefined) throw new Error('A picture needs at least one snapshot.');
    const { at } = last;
    const facts = this.#facts;
    const series = this.#series;
    const none: readonly Point[] = [];
    return {
      at,
      from: Math.min(this.#first, this.#times[0] ?? this.#first),
      now: this.#now ?? at,
      reports: this.#times.length,
      facts,
      previousFacts: this.#previousFacts,
      events: this.#events.toSorted((a, b) => a.at - b.at),
      partial: facts.agent ? notReadOf(facts) : last.partial,
      monitors: [...monitors],
      uptime: last.uptime,
      seen: this.#seen,
      served: this.#served,
      published: byPort(this.#published),
      times: this.#times,
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
  }
}

const keyOf = ({ at, kind, subject, text }: HostEvent) => `${at} ${kind} ${subject} ${text}`;

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
