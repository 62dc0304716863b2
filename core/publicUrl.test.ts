import { expect, test } from 'vitest';
import { isLocalUrl } from './publicUrl.ts';

test('loopback addresses and names are reached from this machine only', () => {
  for (const url of ['http://127.0.0.1:4321', 'http://127.1', 'http://[::1]:80/', 'http://localhost:4321'])
    expect(isLocalUrl(url), url).toBe(true);
  for (const url of ['http://10.0.0.7:4321', 'https://localhost.example.org', 'http://[2001:db8::1]'])
    expect(isLocalUrl(url), url).toBe(false);
});
