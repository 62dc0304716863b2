import { expect, test } from 'vitest';
import { channelSettings } from '#core/channels.ts';
import { probeSettings } from '#core/probes.ts';
import { formFields, mergedSettings, shownSettings, untyped } from './formFields.ts';

test('a schema becomes fields, and what is typed into them becomes settings that the schema accepts', () => {
  const fields = formFields(channelSettings.sms);
  expect(fields.map(({ name, kind, required }) => [name, kind, required])).toEqual([
    ['to', 'list', true],
    ['accountSid', 'text', true],
    ['authToken', 'secret', true],
    ['from', 'text', true],
  ]);
  const settings = untyped(channelSettings.sms, {
    to: '+4915112345678\n +4915112345679 ',
    accountSid: 'AC0123456789',
    authToken: 'long enough',
    from: 'Rootnote',
  });
  expect(channelSettings.sms.parse(settings).to).toEqual(['+4915112345678', '+4915112345679']);
});

test('every kind of channel and probe can be drawn, with every required setting', () => {
  for (const [kind, schema] of Object.entries({ ...channelSettings, ...probeSettings })) {
    const drawn = new Set(formFields(schema).map(({ name }) => name));
    const required = Object.entries(schema.shape)
      .filter(([, type]) => !type.safeParse(undefined).success)
      .map(([name]) => name);
    expect(
      required.filter((name) => !drawn.has(name)),
      kind,
    ).toEqual([]);
  }
});

test('a flag that is left out has its default; one that is not ticked is off', () => {
  const read = (form: Record<string, string>) =>
    probeSettings.http.parse(untyped(probeSettings.http, { url: 'https://example.org/', ...form })).verify;
  expect([read({}), read({ verify: '' }), read({ verify: 'true' })]).toEqual([true, false, true]);
});

test('numbers, flags, choices and pairs come back as what they are', () => {
  const settings = untyped(probeSettings.http, {
    url: 'https://example.org/',
    verify: 'false',
    redirects: '0',
    method: 'HEAD',
    headers: 'Accept: text/html\nX-Time: 10:30',
    family: '6',
    contains: '',
  });
  expect(settings).toEqual({
    url: 'https://example.org/',
    verify: false,
    redirects: 0,
    method: 'HEAD',
    headers: { Accept: 'text/html', 'X-Time': '10:30' },
    family: 6,
  });
  expect(probeSettings.http.parse(settings).status).toBe('200');
});

test('secrets are never shown, and stay when their field is left empty', () => {
  const old = { to: ['+4915112345678'], accountSid: 'AC0123456789', authToken: 'the old secret', from: 'A' };
  expect(JSON.stringify(shownSettings(channelSettings.sms, old))).not.toContain('the old secret');
  const form = { ...shownSettings(channelSettings.sms, old), from: 'B' };
  expect(mergedSettings(channelSettings.sms, old, form)).toEqual({ ...old, from: 'B' });
  expect(mergedSettings(channelSettings.sms, old, { ...form, authToken: 'a new one' }).authToken).toBe(
    'a new one',
  );
});

test('a setting with parts has a field for each, and its secret part stays while the others do', () => {
  const http = probeSettings.http;
  const kinds = Object.fromEntries(formFields(http).map(({ name, kind }) => [name, kind]));
  expect(kinds).toMatchObject({
    'basic.user': 'text',
    'basic.password': 'secret',
    'clientCertificate.cert': 'long',
    'clientCertificate.key': 'longSecret',
    'json.path': 'text',
    'json.equals': 'text',
  });
  const form = {
    url: 'http://example.org/',
    'json.path': 'status',
    'json.equals': 'ok',
    'basic.user': 'ann',
    'basic.password': 'pw',
  };
  const settings = http.parse(untyped(http, form));
  expect(settings).toMatchObject({
    json: { path: 'status', equals: 'ok' },
    basic: { user: 'ann', password: 'pw' },
  });
  const shown = shownSettings(http, settings);
  expect(shown).toMatchObject({ 'json.path': 'status', 'basic.user': 'ann', 'basic.password': '' });
  expect(mergedSettings(http, settings, { ...shown, 'basic.user': 'bob' }).basic).toEqual({
    user: 'bob',
    password: 'pw',
  });
  const without = mergedSettings(http, settings, {
    ...shown,
    'basic.user': '',
    'json.path': '',
    'json.equals': '',
  });
  expect(without).not.toHaveProperty('basic');
  expect(without).not.toHaveProperty('json');
});

test('settings that have no field survive an edit', () => {
  const old = { url: 'http://example.org/', connectTo: '127.0.0.1', basic: { user: 'a', password: 'b' } };
  expect(mergedSettings(probeSettings.http, old, { url: 'http://example.org/x', verify: 'true' })).toEqual({
    url: 'http://example.org/x',
    verify: true,
    connectTo: '127.0.0.1',
    basic: { user: 'a', password: 'b' },
  });
});
