// When a chain does not reach a trusted root: is a certificate missing that could be fetched, or is the root unknown?
// The certificate itself says where its issuer's certificate is (AIA); browsers fetch it there, most programs do not.
import { X509Certificate } from 'node:crypto';
import { type Attempt, ProbeFailure, type Verdict } from './attempt.ts';
import { describeCertificate, linked } from './certificate.ts';
import { fetchDocument } from './fetchDocument.ts';
import type { ProbeContext } from './probe.ts';
import { trustedRoots } from './tlsContext.ts';

const mostFetched = 4;
const patienceMs = 4000;
const keepMs = 86_400_000;
const keepFailureMs = 600_000;
const largest = 20_000;

interface Fetched {
  certificate: X509Certificate | undefined;
  until: number;
}
const fetched = new Map<string, Fetched>();
let rootsBySubject: Map<string, X509Certificate[]> | undefined;

/**
 * Looks for the missing certificates. A verdict when they could be fetched: `tls-chain` with their names when they lead to a
 * trusted root, `tls-untrusted` when to an unknown one. undefined when nothing could be fetched.
 */
export async function explainMissing(
  chain: X509Certificate[],
  ca: string | undefined,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict | undefined> {
  const path = linked(chain);
  const missing: X509Certificate[] = [];
  let last = path.at(-1);
  while (last !== undefined && missing.length < mostFetched) {
    const known = rootFor(last, ca);
    if (known) {
      attempt.details.missing = missing.map(describeCertificate);
      const names = missing.map((certificate) => oneLine(certificate.subject)).join(', then ');
      return {
        code: 'tls-chain',
        summary: `The server does not send ${names}: add this intermediate certificate to its chain`,
      };
    }
    if (last.checkIssued(last)) break;
    const url = describeCertificate(last).issuerUrl;
    const issuer = url === undefined ? undefined : await fetchCertificate(url, attempt, context);
    if (issuer === undefined || !last.checkIssued(issuer) || !last.verify(issuer.publicKey)) break;
    missing.push(issuer);
    last = issuer;
  }
  if (missing.length === 0 || last === undefined) return undefined;
  attempt.details.missing = missing.map(describeCertificate);
  return {
    code: 'tls-untrusted',
    summary: `The chain ends at ${oneLine(last.issuer)}, which is not a trusted root`,
  };
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

/** The trusted root that signed this certificate, if there is one. */
function rootFor(certificate: X509Certificate, ca: string | undefined): X509Certificate | undefined {
  rootsBySubject ??= indexed(trustedRoots());
  const own = ca === undefined ? [] : (indexed([ca]).get(certificate.issuer) ?? []);
  const candidates = [...own, ...(rootsBySubject.get(certificate.issuer) ?? [])];
  return candidates.find((root) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
}

function indexed(pems: string[]): Map<string, X509Certificate[]> {
  const index = new Map<string, X509Certificate[]>();
  for (const pem of pems) {
    for (const block of pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []) {
      const root = new X509Certificate(block);
      index.set(root.subject, [...(index.get(root.subject) ?? []), root]);
    }
  }
  return index;
}

async function fetchCertificate(
  url: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<X509Certificate | undefined> {
  const kept = fetched.get(url);
  if (kept && kept.until > Date.now()) return kept.certificate;
  let certificate: X509Certificate | undefined;
  try {
    certificate = await download(url, context);
    attempt.note(`* fetched the issuer's certificate from ${url}`);
  } catch (error) {
    attempt.note(`* the issuer's certificate at ${url} could not be fetched: ${(error as Error).message}`);
  }
  if (fetched.size >= 500) fetched.clear();
  fetched.set(url, { certificate, until: Date.now() + (certificate ? keepMs : keepFailureMs) });
  return certificate;
}

async function download(url: string, context: ProbeContext): Promise<X509Certificate> {
  if (!url.startsWith('http://')) throw new ProbeFailure('http-protocol', 'it is not an http: address');
  const options = { accept: '*/*', maxBytes: largest, timeoutMs: patienceMs };
  const { status, body } = await fetchDocument(url, options, context);
  if (status !== 200) throw new ProbeFailure('http-status', `HTTP ${status}`);
  return new X509Certificate(body);
}
