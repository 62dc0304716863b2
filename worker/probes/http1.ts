// HTTP/1.1 on an open socket, through Node's own parser and without an agent.
import http from 'node:http';
import type { Socket } from 'node:net';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import { socketFailure } from './connect.ts';
import { type ExchangeRequest, type ExchangeResponse, Stopwatch } from './exchange.ts';
import { headersFromRaw } from './headers.ts';
import type { ProbeContext } from './probe.ts';

/** Calls `release` as soon as the socket is not needed any more. Throws ProbeFailure: http-timeout, http-protocol, http-truncated, connect-reset. */
export function sendHttp1(
  socket: Socket,
  request: ExchangeRequest,
  attempt: Attempt,
  context: ProbeContext,
  release: () => void,
): Promise<ExchangeResponse> {
  const { url, proxy } = request;
  const watch = new Stopwatch(attempt);
  const late = 'The server accepted the connection and did not answer in time';
  return within<ExchangeResponse>(context.signal, 'http-timeout', late, (done, fail) => {
    let response: http.IncomingMessage | undefined;
    let received = 0;
    let parsed: Record<string, string> = {};
    const chunks: Buffer[] = [];
    let finished = false;
    const finish = (cut: boolean): void => {
      finished = true;
      watch.mark('download');
      done({
        status: response?.statusCode ?? 0,
        statusText: response?.statusMessage ?? '',
        httpVersion: response?.httpVersion ?? '',
        headers: parsed,
        body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
        cut,
      });
    };
    const message = http.request({
      createConnection: () => socket,
      method: request.method,
      // A plain request through a proxy names the whole URL; a tunnelled one does not.
      path:
        proxy && url.protocol === 'http:'
          ? `${url.origin}${url.pathname}${url.search}`
          : `${url.pathname}${url.search}`,
      headers: request.headers,
      setHost: false,
    });
    message.on('error', (error: NodeJS.ErrnoException) => {
      if (finished) return;
      watch.mark(response === undefined ? 'first-byte' : 'download');
      fail(messageFailure(error, response !== undefined, received));
    });
    message.on('upgrade', () =>
      fail(new ProbeFailure('http-protocol', 'The server switched to another protocol')),
    );
    message.on('response', (incoming) => {
      response = incoming;
      watch.mark('first-byte');
      parsed = headersFromRaw(incoming.rawHeaders);
      incoming.on('data', (chunk: Buffer) => {
        received += chunk.length;
        chunks.push(chunk);
        if (received > request.maxBytes) {
          finish(true);
          release();
        }
      });
      // Before Node's own listener, which would begin a farewell and leave the socket in TIME-WAIT.
      incoming.prependListener('end', () => {
        finish(false);
        release();
      });
      incoming.on('error', (error: NodeJS.ErrnoException) => fail(messageFailure(error, true, received)));
    });
    message.end(request.body);
    return () => {
      message.destroy();
    };
  });
}

function messageFailure(error: NodeJS.ErrnoException, answered: boolean, received: number): ProbeFailure {
  const code = error.code ?? '';
  if (code.startsWith('HPE_')) {
    const what = code === 'HPE_HEADER_OVERFLOW' ? 'the headers are larger than 16 kB' : error.message;
    return new ProbeFailure(
      'http-protocol',
      `The answer is not valid HTTP: ${what.replace(/^Parse Error: /, '')}`,
    );
  }
  if (answered) {
    return new ProbeFailure(
      'http-truncated',
      `The connection ended after ${received} bytes, before the body was complete`,
    );
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ProbeFailure('connect-reset', 'The server closed the connection without an answer');
  }
  return socketFailure(error, 'The server');
}
