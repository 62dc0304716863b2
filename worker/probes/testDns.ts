// Test help: a name server on loopback that answers as the test says, over UDP and TCP on one port.
import dgram from 'node:dgram';
import net from 'node:net';
import packet, { type DecodedPacket, type Packet } from 'dns-packet';

export interface Reply {
  rcode?: number;
  aa?: boolean;
  ad?: boolean;
  /** Over UDP, say that the answer is too long. */
  truncate?: boolean;
  answers?: packet.Answer[];
  authorities?: packet.Answer[];
}

/** undefined stays silent. */
export type Behaviour = (name: string, type: string, query: DecodedPacket) => Reply | undefined;

export interface NameServer {
  address: string;
  port: number;
  /** `127.0.0.1:5353` */
  resolver: string;
  stop: () => void;
}

export const rcodes = { noerror: 0, servfail: 2, nxdomain: 3, refused: 5 };

/** Answers over UDP and TCP at one port. Another program may have one half of a free port: then the next one is taken. */
export async function nameServer(behave: Behaviour, address = '127.0.0.1', port = 0): Promise<NameServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await serveNames(behave, address, port);
    } catch (error) {
      if (port !== 0 || tries === 20) throw error;
    }
  }
}

async function serveNames(behave: Behaviour, address: string, port: number): Promise<NameServer> {
  const udp = dgram.createSocket('udp4');
  const answer = (bytes: Buffer, overUdp: boolean): Packet | undefined => {
    const query = packet.decode(bytes);
    const question = query.questions?.[0];
    const reply = behave(question?.name.toLowerCase() ?? '', question?.type ?? '', query);
    if (reply === undefined) return undefined;
    const cut = overUdp && reply.truncate === true;
    const flags =
      (reply.rcode ?? 0) |
      (reply.aa ? packet.AUTHORITATIVE_ANSWER : 0) |
      (reply.ad ? packet.AUTHENTIC_DATA : 0) |
      (cut ? packet.TRUNCATED_RESPONSE : 0);
    return {
      type: 'response',
      id: query.id,
      flags,
      questions: query.questions,
      answers: cut ? [] : (reply.answers ?? []),
      authorities: reply.authorities ?? [],
    };
  };
  udp.on('message', (bytes, peer) => {
    const reply = answer(bytes, true);
    if (reply) udp.send(packet.encode(reply), peer.port, peer.address);
  });
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject);
    udp.bind(port, address, resolve);
  });
  const bound = udp.address().port;
  const tcp = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      const reply = answer(bytes.subarray(2), false);
      if (reply) socket.end(packet.streamEncode(reply));
    });
  });
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', (error) => {
      udp.close();
      reject(error);
    });
    tcp.listen(bound, address, resolve);
  });
  return {
    address,
    port: bound,
    resolver: `${address}:${bound}`,
    stop: () => {
      udp.close();
      tcp.close();
    },
  };
}
