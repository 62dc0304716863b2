// Certificate revocation lists (RFC 5280): all serial numbers that an issuer took back. Some issuers offer nothing else.
import { verify, type X509Certificate } from 'node:crypto';
import { certificateParts, child, children, element, type Element, hashOf, timeOf } from './der.ts';

export interface CrlAnswer {
  status: 'good' | 'revoked';
  /** Epoch seconds. */
  thisUpdate: number;
  nextUpdate?: number;
  revokedAt?: number;
}

/** cRLDistributionPoints, 2.5.29.31 */
const distributionPoints = '551d1f';

/** Where the certificate says its list is: the first http address. */
export function crlUrl(certificate: X509Certificate): string | undefined {
  const value = certificateParts(certificate.raw).extensions.get(distributionPoints);
  return value === undefined ? undefined : firstUrl(element(value).content, 0);
}

function firstUrl(content: Buffer, depth: number): string | undefined {
  for (const part of children(content)) {
    const text = part.tag === 0x86 ? part.content.toString('latin1') : '';
    if (text.startsWith('http://')) return text;
    const constructed = (part.tag & 0x20) !== 0;
    const inside = constructed && depth < 5 ? firstUrl(part.content, depth + 1) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** What the list says about the certificate; undefined when it is no list, or not signed by the issuer. */
export function readCrl(
  der: Buffer,
  certificate: X509Certificate,
  issuer: X509Certificate,
): CrlAnswer | undefined {
  try {
    const [list, algorithm, signature] = children(element(der).content);
    if (!list || !algorithm || !signature) return undefined;
    const hash = hashOf(algorithm.content);
    if (hash === undefined || !verify(hash, list.raw, issuer.publicKey, signature.content.subarray(1)))
      return undefined;
    return search(list.content, certificateParts(certificate.raw).serial);
  } catch {
    return undefined;
  }
}

const isTime = ({ tag }: Element): boolean => tag === 0x17 || tag === 0x18;

function search(content: Buffer, serial: Buffer): CrlAnswer {
  const fields = children(content);
  const first = fields.findIndex(isTime);
  const thisUpdate = timeOf(fields[first] as Element);
  const second = fields[first + 1];
  const hasNext = second !== undefined && isTime(second);
  const nextUpdate = hasNext ? { nextUpdate: timeOf(second) } : {};
  const revoked = fields[first + (hasNext ? 2 : 1)];
  // A list may hold hundreds of thousands of entries, so they are walked over and not collected.
  if (revoked?.tag === 0x30) {
    for (let at = 0; at < revoked.content.length;) {
      const entry = element(revoked.content, at);
      if (child(entry.content, 0).content.equals(serial)) {
        return { status: 'revoked', thisUpdate, ...nextUpdate, revokedAt: timeOf(child(entry.content, 1)) };
      }
      at = entry.end;
    }
  }
  return { status: 'good', thisUpdate, ...nextUpdate };
}
