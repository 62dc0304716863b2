// Domains of a mail server: mail for them comes here, and what says who may send for them stays as it is.
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { Facts, Listener } from '#core/facts.ts';
import { leadsHere } from './dnsName.ts';
import { hostName, isPublicName, registrableDomain } from './hostName.ts';
import { aboutListener, listens, reachableListeners } from './listening.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

/** As for reverse names: these records move once in years. */
const recordInterval = 3600;
const mostDomains = 100;

export const mailDomain: Recipe = {
  id: 'mail-domain',
  propose(facts, context) {
    const addresses = context.addresses.filter(isPublicAddress);
    const smtp = reachableListeners(facts, { ...context, addresses }).find(
      ({ listener }) => listener.port === 25,
    );
    if (!smtp || context.loopback) return [];
    const { listener } = smtp;
    const own = hostName(facts.mail?.hostname ?? '');
    const name = own && isPublicName(own) ? own : undefined;
    return [
      ...(name ? leadsHere(name, `${listens(listener)}; the mail server is called ${name}`, addresses) : []),
      ...domainsOf(facts, name, listener).flatMap(([domain, reason]) => {
        const about = { ...aboutListener(listener, facts), host: domain };
        return recordsOf(domain, addresses, facts.mail?.relay === undefined).map((record) => ({
          ...record,
          reason,
          about,
        }));
      }),
    ];
  },
};

/** What it takes mail for by its configuration; where that is not known, the domain that its name lies in. */
function domainsOf(
  facts: Facts,
  name: string | undefined,
  listener: Listener,
): [domain: string, reason: string][] {
  const listed = (facts.mail?.domains ?? [])
    .flatMap((one) => hostName(one) ?? [])
    .filter((one) => isPublicName(one) && one !== name && !one.startsWith('localhost.'));
  if (listed.length > 0)
    return [...new Set(listed)]
      .slice(0, mostDomains)
      .map((domain) => [domain, `${listens(listener)} and takes mail for ${domain}`]);
  const parent = name && registrableDomain(name);
  return parent ? [[parent, `${listens(listener)}; the mail server is called ${name}`]] : [];
}

type Record = Omit<MonitorProposal, 'reason' | 'about'>;

/** `sends`: whether it delivers mail itself, and not through another host whose address counts then. */
function recordsOf(domain: string, addresses: string[], sends: boolean): Record[] {
  const accept = { accept: true, mayBeAbsent: true };
  const record = (type: string, key: string, name: string, settings: object): Record => ({
    key: `dns ${key}`,
    kind: 'dns',
    settings: { name: domain, type, ...accept, ...settings },
    name,
    interval: recordInterval,
  });
  return [
    record('MX', `MX ${domain}`, `Mail for ${domain} comes here (MX)`, { pointsTo: addresses.slice(0, 50) }),
    record('TXT', `SPF ${domain}`, `Who may send mail for ${domain} (SPF)`, {
      startsWith: 'v=spf1',
      ...(sends && { senders: addresses.slice(0, 50) }),
    }),
    record('TXT', `DMARC ${domain}`, `What receivers do with forged mail of ${domain} (DMARC)`, {
      name: `_dmarc.${domain}`,
      startsWith: 'v=DMARC1',
    }),
  ];
}
