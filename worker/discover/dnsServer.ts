// DNS servers: they answer over UDP and over TCP.
import type { Listener } from '#core/facts.ts';
import { hostPort } from '#core/probeTarget.ts';
import { aboutListener, listens, reachable } from './listening.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

const servers = /^(named|unbound|dnsmasq|pdns|nsd|knotd|kresd|coredns|bind)/;

export const dnsServer: Recipe = {
  id: 'dns-server',
  propose(facts, context) {
    const found = (facts.listeners ?? []).filter(
      ({ process, port }) => port === 53 && (process === undefined || servers.test(process)),
    );
    return found.flatMap((listener) =>
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
  },
};
