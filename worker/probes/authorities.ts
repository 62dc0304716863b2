// The servers that answer for a zone: who they are, whether each one does its duty, and whether they say the same.
import type { ProbeSettings } from '#core/probes.ts';
import { type Attempt, ProbeFailure, type Verdict } from './attempt.ts';
import { askDns, type DnsReply, type DnsServer } from './dnsClient.ts';
import { delegationOf, delegationProblem, patienceMs, zoneOf } from './delegation.ts';
import { valuesOf } from './dnsRecords.ts';
import type { ProbeContext } from './probe.ts';

const mostServers = 13;

export interface AuthorityAnswer {
  server: string;
  address?: string;
  rcode?: string;
  values?: string[];
  serial?: number;
  /** Why this server does not do its duty. */
  problem?: string;
}

/**
 * Asks every name server of the zone that holds `name`. A verdict when one is lame or silent, or when they disagree.
 * `port` is 53 everywhere but in tests.
 */
export async function compareAuthorities(
  name: string,
  type: ProbeSettings<'dns'>['type'],
  resolve: (name: string, type: 'NS' | 'A' | 'AAAA') => Promise<DnsReply>,
  port: number,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict | undefined> {
  const { zone, servers: own } = await zoneOf(name, resolve);
  attempt.note(`* the zone is ${zone}, served by ${own.join(', ')}`);
  const delegated = await delegationOf(zone, resolve, port, attempt, context);
  const servers = [...new Set([...own, ...(delegated ?? [])])];
  const asked = servers
    .slice(0, mostServers)
    .map((server) => askOne(server, zone, name, type, resolve, port, context));
  const answers = await Promise.all(asked);
  attempt.details.zone = zone;
  attempt.details.authorities = answers;
  for (const { server, address, rcode, values, problem } of answers) {
    attempt.note(
      `< ${server} (${address ?? 'no address'}): ${problem ?? `${rcode} ${values?.join(', ') ?? ''}`}`,
    );
  }
  return judge(answers, zone, type === 'NS' || type === 'SOA') ?? delegationProblem(zone, own, delegated);
}

/** `serials`: whether the servers must have the same version of the zone, and not only the same records. */
function judge(answers: AuthorityAnswer[], zone: string, serials: boolean): Verdict | undefined {
  const lame = answers.filter((answer) => answer.problem !== undefined);
  if (lame.length > 0) {
    const list = lame.map(({ server, problem }) => `${server} ${problem}`).join('; ');
    return { code: 'dns-lame', summary: `Of ${answers.length} name servers of ${zone}: ${list}` };
  }
  const versions = new Map<string, string[]>();
  for (const { server, rcode, values, serial } of answers) {
    const said = values && values.length > 0 ? values.join(', ') : (rcode ?? '');
    const text = serials && serial !== undefined ? `${said} (serial ${serial})` : said;
    versions.set(text, [...(versions.get(text) ?? []), server]);
  }
  if (versions.size < 2) return undefined;
  const list = [...versions]
    .map(([text, servers]) => `${servers.join(' and ')} ${servers.length > 1 ? 'say' : 'says'} ${text}`)
    .join('; ');
  return { code: 'dns-disagree', summary: `The name servers of ${zone} do not agree: ${list}` };
}

async function askOne(
  server: string,
  zone: string,
  name: string,
  type: ProbeSettings<'dns'>['type'],
  resolve: (name: string, type: 'A' | 'AAAA') => Promise<DnsReply>,
  port: number,
  context: ProbeContext,
): Promise<AuthorityAnswer> {
  try {
    const address =
      valuesOf((await resolve(server, 'A')).answers, 'A')[0] ??
      valuesOf((await resolve(server, 'AAAA')).answers, 'AAAA')[0];
    if (address === undefined) return { server, problem: 'has no address' };
    if (!context.allow(address)) return { server, address, problem: 'has an address that is not public' };
    const target: DnsServer = { address, port };
    const reply = await askDns(target, { name, type, recursion: false }, context.signal, patienceMs);
    const { rcode } = reply;
    if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN')
      return { server, address, rcode, problem: `answers ${rcode}` };
    if (!reply.authoritative) return { server, address, rcode, problem: `is not authoritative for ${zone}` };
    const soa = await askDns(
      target,
      { name: zone, type: 'SOA', recursion: false },
      context.signal,
      patienceMs,
    );
    const serial = Number(valuesOf(soa.answers, 'SOA')[0]?.split(' ')[2]);
    const values = valuesOf(reply.answers, type);
    return { server, address, rcode, values, ...(Number.isNaN(serial) ? {} : { serial }) };
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    return { server, problem: `cannot be asked: ${error.message}` };
  }
}
