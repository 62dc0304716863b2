// Opening a TCP connection to a host that was resolved and allowed, and the codes of what can go wrong on a socket.
import net from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ProbeCode } from '#core/probes.ts';
import { hostPort } from '#core/probeTarget.ts';
import { type Attempt, ProbeFailure, within } from './attempt.ts';
import type { ProbeContext } from './probe.ts';

export interface Connection {
  socket: net.Socket;
  address: string;
}

/** With several addresses, none but the last may hold up the rest for longer than this. */
const patienceMs = 3000;

/** Tries the addresses in turn. The error of the last one counts. Throws ProbeFailure: connect-…, prober-…. */
export async function connectTcp(
  addresses: string[],
  port: number,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Connection> {
  const since = performance.now();
  const last = addresses.length - 1;
  for (let index = 0; ; index += 1) {
    const address = addresses[index] ?? '';
    try {
      const socket = await dial(address, port, context.signal, index < last ? patienceMs : 0);
      attempt.phase('connect', since);
      attempt.details.address = address;
      attempt.note(`* connected to ${hostPort(address, port)}`);
      return { socket, address };
    } catch (error) {
      attempt.note(`* ${hostPort(address, port)}: ${(error as Error).message}`);
      attempt.details.address = address;
      if (index >= last || context.signal.aborted) {
        attempt.phase('connect', since);
        throw error;
      }
    }
  }
}

function dial(address: string, port: number, signal: AbortSignal, patience: number): Promise<net.Socket> {
  const silence = `${hostPort(address, port)} does not answer: filtered, or the host is down`;
  return within<net.Socket>(signal, 'connect-timeout', silence, (done, fail) => {
    const socket = net.connect({ host: address, port });
    let timer: NodeJS.Timeout | undefined;
    const onError = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      fail(socketFailure(error, hostPort(address, port)));
    };
    if (patience > 0) {
      timer = setTimeout(() => {
        socket.destroy();
        fail(new ProbeFailure('connect-timeout', silence));
      }, patience);
    }
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', onError);
      // A late error must never become an uncaught one; each later step listens for itself.
      socket.on('error', ignore);
      done(socket);
    });
    return () => {
      clearTimeout(timer);
      socket.on('error', ignore);
      socket.destroy();
    };
  });
}

function ignore(): void {}

/**
 * Ends a connection with a reset instead of a farewell: no socket stays behind in TIME-WAIT for a minute after each probe.
 * Where the farewell has begun, a reset is not possible any more (EINVAL). Under TLS it must not be tried: Node 24 crashes
 * when the socket below a TLSSocket is reset, so give this function the TLSSocket, never the one below.
 */
export function hangUp(socket: net.Socket): void {
  if (socket.destroyed) return;
  if (socket.writableEnded || socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

const errnoCodes: Record<string, [ProbeCode, string]> = {
  ECONNREFUSED: ['connect-refused', 'refused the connection: nothing listens there'],
  ETIMEDOUT: ['connect-timeout', 'does not answer: filtered, or the host is down'],
  EHOSTUNREACH: ['connect-unreachable', 'cannot be reached: no route to the host'],
  EHOSTDOWN: ['connect-unreachable', 'cannot be reached: the host is down'],
  ENETUNREACH: ['connect-unreachable', 'cannot be reached: no route to its network'],
  ENETDOWN: ['connect-unreachable', 'cannot be reached: the network is down'],
  EAFNOSUPPORT: ['connect-unreachable', 'cannot be reached: this place does not speak its IP version'],
  EINVAL: ['connect-unreachable', 'cannot be reached: the address needs an interface (fe80::1%eth0)'],
  ECONNRESET: ['connect-reset', 'cut the connection'],
  EPIPE: ['connect-reset', 'cut the connection'],
  ECONNABORTED: ['connect-reset', 'cut the connection'],
  EACCES: ['prober-permission', 'may not be contacted from this place: permission denied'],
  EPERM: ['prober-permission', 'may not be contacted from this place: a local rule forbids it'],
  EMFILE: ['prober-error', 'was not contacted: this place has no file descriptor left'],
  ENFILE: ['prober-error', 'was not contacted: this machine has no file descriptor left'],
  EADDRNOTAVAIL: ['prober-error', 'was not contacted: this place has no local port or address left'],
  ENOBUFS: ['prober-error', 'was not contacted: this machine has no socket memory left'],
};

/** The failure for an error of the system on a socket. `who` is the start of the sentence. */
export function socketFailure(error: NodeJS.ErrnoException, who: string): ProbeFailure {
  const known = errnoCodes[error.code ?? ''];
  if (known) return new ProbeFailure(known[0], `${who} ${known[1]}`);
  return new ProbeFailure('prober-error', `${who}: ${error.message}`);
}
