// Edges of certificates and names.
import { monitorsOf } from '#worker/diagnose/monitorsOf.ts';
import { hostOf } from '#worker/rules/monitors.ts';
import { namesElsewhere } from '#worker/rules/strayNames.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';
import { day, edge, hour, withCode } from './evidence.ts';

/** The monitor shows what the certificate, name or answer is about: the same monitor, host or certificate, or a name of the same domain. */
const sameMonitor =
  (words: string): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) => {
    const about = (name: string) =>
      picture.monitors.filter((m) => m.name === name || m.about.certificate === name || m.target === name);
    const causes = about(cause.subject.name);
    const [shown] = about(effect.subject.name);
    const names = causes.length ? causes.map(hostOf) : [cause.subject.name];
    const host = shown ? hostOf(shown) : effect.subject.name;
    const below =
      cause.id === 'dns.domain_expiry' &&
      names.some((name) => name !== undefined && host?.endsWith(`.${name}`));
    const same = names.includes(host) || below || (shown && shown.about.certificate === cause.subject.name);
    return same || !matchEntities ? held(words) : `it is about ${cause.subject.name}`;
  };

/** Pages that are asked for by a name that leads elsewhere; what is asked for at the server's own address is not reached by it. */
const ofStrayName =
  (words: string): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) => {
    const stray = namesElsewhere(monitorsOf(picture, cause));
    const pages = monitorsOf(picture, effect);
    const same = pages.length > 0 && pages.every((m) => m.kind === 'http' && stray.has(hostOf(m) ?? ''));
    return same || !matchEntities ? held(words) : `it is about ${cause.subject.name}`;
  };

export const nameEdges: Edge[] = [
  // Certificates and names
  edge(
    'tls.renew_failed',
    'tls.expiring',
    'strong',
    60 * day,
    sameMonitor('It should have been renewed by itself.'),
  ),
  edge('tls.renew_failed', 'svc.unit_failed', 'deterministic', 60 * day, ({ cause, effect }) =>
    cause.evidence.some((e) => e.what === `state of ${effect.subject.name}`)
      ? held(`${effect.subject.name} is what renews it.`)
      : `${effect.subject.name} does not renew it`,
  ),
  edge(
    'tls.expiring',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-expired$/, sameMonitor('Browsers refuse a certificate that has expired.')),
  ),
  edge(
    'tls.name_mismatch',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-/, sameMonitor('Browsers refuse a certificate for another name.')),
  ),
  edge(
    'tls.chain',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-/, sameMonitor('Clients refuse a certificate that they cannot verify.')),
  ),
  edge(
    'tls.revoked',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-/, sameMonitor('Clients refuse a revoked certificate.')),
  ),
  edge(
    'dns.domain_expiry',
    'dns.mismatch',
    'strong',
    day,
    sameMonitor('The registry no longer sends visitors here.'),
  ),
  edge(
    'dns.domain_expiry',
    'svc.http_down',
    'strong',
    day,
    withCode(/^dns-|^tls-name|http-body/, sameMonitor('The name no longer leads here.')),
  ),
  ...(
    [
      ['svc.http_down', 'The name leads elsewhere.'],
      ['svc.http_5xx', 'The name leads elsewhere, and the error is of the server there.'],
      ['tls.name_mismatch', 'The name leads elsewhere, and the server there has a certificate of its own.'],
      ['tls.chain', 'The name leads elsewhere, and the server there has a certificate of its own.'],
    ] as const
  ).map(([effect, words]) => edge('dns.mismatch', effect, 'strong', hour, ofStrayName(words))),
  edge('dns.mismatch', 'tls.renew_failed', 'strong', day, ({ picture, cause, effect, matchEntities }) => {
    const stray = namesElsewhere(monitorsOf(picture, cause));
    const names = picture.facts.certificates?.find((c) => c.path === effect.subject.name)?.names ?? [];
    return !matchEntities || names.some((name) => stray.has(name))
      ? held('The issuer looks for the proof where the name leads.', 0.8)
      : `${effect.subject.name} is for other names`;
  }),
  edge('dns.mismatch', 'svc.traffic_drop', 'strong', 6 * hour, ({ picture, cause }) =>
    namesElsewhere(monitorsOf(picture, cause)).size > 0
      ? held('Visitors are led elsewhere.')
      : `${cause.subject.name} leads no visitor elsewhere`,
  ),
];
