// Delivers a message as signed JSON to an address of the user's choice.
import { createHash, createHmac } from 'node:crypto';
import type { Message } from '#core/channels.ts';
import { type Channel, ChannelError } from './channel.ts';
import { post } from './post.ts';

export const webhook: Channel<'webhook'> = {
  kind: 'webhook',
  async send(message, settings, context) {
    const body = JSON.stringify(webhookBody(message));
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'user-agent': 'Rootnote',
      'rootnote-timestamp': timestamp,
      'rootnote-delivery': createHash('sha256').update(body).digest('hex').slice(0, 32),
    };
    if (settings.secret) {
      headers['rootnote-signature'] = `sha256=${sign(settings.secret, timestamp, body)}`;
    }
    const answer = await post(settings.url, body, headers, context);
    if (answer.status >= 200 && answer.status < 300) return;
    const host = new URL(settings.url).hostname;
    if (answer.status >= 300 && answer.status < 400) {
      throw new ChannelError(`${host} redirects (${answer.status}). Enter the final address.`, {
        permanent: true,
      });
    }
    throw new ChannelError(`${host} answered ${answer.status}.`, {
      permanent: answer.status < 500 && ![408, 425, 429].includes(answer.status),
      retryAfter: answer.retryAfter,
    });
  },
};

/**
 * What a receiver compares with the header `Rootnote-Signature: sha256=…`: HMAC-SHA256 in hex over the header
 * `Rootnote-Timestamp`, a dot, and the body as it came. The timestamp lets the receiver refuse an old copy.
 */
function sign(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}

/** The document that a receiver reads. The header `Rootnote-Delivery` is the same in each attempt to deliver it. */
function webhookBody(message: Message) {
  return {
    version: 1,
    event: `incident.${message.kind}`,
    id: message.incidentId,
    severity: message.severity,
    server: message.server,
    title: message.title,
    chain: message.chain,
    evidence: message.evidence,
    ruledOut: message.ruledOut,
    symptoms: message.symptoms,
    openedAt: message.openedAt.toISOString(),
    resolvedAt: message.resolvedAt?.toISOString(),
    articleUrl: message.articleUrl,
    articleTitle: message.articleTitle,
    incidentUrl: message.incidentUrl,
  };
}
