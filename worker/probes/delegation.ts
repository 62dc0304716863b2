// Where a zone begins, and whom the zone above sends everybody to.
import { type Attempt, ProbeFailure, type Verdict } from './attempt.ts';
import { askDns, type DnsReply } from './dnsClient.ts';
import { valuesOf } from './dnsRecords.ts';
import type { ProbeContext } from './probe.ts';

/** Enough for three questions; a dead server must not use up the time of the probe. */
export const patienceMs = 3000;

/** The closest parent (or the name itself) that has NS records. */
export async function zoneOf(
  name: string,
  resolve: (name: string, type: 'NS') => Promise<DnsReply>,
): Promise<{ zone: string; servers: string[] }> {
  const labels = name.split('.');
  for (let index = 0; index < labels.length; index += 1) {
    const zone = labels.slice(index).join('.');
    const servers = valuesOf((await resolve(zone, 'NS')).answers, 'NS');
    if (servers.length > 0) return { zone, servers };
  }
  throw new ProbeFailure('dns-nodata', `No name servers are known for ${name}`);
}

/** Parents' servers that are tried until one answers. */
const mostParents = 3;

/**
 * The name servers that the parent zone sends everybody to; undefined when none of its servers tells. A visitor's resolver begins there,
 * whatever the zone says of itself.
 */
export async function delegationOf(
  zone: string,
  resolve: (name: string, type: 'NS' | 'A' | 'AAAA') => Promise<DnsReply>,
  port: number,
  attempt: Attempt,
  context: ProbeContext,
): Promise<string[] | undefined> {
  const above = zone.split('.').slice(1).join('.');
  if (above === '') return undefined;
  try {
    const parent = await zoneOf(above, resolve);
    for (const server of parent.servers.slice(0, mostParents)) {
      const names = await referralOf(zone, server, resolve, port, context);
      if (!names) continue;
      attempt.note(`* ${server} of ${parent.zone} delegates ${zone} to ${names.join(', ')}`);
      attempt.details.delegation = names;
      return names;
    }
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    attempt.note(`* the delegation of ${zone} is not known: ${error.message}`);
  }
  return undefined;
}

async function referralOf(
  zone: string,
  server: string,
  resolve: (name: string, type: 'A') => Promise<DnsReply>,
  port: number,
  context: ProbeContext,
): Promise<string[] | undefined> {
  try {
    const [address] = valuesOf((await resolve(server, 'A')).answers, 'A');
    if (address === undefined || !context.allow(address)) return undefined;
    const question = { name: zone, type: 'NS', recursion: false } as const;
    const { answers, authorities } = await askDns({ address, port }, question, context.signal, patienceMs);
    // A referral stands among the authorities; a server that also serves the zone itself answers.
    const records = [...answers, ...authorities].filter((one) => one.name.toLowerCase() === zone);
    const names = valuesOf(records, 'NS');
    return names.length > 0 ? [...new Set(names)] : undefined;
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    return undefined;
  }
}

export function delegationProblem(
  zone: string,
  own: string[],
  delegated: string[] | undefined,
): Verdict | undefined {
  if (!delegated) return undefined;
  const differ = own.length !== delegated.length || own.some((name) => !delegated.includes(name));
  if (!differ) return undefined;
  return {
    code: 'dns-disagree',
    summary: `${zone} is delegated to ${delegated.join(', ')}, and the zone itself names ${own.join(', ')}`,
  };
}
