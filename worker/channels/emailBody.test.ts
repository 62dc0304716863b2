import { expect, test } from 'vitest';
import type { Message } from '#core/channels.ts';
import { emailBody } from './emailBody.ts';
import { sampleMessage } from './sampleMessage.fixture.ts';

const articleUrl = 'https://rootnote.example.org/problems/website-down/#act-now';

test('the plain part says everything, in lines of at most 72 characters', () => {
  const { subject, text } = emailBody(sampleMessage);
  expect(subject).toBe('[critical] web1: nginx stopped; the website refuses connections');
  expect(text).toMatchInlineSnapshot(`
    "CRITICAL  web1

    nginx stopped; the website refuses connections
    Since 2026-11-22 03:12:05 UTC

    What to do: Website down
    https://rootnote.example.org/problems/website-down/#act-now

    WHY, CAUSE FIRST
      1. Cause: nginx.service was stopped at 2026-11-22 03:11:40 UTC (exit
         code 0).
         |
         v
      2. Leads to: Nothing listens on port 80 any more; it did until 03:11.
         |
         v
      3. What you notice: http://example.org/ refuses connections: three
         checks in a row, from two places.

    EVIDENCE
      nginx.service            inactive (dead)  (normal: active (running))
      listener on 0.0.0.0:80   none  (normal: nginx)
      GET http://example.org/  connection refused  (normal: status 200 in 12
                               ms)
      memory available         61 %  (normal: above 10 %)

    RULED OUT
      - Out of memory: 61 % of memory is available, and the kernel killed no
        process.
      - Full disk: / has 18.2 GiB free.

    FOLLOWS FROM IT (NO FURTHER MESSAGES)
      - Port 80 of web1 is closed
      - https://example.org/ refuses connections

    Open the incident
    https://rootnote.example.org/incidents/01HF3Z

    -- 
    Rootnote, incident 01HF3Z
    Change who gets these messages, or stop them:
    https://rootnote.example.org/channels
    "
  `);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
});

test('the HTML part has one button, to the heading of the article, and loads nothing', () => {
  const { html } = emailBody(sampleMessage);
  expect(html.match(/class="button"/g)).toHaveLength(1);
  expect(html).toContain(`href="${articleUrl}" class="label"`);
  expect(html).toContain('>What to do: Website down</a>');
  expect(html).not.toMatch(/<img|<link|<script|@import|url\(/);
  const order = [...sampleMessage.chain, 'inactive (dead)', 'Out of memory', 'Port 80 of web1 is closed'];
  const places = order.map((text) => html.indexOf(text, html.indexOf('</h1>')));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('every colour has its counterpart in the dark', () => {
  const { html } = emailBody(sampleMessage);
  const dark = html.slice(html.indexOf('prefers-color-scheme:dark'), html.indexOf('</style>'));
  const classes = [...html.matchAll(/class="([^"]+)" [^>]*style="[^"]*(?:color|border)/g)].map(
    (match) => match[1],
  );
  expect(classes.length).toBeGreaterThan(10);
  for (const name of new Set(classes.flatMap((list) => list?.split(' ') ?? []))) {
    if (/^(c[123]|given|none|edge|pad)$/.test(name)) continue;
    expect(dark).toContain(`.${name}{`);
  }
});

test('nothing that a server says becomes HTML or a script', () => {
  const evil = '"><img src=x onerror=alert(1)><a href="javascript:alert(1)">';
  const { html, text } = emailBody({
    ...sampleMessage,
    server: evil,
    title: evil,
    chain: [evil, `${evil}\nRULED OUT\n  - forged`],
    evidence: [{ what: evil, value: evil, normal: evil }],
    ruledOut: [evil],
    symptoms: [evil],
    articleUrl: 'javascript:alert(1)',
    articleTitle: evil,
    incidentUrl: 'data:text/html,x',
    settingsUrl: '//example.net',
    incidentId: evil,
  });
  expect(html).not.toContain('<img');
  expect(html).not.toMatch(/href="(?!https?:)/);
  expect(html).not.toContain('"">');
  expect(text).not.toMatch(/^\s+- forged/m);
});

test('a resolved mail says how long it lasted and leads to the incident', () => {
  const resolvedAt = new Date('2026-11-22T05:32:05Z');
  const { subject, html, text } = emailBody({ ...sampleMessage, kind: 'resolved', resolvedAt });
  expect(subject).toMatch(/^\[resolved\] web1: /);
  const when = 'It lasted 2 h 20 min: from 2026-11-22 03:12:05 UTC to 2026-11-22 05:32:05 UTC';
  expect(html).toContain(when);
  expect(text.replaceAll('\n', ' ')).toContain(when);
  expect(text).toContain('RESOLVED  web1');
  expect(html).toContain(`href="${sampleMessage.incidentUrl}" class="label"`);
});

test('a test mail says that nothing is wrong', () => {
  const test: Message = { ...sampleMessage, kind: 'test', severity: 'info', chain: [], evidence: [] };
  const { subject, text, html } = emailBody({ ...test, ruledOut: [], symptoms: [], articleUrl: undefined });
  expect(subject).toMatch(/^\[test\] /);
  expect(text).toContain('This is a test. Nothing is wrong: this channel works.');
  expect(text).not.toContain('EVIDENCE');
  expect(html).toContain('>Open Rootnote</a>');
});

test('long lists are cut, and the mail says so', () => {
  const symptoms = Array.from({ length: 50 }, (_, index) => `symptom ${index}`);
  const { text, html } = emailBody({ ...sampleMessage, symptoms, title: 'x'.repeat(10_000) });
  expect(text).toContain('  - 35 more: see the incident');
  expect(text).not.toContain('symptom 15');
  expect(html.length).toBeLessThan(100_000);
});
