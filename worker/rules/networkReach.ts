// The way out: gateway, name servers, latency and IPv6, as this server and the monitors see them.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatPercent, formatValue } from '#core/format.ts';
import { beyond, boundOf, normalOf } from './boundOf.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { isActive } from './gauge.ts';
import { asks } from './layers.ts';
import { lostDefaultRoute } from './lostRoute.ts';
import { monitorSource, together } from './monitors.ts';
import type { MonitorState, Picture, Point, Rule } from './rule.ts';
import { baseline, currentRun, median } from './series.ts';

function answers(picture: Picture, route: { gateway?: string; device: string }): boolean {
  const neighbour = picture.facts.neighbours?.find(
    (n) => n.address === route.gateway && n.device === route.device,
  );
  return neighbour !== undefined && /REACHABLE|STALE|DELAY|PERMANENT|PROBE/i.test(neighbour.state);
}

/** Units of programs that answer questions for names. */
export const nameServer =
  /^(named|bind9?|unbound|dnsmasq|systemd-resolved?|pdns[-_]recursor|kresd@?|knot-resolver|stubby|dnscrypt-proxy|pihole-FTL|AdGuardHome|coredns)\b/i;

/**
 * Questions that wait at report after report, longer than a second each: whom they are asked of does not answer, be it a name server of
 * resolv.conf or the one that this machine's own resolver forwards to. What lies behind a router is seen so as well.
 */
function silentServers(picture: Picture): Finding[] {
  const { lookups, resolver } = picture.facts;
  const { unanswered, waiting = [] } = lookups ?? {};
  if (!unanswered || unanswered.reports < limitsOf('net.dns_fail').reports) return [];
  // Where nobody waits at this very moment, those of the report before count.
  const asked = waiting.length ? waiting : (picture.previousFacts?.lookups?.waiting ?? []);
  const [first] = asked.toSorted((a, b) => b.count - a.count);
  if (!first) return [];
  const servers = resolver?.nameservers ?? [];
  const named = servers.includes(first.address);
  return [
    makeFinding(picture, 'net.dns_fail', {
      subject: { kind: 'file', name: '/etc/resolv.conf' },
      since: unanswered.since,
      // Where another one is asked next, names come late.
      ...(named && servers.length > 1 && { severity: 'warning' as const }),
      confidence: 0.8,
      summary: `Names are resolved slowly or not at all: questions to the name server ${first.address}${named ? ' of /etc/resolv.conf' : ''} wait for a second or longer, at each of the last ${unanswered.reports} reports.`,
      evidence: [
        evidence(
          `questions that wait for ${first.address}`,
          first.count,
          'count',
          'facts.lookups.waiting',
          '0 at most looks',
        ),
      ],
    }),
  ];
}

interface Dead {
  address: string;
  why: string;
  source: string;
}

/**
 * The name server that is asked first does not answer, at two reports, while another one does: the resolver of glibc waits five seconds
 * for each name before it asks the next (resolv.conf(5): timeout, 5 s by default). One further down the list is never asked first; musl
 * asks all at once; where nobody listens on a port of this machine, the answer to that comes at once.
 */
function firstIsDead(picture: Picture, first: string, dead: readonly Dead[]): Finding[] {
  const gone = dead.find((d) => d.address === first && d.source === 'facts.neighbours.state');
  if (!gone || picture.facts.os?.id === 'alpine') return [];
  const neighbour = picture.facts.neighbours?.find((n) => n.address === first);
  if (neighbour && (neighbour.failingSince ?? picture.at) >= picture.at) return [];
  return [
    makeFinding(picture, 'net.dns_fail', {
      subject: { kind: 'file', name: '/etc/resolv.conf' },
      severity: 'warning',
      ...(neighbour?.failingSince !== undefined && { since: neighbour.failingSince }),
      confidence: 0.8,
      summary: `Names are resolved slowly: the name server ${first}, which /etc/resolv.conf names first, does not answer, and each question waits about 5 s before the next one is asked.`,
      evidence: [evidence(`name server ${first}`, gone.why, '', gone.source, 'answers')],
    }),
  ];
}

/**
 * Nobody answers at any of the configured name servers: on this machine nobody listens on port 53, or the neighbour entry of the
 * address has failed. What lies behind a router cannot be judged from here.
 */
function deadResolvers(picture: Picture, servers: readonly string[]): Finding[] {
  const listeners = picture.facts.listeners;
  const dead = servers.flatMap((address): Dead[] => {
    if (/^(127\.|::1$)/.test(address)) {
      return !listeners || listeners.some((l) => l.port === 53)
        ? []
        : [{ address, why: 'nobody listens on port 53', source: 'facts.listeners' }];
    }
    const state = picture.facts.neighbours?.find((n) => n.address === address)?.state;
    return state && /FAILED|INCOMPLETE/i.test(state)
      ? [{ address, why: `neighbour entry ${state}`, source: 'facts.neighbours.state' }]
      : [];
  });
  if (dead.length < servers.length) return firstIsDead(picture, servers[0]!, dead);
  // Its own name server, whose failure is told as that of its unit, is no second trouble.
  const failed = dead.some((d) => d.source === 'facts.listeners')
    ? picture.facts.units?.find((u) => u.active === 'failed' && nameServer.test(u.name))
    : undefined;
  return [
    makeFinding(picture, 'net.dns_fail', {
      subject: { kind: 'file', name: '/etc/resolv.conf' },
      confidence: 0.85,
      ...(failed && { severity: 'info' as const }),
      summary: `Names cannot be resolved: ${dead.length === 1 ? `the name server ${dead[0]!.address} of /etc/resolv.conf does` : `none of the ${dead.length} name servers of /etc/resolv.conf does`} not answer${failed ? `, because ${failed.name} has failed` : ''}.`,
      evidence: dead.map((d) => evidence(`name server ${d.address}`, d.why, '', d.source, 'answers')),
    }),
  ];
}

/** The series of a monitor, kept under its id or its name. */
function monitorSeries(
  picture: Picture,
  metric: 'probe.ms' | 'probe.loss',
  { id, name }: MonitorState,
): readonly Point[] {
  const byId = picture.series(metric, id);
  return byId.length > 0 ? byId : picture.series(metric, name);
}

/** The neighbour entry of the default gateway is FAILED or INCOMPLETE in two reports, or in one with every ping from here lost. */
export const netGateway: Rule = {
  id: 'net.gateway_down',
  find(picture, state): Finding[] {
    const limits = limitsOf('net.gateway_down');
    const routes = (picture.facts.routes ?? []).filter(
      (r) => r.gateway && /^(default|0\.0\.0\.0\/0|::\/0)$/.test(r.destination),
    );
    const failing = routes.flatMap((route) => {
      const neighbour = picture.facts.neighbours?.find(
        (n) => n.address === route.gateway && n.device === route.device,
      );
      if (!neighbour || !/FAILED|INCOMPLETE/i.test(neighbour.state)) return [];
      const before = picture.previousFacts?.neighbours?.find((n) => n.address === route.gateway);
      const entity = { kind: 'peer', name: route.gateway! } as const;
      const twice =
        (neighbour.failingSince ?? picture.at) < picture.at ||
        (before !== undefined && /FAILED|INCOMPLETE/i.test(before.state));
      const silent = (picture.latest('net.rx_packets', route.device) ?? limits.packets) < limits.packets;
      // Another default gateway that answers is the way out; the one that failed is then no emergency.
      if (routes.some((other) => other !== route && answers(picture, other))) return [];
      if (!twice && !silent && picture.reports >= 3 && !isActive(state, 'net.gateway_down', entity))
        return [];
      return [
        makeFinding(picture, 'net.gateway_down', {
          subject: entity,
          confidence: twice || silent ? 0.95 : 0.75,
          summary: `The default gateway ${route.gateway} on ${route.device} does not answer.`,
          evidence: [
            evidence(
              `neighbour entry of ${route.gateway}`,
              neighbour.state,
              '',
              'facts.neighbours.state',
              'REACHABLE or STALE',
            ),
            evidence('interface', route.device, '', 'facts.routes.device'),
          ],
        }),
      ];
    });
    return failing.length ? failing : lostDefaultRoute(picture);
  },
};

/** No name server is configured, or the dns monitors of this server's own resolver fail. */
export const netDns: Rule = {
  id: 'net.dns_fail',
  find(picture): Finding[] {
    const monitors = picture.monitors.filter(
      (m) => m.kind === 'dns' && m.state === 'down' && /^dns-(timeout|servfail|refused)$/.test(m.code),
    );
    const found = monitors.map((m) =>
      makeFinding(picture, 'net.dns_fail', {
        subject: { kind: 'monitor', name: m.name },
        since: m.since,
        summary: `Name resolution fails: ${m.summary || m.code}`,
        evidence: [evidence(m.name, m.summary || m.code, '', `monitor dns ${m.target}`, 'an answer')],
      }),
    );
    const resolver = picture.facts.resolver;
    if (found.length > 0 || !resolver) return found;
    if (resolver.nameservers.length > 0) {
      const dead = deadResolvers(picture, resolver.nameservers);
      return dead.length ? dead : silentServers(picture);
    }
    if ((picture.facts.listeners ?? []).some((l) => l.port === 53)) return found;
    const had = picture.previousFacts?.resolver?.nameservers.length ?? 0;
    // A machine without any network needs no resolver.
    if (had === 0 && !(picture.facts.routes ?? []).some((r) => r.gateway)) return found;
    return [
      makeFinding(picture, 'net.dns_fail', {
        subject: { kind: 'file', name: '/etc/resolv.conf' },
        confidence: 0.8,
        summary: 'No name server is configured: names cannot be resolved.',
        evidence: [evidence('name servers', 0, 'count', 'facts.resolver.nameservers', 'at least 1')],
      }),
    ];
  },
};

/** A reply takes several times as long as usual, or packets are lost; it still answers. */
export const netLatency: Rule = {
  id: 'net.latency',
  find(picture, state): Finding[] {
    return picture.monitors
      .filter((m) => m.kind === 'ping' && m.state !== 'down' && m.state !== 'paused')
      .flatMap((m) => {
        const subject = { kind: 'monitor', name: m.name } as const;
        const { times, extra } = limitsOf('net.latency');
        const slow = slowerThanUsual(picture, isActive(state, 'net.latency', subject), m, times, extra);
        const losses = monitorSeries(picture, 'probe.loss', m);
        const loss = losses.at(-1)?.[1] ?? 0;
        const bound = boundOf(state, 'net.latency');
        const lossy = currentRun(
          losses,
          beyond(bound, bound.raise),
          beyond(bound, bound.clear),
          bound.samples,
          isActive(state, 'net.latency', subject),
        );
        if (!slow && !lossy && !(m.state === 'degraded' && /^ping-(slow|loss)$/.test(m.code))) return [];
        return [
          makeFinding(picture, 'net.latency', {
            subject,
            since: slow?.since ?? lossy?.since ?? m.since,
            ...(lossy ? { bound } : {}),
            severity: 'info',
            summary: slow
              ? `${m.name}: a reply takes ${formatValue(slow.value, 'ms')}; usual are ${formatValue(slow.usual, 'ms')}.`
              : `${m.name}: ${m.summary || `${formatPercent(loss)} of the packets are lost.`}`,
            evidence: [
              ...(slow
                ? [
                    evidence(
                      'time of a reply',
                      slow.value,
                      'ms',
                      `probe.ms{${m.id}}`,
                      `about ${formatValue(slow.usual, 'ms')}`,
                    ),
                  ]
                : []),
              evidence('packet loss', loss, 'percent', `probe.loss{${m.id}}`, normalOf(bound)),
            ],
          }),
        ];
      });
  },
};

/** The run of a monitor's response time beyond `factor` × its usual and `extra` ms more; undefined without a history. */
export function slowerThanUsual(
  picture: Picture,
  active: boolean,
  monitor: MonitorState,
  factor: number,
  extra: number,
): { since: number; at: number; value: number; usual: number } | undefined {
  const points = monitorSeries(picture, 'probe.ms', monitor);
  const last = points.at(-1);
  if (!last || picture.at - last[0] > 900) return undefined;
  const usual = baseline(points, last[0] - 600, 10)?.median;
  if (usual === undefined) return undefined;
  const bound = Math.max(factor * usual, usual + extra);
  const run = currentRun(
    points,
    (v) => v > bound,
    (v) => v > 0.7 * bound,
    3,
    active,
  );
  return run && { since: run.since, at: run.at, value: median(points.slice(-3).map((p) => p[1]))!, usual };
}

const isSix = (target: string) => /\[[0-9a-f:]+\]|^[0-9a-f]*:[0-9a-f:]+$/i.test(target);

function familyOf({ target, details }: MonitorState): 4 | 6 {
  const { family, address } = details;
  return family === 6 || isSix(target) || (typeof address === 'string' && address.includes(':')) ? 6 : 4;
}

/**
 * Monitors over IPv6 that get no answer although IPv4 works (OWN): all of them, where none gets one; or else those of which one of the same
 * kind and port over IPv4 is up.
 */
export function muteOverIpv6({ monitors }: Picture): MonitorState[] {
  const asked = monitors.filter((m) => asks(m) && m.state !== 'pending');
  const six = asked.filter((m) => familyOf(m) === 6);
  const up = asked.filter((m) => m.state === 'up' && familyOf(m) === 4);
  const mute = six.filter(
    (m) => m.state === 'down' && /^connect-(unreachable|timeout)$|^ping-timeout$/.test(m.code),
  );
  if (mute.length > 1 && mute.length === six.length && up.length) return mute;
  return mute.filter((m) => up.some((o) => o.kind === m.kind && o.about.port === m.about.port));
}

/** Of one monitor, or of the server where several services do not answer over IPv6, or its ping among them. */
export const netIpv6: Rule = {
  id: 'net.ipv6_broken',
  find(picture): Finding[] {
    const mute = muteOverIpv6(picture);
    const services = new Set(mute.map((m) => m.about.port));
    if (services.size > 1) {
      const subject = serverSubject(picture);
      const all = together(
        picture,
        'net.ipv6_broken',
        subject,
        mute,
        `${subject.name} does not answer over IPv6 while IPv4 works; ${mute.length} monitors get no reply at all.`,
      );
      return [{ ...all, severity: 'warning' }];
    }
    return mute.map((m) =>
      makeFinding(picture, 'net.ipv6_broken', {
        subject: { kind: 'monitor', name: m.name },
        since: m.since,
        severity: 'info',
        summary: `${m.name} fails over IPv6 while IPv4 works.`,
        evidence: [evidence(m.name, m.summary || m.code, '', monitorSource(m), 'an answer')],
      }),
    );
  },
};
