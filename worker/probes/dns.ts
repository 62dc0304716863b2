// DNS: what a resolver says about a name, whether it is what was expected, whether it leads to the server, whether the
// authoritative servers agree, whether signatures hold.
import { getServers } from 'node:dns';
import type { ProbeSettings } from '#core/probes.ts';
import { hostPort, probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, type Verdict } from './attempt.ts';
import { compareAuthorities } from './authorities.ts';
import { askDns, asciiName, type DnsQuestion, type DnsReply, type DnsServer } from './dnsClient.ts';
import { canonicalAddress, matches, reverseName, valuesOf } from './dnsRecords.ts';
import { splitHostPort } from './hostPort.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { resolveHost } from './resolve.ts';

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

  const refusal = await rcodeProblem(reply, name, type, ask);
  if (refusal) return refusal;
  const values = valuesOf(reply.answers, type);
  if (values.length === 0)
    return { code: 'dns-nodata', summary: `${name} exists, but has no ${type} record` };
  const problem =
    valueProblem(settings, name, values, attempt) ??
    (settings.dnssec ? dnssecProblem(reply, name, attempt) : undefined);
  if (problem) return problem;
  if (settings.authoritative) {
    const resolve = (other: string, kind: 'NS' | 'A' | 'AAAA'): Promise<DnsReply> =>
      ask({ name: other, type: kind });
    const unequal = await compareAuthorities(name, type, resolve, authoritativePort, attempt, context);
    if (unequal) return unequal;
  }
  return {
    code: 'ok',
    summary: `${name} ${type} is ${values.slice(0, 4).join(', ')}${values.length > 4 ? ', …' : ''}`,
  };
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
      return { code: 'dns-nxdomain', summary: `${name} does not exist` };
    case 'REFUSED':
      return { code: 'dns-refused', summary: `The name server refuses to answer for ${name}` };
    case 'SERVFAIL': {
      // A validating resolver hides wrong signatures behind SERVFAIL; asked not to check, it shows the data.
      const unchecked = await ask({ name, type, checkingDisabled: true });
      if (unchecked.rcode === 'NOERROR' || unchecked.rcode === 'NXDOMAIN') {
        return {
          code: 'dns-dnssec',
          summary: `The signatures of ${name} are wrong: it resolves only without DNSSEC checks`,
        };
      }
      return { code: 'dns-servfail', summary: `The name server fails on ${name} (SERVFAIL)` };
    }
    default:
      return { code: 'dns-servfail', summary: `The name server answers ${reply.rcode} for ${name}` };
  }
}

function valueProblem(
  settings: Settings,
  name: string,
  values: string[],
  attempt: Attempt,
): Verdict | undefined {
  const { expected, match, type, pointsTo } = settings;
  const list = values.slice(0, 5).join(', ');
  if (expected !== undefined && !matches(values, expected, type, match)) {
    const any = match === 'any' ? 'one of ' : '';
    return {
      code: 'dns-mismatch',
      summary: `${name} ${type} is ${list}, expected ${any}${expected.join(', ')}`,
    };
  }
  if (pointsTo === undefined || pointsTo.length === 0) return undefined;
  const mine = new Set(pointsTo.map((address) => canonicalAddress(address.toLowerCase())));
  const elsewhere = values.filter((value) => !mine.has(value));
  attempt.details.elsewhere = elsewhere;
  if (elsewhere.length < values.length) return undefined;
  return {
    code: 'dns-not-here',
    summary: `${name} leads to ${list}, not to this server (${pointsTo.join(', ')})`,
  };
}

function dnssecProblem(reply: DnsReply, name: string, attempt: Attempt): Verdict | undefined {
  const signatures = reply.answers.flatMap((answer) => (answer.type === 'RRSIG' ? [answer.data] : []));
  const expires = signatures.map((signature) => signature.expiration).sort((one, other) => one - other)[0];
  attempt.details.dnssec = {
    signed: signatures.length > 0,
    checked: reply.authentic,
    ...(expires === undefined ? {} : { expires }),
  };
  if (reply.authentic) return undefined;
  if (signatures.length === 0) return { code: 'dns-dnssec', summary: `${name} is not signed` };
  return {
    code: 'prober-error',
    summary: `${name} is signed, but the resolver does not check signatures: choose one that does`,
  };
}
