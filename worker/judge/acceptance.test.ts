import { describe, expect, it } from 'vitest';
import type { Finding } from '#core/diagnosis.ts';
import { contradiction } from '#core/judgement.ts';
import { applyAcceptances, type Accepted } from './acceptance.ts';

const crc = (value: number, severity: Finding['severity'] = 'warning'): Finding => ({
  id: 'smart.crc',
  severity,
  since: 1,
  subject: { kind: 'device', name: 'sda' },
  summary: `The cable of sda had ${value} errors.`,
  evidence: [{ what: 'CRC errors', value, unit: 'count', source: 'smart.crc_errors{sda}' }],
  article: '/x/#y',
  confidence: 1,
});
const full = (value: number): Finding => ({
  ...crc(0),
  id: 'disk.full',
  evidence: [{ what: 'space used', value, unit: 'percent', source: 'fs.used_percent{/}' }],
});
const now = new Date('2026-11-27T12:00:00Z');
const acceptance = (finding: Finding, more: Partial<Accepted> = {}): Accepted => ({
  key: `${finding.id} device:sda`,
  reason: 'the cable is old',
  acceptedBy: 'ann@example.org',
  expiresAt: null,
  value: null,
  ...more,
});

describe('an accepted finding', () => {
  it('takes the value of the first judgement, is info from then on, and names who accepted it', () => {
    const { findings, seen } = applyAcceptances([crc(3)], [acceptance(crc(3))], now);
    expect(findings[0]).toMatchObject({ severity: 'info', accepted: { by: 'ann@example.org' } });
    expect([...seen.values()]).toEqual([{ severity: 'warning', value: 3 }]);
  });

  it('is told again when one more is counted, and says what had been accepted', () => {
    const kept = acceptance(crc(3), { value: { severity: 'warning', value: 3 } });
    expect(applyAcceptances([crc(3)], [kept], now).findings[0]!.severity).toBe('info');
    const [again] = applyAcceptances([crc(4)], [kept], now).findings;
    expect(again).toMatchObject({ severity: 'warning' });
    expect(again!.summary).toContain('had been accepted at 3, and has changed');
    expect(again!.accepted).toBeUndefined();
  });

  it('is told again when it becomes graver, and when the time is over', () => {
    const value = { severity: 'warning', value: 3 };
    const kept = acceptance(crc(3), { value });
    expect(applyAcceptances([crc(3, 'critical')], [kept], now).findings[0]!.severity).toBe('critical');
    const over = acceptance(crc(3), { value, expiresAt: new Date('2026-11-27T11:59:59Z') });
    expect(applyAcceptances([crc(3)], [over], now).findings[0]).toEqual(crc(3));
  });

  it('does not flicker with a measured number, and tells a real move', () => {
    const kept = acceptance(full(90), { value: { severity: 'warning', value: 90 } });
    expect(applyAcceptances([full(91.5)], [kept], now).findings[0]!.severity).toBe('info');
    expect(applyAcceptances([full(99.5)], [kept], now).findings[0]!.severity).toBe('warning');
  });

  it('does not take the time of a look for a change, but what it says', () => {
    const slow = (value: string): Finding => ({
      ...crc(0),
      evidence: [{ what: 'shop', value, unit: '', source: 'monitor http https://shop.example.org/' }],
    });
    const kept = acceptance(crc(3), { value: { severity: 'warning', value: 'The answer took 3900 ms' } });
    const told = (value: string) => applyAcceptances([slow(value)], [kept], now).findings[0]!.severity;
    expect(told('The answer took 4.1 s')).toBe('info');
    expect(told('Status 500, expected 200')).toBe('warning');
  });

  it('leaves the same problem of another entity alone', () => {
    const other = { ...crc(3), subject: { kind: 'device' as const, name: 'sdb' } };
    expect(applyAcceptances([other], [acceptance(crc(3))], now).findings).toEqual([other]);
  });
});

describe('a bound of one’s own', () => {
  const bound = { metric: 'mem.available_percent', raise: 10, clear: 15 };
  it('must end where it does not begin, and be critical beyond where it begins', () => {
    expect(contradiction(bound, 'below')).toBeUndefined();
    expect(contradiction(bound, 'above')).toMatch(/end before it began/);
    expect(contradiction({ ...bound, critical: 12 }, 'below')).toMatch(/at most 10/);
  });
});
