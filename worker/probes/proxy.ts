// A connection through an HTTP proxy: as it is for http:, a CONNECT tunnel for https:.
import type { Socket } from 'node:net';
import { bareHost, hostPort } from '#core/probeTarget.ts';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import { connectTcp } from './connect.ts';
import type { ProbeContext } from './probe.ts';
import { type ResolveOptions, resolveHost } from './resolve.ts';

/** Throws ProbeFailure: dns-…, connect-…, target-refused, http-protocol (the proxy refuses), http-timeout. */
export async function connectProxy(
  proxy: URL,
  url: URL,
  port: number,
  options: ResolveOptions,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Socket> {
  if (proxy.protocol !== 'http:') {
    throw new ProbeFailure('prober-error', `The proxy must be an http:// address, not ${proxy.protocol}//`);
  }
  await refuseTarget(url, options, attempt, context);
  const addresses = await resolveHost(proxy.hostname, {}, attempt, context);
  const { socket } = await connectTcp(addresses, Number(proxy.port || 80), attempt, context);
  attempt.details.proxy = proxy.host;
  if (url.protocol === 'https:') {
    const authority = hostPort(options.connectTo ?? bareHost(url.hostname), port);
    await tunnel(socket, authority, proxyAuthorization(proxy), attempt, context);
  }
  return socket;
}

/** The value of Proxy-Authorization for the user and password in the proxy's URL. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === '') return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** The proxy resolves the name; a name that is known here to lead to a closed address is refused all the same. */
async function refuseTarget(
  url: URL,
  options: ResolveOptions,
  attempt: Attempt,
  context: ProbeContext,
): Promise<void> {
  try {
    await resolveHost(url.hostname, options, attempt, context);
  } catch (error) {
    if (error instanceof ProbeFailure && error.code.startsWith('dns-')) return;
    throw error;
  }
}

function tunnel(
  socket: Socket,
  authority: string,
  authorization: string | undefined,
  attempt: Attempt,
  context: ProbeContext,
): Promise<void> {
  attempt.note(`> CONNECT ${authority}`);
  const late = 'The proxy did not open the tunnel in time';
  return within<void>(context.signal, 'http-timeout', late, (done, fail) => {
    let head = '';
    const end = (failure?: ProbeFailure): void => {
      socket.removeListener('data', onData);
      socket.removeListener('close', onClose);
      if (failure === undefined) {
        done();
        return;
      }
      socket.destroy();
      fail(failure);
    };
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (head.length > 16_384)
        end(new ProbeFailure('http-protocol', 'The proxy answered with too many headers'));
      if (!head.includes('\r\n\r\n')) return;
      const line = head.slice(0, head.indexOf('\r\n'));
      attempt.note(`< ${line}`);
      if (/^HTTP\/1\.[01] 2\d\d/.test(line)) end();
      else end(new ProbeFailure('http-protocol', `The proxy refused the tunnel: ${line}`));
    };
    const onClose = (): void => end(new ProbeFailure('connect-reset', 'The proxy closed the connection'));
    socket.on('data', onData);
    socket.once('close', onClose);
    const extra = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${extra}\r\n`);
    return () => socket.destroy();
  });
}
