// Names: each one that a web server serves leads to this server, or else to what stands in front of it, as it did at first.
import { isIPv6 } from 'node:net';
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { Facts } from '#core/facts.ts';
import { hostName, isPublicName } from './hostName.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

/** A record moves seldom, and caches keep the old one for a while. */
const nameInterval = 300;
const mostNames = 500;

export const dnsName: Recipe = {
  id: 'dns-name',
  propose(facts, context) {
    const addresses = context.addresses.filter(isPublicAddress);
    return [...namesOf(facts)]
      .slice(0, mostNames)
      .flatMap(([name, reason]) => leadsHere(name, reason, addresses));
  },
};

function namesOf(facts: Facts): Map<string, string> {
  const names = new Map<string, string>();
  for (const { server, names: all, source } of facts.virtualHosts ?? []) {
    for (const name of all.flatMap((one) => hostName(one) ?? [])) {
      if (isPublicName(name) && !names.has(name))
        names.set(name, `${server} serves ${name}${source ? ` (${source})` : ''}`);
    }
  }
  return names;
}

/**
 * One monitor for each family that the server has. A name that leads elsewhere at the first look (a CDN, a proxy, an old site) or does
 * not exist is meant so: what is told is that it moved away.
 */
export function leadsHere(name: string, reason: string, addresses: string[]): MonitorProposal[] {
  return (['A', 'AAAA'] as const).flatMap((type) => {
    const pointsTo = addresses.filter((address) => isIPv6(address) === (type === 'AAAA'));
    if (pointsTo.length === 0) return [];
    return [
      {
        key: `dns ${type} ${name}`,
        kind: 'dns' as const,
        settings: { name, type, pointsTo: pointsTo.slice(0, 50), accept: true, mayBeAbsent: true },
        name: `${name} leads here (${type})`,
        reason,
        interval: nameInterval,
        about: { host: name },
      },
    ];
  });
}
