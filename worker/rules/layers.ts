// What lies below several monitors that fail together: the host, a service, the names of a domain. One of these explains them all, so
// that one cause is told once. And what no other rule names: no monitor fails unheard.
import type { Finding } from '#core/diagnosis.ts';
import { formatDuration } from '#core/format.ts';
import type { ProbeCode } from '#core/probes.ts';
import { articleFor } from '#core/codeArticles.ts';
import { makeFinding, serverSubject } from './finding.ts';
import {
  isBad,
  isMailRecord,
  isSideRecord,
  monitorEvidence,
  portOf,
  sentence,
  together,
  zoneOf,
} from './monitors.ts';
import type { MonitorState, Picture, Rule } from './rule.ts';
import { serviceOf, serviceSubject } from './sites.ts';

/** Packets went out and nothing came back. */
const silence: readonly ProbeCode[] = ['ping-timeout', 'connect-timeout', 'connect-unreachable'];
/** No connection came about, whoever is to blame for it. */
const unconnected: readonly ProbeCode[] = ['connect-refused', 'connect-reset', ...silence];
/** The name led nowhere. */
const nameless: readonly ProbeCode[] = [
  'dns-nxdomain',
  'dns-nodata',
  'dns-servfail',
  'dns-refused',
  'dns-timeout',
  'dns-dnssec',
];
/** Kinds that look every minute and talk to the machine itself. */
const direct = ['ping', 'port', 'http'];
/**
 * Whether a monitor asks for an answer of the machine itself: one that expects a closed port, or a datagram that need not be answered, is
 * content with silence.
 */
export function asks(m: MonitorState): boolean {
  return direct.includes(m.kind) && m.details['expect'] !== 'closed' && m.details['protocol'] !== 'udp';
}

function isDownBy(codes: readonly ProbeCode[]): (m: MonitorState) => boolean {
  return (m) => m.state === 'down' && codes.includes(m.code);
}

/** A port scan that missed ports and found none too many: nothing is exposed, something does not answer. */
export function closedOnly({ kind, code, details }: MonitorState): boolean {
  const { opened, closed } = details as { opened?: unknown[]; closed?: unknown[] };
  return kind === 'ports' && code === 'ports-changed' && opened?.length === 0 && (closed?.length ?? 0) > 0;
}

/** What a monitor fails with is no more than that nothing came back. */
export function isMute(m: MonitorState): boolean {
  return isDownBy(silence)(m) || closedOnly(m);
}

/** Monitors that are down because nothing at all comes back from this machine; empty while anything does (our judgement: a ping, or two services). */
export function unreachableFrom(picture: Picture): MonitorState[] {
  const asked = picture.monitors.filter((m) => asks(m) && m.state !== 'pending' && m.state !== 'paused');
  const mute = asked.filter(isDownBy(silence));
  const answers = asked.some((m) => !mute.includes(m) && !(m.state === 'down' && nameless.includes(m.code)));
  const services = new Set(mute.flatMap((m) => serviceOf(picture, m) ?? []));
  return !answers && (mute.some(({ kind }) => kind === 'ping') || services.size > 1) ? mute : [];
}

export const netUnreachable: Rule = {
  id: 'net.unreachable',
  find(picture): Finding[] {
    const mute = unreachableFrom(picture);
    if (!mute.length) return [];
    const inside = insideOf(picture, Math.min(...mute.map(({ since }) => since)));
    const subject = serverSubject(picture);
    return [
      together(
        picture,
        'net.unreachable',
        subject,
        mute,
        `${subject.name} does not answer from outside; ${counted(mute, 'gets')} no reply at all, ${inside}.`,
      ),
    ];
  },
};

/** What the reports tell of a server that has not answered since then. */
function insideOf({ now, at, times = [] }: Picture, since: number): string {
  const quiet = now - at;
  const gone = 'it is off, hangs, or is cut off';
  if (quiet > 180) return `and has sent no report for ${formatDuration(quiet)}: ${gone}`;
  if (at <= since) return `and no report has come since: ${gone}`;
  const before = times.findLast((time) => time <= since);
  const after = times.find((time) => time > since);
  return before !== undefined && after !== undefined && after - before > 180
    ? `and its reports, which were missing for ${formatDuration(after - before)}, come again`
    : 'while its reports still come: what drops the packets stands before it, or here, as a firewall';
}

/** Services of which nothing connects, where more than one monitor says so. */
export function deafServices(picture: Picture): { name: string; monitors: MonitorState[] }[] {
  const asked = picture.monitors.filter((m) => asks(m) && m.kind !== 'ping' && m.state !== 'paused');
  return [...Map.groupBy(asked, (m) => serviceOf(picture, m))].flatMap(([name, all]) => {
    const monitors = all.filter(isDownBy(unconnected));
    const alive = all.some(
      (m) => m.state !== 'pending' && !monitors.includes(m) && !nameless.includes(m.code),
    );
    // A port and the page behind it are one look: nothing is folded by naming the service as well.
    const seen = monitors.filter(
      (m) => m.kind === 'http' || !monitors.some((o) => o.kind === 'http' && portOf(o) === portOf(m)),
    );
    return name !== undefined && !alive && seen.length > 1 ? [{ name, monitors }] : [];
  });
}

export const portDown: Rule = {
  id: 'svc.port_down',
  find: (picture) =>
    deafServices(picture).map(({ name, monitors }) => {
      const ports = [...new Set(monitors.flatMap((m) => portOf(m) ?? []))].sort((a, b) => a - b);
      const where = ports.length ? ` on port${ports.length > 1 ? 's' : ''} ${ports.join(', ')}` : '';
      const subject = serviceSubject(name);
      const who = subject.kind === 'port' ? `Port ${subject.name}` : `${name}${where}`;
      return together(
        picture,
        'svc.port_down',
        subject,
        monitors,
        `${who} takes no connection: ${counted(monitors, 'fails')}.`,
      );
    }),
};

/** Monitors whose names do not resolve, by domain: where several fail, or where a monitor of the DNS itself says so. */
export function unresolvedZones(picture: Picture): { zone: string; monitors: MonitorState[] }[] {
  const failing = picture.monitors
    .filter(isDownBy(nameless))
    .filter((m) => !isMailRecord(m) && !isSideRecord(m));
  return [...Map.groupBy(failing, zoneOf)].flatMap(([zone, monitors]) => {
    const told = monitors.some(({ kind, code }) => kind === 'dns' && /nxdomain|nodata|dnssec/.test(code));
    return zone !== undefined && (told || monitors.length > 1) ? [{ zone, monitors }] : [];
  });
}

export const namesUnresolved: Rule = {
  id: 'dns.unresolved',
  find: (picture) =>
    unresolvedZones(picture).map(({ zone, monitors }) =>
      together(
        picture,
        'dns.unresolved',
        { kind: 'domain', name: zone },
        monitors,
        monitors.length === 1
          ? `${monitors[0]!.name}: ${sentence(monitors[0]!)}`
          : `Names of ${zone} do not resolve: ${counted(monitors, 'fails')}. ${sentence(monitors[0]!)}`,
      ),
    ),
};

/** What the other rules leave out, by kind: every code of these that is bad ends here. */
const otherwise: Partial<Record<MonitorState['kind'], readonly ProbeCode[]>> = {
  ping: ['ping-timeout', 'ping-loss', ...nameless, 'connect-unreachable'],
  tls: [
    'tls-handshake',
    'tls-timeout',
    'tls-not-yet-valid',
    'tls-changed',
    'tls-staple',
    'starttls-missing',
    'answer-mismatch',
    'answer-timeout',
    ...unconnected,
    ...nameless,
  ],
  exposed: unconnected,
  domain: ['domain-nameservers'],
  ports: ['ports-changed', ...silence],
};

export const checkFailed: Rule = {
  id: 'svc.check_failed',
  find(picture): Finding[] {
    const mute = unreachableFrom(picture);
    const answering = picture.monitors.some((m) => asks(m) && m.state === 'up');
    return (
      picture.monitors
        .filter((m) => isBad(m) && otherwise[m.kind]?.includes(m.code) && !mute.includes(m))
        .filter((m) => m.code !== 'ports-changed' || closedOnly(m))
        // A server that does not even connect is told by its page or port, where there is such a monitor.
        .filter((m) => !unconnected.includes(m.code) || m.kind === 'ping' || !isTold(picture, m))
        // Lost packets of a ping that still comes back are told as latency.
        .filter((m) => m.code !== 'ping-loss' || m.state === 'down')
        .map((m) => {
          const filtered = m.code === 'ping-timeout' && answering;
          const grave = m.state === 'down' && m.kind !== 'ports';
          const finding = makeFinding(picture, 'svc.check_failed', {
            subject: { kind: 'monitor', name: m.name },
            since: m.since,
            confidence: 0.95,
            ...(filtered ? { severity: 'info' as const } : grave ? { severity: 'critical' as const } : {}),
            summary: `${m.name}: ${sentence(m)}${filtered ? ' The server answers otherwise: echo requests are filtered on the way.' : ''}`,
            evidence: monitorEvidence(m),
          });
          return {
            ...finding,
            article: (m.kind !== 'ports' && articleFor(m.kind, m.code)) || finding.article,
          };
        })
    );
  },
};

function isTold(picture: Picture, monitor: MonitorState): boolean {
  const port = portOf(monitor) ?? Number(/:(\d+)$/.exec(monitor.target)?.[1]);
  return picture.monitors.some(
    (m) => ['http', 'port'].includes(m.kind) && m.state === 'down' && portOf(m) === port,
  );
}

/** 'Ping 192.0.2.1 gets', '3 monitors get'. */
function counted(monitors: MonitorState[], verb: 'gets' | 'fails'): string {
  return monitors.length === 1
    ? `${monitors[0]!.name} ${verb}`
    : `${monitors.length} monitors ${verb.slice(0, -1)}`;
}
