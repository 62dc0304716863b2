// Names whose addresses lead elsewhere: those of one domain that were changed together.
import { gather, hostOf, isBad, zoneOf } from './monitors.ts';
import type { MonitorState, Picture } from './rule.ts';

const hour = 3600;

/** Whether a monitor of the DNS says that visitors are led elsewhere, all or some of them: by an address, not by a record of mail or text. */
export function leadsElsewhere(m: MonitorState): boolean {
  return (
    m.kind === 'dns' &&
    isBad(m) &&
    /^dns-(not-here|mismatch|disagree)$/.test(m.code) &&
    (!/ [A-Z]+$/.test(m.target) || / (A|AAAA|CNAME)$/.test(m.target))
  );
}

/** Stray names by domain, where one has several. */
export function strayNames(picture: Picture): { groups: { zone: string; monitors: MonitorState[] }[] } {
  const stray = picture.monitors.filter((m) => leadsElsewhere(m) && m.code !== 'dns-disagree');
  const { groups } = gather(stray, zoneOf, { seconds: hour });
  return { groups: groups.map(({ key, monitors }) => ({ zone: key, monitors })) };
}

/** The names that a finding of dns.mismatch says to lead elsewhere. */
export function namesElsewhere(monitors: readonly MonitorState[]): Set<string> {
  return new Set(monitors.filter(leadsElsewhere).flatMap((m) => hostOf(m) ?? []));
}
