// Web servers and PHP: slow and failing answers, traffic that is not as usual, children that do not fit.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import type { Evidence, Finding } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatValue } from '#core/format.ts';
import { boundOf, isCritical } from './boundOf.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import { slowerThanUsual } from './networkReach.ts';
import { isBad, monitorEvidence, monitorSource, sentence, together } from './monitors.ts';
import type { MonitorState, Picture, Point, Rule } from './rule.ts';
import { baseline, median } from './series.ts';
import { serviceMemory } from './serviceMemory.ts';
import {
  backendsOf,
  gathered,
  isListening,
  namesOf,
  programsAt,
  serviceOf,
  serverErrors,
  serviceSubject,
  statusOf,
} from './sites.ts';

/** Slow, and several times its usual; or beyond the monitor's own limit. Sites of one server that became slow together are one finding. */
export const httpSlow: Rule = {
  id: 'svc.http_slow',
  find(picture, state): Finding[] {
    const slow = new Map<MonitorState, Slow | undefined>();
    const bound = boundOf(state, 'svc.http_slow');
    for (const m of picture.monitors) {
      if (m.kind !== 'http' || m.state === 'paused') continue;
      const single = isActive(state, 'svc.http_slow', { kind: 'monitor', name: m.name });
      const service = serviceOf(picture, m);
      const active =
        single || (service !== undefined && isActive(state, 'svc.http_slow', serviceSubject(service)));
      const risen =
        m.state === 'down'
          ? undefined
          : slowerThanUsual(picture, active, m, limitsOf('svc.http_slow').times, 0);
      // That others of its service are slow keeps none that never was.
      const wasSlow = risen && (single || risen.since < risen.at);
      const tooSlow = wasSlow && risen.value > (active ? bound.clear : bound.raise) ? risen : undefined;
      if (tooSlow || (m.code === 'http-slow' && isBad(m))) slow.set(m, tooSlow);
    }
    const since = (m: MonitorState) => slow.get(m)?.since ?? m.since;
    const { groups, alone } = gathered(picture, [...slow.keys()], since);
    return [
      ...groups.map(({ service, monitors }) =>
        together(
          picture,
          'svc.http_slow',
          serviceSubject(service),
          monitors,
          `${monitors.length} sites of ${service} are slow (${namesOf(monitors)}). ${slowWords(monitors[0]!, slow)}`,
          {
            since,
            evidenceOf: (m) => slowEvidence(m, slow.get(m))[0]!,
            ...(slow.get(monitors[0]!) ? { bound } : {}),
          },
        ),
      ),
      ...alone.map((m) =>
        makeFinding(picture, 'svc.http_slow', {
          subject: { kind: 'monitor', name: m.name },
          since: since(m),
          ...(slow.get(m) ? { bound } : {}),
          summary: slowWords(m, slow),
          evidence: slowEvidence(m, slow.get(m)),
        }),
      ),
    ];
  },
};

type Slow = NonNullable<ReturnType<typeof slowerThanUsual>>;

function slowWords(m: MonitorState, slow: ReadonlyMap<MonitorState, Slow | undefined>): string {
  const risen = slow.get(m);
  return risen
    ? `${m.name} takes ${formatValue(risen.value, 'ms')} to answer; usual are ${formatValue(risen.usual, 'ms')}.`
    : `${m.name} is slow: ${sentence(m)}`;
}

function slowEvidence(m: MonitorState, risen: Slow | undefined): Evidence[] {
  if (!risen) return monitorEvidence(m);
  const usual = `about ${formatValue(risen.usual, 'ms')}`;
  return [evidence(`time of an answer, ${m.name}`, risen.value, 'ms', monitorSource(m), usual)];
}

/**
 * The server answers, and with an error of its own: 500 to 599. Sites of one
 * server that began to do so together are one finding.
 */
export const http5xx: Rule = {
  id: 'svc.http_5xx',
  find(picture): Finding[] {
    const { groups, alone } = serverErrors(picture);
    return [
      ...groups.map(({ service, monitors }) => {
        const told = statusesOf(monitors).join(' or ');
        const behind = behindOf(picture, monitors);
        const finding = together(
          picture,
          'svc.http_5xx',
          serviceSubject(service),
          monitors,
          `${monitors.length} sites of ${service} answer with ${told} (${namesOf(monitors)}); ${service} is there, what stands behind it fails.${behind.text}`,
        );
        return { ...finding, evidence: [...finding.evidence, ...behind.evidence] };
      }),
      ...alone.map((m) => {
        const behind = behindOf(picture, [m]);
        return makeFinding(picture, 'svc.http_5xx', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          summary: `${m.name} answers with ${statusOf(m)}; the server is there, what stands behind it fails.${behind.text}`,
          evidence: [
            evidence('status', statusOf(m)!, '', monitorSource(m), '200'),
            ...monitorEvidence(m),
            ...behind.evidence,
          ],
        });
      }),
    ];
  },
};

function statusesOf(monitors: readonly MonitorState[]): number[] {
  return [...new Set(monitors.flatMap((m) => statusOf(m) ?? []))].sort((a, b) => a - b);
}

/** What the inside knows of the backends of these pages: nobody listens there, or who does. */
function behindOf(
  picture: Picture,
  monitors: readonly MonitorState[],
): { text: string; evidence: Evidence[] } {
  const ports = new Map(
    monitors
      .flatMap((m) => backendsOf(picture, m))
      .flatMap((b) => (b.port === undefined ? [] : [[b.where, b.port] as const])),
  );
  const known = [...ports].slice(0, 3).flatMap(([where, port]) => {
    const listens = isListening(picture, port);
    return listens === undefined ? [] : [{ where, port, listens }];
  });
  const dead = known.filter(({ listens }) => !listens).map(({ where }) => where);
  return {
    text: dead.length
      ? ` Inside, nobody listens on ${dead.join(' or ')}, where ${monitors.length > 1 ? 'they are' : 'it is'} forwarded to.`
      : '',
    evidence: known.map(({ where, port, listens }) =>
      evidence(
        `inside, ${where}`,
        listens ? `${programsAt(picture, port)[0] ?? 'a program'} listens` : 'nobody listens',
        '',
        'facts.listeners',
        'a program listens',
      ),
    ),
  };
}

/** 504 from a reverse proxy: what it asks does not answer in time. */
export const upstreamTimeout: Rule = {
  id: 'svc.upstream_timeout',
  find(picture): Finding[] {
    const { groups, alone } = serverErrors(picture);
    const late = (m: MonitorState) => statusOf(m) === 504;
    return [
      ...groups
        .filter(({ monitors }) => monitors.every(late))
        .map(({ service, monitors }) =>
          together(
            picture,
            'svc.upstream_timeout',
            serviceSubject(service),
            monitors,
            `${monitors.length} sites of ${service} answer with 504 (${namesOf(monitors)}): the proxy waits for its backend in vain.`,
          ),
        ),
      ...alone.filter(late).map((m) =>
        makeFinding(picture, 'svc.upstream_timeout', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          summary: `${m.name} answers with 504: the proxy waits for its backend in vain.`,
          evidence: monitorEvidence(m),
        }),
      ),
    ];
  },
};

/** Where less than a quarter of an hour is known: the older half of it, two samples at least. */
function firstHalf(points: readonly Point[]): { median: number; samples: number } | undefined {
  const old = points.slice(0, Math.floor(points.length / 2)).map(([, value]) => value);
  return old.length < 2 ? undefined : { median: median(old)!, samples: old.length };
}

/** Several times the usual number of requests. */
export const trafficSurge: Rule = {
  id: 'svc.traffic_surge',
  find(picture, state): Finding[] {
    if (picture.latest('web.requests') === undefined) return [];
    const points = picture.series('web.requests');
    const known = baseline(points, picture.at - 900, 10) ?? firstHalf(points);
    if (known === undefined) return [];
    const usual = known.median;
    const { raise, clear } = gaugeOf('svc.traffic_surge');
    const { extra, sudden } = limitsOf('svc.traffic_surge');
    // What was seen for minutes only is a usual that must be left far behind.
    const most = Math.max((known.samples < 5 ? sudden : raise) * usual, usual + extra);
    const run = gauge(picture, state, {
      id: 'svc.traffic_surge',
      entity: serverSubject(picture),
      raise: most,
      clear: (most * clear) / raise,
    });
    if (!run) return [];
    return [
      makeFinding(picture, 'svc.traffic_surge', {
        subject: serverSubject(picture),
        since: run.since,
        bound: run.bound,
        severity: 'info',
        summary: `${formatCount(run.value)} requests a second arrive, ${formatCount(run.value / Math.max(0.1, usual))} times the usual.`,
        evidence: [
          evidence('requests', run.value, '/s', 'web.requests', `about ${formatValue(usual, '/s')}`),
        ],
      }),
    ];
  },
};

/** A part of the usual number of requests, where there were enough. */
export const trafficDrop: Rule = {
  id: 'svc.traffic_drop',
  find(picture, state): Finding[] {
    const now = picture.latest('web.requests');
    if (now === undefined) return [];
    const points = picture.series('web.requests');
    const usual = median(
      points.filter(([at]) => at < picture.at - 300 && at > picture.at - 3600).map((p) => p[1]),
    );
    if (usual === undefined || usual < limitsOf('svc.traffic_drop').usual) return [];
    const run = gauge(picture, state, {
      id: 'svc.traffic_drop',
      entity: serverSubject(picture),
      times: usual,
    });
    if (!run) return [];
    return [
      makeFinding(picture, 'svc.traffic_drop', {
        subject: serverSubject(picture),
        since: run.since,
        bound: run.bound,
        severity: isCritical(run.bound, now) ? 'critical' : 'warning',
        confidence: 0.8,
        summary: `Only ${formatCount(now)} requests a second arrive; an hour ago it was ${formatCount(usual)}.`,
        evidence: [evidence('requests', now, '/s', 'web.requests', `about ${formatValue(usual, '/s')}`)],
      }),
    ];
  },
};

/** All children together against the RAM that other programs leave, or the limit of the service. Latent: it only bites under traffic. */
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
    const roomFor = (limitsOf('web.phpfpm_overcommit').share / 100) * room;
    if (most * child <= roomFor) return [];
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
            `below ${formatBytes(roomFor)}`,
          ),
          evidence('children now', group.count, 'count', `proc.group.count{${group.name}}`),
        ],
      }),
    ];
  },
};
