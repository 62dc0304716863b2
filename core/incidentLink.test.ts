import { expect, test } from 'vitest';
import { readIncidentLink, signIncidentLink, withIncidentToken } from './incidentLink.ts';

const secret = 'a secret of at least 32 characters!';
const now = 1_764_000_000;

test('a signed link names its incident until it ends', async () => {
  const token = await signIncidentLink(secret, 'cmincident1', now + 60);
  expect(token).toMatch(/^[a-z0-9.]+$/);
  expect(await readIncidentLink(secret, token, now)).toEqual({
    ok: true,
    incidentId: 'cmincident1',
    expiresAt: now + 60,
  });
  expect(await readIncidentLink(secret, token, now + 61)).toEqual({ ok: false, reason: 'expired' });
});

test('another secret, another incident or another end is forged, even when it would have expired', async () => {
  const token = await signIncidentLink(secret, 'cmincident1', now + 60);
  const [id = '', end = '', signature = ''] = token.split('.');
  const later = (now + 9_999_999).toString(36);
  const last = signature.endsWith('0') ? '1' : '0';
  const forged = [
    `cmincident2.${end}.${signature}`,
    `${id}.${later}.${signature}`,
    `${id}.${end}.${signature.slice(0, -1)}${last}`,
    `${id}.${end}`,
    `${id}.${end}.${signature}0`,
    `${id}.${end}.${signature.toUpperCase()}x`,
    await signIncidentLink('another secret of 32 characters...', 'cmincident1', now + 60),
    '',
    '.'.repeat(5000),
  ];
  for (const each of forged)
    expect(await readIncidentLink(secret, each, now + 1e9), each).toEqual({ ok: false, reason: 'forged' });
});

test('an id that would break the link is refused', async () => {
  await expect(signIncidentLink(secret, 'a/../b', now)).rejects.toThrow('cannot stand in a link');
});

test('the token stands behind the heading', () => {
  expect(withIncidentToken('/problems/x/#act-now', 'a.b.c')).toBe('/problems/x/#act-now~a.b.c');
  expect(withIncidentToken('https://a.example/problems/x/', 'a.b.c')).toBe(
    'https://a.example/problems/x/#~a.b.c',
  );
});
