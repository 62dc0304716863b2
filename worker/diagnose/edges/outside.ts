// Edges between the layers that the outside sees: host, service, names of a domain, and the monitors above them. What follows from a
// cause is folded under it, so that one failure is one incident.
import type { Finding } from '#core/diagnosis.ts';
import { monitorsOf } from '#worker/diagnose/monitorsOf.ts';
import { closedOnly, isMute, unreachableFrom } from '#worker/rules/layers.ts';
import { portOf, zoneOf } from '#worker/rules/monitors.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import { edge, hour, minute } from './evidence.ts';

/** The effect is about one of these monitors, or a finding that is made of them alone. */
const among =
  (
    monitors: (picture: Picture, cause: Finding) => MonitorState[],
    words: (cause: Finding) => string,
  ): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) => {
    const mine = monitors(picture, cause);
    const about = monitorsOf(picture, effect);
    const inside = about.length > 0 && about.every((m) => mine.some((one) => one.id === m.id));
    return inside || !matchEntities ? held(words(cause)) : `${effect.subject.name} does not fail with it`;
  };

/** A look of another kind that met the same silence: a scan of all ports, a handshake. */
const silentLook: EdgeTest = (context) => {
  const about = monitorsOf(context.picture, context.effect);
  return about.length > 0 && about.every(isMute)
    ? held('Nothing comes back from the whole server.')
    : `${context.effect.subject.name} does not fail with it`;
};

/** A scan that missed no other ports than those of the service or page that is down. */
const missedPorts: EdgeTest = ({ picture, cause, effect }) => {
  const ports = new Set(monitorsOf(picture, cause).map(portOf));
  const [scan] = monitorsOf(picture, effect);
  const closed = scan && closedOnly(scan) ? (scan.details['closed'] as number[]) : [];
  return closed.length > 0 && closed.every((port) => ports.has(port))
    ? held(`The ports that the scan missed are those of ${cause.subject.name}.`)
    : `${effect.subject.name} does not fail with it`;
};

const either =
  (one: EdgeTest, other: EdgeTest): EdgeTest =>
  (context) => {
    const first = one(context);
    return typeof first === 'string' ? other(context) : first;
  };

const silent = among(unreachableFrom, () => 'Nothing comes back from the whole server.');
const deaf = among(
  monitorsOf,
  ({ subject }) => `${subject.kind === 'port' ? `Port ${subject.name}` : subject.name} takes no connection.`,
);
const nameless = among(monitorsOf, ({ subject }) => `Names of ${subject.name} do not resolve.`);

const overIpv6: EdgeTest = (context) =>
  context.cause.subject.kind === 'server'
    ? among(monitorsOf, () => 'Nothing comes back over IPv6.')(context)
    : 'it is one monitor alone';

/** What stops a service, or the whole machine with it, may hold the agent as well: until it reports again, nobody knows. */
const holdsAgent: EdgeTest = ({ picture, cause, effect }) =>
  cause.since > effect.since - 10 * minute
    ? held(
        picture.monitors.some((m) => m.state === 'up' && m.kind === 'ping')
          ? 'The machine answers, and no report says what happens inside: what stops the service may hold the agent as well.'
          : 'No report says what happens inside.',
      )
    : 'it failed long before the reports stopped';

const ofZone =
  (words: string): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) => {
    const monitor = picture.monitors.find((m) => m.name === cause.subject.name);
    const zone = monitor && zoneOf(monitor);
    return zone === effect.subject.name || !matchEntities
      ? held(words)
      : `it is about ${zone ?? cause.subject.name}`;
  };

/**
 * What explains each monitor that a service fails with explains the service: a process that is gone, a unit that has failed. These edges
 * are those that lead to a failing monitor, asked for each of them.
 */
export function toServices(edges: readonly Edge[]): Edge[] {
  return edges
    .filter(({ effect }) => effect === 'svc.http_down')
    .map(({ test, ...one }) => ({
      ...one,
      effect: 'svc.port_down' as const,
      test: (context) => {
        const { picture, effect } = context;
        const results = monitorsOf(picture, effect).map((m) =>
          test({
            ...context,
            effect: { ...effect, id: 'svc.http_down', subject: { kind: 'monitor', name: m.name } },
          }),
        );
        return results.find((result) => typeof result === 'string') ?? results[0] ?? 'no monitor fails so';
      },
    }));
}

/** Codes of a probe that waited for an answer in vain. */
const timedOut = /^(http|tls|answer)-timeout$/;

/** What makes pages slow makes them mute, once it takes longer than a visitor, or the probe, waits. */
export function toMute(edges: readonly Edge[]): Edge[] {
  const known = new Set(edges.filter(({ effect }) => effect === 'svc.http_down').map(({ cause }) => cause));
  return edges
    .filter(({ cause, effect }) => effect === 'svc.http_slow' && !known.has(cause))
    .map(({ test, ...one }) => ({
      ...one,
      effect: 'svc.http_down' as const,
      test: (context) => {
        const about = monitorsOf(context.picture, context.effect);
        return about.length > 0 && about.every(({ code }) => timedOut.test(code))
          ? test(context)
          : `the monitor fails with ${about[0]?.code ?? 'something else'}`;
      },
    }));
}

export const outsideEdges: Edge[] = [
  edge('net.unreachable', 'svc.port_down', 'deterministic', 2 * minute, silent),
  edge('net.unreachable', 'svc.http_down', 'deterministic', 2 * minute, silent),
  edge('net.unreachable', 'svc.check_failed', 'deterministic', 2 * minute, silentLook),
  edge('net.unreachable', 'agent.silent', 'strong', 10 * minute, () => held('It sends no reports either.')),
  ...(['svc.port_down', 'svc.http_down', 'svc.check_failed'] as const).map((effect) =>
    edge('net.ipv6_broken', effect, 'deterministic', 2 * minute, overIpv6),
  ),
  ...(['svc.port_down', 'svc.http_down'] as const).map((cause) =>
    edge(cause, 'agent.silent', 'medium', 10 * minute, holdsAgent),
  ),
  edge('net.gateway_down', 'net.unreachable', 'strong', 3 * minute, () =>
    held('Without its gateway the server answers nobody.'),
  ),
  edge('net.link_down', 'net.unreachable', 'strong', 3 * minute, () =>
    held('Answers would leave over that link.', 0.7),
  ),
  edge('net.conntrack', 'net.unreachable', 'strong', 3 * minute, () =>
    held('The kernel drops what it cannot track.'),
  ),
  edge('svc.port_down', 'svc.http_down', 'deterministic', 2 * minute, deaf),
  edge('svc.port_down', 'svc.check_failed', 'deterministic', 2 * minute, either(deaf, missedPorts)),
  edge('svc.http_down', 'svc.check_failed', 'deterministic', 2 * minute, missedPorts),
  edge('dns.unresolved', 'svc.http_down', 'deterministic', hour, nameless),
  edge('dns.unresolved', 'svc.check_failed', 'deterministic', hour, nameless),
  edge('dns.unresolved', 'net.dns_fail', 'deterministic', hour, nameless),
  edge(
    'dns.domain_expiry',
    'dns.unresolved',
    'deterministic',
    hour,
    ofZone('The registry no longer answers for the domain.'),
  ),
];
