// Delivers a message to a Slack channel through an incoming webhook, as Block Kit.
// Answers and limits: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
import type { Message } from '#core/channels.ts';
import { type Channel, ChannelError } from './channel.ts';
import { oneLine, webLink } from './oneLine.ts';
import { post } from './post.ts';
import { subjectLine, whenLine } from './subjectLine.ts';

export const slack: Channel<'slack'> = {
  kind: 'slack',
  async send(message, settings, context) {
    const body = JSON.stringify(slackBody(message));
    const answer = await post(settings.webhookUrl, body, { 'content-type': 'application/json' }, context);
    if (answer.status === 200) return;
    const reason = answer.body.trim();
    const meaning = Object.hasOwn(meanings, reason) ? meanings[reason] : undefined;
    const said = meaning ?? `Slack answered ${answer.status}${reason ? `: ${oneLine(reason, 100)}` : ''}.`;
    throw new ChannelError(said, {
      // Slack documents 4xx as "do not try again", but for its rate limit; 5xx (rollup_error) is a fault of its own.
      permanent: answer.status < 500 && ![408, 429].includes(answer.status),
      retryAfter: answer.retryAfter,
    });
  },
};

/** The plain-text bodies with which Slack refuses, in words for the person who set up the webhook. */
const meanings: Record<string, string> = {
  no_service: 'Slack does not know this webhook any more. Create a new one and enter its address.',
  no_service_id: 'The webhook address is incomplete. Copy it again from Slack.',
  no_active_hooks: 'The webhook was disabled in Slack. Create a new one and enter its address.',
  no_team: 'Slack does not know the workspace of this webhook.',
  team_disabled: 'The Slack workspace of this webhook was disabled.',
  invalid_token: 'The webhook address is wrong. Copy it again from Slack.',
  channel_is_archived: 'The Slack channel was archived. Create a webhook for another channel.',
  channel_not_found: 'The Slack channel of this webhook does not exist any more.',
  user_not_found: 'The Slack user of this webhook does not exist any more.',
  action_prohibited: 'An administrator of the Slack workspace forbids this message.',
  posting_to_general_channel_denied: 'Only administrators may write to this Slack channel.',
};

/** Limits of Block Kit: a header has 150 characters, a section 3000; mrkdwn escapes three characters. */
export function slackBody(message: Message) {
  const over = message.kind === 'resolved';
  const article = webLink(message.articleUrl);
  const incident = webLink(message.incidentUrl);
  const blocks: unknown[] = [
    { type: 'header', text: { type: 'plain_text', text: oneLine(subjectLine(message), 150), emoji: false } },
    { type: 'context', elements: [{ type: 'mrkdwn', text: when(message) }] },
  ];
  const section = (title: string, lines: string[]) => {
    if (lines.length) blocks.push({ type: 'section', text: { type: 'mrkdwn', text: bounded(title, lines) } });
  };
  section(
    over ? 'What it was, cause first' : 'Why, cause first',
    message.chain.map((line, index) => `${index + 1}. ${escape(oneLine(line))}`),
  );
  section(
    'Evidence',
    (over ? [] : message.evidence).map(({ what, value, normal }) => {
      const usual = normal ? ` (normal: ${escape(oneLine(normal, 100))})` : '';
      return `• ${escape(oneLine(what, 100))}: *${escape(oneLine(value, 100))}*${usual}`;
    }),
  );
  section(
    'Ruled out',
    (over ? [] : message.ruledOut).map((line) => `• ${escape(oneLine(line))}`),
  );
  section(
    'Follows from it',
    (over ? [] : message.symptoms).map((line) => `• ${escape(oneLine(line))}`),
  );
  if (article) {
    const text = oneLine(`What to do: ${message.articleTitle ?? message.title}`, 75);
    blocks.push({
      type: 'actions',
      elements: [{ type: 'button', text: { type: 'plain_text', text }, url: article, style: 'primary' }],
    });
  }
  if (incident) {
    blocks.push({
      type: 'context',
      elements: [{ type: 'mrkdwn', text: `<${escape(incident)}|Open the incident>` }],
    });
  }
  // `text` is what notifications and screen readers say.
  return { text: escape(subjectLine(message)), blocks, unfurl_links: false };
}

/** Times as Slack shows them to each reader, by their own clock; in UTC where a program does not know how. */
function when(message: Message): string {
  return escape(whenLine(message)).replaceAll(
    /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g,
    (text, day, time) => {
      const at = Date.parse(`${day}T${time}Z`) / 1000;
      return `<!date^${at}^{date_short_pretty}, {time_secs}|${text}>`;
    },
  );
}

/** Without this, a server named `<!channel>` would call everyone. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Whole lines up to Slack's limit; the rest stands in the incident. */
function bounded(title: string, lines: string[]): string {
  let text = `*${title}*`;
  for (const [index, line] of lines.entries()) {
    const rest = lines.length - index;
    if (index === 12 || text.length + line.length > 2900) return `${text}\n… and ${rest} more`;
    text += `\n${line}`;
  }
  return text;
}
