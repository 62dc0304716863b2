// Web servers and PHP: slow and failing answers, traffic that is not as usual, children that do not fit, a broken configuration.
import type { Finding, Subject } from '#core/diagnosis.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { formatBytes, formatCount, formatValue } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { slowerThanUsual } from './network.ts';
import { monitorEvidence, sentence } from './outside.ts';
import type { MonitorState, Picture, Rule } from './rule.ts';
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

/** Requests > 4 times the usual (ND web_log 400 %), three samples. */
export const trafficSurge: Rule = {
  id: 'svc.traffic_surge',
  find(picture): Finding[] {
    if (picture.latest('web.requests') === undefined) return [];
    const points = picture.series('web.requests');
    const usual = baseline(points, picture.at - 900, 10)?.median;
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
        summary: `${formatValue(run.value, '/s')} requests arrive, ${formatCount(run.value / Math.max(0.1, usual))} times the usual.`,
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
        summary: `Only ${formatValue(now, '/s')} requests arrive; an hour ago it was ${formatValue(usual, '/s')}.`,
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

/** nginx -t or apachectl -t fails: the server runs on until somebody restarts it. */
export const webConfigInvalid: Rule = {
  id: 'web.config_invalid',
  find: (picture) =>
    (picture.facts.webConfig ?? [])
      .filter((c) => c.valid === false && !/address already in use/i.test(c.error ?? ''))
      .map((c) =>
        makeFinding(picture, 'web.config_invalid', {
          subject: { kind: 'process', name: c.server === 'apache' ? 'apache2' : 'nginx' },
          summary: `The configuration of ${c.server} is not valid${c.error ? `: ${c.error}` : ''}.`,
          evidence: [
            evidence(
              `test of the ${c.server} configuration`,
              c.error ?? 'failed',
              '',
              'facts.webConfig.error',
              'valid',
            ),
          ],
        }),
      ),
};

/** Complaints of a kind in the error logs of the last ten minutes, with their count. */
function complaints(
  picture: Picture,
  kind: string,
): { since: number; count: number; text: string } | undefined {
  const events = picture.events.filter((e) => e.kind === kind && e.at >= picture.at - 600);
  if (events.length === 0) return undefined;
  const count = events.reduce((sum, e) => sum + Number(e.data?.['count'] ?? 1), 0);
  return { since: events[0]!.at, count, text: events[0]!.text };
}

/** A rule that says what the error log of a web server said, at least `least` times in ten minutes. */
function complaintRule(
  id: RuleId,
  kind: string,
  least: number,
  subject: Subject,
  words: (n: string) => string,
): Rule {
  return {
    id,
    find(picture): Finding[] {
      const said = complaints(picture, kind);
      if (!said || said.count < least) return [];
      return [
        makeFinding(picture, id, {
          subject,
          since: said.since,
          confidence: 0.9,
          summary: words(formatCount(said.count)),
          evidence: [
            evidence(
              'lines of the error log in 10 min',
              said.count,
              'count',
              'tail -n 300 /var/log/*/error.log',
              '0',
            ),
          ],
        }),
      ];
    },
  };
}

/** More than one a minute (OWN) for timeouts; the others are said once when the limit is reached. */
export const complaintRules: Rule[] = [
  complaintRule(
    'svc.upstream_timeout',
    'web.upstream_timeout',
    10,
    { kind: 'process', name: 'nginx' },
    (n) => `nginx waited for a backend in vain ${n} times in ten minutes.`,
  ),
  complaintRule(
    'web.phpfpm_children',
    'php.children_full',
    1,
    { kind: 'process', name: 'php-fpm' },
    (n) => `PHP-FPM reached pm.max_children; it said so ${n} times in ten minutes.`,
  ),
  complaintRule(
    'web.nginx_conns',
    'web.connections_full',
    1,
    { kind: 'process', name: 'nginx' },
    (n) => `nginx ran out of worker_connections ${n} times in ten minutes.`,
  ),
  complaintRule(
    'web.apache_workers',
    'web.workers_full',
    1,
    { kind: 'process', name: 'apache2' },
    () => 'Apache reached MaxRequestWorkers.',
  ),
];
