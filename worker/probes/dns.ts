// DNS: what a resolver says about a name, whether it is what was expected, whether it leads to the server, whether the
// authoritative servers agree, whether signatures hold.
import { getServers } from 'node:dns';
import type { ProbeSettings } from '#core/probes.ts';
import { hostPort, probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, type Verdict } from './attempt.ts';
import { compareAuthorities } from './authorities.ts';
import { day } from './certificate.ts';
import { askDns, asciiName, type DnsQuestion, type DnsReply, type DnsServer } from './dnsClient.ts';
import { canonicalAddress, matches, reverseName, valuesOf } from './dnsRecords.ts';
import { splitHostPort } from './hostPort.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { resolveHost } from './resolve.ts';
import { spfProblem } from './spfVerdict.ts';

type Settings = ProbeSettings<'dns'>;

/** `authoritativePort` is 53; tests run their servers elsewhere. */
export function makeDnsProbe(authoritativePort = 53): Probe<'dns'> {
  return {
    kind: 'dns',
    run: (settings, context) =>
      conduct('dns', probeTarget('dns', settings), (attempt) =>
        look(settings, authoritativePort, attempt, context),
      ),
  };
}

export const dnsProbe = makeDnsProbe();

async function look(
  settings: Settings,
  authoritativePort: number,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict> {
  const name = asciiName(settings.type === 'PTR' ? reverseName(settings.name) : settings.name);
  const { type } = settings;
  const servers = await resolversFor(settings, attempt, context);
  const since = performance.now();
  const ask = (question: Omit<DnsQuestion, 'recursion'>): Promise<DnsReply> =>
    askInTurn(servers, { ...question, recursion: true }, context.signal, attempt);
  const reply = await ask({ name, type, dnssec: settings.dnssec });
  attempt.phase('lookup', since);
  keepReply(reply, type, attempt);

  const absent = (verdict: Verdict): Verdict =>
    // Until something was accepted nothing is expected of a name that is not there.
    settings.accept && settings.mayBeAbsent && settings.expected === undefined
      ? { code: 'ok', summary: `${verdict.summary}: nothing is expected of it until it was seen once` }
      : verdict;
  const refusal = await rcodeProblem(reply, name, type, ask);
  if (refusal) return refusal.code === 'dns-nxdomain' ? absent(refusal) : refusal;
  const values = valuesOf(reply.answers, type).filter((value) =>
    value.toLowerCase().startsWith(settings.startsWith?.toLowerCase() ?? ''),
  );
  attempt.details.values = values.slice(0, 100);
  if (values.length === 0) {
    const which = settings.startsWith === undefined ? '' : ` that begins with ${settings.startsWith}`;
    return absent({
      code: 'dns-nodata',
      summary: `${aliasWords(reply, name) ?? `${name} exists, but`} has no ${type} record${which}`,
    });
  }
  const resolve = (other: string, kind: DnsQuestion['type']): Promise<DnsReply> =>
    ask({ name: other, type: kind });
  const here = settings.pointsTo?.length
    ? await addressesHere(values, type, settings.pointsTo, resolve, attempt)
    : undefined;
  const problem =
    valueProblem(settings, name, values, here) ??
    (settings.dnssec ? dnssecProblem(reply, name, attempt) : undefined) ??
    (isSpf(settings) ? await spfProblem(name, settings.senders ?? [], resolve, attempt) : undefined);
  if (problem) return problem;
  // What is accepted as somebody else's is theirs to keep in order.
  const elsewhere = settings.accept && here?.length === 0;
  if (settings.authoritative && !elsewhere) {
    const unequal = await compareAuthorities(name, type, resolve, authoritativePort, attempt, context);
    if (unequal) return unequal;
  }
  const shown = `${name} ${type} is ${values.slice(0, 4).join(', ')}${values.length > 4 ? ', …' : ''}`;
  return { code: 'ok', summary: elsewhere ? `${shown}: not this server, as it was at first` : shown };
}

/** What it watches is an SPF record, which is then evaluated as receivers do. */
function isSpf({ type, startsWith }: Settings): boolean {
  return type === 'TXT' && /^v=spf1\b/i.test(startsWith ?? '');
}

/** Names behind which addresses are looked for: as many exchanges or name servers as a zone may sensibly have. */
const mostNames = 13;

/** Of the addresses that the values are, or that their names lead to, those of the server. */
async function addressesHere(
  values: string[],
  type: Settings['type'],
  pointsTo: string[],
  resolve: (name: string, type: 'A' | 'AAAA') => Promise<DnsReply>,
  attempt: Attempt,
): Promise<string[]> {
  const mine = new Set(pointsTo.map((address) => canonicalAddress(address.toLowerCase())));
  let addresses = values;
  if (type !== 'A' && type !== 'AAAA') {
    const families = new Set([...mine].map((address) => (address.includes(':') ? 'AAAA' : 'A')));
    // The name is the last word of an MX or SRV record.
    const names = values.slice(0, mostNames).map((value) => value.split(' ').at(-1)!);
    const replies = names.flatMap((name) =>
      [...families].map(async (family) => valuesOf((await resolve(name, family)).answers, family)),
    );
    addresses = [...new Set((await Promise.all(replies)).flat())];
    attempt.details.addresses = addresses.slice(0, 50);
  }
  const here = addresses.filter((address) => mine.has(address));
  attempt.details.here = here;
  attempt.details.elsewhere = addresses.filter((address) => !mine.has(address));
  return here;
}

/** The chosen resolver, which must be a permitted address; else the system's own, which are trusted. */
async function resolversFor(
  settings: Settings,
  attempt: Attempt,
  context: ProbeContext,
): Promise<DnsServer[]> {
  const own = settings.resolver === undefined ? undefined : splitHostPort(settings.resolver);
  if (settings.resolver !== undefined && own === undefined) {
    throw new ProbeFailure(
      'prober-error',
      `'${settings.resolver}' is not a resolver: write 192.0.2.53 or 192.0.2.53:5353`,
    );
  }
  if (own) {
    const addresses = await resolveHost(own.host, {}, attempt, context);
    return addresses.map((address) => ({ address, port: own.port ?? 53 }));
  }
  const servers = (context.resolvers ?? getServers()).map((text) => splitHostPort(text));
  const usable = servers.filter((server) => server !== undefined);
  if (usable.length === 0)
    throw new ProbeFailure('prober-error', 'This place has no name server (see /etc/resolv.conf)');
  return usable.map(({ host, port }) => ({ address: host, port: port ?? 53 }));
}

/** The next server is asked when one stays silent or is not there. */
async function askInTurn(
  servers: DnsServer[],
  question: DnsQuestion,
  signal: AbortSignal,
  attempt: Attempt,
): Promise<DnsReply> {
  for (let index = 0; ; index += 1) {
    const server = servers[index] as DnsServer;
    try {
      attempt.note(`> ${question.name} ${question.type} to ${hostPort(server.address, server.port)}`);
      const reply = await askDns(server, question, signal);
      attempt.note(
        `< ${reply.rcode}${reply.authoritative ? ' aa' : ''}${reply.authentic ? ' ad' : ''}, ${reply.answers.length} records${reply.overTcp ? ', over TCP' : ''}`,
      );
      attempt.details.resolver = hostPort(server.address, server.port);
      return reply;
    } catch (error) {
      attempt.note(`* ${(error as Error).message}`);
      if (index + 1 >= servers.length || signal.aborted) throw error;
    }
  }
}

function keepReply(reply: DnsReply, type: Settings['type'], attempt: Attempt): void {
  const { details } = attempt;
  details.rcode = reply.rcode;
  details.authoritative = reply.authoritative;
  details.authentic = reply.authentic;
  details.values = valuesOf(reply.answers, type).slice(0, 100);
  const aliases = valuesOf(reply.answers, 'CNAME');
  if (type !== 'CNAME' && aliases.length > 0) details.aliases = aliases;
  const ttls = reply.answers.flatMap((answer) =>
    'ttl' in answer && typeof answer.ttl === 'number' ? [answer.ttl] : [],
  );
  if (ttls.length > 0) details.ttl = Math.min(...ttls);
}

/** An alias that leads nowhere can be taken over by whoever registers its target; the reader must know which name to mend. */
function aliasWords({ aliasOf, aliasLoop }: DnsReply, name: string): string | undefined {
  if (aliasLoop) return `${name} is an alias (CNAME) that leads back to itself, and`;
  return aliasOf === undefined ? undefined : `${name} is an alias (CNAME) of ${aliasOf}, which`;
}

async function rcodeProblem(
  reply: DnsReply,
  name: string,
  type: Settings['type'],
  ask: (question: Omit<DnsQuestion, 'recursion'>) => Promise<DnsReply>,
): Promise<Verdict | undefined> {
  switch (reply.rcode) {
    case 'NOERROR':
      return undefined;
    case 'NXDOMAIN':
      return { code: 'dns-nxdomain', summary: `${aliasWords(reply, name) ?? name} does not exist` };
    case 'REFUSED':
      return { code: 'dns-refused', summary: `The name server refuses to answer for ${name}` };
    case 'SERVFAIL': {
      // A validating resolver hides wrong signatures behind SERVFAIL; asked not to check, it shows the data.
      const unchecked = await ask({ name, type, checkingDisabled: true, dnssec: true });
      if (unchecked.rcode === 'NOERROR' || unchecked.rcode === 'NXDOMAIN') {
        const until = expiryOf(unchecked);
        const what =
          until !== undefined && until * 1000 < Date.now()
            ? `expired on ${day(new Date(until * 1000))}`
            : 'are wrong';
        return {
          code: 'dns-dnssec',
          summary: `The signatures of ${name} ${what}: it resolves only without DNSSEC checks`,
        };
      }
      return { code: 'dns-servfail', summary: `The name server fails on ${name} (SERVFAIL)` };
    }
    default:
      return { code: 'dns-servfail', summary: `The name server answers ${reply.rcode} for ${name}` };
  }
}

/** Records of which a name may have one: receivers ignore all of them when there are two (RFC 7208 4.5, RFC 7489 6.6.3). */
const single = /^v=(spf1|dmarc1)/i;

function valueProblem(
  { expected, match, type, pointsTo = [], accept, startsWith }: Settings,
  name: string,
  values: string[],
  here: string[] | undefined,
): Verdict | undefined {
  const list = values.slice(0, 5).join(', ');
  if (values.length > 1 && startsWith !== undefined && single.test(startsWith)) {
    return {
      code: 'dns-mismatch',
      summary: `${name} has ${values.length} records that begin with ${startsWith}, of which there may be one: ${list}`,
    };
  }
  // Accepted addresses are those of the server at that time; which ones are its own now, `pointsTo` knows.
  const byAddress = accept && here !== undefined && (type === 'A' || type === 'AAAA');
  const wanted = accept && expected?.length === 0 ? undefined : expected;
  if (wanted !== undefined && !byAddress && !matches(values, wanted, type, match)) {
    const any = match === 'any' ? 'one of ' : '';
    return {
      code: 'dns-mismatch',
      summary: `${name} ${type} is ${list}, expected ${any}${wanted.join(', ')}`,
    };
  }
  if (here === undefined || here.length > 0 || (accept && !wanted?.length)) return undefined;
  return {
    code: 'dns-not-here',
    summary: `${name} leads to ${list}, not to this server (${pointsTo.join(', ')})`,
  };
}

/** When the first of its signatures expires, in epoch seconds; undefined when there is none. */
function expiryOf({ answers }: DnsReply): number | undefined {
  const times = answers.flatMap((answer) => (answer.type === 'RRSIG' ? [answer.data.expiration] : []));
  return times.sort((one, other) => one - other)[0];
}

function dnssecProblem(reply: DnsReply, name: string, attempt: Attempt): Verdict | undefined {
  const expires = expiryOf(reply);
  attempt.details.dnssec = {
    signed: expires !== undefined,
    checked: reply.authentic,
    ...(expires === undefined ? {} : { expires }),
  };
  if (reply.authentic) return undefined;
  if (expires === undefined) return { code: 'dns-dnssec', summary: `${name} is not signed` };
  return {
    code: 'prober-error',
    summary: `${name} is signed, but the resolver does not check signatures: choose one that does`,
  };
}
