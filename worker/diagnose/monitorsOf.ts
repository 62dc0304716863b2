// The monitors that a finding is made of: one, or several of a service, a domain or the whole server.
import type { Finding } from '#core/diagnosis.ts';
import { deafServices, unreachableFrom, unresolvedZones } from '#worker/rules/layers.ts';
import { muteOverIpv6 } from '#worker/rules/networkReach.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import { type Gathered, muteSites, serverErrors, serviceSubject } from '#worker/rules/sites.ts';
import { strayNames } from '#worker/rules/strayNames.ts';

/** Empty for a finding that is not made of monitors. */
export function monitorsOf(
  picture: Picture,
  { id, subject }: Pick<Finding, 'id' | 'subject'>,
): MonitorState[] {
  const ofService = (list: readonly { name: string; monitors: MonitorState[] }[]) =>
    list.find(({ name }) => serviceSubject(name).name === subject.name)?.monitors ?? [];
  const ofGroup = ({ groups }: Gathered) =>
    ofService(groups.map(({ service, monitors }) => ({ name: service, monitors })));
  if (id === 'svc.port_down') return ofService(deafServices(picture));
  if (id === 'dns.unresolved')
    return unresolvedZones(picture).find(({ zone }) => zone === subject.name)?.monitors ?? [];
  if (id === 'dns.mismatch' && subject.kind === 'domain')
    return strayNames(picture).groups.find(({ zone }) => zone === subject.name)?.monitors ?? [];
  if (id === 'net.unreachable') return unreachableFrom(picture);
  if (id === 'net.ipv6_broken' && subject.kind === 'server') return muteOverIpv6(picture);
  if (subject.kind === 'process' || subject.kind === 'port') {
    if (id === 'svc.http_down') return ofGroup(muteSites(picture));
    if (id === 'svc.http_5xx' || id === 'svc.upstream_timeout') return ofGroup(serverErrors(picture));
  }
  return picture.monitors.filter((m) => subject.kind === 'monitor' && m.name === subject.name);
}
