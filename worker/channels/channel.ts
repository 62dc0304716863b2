// The interface of a channel: it delivers one message to people.
import type { ChannelKind, ChannelSettings, Message } from '#core/channels.ts';

export interface Channel<K extends ChannelKind> {
  kind: K;
  /** Resolves when every recipient has the message. Throws ChannelError. */
  send(message: Message, settings: ChannelSettings<K>, context: ChannelContext): Promise<void>;
}

export interface ChannelContext {
  signal: AbortSignal;
  /** Outgoing mail; undefined keeps mail in the outbox folder. */
  smtpUrl?: string;
  mailFrom: string;
  outbox: string;
  twilioApiUrl?: string;
  /** Whether a webhook may be delivered to this address, asked after resolution. Without it: public addresses only. */
  allow?(address: string): boolean;
  /** Recipients that got the message in an earlier attempt (`ChannelError.delivered`): they are left out. */
  delivered?: readonly string[];
}

/**
 * `permanent`: trying again cannot help (wrong number, revoked webhook); the person must be told in the portal.
 * The message is a sentence for that person and never contains a secret (token, webhook address).
 */
export class ChannelError extends Error {
  override name = 'ChannelError';
  permanent: boolean;
  /** Seconds that the service asked us to wait. */
  retryAfter?: number;
  /** Recipients that have the message in spite of the error; give them to the next attempt. */
  delivered: readonly string[];
  constructor(
    message: string,
    options: { permanent: boolean; cause?: unknown; retryAfter?: number; delivered?: readonly string[] },
  ) {
    super(message, { cause: options.cause });
    this.permanent = options.permanent;
    this.retryAfter = options.retryAfter;
    this.delivered = options.delivered ?? [];
  }
}
