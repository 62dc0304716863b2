// Edges of links, routes, names and connections.
import { formatCount, formatPercent } from '#core/format.ts';
import { processesOf, sameService } from '#worker/diagnose/entities.ts';
import { held, type Edge, type EdgeContext, type EdgeTest } from './edge.ts';
import {
  day,
  edge,
  hour,
  implied,
  minute,
  notCollected,
  sameSubject,
  whileGauge,
  withCode,
} from './evidence.ts';

/** A backend of web pages: only when the server itself answers with an error. */
const backend = (words: string, share = 0.8): EdgeTest => implied(words, share);

/** Whether both are the same bond, or a bond and its link, or two links of it. */
function sharesBond({ picture, cause, effect }: EdgeContext, words: (cause: string) => string) {
  const names = [cause.subject.name, effect.subject.name];
  const bond = picture.facts.bonds?.find((b) =>
    names.every((name) => name === b.name || b.slaves.some((s) => s.name === name)),
  );
  return bond ? held(words(names[0]!)) : `${names.join(' and ')} are of no common bond`;
}

export const networkEdges: Edge[] = [
  edge(
    'cpu.softirq_high',
    'net.softnet',
    'strong',
    minute,
    whileGauge(
      'net.softnet_dropped',
      (v) => v > 0,
      (v) => `The core that is full leaves ${formatCount(v)} packets a second lying.`,
      'the drops of the kernel backlog',
    ),
  ),
  edge(
    'cpu.softirq_high',
    'net.drops',
    'medium',
    minute,
    implied('The core that takes the packets is full.'),
  ),
  edge(
    'cpu.saturated',
    'net.listen_overflow',
    'medium',
    2 * minute,
    whileGauge(
      'cpu.pressure.some',
      (v) => v > 30,
      (v) =>
        `The program that should accept waits for a core (${formatPercent(v)} of the time somebody does).`,
      'CPU pressure',
    ),
  ),
  edge(
    'net.errors',
    'net.retrans',
    'strong',
    2 * minute,
    implied(({ cause }) => `Damaged frames on ${cause.subject.name} must be sent again.`, 0.8),
  ),
  edge(
    'net.drops',
    'net.retrans',
    'strong',
    2 * minute,
    implied(({ cause }) => `What ${cause.subject.name} drops must be sent again.`, 0.8),
  ),
  edge(
    'net.link_slow',
    'net.saturated',
    'strong',
    2 * minute,
    sameSubject('The link is slower than it was, so it is full sooner.'),
  ),
  edge('net.link_slow', 'net.errors', 'strong', 5 * minute, ({ picture, cause, effect }) =>
    cause.subject.name !== effect.subject.name
      ? 'it is another interface'
      : picture.facts.interfaces?.find((i) => i.name === cause.subject.name)?.duplex === 'half'
        ? held('With half duplex on one end, frames collide.')
        : 'the link has full duplex',
  ),
  edge(
    'net.flap',
    'net.retrans',
    'strong',
    minute,
    implied('What was on its way when the link went down is lost.', 0.8),
  ),
  edge('net.flap', 'net.link_down', 'strong', minute, sameSubject('The link has come and gone before.')),
  edge('net.link_down', 'net.gateway_down', 'deterministic', minute, ({ picture, cause }) =>
    (picture.facts.routes ?? []).some((r) => r.device === cause.subject.name && r.gateway) ||
    picture.facts.defaultRoute?.device === cause.subject.name
      ? held(`The default route leaves over ${cause.subject.name}.`)
      : `no default route leaves over ${cause.subject.name}`,
  ),
  edge('net.link_down', 'net.bond_degraded', 'deterministic', 0, ({ picture, cause, effect }) =>
    picture.facts.bonds
      ?.find((b) => b.name === effect.subject.name)
      ?.slaves.some((s) => s.name === cause.subject.name)
      ? held(`${cause.subject.name} is a link of ${effect.subject.name}.`)
      : `${cause.subject.name} is no link of ${effect.subject.name}`,
  ),
  edge('net.link_down', 'net.saturated', 'strong', hour, (context) =>
    sharesBond(context, (down) => `${down} no longer carries its share.`),
  ),
  edge('net.bond_degraded', 'net.saturated', 'strong', hour, (context) =>
    sharesBond(context, (bond) => `What ${bond} carried over all its links goes over those that are left.`),
  ),
  edge(
    'net.saturated',
    'net.retrans',
    'strong',
    minute,
    implied(({ cause }) => `${cause.subject.name} is full, and what does not fit is dropped.`),
  ),
  edge(
    'net.saturated',
    'svc.http_slow',
    'medium',
    2 * minute,
    implied(({ cause }) => `Answers queue on ${cause.subject.name}.`),
  ),
  edge(
    'net.saturated',
    'net.latency',
    'medium',
    2 * minute,
    implied(({ cause }) => `Packets queue on ${cause.subject.name}.`),
  ),
  edge(
    'net.softnet',
    'net.retrans',
    'medium',
    minute,
    implied('Packets that the kernel drops must be sent again.'),
  ),
  edge('net.retrans', 'svc.http_slow', 'medium', 2 * minute, implied('Lost packets are waited for.', 0.7)),
  edge('net.conntrack', 'svc.http_down', 'strong', minute, ({ picture }) => {
    const full = picture.latest('net.conntrack_percent') ?? 0;
    const log = picture.events.some((e) => e.kind === 'kernel.conntrack_full' && e.at > picture.at - 1800);
    return log || full > 95
      ? held(
          log
            ? 'The kernel logged that it drops packets because the table is full.'
            : `The table is ${formatPercent(full)} full.`,
        )
      : `the table is ${formatPercent(full)} full, there is room`;
  }),
  edge('net.link_down', 'net.dns_fail', 'strong', 2 * minute, ({ picture, cause }) =>
    (picture.facts.routes ?? []).some((r) => r.device === cause.subject.name) ||
    picture.facts.interfaces?.find((n) => n.name === cause.subject.name)?.addresses.length
      ? held(`The name server is reached over ${cause.subject.name}.`)
      : `no route leaves over ${cause.subject.name}`,
  ),
  edge(
    'net.gateway_down',
    'net.dns_fail',
    'strong',
    2 * minute,
    implied('The name server lies behind the gateway, or is it.', 0.9),
  ),
  edge('net.syn_flood', 'net.retrans', 'strong', 2 * minute, ({ picture }) => {
    const cookies = picture.latest('net.tcp.syn_cookies') ?? 0;
    const again = picture.latest('net.tcp.retransmits');
    return again === undefined || cookies > 0.5 * again
      ? held('Answers to handshakes that nobody finishes are sent again and again.')
      : `${formatCount(again)} segments a second are sent again, and only ${formatCount(cookies)} handshakes stay unfinished`;
  }),
  edge('net.syn_flood', 'net.conntrack', 'strong', 2 * minute, ({ picture }) => {
    const half = picture.latest('net.tcp.syn_recv') ?? 0;
    const all = picture.latest('net.conntrack') ?? Infinity;
    return half > 0.2 * all || half > 200
      ? held(`${formatCount(half)} unfinished handshakes are tracked.`)
      : `only ${formatCount(half)} handshakes are unfinished`;
  }),
  edge(
    'net.syn_flood',
    'cpu.softirq_high',
    'strong',
    minute,
    implied('Every one of these packets is interrupt work.', 0.8),
  ),
  edge(
    'net.syn_flood',
    'net.listen_overflow',
    'strong',
    minute,
    implied('The queues for new connections are full.', 0.8),
  ),
  edge(
    'net.syn_flood',
    'svc.http_down',
    'strong',
    minute,
    withCode(/^connect-|timeout/, implied('New connections find the queue full.')),
  ),
  edge('net.listen_overflow', 'svc.http_down', 'medium', minute, (context) => {
    const { picture, cause, effect } = context;
    const other =
      cause.subject.kind === 'process' &&
      processesOf(picture, effect.subject).size > 0 &&
      !sameService(picture, cause.subject, effect.subject);
    return other && context.matchEntities
      ? `${cause.subject.name} does not serve ${effect.subject.name}`
      : withCode(/timeout|reset/, implied('Connections are lost before anybody accepts them.'))(context);
  }),
  edge(
    'net.listen_overflow',
    'svc.http_slow',
    'medium',
    minute,
    implied('Connections wait to be accepted.', 0.7),
  ),
  edge('net.dns_fail', 'svc.http_slow', 'strong', minute, notCollected('whether pages resolve names')),
  edge(
    'net.dns_fail',
    'mail.queue',
    'strong',
    hour,
    implied('Without names, mail cannot be delivered.', 0.8),
  ),
  edge('net.dns_fail', 'time.unsync', 'medium', day, implied('Time servers are found by name.', 0.7)),
  edge('net.dns_fail', 'tls.renew_failed', 'strong', day, implied('The issuer is found by name.', 0.7)),
  edge('net.gateway_down', 'agent.silent', 'strong', 3 * minute, ({ picture }) =>
    picture.monitors.some((m) => m.kind === 'ping' && m.state === 'down')
      ? held('Without its gateway the server reaches nobody, and nobody reaches it.')
      : 'the server answers from outside',
  ),
  edge(
    'net.timewait',
    'svc.http_5xx',
    'strong',
    minute,
    backend('No port is left for a connection to the backend.'),
  ),
];
