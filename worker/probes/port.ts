// A port: open or closed as expected, with what the service says. Refused, filtered and unreachable are different codes.
import type { Socket } from 'node:net';
import type { ProbeSettings } from '#core/probes.ts';
import { bareHost, probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, type Verdict, within } from './attempt.ts';
import { connectTcp, hangUp, socketFailure } from './connect.ts';
import { printable, unescape } from './escapes.ts';
import { handshake } from './handshake.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { resolveHost } from './resolve.ts';
import { startTls } from './starttls.ts';
import { secureContext } from './tlsContext.ts';
import { askUdp } from './udp.ts';

type Settings = ProbeSettings<'port'>;

const answerBytes = 4096;

export const portProbe: Probe<'port'> = {
  kind: 'port',
  run: (settings, context) =>
    conduct('port', probeTarget('port', settings), async (attempt) => {
      const addresses = await resolveHost(settings.host, settings, attempt, context);
      if (settings.protocol === 'udp') return askUdp(settings, addresses[0] as string, attempt, context);
      return settings.expect === 'open'
        ? expectOpen(settings, addresses, attempt, context)
        : expectClosed(settings, addresses, attempt, context);
    }),
};

async function expectOpen(
  settings: Settings,
  addresses: string[],
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict> {
  const { socket: plain } = await connectTcp(addresses, settings.port, attempt, context);
  const socket = settings.starttls ? await secure(plain, settings, attempt, context) : plain;
  try {
    if (settings.send === undefined && settings.receive === undefined) {
      const ms = attempt.phases.find((phase) => phase.name === 'connect')?.ms ?? 0;
      return {
        code: 'ok',
        summary: `Port ${settings.port} is open (${ms} ms)${settings.starttls ? ', STARTTLS works' : ''}`,
      };
    }
    return await converse(socket, settings, attempt, context);
  } finally {
    hangUp(socket);
  }
}

async function secure(
  socket: Socket,
  settings: Settings,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Socket> {
  await startTls(socket, settings.starttls, attempt, context);
  const servername = bareHost(settings.host);
  const options = { servername, secureContext: secureContext({ lenient: true }) };
  return (await handshake(socket, options, attempt, context)).socket;
}

async function expectClosed(
  settings: Settings,
  addresses: string[],
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict> {
  try {
    const { socket } = await connectTcp(addresses, settings.port, attempt, context);
    hangUp(socket);
  } catch (error) {
    const closed = error instanceof ProbeFailure && /^connect-/.test(error.code);
    if (!closed) throw error;
    attempt.details.closedBy = error.code;
    return { code: 'ok', summary: `Port ${settings.port} is closed: ${error.message}` };
  }
  return { code: 'unexpected-open', summary: `Port ${settings.port} is open and should be closed` };
}

/** Sends, then reads until the expected text came, the service closed, or time ran out. */
function converse(
  socket: Socket,
  settings: Settings,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict> {
  const { send, receive } = settings;
  const since = performance.now();
  const wanted = receive === undefined ? undefined : Buffer.from(unescape(receive));
  if (send !== undefined) {
    attempt.note(`> ${shownSend(send)}`);
    socket.write(unescape(send));
  }
  const silence = 'The service accepted the connection and stayed silent';
  let answer = Buffer.alloc(0);
  return within<Verdict>(context.signal, 'answer-timeout', silence, (done, fail) => {
    const end = (): void => {
      attempt.phase('first-byte', since);
      attempt.details.answer = attempt.mask(printable(answer).slice(0, 1024));
      attempt.note(`< ${printable(answer)}`);
      done(judge(answer, wanted, receive));
    };
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (wanted === undefined || answer.includes(wanted) || answer.length >= answerBytes) end();
    });
    socket.once('end', end);
    socket.once('error', (error) => fail(socketFailure(error, 'The service')));
    return () => {
      if (answer.length > 0) end();
      socket.destroy();
    };
  });
}

function judge(answer: Buffer, wanted: Buffer | undefined, receive: string | undefined): Verdict {
  if (wanted === undefined) {
    if (answer.length > 0) return { code: 'ok', summary: `The service answered ${answer.length} bytes` };
    return { code: 'answer-mismatch', summary: 'The service closed the connection without an answer' };
  }
  if (answer.includes(wanted)) return { code: 'ok', summary: `The service answered '${receive}'` };
  const got = printable(answer).slice(0, 80);
  return { code: 'answer-mismatch', summary: `The service answered '${got}', expected '${receive}'` };
}

/** What looks like a login is not shown. */
function shownSend(send: string): string {
  return /pass|auth|login|user|token|secret/i.test(send) ? `(${send.length} characters, not shown)` : send;
}
