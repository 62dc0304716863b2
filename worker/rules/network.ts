// The network as this server sees it: links, drops, the way out. Rates are per second; a share needs enough packets to mean something.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import type { MonitorState, Picture, Point, Rule, RuleState } from './rule.ts';
import { baseline, currentRun, median, totalRise } from './series.ts';

const hour = 3600;

function packets(picture: Picture, name: string): number {
  return (picture.latest('net.rx_packets', name) ?? 0) + (picture.latest('net.tx_packets', name) ?? 0);
}

/** More than 1 % of packets (NM, 1 h), or more than 5 in 10 min (ND) in three samples: 0.01 a second. */
export const netErrors: Rule = {
  id: 'net.errors',
  find(picture, state): Finding[] {
    return picture.subjects('net.errors').flatMap((name) => {
      const entity = { kind: 'interface', name } as const;
      const run = gauge(picture, state, {
        id: 'net.errors',
        entity,
        metric: 'net.errors',
        of: name,
        raise: 0.01,
        clear: 0.001,
        samples: 2,
        single: 1,
      });
      if (!run) return [];
      const share = (100 * run.value) / Math.max(1, packets(picture, name) + run.value);
      return [
        makeFinding(picture, 'net.errors', {
          subject: entity,
          since: run.since,
          bound: run.bound,
          severity: share > 10 ? 'critical' : 'warning',
          summary: `${name} receives or sends damaged frames: ${formatValue(run.value, '/s')}, ${formatPercent(share)} of its packets.`,
          evidence: [
            evidence(`damaged frames of ${name}`, run.value, '/s', `net.errors{${name}}`, '0/s'),
            evidence(`packets of ${name}`, packets(picture, name), 'packets/s', `net.rx_packets{${name}}`),
            ...link(picture, name),
          ],
        }),
      ];
    });
  },
};

function link(picture: Picture, name: string) {
  const nic = picture.facts.interfaces?.find((i) => i.name === name);
  return [
    ...(nic?.speed ? [evidence(`speed of ${name}`, nic.speed, 'Mbit/s', 'facts.interfaces.speed')] : []),
    ...(nic?.duplex
      ? [evidence(`duplex of ${name}`, nic.duplex, '', 'facts.interfaces.duplex', 'full')]
      : []),
  ];
}

/** Drops >= 2 % of packets (ND net.conf) with more than 15 packets a second, three samples. */
export const netDrops: Rule = {
  id: 'net.drops',
  find(picture, state): Finding[] {
    return picture.subjects('net.drops').flatMap((name) => {
      const entity = { kind: 'interface', name } as const;
      const run = gauge(picture, state, {
        id: 'net.drops',
        entity,
        metric: 'net.drops',
        of: name,
        raise: 0.5,
        clear: 0.1,
        samples: 3,
        single: 20,
      });
      const all = packets(picture, name);
      const share = run ? (100 * run.value) / Math.max(1, all + run.value) : 0;
      if (!run || all < 15 || share < (isActive(state, 'net.drops', entity) ? 1 : 2)) return [];
      return [
        makeFinding(picture, 'net.drops', {
          subject: entity,
          since: run.since,
          bound: run.bound,
          summary: `${name} drops ${formatPercent(share)} of its packets (${formatValue(run.value, '/s')}).`,
          evidence: [
            evidence(
              `packets dropped by ${name}`,
              run.value,
              '/s',
              `net.drops{${name}}`,
              'below 2 % of packets',
            ),
            evidence(`packets of ${name}`, all, 'packets/s', `net.rx_packets{${name}}`),
          ],
        }),
      ];
    });
  },
};

/** The kernel's own queue: dropped > 0, or squeezed > 10 a second (ND softnet.conf). */
export const netSoftnet: Rule = {
  id: 'net.softnet',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const dropped = gauge(picture, state, {
      id: 'net.softnet',
      entity,
      metric: 'net.softnet_dropped',
      raise: 0.2,
      clear: 0.02,
      samples: 2,
      single: 5,
    });
    const squeezed = gauge(picture, state, {
      id: 'net.softnet',
      entity,
      metric: 'net.softnet_squeezed',
      raise: 10,
      clear: 5,
      samples: 3,
      single: 50,
    });
    const run = dropped ?? squeezed;
    if (!run) return [];
    return [
      makeFinding(picture, 'net.softnet', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        severity: dropped ? 'warning' : 'info',
        summary: dropped
          ? `The kernel drops ${formatValue(run.value, '/s')} packets because no core takes them in time.`
          : `The kernel runs out of its time slice for packets ${formatValue(run.value, '/s')}.`,
        evidence: [
          evidence(
            'packets dropped from the kernel backlog',
            dropped?.value ?? 0,
            '/s',
            'net.softnet_dropped',
            '0/s',
          ),
          evidence(
            'time slices used up',
            picture.latest('net.softnet_squeezed') ?? 0,
            '/s',
            'net.softnet_squeezed',
            'below 10/s',
          ),
        ],
      }),
    ];
  },
};

/** More than ten times the usual and more than 50 a second (ND). */
export const netResets: Rule = {
  id: 'net.resets',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'net.resets',
      entity,
      metric: 'net.tcp.resets',
      raise: 50,
      clear: 20,
      samples: 3,
      single: 'never',
    });
    if (!run) return [];
    const usual = baseline(picture.series('net.tcp.resets'), run.since);
    if (!usual || run.value < 10 * Math.max(1, usual.median)) return [];
    return [
      makeFinding(picture, 'net.resets', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        severity: 'info',
        summary: `This server refuses or cuts ${formatValue(run.value, '/s')} connections; usual are ${formatValue(usual.median, '/s')}.`,
        evidence: [
          evidence(
            'TCP resets sent',
            run.value,
            '/s',
            'net.tcp.resets',
            `about ${formatValue(usual.median, '/s')}`,
          ),
        ],
      }),
    ];
  },
};

/** An interface with an address or a route that lost its carrier after it had one (ZBX). */
export const netLinkDown: Rule = {
  id: 'net.link_down',
  find(picture, state): Finding[] {
    return (picture.facts.interfaces ?? []).flatMap((nic) => {
      if (
        nic.kind === 'loopback' ||
        nic.kind === 'wireguard' ||
        nic.kind === 'tunnel' ||
        nic.operstate !== 'down'
      )
        return [];
      const entity = { kind: 'interface', name: nic.name } as const;
      const before = picture.previousFacts?.interfaces?.find((i) => i.name === nic.name);
      const carried = [...picture.series('net.rx_bytes', nic.name)].some(
        ([at, v]) => v > 0 && at > picture.at - 24 * hour,
      );
      const event = picture.events.findLast(
        (e) => e.kind === 'kernel.link_down' && e.subject === nic.name && e.at > picture.at - 24 * hour,
      );
      const used = nic.addresses.some((a) => a.scope !== 'link') || slaveOf(picture, nic.name);
      const was =
        before?.operstate === 'up' ||
        carried ||
        event !== undefined ||
        isActive(state, 'net.link_down', entity);
      // Bridges of containers come and go with their containers.
      if (!used || !was || /^(veth|docker|br-|virbr|lxc|cni|flannel|cali)/.test(nic.name)) return [];
      return [
        makeFinding(picture, 'net.link_down', {
          subject: entity,
          since: event?.at,
          confidence: 0.95,
          summary: `${nic.name} has lost its link.`,
          evidence: [
            evidence(`state of ${nic.name}`, nic.operstate, '', 'facts.interfaces.operstate', 'up'),
            ...(event ? [evidence('kernel log', event.text, '', 'dmesg')] : []),
          ],
        }),
      ];
    });
  },
};

function slaveOf(picture: Picture, name: string): boolean {
  return (picture.facts.bonds ?? []).some((b) => b.slaves.some((s) => s.name === name));
}

/** Half duplex, or less than the speed that it had before (ZBX). */
export const netLinkSlow: Rule = {
  id: 'net.link_slow',
  find(picture, state): Finding[] {
    const once = new Map(picture.previousFacts?.interfaces?.map((i) => [i.name, i]));
    return (picture.facts.interfaces ?? []).flatMap((nic) => {
      if (nic.kind !== 'physical' || nic.operstate !== 'up') return [];
      const { speed: before, duplex } = once.get(nic.name) ?? {};
      const half = nic.duplex === 'half';
      const slower = before !== undefined && nic.speed !== undefined && nic.speed > 0 && nic.speed < before;
      // It stays slow until it is faster again, or no longer half duplex.
      const better = (nic.speed ?? 0) > (before ?? Infinity) || (duplex === 'half' && !half);
      const active = isActive(state, 'net.link_slow', { kind: 'interface', name: nic.name });
      const fell = slower || (active && !better);
      if (!half && !fell) return [];
      return [
        makeFinding(picture, 'net.link_slow', {
          subject: { kind: 'interface', name: nic.name },
          summary: `${nic.name} runs at ${nic.speed ?? 'an unknown'} Mbit/s, ${nic.duplex ?? 'unknown'} duplex${
            slower ? `; it had ${before} Mbit/s` : ''
          }.`,
          evidence: link(picture, nic.name),
        }),
      ];
    });
  },
};

/** A slave of a bond is down (NM, APA). */
export const netBond: Rule = {
  id: 'net.bond_degraded',
  find: (picture) =>
    (picture.facts.bonds ?? []).flatMap((b) => {
      const down = b.slaves.filter((s) => !s.up);
      if (down.length === 0) return [];
      return [
        makeFinding(picture, 'net.bond_degraded', {
          subject: { kind: 'interface', name: b.name },
          summary: `${b.name} runs with ${b.slaves.length - down.length} of ${b.slaves.length} links: ${down.map((s) => s.name).join(', ')} is down.`,
          evidence: [
            evidence(
              `slaves of ${b.name} that are up`,
              b.slaves.length - down.length,
              'count',
              'facts.bonds.slaves',
              String(b.slaves.length),
            ),
          ],
        }),
      ];
    }),
};

/** More than three carrier changes in an hour (OWN). */
export const netFlap: Rule = {
  id: 'net.flap',
  find(picture): Finding[] {
    return (picture.facts.interfaces ?? []).flatMap((nic) => {
      if (/^(veth|docker|br-|virbr)/.test(nic.name)) return [];
      const ups = picture.events.filter(
        (e) => e.kind === 'kernel.link_down' && e.subject === nic.name && e.at > picture.at - hour,
      );
      const rise = totalRise(picture.series('net.carrier_changes', nic.name), picture.at - hour);
      const changes = Math.max(2 * ups.length, rise);
      if (changes <= 3) return [];
      return [
        makeFinding(picture, 'net.flap', {
          subject: { kind: 'interface', name: nic.name },
          since: ups[0]?.at,
          summary: `The link of ${nic.name} came and went ${formatCount(Math.ceil(changes / 2))} times in the last hour.`,
          evidence: [
            evidence(
              `carrier changes of ${nic.name}`,
              changes,
              'count',
              `net.carrier_changes{${nic.name}}`,
              'at most 3 an hour',
            ),
            ...(ups.length ? [evidence('kernel log', ups.at(-1)!.text, '', 'dmesg')] : []),
          ],
        }),
      ];
    });
  },
};

/** The neighbour entry of the default gateway is FAILED or INCOMPLETE in two reports, or in one with every ping from here lost. */
export const netGateway: Rule = {
  id: 'net.gateway_down',
  find(picture, state): Finding[] {
    const routes = (picture.facts.routes ?? []).filter(
      (r) => r.gateway && /^(default|0\.0\.0\.0\/0|::\/0)$/.test(r.destination),
    );
    return routes.flatMap((route) => {
      const neighbour = picture.facts.neighbours?.find(
        (n) => n.address === route.gateway && n.device === route.device,
      );
      if (!neighbour || !/FAILED|INCOMPLETE/i.test(neighbour.state)) return [];
      const before = picture.previousFacts?.neighbours?.find((n) => n.address === route.gateway);
      const entity = { kind: 'peer', name: route.gateway! } as const;
      const twice = before && /FAILED|INCOMPLETE/i.test(before.state);
      const silent = (picture.latest('net.rx_packets', route.device) ?? 1) < 0.5;
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
  },
};

function answers(picture: Picture, route: { gateway?: string; device: string }): boolean {
  const neighbour = picture.facts.neighbours?.find(
    (n) => n.address === route.gateway && n.device === route.device,
  );
  return neighbour !== undefined && /REACHABLE|STALE|DELAY|PERMANENT|PROBE/i.test(neighbour.state);
}

/**
 * Nobody answers at any of the configured name servers: on this machine nobody listens on port 53, or the neighbour entry of the
 * address has failed. What lies behind a router cannot be judged from here.
 */
function deadResolvers(picture: Picture, servers: readonly string[]): Finding[] {
  const listeners = picture.facts.listeners;
  const dead = servers.flatMap((address): { address: string; why: string; source: string }[] => {
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
  if (dead.length < servers.length) return [];
  return [
    makeFinding(picture, 'net.dns_fail', {
      subject: { kind: 'file', name: '/etc/resolv.conf' },
      confidence: 0.85,
      summary: `Names cannot be resolved: ${dead.length === 1 ? `the name server ${dead[0]!.address} of /etc/resolv.conf does` : `none of the ${dead.length} name servers of /etc/resolv.conf does`} not answer.`,
      evidence: dead.map((d) => evidence(`name server ${d.address}`, d.why, '', d.source, 'answers')),
    }),
  ];
}

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
    if (resolver.nameservers.length > 0) return deadResolvers(picture, resolver.nameservers);
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

/** Response time of a ping monitor more than three times its median and 30 ms more (OWN), or loss > 5 %; it still answers. */
export const netLatency: Rule = {
  id: 'net.latency',
  find(picture, state): Finding[] {
    return picture.monitors
      .filter((m) => m.kind === 'ping' && m.state !== 'down' && m.state !== 'paused')
      .flatMap((m) => {
        const subject = { kind: 'monitor', name: m.name } as const;
        const slow = slowerThanUsual(picture, state, 'net.latency', m, 3, 30);
        const losses = monitorSeries(picture, 'probe.loss', m);
        const loss = losses.at(-1)?.[1] ?? 0;
        const lossy = currentRun(
          losses,
          (v) => v > 5,
          (v) => v > 2,
          3,
          isActive(state, 'net.latency', subject),
        );
        if (!slow && !lossy && !(m.state === 'degraded' && /^ping-(slow|loss)$/.test(m.code))) return [];
        return [
          makeFinding(picture, 'net.latency', {
            subject,
            since: slow?.since ?? lossy?.since ?? m.since,
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
              evidence('packet loss', loss, 'percent', `probe.loss{${m.id}}`, 'below 5 %'),
            ],
          }),
        ];
      });
  },
};

/** The series of a monitor, kept under its id or its name. */
function monitorSeries(
  picture: Picture,
  metric: 'probe.ms' | 'probe.loss',
  { id, name }: MonitorState,
): readonly Point[] {
  const byId = picture.series(metric, id);
  return byId.length > 0 ? byId : picture.series(metric, name);
}

/** The run of a monitor's response time beyond `factor` × its usual and `extra` ms more; undefined without a history. */
export function slowerThanUsual(
  picture: Picture,
  state: RuleState,
  id: 'net.latency' | 'svc.http_slow',
  monitor: MonitorState,
  factor: number,
  extra: number,
): { since: number; value: number; usual: number } | undefined {
  const points = monitorSeries(picture, 'probe.ms', monitor);
  const subject = { kind: 'monitor', name: monitor.name } as const;
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
    isActive(state, id, subject),
  );
  return run && { since: run.since, value: median(points.slice(-3).map((p) => p[1]))!, usual };
}

/** A monitor over IPv6 is down while one of the same place over IPv4 is up (OWN). */
export const netIpv6: Rule = {
  id: 'net.ipv6_broken',
  find(picture): Finding[] {
    const isSix = (target: string) => /\[[0-9a-f:]+\]|^[0-9a-f]*:[0-9a-f:]+$/i.test(target);
    const family = (m: { target: string; details: Record<string, unknown> }) =>
      m.details['family'] === 6 ||
      isSix(m.target) ||
      (typeof m.details['address'] === 'string' && m.details['address'].includes(':'))
        ? 6
        : 4;
    return picture.monitors
      .filter(
        (m) =>
          m.state === 'down' &&
          family(m) === 6 &&
          /^connect-(unreachable|timeout)$|^ping-timeout$/.test(m.code),
      )
      .filter((m) =>
        picture.monitors.some(
          (o) => o.state === 'up' && family(o) === 4 && o.kind === m.kind && o.about.port === m.about.port,
        ),
      )
      .map((m) =>
        makeFinding(picture, 'net.ipv6_broken', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          severity: 'info',
          summary: `${m.name} fails over IPv6 while IPv4 works.`,
          evidence: [evidence(m.name, m.summary || m.code, '', `monitor ${m.kind} ${m.target}`, 'an answer')],
        }),
      );
  },
};
