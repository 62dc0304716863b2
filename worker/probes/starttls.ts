// From plain to TLS on the same connection, for each protocol that has a word for it.
import type { Socket } from 'node:net';
import type { ProbeSettings } from '#core/probes.ts';
import { type Attempt, ProbeFailure } from './attempt.ts';
import { Conversation } from './conversation.ts';
import type { ProbeContext } from './probe.ts';

export type StartTls = NonNullable<ProbeSettings<'tls'>['starttls']>;

const steps: Record<StartTls, (talk: Conversation) => Promise<void>> = {
  smtp,
  imap,
  pop3,
  ftp,
  postgres,
  mysql,
};

/** Afterwards the TLS handshake may begin; on failure the connection is closed. Throws ProbeFailure: starttls-missing, answer-mismatch, answer-timeout. */
export async function startTls(
  socket: Socket,
  protocol: StartTls | undefined,
  attempt: Attempt,
  context: ProbeContext,
): Promise<void> {
  if (protocol === undefined) return;
  const since = performance.now();
  try {
    await steps[protocol](new Conversation(socket, attempt, context));
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    attempt.phase('starttls', since);
  }
}

function missing(what: string): ProbeFailure {
  return new ProbeFailure('starttls-missing', what);
}

function expectStart(line: string, start: RegExp, protocol: string): void {
  if (start.test(line)) return;
  throw new ProbeFailure(
    'answer-mismatch',
    `The port does not speak ${protocol}: it says '${line.slice(0, 80)}'`,
  );
}

/** RFC 3207. Lines `250-…` continue, `250 …` ends. */
async function smtp(talk: Conversation): Promise<void> {
  const reply = async (): Promise<string[]> => {
    const lines: string[] = [];
    do lines.push(await talk.line());
    while (/^\d{3}-/.test(lines.at(-1) ?? '') && lines.length < 100);
    return lines;
  };
  expectStart((await reply())[0] ?? '', /^220/, 'SMTP');
  talk.write('EHLO rootnote.invalid\r\n');
  const extensions = await reply();
  if (!extensions.some((line) => /^250[- ]STARTTLS\b/i.test(line)))
    throw missing('The mail server does not offer STARTTLS');
  talk.write('STARTTLS\r\n');
  const last = (await reply()).at(-1) ?? '';
  if (!last.startsWith('220')) throw missing(`The mail server refuses STARTTLS: ${last.slice(0, 80)}`);
}

/** RFC 9051. Untagged lines may come between. */
async function imap(talk: Conversation): Promise<void> {
  expectStart(await talk.line(), /^\* (OK|PREAUTH)/i, 'IMAP');
  talk.write('a1 STARTTLS\r\n');
  for (let count = 0; count < 50; count += 1) {
    const line = await talk.line();
    if (/^a1 OK/i.test(line)) return;
    if (/^a1 /i.test(line)) throw missing(`The IMAP server refuses STARTTLS: ${line.slice(0, 80)}`);
  }
  throw missing('The IMAP server never answers STARTTLS');
}

/** RFC 2595 */
async function pop3(talk: Conversation): Promise<void> {
  expectStart(await talk.line(), /^\+OK/, 'POP3');
  talk.write('STLS\r\n');
  const line = await talk.line();
  if (!line.startsWith('+OK')) throw missing(`The POP3 server refuses STLS: ${line.slice(0, 80)}`);
}

/** RFC 4217 */
async function ftp(talk: Conversation): Promise<void> {
  let line = await talk.line();
  expectStart(line, /^220/, 'FTP');
  for (let count = 0; !/^220 /.test(line) && count < 100; count += 1) line = await talk.line();
  talk.write('AUTH TLS\r\n');
  line = await talk.line();
  if (!line.startsWith('234')) throw missing(`The FTP server refuses AUTH TLS: ${line.slice(0, 80)}`);
}

/** SSLRequest of the PostgreSQL protocol: answered by one byte, S or N. */
async function postgres(talk: Conversation): Promise<void> {
  talk.write(Buffer.from('0000000804d2162f', 'hex'));
  const answer = (await talk.read((buffer) => (buffer.length > 0 ? 1 : undefined))).toString('latin1');
  if (answer === 'N') throw missing('The PostgreSQL server does not offer TLS');
  if (answer !== 'S')
    throw new ProbeFailure('answer-mismatch', 'The port does not speak the PostgreSQL protocol');
}

const clientSsl = 0x0800;

/** The MySQL greeting (protocol 10) names the capabilities of the server; a short login packet asks for TLS. */
async function mysql(talk: Conversation): Promise<void> {
  const packet = await talk.read((buffer) => {
    if (buffer.length < 4) return undefined;
    const length = buffer.readUIntLE(0, 3) + 4;
    return buffer.length < length ? undefined : length;
  });
  const body = packet.subarray(4);
  if (body[0] === 0xff) {
    throw new ProbeFailure(
      'answer-mismatch',
      `The MySQL server turns us away: ${body.subarray(3, 103).toString('latin1')}`,
    );
  }
  const end = body.indexOf(0, 1);
  // After the version text: connection id (4), salt (8), filler (1), lower capabilities (2).
  if (body[0] !== 10 || end < 0 || body.length < end + 16) {
    throw new ProbeFailure('answer-mismatch', 'The port does not speak the MySQL protocol');
  }
  if ((body.readUInt16LE(end + 14) & clientSsl) === 0) throw missing('The MySQL server does not offer TLS');
  const request = Buffer.alloc(36);
  request.writeUIntLE(32, 0, 3);
  request[3] = 1;
  // CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH; packets up to 16 MB; utf8mb4.
  request.writeUInt32LE(0x0200 | clientSsl | 0x8000 | 0x80000, 4);
  request.writeUInt32LE(0x1000000, 8);
  request[12] = 45;
  talk.write(request);
}
