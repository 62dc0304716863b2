// Makes findings: the catalogue gives severity and article, the rule the rest.
import type { Evidence, Finding, Subject } from '#core/diagnosis.ts';
import type { Unit } from '#core/facts.ts';
import { ruleEntry, type RuleId } from '#core/ruleCatalogue.ts';
import type { Picture } from './rule.ts';

export type Draft = Omit<Finding, 'id' | 'severity' | 'article' | 'confidence' | 'since'> &
  Partial<Pick<Finding, 'severity' | 'since' | 'confidence' | 'bound'>>;

/** A finding of the catalogue. Without `since` it began, as far as is known, with the newest report. */
export function makeFinding(picture: Picture, id: RuleId, draft: Draft): Finding {
  const entry = ruleEntry(id);
  return {
    id,
    severity: draft.severity ?? entry.severity,
    since: Math.round(Math.min(draft.since ?? picture.at, picture.at)),
    subject: draft.subject,
    summary: draft.summary,
    evidence: draft.evidence,
    article: entry.article,
    confidence: draft.confidence ?? (picture.reports >= 3 ? 0.95 : 0.8),
    ...(draft.bound ? { bound: draft.bound } : {}),
    ...(draft.latent ? { latent: true } : {}),
  };
}

/** The whole server as an entity, by its hostname. */
export function serverSubject(picture: Picture): Subject {
  return { kind: 'server', name: picture.facts.host?.hostname ?? 'this server' };
}

/** A control group as people call it: a container by its name, where docker told it, anything else as its series is called. */
export function cgroupSubject(picture: Picture, series: string): Subject {
  const id = /^container ([0-9a-f]{12})$/.exec(series)?.[1];
  const container = id && picture.facts.containers?.find((c) => c.id === id)?.name;
  return { kind: 'cgroup', name: container || shortGroup(series) };
}

/** `user.slice/user-1000.slice/session-3.scope` → session-3.scope: what systemd names, it names once. */
export function shortGroup(path: string): string {
  return /^\/?(?:[^/]+\.slice\/)+([^/]+\.(?:slice|scope|service))$/.exec(path)?.[1] ?? path;
}

export function evidence(
  what: string,
  value: Evidence['value'],
  unit: string,
  source: string,
  normal?: string,
): Evidence {
  return normal === undefined ? { what, value, unit, source } : { what, value, unit, normal, source };
}

/** The picture with the values that went with a reading of a moment ago: what is said beside it must be of the same moment. */
export function pictureOf(picture: Picture, at: number): Picture {
  if (at === picture.at) return picture;
  return {
    ...picture,
    latest: (metric, subject) => picture.series(metric, subject).findLast((point) => point[0] === at)?.[1],
  };
}

/** How systemd holds a unit. */
export function unitEvidence({ name, active, sub }: Unit): Evidence {
  return evidence(`state of ${name}`, `${active} (${sub})`, '', 'facts.units.active', 'active (running)');
}

/** Number of CPU cores, from facts or from the per-core series; 1 when nothing says. */
export function cores(picture: Picture): number {
  return picture.facts.cpu?.count || picture.subjects('cpu.core.busy').length || 1;
}

/** Percent of the CPU time that is busy at normal priority: work of low priority (nice) gives way to what others want. */
export function pressingBusy(picture: Picture): number {
  return (picture.latest('cpu.busy') ?? 0) - (picture.latest('cpu.nice') ?? 0);
}

/** Bytes of RAM, from the newest sample or the facts. */
export function ramBytes(picture: Picture): number | undefined {
  return picture.latest('mem.total') ?? picture.facts.memory?.total ?? picture.newest('mem.total')?.[1];
}

/** The newest value of a series however old, for what is only read hourly or daily. */
export function newest(
  picture: Picture,
  metric: Parameters<Picture['series']>[0],
  subject = '',
): number | undefined {
  const point = picture.newest(metric, subject);
  return point && picture.at - point[0] <= 26 * 3600 ? point[1] : undefined;
}

/** Moments at which the processes were read, oldest first: of a crowd not with each report. */
export function processTimes(picture: Picture): readonly number[] {
  const counted = picture.series('proc.count');
  return counted.length ? counted.map(([at]) => at) : (picture.times ?? []);
}

/**
 * How many samples in a row a gauge needs: as many as asked, one of them a minute. Fewer when there are fewer reports, or when a report
 * covers more than a minute (two at least): what counts is how long it has been so.
 */
export function needed(picture: Picture, samples: number): number {
  if (picture.reports < 3) return Math.min(samples, picture.reports);
  const times = picture.times?.slice(-6) ?? [];
  const step = times.length > 1 ? (times.at(-1)! - times[0]!) / (times.length - 1) : 60;
  return step <= 90 ? samples : Math.min(samples, Math.max(2, Math.ceil((samples * 60) / step)));
}
