// What a certificate says, and what is wrong with a chain: expired, wrong name, self-signed, incomplete, untrusted.
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Verdict } from './attempt.ts';

export interface CertificateFacts {
  subject: string;
  issuer: string;
  names: string[];
  /** Epoch seconds. */
  notBefore: number;
  notAfter: number;
  fingerprint256: string;
  serial: string;
  key: { type: string; bits?: number; curve?: string };
  signature: string;
  ca: boolean;
  /** Where the certificate of the issuer can be fetched (AIA). */
  issuerUrl?: string;
  ocspUrl?: string;
  mustStaple?: boolean;
}

const described = new Map<string, CertificateFacts>();

/** The facts of a certificate. Kept by fingerprint: the same certificate comes back with each probe. */
export function describeCertificate(certificate: X509Certificate): CertificateFacts {
  const fingerprint256 = certificate.fingerprint256;
  const kept = described.get(fingerprint256);
  if (kept) return kept;
  const access = certificate.infoAccess ?? '';
  const issuerUrl = /CA Issuers - URI:"?([^\s"]+)/.exec(access)?.[1];
  const ocspUrl = /OCSP - URI:"?([^\s"]+)/.exec(access)?.[1];
  const facts: CertificateFacts = {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate),
    notBefore: Math.floor(certificate.validFromDate.getTime() / 1000),
    notAfter: Math.floor(certificate.validToDate.getTime() / 1000),
    fingerprint256,
    serial: certificate.serialNumber,
    key: keyOf(certificate),
    signature: certificate.signatureAlgorithm ?? 'unknown',
    ca: certificate.ca,
    ...(issuerUrl === undefined ? {} : { issuerUrl }),
    ...(ocspUrl === undefined ? {} : { ocspUrl }),
    ...(certificate.raw.includes(mustStapleOid) ? { mustStaple: true } : {}),
  };
  if (described.size >= 5000) described.clear();
  described.set(fingerprint256, facts);
  return facts;
}

/** 1.3.6.1.5.5.7.1.24 (RFC 7633) in DER. */
const mustStapleOid = Buffer.from('06082b06010505070118', 'hex');

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function namesOf(certificate: X509Certificate): string[] {
  const text = certificate.subjectAltName ?? '';
  const names = text
    .split(', ')
    .map((part) => /^(?:DNS|IP Address):"?([^"]+)/.exec(part)?.[1])
    .filter((name) => name !== undefined);
  return names.slice(0, 200);
}

function keyOf(certificate: X509Certificate): CertificateFacts['key'] {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: more } = certificate.publicKey;
  return {
    type,
    ...(more?.modulusLength === undefined ? {} : { bits: more.modulusLength }),
    ...(more?.namedCurve === undefined ? {} : { curve: more.namedCurve }),
  };
}

/** Whether the certificate is for this name or address (wildcards by RFC 6125). */
export function covers(certificate: X509Certificate, name: string): boolean {
  const plain = name.replace(/\.$/, '');
  if (isIP(plain) !== 0) return certificate.checkIP(plain) !== undefined;
  return certificate.checkHost(plain, { subject: 'never' }) !== undefined;
}

/** The certificates that follow from the first by issuer, in order; what does not fit is left out. */
export function linked(chain: X509Certificate[]): X509Certificate[] {
  const path = chain.slice(0, 1);
  for (let last = path[0]; last !== undefined;) {
    const issued: X509Certificate = last;
    last = chain.find((other) => !path.includes(other) && issued.checkIssued(other));
    if (last) path.push(last);
  }
  return path;
}

/** All that is wrong with the chain for this name, worst first. `now` in epoch milliseconds. */
export function judgeChain(
  chain: X509Certificate[],
  verifyError: string | undefined,
  name: string,
  now: number,
): Verdict[] {
  const leaf = chain[0];
  if (leaf === undefined) return [{ code: 'tls-handshake', summary: 'The server sent no certificate' }];
  const problems: Verdict[] = [];
  const date = datesOf(chain, verifyError, now);
  if (date) problems.push(date);
  const trust = verifyError === undefined ? undefined : trustOf(chain, verifyError);
  if (trust) problems.push(trust);
  if (!covers(leaf, name)) {
    const names = namesOf(leaf).slice(0, 5).join(', ') || oneLine(leaf.subject);
    problems.push({ code: 'tls-name', summary: `The certificate is for ${names}, not for ${name}` });
  }
  return problems;
}

function datesOf(
  chain: X509Certificate[],
  verifyError: string | undefined,
  now: number,
): Verdict | undefined {
  const leaf = chain[0];
  // An expired extra certificate beside a good path is harmless, so the others count only when OpenSSL complains.
  const others =
    verifyError === 'CERT_HAS_EXPIRED' || verifyError === 'CERT_NOT_YET_VALID' ? chain.slice(1) : [];
  for (const certificate of leaf === undefined ? [] : [leaf, ...others]) {
    const who =
      certificate === leaf
        ? 'The certificate'
        : `The intermediate certificate ${oneLine(certificate.subject)}`;
    if (certificate.validToDate.getTime() <= now) {
      const ago = describeDays(now - certificate.validToDate.getTime());
      return {
        code: 'tls-expired',
        summary: `${who} expired ${ago} ago, on ${day(certificate.validToDate)}`,
      };
    }
    if (certificate.validFromDate.getTime() > now) {
      return {
        code: 'tls-not-yet-valid',
        summary: `${who} is valid only from ${day(certificate.validFromDate)}`,
      };
    }
  }
  return undefined;
}

function trustOf(chain: X509Certificate[], verifyError: string): Verdict | undefined {
  const path = linked(chain);
  const last = path[path.length - 1] as X509Certificate;
  const issuer = oneLine(last.issuer);
  switch (verifyError) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return undefined;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        code: 'tls-self-signed',
        summary: `The certificate ${oneLine(last.subject)} is signed by itself`,
      };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return { code: 'tls-untrusted', summary: `The chain ends at ${issuer}, which is not a trusted root` };
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      // Alone, a certificate almost always lacks its intermediate. With one, the issuer of the last is a root that we do not know.
      return path.length === 1
        ? {
            code: 'tls-chain',
            summary: `The server does not send the certificate of the issuer: ${issuer} is missing`,
          }
        : {
            code: 'tls-untrusted',
            summary: `The chain ends at ${oneLine(last.subject)}: its issuer ${issuer} is neither sent nor a trusted root`,
          };
    // Node has no name for what OpenSSL says of short keys and old digests.
    case 'UNSPECIFIED':
      return {
        code: 'tls-weak',
        summary: `A key or signature of the chain is too weak for programs of today: ${path.map(strengthOf).join('; ')}`,
      };
    default:
      return {
        code: 'tls-untrusted',
        summary: `The chain is not valid: ${verifyError.toLowerCase().replaceAll('_', ' ')}`,
      };
  }
}

function strengthOf(certificate: X509Certificate): string {
  const { subject, key, signature } = describeCertificate(certificate);
  const size = key.bits === undefined ? (key.curve ?? '') : ` of ${key.bits} bits`;
  return `${subject} (${key.type}${size}, ${signature})`;
}

/** 2026-03-01 */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** '3 hours', '12 days' */
export function describeDays(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours < 48) return hours === 1 ? '1 hour' : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}
