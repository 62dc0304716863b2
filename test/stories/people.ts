// Who gets messages in a story: a mailbox, a Slack workspace and a telephone, each a real server on loopback.
import type { Channel, Database } from '#prisma';
import { type Mailbox, mailText, openMailbox } from '../mailbox.ts';
import { startStandIn } from '#worker/channels/standIn.fixture.ts';

export type ChannelKind = 'email' | 'slack' | 'sms';
export const channelKinds: readonly ChannelKind[] = ['email', 'slack', 'sms'];

/** One message that arrived. */
export interface Told {
  channel: ChannelKind;
  kind: 'opened' | 'changed' | 'resolved' | 'reopened';
  /** Subject of the mail, head of the Slack message, first line of the SMS. */
  head: string;
  text: string;
  /** The mail as it came. */
  raw?: string;
}

export interface People {
  smtpUrl: string;
  twilioApiUrl: string;
  /** Channels of an organization; each has addresses of its own. */
  join(db: Database, organizationId: string, number: number): Promise<void>;
  /** What arrived for a story, oldest first. */
  arrived(number: number): Told[];
  /** Of these channels nothing works for anyone until further notice. */
  broken: Set<ChannelKind>;
  close(): Promise<void>;
}

export async function gatherPeople(): Promise<People> {
  const broken = new Set<ChannelKind>();
  const mailbox: Mailbox = await openMailbox();
  const told = new Map<string, Told[]>();
  const note = (to: string, one: Told) => void told.set(to, [...(told.get(to) ?? []), one]);
  const web = await startStandIn(({ path, body }, response) => {
    const slack = /^\/slack\/(\d+)/.exec(path);
    const kind = slack ? 'slack' : 'sms';
    if (broken.has(kind)) {
      response.writeHead(503).end();
      return;
    }
    if (slack) {
      const message = JSON.parse(body) as { text: string };
      note(`slack ${slack[1]}`, {
        channel: 'slack',
        kind: kindOf(message.text),
        head: message.text,
        text: body,
      });
      response.end('ok');
      return;
    }
    const form = new URLSearchParams(body);
    const text = form.get('Body')!;
    note(`sms ${form.get('To')!}`, { channel: 'sms', kind: kindOf(text), head: text.split('\n')[0]!, text });
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ sid: `SM${'0'.repeat(32)}`, status: 'queued' }));
  });
  const telephone = (number: number) => `+1555${String(number).padStart(7, '0')}`;
  return {
    smtpUrl: mailbox.url,
    twilioApiUrl: web.url,
    broken,
    async join(db, organizationId, number) {
      const channels: Pick<Channel, 'kind' | 'name' | 'settings'>[] = [
        { kind: 'email', name: 'Admins', settings: { to: [`admin@story${number}.example.org`] } },
        { kind: 'slack', name: 'Slack', settings: { webhookUrl: `${web.url}/slack/${number}` } },
        {
          kind: 'sms',
          name: 'On call',
          settings: {
            accountSid: `AC${'0'.repeat(32)}`,
            authToken: 'f'.repeat(32),
            from: '+15550000000',
            to: [telephone(number)],
          },
        },
      ];
      await db.channel.createMany({
        data: channels.map((one) => ({ ...one, settings: one.settings as object, organizationId })),
      });
    },
    arrived(number) {
      const mails = mailbox.mails
        .filter(({ to }) => to.includes(`admin@story${number}.example.org`))
        .map((mail): Told => {
          const text = mailText(mail);
          const head = /^Subject: ((?:.|\r?\n[ \t])+)/m.exec(mail.raw)![1]!.replaceAll(/\r?\n[ \t]/g, ' ');
          const words = decoded(head);
          return { channel: 'email', kind: kindOf(words), head: words, text, raw: mail.raw };
        });
      return [
        ...mails,
        ...(told.get(`slack ${number}`) ?? []),
        ...(told.get(`sms ${telephone(number)}`) ?? []),
      ];
    },
    async close() {
      await mailbox.close();
      await web.stop();
    },
  };
}

/** RFC 2047, as nodemailer writes it. */
function decoded(head: string): string {
  return head.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/(?:=\?utf-8\?q\?[^?]*\?=)+/gi, (words) => {
    const bytes = words.replaceAll(/=\?utf-8\?q\?|\?=/gi, '').replaceAll('_', ' ');
    return decodeURIComponent(bytes.replaceAll('%', '%25').replaceAll(/=([0-9A-F]{2})/g, '%$1'));
  });
}

/** By the words that a person goes by. */
function kindOf(head: string): Told['kind'] {
  if (/^\[resolved\]/.test(head)) return 'resolved';
  if (/^\[\w+, back again\]/.test(head)) return 'reopened';
  return /^\[\w+, (cause found|now worse)\]/.test(head) ? 'changed' : 'opened';
}
