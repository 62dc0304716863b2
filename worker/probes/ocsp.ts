// OCSP (RFC 6960): is this one certificate revoked? The answer comes stapled to the handshake, or from the issuer's responder.
import { createHash, verify, X509Certificate } from 'node:crypto';
import { certificateParts, child, children, element, type Element, encode, hashOf, timeOf } from './der.ts';

export interface OcspAnswer {
  status: 'good' | 'revoked' | 'unknown';
  /** Epoch seconds. */
  thisUpdate: number;
  nextUpdate?: number;
  revokedAt?: number;
}

const sha1 = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest();
const sha1Algorithm = Buffer.from('300906052b0e03021a0500', 'hex');
/** id-kp-OCSPSigning: the issuer lets this certificate answer for it. */
const ocspSigning = '1.3.6.1.5.5.7.3.9';

/** The question about a certificate, without a nonce, so that responders can answer from their cache. */
export function ocspQuestion(certificate: X509Certificate, issuer: X509Certificate): Buffer {
  const { serial, issuer: issuerName } = certificateParts(certificate.raw);
  const { keyBits } = certificateParts(issuer.raw);
  const id = encode(
    0x30,
    sha1Algorithm,
    encode(4, sha1(issuerName)),
    encode(4, sha1(keyBits)),
    encode(2, serial),
  );
  return encode(0x30, encode(0x30, encode(0x30, encode(0x30, id))));
}

/**
 * The answer about this certificate; undefined when the bytes are none, or answer about another one. With `issuer`, the
 * signature must be the issuer's or that of a responder it appointed.
 */
export function readOcsp(
  der: Buffer,
  certificate: X509Certificate,
  issuer?: X509Certificate,
): OcspAnswer | undefined {
  try {
    const [status, wrapped] = children(element(der).content);
    if (status?.content[0] !== 0 || wrapped === undefined) return undefined;
    const basic = children(element(child(element(wrapped.content).content, 1).content).content);
    if (issuer && !signedBy(basic, issuer)) return undefined;
    // [0] version is left out when it is 1; then come who answers, when, and the answers.
    const data = children((basic[0] as Element).content).filter(({ tag }) => tag !== 0xa0);
    const { serial } = certificateParts(certificate.raw);
    for (const single of children((data[2] as Element).content)) {
      const [id, certStatus, thisUpdate, more] = children(single.content);
      if (id && certStatus && thisUpdate && child(id.content, 3).content.equals(serial)) {
        return answerOf(certStatus, thisUpdate, more);
      }
    }
    return undefined;
  } catch {
    return undefined;
  }
}

function answerOf(certStatus: Element, thisUpdate: Element, more: Element | undefined): OcspAnswer {
  const revoked = certStatus.tag === 0xa1;
  return {
    status: certStatus.tag === 0x80 ? 'good' : revoked ? 'revoked' : 'unknown',
    thisUpdate: timeOf(thisUpdate),
    ...(more?.tag === 0xa0 ? { nextUpdate: timeOf(element(more.content)) } : {}),
    ...(revoked ? { revokedAt: timeOf(element(certStatus.content)) } : {}),
  };
}

function signedBy([data, algorithm, signature, certificates]: Element[], issuer: X509Certificate): boolean {
  if (!data || !algorithm || !signature) return false;
  const hash = hashOf(algorithm.content);
  if (hash === undefined) return false;
  const bits = signature.content.subarray(1);
  const sent = certificates ? children(element(certificates.content).content) : [];
  const appointed = sent
    .map(({ raw }) => new X509Certificate(raw))
    .filter(
      (one) => one.keyUsage?.includes(ocspSigning) && one.checkIssued(issuer) && one.verify(issuer.publicKey),
    );
  return [issuer, ...appointed].some((signer) => verify(hash, data.raw, signer.publicKey, bits));
}
