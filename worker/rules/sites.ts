// What stands behind a page: the sites of a web server, where it forwards what it is asked, and who listens there.
import type { Subject } from '#core/diagnosis.ts';
import type { ProbeCode } from '#core/probes.ts';
import { gather, hostOf, portOf } from './monitors.ts';
import type { MonitorState, Picture } from './rule.ts';

export interface Backend {
  /** As a person would write it: `127.0.0.1:3000`, `/run/php/php8.2-fpm.sock`, `shop_backend`. */
  where: string;
  /** Of this machine. */
  port?: number;
  socket?: string;
}

/** The program that answers at a monitor's address, by name; or its port. */
export function serviceOf(picture: Picture, m: MonitorState): string | undefined {
  const port = portOf(m);
  const listener = picture.facts.listeners?.find((l) => l.port === port && l.process);
  return m.about.process ?? listener?.process ?? (port === undefined ? undefined : `port ${port}`);
}

/** Where the site of a monitor is forwarded to, by the configuration of nginx or Apache; empty where that does not tell. */
export function backendsOf(picture: Picture, monitor: MonitorState): Backend[] {
  const host = hostOf(monitor);
  const port = portOf(monitor);
  const all = picture.facts.virtualHosts ?? [];
  const named = all.filter(({ names }) => host !== undefined && names.includes(host));
  const sites = named.length
    ? named
    : all.filter(({ names, listen }) => names.length === 0 && listen.some((l) => l.port === port));
  const found = sites.flatMap(({ proxy }) => (proxy === undefined ? [] : backend(proxy)));
  return found.filter(({ where }, i) => found.findIndex((other) => other.where === where) === i);
}

/** Where any site of this machine is forwarded to. */
export function allBackends({ facts }: Pick<Picture, 'facts'>): Backend[] {
  return (facts.virtualHosts ?? []).flatMap(({ proxy }) => (proxy === undefined ? [] : backend(proxy)));
}

/** `http://127.0.0.1:3000/app`, `http://unix:/run/app.sock:/`, `unix:/run/php.sock|fcgi://localhost`, `localhost:9000`, `http://app`. */
function backend(proxy: string): Backend[] {
  const socket = /unix:(\/[^:|\s]+)/.exec(proxy)?.[1];
  if (socket) return [{ where: socket, socket }];
  const rest = proxy.replace(/^[a-z]+:\/\//i, '');
  const [, host = '', port] = /^(\[[0-9a-f:]+\]|[^/:\s]+)(?::(\d{1,5}))?/i.exec(rest) ?? [];
  if (host === '' || host.startsWith('$')) return [];
  const isHere = /^(127\.|localhost$|\[::1\]$)/.test(host);
  const number = Number(port ?? (/^https:/i.test(proxy) ? 443 : 80));
  return [isHere ? { where: `${host}:${number}`, port: number } : { where: port ? `${host}:${port}` : host }];
}

/** Whether anybody listens at a port of this machine; undefined where no report lists sockets. */
export function isListening({ facts }: Picture, port: number): boolean | undefined {
  if (!facts.listeners?.length) return undefined;
  return facts.listeners.some((l) => l.protocol === 'tcp' && l.port === port);
}

/** What a program, unit or container is called in the path of a socket and the name of an upstream: `php8.2-fpm` is `php`, `fpm`. */
const wordsOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/\.(service|scope|sock|socket)$|@.*$/g, '')
    .split(/[^a-z]+/)
    .filter(
      (word) => word.length >= 3 && !/^(run|var|tmp|srv|www|app|the|sock|socket|server|service)$/.test(word),
    );

/** Whether a name stands in a path or an upstream: `shop.service` in `/run/shop/gunicorn.sock`, `billing-api` in `billing`. */
export function isNamedIn(where: string, name: string): boolean {
  const theirs = new Set(wordsOf(where));
  // Of several versions side by side the number decides: php7.4-fpm is not behind php8.2-fpm.sock.
  const version = (text: string) => /php-?(\d\.?\d)/.exec(text)?.[1]?.replace('.', '');
  const [a, b] = [version(where), version(name)];
  if (a !== undefined && b !== undefined && a !== b) return false;
  return wordsOf(name).some((word) => theirs.has(word));
}

/** Programs that had a port of this machine, in these reports. */
export function programsAt(picture: Picture, port: number): string[] {
  const found = [...(picture.served ?? [])].flatMap(([name, ports]) => (ports.has(port) ? [name] : []));
  for (const l of picture.facts.listeners ?? [])
    if (l.port === port && l.process && !found.includes(l.process)) found.push(l.process);
  return found;
}

/** A program that pages are forwarded to and of which every process is stopped: SIGSTOP, a debugger, Ctrl-Z. */
export function stoppedBackend(picture: Picture): { name: string; where: string } | undefined {
  const stopped = (picture.facts.processGroups ?? []).filter(
    ({ states, count }) => count > 0 && (states['T'] ?? 0) + (states['t'] ?? 0) >= count,
  );
  for (const { where, port, socket } of allBackends(picture)) {
    const behind = stopped.find(({ name }) =>
      port === undefined ? isNamedIn(socket ?? where, name) : programsAt(picture, port).includes(name),
    );
    if (behind) return { name: behind.name, where };
  }
  return undefined;
}

/** The container that publishes a port, or did before it ended, with its state. */
export function containerAt(picture: Picture, port: number | undefined) {
  const name = port === undefined ? undefined : picture.published?.get(port);
  return name === undefined ? undefined : picture.facts.containers?.find((c) => c.name === name);
}

/** Our judgement: looks come once a minute and are confirmed; what begins within five minutes began together. */
const seconds = 300;

export interface Gathered {
  groups: { service: string; monitors: MonitorState[] }[];
  alone: MonitorState[];
}

/** Monitors of one service that began to fail together, where it has two sites or more. `since`: when, where the state does not say it. */
export function gathered(
  picture: Picture,
  monitors: readonly MonitorState[],
  since?: (m: MonitorState) => number,
): Gathered {
  const { groups, alone } = gather(monitors, (m) => serviceOf(picture, m), {
    seconds,
    since,
    unlike: hostOf,
  });
  return { groups: groups.map(({ key, monitors }) => ({ service: key, monitors })), alone };
}

/** The service as the subject of a finding. */
export function serviceSubject(service: string): Subject {
  return service.startsWith('port ')
    ? { kind: 'port', name: service.slice(5) }
    : { kind: 'process', name: service };
}

/** A monitor answers with an error of the server itself. */
export function statusOf(monitor: MonitorState): number | undefined {
  const status = Number(monitor.details['status'] ?? /\b([45]\d\d)\b/.exec(monitor.summary)?.[1]);
  return Number.isFinite(status) ? status : undefined;
}

/** Pages that answer with 500 to 599. */
export function serverErrors(picture: Picture): Gathered {
  return gathered(
    picture,
    picture.monitors.filter(
      (m) => m.kind === 'http' && m.state === 'down' && m.code === 'http-status' && (statusOf(m) ?? 0) >= 500,
    ),
  );
}

/** A connection came about, and no answer that a browser could show. */
const mute: readonly ProbeCode[] = [
  'http-timeout',
  'http-protocol',
  'http-truncated',
  'tls-handshake',
  'tls-timeout',
];

/** Pages whose server takes the connection and does not answer. */
export function muteSites(picture: Picture): Gathered {
  return gathered(
    picture,
    picture.monitors.filter((m) => m.kind === 'http' && m.state === 'down' && mute.includes(m.code)),
  );
}

/** 'a, b and 3 others': names of monitors, for a sentence. */
export function namesOf(monitors: readonly MonitorState[]): string {
  const hosts = [...new Set(monitors.map((m) => hostOf(m) ?? m.name))];
  const rest = hosts.length - 3;
  if (hosts.length === 1) return hosts[0]!;
  return rest > 0
    ? `${hosts.slice(0, 3).join(', ')} and ${rest} other${rest > 1 ? 's' : ''}`
    : `${hosts.slice(0, -1).join(', ')} and ${hosts.at(-1)}`;
}
