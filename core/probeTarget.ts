// What a monitor looks at, in a word: for lists, messages and evidence, in the engine and in the portal alike. Pure.
import { formatDuration } from './format.ts';
import type { ProbeKind, ProbeSettings } from './probes.ts';

const targets: { [K in ProbeKind]: (settings: ProbeSettings<K>) => string } = {
  ping: ({ host }) => bareHost(host),
  port: ({ host, port, protocol }) => hostPort(bareHost(host), port) + (protocol === 'udp' ? '/udp' : ''),
  ports: ({ host, range }) => `${bareHost(host)} ports ${range}`,
  http: ({ url }) => shownUrl(new URL(url)),
  exposed: ({ url }) => shownUrl(new URL(url)),
  tls: ({ host, port, servername }) =>
    hostPort(bareHost(host), port) +
    (servername === undefined || servername === host ? '' : ` (${servername})`),
  dns: ({ name, type }) => `${name} ${type}`,
  domain: ({ name }) => name,
  heartbeat: ({ intervalSeconds }) => `every ${formatDuration(intervalSeconds)}`,
};

/** `settings` are checked already: 'https://example.org/', 'web1:5432', 'example.org MX'. */
export function probeTarget<K extends ProbeKind>(kind: K, settings: ProbeSettings<K>): string {
  return targets[kind](settings);
}

/** Without the brackets of [::1]. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** '192.0.2.10:80', '[2001:db8::1]:80'. */
export function hostPort(host: string, port: number): string {
  return `${urlHost(host)}:${port}`;
}

/** As it stands in a URL: an IPv6 address in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** The URL without user and password. */
export function shownUrl(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}
