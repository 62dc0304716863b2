// One HTTP request and its response on a connection of its own: no agent, no redirects, bounded body, phases kept.
import type { ProbeCode } from '#core/probes.ts';
import type { Socket } from 'node:net';
import { bareHost } from '#core/probeTarget.ts';
import { type Attempt, ProbeFailure } from './attempt.ts';
import { describeCertificate, judgeChain } from './certificate.ts';
import { connectTcp, hangUp } from './connect.ts';
import { handshake } from './handshake.ts';
import { sendHttp1 } from './http1.ts';
import { sendHttp2 } from './http2.ts';
import { type ExchangeRequest, type ExchangeResponse, Incoming, noteRequest } from './httpMessage.ts';
import type { ProbeContext } from './probe.ts';
import { connectProxy } from './proxy.ts';
import { resolveHost } from './resolve.ts';

/** Throws ProbeFailure: dns-…, target-refused, connect-…, tls-…, http-timeout, http-protocol, http-truncated. */
export async function exchange(
  request: ExchangeRequest,
  attempt: Attempt,
  context: ProbeContext,
): Promise<ExchangeResponse> {
  const { url } = request;
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const raw = request.proxy
    ? await connectProxy(request.proxy, url, port, request, attempt, context)
    : await connectDirect(request, port, attempt, context);
  const socket = secure ? await secureSocket(raw, request, attempt, context) : raw;
  const release = (): void => hangUp(socket);
  const incoming = new Incoming(attempt, request.maxBytes);
  try {
    noteRequest(request, attempt);
    const send = request.version === '2' ? sendHttp2 : sendHttp1;
    return incoming.end(await send(socket, request, incoming, context.signal, release));
  } catch (error) {
    const partial = incoming.end(true);
    if (incoming.begun) request.onBroken?.(partial);
    throw error;
  } finally {
    release();
  }
}

async function connectDirect(
  request: ExchangeRequest,
  port: number,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Socket> {
  const addresses = await resolveHost(request.url.hostname, request, attempt, context);
  const { socket } = await connectTcp(addresses, port, attempt, context);
  return socket;
}

async function secureSocket(
  raw: Socket,
  request: ExchangeRequest,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Socket> {
  const name = bareHost(request.url.hostname);
  const alpn = request.version === '2' ? ['h2', 'http/1.1'] : ['http/1.1'];
  const options = { servername: name, secureContext: request.secureContext(), alpn };
  const { socket, chain, verifyError } = await handshake(raw, options, attempt, context);
  const leaf = chain[0];
  if (leaf) attempt.details.certificate = describeCertificate(leaf);
  attempt.details.tls = { protocol: socket.getProtocol(), cipher: socket.getCipher()?.standardName };
  const problem = judgeChain(chain, verifyError, name, Date.now())[0];
  if (problem) {
    attempt.details.chain = chain.map(describeCertificate);
    attempt.note(`* certificate: ${problem.summary}`);
    if (request.verify) throw failWith(problem.code, problem.summary, socket);
  }
  if (request.version === '2' && socket.alpnProtocol !== 'h2') {
    throw failWith('http-protocol', 'The server does not offer HTTP/2', socket);
  }
  return socket;
}

function failWith(code: ProbeCode, summary: string, socket: Socket): ProbeFailure {
  socket.destroy();
  return new ProbeFailure(code, summary);
}
