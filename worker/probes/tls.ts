// TLS: the certificate and its chain, the name, the strength of keys and signatures, old versions, weak ciphers, revocation.
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import type { ProbeCode, ProbeSettings } from '#core/probes.ts';
import { bareHost, probeTarget } from '#core/probeTarget.ts';
import { Attempt, conduct, type Verdict } from './attempt.ts';
import { type CertificateFacts, day, describeCertificate, judgeChain, linked } from './certificate.ts';
import { connectTcp } from './connect.ts';
import { type Handshake, handshake } from './handshake.ts';
import { explainMissing } from './missingIssuer.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { resolveHost } from './resolve.ts';
import { checkRevocation } from './revocation.ts';
import { startTls } from './starttls.ts';
import { secureContext } from './tlsContext.ts';
import { findWeaknesses } from './tlsWeak.ts';

type Settings = ProbeSettings<'tls'>;

/** Worst first: the first of these that holds is the code of the result; the rest stands in details.problems. */
const worstFirst: ProbeCode[] = [
  'tls-handshake',
  'tls-expired',
  'tls-not-yet-valid',
  'tls-revoked',
  'tls-self-signed',
  'tls-untrusted',
  'tls-name',
  'tls-changed',
  'tls-chain',
  'tls-staple',
  'tls-expiring',
  'tls-weak',
];

/** NIST SP 800-57 and the CA/Browser Forum baseline: RSA from 2048 bits, elliptic curves from 224 bits. */
const shortestRsa = 2048;
const shortCurves = /^(prime192v[123]|secp(112|128|160|192)|sect(113|131|163|193)|wap-wsg)/;
/** ecdsa-with-SHA1, sha1WithRSAEncryption, md5WithRSAEncryption. */
export const weakSignature = /md2|md4|md5|sha-?1(?!\d)/i;
const daySeconds = 86_400;

export const tlsProbe: Probe<'tls'> = {
  kind: 'tls',
  run: (settings, context) =>
    conduct('tls', probeTarget('tls', settings), (attempt) => look(settings, attempt, context)),
};

async function look(settings: Settings, attempt: Attempt, context: ProbeContext): Promise<Verdict> {
  const addresses = await resolveHost(settings.host, settings, attempt, context);
  const given = settings.servername ?? bareHost(settings.host);
  // Certificates carry names of other scripts in Punycode, and so does SNI; an address and what is no name stay as they are.
  const name = /^[\x21-\x7e]+$/.test(given) ? given : domainToASCII(given) || given;
  const open = async (record: Attempt): Promise<Socket> => {
    const { socket } = await connectTcp(addresses, settings.port, record, context);
    await startTls(socket, settings.starttls, record, context);
    return socket;
  };
  const raw = await open(attempt);
  const trust = secureContext({ ca: settings.ca, lenient: true });
  const shake = await handshake(
    raw,
    { servername: name, secureContext: trust, staple: true },
    attempt,
    context,
  );
  keepFacts(shake, attempt);
  shake.socket.destroy();
  const problems = await chainProblems(settings, shake, name, attempt, context);
  problems.push(...leafProblems(settings, shake.chain, attempt), ...strengthProblems(shake.chain));
  const revoked = await revocationProblem(shake, attempt, context);
  if (revoked) problems.push(revoked);
  if (settings.weak) {
    const found = await findWeaknesses(() => open(new Attempt()), name, settings.minVersion, context.signal);
    Object.assign(attempt.details, { oldVersions: found.versions, weakCiphers: found.ciphers });
    const accepted = [...found.versions, ...found.ciphers];
    if (accepted.length > 0)
      problems.push({ code: 'tls-weak', summary: `The server accepts ${accepted.join(', ')}` });
  }
  return verdictOf(problems, shake.chain, attempt);
}

function keepFacts({ socket, chain }: Handshake, attempt: Attempt): void {
  const facts = chain.map(describeCertificate);
  attempt.details.chain = facts;
  attempt.details.tls = { protocol: socket.getProtocol(), cipher: socket.getCipher()?.standardName };
  const order = orderOf(chain);
  if (order) attempt.details.order = order;
  for (const { subject, issuer, notAfter } of facts) {
    attempt.note(`< certificate ${subject}, issued by ${issuer}, until ${day(new Date(notAfter * 1000))}`);
  }
}

/** Harmless to browsers, which sort; some programs read the chain as it comes (RFC 5246 7.4.2 demands the order, RFC 8446 4.4.2 asks for it). */
function orderOf(chain: X509Certificate[]): string | undefined {
  const path = linked(chain);
  const extra = chain.filter((one) => !path.includes(one));
  const places = path.map((one) => chain.indexOf(one));
  const sorted = places.every((place, index) => index === 0 || place > places[index - 1]!);
  const faults = [
    ...(sorted ? [] : ['the certificates are not sent in the order of the chain']),
    ...(extra.length > 0
      ? [`sent besides the chain: ${extra.map((one) => describeCertificate(one).subject).join('; ')}`]
      : []),
  ];
  return faults.length > 0 ? faults.join('; ') : undefined;
}

async function chainProblems(
  settings: Settings,
  { chain, verifyError }: Handshake,
  name: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict[]> {
  const problems = judgeChain(chain, verifyError, name, Date.now());
  // What OpenSSL says of a chain that ends too early; only then can a fetched certificate explain more.
  const open = problems.findIndex(({ code }) => code === 'tls-chain' || code === 'tls-untrusted');
  if (open >= 0 && /^UNABLE_TO_/.test(verifyError ?? '')) {
    const explained = await explainMissing(chain, settings.ca, attempt, context);
    if (explained) problems[open] = explained;
  }
  return problems;
}

function leafProblems(settings: Settings, chain: X509Certificate[], attempt: Attempt): Verdict[] {
  const leaf = chain[0];
  if (leaf === undefined) return [];
  const { fingerprint256 } = describeCertificate(leaf);
  const problems: Verdict[] = [];
  const plain = (fingerprint: string): string => fingerprint.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  if (settings.fingerprint !== undefined && plain(settings.fingerprint) !== plain(fingerprint256)) {
    const summary = `The certificate has the fingerprint ${fingerprint256}, not the expected one`;
    problems.push({ code: 'tls-changed', summary });
  }
  const expiring = expiryOf(settings, chain, attempt);
  if (expiring) problems.push(expiring);
  return problems;
}

async function revocationProblem(
  { chain, stapled }: Handshake,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict | undefined> {
  const mustStaple = chain[0] !== undefined && describeCertificate(chain[0]).mustStaple === true;
  const answer = await checkRevocation(chain, stapled, attempt, context);
  attempt.details.revocation = { stapled: stapled !== undefined, mustStaple, ...answer };
  if (answer?.status === 'revoked') {
    const when = answer.revokedAt === undefined ? '' : ` on ${day(new Date(answer.revokedAt * 1000))}`;
    return { code: 'tls-revoked', summary: `The issuer revoked the certificate${when}` };
  }
  if (!mustStaple || answer?.source === 'stapled') return undefined;
  // RFC 7633 4.2.3.1: a client may end the handshake.
  const what = stapled === undefined ? 'none came' : 'what came is not one about it';
  return {
    code: 'tls-staple',
    summary: `The certificate demands a stapled OCSP answer, and ${what}: Firefox refuses it`,
  };
}

/** The first certificate of the path to expire ends the life of the chain. */
function expiryOf(settings: Settings, chain: X509Certificate[], attempt: Attempt): Verdict | undefined {
  const path = linked(chain).map(describeCertificate);
  const first = path.reduce((one, other) => (other.notAfter < one.notAfter ? other : one));
  const left = Math.floor(((first.notAfter - Date.now() / 1000) / daySeconds) * 10) / 10;
  attempt.details.expiresAt = first.notAfter;
  attempt.details.daysLeft = left;
  if (left <= 0 || left > Math.max(settings.warnDays, settings.criticalDays)) return undefined;
  attempt.details.step = left <= settings.criticalDays ? 'critical' : 'warning';
  const who = first === path[0] ? 'The certificate' : `The intermediate certificate ${first.subject}`;
  return {
    code: 'tls-expiring',
    summary: `${who} expires in ${left} days, on ${day(new Date(first.notAfter * 1000))}`,
  };
}

function strengthProblems(chain: X509Certificate[]): Verdict[] {
  const problems: Verdict[] = [];
  for (const certificate of linked(chain)) {
    const facts = describeCertificate(certificate);
    const key = shortKey(facts);
    if (key) problems.push({ code: 'tls-weak', summary: `${facts.subject} has ${key}` });
    // Nobody checks the signature of a root by itself.
    if (!certificate.checkIssued(certificate) && weakSignature.test(facts.signature)) {
      problems.push({ code: 'tls-weak', summary: `${facts.subject} is signed with ${facts.signature}` });
    }
  }
  return problems;
}

function shortKey({ key }: CertificateFacts): string | undefined {
  if (key.type.startsWith('rsa') && (key.bits ?? shortestRsa) < shortestRsa)
    return `an RSA key of ${key.bits} bits`;
  if (key.type === 'dsa') return 'a DSA key';
  if (key.curve !== undefined && shortCurves.test(key.curve)) return `a key on the short curve ${key.curve}`;
  return undefined;
}

function verdictOf(problems: Verdict[], chain: X509Certificate[], attempt: Attempt): Verdict {
  const sorted = [...problems].sort(
    (one, other) => worstFirst.indexOf(one.code) - worstFirst.indexOf(other.code),
  );
  attempt.details.problems = sorted.map(({ code, summary }) => ({ code, summary }));
  const [worst] = sorted;
  if (worst) return worst;
  const until = day((chain[0] as X509Certificate).validToDate);
  const { order } = attempt.details;
  const protocol = (attempt.details.tls as { protocol?: string }).protocol ?? 'TLS';
  return {
    code: 'ok',
    summary: `Valid until ${until} (${attempt.details.daysLeft as number} days), ${protocol}${order === undefined ? '' : `; ${order as string}`}`,
  };
}
