// The TLS handshake on an open connection, and what its errors mean.
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import tls from 'node:tls';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import type { ProbeContext } from './probe.ts';

export interface HandshakeOptions {
  /** The name to ask for (SNI). An address sends none. */
  servername: string;
  secureContext: tls.SecureContext;
  alpn?: string[];
  /** Ask for a stapled OCSP answer. */
  staple?: boolean;
}

export interface Handshake {
  socket: tls.TLSSocket;
  /** As the server sent them, its own first. */
  chain: X509Certificate[];
  /** OpenSSL's word on the chain, such as CERT_HAS_EXPIRED; undefined when it leads to a trusted root. */
  verifyError: string | undefined;
  stapled: Buffer | undefined;
}

/**
 * Takes the connection over: afterwards only the TLSSocket may be used or closed. Never rejects a certificate: who calls judges
 * it. Throws ProbeFailure: tls-handshake, tls-timeout, tls-name, tls-weak; the connection is closed then.
 */
export function handshake(
  raw: Socket,
  options: HandshakeOptions,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Handshake> {
  const since = performance.now();
  return within<Handshake>(
    context.signal,
    'tls-timeout',
    'The TLS handshake did not finish in time',
    (done, fail) => {
      // The last word of the handshake and the request are two writes; the second must not wait for the first to be confirmed.
      raw.setNoDelay(true);
      const socket = tls.connect({
        socket: raw,
        ...(isIP(options.servername) === 0 ? { servername: options.servername } : {}),
        secureContext: options.secureContext,
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...(options.alpn ? { ALPNProtocols: options.alpn } : {}),
        ...(options.staple ? { requestOCSP: true } : {}),
      });
      // Before 'secureConnect' Node turns the whole chain into plain objects for a check of the name that is made elsewhere here:
      // a quarter of the CPU time of a handshake. This socket has nothing to say to it.
      socket.getPeerCertificate = () => ({}) as tls.DetailedPeerCertificate;
      let stapled: Buffer | undefined;
      if (options.staple) {
        socket.once('OCSPResponse', (response: Buffer | null) => {
          stapled = response && response.length > 0 ? response : undefined;
        });
      }
      const onError = (error: NodeJS.ErrnoException): void => {
        attempt.phase('tls', since);
        socket.removeListener('close', onClose);
        socket.on('error', ignore);
        socket.destroy();
        fail(handshakeFailure(error));
      };
      const onClose = (): void => onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
      socket.once('error', onError);
      socket.once('close', onClose);
      socket.once('secureConnect', () => {
        attempt.phase('tls', since);
        socket.removeListener('error', onError);
        socket.removeListener('close', onClose);
        socket.on('error', ignore);
        attempt.note(`* ${socket.getProtocol()} ${socket.getCipher()?.standardName ?? ''}`);
        done({ socket, chain: chainOf(socket), verifyError: errorText(socket.authorizationError), stapled });
      });
      return () => {
        socket.removeListener('close', onClose);
        socket.on('error', ignore);
        socket.destroy();
      };
    },
  );
}

function ignore(): void {}

/** Node types this as Error and gives a string; null after a good handshake. */
function errorText(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
}

/** Node hands the chain out once: a second call on the same socket returns nothing. At most 10 certificates. */
function chainOf(socket: tls.TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < 10) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

const meanings: [RegExp, 'tls-handshake' | 'tls-name' | 'tls-weak', string][] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER_FAILURE/,
    'tls-handshake',
    'The port does not speak TLS',
  ],
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/,
    'tls-handshake',
    'The server accepts none of our TLS versions (1.2 and 1.3): it is too old',
  ],
  [/UNRECOGNIZED_NAME/, 'tls-name', 'The server does not know this name (alert unrecognized_name)'],
  [
    /NO_APPLICATION_PROTOCOL/,
    'tls-handshake',
    'The server refuses this HTTP version (alert no_application_protocol)',
  ],
  [
    /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN/,
    'tls-handshake',
    'The server demands a client certificate that it trusts',
  ],
  [
    /DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|MD_TOO_WEAK|WRONG_SIGNATURE_TYPE/,
    'tls-weak',
    'The key or signature of the server is too weak for a TLS client of today',
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS/,
    'tls-handshake',
    'Server and client have no cipher in common (alert handshake_failure)',
  ],
  [
    /EXCESSIVE_MESSAGE_SIZE/,
    'tls-handshake',
    'The server sends certificates of more than 100 kB, which clients refuse',
  ],
  [
    /INTERNAL_ERROR/,
    'tls-handshake',
    'The server failed inside (alert internal_error): often no certificate for this name',
  ],
];

/** The failure for an error during or right after the handshake. */
function handshakeFailure(error: NodeJS.ErrnoException): ProbeFailure {
  const code = error.code ?? '';
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ProbeFailure('tls-handshake', 'The server cut the connection during the TLS handshake');
  }
  const text = `${code} ${error.message}`.toUpperCase().replaceAll(' ', '_');
  for (const [pattern, probeCode, sentence] of meanings) {
    if (pattern.test(text)) return new ProbeFailure(probeCode, sentence);
  }
  return new ProbeFailure(
    'tls-handshake',
    `The TLS handshake failed: ${error.message
      .replace(/^[^:]*:error:\w+:/, '')
      .replace(/:\.\.\/.*$/s, '')
      .trim()}`,
  );
}
