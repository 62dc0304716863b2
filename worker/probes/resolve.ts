// From a name to addresses that policy allows. Asks name servers itself (c-ares), because getaddrinfo hides why a name fails
// and blocks one of four threads while it waits. /etc/hosts comes first, as everywhere.
import { readFileSync } from 'node:fs';
import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { bareHost } from '#core/probeTarget.ts';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import type { ProbeContext } from './probe.ts';

export interface ResolveOptions {
  family?: 4 | 6 | undefined;
  /** Use this address, whatever the name resolves to. */
  connectTo?: string | undefined;
}

/** The allowed addresses of a host, in the order to try. Throws ProbeFailure: dns-…, target-refused. */
export async function resolveHost(
  host: string,
  options: ResolveOptions,
  attempt: Attempt,
  context: ProbeContext,
): Promise<string[]> {
  const name = options.connectTo ?? bareHost(host);
  const since = performance.now();
  const literal = isIP(name);
  if (literal !== 0) {
    if (options.family !== undefined && literal !== options.family) {
      throw new ProbeFailure('dns-nodata', `${name} is not an IPv${options.family} address`);
    }
    return permitted(name, [name], attempt, context);
  }
  const addresses = fromHosts(name, options.family) ?? (await ask(name, options.family, context));
  attempt.phase('dns', since);
  attempt.details.addresses = addresses;
  attempt.note(`* ${name} is ${addresses.join(', ')}`);
  return permitted(name, addresses, attempt, context);
}

function permitted(name: string, addresses: string[], attempt: Attempt, context: ProbeContext): string[] {
  const allowed = addresses.filter((address) => context.allow(address));
  if (allowed.length > 0) return allowed;
  attempt.details.refused = addresses;
  const what = name === addresses[0] ? name : `${name} (${addresses.join(', ')})`;
  throw new ProbeFailure(
    'target-refused',
    `${what} is not a public address, and PROBE_ALLOW does not open it`,
  );
}

async function ask(host: string, family: 4 | 6 | undefined, context: ProbeContext): Promise<string[]> {
  const name = domainToASCII(host.replace(/\.$/, ''));
  if (name === '') throw new ProbeFailure('dns-nxdomain', `'${host}' is not a valid name`);
  const resolver = resolverFor(context.resolvers);
  if (family === 6) return query(resolver, 'AAAA', name, context.signal);
  if (family === 4) return query(resolver, 'A', name, context.signal);
  try {
    return await query(resolver, 'A', name, context.signal);
  } catch (error) {
    if (error instanceof ProbeFailure && error.code === 'dns-nodata') {
      return query(resolver, 'AAAA', name, context.signal);
    }
    throw error;
  }
}

function query(resolver: Resolver, type: 'A' | 'AAAA', name: string, signal: AbortSignal): Promise<string[]> {
  const late = `No name server answered the question for ${name} in time`;
  return within<string[]>(signal, 'dns-timeout', late, (done, fail) => {
    const answer = (error: NodeJS.ErrnoException | null, addresses: string[]): void => {
      if (error) fail(resolveFailure(error, type, name));
      else if (addresses.length === 0) fail(resolveFailure({ code: 'ENODATA' }, type, name));
      else done(addresses);
    };
    if (type === 'A') resolver.resolve4(name, answer);
    else resolver.resolve6(name, answer);
    return undefined;
  });
}

function resolveFailure(
  error: { code?: string; message?: string },
  type: string,
  name: string,
): ProbeFailure {
  switch (error.code) {
    case 'ENOTFOUND':
      return new ProbeFailure('dns-nxdomain', `${name} does not exist`);
    case 'ENODATA':
      return new ProbeFailure('dns-nodata', `${name} has no ${type} record`);
    case 'ESERVFAIL':
      return new ProbeFailure('dns-servfail', `The name server failed on ${name} (SERVFAIL)`);
    case 'EREFUSED':
      return new ProbeFailure('dns-refused', `The name server refused to answer for ${name} (REFUSED)`);
    case 'ETIMEOUT':
    case 'ECONNREFUSED':
      return new ProbeFailure('dns-timeout', `No name server answered the question for ${name}`);
    default:
      return new ProbeFailure('dns-servfail', `${name} cannot be resolved: ${error.message ?? error.code}`);
  }
}

interface Kept {
  resolver: Resolver;
  until: number;
}
/** Rebuilt twice a minute, so that a change of resolv.conf is seen without a restart. */
const resolverLifeMs = 30_000;
const resolvers = new Map<string, Kept>();

function resolverFor(servers: string[] | undefined): Resolver {
  const key = servers?.join(' ') ?? '';
  const now = performance.now();
  const kept = resolvers.get(key);
  if (kept && kept.until > now) return kept.resolver;
  const resolver = new Resolver({ timeout: 1500, tries: 3 });
  if (servers && servers.length > 0) resolver.setServers(servers);
  if (resolvers.size > 50) resolvers.clear();
  resolvers.set(key, { resolver, until: now + resolverLifeMs });
  return resolver;
}

const hostsLifeMs = 5000;
let hosts = new Map<string, string[]>();
let hostsUntil = 0;

function fromHosts(host: string, family: 4 | 6 | undefined): string[] | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const now = performance.now();
  if (now > hostsUntil) {
    hosts = readHosts();
    hostsUntil = now + hostsLifeMs;
  }
  const local = name === 'localhost' || name.endsWith('.localhost') ? ['127.0.0.1', '::1'] : [];
  const all = [...new Set([...(hosts.get(name) ?? []), ...local])];
  const fitting = all.filter((address) => family === undefined || isIP(address) === family);
  return fitting.length > 0 ? fitting : undefined;
}

function readHosts(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let text: string;
  try {
    text = readFileSync('/etc/hosts', 'utf8');
  } catch {
    return found;
  }
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      found.set(key, [...(found.get(key) ?? []), address]);
    }
  }
  return found;
}
