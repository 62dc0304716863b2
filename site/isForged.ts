/** Called by machines with a token in a header; they send no Origin. */
const forMachines = new Set(['/api/report', '/api/lease']);

/**
 * Whether a request must be refused as possibly forged: it can change state and a browser sent it from another origin, with the
 * session's cookie in it. `Sec-Fetch-Site` is believed first (no page can set it), then `Origin` against the Host that the browser
 * used. A browser sends at least one of them with every POST: a request with neither, and without a cookie, is a program with a
 * token of its own; with a cookie it is refused.
 */
export function isForged(method: string, url: URL, headers: Headers): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  const path = url.pathname.replace(/\/+$/, '');
  if (forMachines.has(path) || path.startsWith('/api/beat/')) return false;
  const site = headers.get('sec-fetch-site');
  if (site) return site !== 'same-origin';
  const origin = headers.get('origin');
  if (!origin) return headers.has('cookie');
  if (!URL.canParse(origin)) return true;
  return new URL(origin).host !== (headers.get('host') ?? url.host);
}
