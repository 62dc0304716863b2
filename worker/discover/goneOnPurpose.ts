// Whether what a failing monitor looked at went away on purpose. A service that crashed looks much the same from outside; what tells them
// apart is inside. Pure.
import type { Facts, Unit } from '#core/facts.ts';
import type { HostEvent } from '#core/snapshot.ts';
import type { MonitorProposal } from './recipe.ts';

export interface Missing {
  kind: string;
  about: MonitorProposal['about'];
}

/**
 * Programs of which one instance serves all: when it still listens, what it no longer offers was taken out of its configuration. Of others
 * (node, java, docker-proxy) one may have crashed while another one with the same name runs.
 */
const alone =
  /^(nginx|openresty|angie|apache2|httpd|caddy|lighttpd|haproxy|sshd|master|dovecot|exim4?|named|unbound|dnsmasq)$/;

/**
 * One clause that says why it is gone for good; undefined when nothing speaks for a purpose. `events` are those of the last days. The
 * monitor's proposal is known to be missing.
 */
export function goneOnPurpose(
  { kind, about }: Missing,
  facts: Facts,
  events: readonly HostEvent[],
): string | undefined {
  const { process, unit: unitName, host } = about;
  const removed = process && events.findLast((e) => e.kind === 'package.removed' && isOf(e.subject, process));
  if (removed) return removed.text.replace(/\.$/, '');
  const unit = unitName === undefined ? undefined : facts.units?.find(({ name }) => name === unitName);
  const listens = process && alone.test(process) && facts.listeners?.some((l) => l.process === process);
  if (listens && (!unit || unit.active === 'active')) return `${process} still runs and serves other things`;
  if (unit && isSwitchedOff(unit)) return `${unit.name} was stopped and is ${unit.enabled}`;
  if (unitName !== undefined && !unit && isWhole(facts.units)) return `${unitName} was disabled or removed`;
  if ((kind === 'ping' || kind === 'ports') && host !== undefined && lostAddress(host, facts))
    return `no interface has the address ${host} any more`;
  if (kind === 'domain' && facts.virtualHosts?.length)
    return 'no site and no certificate of the server names it any more';
  return undefined;
}

function isSwitchedOff({ active, enabled }: Unit): boolean {
  return active === 'inactive' && (enabled === 'disabled' || enabled === 'masked');
}

/**
 * Each minute only what runs or failed is listed. A list with an inactive unit is the whole one, of all that is loaded; a unit that is
 * switched on stays loaded, so one that is not in it was switched off or removed.
 */
function isWhole(units: Unit[] | undefined): boolean {
  return units?.some(({ active }) => active === 'inactive') ?? false;
}

function lostAddress(host: string, { interfaces }: Facts): boolean {
  const all = interfaces?.flatMap(({ addresses }) => addresses.map(({ address }) => address)) ?? [];
  return all.some((address) => !/^(127\.|::1$|fe80:)/.test(address)) && !all.includes(host);
}

/** Package and program: mariadb-server and mariadbd, nginx-core and nginx, apache2-bin and apache2. */
function isOf(packageName: string, process: string): boolean {
  const stem = process.replace(/(-server|d)$/, '');
  return (
    stem.length > 2 && (packageName === stem || packageName.startsWith(`${stem}-`) || packageName === process)
  );
}
