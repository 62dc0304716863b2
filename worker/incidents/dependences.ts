// What a server in trouble needs of others, by its own configuration, and what several servers in trouble have in common.
import { findingKey, type IncidentBody } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { isPublicAddress } from '#worker/probes/policy.ts';
import { allBackends } from '#worker/rules/sites.ts';

/** Something of another machine that what fails here rests on. */
export interface Needed {
  /** Address or name. */
  host: string;
  port?: number;
  /** Where the port is not known: the failing program, in the key of its finding. */
  program?: RegExp;
  /** Half a sentence: how it is known. */
  what: string;
}

const pagesFail = /^svc\.(http_5xx|http_down|http_slow|upstream_timeout)$/;
const databases =
  /mysql|maria|postgres|redis|valkey|mongo|memcached|elastic|opensearch|clickhouse|cassandra|^db\./;

/** By the troubles that an incident names; what the machine has itself is none. */
export function needsOf(body: IncidentBody, facts: Facts): Needed[] {
  const own = (facts.interfaces ?? []).flatMap((one) => one.addresses.map(({ address }) => address));
  return allNeeds(body, facts).filter(
    ({ host }) =>
      !/^(localhost\b|127\.|0\.0\.0\.0$|169\.254\.|::1?$|fe80:)/i.test(host) && !own.includes(host),
  );
}

function allNeeds({ problems }: IncidentBody, facts: Facts): Needed[] {
  const ids = new Set<string>(problems.map(({ id }) => id));
  const needs: Needed[] = [];
  if ([...ids].some((id) => pagesFail.test(id))) needs.push(...backends(problems, facts), ...hosts(facts));
  if (ids.has('disk.nfs_stall'))
    for (const host of fileServers(facts))
      needs.push({ host, port: 2049, what: `it has mounted files of ${host}` });
  if (ids.has('net.dns_fail'))
    for (const host of facts.resolver?.nameservers ?? [])
      needs.push({ host, port: 53, what: `${host} is a name server of its /etc/resolv.conf` });
  return needs;
}

/** Where the sites that fail are forwarded to. */
function backends(problems: IncidentBody['problems'], facts: Facts): Needed[] {
  const sources = problems.flatMap(({ evidence }) => evidence.map(({ source }) => source));
  const sites = (facts.virtualHosts ?? []).filter(
    ({ names }) => !names.length || names.some((name) => sources.some((source) => source.includes(name))),
  );
  return allBackends({ facts: { virtualHosts: sites } }).flatMap(({ where, port, socket }) => {
    if (port !== undefined || socket !== undefined) return [];
    const [, host = where, number] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(where) ?? [];
    return [{ host, ...(number && { port: Number(number) }), what: `its pages are forwarded to ${where}` }];
  });
}

/** A database that this machine calls by a name of its own: what its pages ask. */
function hosts(facts: Facts): Needed[] {
  return (facts.hosts ?? [])
    .filter(({ address }) => !/^(f[ef]0|255\.)/.test(address))
    .map(({ address, names }) => ({
      host: address,
      program: databases,
      what: `its /etc/hosts names ${names[0]}`,
    }));
}

/** `nas1:/export`, `10.0.0.5:/export`, `//nas1/share`. */
function fileServers(facts: Facts): string[] {
  const found = (facts.filesystems ?? []).flatMap(
    ({ source }) => /^(?:\/\/([^/]+)\/|\[?([^/\]]+?)\]?:\/)/.exec(source)?.slice(1).find(Boolean) ?? [],
  );
  return [...new Set(found)];
}

interface InTrouble {
  body: IncidentBody;
  facts: Facts;
}

/** One sentence about what two servers share that fails for both; undefined when they share nothing that would. */
export function sharedFate(one: InTrouble, other: InTrouble): string | undefined {
  const roots = [one, other].map(({ body }) => body.problems[0]!);
  const [a, b] = roots.map(({ id }) => id) as [string, string];
  const both = (pattern: RegExp) => pattern.test(a) && pattern.test(b);
  if (both(/^(net\.(unreachable|gateway_down)|agent\.silent)$/)) {
    const network = common(networksOf(one.facts), networksOf(other.facts));
    return network && `Both are in the network ${network}, and it began at the same time.`;
  }
  if (both(/^net\.dns_fail$/)) {
    const server = common(one.facts.resolver?.nameservers, other.facts.resolver?.nameservers);
    return server && `Both ask the name server ${server}.`;
  }
  if (both(/^disk\.nfs_stall$/)) {
    const server = common(fileServers(one.facts), fileServers(other.facts));
    return server && `Both have mounted files of ${server}.`;
  }
  const isSame = findingKey(roots[0]!) === findingKey(roots[1]!);
  return both(/^dns\.(unresolved|domain_expiry)$/) && isSame ? 'Both serve names of that domain.' : undefined;
}

function common(a: readonly string[] = [], b: readonly string[] = []): string | undefined {
  return a.find((one) => b.includes(one) && !/^(127\.|::1$)/.test(one));
}

/**
 * The networks that a server stands in, as wide as a rack or a floor has them: /24 of IPv4, /48 of IPv6 (OWN). Private ones only where it
 * has no other: the same numbers are used everywhere.
 */
function networksOf(facts: Facts): string[] {
  const all = addressesOf(facts);
  const open = all.filter((address) => isPublicAddress(address));
  return (open.length ? open : all).map((address) =>
    address.includes(':')
      ? `${address.split(':').slice(0, 3).join(':')}::/48`
      : `${address.split('.').slice(0, 3).join('.')}.0/24`,
  );
}

/** Addresses that other machines may call: not those of loopback and of bridges to containers, which are the same on every machine. */
export function addressesOf({ interfaces = [] }: Facts): string[] {
  return interfaces
    .filter(({ kind, name }) => kind !== 'loopback' && !/^(docker|podman|cni|virbr|lxc|lxd|br-)/.test(name))
    .flatMap((one) => one.addresses.map(({ address }) => address))
    .filter((address) => !/^(127\.|169\.254\.|::1$|fe80:)/i.test(address));
}
