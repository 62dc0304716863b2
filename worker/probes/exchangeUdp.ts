// A question over UDP, asked again while nobody answers, to one address whose packets alone come in.
import dgram from 'node:dgram';
import { isIP } from 'node:net';
import { socketFailure } from './connect.ts';

export interface UdpQuestion<T> {
  address: string;
  port: number;
  /** Who is asked, in words, as the subject of a sentence. */
  who: string;
  bytes: Buffer;
  /** When it is sent, in ms after the connection; the first at 0. */
  sendMs: readonly number[];
  /** What a packet says; undefined where it is no answer to this, and the right one may still come. */
  read(packet: Buffer): T | undefined;
  /** After so many ms without an answer, undefined is the answer. */
  quietMs?: number | undefined;
}

/** Calls one of the two once, unless the function that it returns, which ends the waiting, is called before. */
export function exchangeUdp<T>(
  { address, port, who, bytes, sendMs, read, quietMs }: UdpQuestion<T>,
  done: (answer: T | undefined) => void,
  fail: (error: Error) => void,
): () => void {
  const socket = dgram.createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  const timers: NodeJS.Timeout[] = [];
  const quit = (): void => {
    timers.forEach(clearTimeout);
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    socket.close();
  };
  const answer = (value: T | undefined): void => {
    quit();
    done(value);
  };
  const fault = (error: NodeJS.ErrnoException): void => {
    quit();
    fail(socketFailure(error, who));
  };
  const send = (): void => socket.send(bytes, (error) => (error ? fault(error) : undefined));
  socket.once('error', fault);
  socket.on('message', (packet) => {
    const value = read(packet);
    if (value !== undefined) answer(value);
  });
  // Connected, so that only this address's packets come in, and a closed port is heard of.
  socket.connect(port, address, (error?: NodeJS.ErrnoException) => {
    // Node hands a missing route to the callback, and then no 'error' comes.
    if (error) return fault(error);
    for (const wait of sendMs) {
      if (wait === 0) send();
      else timers.push(setTimeout(send, wait));
    }
    if (quietMs !== undefined) timers.push(setTimeout(() => answer(undefined), quietMs));
  });
  return quit;
}
