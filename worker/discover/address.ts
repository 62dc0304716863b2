// Addresses: each one answers ping, and exactly the expected ports are open to the internet.
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { Facts } from '#core/facts.ts';
import { isDatabase } from './database.ts';
import { reachable } from './listening.ts';
import type { MonitorProposal, Recipe, RecipeContext } from './recipe.ts';

/** A scan of all ports takes half a minute and thousands of packets: four a day are polite. */
const scanInterval = 6 * 3600;

export const address: Recipe = {
  id: 'address',
  propose(facts, context) {
    return context.addresses.flatMap((one) => {
      const proposals = [ping(one, facts, context)];
      // Over loopback each listener is open by nature, and between private addresses nothing says what should be.
      if (!context.loopback && isPublicAddress(one)) proposals.push(scan(one, facts, context));
      return proposals;
    });
  },
};

function ping(host: string, facts: Facts, context: RecipeContext): MonitorProposal {
  const device = deviceOf(host, facts);
  return {
    key: `ping ${host}`,
    kind: 'ping',
    settings: { host },
    name: `Ping ${host}`,
    reason: context.loopback
      ? 'Rootnote runs on this server and reaches it over loopback'
      : device
        ? `${device} has the address ${host}`
        : `The server is reached at ${host}`,
    about: { host },
  };
}

function scan(host: string, facts: Facts, context: RecipeContext): MonitorProposal {
  const open = (facts.listeners ?? []).filter(
    (listener) =>
      listener.protocol === 'tcp' && !isDatabase(listener) && reachable(listener, context).includes(host),
  );
  const expectedOpen = [...new Set(open.map(({ port }) => port))].sort((a, b) => a - b).slice(0, 1000);
  const device = deviceOf(host, facts);
  return {
    key: `ports ${host}`,
    kind: 'ports',
    settings: { host, expectedOpen },
    name: `Open ports of ${host}`,
    reason: device ? `${device} has the public address ${host}` : `The server is reached at ${host}`,
    interval: scanInterval,
    about: { host },
  };
}

function deviceOf(host: string, facts: Facts): string | undefined {
  return facts.interfaces?.find(({ addresses }) => addresses.some((one) => one.address === host))?.name;
}
