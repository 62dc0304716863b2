// The links of this server: errors, drops, carriers, speed. Rates are per second; a share needs enough packets to mean something.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';
import { baseline, totalRise } from './series.ts';

const hour = 3600;

function packets(picture: Picture, name: string): number {
  return (picture.latest('net.rx_packets', name) ?? 0) + (picture.latest('net.tx_packets', name) ?? 0);
}

function link(picture: Picture, name: string) {
  const nic = picture.facts.interfaces?.find((i) => i.name === name);
  return [
    ...(nic?.speed ? [evidence(`speed of ${name}`, nic.speed, 'Mbit/s', 'facts.interfaces.speed')] : []),
    ...(nic?.duplex
      ? [evidence(`duplex of ${name}`, nic.duplex, '', 'facts.interfaces.duplex', 'full')]
      : []),
  ];
}

function slaveOf(picture: Picture, name: string): boolean {
  return (picture.facts.bonds ?? []).some((b) => b.slaves.some((s) => s.name === name));
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
          ? `The kernel drops ${formatCount(run.value)} packets a second because no core takes them in time.`
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
      // A port of a bridge or of tagged networks has no address of its own, but traffic.
      const busy =
        /^(en[^i]|eth|em\d|p\d+p\d|ib)/.test(nic.name) &&
        [...picture.series('net.rx_bytes', nic.name)].some(
          ([at, v]) => v > 10_000 && at > picture.at - 24 * hour,
        );
      const used = busy || nic.addresses.some((a) => a.scope !== 'link') || slaveOf(picture, nic.name);
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

/** Half duplex, or less than the speed that it had before (ZBX). */
export const netLinkSlow: Rule = {
  id: 'net.link_slow',
  find(picture, state): Finding[] {
    const once = new Map(picture.previousFacts?.interfaces?.map((i) => [i.name, i]));
    return (picture.facts.interfaces ?? []).flatMap((nic) => {
      if (nic.kind !== 'physical' || nic.operstate !== 'up') return [];
      const { speed, duplex } = once.get(nic.name) ?? {};
      const before = nic.fastest ?? speed;
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
