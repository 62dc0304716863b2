import { afterEach, expect, test } from 'vitest';
import { deliver } from './index.ts';
import { sampleMessage } from './sampleMessage.fixture.ts';
import { slackBody } from './slack.ts';
import { startStandIn, testContext } from './standIn.fixture.ts';

let standIn: Awaited<ReturnType<typeof startStandIn>> | undefined;
afterEach(() => standIn?.stop());

interface Block {
  type: string;
  text?: { type: string; text: string };
  elements?: { type: string; text?: unknown; url?: string }[];
}

test('posts Block Kit with the cause first and one button to the article', async () => {
  standIn = await startStandIn((_, response) => response.end('ok'));
  const settings = { webhookUrl: `${standIn.url}/services/T000/B000/XXXX` };
  await deliver('slack', settings, sampleMessage, testContext());
  const [seen] = standIn.seen;
  expect(seen).toMatchObject({ method: 'POST', path: '/services/T000/B000/XXXX' });
  expect(seen?.headers['content-type']).toBe('application/json');
  const body = JSON.parse(seen?.body ?? '') as { text: string; blocks: Block[] };
  expect(body.text).toBe('[critical] web1: nginx stopped; the website refuses connections');
  expect(body.blocks[0]).toMatchObject({ type: 'header', text: { type: 'plain_text', text: body.text } });
  const sections = body.blocks.filter((block) => block.type === 'section').map((block) => block.text?.text);
  expect(sections[0]).toBe(
    `*Why, cause first*\n${sampleMessage.chain.map((line, i) => `${i + 1}. ${line}`).join('\n')}`,
  );
  expect(sections[1]).toContain('• nginx.service: *inactive (dead)* (normal: active (running))');
  const buttons = body.blocks
    .filter((block) => block.type === 'actions')
    .flatMap((block) => block.elements ?? []);
  expect(buttons).toMatchObject([
    { type: 'button', text: { text: 'What to do: Website down' }, url: sampleMessage.articleUrl },
  ]);
});

test.each([
  [404, 'no_service', true, 'Slack does not know this webhook any more'],
  [410, 'channel_is_archived', true, 'The Slack channel was archived'],
  [403, 'action_prohibited', true, 'administrator'],
  [403, 'invalid_token', true, 'The webhook address is wrong'],
  [400, 'invalid_payload', true, 'Slack answered 400: invalid_payload.'],
  [429, '', false, 'Slack answered 429.'],
  [500, 'rollup_error', false, 'Slack answered 500: rollup_error.'],
])('%i %s: permanent %s', async (status, body, permanent, said) => {
  standIn = await startStandIn((_, response) =>
    response.writeHead(status, status === 429 ? { 'retry-after': '30' } : {}).end(body),
  );
  const settings = { webhookUrl: `${standIn.url}/services/T000/B000/SECRET` };
  const error: unknown = await deliver('slack', settings, sampleMessage, testContext()).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({ permanent, retryAfter: status === 429 ? 30 : undefined });
  expect(String(error)).toContain(said);
  expect(String(error)).not.toContain('SECRET');
});

test('a hostile server calls nobody and stays within the limits of Block Kit', () => {
  const long = 'x'.repeat(5000);
  const body = slackBody({
    ...sampleMessage,
    server: '<!channel> & <https://evil.example|click>',
    chain: Array.from({ length: 40 }, () => `<!here> ${long}`),
    symptoms: [long],
    articleUrl: 'javascript:alert(1)',
  });
  const text = JSON.stringify(body);
  expect(body.text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;');
  const parsed = (body.blocks as Block[]).filter((block) => block.text?.type === 'mrkdwn');
  // The header is plain text, which Slack does not parse.
  expect(JSON.stringify(parsed)).not.toContain('<!');
  expect(text).not.toContain('javascript:');
  const blocks = body.blocks as Block[];
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const block of blocks) {
    const most = block.type === 'header' ? 150 : 3000;
    expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(most);
  }
});

test('refuses a private address without permission', async () => {
  const attempt = deliver(
    'slack',
    { webhookUrl: 'http://169.254.169.254/latest/meta-data' },
    sampleMessage,
    testContext({ allow: undefined }),
  );
  await expect(attempt).rejects.toMatchObject({ permanent: true });
});

test('times are shown by the clock of each reader', () => {
  const text = JSON.stringify(slackBody(sampleMessage).blocks);
  const at = sampleMessage.openedAt.getTime() / 1000;
  expect(text).toContain(`Since <!date^${at}^{date_short_pretty}, {time_secs}|2026-11-22 03:12:05 UTC>`);
});

test.each([
  ['explained', '[critical, cause found] web1: '],
  ['changed', '[critical, now worse] web1: '],
  ['reopened', '[critical, back again] web1: '],
] as const)('a message that is %s is not taken for another incident', (kind, head) => {
  expect(slackBody({ ...sampleMessage, kind }).text.startsWith(head)).toBe(true);
});
