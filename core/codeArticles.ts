// Which problem of the catalogue a code points at, so that a failed probe leads to the article that helps. Pure.
import type { ProbeCode, ProbeKind } from './probes.ts';
import { ruleEntry, type RuleId } from './ruleCatalogue.ts';

const byCode: Partial<Record<ProbeCode, RuleId>> = {
  'dns-nxdomain': 'dns.mismatch',
  'dns-nodata': 'dns.mismatch',
  'dns-mismatch': 'dns.mismatch',
  'dns-disagree': 'dns.mismatch',
  'dns-lame': 'dns.mismatch',
  'dns-dnssec': 'dns.mismatch',
  'dns-not-here': 'dns.mismatch',
  'dns-spf': 'dns.ptr_mail',
  'dns-servfail': 'net.dns_fail',
  'dns-refused': 'net.dns_fail',
  'dns-timeout': 'net.dns_fail',
  'connect-unreachable': 'net.gateway_down',
  'unexpected-open': 'sec.port_exposed',
  'ports-changed': 'sec.port_exposed',
  'ping-slow': 'net.latency',
  'http-status': 'svc.http_down',
  'http-redirect-loop': 'svc.http_down',
  'http-redirect-limit': 'svc.http_down',
  'http-body': 'svc.http_down',
  'http-protocol': 'svc.http_down',
  'http-truncated': 'svc.http_down',
  'http-timeout': 'svc.http_down',
  'http-slow': 'svc.http_slow',
  'exposed-file': 'sec.webroot_leak',
  'tls-expired': 'tls.expiring',
  'tls-expiring': 'tls.expiring',
  'tls-name': 'tls.name_mismatch',
  'tls-chain': 'tls.chain',
  'tls-self-signed': 'tls.chain',
  'tls-untrusted': 'tls.chain',
  'tls-revoked': 'tls.revoked',
  'tls-staple': 'tls.revoked',
  'tls-weak': 'tls.weak',
  'domain-expiring': 'dns.domain_expiry',
  'domain-expired': 'dns.domain_expiry',
  'domain-status': 'dns.domain_expiry',
};

/** A refused or silent port means "website down" only for a website. */
const webOnly: ProbeCode[] = ['connect-refused', 'connect-timeout', 'connect-reset'];

/** Path and heading in the knowledge base; undefined where no article fits. */
export function articleFor(kind: ProbeKind, code: ProbeCode): string | undefined {
  const rule = byCode[code] ?? (kind === 'http' && webOnly.includes(code) ? 'svc.http_down' : undefined);
  return rule === undefined ? undefined : ruleEntry(rule).article;
}
