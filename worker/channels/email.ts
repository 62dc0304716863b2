// Delivers a message as email: through SMTP, or into the outbox folder when no mail server is set up.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Message } from '#core/channels.ts';
import { type Channel, type ChannelContext, ChannelError } from './channel.ts';
import { emailBody } from './emailBody.ts';
import { oneLine } from './oneLine.ts';

export const email: Channel<'email'> = {
  kind: 'email',
  async send(message, settings, context) {
    const to = settings.to.filter((address) => !context.delivered?.includes(address));
    if (!to.length) return;
    const mail = { ...mailOptions(message, context), to };
    if (context.smtpUrl) await overSmtp(mail, to, context.smtpUrl, context);
    else await intoOutbox(mail, message, context.outbox);
  },
};

/** Mails about one incident are one thread, and a mail that is sent again after a failure keeps its Message-ID. */
function mailOptions(message: Message, context: ChannelContext): SendMailOptions {
  const { subject, html, text } = emailBody(message);
  const domain = /@([a-z0-9.-]+)>?\s*$/i.exec(context.mailFrom)?.[1] ?? 'localhost';
  const id = message.incidentId.replace(/[^a-zA-Z0-9-]/g, '').slice(0, 64) || 'incident';
  const root = `<${id}@${domain}>`;
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const first = message.kind === 'opened';
  const thread = message.kind !== 'opened' && message.kind !== 'test';
  return {
    from: context.mailFrom,
    subject,
    html,
    text,
    messageId: first ? root : `<${id}.${message.kind}.${fingerprint}@${domain}>`,
    ...(thread ? { inReplyTo: root, references: root } : {}),
    ...(message.severity === 'critical' && first ? { priority: 'high' as const } : {}),
    headers: {
      'Auto-Submitted': 'auto-generated',
      // Exchange answers with out-of-office notes all the same, unless it is told in its own words.
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `Rootnote alerts <alerts.${domain}>`,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

async function overSmtp(mail: SendMailOptions, to: string[], url: string, context: ChannelContext) {
  const transport = createTransport({
    url,
    dnsTimeout: 5000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(45_000)]);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new ChannelError('The mail server did not finish in time.', { permanent: false }));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const sent = transport.sendMail(mail);
    const info = await Promise.race([sent, aborted]);
    const refused = (info as { rejectedErrors?: SmtpFault[] }).rejectedErrors ?? [];
    if (!refused.length) return;
    const accepted = to.filter((address) => !info.rejected.some((other) => addressOf(other) === address));
    throw new ChannelError(refused.map(smtpSentence).join(' '), {
      permanent: refused.every(isPermanent),
      cause: refused[0],
      delivered: [...(context.delivered ?? []), ...accepted],
    });
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    const fault = error as SmtpFault;
    // When every recipient was refused there is one fault for each; one that may pass later is worth another attempt.
    const faults = fault.rejectedErrors?.length ? fault.rejectedErrors : [fault];
    throw new ChannelError(faults.map(smtpSentence).join(' '), {
      permanent: faults.every(isPermanent),
      cause: error,
    });
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
    transport.close();
  }
}

interface SmtpFault {
  message: string;
  code?: string;
  responseCode?: number;
  response?: string;
  recipient?: string;
  rejectedErrors?: SmtpFault[];
}

/** RFC 5321: 5xx is final, 4xx asks to try again. Without an answer it was the network, unless the login cannot work. */
function isPermanent(fault: SmtpFault): boolean {
  if (fault.responseCode) return fault.responseCode >= 500;
  return fault.code === 'EAUTH' || fault.code === 'ENOAUTH' || fault.code === 'EENVELOPE';
}

function smtpSentence(fault: SmtpFault): string {
  if (fault.response) {
    const who = fault.recipient ? ` for ${fault.recipient}` : '';
    const what =
      fault.code === 'EAUTH' ? 'The mail server refused the login' : 'The mail server refused the mail';
    return `${what}${who}: ${oneLine(fault.response, 200)}.`;
  }
  const words: Record<string, string> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was cut',
    ETIMEDOUT: 'the mail server did not answer in time',
    EDNS: 'the name of the mail server could not be resolved',
    ETLS: 'TLS failed. Is the certificate valid for the name of the mail server?',
  };
  // nodemailer files every fault of a socket under ESOCKET; the system's own code is left in the text.
  const system = /\bE[A-Z]{4,}\b/.exec(fault.message)?.[0];
  const reason = words[system ?? ''] ?? words[fault.code ?? ''] ?? oneLine(fault.message, 200);
  return `The mail could not be sent: ${reason.replace(/\.$/, '')}.`;
}

function addressOf(recipient: string | { address: string }): string {
  return typeof recipient === 'string' ? recipient : recipient.address;
}

/** One file a mail. It gets its name only when it is complete, so that whoever watches the folder never reads half a mail. */
async function intoOutbox(mail: SendMailOptions, message: Message, outbox: string): Promise<void> {
  const { message: source } = await createTransport({ streamTransport: true, buffer: true }).sendMail(mail);
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('.', '');
  const name = `${stamp}-${message.kind}-${randomBytes(4).toString('hex')}`;
  const partial = join(outbox, `.${name}.part`);
  try {
    await mkdir(outbox, { recursive: true, mode: 0o700 });
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(source as Buffer);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, join(outbox, `${name}.eml`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ChannelError(
      `The mail could not be written to the outbox folder (${code ?? 'unknown error'}).`,
      {
        permanent: false,
        cause: error,
      },
    );
  }
}
