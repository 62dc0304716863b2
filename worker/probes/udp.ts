// A UDP port: asked in the words of its protocol, because UDP answers only what it understands.
import { hostPort } from '#core/probeTarget.ts';
import type { ProbeSettings } from '#core/probes.ts';
import { type Attempt, ProbeFailure, type Verdict, within } from './attempt.ts';
import { unescape } from './escapes.ts';
import { exchangeUdp } from './exchangeUdp.ts';
import type { ProbeContext } from './probe.ts';

/** Questions by port that a server answers to anybody, and that change nothing. */
const questions: Record<number, { protocol: string; payload: Buffer }> = {
  53: { protocol: 'DNS', payload: Buffer.from('524e01000001000000000000' + '00' + '00020001', 'hex') },
  111: {
    protocol: 'rpcbind',
    payload: Buffer.from(
      '524e0001' + '00000000' + '00000002' + '000186a0' + '00000002' + '00'.repeat(20),
      'hex',
    ),
  },
  123: { protocol: 'NTP', payload: Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)]) },
  // SNMPv3 engine discovery: needs no community.
  161: {
    protocol: 'SNMP',
    payload: Buffer.from(
      '303a020103300f02024a69020300ffe30401040201030410300e0400020100020100040004000400' +
        '301204000400a00c020237f00201000201003000',
      'hex',
    ),
  },
  1194: { protocol: 'OpenVPN', payload: Buffer.from('38524f4f544e4f54450000000000', 'hex') },
  3478: {
    protocol: 'STUN',
    payload: Buffer.from('00010000' + '2112a442' + '524f4f544e4f544550524f42', 'hex'),
  },
  11211: {
    protocol: 'memcached',
    payload: Buffer.concat([Buffer.from('0001000000010000', 'hex'), Buffer.from('version\r\n')]),
  },
};

const repeatMs = 1000;
/** Silence is what we hope for on a closed port; no need to wait longer than three questions. */
const closedWaitMs = 3000;

/** Answer, refusal (ICMP port unreachable) or silence. Throws ProbeFailure: connect-…, answer-mismatch. */
export async function askUdp(
  settings: ProbeSettings<'port'>,
  address: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict> {
  const { port, send, receive, expect } = settings;
  const question =
    send === undefined
      ? questions[port]
      : { protocol: 'own text', payload: Buffer.from(unescape(send), 'latin1') };
  const payload = question?.payload ?? Buffer.from('\r\n');
  const since = performance.now();
  let answer: Buffer | undefined;
  try {
    answer = await firstAnswer(
      address,
      port,
      payload,
      expect === 'closed' ? closedWaitMs : undefined,
      context.signal,
    );
  } catch (error) {
    attempt.phase('first-byte', since);
    const closed = error instanceof ProbeFailure && /^connect-/.test(error.code);
    if (expect === 'closed' && closed)
      return { code: 'ok', summary: `UDP port ${port} is closed: ${error.message}` };
    throw error;
  }
  attempt.phase('first-byte', since);
  attempt.details.address = address;
  if (question) attempt.details.asked = question.protocol;
  if (answer === undefined) return { code: 'ok', summary: `UDP port ${port} does not answer` };
  attempt.note(`< ${answer.length} bytes: ${answer.subarray(0, 64).toString('hex')}`);
  if (expect === 'closed')
    return { code: 'unexpected-open', summary: `UDP port ${port} answers and should be closed` };
  if (receive !== undefined && !answer.includes(Buffer.from(unescape(receive), 'latin1'))) {
    return {
      code: 'answer-mismatch',
      summary: `UDP port ${port} answered ${answer.length} bytes without '${receive}'`,
    };
  }
  return { code: 'ok', summary: `UDP port ${port} answered ${answer.length} bytes` };
}

/** The first answer; undefined when `quietMs` passed without one. */
function firstAnswer(
  address: string,
  port: number,
  payload: Buffer,
  quietMs: number | undefined,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const silence = `${hostPort(address, port)} does not answer over UDP: closed, filtered, or it does not know the question`;
  return within<Buffer | undefined>(signal, 'connect-timeout', silence, (done, fail) =>
    exchangeUdp(
      {
        address,
        port,
        who: hostPort(address, port),
        bytes: payload,
        sendMs: [0, repeatMs, 2 * repeatMs],
        read: (answer) => answer,
        quietMs,
      },
      done,
      fail,
    ),
  );
}
