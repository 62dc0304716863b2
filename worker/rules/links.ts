// The links of this server: carriers, speed, bonds.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import { isActive } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';
import { totalRise } from './series.ts';

export function link(picture: Picture, name: string) {
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

/** An interface with an address or a route that lost its carrier after it had one. */
export const netLinkDown: Rule = {
  id: 'net.link_down',
  find(picture, state): Finding[] {
    const since = picture.at - limitsOf('net.link_down').window;
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
      const carried = [...picture.series('net.rx_bytes', nic.name)].some(([at, v]) => v > 0 && at > since);
      const event = picture.events.findLast(
        (e) => e.kind === 'kernel.link_down' && e.subject === nic.name && e.at > since,
      );
      // A port of a bridge or of tagged networks has no address of its own, but traffic.
      const busy =
        /^(en[^i]|eth|em\d|p\d+p\d|ib)/.test(nic.name) &&
        [...picture.series('net.rx_bytes', nic.name)].some(([at, v]) => v > 10_000 && at > since);
      const used = busy || nic.addresses.some((a) => a.scope !== 'link') || slaveOf(picture, nic.name);
      // It leads to others: somebody relies on it, also when no report saw it work. Without gateway only its own network.
      const leads = (picture.facts.routes ?? []).some(
        (r) => r.device === nic.name && r.gateway !== undefined,
      );
      const was =
        before?.operstate === 'up' ||
        leads ||
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

/** Half duplex, or less than the speed that it had before. */
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

/** A slave of a bond is down. */
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

/** Carrier changes, again and again. */
export const netFlap: Rule = {
  id: 'net.flap',
  find(picture): Finding[] {
    const limits = limitsOf('net.flap');
    const from = picture.at - limits.window;
    return (picture.facts.interfaces ?? []).flatMap((nic) => {
      if (/^(veth|docker|br-|virbr)/.test(nic.name)) return [];
      const ups = picture.events.filter(
        (e) => e.kind === 'kernel.link_down' && e.subject === nic.name && e.at > from,
      );
      const rise = totalRise(picture.series('net.carrier_changes', nic.name), from);
      const changes = Math.max(2 * ups.length, rise);
      if (changes <= limits.changes) return [];
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
              `at most ${limits.changes} an hour`,
            ),
            ...(ups.length ? [evidence('kernel log', ups.at(-1)!.text, '', 'dmesg')] : []),
          ],
        }),
      ];
    });
  },
};
