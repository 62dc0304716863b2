// Trust and TLS settings, built once and shared: a context of all roots costs 35 ms to build and nothing to reuse.
import { createHash } from 'node:crypto';
import tls from 'node:tls';
import { ProbeFailure } from './attempt.ts';

export interface TlsOptions {
  /** More roots to trust, in PEM. */
  ca?: string | undefined;
  clientCertificate?: { cert: string; key: string } | undefined;
  /** Also speak TLS 1.0 with weak keys, so that an old server can be looked at. */
  lenient?: boolean;
}

const contexts = new Map<string, tls.SecureContext>();
let roots: string[] | undefined;

/** The roots that Node and the system ship. */
export function trustedRoots(): string[] {
  roots ??= [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
  return roots;
}

/** A shared context for these options. Throws ProbeFailure 'prober-error' when a PEM cannot be read. */
export function secureContext(options: TlsOptions = {}): tls.SecureContext {
  const { ca, clientCertificate, lenient } = options;
  const own = [
    ca ?? '',
    clientCertificate?.cert ?? '',
    clientCertificate?.key ?? '',
    lenient ? 'lenient' : '',
  ];
  const key = own.every((part) => part === '')
    ? ''
    : createHash('sha256').update(own.join('\0')).digest('base64');
  const kept = contexts.get(key);
  if (kept) return kept;
  let context: tls.SecureContext;
  try {
    context = tls.createSecureContext({
      // No post-quantum key share: half a millisecond of CPU and a ClientHello of two packets, for nothing that a probe needs.
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      ca: ca === undefined ? trustedRoots() : [...trustedRoots(), ca],
      ...(clientCertificate ?? {}),
      ...(lenient ? { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } : {}),
    });
  } catch (error) {
    throw new ProbeFailure(
      'prober-error',
      `A certificate or key in the settings cannot be read: ${(error as Error).message}`,
    );
  }
  if (contexts.size >= 100) contexts.clear();
  contexts.set(key, context);
  return context;
}
