// Edges between what stands behind pages (a program, its unit, its container) and the errors that the web server in front of it answers with.
import type { Finding, Subject } from '#core/diagnosis.ts';
import { formatDuration } from '#core/format.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { processesOf, sameService } from '#worker/diagnose/entities.ts';
import { monitorsOf } from '#worker/diagnose/monitorsOf.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import {
  allBackends,
  backendsOf,
  type Backend,
  isListening,
  isNamedIn,
  statusOf,
} from '#worker/rules/sites.ts';
import { held, type Edge, type EdgeTest, type Held } from './edge.ts';
import { edge, implied, minute } from './evidence.ts';

/** Units and programs that pages need without being named in any site: what runs PHP, databases, caches. */
const needed =
  /^(php[\d.-]*(fpm|-cgi)?|php-fpm.*|mysqld?|mariadbd?|postgres(ql)?|postmaster|redis(-server)?|valkey(-server)?|memcached|mongod|node|gunicorn|uwsgi|java|puma|tomcat\d*|unicorn|passenger)(@.*)?(\.service)?$/i;
/** Seconds by which what fails comes before the pages that need it, where nothing else says that they do (OWN). */
const shortly = 180;

/** The cause stands behind the pages of the effect: it had the port or the socket that they are forwarded to, or is of those that pages need. */
const standsBehind: EdgeTest = (context) => {
  const { picture, cause, effect, matchEntities } = context;
  const name = cause.subject.name;
  const monitors = monitorsOf(picture, effect);
  const backends = monitors.length ? monitors.flatMap((m) => backendsOf(picture, m)) : allBackends(picture);
  const mine = backends.find((one) => belongs(picture, one, cause.subject));
  if (mine) return held(`The pages are forwarded to ${mine.where}, which is ${whose(cause)}.`);
  if (!matchEntities) return held('Pages may need it.', 0.5);
  if (sameService(picture, cause.subject, effect.subject))
    return held(`${name} answers there, and it ${verb(cause.id)}.`);
  const alive = backends.find(({ port }) => port !== undefined && isListening(picture, port));
  if (needed.test(name) && !isOtherPhp(name, backends))
    return held(`Pages need ${name}, and it ${verb(cause.id)}.`, 0.9);
  if (alive) return `the pages are forwarded to ${alive.where}, where somebody listens`;
  return inTime(picture, cause, effect, monitors) ?? `${name} stands behind no page`;
};

/** PHP of a version that no site is forwarded to. */
function isOtherPhp(name: string, backends: readonly Backend[]): boolean {
  const sockets = backends.flatMap(({ socket }) => (socket && /php/.test(socket) ? [socket] : []));
  return /^php/.test(name) && sockets.length > 0 && !sockets.some((socket) => isNamedIn(socket, name));
}

function belongs(picture: Picture, { where, port, socket }: Backend, subject: Subject): boolean {
  if (port === undefined) return isNamedIn(socket ?? where, subject.name);
  if (subject.kind === 'container') return picture.published?.get(port) === subject.name;
  return [...processesOf(picture, subject)].some((name) => picture.served?.get(name)?.has(port));
}

/** A service of the network that failed just before, on a server whose configuration does not tell what its pages need. */
function inTime(
  picture: Picture,
  cause: Finding,
  effect: Finding,
  monitors: readonly MonitorState[],
): Held | undefined {
  const before = effect.since - cause.since;
  if (before < -30 || before > shortly) return undefined;
  const front = new Set(monitors.map((m) => m.about.port));
  const ports =
    cause.subject.kind === 'container'
      ? [...(picture.published ?? [])].flatMap(([port, name]) => (name === cause.subject.name ? [port] : []))
      : [...processesOf(picture, cause.subject)].flatMap((name) => [...(picture.served?.get(name) ?? [])]);
  const own = ports.filter((port) => !front.has(port) && !notForPages.has(port));
  return own.length > 0
    ? held(
        `${cause.subject.name}, which had port ${own[0]}, ${verb(cause.id)} ${before > 5 ? `${formatDuration(before)} before` : 'at that moment'}.`,
        0.6,
      )
    : undefined;
}

/** Ports of mail, names, files and remote access. */
const notForPages = new Set([21, 22, 25, 53, 110, 111, 123, 139, 143, 445, 465, 587, 993, 995, 2049, 3389]);

function verb(id: string): string {
  if (id === 'svc.unit_failed') return 'has failed';
  if (id === 'svc.restart_loop' || id === 'svc.container_loop') return 'does not stay up';
  if (id === 'net.listen_overflow') return 'accepts no more connections';
  return id === 'svc.container_unhealthy' ? 'is not well' : 'is gone';
}

function whose({ id, subject }: Finding): string {
  if (id === 'svc.unit_failed') return `what ${subject.name} runs`;
  if (subject.kind === 'container') return `the container ${subject.name}`;
  return `${subject.name}'s`;
}

/** What serves the pages computes, or may not: it is there, listens, and does not get to the answers. Where nobody listens it is something else. */
const busyBehind =
  (words: string): EdgeTest =>
  ({ picture, cause, effect }) => {
    const monitors = monitorsOf(picture, effect);
    const backends = monitors.length ? monitors.flatMap((m) => backendsOf(picture, m)) : allBackends(picture);
    const dead = backends.find(({ port }) => port !== undefined && isListening(picture, port) === false);
    if (dead) return `nobody listens on ${dead.where}`;
    const mine = backends.find((one) => belongs(picture, one, cause.subject));
    if (mine)
      return held(`The pages are forwarded to ${mine.where}, which is ${cause.subject.name}'s: ${words}.`);
    return sameService(picture, cause.subject, effect.subject)
      ? held(`${cause.subject.name} answers there: ${words}.`)
      : `the pages are not forwarded to ${cause.subject.name}`;
  };

const causes: RuleId[] = [
  'proc.vanished',
  'svc.unit_failed',
  'svc.restart_loop',
  'svc.container_unhealthy',
  'svc.container_loop',
  'net.listen_overflow',
];

/** Tasks of what serves the pages, or of what they need, hang while the file server does not answer. */
const waitsForFiles: EdgeTest = ({ picture, effect }) => {
  const front = new Set(monitorsOf(picture, effect).map(({ about }) => about.process));
  const stuck = (picture.facts.processGroups ?? []).find(
    ({ name, states }) => (states['D'] ?? 0) > 0 && (needed.test(name) || front.has(name)),
  );
  return stuck
    ? held(`${stuck.name}, which pages need, waits for files that do not come.`)
    : 'no program that pages need waits for files';
};

/** All monitors of the effect are among those of the cause. */
const amongIts =
  (words: string): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) => {
    const ids = new Set(monitorsOf(picture, cause).map(({ id }) => id));
    const about = monitorsOf(picture, effect);
    return !matchEntities || (about.length > 0 && about.every(({ id }) => ids.has(id)))
      ? held(words)
      : `it is about ${cause.subject.name}`;
  };

export const siteEdges: Edge[] = [
  ...causes.flatMap((cause) => [
    edge(cause, 'svc.http_5xx', 'strong', 2 * minute, standsBehind),
    edge(cause, 'svc.upstream_timeout', 'strong', 2 * minute, standsBehind),
  ]),
  ...(['svc.http_5xx', 'svc.upstream_timeout'] as const).flatMap((effect) => [
    edge(
      'proc.runaway',
      effect,
      'strong',
      5 * minute,
      busyBehind('it is busy with something else than answers'),
    ),
    edge(
      'cpu.throttled_cgroup',
      effect,
      'strong',
      5 * minute,
      busyBehind('its CPU quota is used up before it has answered'),
    ),
  ]),
  edge(
    'svc.http_5xx',
    'svc.http_down',
    'deterministic',
    0,
    amongIts('The answer that the monitor got is this error.'),
  ),
  edge('svc.upstream_timeout', 'svc.http_5xx', 'deterministic', 0, ({ picture, effect, cause }) => {
    const late = monitorsOf(picture, effect).some((m) => statusOf(m) === 504);
    return late || cause.subject.name === effect.subject.name
      ? held('The error is 504: the proxy waited for its backend in vain.')
      : 'the error is not 504';
  }),
  edge('disk.nfs_stall', 'svc.http_slow', 'strong', 5 * minute, waitsForFiles),
  edge('disk.nfs_stall', 'svc.upstream_timeout', 'strong', 5 * minute, waitsForFiles),
  edge(
    'svc.upstream_timeout',
    'svc.http_slow',
    'strong',
    minute,
    implied('Requests wait until the proxy gives up.', 0.8),
  ),
];
