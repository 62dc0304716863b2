import { parse } from 'tldts';

/**
 * A name as web servers and certificates write it, as a plain lower-case ASCII name. Undefined for what names no single host:
 * `_`, wildcards, patterns, variables, addresses.
 */
export function hostName(raw: string): string | undefined {
  // nginx: `.example.org` is the name itself and everything below it. Apache: `ServerName https://example.org:443`.
  const bare = raw
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/:\d+$/, '')
    .replace(/^\./, '')
    .replace(/\.$/, '');
  if (bare === '' || /[*~$^_\s/\\]/.test(bare) || !URL.canParse(`http://${bare}/`)) return undefined;
  const { hostname } = new URL(`http://${bare}/`);
  const { isIp } = parse(hostname);
  return isIp || hostname.length > 253 ? undefined : hostname;
}

/**
 * The domain that someone registered and must renew: 'example.co.uk' for 'www.example.co.uk'. Undefined for names outside the
 * public DNS, for documentation names (RFC 2606), and below a suffix that belongs to a provider ('name.github.io').
 */
export function registrableDomain(name: string): string | undefined {
  const { domain, isIcann, isPrivate } = parse(name, { allowPrivateDomains: true });
  if (!domain || !isIcann || isPrivate) return undefined;
  return /^example\.(com|net|org)$/.test(domain) ? undefined : domain;
}

/** Whether visitors can be expected to resolve the name: it lies below a suffix of the public DNS. */
export function isPublicName(name: string): boolean {
  return parse(name).isIcann === true;
}
