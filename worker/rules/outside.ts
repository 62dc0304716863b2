// What only the outside can tell: endpoints that fail, files that anyone can read. A monitor that is down was confirmed before.
import type { Finding } from '#core/diagnosis.ts';
import { probeCodes } from '#core/probes.ts';
import { evidence, makeFinding } from './finding.ts';
import { insideOf } from './inside.ts';
import type { MonitorState, Picture, Rule } from './rule.ts';

/** An http monitor (or the port of a service, where no http monitor tells more) is down. Warn: degraded. */
export const httpDown: Rule = {
  id: 'svc.http_down',
  find(picture): Finding[] {
    const web = picture.monitors.filter((m) => m.kind === 'http' && m.state === 'down');
    const covered = new Set<number | undefined>(web.map(portOf));
    const ports = picture.monitors.filter(
      (m) =>
        m.kind === 'port' && m.state === 'down' && m.code !== 'unexpected-open' && !covered.has(m.about.port),
    );
    return [...web, ...ports].map((m) => {
      const inside = insideOf(picture, m);
      return makeFinding(picture, 'svc.http_down', {
        subject: { kind: 'monitor', name: m.name },
        since: m.since,
        confidence: 0.95,
        summary: `${m.name} fails: ${sentence(m)}${inside ? ` ${inside.text}` : ''}`,
        evidence: [...monitorEvidence(m), ...(inside?.evidence ?? [])],
      });
    });
  },
};

/** A file that should be private answered 200 with its own content. The same files of the same name by http and https are one leak. */
export const webrootLeak: Rule = {
  id: 'sec.webroot_leak',
  find(picture): Finding[] {
    const leaks = picture.monitors
      .filter((m) => m.kind === 'exposed' && m.code === 'exposed-file' && isBad(m))
      // Whatever order they come in, the first of those that are one names it.
      .toSorted((a, b) => (a.target < b.target ? -1 : 1));
    const files = (m: MonitorState) => sentence(m).replace(/^Anyone can read /, '');
    const host = ({ target }: MonitorState) => (URL.canParse(target) ? new URL(target).hostname : target);
    return [...Map.groupBy(leaks, (m) => `${host(m)} ${files(m)}`).values()].map((same) => {
      const [first] = same as [MonitorState, ...MonitorState[]];
      return makeFinding(picture, 'sec.webroot_leak', {
        subject: { kind: 'monitor', name: first.name },
        since: Math.min(...same.map((m) => m.since)),
        confidence: 0.97,
        summary: `Anyone can read private files of ${same.map((m) => m.target).join(' and ')}: ${files(first)}`,
        evidence: same.flatMap(monitorEvidence),
      });
    });
  },
};

export function isBad(monitor: MonitorState): boolean {
  return monitor.state === 'down' || monitor.state === 'degraded';
}

/** A record that other mail servers ask for: the name of an address, SPF, DMARC. What it lacks is told by dns.ptr_mail. */
export function isMailRecord({ kind, target }: MonitorState): boolean {
  return kind === 'dns' && (/ (PTR|TXT|SPF)$/.test(target) || /\.(in-addr|ip6)\.arpa/.test(target));
}

/** The monitor's own summary, or what its code means. */
export function sentence(monitor: MonitorState): string {
  const text = monitor.summary || probeCodes[monitor.code];
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The field that evidence of a monitor comes from: what it is about is found by it again (maintenance, settling). */
export function monitorSource({ kind, target }: { kind: string; target: string }): string {
  return `monitor ${kind} ${target}`;
}

export function monitorEvidence(monitor: MonitorState) {
  return [
    evidence(monitor.name, monitor.summary || probeCodes[monitor.code], '', monitorSource(monitor), 'ok'),
    evidence('code', monitor.code, '', monitorSource(monitor), 'ok'),
  ];
}

/** The port that a monitor talks to. */
export function portOf(monitor: MonitorState): number | undefined {
  if (monitor.about.port) return monitor.about.port;
  try {
    const url = new URL(monitor.target);
    return url.port
      ? Number(url.port)
      : url.protocol === 'https:'
        ? 443
        : url.protocol === 'http:'
          ? 80
          : undefined;
  } catch {
    return undefined;
  }
}

/** Monitors of the picture that are down or degraded, by kind. */
export function badMonitors(picture: Picture, kind: MonitorState['kind']): MonitorState[] {
  return picture.monitors.filter((m) => m.kind === kind && isBad(m));
}

/**
 * A record that is missing while the name itself leads somewhere: what says who may send mail or issue certificates, where a service is,
 * or the address of the other family. Nobody is locked out by it.
 */
export function isSideRecord({ kind, target, code }: MonitorState): boolean {
  if (kind !== 'dns') return false;
  if (code === 'dns-nxdomain') return / (TXT|CAA|SRV)$/.test(target);
  return code === 'dns-nodata' && / (TXT|CAA|SRV|AAAA)$/.test(target);
}
