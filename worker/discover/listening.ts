// What recipes share: where a listener can be reached, and how a monitor of it is worded.
import { isIPv6 } from 'node:net';
import type { Facts, Listener } from '#core/facts.ts';
import { hostPort } from '#core/probeTarget.ts';
import type { MonitorProposal, RecipeContext } from './recipe.ts';

/**
 * The addresses of the server at which this listener can be reached from where the probes run.
 * A listener on a loopback address is for the machine itself, even when the probes run there: a client of the server never
 * sees it. A listener on one other address is not reached over 127.0.0.1, so a machine that is probed over loopback leaves it out.
 */
export function reachable(listener: Listener, context: RecipeContext): string[] {
  if (isLoopback(listener.address)) return [];
  if (listener.address === '0.0.0.0') return context.addresses.filter((address) => !isIPv6(address));
  if (listener.address === '*') return context.addresses;
  if (listener.address === '::') {
    // A socket on :: takes IPv4, too, unless it was told not to; nginx tells it (`ipv6only` is on by default since 1.3.4).
    const both = !/^(nginx|openresty|angie)/.test(listener.process ?? '');
    return context.addresses.filter((address) => both || isIPv6(address));
  }
  return context.addresses.filter((address) => address === listener.address);
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** TCP listeners that can be reached, in order of port and address. */
export function reachableListeners(
  facts: Facts,
  context: RecipeContext,
): { listener: Listener; addresses: string[] }[] {
  return (facts.listeners ?? [])
    .filter((listener) => listener.protocol === 'tcp')
    .map((listener) => ({ listener, addresses: reachable(listener, context) }))
    .filter(({ addresses }) => addresses.length > 0)
    .sort((a, b) => a.listener.port - b.listener.port || (a.listener.address < b.listener.address ? -1 : 1));
}

/** 'nginx listens on 0.0.0.0:443'. */
export function listens(listener: Listener): string {
  return `${shownProcess(listener) ?? 'A service'} listens on ${hostPort(listener.address, listener.port)}`;
}

/** Node.js names its main thread since version 22, and that is what the kernel calls the process. */
function shownProcess({ process }: Listener): string | undefined {
  return process === 'MainThread' || process === 'node-MainThread' ? 'node' : process;
}

/** What a monitor belongs to: the process behind a listener, and the unit of that process. */
export function aboutListener(listener: Listener, facts: Facts, host?: string): MonitorProposal['about'] {
  const unit = unitOf(listener, facts);
  return {
    ...(listener.process ? { process: listener.process } : {}),
    ...(unit ? { unit } : {}),
    port: listener.port,
    ...(host ? { host } : {}),
  };
}

function unitOf({ process, pid }: Listener, facts: Facts): string | undefined {
  const units = facts.units ?? [];
  const byPid = pid === undefined ? undefined : units.find((unit) => unit.mainPid === pid);
  if (byPid) return byPid.name;
  if (!process) return undefined;
  const group = facts.processGroups?.find(
    ({ name, pids }) => name === process && (pid === undefined || pids.includes(pid)),
  );
  const fromCgroup = /([^/]+\.service)$/.exec(group?.cgroup ?? '')?.[1];
  return fromCgroup ?? units.find((unit) => unit.name === `${process}.service`)?.name;
}

/** A host name keeps its name and is reached at this address; an address needs no such help. */
export function pinned(host: string, address: string): { connectTo?: string } {
  return host === address ? {} : { connectTo: address };
}

/** The one address at which a name is asked for: IPv4 first, because not each place that probes has IPv6. */
export function preferred(addresses: string[]): string {
  const address = addresses.find((one) => !isIPv6(one)) ?? addresses[0];
  if (address === undefined) throw new Error('A listener without addresses is not reachable');
  return address;
}

/** The port is open, and its service says `receive` when that is given. One monitor an address. */
export function openPort(
  listener: Listener,
  address: string,
  facts: Facts,
  receive?: string,
): MonitorProposal {
  const process = shownProcess(listener);
  const label = process ? ` (${process})` : '';
  return {
    key: `port tcp ${hostPort(address, listener.port)}`,
    kind: 'port',
    settings: { host: address, port: listener.port, ...(receive ? { receive } : {}) },
    name: `Port ${listener.port} of ${address}${label}`,
    reason: listens(listener),
    about: aboutListener(listener, facts, address),
  };
}
