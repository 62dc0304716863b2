// Which old protocol versions and weak ciphers a server still accepts.
import type { Socket } from 'node:net';
import { ProbeFailure, within } from './attempt.ts';
import { hangUp } from './connect.ts';
import {
  clientHello,
  commonCiphers,
  type OldVersion,
  readServerHello,
  versionNumber,
  weakCiphers,
} from './tlsHello.ts';

const ordered: (OldVersion | 'TLSv1.3')[] = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
/** A server names one cipher an answer; after so many the point is made. */
const mostCiphers = 6;

export interface Weaknesses {
  versions: string[];
  ciphers: string[];
}

/**
 * `open` gives a fresh connection on which TLS may begin. Versions older than `minVersion` and weak ciphers are offered;
 * what cannot be asked (the server cut us off) counts as refused.
 */
export async function findWeaknesses(
  open: () => Promise<Socket>,
  servername: string,
  minVersion: string,
  signal: AbortSignal,
): Promise<Weaknesses> {
  const oldest = ordered.indexOf(minVersion as OldVersion);
  const candidates = ordered.slice(0, oldest) as OldVersion[];
  const ask = async (
    version: OldVersion,
    ciphers: number[],
  ): Promise<{ version: number; cipher: number } | undefined> => {
    let socket: Socket | undefined;
    try {
      socket = await open();
      return await offer(socket, clientHello(version, ciphers, servername), signal);
    } catch (error) {
      if (error instanceof ProbeFailure) return undefined;
      throw error;
    } finally {
      if (socket) hangUp(socket);
    }
  };
  const versions = candidates.map(async (version) => {
    const answer = await ask(version, commonCiphers);
    return answer?.version === versionNumber(version) ? [version] : [];
  });
  const ciphers = (async () => {
    const names: string[] = [];
    let left = Object.keys(weakCiphers).map(Number);
    while (names.length < mostCiphers) {
      const answer = await ask('TLSv1.2', left);
      if (answer === undefined || !left.includes(answer.cipher)) break;
      names.push(weakCiphers[answer.cipher] ?? String(answer.cipher));
      left = left.filter((cipher) => cipher !== answer.cipher);
    }
    return names;
  })();
  return { versions: (await Promise.all(versions)).flat(), ciphers: await ciphers };
}

function offer(
  socket: Socket,
  hello: Buffer,
  signal: AbortSignal,
): Promise<{ version: number; cipher: number } | undefined> {
  return within(signal, 'tls-timeout', 'The server did not answer an old handshake', (done) => {
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const answer = readServerHello(bytes);
      if (answer !== 'need') done(answer === 'refused' ? undefined : answer);
    });
    socket.once('close', () => done(undefined));
    socket.write(hello);
    return () => socket.destroy();
  });
}
