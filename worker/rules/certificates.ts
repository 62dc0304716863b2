// Certificates, names and domains, from outside and from the files on disk.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { ProbeCode } from '#core/probes.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { formatDuration, formatTime } from '#core/format.ts';
import { type Certificate, certificateFiles, certificateOf } from './certificateFiles.ts';
import { misnamedSites } from './certificateNames.ts';
import { evidence, makeFinding } from './finding.ts';
import {
  hostOf,
  isBad,
  isMailRecord,
  isSideRecord,
  monitorEvidence,
  monitorSource,
  sentence,
  together,
} from './monitors.ts';
import type { MonitorState, Picture, Rule } from './rule.ts';
import { namesOf } from './sites.ts';
import { strayNames } from './strayNames.ts';

const day = 86_400;
const soon = limitsOf('tls.expiring');

/** Issuers that renew by themselves: for these a short time left means that renewal does not work. */
const acme = /Let's Encrypt|ZeroSSL|Buypass|Google Trust Services|\b(R|E)\d{1,2}\b.*Encrypt|SSL\.com.*ACME/i;

interface Served {
  notAfter?: number;
  notBefore?: number;
  fingerprint?: string;
  issuer?: string;
}

function served(monitor: MonitorState): Served {
  const c = (monitor.details['certificate'] ?? {}) as Record<string, unknown>;
  const text = (key: string) => (typeof c[key] === 'string' ? (c[key] as string) : undefined);
  const number = (key: string) => (typeof c[key] === 'number' ? (c[key] as number) : undefined);
  return {
    notAfter: number('notAfter'),
    notBefore: number('notBefore'),
    fingerprint: text('fingerprint256'),
    issuer: text('issuer'),
  };
}

const plain = (fingerprint: string | undefined) => fingerprint?.replaceAll(':', '').toLowerCase();

/** As served, and as files that a service uses. */
export const tlsExpiring: Rule = {
  id: 'tls.expiring',
  find(picture): Finding[] {
    const files = certificateFiles(picture);
    const late = picture.monitors.filter(
      (m) => isBad(m) && (m.code === 'tls-expiring' || m.code === 'tls-expired'),
    );
    // Ports and names that serve the same certificate are one that expires.
    const nameOf = (m: MonitorState) =>
      certificateOf(files, m, served(m).fingerprint)?.path ?? m.about.certificate ?? hostOf(m) ?? m.target;
    const byCertificate = Map.groupBy(late, (m) => plain(served(m).fingerprint) ?? nameOf(m));
    const outside = [...byCertificate.values()]
      .map(([m]) => m!)
      .map((m) => {
        const end = served(m).notAfter;
        const left = end === undefined ? undefined : end - picture.now;
        const worse =
          m.code === 'tls-expired' ||
          m.details['step'] === 'critical' ||
          (left !== undefined && left < soon.critical);
        return makeFinding(picture, 'tls.expiring', {
          subject: { kind: 'certificate', name: nameOf(m) },
          since: m.since,
          severity: worse ? 'critical' : 'warning',
          confidence: 0.97,
          summary: `${m.name}: ${sentence(m)}`,
          evidence: [
            ...monitorEvidence(m),
            ...(end === undefined
              ? []
              : [
                  evidence(
                    'valid until',
                    end,
                    'epoch',
                    monitorSource(m),
                    `more than ${formatDuration(soon.warning)} ahead`,
                  ),
                ]),
          ],
        });
      });
    const told = new Set(outside.map((f) => f.subject.name));
    const inside = files
      .filter((c) => c.usedBy.length > 0 && c.notAfter - picture.now < soon.warning && !told.has(c.path))
      .filter(
        (c) =>
          // It is looked at once an hour: what has just ended may not have been seen yet.
          (c.notAfter <= picture.now && c.notAfter > picture.now - 7200) ||
          !picture.monitors.some(
            (m) => m.kind === 'tls' && m.state === 'up' && c.paths.includes(m.about.certificate ?? ''),
          ),
      )
      .map((c) => {
        const left = c.notAfter - picture.now;
        return makeFinding(picture, 'tls.expiring', {
          subject: { kind: 'certificate', name: c.path },
          since: Math.min(picture.at, Math.max(picture.from, c.notAfter - soon.warning)),
          severity: left < soon.critical ? 'critical' : 'warning',
          summary:
            left < 0
              ? `The certificate ${c.path} (${c.names[0] ?? c.subject}) expired ${formatDuration(-left)} ago.`
              : `The certificate ${c.path} (${c.names[0] ?? c.subject}) expires in ${formatDuration(left)}.`,
          evidence: [
            evidence(
              'valid until',
              c.notAfter,
              'epoch',
              'facts.certificates.notAfter',
              `more than ${formatDuration(soon.warning)} ahead`,
            ),
            evidence('used by', c.usedBy.join(', '), '', 'facts.certificates.usedBy'),
          ],
        });
      });
    return [...outside, ...inside];
  },
};

/** What renews certificates: the unit of a client that has failed. */
const renewer = /^(certbot|acme|lego|dehydrated|letsencrypt|getssl|uacme)[\w@.-]*\.service$/i;

/**
 * An ACME certificate that should have been renewed or whose client has failed in its last third, or one that was renewed on disk while the
 * old one is still served.
 */
export const tlsRenewFailed: Rule = {
  id: 'tls.renew_failed',
  find(picture): Finding[] {
    const findings: Finding[] = [];
    const late = limitsOf('tls.renew_failed');
    const files = certificateFiles(picture);
    for (const m of picture.monitors) {
      const shown = served(m);
      const file = certificateOf(files, m, undefined);
      const fresher =
        file &&
        shown.notAfter !== undefined &&
        file.notAfter > shown.notAfter + day &&
        plain(file.fingerprint) !== plain(shown.fingerprint);
      if (fresher) {
        findings.push(
          makeFinding(picture, 'tls.renew_failed', {
            subject: { kind: 'certificate', name: file.path },
            since: file.notBefore,
            confidence: 0.95,
            summary: `${file.path} was renewed, and ${m.target} still serves the old certificate: the service was not reloaded.`,
            evidence: [
              evidence('on disk, valid until', file.notAfter, 'epoch', 'facts.certificates.notAfter'),
              evidence(
                'served, valid until',
                shown.notAfter!,
                'epoch',
                monitorSource(m),
                formatTime(file.notAfter),
              ),
            ],
          }),
        );
      }
    }
    const failed = picture.facts.units?.find((u) => u.active === 'failed' && renewer.test(u.name));
    for (const c of files) {
      const left = c.notAfter - picture.now;
      const life = c.notAfter - c.notBefore;
      if (failed && acme.test(c.issuer) && c.usedBy.length > 0 && left < (late.third / 100) * life) {
        const rest = left > 0 ? `has ${formatDuration(left)} left` : `expired ${formatDuration(-left)} ago`;
        findings.push(
          makeFinding(picture, 'tls.renew_failed', {
            subject: { kind: 'certificate', name: c.path },
            since: Math.min(
              picture.at,
              failed.changedAt ?? picture.at,
              c.notAfter - Math.round((late.third / 100) * life),
            ),
            confidence: 0.95,
            summary: `${failed.name} has failed, and ${c.path} (${c.names[0] ?? c.subject}) ${rest}: it is not renewed.`,
            evidence: [
              evidence(`state of ${failed.name}`, 'failed', '', 'facts.units.active', 'inactive (success)'),
              evidence('valid until', c.notAfter, 'epoch', 'facts.certificates.notAfter'),
              evidence('issuer', c.issuer, '', 'facts.certificates.issuer'),
            ],
          }),
        );
      }
      // Renewal begins with a third of the life left; under a fifth it has failed for days.
      if (
        !acme.test(c.issuer) ||
        c.usedBy.length === 0 ||
        left <= 0 ||
        left > Math.min(late.left, (late.third / 100) * life) ||
        left > (late.share / 100) * life
      )
        continue;
      if (findings.some((f) => f.subject.name === c.path)) continue;
      findings.push(
        makeFinding(picture, 'tls.renew_failed', {
          subject: { kind: 'certificate', name: c.path },
          since: Math.min(picture.at, c.notAfter - Math.round((late.share / 100) * life)),
          confidence: 0.85,
          summary: `${c.path} (${c.names[0] ?? c.subject}) has ${formatDuration(left)} left and should have been renewed by now.`,
          evidence: [
            evidence(
              'valid until',
              c.notAfter,
              'epoch',
              'facts.certificates.notAfter',
              `renewed ${formatDuration((late.third / 100) * life)} before`,
            ),
            evidence('issuer', c.issuer, '', 'facts.certificates.issuer'),
          ],
        }),
      );
    }
    return findings;
  },
};

/** A rule that says what a monitor's code says. */
function byCode(
  id: RuleId,
  codes: readonly ProbeCode[],
  kind: Finding['subject']['kind'],
  words: (m: MonitorState) => string,
  only: (m: MonitorState, picture: Picture) => boolean = () => true,
): Rule {
  return {
    id,
    find: (picture) =>
      picture.monitors
        .filter((m) => isBad(m) && codes.includes(m.code) && only(m, picture))
        .map((m) =>
          makeFinding(picture, id, {
            subject: {
              kind,
              name: kind === 'monitor' ? m.name : (m.about.certificate ?? m.about.host ?? m.target),
            },
            since: m.since,
            confidence: 0.95,
            severity: severityOf(id, m),
            summary: words(m),
            evidence: monitorEvidence(m),
          }),
        ),
  };
}

function severityOf(id: RuleId, m: MonitorState): Finding['severity'] | undefined {
  if (id === 'dns.domain_expiry')
    return m.code === 'domain-expired' || m.details['step'] === 'critical' || m.code === 'domain-not-found'
      ? 'critical'
      : 'warning';
  return undefined;
}

/** A page says no more of its certificate than the monitor of that certificate does. */
function isNotTwice(m: MonitorState, { monitors }: Picture): boolean {
  return !(
    m.kind === 'http' &&
    monitors.some((o) => o.kind === 'tls' && o.code === m.code && isBad(o) && hostOf(o) === hostOf(m))
  );
}

const named = (m: MonitorState) => `${m.name}: ${sentence(m)}`;

/** Lengths of keys on elliptic curves among those of RSA. */
const curves = new Set([512, 521, 570, 571]);

/** What is wrong with a file that a service uses: a short key of RSA, a signature that can be forged. */
function weakness({ keyBits, signature = '', subject, issuer }: Certificate): string | undefined {
  if (keyBits !== undefined && keyBits >= 512 && keyBits < limitsOf('tls.weak').bits && !curves.has(keyBits))
    return `its key has ${keyBits} bits`;
  // Nobody checks the signature of a certificate under itself.
  if (/md5|sha-?1(?!\d)/i.test(signature) && subject !== issuer) return `it is signed with ${signature}`;
  return undefined;
}

/** From the outside, what the server agrees to; from the inside, the files. */
export const tlsWeak: Rule = {
  id: 'tls.weak',
  find: (picture, state) => [
    ...byCode('tls.weak', ['tls-weak'], 'monitor', named).find(picture, state),
    ...certificateFiles(picture).flatMap((c) => {
      const why = c.usedBy.length > 0 ? weakness(c) : undefined;
      if (why === undefined) return [];
      return [
        makeFinding(picture, 'tls.weak', {
          subject: { kind: 'certificate', name: c.path },
          since: Math.max(picture.from, c.notBefore),
          confidence: 0.95,
          summary: `The certificate ${c.path} (${c.names[0] ?? c.subject}) is weak: ${why}.`,
          evidence: [
            ...(c.keyBits === undefined
              ? []
              : [
                  evidence(
                    'length of its key',
                    c.keyBits,
                    'bits',
                    'facts.certificates.keyBits',
                    `${limitsOf('tls.weak').bits} and more`,
                  ),
                ]),
            ...(c.signature
              ? [evidence('signed with', c.signature, '', 'facts.certificates.signature', 'SHA-256 and more')]
              : []),
            evidence('used by', c.usedBy.join(', '), '', 'facts.certificates.usedBy'),
          ],
        }),
      ];
    }),
  ],
};

/** Names that lead elsewhere, or whose answers differ; those of one domain that were changed within the hour are one finding. */
const dnsMismatch: Rule = {
  id: 'dns.mismatch',
  find(picture, state): Finding[] {
    const { groups } = strayNames(picture);
    const grouped = new Set(groups.flatMap(({ monitors }) => monitors));
    const single = byCode(
      'dns.mismatch',
      ['dns-not-here', 'dns-mismatch', 'dns-disagree', 'dns-lame', 'dns-nxdomain', 'dns-nodata'],
      'monitor',
      named,
      // A name that leads nowhere at all is told by dns.unresolved.
      (m) => !grouped.has(m) && !isMailRecord(m) && (!/nxdomain|nodata/.test(m.code) || isSideRecord(m)),
    );
    return [
      ...groups.map(({ zone, monitors }) =>
        together(
          picture,
          'dns.mismatch',
          { kind: 'domain', name: zone },
          monitors,
          `Names of ${zone} do not lead where they should (${namesOf(monitors)}). ${sentence(monitors[0]!)}`,
        ),
      ),
      ...single.find(picture, state),
    ];
  },
};

/** From the outside, what was shown; from the inside, what the configuration of a site names. */
const tlsNameMismatch: Rule = {
  id: 'tls.name_mismatch',
  find: (picture, state) => [
    ...byCode('tls.name_mismatch', ['tls-name'], 'monitor', named, isNotTwice).find(picture, state),
    ...misnamedSites(picture),
  ],
};

export const outsideChecks: Rule[] = [
  byCode('tls.chain', ['tls-chain', 'tls-untrusted', 'tls-self-signed'], 'monitor', named),
  tlsNameMismatch,
  tlsWeak,
  byCode('tls.revoked', ['tls-revoked'], 'monitor', named),
  dnsMismatch,
  byCode(
    'dns.domain_expiry',
    ['domain-expiring', 'domain-expired', 'domain-status', 'domain-not-found'],
    'monitor',
    named,
  ),
  byCode(
    'dns.ptr_mail',
    ['dns-nxdomain', 'dns-nodata', 'dns-mismatch', 'dns-not-here', 'dns-spf'],
    'monitor',
    named,
    (m) => isMailRecord(m) || m.code === 'dns-spf',
  ),
];
