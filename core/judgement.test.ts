import { expect, it } from 'vitest';
import { hasChanged } from './judgement.ts';

const seen = (value: string) => ({
  id: 'svc.http_slow' as const,
  severity: 'warning' as const,
  evidence: [{ what: 'answer', value, unit: '', source: 'monitor https://shop.example' }],
});
const accepted = (value: string) => ({ severity: 'warning' as const, value });

it('takes a look for the same when only its measures differ', () => {
  const before = accepted('The answer took 3,900 ms; the certificate expires in 5 days.');
  expect(hasChanged(before, seen('The answer took 12.5 s; the certificate expires in 4 days.'))).toBe(false);
  expect(hasChanged(before, seen('The answer took 3,900 ms; the certificate has expired.'))).toBe(true);
  expect(hasChanged(accepted('Status 500'), seen('Status 503'))).toBe(true);
});

it('reads a long run of digits in time that grows with its length', () => {
  const long = `${'1'.repeat(60_000)}x`;
  const before = process.cpuUsage().user;
  expect(hasChanged(accepted(long), seen(`${long}y`))).toBe(true);
  expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
});
