// A small DNS client: one question to one server, over UDP and then TCP where the answer is too long. It shows what the
// system's resolver hides: RCODE, who is authoritative, whether DNSSEC was checked.
import { randomInt } from 'node:crypto';
import net from 'node:net';
import { domainToASCII } from 'node:url';
import packet, { type DecodedPacket, type RecordType } from 'dns-packet';
import { hostPort } from '#core/probeTarget.ts';
import { ProbeFailure, within } from './attempt.ts';
import { socketFailure } from './connect.ts';
import { exchangeUdp } from './exchangeUdp.ts';

export interface DnsServer {
  address: string;
  port: number;
}

export interface DnsQuestion {
  name: string;
  type: RecordType;
  /** Ask the server to find the answer elsewhere; not for authoritative servers. */
  recursion: boolean;
  /** Want signatures and the word of a validating resolver. */
  dnssec?: boolean;
  /** Take the answer even if its signatures are wrong. */
  checkingDisabled?: boolean;
}

export interface DnsReply {
  rcode: string;
  authoritative: boolean;
  authentic: boolean;
  /** Of the name that was asked for, and of what it is an alias of. */
  answers: packet.Answer[];
  /** Where its aliases end. */
  aliasOf?: string;
  aliasLoop?: boolean;
  authorities: packet.Answer[];
  overTcp: boolean;
}

/** A lost packet is asked again after so long; a server that stays silent three times is dead. */
const repeatMs = [0, 1000, 2500];
const defaultPatienceMs = 5000;
/** The size that passes everywhere without fragments (DNS flag day 2020). */
const udpSize = 1232;

/** Throws ProbeFailure: dns-timeout, connect-… (the server's port is closed or unreachable). */
export async function askDns(
  server: DnsServer,
  question: DnsQuestion,
  signal: AbortSignal,
  patienceMs = defaultPatienceMs,
): Promise<DnsReply> {
  const id = randomInt(65_536);
  const query: packet.Packet = {
    type: 'query',
    id,
    flags:
      (question.recursion ? packet.RECURSION_DESIRED : 0) |
      (question.dnssec ? packet.AUTHENTIC_DATA : 0) |
      (question.checkingDisabled ? packet.CHECKING_DISABLED : 0),
    questions: [{ type: question.type, name: asciiName(question.name) }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: udpSize,
        flags: question.dnssec ? packet.DNSSEC_OK : 0,
        extendedRcode: 0,
        ednsVersion: 0,
        flag_do: question.dnssec === true,
        options: [],
      },
    ],
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const short = await overUdp(server, query, limit);
  if (!short.flag_tc) return replyOf(short, question.name, false);
  return replyOf(await overTcp(server, query, limit), question.name, true);
}

/** Punycode, lower case, without the dot at the end. Throws ProbeFailure for what is no name. */
export function asciiName(name: string): string {
  const bare = name.replace(/\.$/, '');
  if (bare === '') return '.';
  // An underscore is fine in DNS (_dmarc, _443._tcp), though no host name.
  const ascii = /^[\x21-\x7e]+$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  const labels = ascii.split('.');
  if (ascii === '' || ascii.length > 253 || labels.some((label) => label === '' || label.length > 63)) {
    throw new ProbeFailure('prober-error', `'${name}' is not a name that DNS can hold`);
  }
  return ascii;
}

function replyOf(decoded: DecodedPacket, name: string, overTcp: boolean): DnsReply {
  const { answers, ...alias } = answersFor(name, decoded.answers ?? []);
  return {
    rcode: (decoded as DecodedPacket & { rcode: string }).rcode,
    authoritative: decoded.flag_aa,
    authentic: decoded.flag_ad,
    answers,
    ...alias,
    authorities: decoded.authorities ?? [],
    overTcp,
  };
}

/** As many aliases in a row as resolvers follow. */
const mostAliases = 16;

/** The records of a name and of what it is an alias of; what else a server adds is no answer to the question. */
function answersFor(name: string, all: packet.Answer[]): Pick<DnsReply, 'answers' | 'aliasOf' | 'aliasLoop'> {
  const names = [name.toLowerCase()];
  let aliasLoop = false;
  while (names.length <= mostAliases) {
    const next = all.find((one) => one.type === 'CNAME' && one.name.toLowerCase() === names.at(-1));
    if (next?.type !== 'CNAME') break;
    const target = next.data.toLowerCase();
    aliasLoop = names.includes(target);
    if (aliasLoop) break;
    names.push(target);
  }
  const answers = all.filter((one) => names.includes(one.name.toLowerCase()));
  return { answers, ...(names.length > 1 && { aliasOf: names.at(-1)! }), ...(aliasLoop && { aliasLoop }) };
}

function matching(bytes: Buffer, query: packet.Packet): DecodedPacket | undefined {
  let decoded: DecodedPacket;
  try {
    decoded = packet.decode(bytes);
  } catch {
    return undefined;
  }
  const echoed = decoded.questions?.[0];
  // REFUSED and FORMERR may come without the question.
  const same = echoed === undefined || echoed.name.toLowerCase() === query.questions?.[0]?.name;
  return decoded.type === 'response' && decoded.id === query.id && same ? decoded : undefined;
}

function overUdp(server: DnsServer, query: packet.Packet, signal: AbortSignal): Promise<DecodedPacket> {
  const who = hostPort(server.address, server.port);
  let odd = 0;
  const silence = () =>
    odd > 0
      ? `The name server ${who} sends answers that cannot be read or are not to this question`
      : `The name server ${who} does not answer`;
  return within<DecodedPacket>(signal, 'dns-timeout', silence, (done, fail) => {
    return exchangeUdp<DecodedPacket>(
      {
        ...server,
        who: `The name server ${who}`,
        bytes: packet.encode(query),
        sendMs: repeatMs,
        read(bytes) {
          const reply = matching(bytes, query);
          // Somebody else may have sent it: the right answer may still come.
          if (reply === undefined) odd++;
          return reply;
        },
      },
      // Without `quietMs` there is one.
      (reply) => done(reply!),
      fail,
    );
  });
}

function overTcp(server: DnsServer, query: packet.Packet, signal: AbortSignal): Promise<DecodedPacket> {
  const who = hostPort(server.address, server.port);
  const silence = `The name server ${who} does not answer over TCP`;
  return within<DecodedPacket>(signal, 'dns-timeout', silence, (done, fail) => {
    let bytes = Buffer.alloc(0);
    const socket = net.connect({ host: server.address, port: server.port });
    socket.on('error', (error) => fail(socketFailure(error, `The name server ${who}`)));
    socket.on('close', () =>
      fail(new ProbeFailure('dns-timeout', `The name server ${who} closed the connection without an answer`)),
    );
    socket.on('connect', () => socket.write(packet.streamEncode(query)));
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE(0)) return;
      const reply = matching(bytes.subarray(2), query);
      if (reply) done(reply);
      else
        fail(
          new ProbeFailure('dns-servfail', `The name server ${who} answered with something that is no DNS`),
        );
      socket.resetAndDestroy();
    });
    return () => socket.destroy();
  });
}
