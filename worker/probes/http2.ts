// HTTP/2 on an open socket: TLS with ALPN h2, or in the clear with prior knowledge.
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import { ProbeFailure, within } from './attempt.ts';
import { type ExchangeRequest, type Incoming, lateness } from './httpMessage.ts';

/** Headers that belong to a connection of HTTP/1.1 and are forbidden in HTTP/2. */
const connectionHeaders = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
]);

/** Fills `incoming`; true when there is more than it may hold. Throws ProbeFailure: http-timeout, http-protocol, http-truncated. */
export function sendHttp2(
  socket: Socket,
  request: ExchangeRequest,
  incoming: Incoming,
  signal: AbortSignal,
): Promise<boolean> {
  const { url } = request;
  return within<boolean>(
    signal,
    'http-timeout',
    () => lateness(incoming),
    (done, fail) => {
      const session = http2.connect(url.origin, { createConnection: () => socket });
      const broken = ({ message }: Error): void => {
        session.destroy();
        const failure = incoming.begun
          ? new ProbeFailure(
              'http-truncated',
              `The stream ended after ${incoming.received} bytes: ${message}`,
            )
          : new ProbeFailure('http-protocol', `The answer is not valid HTTP/2: ${message}`);
        fail(failure);
      };
      const finish = (cut: boolean): void => {
        done(cut);
        session.destroy();
      };
      session.on('error', broken);
      session.on('goaway', (code: number) => {
        if (code !== 0) broken(new Error(`GOAWAY with error ${code}`));
      });
      const stream = session.request({
        ...forHttp2(request),
        ':method': request.method,
        ':path': `${url.pathname}${url.search}`,
      });
      stream.on('error', broken);
      stream.on('response', (received) => {
        const headers: Record<string, string> = {};
        for (const [name, value] of Object.entries(received)) {
          if (name.startsWith(':') || value === undefined) continue;
          const separator = name === 'set-cookie' ? '\n' : ', ';
          headers[name] = Array.isArray(value) ? value.join(separator) : String(value);
        }
        incoming.begin(received[':status'] ?? 0, '', '2', headers);
      });
      stream.on('data', (chunk: Buffer) => {
        if (!incoming.add(chunk)) finish(true);
      });
      let ended = false;
      stream.on('end', () => (ended = true));
      // A stream that was reset also ends; only its closing tells how.
      stream.on('close', () => {
        if (ended && stream.rstCode === 0 && incoming.begun) finish(false);
        else broken(new Error(`the server closed it with error ${stream.rstCode}`));
      });
      stream.end(request.body);
      return () => session.destroy();
    },
  );
}

function forHttp2(request: ExchangeRequest): http2.OutgoingHttpHeaders {
  const { url, headers } = request;
  const sent: http2.OutgoingHttpHeaders = {
    ':scheme': url.protocol.slice(0, -1),
    ':authority': headers.host ?? url.host,
  };
  for (const [name, value] of Object.entries(headers)) {
    if (!connectionHeaders.has(name)) sent[name] = value;
  }
  return sent;
}
