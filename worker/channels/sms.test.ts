import { afterEach, expect, test } from 'vitest';
import { gsmText, septets } from './gsmText.ts';
import { deliver } from './index.ts';
import { sampleMessage } from './sampleMessage.fixture.ts';
import { smsText } from './sms.ts';
import { startStandIn, testContext } from './standIn.fixture.ts';

let standIn: Awaited<ReturnType<typeof startStandIn>> | undefined;
afterEach(() => standIn?.stop());

const settings = {
  to: ['+4915112345678', '+4915112345679'],
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'secret-token',
  from: '+15005550006',
};

/** Twilio's answers: 201 with the message, or a JSON error with status, code and message. */
function twilio(answers: Record<string, { status: number; code?: number; message?: string }> = {}) {
  return startStandIn((seen, response) => {
    const to = new URLSearchParams(seen.body).get('To') ?? '';
    const { status, code, message } = answers[to] ?? { status: 201 };
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '5' });
    const fault = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
    response.end(
      JSON.stringify(status === 201 ? { sid: `SM${'0'.repeat(32)}`, status: 'queued', to } : fault),
    );
  });
}

test('sends one form with basic authentication to each number', async () => {
  standIn = await twilio();
  await deliver('sms', settings, sampleMessage, testContext({ twilioApiUrl: standIn.url }));
  expect(standIn.seen).toHaveLength(2);
  const [seen] = standIn.seen;
  expect(seen).toMatchObject({
    method: 'POST',
    path: `/2010-04-01/Accounts/${settings.accountSid}/Messages.json`,
  });
  const credentials = Buffer.from(`${settings.accountSid}:secret-token`).toString('base64');
  expect(seen?.headers.authorization).toBe(`Basic ${credentials}`);
  expect(seen?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  const form = new URLSearchParams(seen?.body);
  expect(Object.fromEntries(form)).toEqual({
    To: settings.to[0],
    From: settings.from,
    Body: smsText(sampleMessage),
  });
});

test('a messaging service is named as one', async () => {
  standIn = await twilio();
  const service = `MG${'a'.repeat(32)}`;
  const context = testContext({ twilioApiUrl: standIn.url });
  await deliver('sms', { ...settings, to: [settings.to[0]], from: service }, sampleMessage, context);
  const form = new URLSearchParams(standIn.seen[0]?.body);
  expect(form.get('MessagingServiceSid')).toBe(service);
  expect(form.has('From')).toBe(false);
});

test.each([
  [400, 21211, true, 'not a valid phone number'],
  [400, 21610, true, 'answered STOP'],
  [400, 21408, true, 'geographic permissions'],
  [400, 21608, true, 'trial account'],
  [401, 20003, true, 'refused the account SID'],
  [400, 29999, true, 'said by the stand-in'],
  [429, 20429, false, 'more slowly'],
  [500, 20500, false, 'said by the stand-in'],
  [503, undefined, false, 'said by the stand-in'],
])('status %i with code %s: permanent %s', async (status, code, permanent, said) => {
  const [first = ''] = settings.to;
  standIn = await twilio({ [first]: { status, code, message: 'said by the stand-in' } });
  const context = testContext({ twilioApiUrl: standIn.url });
  const attempt = deliver('sms', { ...settings, to: [first] }, sampleMessage, context);
  const error: unknown = await attempt.catch((e: unknown) => e);
  expect(error).toMatchObject({ permanent, retryAfter: status === 429 ? 5 : undefined });
  expect(String(error)).toContain(said);
  expect(String(error)).toContain(first);
  expect(String(error)).not.toContain('secret-token');
});

test('one wrong number keeps no one else from the message, and the next attempt repeats none', async () => {
  const [wrong = '', right = ''] = settings.to;
  standIn = await twilio({ [wrong]: { status: 503 } });
  const context = testContext({ twilioApiUrl: standIn.url });
  const error = (await deliver('sms', settings, sampleMessage, context).catch((e: unknown) => e)) as {
    delivered: string[];
  };
  expect(error).toMatchObject({ permanent: false, delivered: [right] });
  await deliver('sms', settings, sampleMessage, { ...context, delivered: error.delivered }).catch(() => {});
  const numbers = standIn.seen.map((seen) => new URLSearchParams(seen.body).get('To'));
  expect(numbers).toEqual([wrong, right, wrong]);
});

test('an answer that is no JSON is a temporary fault', async () => {
  standIn = await startStandIn((_, response) => response.writeHead(201).end('<html>'));
  const context = testContext({ twilioApiUrl: standIn.url });
  await expect(deliver('sms', settings, sampleMessage, context)).rejects.toMatchObject({ permanent: false });
});

test('the text says what and where in one part, with one address, whole', () => {
  const head = '[critical] web1: nginx stopped; the website refuses connections';
  const link = 'https://rootnote.example.org/problems/website-down/#act-now';
  expect(smsText(sampleMessage)).toBe(`${head}\n${link}`);
  const { articleUrl: _, ...without } = sampleMessage;
  expect(smsText(without)).toBe(`${head}\nhttps://rootnote.example.org/incidents/01HF3Z`);
  const long = smsText({ ...sampleMessage, title: `${sampleMessage.title}, ${'and more '.repeat(20)}` });
  expect(septets(long)).toBeLessThanOrEqual(160);
  expect(long.endsWith(`...\n${link}`)).toBe(true);
});

test('the longest text still fits into two parts', () => {
  const text = smsText({ ...sampleMessage, title: '€'.repeat(500), server: '→'.repeat(99) });
  expect(septets(text)).toBeLessThanOrEqual(306);
  expect(text).toContain('#act-now');
  expect(text.length).toBeLessThanOrEqual(320);
  const far = `https://rootnote.example.org/${'x'.repeat(400)}`;
  const bare = smsText({ ...sampleMessage, articleUrl: far, incidentUrl: far });
  expect(bare).toBe('[critical] web1: nginx stopped; the website refuses connections');
});

test('letters outside the alphabet of SMS become likenesses', () => {
  expect(gsmText('“Çа” ñandú – ł … ≥ 5 °C')).toBe('"Ç?" ñandu - ? ... >= 5  degC');
  expect(septets('a€[')).toBe(5);
});
