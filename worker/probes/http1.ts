// HTTP/1.1 on an open socket, through Node's own parser and without an agent.
import http from 'node:http';
import type { Socket } from 'node:net';
import { ProbeFailure, within } from './attempt.ts';
import { socketFailure } from './connect.ts';
import { headersFromRaw } from './headers.ts';
import { type ExchangeRequest, type Incoming, lateness } from './httpMessage.ts';

/** Interim answers (103 Early Hints and the like) before the answer itself. */
const mostAnnouncements = 50;

/**
 * Fills `incoming`; true when there is more than it may hold. Calls `release` as soon as the socket is not needed any more.
 * Throws ProbeFailure: http-timeout, http-protocol, http-truncated, connect-reset.
 */
export function sendHttp1(
  socket: Socket,
  request: ExchangeRequest,
  incoming: Incoming,
  signal: AbortSignal,
  release: () => void,
): Promise<boolean> {
  const { url, proxy } = request;
  return within<boolean>(
    signal,
    'http-timeout',
    () => lateness(incoming),
    (done, fail) => {
      let answer: http.IncomingMessage | undefined;
      const fault = (error: NodeJS.ErrnoException): void => {
        // What comes after a whole answer is ignored, as by every browser; else the verdict would depend on how it falls into packets.
        if (!answer?.complete) fail(messageFailure(error, incoming));
      };
      const message = http.request({
        createConnection: () => socket,
        method: request.method,
        // A plain request through a proxy names the whole URL; a tunnelled one does not.
        path:
          proxy && url.protocol === 'http:'
            ? `${url.origin}${url.pathname}${url.search}`
            : `${url.pathname}${url.search}`,
        // As a flat list: Node writes it out as it is, without building its own table of headers.
        headers: Object.entries(request.headers).flat(),
        setHost: false,
      });
      message.on('error', fault);
      message.on('upgrade', () =>
        fail(new ProbeFailure('http-protocol', 'The server switched to another protocol')),
      );
      let announcements = 0;
      message.on('information', () => {
        if (++announcements > mostAnnouncements)
          fail(new ProbeFailure('http-protocol', 'The server sends interim answers (1xx) without end'));
      });
      message.on('response', (response) => {
        answer = response;
        const { statusCode = 0, statusMessage = '', httpVersion } = response;
        incoming.begin(statusCode, statusMessage, httpVersion, headersFromRaw(response.rawHeaders));
        response.on('data', (chunk: Buffer) => {
          if (incoming.add(chunk)) return;
          done(true);
          release();
        });
        // Before Node's own listener, which would begin a farewell and leave the socket in TIME-WAIT.
        response.prependListener('end', () => {
          done(false);
          release();
        });
        response.on('error', fault);
      });
      message.end(request.body);
      return () => {
        message.destroy();
      };
    },
  );
}

function messageFailure(error: NodeJS.ErrnoException, incoming: Incoming): ProbeFailure {
  const code = error.code ?? '';
  if (code.startsWith('HPE_')) {
    const what = code === 'HPE_HEADER_OVERFLOW' ? 'the headers are larger than 16 kB' : error.message;
    return new ProbeFailure(
      'http-protocol',
      `The answer is not valid HTTP: ${what.replace(/^Parse Error: /, '')}`,
    );
  }
  if (incoming.begun) {
    return new ProbeFailure(
      'http-truncated',
      `The connection ended after ${incoming.received} bytes, before the body was complete`,
    );
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ProbeFailure('connect-reset', 'The server closed the connection without an answer');
  }
  return socketFailure(error, 'The server');
}
