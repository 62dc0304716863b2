// DNS servers: they answer over UDP and over TCP, and all servers of their zones say the same.
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { Facts, Listener } from '#core/facts.ts';
import { hostPort } from '#core/probeTarget.ts';
import { aboutListener, listens, reachable } from './listening.ts';
import { isPublicName } from './hostName.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

const servers = /^(named|unbound|dnsmasq|pdns|nsd|knotd|kresd|coredns|bind)/;

export const dnsServer: Recipe = {
  id: 'dns-server',
  propose(facts, context) {
    const found = (facts.listeners ?? []).filter(
      ({ process, port }) => port === 53 && (process === undefined || servers.test(process)),
    );
    const ports = found.flatMap((listener) =>
      reachable(listener, context).map((address): MonitorProposal => {
        const { protocol } = listener as Pick<Listener, 'protocol'>;
        const label = listener.process ? ` (${listener.process})` : '';
        return {
          key: `port ${protocol} ${hostPort(address, 53)}`,
          kind: 'port',
          settings: { host: address, port: 53, protocol },
          name: `DNS over ${protocol.toUpperCase()} at ${address}${label}`,
          reason: `${listens(listener)} over ${protocol.toUpperCase()}`,
          about: aboutListener(listener, facts, address),
        };
      }),
    );
    const addresses = context.addresses.filter(isPublicAddress);
    const answers = found.find((listener) => reachable(listener, { ...context, addresses }).length > 0);
    return answers ? [...ports, ...zonesOf(facts, answers, addresses)] : ports;
  },
};

/** Secondaries are told of a new zone within minutes, and ask by themselves every hour or so. */
const zoneInterval = 3600;
const mostZones = 100;

/** Delegated by the public DNS. BIND brings reverse zones of loopback and the like, and a private range is delegated to nobody. */
function isPublicZone(name: string): boolean {
  const labels = /^([\d.]+)\.in-addr\.arpa$/.exec(name)?.[1]?.split('.').reverse();
  if (!labels) return /\.ip6\.arpa$/.test(name) ? /(^|\.)[23]\.ip6\.arpa$/.test(name) : isPublicName(name);
  return isPublicAddress([...labels, '1', '1', '1'].slice(0, 4).join('.'));
}

/**
 * Each zone that is delegated to this server: its name servers are the same everywhere, none is lame, and all have the same serial. A zone
 * that the public DNS has from elsewhere, or not at all (an internal one), is left alone.
 */
function zonesOf(facts: Facts, listener: Listener, addresses: string[]): MonitorProposal[] {
  const zones = new Map((facts.dnsZones ?? []).map(({ name, source }) => [name, source]));
  return [...zones]
    .filter(([name]) => isPublicZone(name))
    .slice(0, mostZones)
    .map(([name, source]) => ({
      key: `dns NS ${name}`,
      kind: 'dns',
      settings: {
        name,
        type: 'NS',
        pointsTo: addresses.slice(0, 50),
        authoritative: true,
        accept: true,
        mayBeAbsent: true,
      },
      name: `Name servers of ${name} agree`,
      reason: `${listens(listener)} and answers for ${name} (${source})`,
      interval: zoneInterval,
      about: { ...aboutListener(listener, facts), host: name },
    }));
}
