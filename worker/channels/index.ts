// The channels: how people hear of an incident. One file each.
import { type ChannelKind, channelSettings, type Message } from '#core/channels.ts';
import { type Channel, type ChannelContext, ChannelError } from './channel.ts';
import { email } from './email.ts';
import { slack } from './slack.ts';
import { sms } from './sms.ts';
import { webhook } from './webhook.ts';

const channels = { email, slack, sms, webhook } satisfies { [K in ChannelKind]: Channel<K> };

/**
 * Delivers a message through a channel whose settings come from the database as they are.
 * Throws ChannelError, and nothing else: settings that cannot be used and faults of a channel become one, too.
 */
export async function deliver(
  kind: string,
  rawSettings: unknown,
  message: Message,
  context: ChannelContext,
): Promise<void> {
  if (!isChannelKind(kind)) {
    throw new ChannelError(`There is no channel of the kind "${kind}".`, { permanent: true });
  }
  const settings = channelSettings[kind].safeParse(rawSettings);
  if (!settings.success) {
    const issues = settings.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ChannelError(`The settings of this channel cannot be used. ${issues.join('; ')}`, {
      permanent: true,
    });
  }
  const channel = channels[kind] as Channel<ChannelKind>;
  try {
    await channel.send(message, settings.data as never, context);
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    throw new ChannelError('The message could not be delivered: a fault of Rootnote itself.', {
      permanent: false,
      cause: error,
    });
  }
}

function isChannelKind(kind: string): kind is ChannelKind {
  return Object.hasOwn(channels, kind);
}
