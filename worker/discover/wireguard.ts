// WireGuard answers nobody without a key, so that its own port cannot be probed. What can be seen from outside is whether the
// other end is there: that tells a dead peer from a broken tunnel when the handshakes stop.
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

export const wireguard: Recipe = {
  id: 'wireguard',
  propose(facts, context) {
    // A machine that is probed over loopback is looked at alone.
    if (context.loopback) return [];
    return (facts.wireguard ?? []).flatMap(({ device, endpoint, keepaliveSeconds }): MonitorProposal[] => {
      const host = /^\[?([0-9a-fA-F.:]+?)\]?:\d+$/.exec(endpoint ?? '')?.[1];
      // Keepalive marks a peer with a fixed address. One that roams (a phone) has no address that is worth a ping.
      if (!host || !keepaliveSeconds || !isPublicAddress(host) || context.addresses.includes(host)) return [];
      return [
        {
          key: `ping ${host}`,
          kind: 'ping',
          settings: { host },
          name: `Ping ${host}, the peer of ${device}`,
          reason: `${device} keeps a tunnel to ${endpoint}`,
          about: { host },
        },
      ];
    });
  },
};
