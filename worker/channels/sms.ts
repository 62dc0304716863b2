// Delivers a message as SMS through Twilio. Short: what, where, and the address of the article.
import type { ChannelSettings, Message } from '#core/channels.ts';
import { type Channel, type ChannelContext, ChannelError } from './channel.ts';
import { gsmText, septets } from './gsmText.ts';
import { webLink } from './oneLine.ts';
import { post } from './post.ts';
import { subjectLine } from './subjectLine.ts';

/** One part, and two of 153 septets. */
const onePart = 160;
const room = 306;
/** So much of the title tells what is wrong and where. */
const leastTitle = 80;
const twilioApi = 'https://api.twilio.com';

export const sms: Channel<'sms'> = {
  kind: 'sms',
  async send(message, settings, context) {
    const client = await twilioClient(settings, context);
    const sender = /^MG[0-9a-f]{32}$/i.test(settings.from)
      ? { messagingServiceSid: settings.from }
      : { from: settings.from };
    const body = smsText(message);
    const delivered = [...(context.delivered ?? [])];
    const errors: ChannelError[] = [];
    for (const to of settings.to.filter((number) => !delivered.includes(number))) {
      try {
        await client.messages.create({ to, body, ...sender });
        delivered.push(to);
      } catch (error) {
        errors.push(explain(error, to));
      }
    }
    const [first] = errors;
    if (!first) return;
    throw new ChannelError(errors.map((error) => error.message).join(' '), {
      // As long as one number may still work, another attempt makes sense.
      permanent: errors.every((error) => error.permanent),
      retryAfter: Math.max(0, ...errors.map((error) => error.retryAfter ?? 0)) || undefined,
      delivered,
      cause: first.cause,
    });
  },
};

/**
 * At most 306 characters of the SMS alphabet, where the address allows it one part of 160. One address, kept whole: of the article, which
 * shows the incident above it, or else of the incident. The title gives way.
 */
export function smsText(message: Message): string {
  const link = [webLink(message.articleUrl), webLink(message.incidentUrl)]
    .flatMap((one) => (one === undefined ? [] : `\n${gsmText(one)}`))
    .find((one) => septets(one) <= room - leastTitle);
  const tail = link ?? '';
  const title = gsmText(subjectLine(message));
  // Cut to one part only where enough of it is left to be understood.
  const most = septets(tail) + leastTitle <= onePart ? onePart : room;
  let head = title;
  while (septets(head) + septets(tail) > most) head = `${head.slice(0, -4)}...`;
  return head + tail;
}

/** The package is loaded only when a message is sent: it takes 35 MB. Its requests go through our own bounded POST. */
async function twilioClient(settings: ChannelSettings<'sms'>, context: ChannelContext) {
  const { default: twilio } = await import('twilio');
  const httpClient = new twilio.RequestClient();
  httpClient.request = async (options) => {
    const url = options.uri.replace(twilioApi, (context.twilioApiUrl ?? twilioApi).replace(/\/+$/, ''));
    const credentials = Buffer.from(`${options.username}:${options.password}`).toString('base64');
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries((options.data ?? {}) as Record<string, unknown>)) {
      if (value !== undefined) form.append(name, String(value));
    }
    const headers = {
      authorization: `Basic ${credentials}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    // The operator chose this address, not a user of the portal.
    const answer = await post(url, form.toString(), headers, { signal: context.signal, allow: () => true });
    if (answer.status === 429) {
      throw new ChannelError('Twilio asks to send more slowly.', {
        permanent: false,
        retryAfter: answer.retryAfter,
      });
    }
    return {
      statusCode: answer.status,
      body: answer.body as never,
      headers: {},
      toString: () => answer.body,
    };
  };
  return twilio(settings.accountSid, settings.authToken, { httpClient });
}

/** Codes of Twilio's error dictionary that a person can act on: https://www.twilio.com/docs/api/errors */
const meanings: Record<number, string> = {
  20003: 'Twilio refused the account SID or the auth token',
  20404: 'Twilio does not know this account or messaging service',
  21211: 'it is not a valid phone number',
  21212: 'the sender is not a valid number',
  21408: 'Twilio may not send to this country; allow it under "SMS geographic permissions"',
  21606: 'the sender cannot send to this number',
  21608: 'a trial account sends only to verified numbers',
  21610: 'this person answered STOP and must answer START first',
  21614: 'it is not a mobile number',
  21703: 'the messaging service has no sender',
};

/** Twilio's HTTP status decides whether to try again: it changes its codes, as it says itself. */
function explain(error: unknown, to: string): ChannelError {
  if (error instanceof ChannelError) {
    return new ChannelError(`${to}: ${error.message}`, error);
  }
  const { status, code, message } = error as { status?: number; code?: number; message?: string };
  if (status === undefined) {
    return new ChannelError(`${to}: Twilio's answer could not be read.`, { permanent: false, cause: error });
  }
  const reason = (code !== undefined && meanings[code]) || message || `HTTP status ${status}`;
  return new ChannelError(`${to}: ${reason}${code ? ` (Twilio ${code})` : ''}.`, {
    permanent: status < 500 && status !== 408 && status !== 429 && code !== 20429,
    cause: error,
  });
}
