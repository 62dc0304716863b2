// Discovery: from what a server says about itself to the monitors that it deserves. One recipe a file.
import type { Facts } from '#core/facts.ts';
import { address } from './address.ts';
import { certificate } from './certificate.ts';
import { database } from './database.ts';
import { dnsName } from './dnsName.ts';
import { dnsServer } from './dnsServer.ts';
import { domain } from './domain.ts';
import { mail } from './mail.ts';
import { mailDomain } from './mailDomain.ts';
import type { MonitorProposal, Recipe, RecipeContext } from './recipe.ts';
import { ssh } from './ssh.ts';
import { webServer } from './webServer.ts';
import { wireguard } from './wireguard.ts';

/** When two recipes propose the same monitor, the one that stands first words it. */
const recipes: readonly Recipe[] = [
  address,
  webServer,
  mail,
  mailDomain,
  ssh,
  dnsServer,
  database,
  certificate,
  domain,
  dnsName,
  wireguard,
];

/** Monitors for a server. Pure; each key comes once, and the order is that of the keys, whatever the order of the facts. */
export function proposeMonitors(facts: Facts, context: RecipeContext): MonitorProposal[] {
  const proposals = new Map<string, MonitorProposal>();
  for (const recipe of recipes) {
    for (const proposal of recipe.propose(facts, context)) {
      if (!proposals.has(proposal.key)) proposals.set(proposal.key, proposal);
    }
  }
  return [...proposals.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
