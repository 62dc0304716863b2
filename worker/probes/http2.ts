// HTTP/2 on an open socket: TLS with ALPN h2, or in the clear with prior knowledge.
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import { type ExchangeRequest, type ExchangeResponse, Stopwatch } from './exchange.ts';
import type { ProbeContext } from './probe.ts';

/** Headers that belong to a connection of HTTP/1.1 and are forbidden in HTTP/2. */
const connectionHeaders = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
]);

/** Throws ProbeFailure: http-timeout, http-protocol, http-truncated. */
export function sendHttp2(
  socket: Socket,
  request: ExchangeRequest,
  attempt: Attempt,
  context: ProbeContext,
): Promise<ExchangeResponse> {
  const { url } = request;
  const watch = new Stopwatch(attempt);
  const late = 'The server accepted the connection and did not answer in time';
  return within<ExchangeResponse>(context.signal, 'http-timeout', late, (done, fail) => {
    const session = http2.connect(url.origin, { createConnection: () => socket });
    let status = 0;
    let received = 0;
    const headers: Record<string, string> = {};
    const chunks: Buffer[] = [];
    const broken = (error: Error): void => {
      session.destroy();
      if (status > 0)
        fail(
          new ProbeFailure('http-truncated', `The stream ended after ${received} bytes: ${error.message}`),
        );
      else fail(new ProbeFailure('http-protocol', `The answer is not valid HTTP/2: ${error.message}`));
    };
    const finish = (cut: boolean): void => {
      watch.mark('download');
      done({ status, statusText: '', httpVersion: '2', headers, body: Buffer.concat(chunks), cut });
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
    stream.on('response', (incoming) => {
      watch.mark('first-byte');
      status = incoming[':status'] ?? 0;
      for (const [name, value] of Object.entries(incoming)) {
        if (!name.startsWith(':') && value !== undefined) {
          headers[name] = Array.isArray(value)
            ? value.join(name === 'set-cookie' ? '\n' : ', ')
            : String(value);
        }
      }
    });
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      chunks.push(chunk);
      if (received > request.maxBytes) finish(true);
    });
    let ended = false;
    stream.on('end', () => (ended = true));
    // A stream that was reset also ends; only its closing tells how.
    stream.on('close', () => {
      if (ended && stream.rstCode === 0 && status > 0) finish(false);
      else broken(new Error(`the server closed it with error ${stream.rstCode}`));
    });
    stream.end(request.body);
    return () => session.destroy();
  });
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
