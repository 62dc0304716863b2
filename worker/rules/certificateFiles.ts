// Files of certificates: copies of one (cert.pem beside fullchain.pem, a folder of a proxy) are one certificate.
import type { Facts } from '#core/facts.ts';
import type { MonitorState, Picture } from './rule.ts';

export type Certificate = NonNullable<Facts['certificates']>[number];

export interface CertificateFile extends Certificate {
  /** Every file that holds it, `path` among them. */
  paths: readonly string[];
}

const plain = (fingerprint: string) => fingerprint.replaceAll(':', '').toLowerCase();

/** By its fingerprint; where none was read, by all else that tells certificates apart. */
function identityOf({
  fingerprint,
  serial,
  issuer,
  subject,
  notBefore,
  notAfter,
  names,
}: Certificate): string {
  return fingerprint
    ? plain(fingerprint)
    : JSON.stringify([serial, issuer, subject, notBefore, notAfter, names.toSorted()]);
}

/**
 * The certificates of a server, each once, by the file that a monitor knows, else one that a service uses, else the first by name. Who
 * uses any of its files uses it.
 */
export function certificateFiles({ facts, monitors }: Picture): CertificateFile[] {
  const watched = new Set(monitors.map((m) => m.about.certificate));
  const rank = (c: Certificate) => (watched.has(c.path) ? 0 : c.usedBy.length > 0 ? 1 : 2);
  return [...Map.groupBy(facts.certificates ?? [], identityOf).values()].map((copies) => {
    const sorted = copies.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
    return {
      ...sorted[0]!,
      usedBy: [...new Set(sorted.flatMap((c) => c.usedBy))],
      paths: sorted.map((c) => c.path),
    };
  });
}

/** The certificate that a monitor is about: by the file that it knows, or by what it was shown. */
export function certificateOf(
  files: readonly CertificateFile[],
  { about }: MonitorState,
  shown: string | undefined,
): CertificateFile | undefined {
  return files.find(
    (file) =>
      (about.certificate !== undefined && file.paths.includes(about.certificate)) ||
      (shown !== undefined && file.fingerprint !== undefined && plain(file.fingerprint) === plain(shown)),
  );
}
