// A site whose own configuration names a certificate of other names: every browser refuses it.
import type { Finding } from '#core/diagnosis.ts';
import type { VirtualHost } from '#core/facts.ts';
import { hostName, isPublicName } from '#worker/discover/hostName.ts';
import { evidence, makeFinding } from './finding.ts';
import { hostOf } from './monitors.ts';
import type { Picture } from './rule.ts';

/** RFC 9525: a star stands for one label, at the left end. */
const covers = (of: string, name: string) =>
  of.toLowerCase() === name ||
  (of.startsWith('*.') && name.slice(name.indexOf('.') + 1) === of.slice(2).toLowerCase());

/** The public names of a site; one of them that is covered is enough, for many list an alias that nobody asks for. */
const namesOfSite = ({ names }: VirtualHost) =>
  names.flatMap((raw) => hostName(raw) ?? []).filter((name) => isPublicName(name));

/**
 * Of the sites that the configuration tells; a name that a monitor asks for is left to what that is shown. A certificate that nobody else has
 * signed is a stopgap, as is one without a name.
 */
export function misnamedSites(picture: Picture): Finding[] {
  const { certificates = [], virtualHosts = [] } = picture.facts;
  const watched = new Set(picture.monitors.map(hostOf));
  const seen = new Set<string>();
  return virtualHosts.flatMap((site) => {
    const names = namesOfSite(site);
    const [name] = names;
    const certificate = certificates.find((c) => c.path === site.certificate);
    if (
      name === undefined ||
      !certificate ||
      certificate.names.length === 0 ||
      certificate.subject === certificate.issuer ||
      names.some((n) => watched.has(n) || certificate.names.some((of) => covers(of, n))) ||
      seen.has(name)
    )
      return [];
    seen.add(name);
    return [
      makeFinding(picture, 'tls.name_mismatch', {
        subject: { kind: 'domain', name },
        since: picture.from,
        confidence: 0.85,
        summary: `The site ${name} is set up with ${certificate.path}, a certificate for ${certificate.names.slice(0, 3).join(', ')} only.`,
        evidence: [
          evidence(
            'names of the certificate',
            certificate.names.slice(0, 5).join(', '),
            '',
            'facts.certificates.names',
            name,
          ),
          evidence('set up in', site.source ?? site.server, '', 'facts.virtualHosts.certificate'),
        ],
      }),
    ];
  });
}
