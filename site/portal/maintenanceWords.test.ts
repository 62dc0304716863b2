import { expect, test } from 'vitest';
import { parseRule } from '#core/recurrence.ts';
import { localTime, ruleOf, windowWords } from './maintenanceWords.ts';

const words = (rule: string | null) =>
  windowWords({ start: '2026-12-05T02:00', minutes: 90, timeZone: 'Europe/Berlin', rule });

test.each([
  [null, '2026-12-05 02:00'],
  ['FREQ=DAILY', 'every day at 02:00'],
  ['FREQ=DAILY;INTERVAL=3;UNTIL=20270105', 'every 3 days until 2027-01-05 at 02:00'],
  ['FREQ=WEEKLY;BYDAY=SA,SU', 'every week on Saturday and Sunday at 02:00'],
  ['FREQ=WEEKLY;INTERVAL=2', 'every 2 weeks at 02:00'],
  ['FREQ=MONTHLY', 'every month on day 5 at 02:00'],
  [
    'FREQ=MONTHLY;BYDAY=1SU,-1FR,-2MO',
    'every month on the first Sunday, the last Friday and the second last Monday at 02:00',
  ],
  ['FREQ=MONTHLY;BYMONTHDAY=1,-1', 'every month on day 1 and the last day at 02:00'],
])('%s in words', (rule, text) => expect(words(rule)).toBe(`${text} for 1 h 30 min (Europe/Berlin)`));

test('every choice of the form is a rule that can be read', () => {
  expect(ruleOf('once', [], '')).toBeNull();
  expect(ruleOf('weekly', ['SU', 'MO'], '')).toBe('FREQ=WEEKLY;BYDAY=MO,SU');
  for (const repeat of ['daily', 'weekly', 'monthly'] as const)
    expect(() => parseRule(ruleOf(repeat, [], '')!)).not.toThrow();
  expect(ruleOf('rule', [], ' FREQ=MONTHLY;BYDAY=1SU ')).toBe('FREQ=MONTHLY;BYDAY=1SU');
});

test('a form begins with the time that the clock of its zone shows', () => {
  const at = Date.parse('2026-07-01T22:30:00Z') / 1000;
  expect(localTime(at, 'Europe/Berlin')).toBe('2026-07-02T00:30');
  expect(localTime(at, 'UTC')).toBe('2026-07-01T22:30');
});
