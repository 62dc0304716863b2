// The interface of a channel: it delivers one message to people.
import type { ChannelKind, ChannelSettings, Message } from '#core/channels.ts';

export interface Channel<K extends ChannelKind> {
  kind: K;
  /** Throws ChannelError. */
  send(message: Message, settings: ChannelSettings<K>, context: ChannelContext): Promise<void>;
}

export interface ChannelContext {
  signal: AbortSignal;
  /** Outgoing mail; undefined keeps mail in the outbox folder. */
  smtpUrl?: string;
  mailFrom: string;
  outbox: string;
  twilioApiUrl?: string;
}

/** `permanent`: trying again cannot help (wrong number, revoked webhook); the person must be told in the portal. */
export class ChannelError extends Error {
  override name = 'ChannelError';
  permanent: boolean;
  constructor(message: string, options: { permanent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.permanent = options.permanent;
  }
}
