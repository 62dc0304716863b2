// Domains: each registered domain that this server serves must not expire.
import type { Facts } from '#core/facts.ts';
import { hostName, registrableDomain } from './hostName.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

/** Registries limit how often they may be asked, and an expiry date moves once a year. */
const lookupInterval = 12 * 3600;

export const domain: Recipe = {
  id: 'domain',
  propose(facts) {
    const domains = new Map<string, { host: string; source: string }>();
    for (const { name, source } of namesOf(facts)) {
      const host = hostName(name.replace(/^\*\./, ''));
      const registered = host && registrableDomain(host);
      if (registered && !domains.has(registered)) domains.set(registered, { host, source });
    }
    return [...domains].map(([registered, { host, source }]): MonitorProposal => ({
      key: `domain ${registered}`,
      kind: 'domain',
      settings: { name: registered },
      name: `Registration of ${registered}`,
      reason: `${source} ${host}`,
      interval: lookupInterval,
      about: { host: registered },
    }));
  },
};

function namesOf(facts: Facts): { name: string; source: string }[] {
  const hosts = (facts.virtualHosts ?? []).flatMap(({ server, names }) =>
    names.map((name) => ({ name, source: `${server} serves` })),
  );
  // A certificate that nothing uses may belong to somebody else.
  const certificates = (facts.certificates ?? [])
    .filter(({ usedBy }) => usedBy.length > 0)
    .flatMap(({ path, names }) => names.map((name) => ({ name, source: `The certificate ${path} names` })));
  const mail = facts.mail?.hostname
    ? [{ name: facts.mail.hostname, source: 'The mail server is called' }]
    : [];
  return [...hosts, ...certificates, ...mail];
}
