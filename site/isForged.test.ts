import { expect, test } from 'vitest';
import { isForged } from './isForged.ts';

const at = (path: string) => new URL(path, 'http://127.0.0.1:4321');
const ask = (method: string, path: string, headers: Record<string, string>) =>
  isForged(method, at(path), new Headers({ host: 'rootnote.example.org', ...headers }));

test('a page of our own may post, behind a proxy too', () => {
  expect(ask('POST', '/api/trpc/x', { origin: 'https://rootnote.example.org' })).toBe(false);
  expect(ask('POST', '/api/trpc/x', { 'sec-fetch-site': 'same-origin' })).toBe(false);
});

test('another site, a sibling, an opaque origin, and a cookie without an origin may not', () => {
  expect(ask('POST', '/api/trpc/x', { origin: 'https://evil.example.com' })).toBe(true);
  expect(
    ask('POST', '/api/trpc/x', { 'sec-fetch-site': 'same-site', origin: 'https://rootnote.example.org' }),
  ).toBe(true);
  expect(ask('DELETE', '/api/trpc/x', { origin: 'null' })).toBe(true);
  expect(ask('POST', '/api/auth/signin', { cookie: 'session=1' })).toBe(true);
});

test('agents post plain text from anywhere, and reading is free', () => {
  expect(ask('POST', '/api/report', { 'content-type': 'text/plain' })).toBe(false);
  expect(ask('POST', '/api/report/', {})).toBe(false);
  expect(ask('GET', '/api/trpc/x', { origin: 'https://evil.example.com' })).toBe(false);
  expect(ask('POST', '/api/trpc/x', { authorization: 'Bearer x' })).toBe(false);
  expect(ask('POST', '/api/report/../trpc/x', { cookie: 'session=1' })).toBe(true);
});
