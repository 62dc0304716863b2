import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readEnvironment } from '#core/environment.ts';
import { freshDatabase, type TestDatabase } from '../test/postgres.ts';
import { handleAuth, newSignInLimits, requestSignIn, signOut } from './auth.ts';
import { openServices, type Services } from './context.ts';
import { readMember } from './member.ts';
import { createSignInLink, ensureFirstOwner } from './signInLink.ts';

const secret = 'a secret of the test with 32 characters';
let database: TestDatabase;
let services: Services;
let data: string;
let limits = newSignInLimits();

beforeAll(async () => {
  database = await freshDatabase();
  data = await mkdtemp(join(tmpdir(), 'rootnote-signin-'));
  services = openServices(
    readEnvironment({
      DATABASE_URL: database.url,
      AUTH_SECRET: secret,
      ROOTNOTE_DATA: data,
      PUBLIC_URL: 'http://status.example.org',
    }),
  );
  await ensureFirstOwner(services.db, 'Owner@Example.org', secret);
});
beforeEach(() => {
  limits = newSignInLimits();
});
afterAll(async () => {
  await services.close();
  await database.drop();
  await rm(data, { recursive: true });
});

const link = (email: string) => createSignInLink(services.db, { email, secret, baseUrl: services.baseUrl });
const open = (url: string, cookie = '') =>
  handleAuth(services, new Request(url, { headers: { cookie } }), '192.0.2.1', limits);

async function mails(): Promise<string[]> {
  const folder = join(data, 'outbox');
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names.filter((name) => name.endsWith('.eml')).map((name) => readFile(join(folder, name), 'utf8')),
  );
}

test('the link signs in once: it sets a cookie that stands for the owner, and is refused the second time', async () => {
  const url = await link('owner@example.org');
  const first = await open(url);
  expect(first.status).toBe(302);
  expect(first.headers.get('location')).toBe('/portal/');
  const cookie = first.headers.getSetCookie().find((line) => line.startsWith('rootnote-session='))!;
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  const member = await readMember(services.db, cookie.split(';')[0]!, false);
  expect(member).toMatchObject({ email: 'owner@example.org', role: 'owner', organizationName: 'My servers' });
  const stored = await services.db.session.findFirstOrThrow();
  expect(cookie).not.toContain(stored.sessionToken);

  const second = await open(url);
  expect(second.headers.get('location')).toBe('/signin/?error=Verification');
  expect(second.headers.getSetCookie().join()).not.toContain('rootnote-session=');

  const out = await signOut(
    services,
    new Request(`${services.baseUrl}/signin/out`, {
      method: 'POST',
      headers: { cookie: cookie.split(';')[0]! },
    }),
  );
  expect(out.headers.get('location')).toBe('/signin/');
  expect(await readMember(services.db, cookie.split(';')[0]!, false)).toBeNull();
});

test('a link does not sign in after 24 hours, nor with another secret', async () => {
  const late = await link('owner@example.org');
  await services.db.verificationToken.updateMany({ data: { expires: new Date(Date.now() - 1000) } });
  expect((await open(late)).headers.get('location')).toBe('/signin/?error=Verification');
  const foreign = await createSignInLink(services.db, {
    email: 'owner@example.org',
    secret: 'another secret that has 32 characters!',
    baseUrl: services.baseUrl,
  });
  expect((await open(foreign)).headers.get('location')).toBe('/signin/?error=Verification');
});

test('a link for a stranger, made by whatever means, lets nobody in', async () => {
  const response = await open(await link('stranger@example.org'));
  expect(response.headers.get('location')).toBe('/signin/?error=AccessDenied');
  expect(await services.db.user.count({ where: { email: 'stranger@example.org' } })).toBe(0);
});

test('the form answers a stranger like a member, and only the member gets a mail', async () => {
  expect(await requestSignIn(services, 'stranger@example.org', '192.0.2.1', '/portal/', limits)).toBe('sent');
  expect(
    await requestSignIn(services, ' OWNER@example.org ', '192.0.2.1', '/portal/incidents/', limits),
  ).toBe('sent');
  await vi.waitFor(async () => expect(await mails()).toHaveLength(1), 5000);
  const [mail] = await mails();
  expect(mail).toContain('To: owner@example.org');
  const text = mail!.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
  const url = /http:\/\/status\.example\.org\/api\/auth\/callback\/email\?\S+/.exec(text)![0];
  expect((await open(url)).headers.get('location')).toBe('/portal/incidents/');
});

test('what is no address is refused, and mails are limited by address and by sender', async () => {
  expect(await requestSignIn(services, 'nobody', '192.0.2.1', '/portal/', limits)).toBe('invalid');
  for (let i = 0; i < 4; i++) {
    expect(await requestSignIn(services, 'stranger@example.org', `192.0.2.${i}`, '/portal/', limits)).toBe(
      'sent',
    );
  }
  expect(await requestSignIn(services, 'stranger@example.org', '192.0.2.9', '/portal/', limits)).toBe(
    'too-many',
  );
  for (let i = 0; i < 20; i++)
    await requestSignIn(services, `p${i}@example.org`, '192.0.2.50', '/portal/', limits);
  expect(await requestSignIn(services, 'p21@example.org', '192.0.2.50', '/portal/', limits)).toBe('too-many');
});

test('an invited person becomes a member by signing in, with the role of the invitation', async () => {
  const organization = await services.db.organization.findFirstOrThrow();
  await services.db.invitation.create({
    data: { organizationId: organization.id, email: 'new@example.org', role: 'viewer' },
  });
  const response = await open(await link('new@example.org'));
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith('rootnote-session='))!;
  expect(await readMember(services.db, cookie.split(';')[0]!, false)).toMatchObject({ role: 'viewer' });
  expect(await services.db.invitation.count()).toBe(0);
});

test('the first owner is made once, also when two processes start together', async () => {
  await Promise.all([1, 2, 3].map(() => ensureFirstOwner(services.db, 'other@example.org', secret)));
  expect(await services.db.organization.count()).toBe(1);
  const owner = await ensureFirstOwner(services.db, 'other@example.org', secret);
  expect(owner.email).toBe('owner@example.org');
  expect(owner.enrolmentKey).toMatch(/^rnk_[\w-]{43}$/);
  expect((await ensureFirstOwner(services.db, '', 'x'.repeat(40))).enrolmentKey).toBeUndefined();
});
