// Where a redirect leads: the next request with what may go along, and whether it is one that was already made.
import type { ProbeSettings } from '#core/probes.ts';
import { ProbeFailure } from './attempt.ts';
import type { ExchangeResponse } from './httpMessage.ts';

export interface Hop {
  url: URL;
  method: string;
  body: string | undefined;
  /** Still the scheme-independent host of the settings: credentials may go along. */
  sameHost: boolean;
  /** What the site itself set on the way: many send a visitor back to the same page with a cookie. */
  cookies: string;
  loop: boolean;
  /** Where the monitor begins: credentials belong there. */
  readonly start: { hostname: string; protocol: string };
  readonly seen: Set<string>;
  readonly jar: Map<string, string>;
}

/** The first request. `url` becomes its address: without user, password and fragment. */
export function startHop({ method, body }: ProbeSettings<'http'>, url: URL): Hop {
  if (url.hash !== '') url.hash = '';
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  const { hostname, protocol } = url;
  return {
    url,
    method,
    body,
    sameHost: true,
    cookies: '',
    loop: false,
    start: { hostname, protocol },
    seen: new Set([keyOf(url, method, '')]),
    jar: new Map(),
  };
}

/** The next request; undefined when the response is no redirect. Throws ProbeFailure 'http-protocol' for a useless Location. */
export function nextHop(hop: Hop, response: ExchangeResponse): Hop | undefined {
  const { status, headers } = response;
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined;
  const url = locate(headers.location, hop.url);
  keepCookies(hop, headers['set-cookie']);
  const turnsToGet =
    (status === 303 && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  const method = turnsToGet ? 'GET' : hop.method;
  const body = turnsToGet ? undefined : hop.body;
  const cookies = cookiesFor(hop, url);
  const key = keyOf(url, method, cookies);
  const loop = hop.seen.has(key);
  hop.seen.add(key);
  // From https to http the credentials would travel in the clear.
  const sameHost =
    hop.sameHost &&
    url.hostname === hop.start.hostname &&
    !(hop.start.protocol === 'https:' && url.protocol === 'http:');
  return { ...hop, url, method, body, sameHost, cookies, loop };
}

function locate(location: string, base: URL): URL {
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    throw new ProbeFailure(
      'http-protocol',
      `The redirect leads to '${location.slice(0, 100)}', which is no address`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProbeFailure('http-protocol', `The redirect leads to ${url.protocol}, not to http or https`);
  }
  url.hash = '';
  url.username = '';
  url.password = '';
  return url;
}

function keepCookies(hop: Hop, setCookie: string | undefined): void {
  for (const line of setCookie?.split('\n') ?? []) {
    const pair = line.split(';')[0] ?? '';
    const name = pair.split('=')[0]?.trim();
    if (name && hop.jar.size < 50) hop.jar.set(`${hop.url.hostname} ${name}`, pair.trim());
  }
}

function cookiesFor(hop: Hop, url: URL): string {
  const mine = [...hop.jar].filter(([key]) => key.startsWith(`${url.hostname} `));
  return mine.map(([, pair]) => pair).join('; ');
}

function keyOf(url: URL, method: string, cookies: string): string {
  return `${method} ${url.href} ${cookies}`;
}
