// The interface of a rule: it looks at the picture of one server and names problems, with evidence. Pure.
import type { Finding } from '#core/diagnosis.ts';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import type { BoundOverride } from '#core/judgement.ts';
import type { MetricName } from '#core/metrics.ts';
import type { ProbeCode, ProbeKind } from '#core/probes.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { HostEvent, PartialSection } from '#core/snapshot.ts';

/** One point of a series: epoch seconds and value. */
export type Point = readonly [at: number, value: number];

/** A monitor as diagnosis sees it. */
export interface MonitorState {
  id: string;
  kind: ProbeKind;
  name: string;
  target: string;
  state: 'pending' | 'up' | 'degraded' | 'down' | 'paused';
  since: number;
  code: ProbeCode;
  summary: string;
  details: Record<string, unknown>;
  about: { process?: string; unit?: string; port?: number; host?: string; certificate?: string };
}

/** Since when reports have shown a process group without a longer break, and how it was when they last did. */
export interface Presence {
  first: number;
  last: number;
  reports: number;
  /** Of one that is gone only what is remembered of it. */
  group?: Pick<ProcessGroup, 'name' | 'startedAt' | 'cgroup' | 'users' | 'rss'>;
}

/** Everything that is known of one server at one moment. */
export interface Picture {
  /** Epoch seconds of the newest report; 'now' for every rule. */
  at: number;
  /** Epoch seconds by the clock of whoever judges; the same as `at` when only reports are known. */
  now: number;
  /** Epoch seconds of the oldest report in the picture. */
  from: number;
  reports: number;
  facts: Facts;
  /** Facts as they were at the report before, to see what changed. */
  previousFacts?: Facts;
  events: HostEvent[];
  partial: PartialSection[];
  monitors: MonitorState[];
  uptime?: number;
  /** Monitors are set up for this server: what can be seen from outside will be. */
  watched?: boolean;
  /** Process groups that were ever seen, with the reports that showed them without a longer break. */
  seen?: ReadonlyMap<string, Presence>;
  /** TCP ports that a program listened on in any of the reports, below those that the kernel hands out. */
  served?: ReadonlyMap<string, ReadonlySet<number>>;
  /** Containers by the TCP port of the host that they publish, or did before they ended. */
  published?: ReadonlyMap<number, string>;
  /** Moments of the reports, oldest first. */
  times?: readonly number[];
  /** Subjects that have this metric. */
  subjects(metric: MetricName): string[];
  /** The series in order of time; empty when unknown. */
  series(metric: MetricName, subject?: string): readonly Point[];
  /** The newest point of the series, however old: asks for less than the whole series. */
  newest(metric: MetricName, subject?: string): Point | undefined;
  /** Least and most of the series: asks for less than its points. */
  extent(metric: MetricName, subject?: string): readonly [least: number, most: number] | undefined;
  /** Epoch seconds from which on a point counts as the newest report's: earlier than that where it left a table of a crowd out. */
  readAt(metric: MetricName): number;
  /** The newest value, undefined when it is not part of the newest report, nor of a table that the report left out (see readAt). */
  latest(metric: MetricName, subject?: string): number | undefined;
}

/** Keys of the findings that were active at the report before; with a Map the onset is kept too. */
export interface Active {
  has(key: string): boolean;
  get?(key: string): number | undefined;
}

export interface RuleState {
  active: Active;
  overrides: Partial<Record<RuleId, BoundOverride>>;
}

export interface Rule {
  id: RuleId;
  find(picture: Picture, state: RuleState): Finding[];
}
