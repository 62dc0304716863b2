import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { deliver } from './index.ts';
import { sampleMessage } from './sampleMessage.fixture.ts';
import { testContext } from './standIn.fixture.ts';

interface Received {
  from: string;
  to: string[];
  /** Headers with folding undone. */
  headers: Map<string, string>;
  source: string;
}

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A real SMTP server on loopback. */
async function startMailServer(options: SMTPServerOptions = {}) {
  const mails: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : '';
        mails.push({
          from,
          to: rcptTo.map(({ address }) => address),
          ...parseMail(Buffer.concat(chunks).toString()),
        });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const { port } = server.server.address() as AddressInfo;
  return { port, smtpUrl: `smtp://127.0.0.1:${port}`, mails };
}

function parseMail(source: string): { headers: Map<string, string>; source: string } {
  const head = source.slice(0, source.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { headers, source };
}

const settings = { to: ['one@example.org', 'two@example.org'] };

function smtpError(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

test('sends one mail with both parts and the headers of an automatic message', async () => {
  const { smtpUrl, mails } = await startMailServer();
  await deliver('email', settings, sampleMessage, testContext({ smtpUrl }));
  expect(mails).toHaveLength(1);
  const [mail] = mails;
  expect(mail).toMatchObject({ from: 'alerts@example.org', to: settings.to });
  expect(Object.fromEntries(mail?.headers ?? [])).toMatchObject({
    from: 'Rootnote <alerts@example.org>',
    to: 'one@example.org, two@example.org',
    subject: '[critical] web1: nginx stopped; the website refuses connections',
    'message-id': '<01HF3Z@example.org>',
    'auto-submitted': 'auto-generated',
    'list-id': 'Rootnote alerts <alerts.example.org>',
    importance: 'High',
  });
  expect(mail?.headers.has('in-reply-to')).toBe(false);
  expect(mail?.source).toContain('Content-Type: text/plain; charset=utf-8');
  expect(mail?.source).toContain('Content-Type: text/html; charset=utf-8');
  expect(mail?.source).toContain('https://rootnote.example.org/problems/website-down/#act-now');
});

test('mails about one incident are one thread, and an attempt that is repeated keeps its Message-ID', async () => {
  const { smtpUrl, mails } = await startMailServer();
  const context = testContext({ smtpUrl });
  const resolved = {
    ...sampleMessage,
    kind: 'resolved' as const,
    resolvedAt: new Date('2026-11-22T03:31:00Z'),
  };
  for (const message of [sampleMessage, { ...sampleMessage, kind: 'changed' as const }, resolved, resolved]) {
    await deliver('email', settings, message, context);
  }
  const ids = mails.map((mail) => mail.headers.get('message-id'));
  expect(new Set(ids).size).toBe(3);
  expect(ids[3]).toBe(ids[2]);
  for (const mail of mails.slice(1)) {
    expect(mail.headers.get('in-reply-to')).toBe(ids[0]);
    expect(mail.headers.get('references')).toBe(ids[0]);
  }
  expect(mails[2]?.headers.get('subject')).toBe(
    '[resolved] web1: nginx stopped; the website refuses connections',
  );
  expect(mails[2]?.source).toContain('It lasted 19 min');
});

test('no name of a server can add a header or a recipient', async () => {
  const { smtpUrl, mails } = await startMailServer();
  const server = 'web1\r\nBcc: thief@example.net\r\n\r\n<script>alert(1)</script>';
  const message = {
    ...sampleMessage,
    server,
    incidentId: 'x>\r\nX-Evil: 1',
    title: 'a\u0000b\u2028c\u202ed',
  };
  await deliver('email', settings, message, testContext({ smtpUrl }));
  const [mail] = mails;
  expect(mail?.to).toEqual(settings.to);
  expect(mail?.headers.has('bcc')).toBe(false);
  expect(mail?.headers.has('x-evil')).toBe(false);
  expect(mail?.headers.get('message-id')).toBe('<xX-Evil1@example.org>');
  expect(mail?.headers.get('subject')).toMatch(
    /^\[critical\] web1 Bcc: thief@example.net <script>.*: a b c d$/,
  );
});

test('logs in when the address has a user', async () => {
  const { port, mails } = await startMailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      if (username === 'alerts' && password === 'p@ss/word') callback(null, { user: username });
      else callback(smtpError(535, 'Authentication failed'));
    },
  });
  const smtpUrl = `smtp://alerts:${encodeURIComponent('p@ss/word')}@127.0.0.1:${port}`;
  await deliver('email', settings, sampleMessage, testContext({ smtpUrl }));
  expect(mails).toHaveLength(1);

  const wrong = testContext({ smtpUrl: `smtp://alerts:hunter2@127.0.0.1:${port}` });
  const error: unknown = await deliver('email', settings, sampleMessage, wrong).catch((e: unknown) => e);
  expect(error).toMatchObject({ permanent: true });
  expect(String(error)).toContain('The mail server refused the login');
  expect(String(error)).not.toContain('hunter2');

  const none = testContext({ smtpUrl: `smtp://127.0.0.1:${port}` });
  await expect(deliver('email', settings, sampleMessage, none)).rejects.toMatchObject({ permanent: true });
});

test.each([
  [550, true],
  [554, true],
  [450, false],
  [451, false],
])('a refusal with %i: permanent %s', async (code, permanent) => {
  const { smtpUrl } = await startMailServer({
    onRcptTo: (_address, _session, callback) => callback(smtpError(code, 'Not today')),
  });
  const attempt = deliver('email', settings, sampleMessage, testContext({ smtpUrl }));
  await expect(attempt).rejects.toMatchObject({ permanent, message: expect.stringContaining('Not today') });
});

test('the answer with which a mail server closes the connection is temporary', async () => {
  const { smtpUrl } = await startMailServer({
    onConnect: (_session, callback) => callback(smtpError(421, 'Too many connections')),
  });
  const attempt = deliver('email', settings, sampleMessage, testContext({ smtpUrl }));
  await expect(attempt).rejects.toMatchObject({
    permanent: false,
    message: expect.stringContaining('Too many connections'),
  });
});

test('one refused recipient keeps no one else from the mail, and the next attempt repeats none', async () => {
  let refuse = true;
  const { smtpUrl, mails } = await startMailServer({
    onRcptTo({ address }, _session, callback) {
      callback(refuse && address.startsWith('two') ? smtpError(450, 'Mailbox busy') : null);
    },
  });
  const context = testContext({ smtpUrl });
  const error = (await deliver('email', settings, sampleMessage, context).catch((e: unknown) => e)) as {
    delivered: string[];
  };
  expect(error).toMatchObject({ permanent: false, delivered: ['one@example.org'] });
  expect(String(error)).toContain('two@example.org');
  await expect(deliver('email', { to: ['two@example.org'] }, sampleMessage, context)).rejects.toMatchObject({
    permanent: false,
    message: 'The mail server refused the mail for two@example.org: 450 Mailbox busy.',
  });
  refuse = false;
  await deliver('email', settings, sampleMessage, { ...context, delivered: error.delivered });
  expect(mails.map((mail) => mail.to)).toEqual([['one@example.org'], ['two@example.org']]);
});

test('a refusal after the data counts like any other', async () => {
  const { smtpUrl } = await startMailServer({
    onData(stream, _session, callback) {
      stream.resume();
      stream.on('end', () => callback(smtpError(552, 'Message too large')));
    },
  });
  const attempt = deliver('email', settings, sampleMessage, testContext({ smtpUrl }));
  await expect(attempt).rejects.toMatchObject({ permanent: true });
});

test('a mail server that is down or silent is tried again', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => silent.close(resolve));
  });
  const { port } = silent.address() as AddressInfo;
  const smtpUrl = `smtp://127.0.0.1:${port}?greetingTimeout=200`;
  await expect(deliver('email', settings, sampleMessage, testContext({ smtpUrl }))).rejects.toMatchObject({
    permanent: false,
  });
  const signal = AbortSignal.timeout(100);
  const stopped = deliver(
    'email',
    settings,
    sampleMessage,
    testContext({ smtpUrl: `smtp://127.0.0.1:${port}`, signal }),
  );
  await expect(stopped).rejects.toMatchObject({ permanent: false });

  const closed = await freePort();
  const down = testContext({ smtpUrl: `smtp://127.0.0.1:${closed}` });
  await expect(deliver('email', settings, sampleMessage, down)).rejects.toMatchObject({
    permanent: false,
    message: 'The mail could not be sent: the connection was refused.',
  });
});

test('without a mail server each mail becomes one complete file in the outbox', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rootnote-outbox-'));
  stops.push(() => rm(folder, { recursive: true }));
  const outbox = join(folder, 'outbox');
  await deliver('email', settings, sampleMessage, testContext({ outbox }));
  await deliver('email', settings, { ...sampleMessage, kind: 'test' }, testContext({ outbox }));
  const names = (await readdir(outbox)).sort();
  expect(names).toEqual([
    expect.stringMatching(/^\d{8}T\d{9}Z-opened-[0-9a-f]{8}\.eml$/),
    expect.stringMatching(/^\d{8}T\d{9}Z-test-[0-9a-f]{8}\.eml$/),
  ]);
  const { headers, source } = parseMail(await readFile(join(outbox, names[0] ?? ''), 'utf8'));
  expect(headers.get('to')).toBe('one@example.org, two@example.org');
  expect(headers.get('message-id')).toBe('<01HF3Z@example.org>');
  expect(source).toContain('What to do: Website down');
  expect(source.trimEnd()).toMatch(/----_NmP-[^\r\n]+--$/);
});

test('an outbox that cannot be written is a clear error', async () => {
  const attempt = deliver('email', settings, sampleMessage, testContext({ outbox: '/dev/null/outbox' }));
  await expect(attempt).rejects.toMatchObject({
    name: 'ChannelError',
    message: expect.stringContaining('outbox folder (ENOTDIR)'),
  });
});

test('settings that cannot be used, and kinds that do not exist, are told in words', async () => {
  const context = testContext();
  await expect(deliver('email', { to: ['nobody'] }, sampleMessage, context)).rejects.toMatchObject({
    permanent: true,
    message: expect.stringContaining('The settings of this channel cannot be used. to.0:'),
  });
  await expect(deliver('pigeon', {}, sampleMessage, context)).rejects.toMatchObject({ permanent: true });
  await expect(deliver('constructor', {}, sampleMessage, context)).rejects.toMatchObject({ permanent: true });
});

/** A port of loopback on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => reject(new Error('still open')));
    socket.on('error', () => resolve());
  });
  return port;
}
