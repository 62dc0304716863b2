// Mail servers: ports answer, TLS is in order for the server's name, and its addresses resolve back to that name.
import { isIPv6 } from 'node:net';
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { Facts, Listener } from '#core/facts.ts';
import { hostName, isPublicName } from './hostName.ts';
import { aboutListener, listens, openPort, pinned, preferred, reachableListeners } from './listening.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

/** `master` is Postfix. */
const mailProcesses =
  /^(master|smtpd|exim|sendmail|opensmtpd|dovecot|cyrus|imapd|courier|haraka|stalwart|maddy)/;
/** What the service says first; `starttls` where TLS begins in mid-conversation. Ports 465, 993 and 995 begin with TLS. */
const services: Record<number, { greeting?: string; starttls?: 'smtp' | 'imap' | 'pop3' }> = {
  25: { greeting: '220', starttls: 'smtp' },
  587: { greeting: '220', starttls: 'smtp' },
  465: {},
  143: { greeting: '* OK', starttls: 'imap' },
  993: {},
  110: { greeting: '+OK', starttls: 'pop3' },
  995: {},
};

export const mail: Recipe = {
  id: 'mail',
  propose(facts, context) {
    const listeners = reachableListeners(facts, context).filter(
      ({ listener }) =>
        Object.hasOwn(services, listener.port) &&
        (listener.process === undefined || mailProcesses.test(listener.process)),
    );
    const name = nameOf(facts, listeners[0]?.listener);
    const proposals: MonitorProposal[] = [];
    for (const { listener, addresses } of listeners) {
      const greeting = services[listener.port]?.greeting;
      for (const address of addresses) proposals.push(openPort(listener, address, facts, greeting));
      // Without a name there is nothing that a certificate could be compared with.
      if (name) proposals.push(certificateOf(name, listener, preferred(addresses), facts));
    }
    const smtp = listeners.find(({ listener }) => listener.port === 25);
    if (smtp && !context.loopback) {
      const outside = smtp.addresses.filter(isPublicAddress);
      proposals.push(...outside.map((address) => pointer(address, name, smtp.listener, facts)));
    }
    return proposals;
  },
};

/** The name under which the server presents itself, or one that its certificate carries. */
function nameOf(facts: Facts, listener: Listener | undefined): string | undefined {
  const own = hostName(facts.mail?.hostname ?? '');
  if (own && isPublicName(own)) return own;
  if (!listener) return undefined;
  const used = facts.certificates?.filter(({ usedBy }) =>
    usedBy.some((user) => /postfix|dovecot|exim|sendmail|smtpd/i.test(user)),
  );
  return used?.flatMap(({ names }) => names.flatMap((name) => hostName(name) ?? [])).find(isPublicName);
}

function certificateOf(name: string, listener: Listener, address: string, facts: Facts): MonitorProposal {
  const { port } = listener;
  const starttls = services[port]?.starttls;
  return {
    key: `tls ${name}:${port}`,
    kind: 'tls',
    settings: {
      host: name,
      port,
      servername: name,
      ...(starttls ? { starttls } : {}),
      ...pinned(name, address),
    },
    name: `Certificate of ${name}:${port}`,
    reason: `${listens(listener)}; the mail server is called ${name}`,
    interval: 3600,
    about: aboutListener(listener, facts, name),
  };
}

/** Other mail servers refuse mail from an address that resolves to no name, or to another one. */
function pointer(
  address: string,
  name: string | undefined,
  listener: Listener,
  facts: Facts,
): MonitorProposal {
  return {
    key: `dns PTR ${address}`,
    kind: 'dns',
    settings: {
      name: reverseName(address),
      type: 'PTR',
      ...(name ? { expected: [name], match: 'any' } : {}),
      // The name must lead back: a reverse name alone can be claimed by anyone (RFC 8601 2.7.3).
      pointsTo: [address],
    },
    name: `Reverse name of ${address}`,
    reason: `${listens(listener)}; mail servers refuse mail from an address without a reverse name`,
    interval: 3600,
    about: aboutListener(listener, facts, address),
  };
}

/** '10.2.0.192.in-addr.arpa', or the 32 digits of IPv6 in reverse below ip6.arpa. */
export function reverseName(address: string): string {
  if (!isIPv6(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const { hostname } = new URL(`http://[${address}]/`);
  const [front = '', back = ''] = hostname.slice(1, -1).split('::');
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => group.padStart(4, '0'));
  const [head, tail] = [groups(front), groups(back)];
  const digits = [...head, ...Array<string>(8 - head.length - tail.length).fill('0000'), ...tail].join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}
