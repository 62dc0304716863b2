// Web servers and PHP: slow and failing answers, traffic that is not as usual, children that do not fit.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatValue } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { slowerThanUsual } from './networkReach.ts';
import { monitorEvidence, sentence } from './outside.ts';
import type { MonitorState, Point, Rule } from './rule.ts';
import { baseline, currentRun, median } from './series.ts';
import { serviceMemory } from './serviceMemory.ts';

/** Over 1 s (APA) and three times its usual (OWN), three probes; or the monitor's own limit. */
export const httpSlow: Rule = {
  id: 'svc.http_slow',
  find(picture, state): Finding[] {
    return picture.monitors
      .filter((m) => m.kind === 'http' && m.state !== 'paused')
      .flatMap((m) => {
        const subject = { kind: 'monitor', name: m.name } as const;
        const slow =
          m.state === 'down' ? undefined : slowerThanUsual(picture, state, 'svc.http_slow', m, 3, 0);
        const tooSlow = slow && slow.value > 1000 ? slow : undefined;
        const limit = m.code === 'http-slow' && (m.state === 'degraded' || m.state === 'down');
        if (!tooSlow && !limit) return [];
        return [
          makeFinding(picture, 'svc.http_slow', {
            subject,
            since: tooSlow?.since ?? m.since,
            summary: tooSlow
              ? `${m.name} takes ${formatValue(tooSlow.value, 'ms')} to answer; usual are ${formatValue(tooSlow.usual, 'ms')}.`
              : `${m.name} is slow: ${sentence(m)}`,
            evidence: tooSlow
              ? [
                  evidence(
                    'time of an answer',
                    tooSlow.value,
                    'ms',
                    `probe.ms{${m.id}}`,
                    `about ${formatValue(tooSlow.usual, 'ms')}`,
                  ),
                ]
              : monitorEvidence(m),
          }),
        ];
      });
  },
};

function statusOf(monitor: MonitorState): number | undefined {
  const status = Number(monitor.details['status'] ?? /\b([45]\d\d)\b/.exec(monitor.summary)?.[1]);
  return Number.isFinite(status) ? status : undefined;
}

/** The server answers, and with an error of its own: 500 to 599 (ND counts shares; a probe sees one answer at a time). */
export const http5xx: Rule = {
  id: 'svc.http_5xx',
  find: (picture) =>
    picture.monitors
      .filter(
        (m) =>
          m.kind === 'http' && m.state === 'down' && m.code === 'http-status' && (statusOf(m) ?? 0) >= 500,
      )
      .map((m) =>
        makeFinding(picture, 'svc.http_5xx', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          summary: `${m.name} answers with ${statusOf(m)}: the server is there, what stands behind it fails.`,
          evidence: [
            evidence('status', statusOf(m)!, '', `monitor http ${m.target}`, '200'),
            ...monitorEvidence(m),
          ],
        }),
      ),
};

/** 504, or 502 from a reverse proxy: what it asks does not answer. */
export const upstreamTimeout: Rule = {
  id: 'svc.upstream_timeout',
  find: (picture) =>
    picture.monitors
      .filter((m) => m.kind === 'http' && m.state === 'down' && statusOf(m) === 504)
      .map((m) =>
        makeFinding(picture, 'svc.upstream_timeout', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          summary: `${m.name} answers with 504: the proxy waits for its backend in vain.`,
          evidence: monitorEvidence(m),
        }),
      ),
};

/** Where less than a quarter of an hour is known: the older half of it, five samples at least. */
function firstHalf(points: readonly Point[]): { median: number } | undefined {
  const old = points.slice(0, Math.floor(points.length / 2)).map(([, value]) => value);
  return old.length < 5 ? undefined : { median: median(old)! };
}

/** Requests > 4 times the usual (ND web_log 400 %), three samples. */
export const trafficSurge: Rule = {
  id: 'svc.traffic_surge',
  find(picture): Finding[] {
    if (picture.latest('web.requests') === undefined) return [];
    const points = picture.series('web.requests');
    const usual = (baseline(points, picture.at - 900, 10) ?? firstHalf(points))?.median;
    if (usual === undefined) return [];
    const bound = Math.max(4 * usual, usual + 5);
    const run = currentRun(
      points,
      (v) => v > bound,
      (v) => v > bound / 2,
      3,
    );
    if (!run) return [];
    return [
      makeFinding(picture, 'svc.traffic_surge', {
        subject: serverSubject(picture),
        since: run.since,
        severity: 'info',
        summary: `${formatCount(run.value)} requests a second arrive, ${formatCount(run.value / Math.max(0.1, usual))} times the usual.`,
        evidence: [
          evidence('requests', run.value, '/s', 'web.requests', `about ${formatValue(usual, '/s')}`),
        ],
      }),
    ];
  },
};

/** Requests < half of the usual (ND web_log 50/25 %), five samples, where there were at least five a second. */
export const trafficDrop: Rule = {
  id: 'svc.traffic_drop',
  find(picture): Finding[] {
    const now = picture.latest('web.requests');
    if (now === undefined) return [];
    const points = picture.series('web.requests');
    const usual = median(
      points.filter(([at]) => at < picture.at - 300 && at > picture.at - 3600).map((p) => p[1]),
    );
    if (usual === undefined || usual < 5) return [];
    const run = currentRun(
      points,
      (v) => v < 0.5 * usual,
      (v) => v < 0.7 * usual,
      5,
    );
    if (!run) return [];
    return [
      makeFinding(picture, 'svc.traffic_drop', {
        subject: serverSubject(picture),
        since: run.since,
        severity: now < 0.25 * usual ? 'critical' : 'warning',
        confidence: 0.8,
        summary: `Only ${formatCount(now)} requests a second arrive; an hour ago it was ${formatCount(usual)}.`,
        evidence: [evidence('requests', now, '/s', 'web.requests', `about ${formatValue(usual, '/s')}`)],
      }),
    ];
  },
};

/** sum(pm.max_children × size of a child) > 80 % of the RAM that other programs leave, or of the limit of the service (OWN). Latent: it only bites under traffic. */
export const phpOvercommit: Rule = {
  id: 'web.phpfpm_overcommit',
  find(picture): Finding[] {
    const pools = picture.facts.phpFpm ?? [];
    const group = picture.facts.processGroups?.find((g) => /^php-fpm/.test(g.name));
    const memory = serviceMemory(picture, group, /^php[\d.]*-fpm\.service$/);
    if (pools.length === 0 || !group || !memory || group.count < 2) return [];
    const child = (group.rss + (group.swap ?? 0)) / group.count;
    const most = pools.reduce((sum, p) => sum + p.maxChildren, 0);
    const others = (picture.facts.processGroups ?? [])
      .filter((g) => g !== group)
      .reduce((sum, g) => sum + g.rss, 0);
    const room = memory.limited ? memory.bytes : Math.max(0.1 * memory.bytes, memory.bytes - others);
    if (most * child <= 0.8 * room) return [];
    const children = pools.map((p) => `${p.pool}: ${p.maxChildren}`).join(', ');
    return [
      makeFinding(picture, 'web.phpfpm_overcommit', {
        subject: { kind: 'process', name: group.name },
        since: group.startedAt ?? picture.from,
        latent: true,
        confidence: 0.85,
        summary: `PHP-FPM may start ${formatCount(most)} children of ${formatBytes(child)} each: ${formatBytes(most * child)}, and ${formatBytes(room)} are there for them${memory.limited ? ' within the limit of their service' : ''}.`,
        evidence: [
          evidence('pm.max_children', children, '', 'facts.phpFpm.maxChildren'),
          evidence('size of a child', child, 'bytes', `proc.group.rss{${group.name}}`),
          evidence(
            'all children together',
            most * child,
            'bytes',
            'facts.phpFpm.maxChildren',
            `below ${formatBytes(0.8 * room)}`,
          ),
          evidence('children now', group.count, 'count', `proc.group.count{${group.name}}`),
        ],
      }),
    ];
  },
};
