// Monitors as rules look at them: what they talk to, what they say, and how it becomes evidence.
import { parse } from 'tldts';
import type { Evidence, Finding, FindingBound } from '#core/diagnosis.ts';
import { probeCodes } from '#core/probes.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { evidence, makeFinding } from './finding.ts';
import type { MonitorState, Picture } from './rule.ts';

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

/** The name or address that a monitor is about: its own, or that of its target. */
export function hostOf(m: MonitorState): string | undefined {
  return m.about.host ?? /^(?:[a-z]+:\/\/)?(\[[^\]]+\]|[^/:\s]+)/i.exec(m.target)?.[1];
}

/** The domain that was registered, or the name itself where no suffix is known. */
export function zoneOf(m: MonitorState): string | undefined {
  const host = hostOf(m);
  if (!host || parse(host).isIp || host.startsWith('[')) return undefined;
  return parse(host, { allowPrivateDomains: true }).domain ?? host;
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

/**
 * A record that is missing while the name itself leads somewhere: what says who may send mail or issue certificates, where a service is,
 * or the address of the other family. Nobody is locked out by it.
 */
export function isSideRecord({ kind, target, code }: MonitorState): boolean {
  if (kind !== 'dns') return false;
  if (code === 'dns-nxdomain') return / (TXT|CAA|SRV)$/.test(target);
  return code === 'dns-nodata' && / (TXT|CAA|SRV|AAAA)$/.test(target);
}

/** A finding names so many monitors in its evidence; the rest is counted. */
const mostNamed = 8;

/** One finding of several monitors; `evidenceOf` where the state of each does not say it, `since` likewise; `bound` of a gauge. */
export function together(
  picture: Picture,
  id: RuleId,
  subject: Finding['subject'],
  monitors: readonly MonitorState[],
  summary: string,
  {
    since = (m: MonitorState) => m.since,
    evidenceOf = (m: MonitorState) => evidence(m.name, m.summary || m.code, '', monitorSource(m), 'ok'),
    bound,
  }: {
    since?: (m: MonitorState) => number;
    evidenceOf?: (m: MonitorState) => Evidence;
    bound?: FindingBound;
  } = {},
): Finding {
  const named: Evidence[] = monitors.slice(0, mostNamed).map((m) => evidenceOf(m));
  const rest = monitors.length - named.length;
  return makeFinding(picture, id, {
    subject,
    since: Math.min(...monitors.map(since)),
    ...(bound ? { bound } : {}),
    confidence: 0.97,
    summary,
    evidence: [
      ...named,
      ...(rest > 0 ? [evidence('more monitors that fail so', rest, 'count', 'monitors', '0')] : []),
    ],
  });
}

/**
 * Splits monitors into groups that belong together and began to fail together: of each key the largest run in which each began at most
 * `seconds` after the one before, where it has two members that differ by `unlike`. What is in no group fails alone.
 */
export function gather(
  monitors: readonly MonitorState[],
  keyOf: (m: MonitorState) => string | undefined,
  {
    seconds,
    since = (m) => m.since,
    unlike = (m) => m.name,
  }: {
    seconds: number;
    since?: (m: MonitorState) => number;
    unlike?: (m: MonitorState) => string | undefined;
  },
): { groups: { key: string; monitors: MonitorState[] }[]; alone: MonitorState[] } {
  const groups: { key: string; monitors: MonitorState[] }[] = [];
  for (const [key, own] of Map.groupBy(monitors, keyOf)) {
    if (key === undefined) continue;
    const runs: MonitorState[][] = [];
    for (const m of own.toSorted((a, b) => since(a) - since(b))) {
      const run = runs.at(-1);
      if (run && since(m) - since(run.at(-1)!) <= seconds) run.push(m);
      else runs.push([m]);
    }
    const largest = runs.reduce((a, b) => (b.length > a.length ? b : a));
    if (new Set(largest.map(unlike)).size > 1) groups.push({ key, monitors: largest });
  }
  const inGroup = new Set(groups.flatMap((group) => group.monitors));
  return { groups, alone: monitors.filter((m) => !inGroup.has(m)) };
}
