// Was the certificate revoked? By the stapled answer, else by the issuer's responder, else by its list. Whoever cannot be asked
// stays silent: a certificate is innocent until its issuer says otherwise.
import type { X509Certificate } from 'node:crypto';
import { type Attempt, ProbeFailure } from './attempt.ts';
import { describeCertificate } from './certificate.ts';
import { crlUrl, readCrl } from './crl.ts';
import { fetchDocument } from './fetchDocument.ts';
import { ocspQuestion, readOcsp } from './ocsp.ts';
import type { ProbeContext } from './probe.ts';

export interface Revocation {
  status: 'good' | 'revoked' | 'unknown';
  source: 'stapled' | 'ocsp' | 'crl';
  /** Epoch seconds. */
  thisUpdate: number;
  nextUpdate?: number;
  revokedAt?: number;
}

const patienceMs = 3000;
const largestList = 10_000_000;
/** An answer holds until its next update, but we look twice a day; an issuer that did not answer gets an hour of rest. */
const keepMs = 12 * 3_600_000;
const restMs = 3_600_000;

interface Kept {
  answer: Revocation | undefined;
  until: number;
}
const answers = new Map<string, Kept>();
const resting = new Map<string, number>();

/** undefined when nobody tells. */
export async function checkRevocation(
  chain: X509Certificate[],
  stapled: Buffer | undefined,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Revocation | undefined> {
  const [leaf, ...others] = chain;
  if (leaf === undefined) return undefined;
  // Not every server sends the issuer second.
  const issuer = others.find((one) => leaf.checkIssued(one) && leaf.verify(one.publicKey));
  if (stapled) {
    const answer = readOcsp(stapled, leaf, issuer);
    if (answer) return { ...answer, source: 'stapled' };
    attempt.note('* the stapled OCSP answer cannot be read, or is not about this certificate');
  }
  if (!issuer) return undefined;
  const kept = answers.get(leaf.fingerprint256);
  if (kept && kept.until > Date.now()) return kept.answer;
  const answer = await ask(leaf, issuer, attempt, context);
  if (answers.size >= 5000) answers.clear();
  const until = Math.min(Date.now() + (answer ? keepMs : restMs), (answer?.nextUpdate ?? Infinity) * 1000);
  answers.set(leaf.fingerprint256, { answer, until });
  return answer;
}

async function ask(
  leaf: X509Certificate,
  issuer: X509Certificate,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Revocation | undefined> {
  const { ocspUrl } = describeCertificate(leaf);
  if (ocspUrl !== undefined) {
    const question = encodeURIComponent(ocspQuestion(leaf, issuer).toString('base64'));
    const body = await download(
      ocspUrl,
      `${ocspUrl.replace(/\/$/, '')}/${question}`,
      20_000,
      attempt,
      context,
    );
    const answer = body && readOcsp(body, leaf, issuer);
    if (answer) return { ...answer, source: 'ocsp' };
  }
  const listUrl = crlUrl(leaf);
  if (listUrl !== undefined) {
    const body = await download(listUrl, listUrl, largestList, attempt, context);
    const answer = body && readCrl(body, leaf, issuer);
    if (answer) return { ...answer, source: 'crl' };
  }
  return undefined;
}

async function download(
  server: string,
  url: string,
  maxBytes: number,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Buffer | undefined> {
  if (!server.startsWith('http://') || !URL.canParse(url) || (resting.get(server) ?? 0) > Date.now())
    return undefined;
  try {
    const { status, body } = await fetchDocument(
      url,
      { accept: '*/*', maxBytes, timeoutMs: patienceMs },
      context,
    );
    attempt.note(`* asked ${server} about revocation: HTTP ${status}, ${body.length} bytes`);
    if (status === 200) return body;
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    attempt.note(`* ${server} does not tell about revocation: ${error.message}`);
  }
  if (resting.size >= 500) resting.clear();
  resting.set(server, Date.now() + restMs);
  return undefined;
}
