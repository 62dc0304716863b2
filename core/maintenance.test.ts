import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activeUntil,
  type MaintenanceWindow,
  occurrenceAt,
  occurrencesBetween,
  windowSchema,
} from './maintenance.ts';
import { appliesOn, parseRule, weekdayOf, weekdays } from './recurrence.ts';
import { dateOfDay, dayOf, localDateAt, momentOf } from './zonedTime.ts';

const epoch = (text: string) => Date.parse(text) / 1000;
const window = (
  start: string,
  rule: string | null,
  minutes = 60,
  timeZone = 'Europe/Berlin',
): MaintenanceWindow => windowSchema.parse({ start, minutes, timeZone, rule });

describe('the clock of a zone', () => {
  test('shows the same time in summer and in winter', () => {
    const summer = { year: 2026, month: 7, day: 1 };
    const winter = { year: 2026, month: 12, day: 1 };
    expect(momentOf('Europe/Berlin', summer, 2, 30)).toBe(epoch('2026-07-01T00:30:00Z'));
    expect(momentOf('Europe/Berlin', winter, 2, 30)).toBe(epoch('2026-12-01T01:30:00Z'));
    expect(momentOf('Asia/Kathmandu', winter, 0, 0)).toBe(epoch('2026-11-30T18:15:00Z'));
  });

  test('skips an hour in spring and shows one twice in autumn', () => {
    // 2026-03-29: 02:00 is followed by 03:00. 2026-10-25: 03:00 is followed by 02:00.
    expect(momentOf('Europe/Berlin', { year: 2026, month: 3, day: 29 }, 2, 30)).toBe(
      epoch('2026-03-29T01:30:00Z'),
    );
    expect(momentOf('Europe/Berlin', { year: 2026, month: 10, day: 25 }, 2, 30)).toBe(
      epoch('2026-10-25T00:30:00Z'),
    );
    expect(momentOf('America/New_York', { year: 2026, month: 3, day: 8 }, 2, 30)).toBe(
      epoch('2026-03-08T07:30:00Z'),
    );
    expect(momentOf('America/New_York', { year: 2026, month: 11, day: 1 }, 1, 30)).toBe(
      epoch('2026-11-01T05:30:00Z'),
    );
  });

  test('shows what was asked for, whatever the zone and the time, unless it skips it', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Tehran',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({
          min: dayOf({ year: 2000, month: 1, day: 1 }),
          max: dayOf({ year: 2040, month: 1, day: 1 }),
        }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        (zone, day, hour, minute) => {
          const moment = momentOf(zone, dateOfDay(day), hour, minute);
          const shown = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(
            moment * 1000,
          );
          const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
          if (shown === wanted) expect(dayOf(localDateAt(zone, moment))).toBe(day);
          else {
            // Then the clock jumped: a day before or after, it shows the time.
            const around = [moment - 86_400, moment + 86_400].map((at) =>
              new Intl.DateTimeFormat('en-GB', {
                timeZone: zone,
                timeZoneName: 'longOffset',
                hour: 'numeric',
              })
                .format(at * 1000)
                .replace(/^.*GMT/, ''),
            );
            expect(around[0]).not.toBe(around[1]);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('rules', () => {
  test('Saturdays and Sundays, every second week', () => {
    const rule = parseRule('FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU');
    const first = dayOf({ year: 2026, month: 11, day: 28 });
    const days = Array.from({ length: 35 }, (_, i) => first + i).filter((day) => appliesOn(rule, first, day));
    expect(days.map((day) => day - first)).toEqual([0, 1, 14, 15, 28, 29]);
  });

  test('the last Friday, the first Sunday, the last day of the month', () => {
    const first = dayOf({ year: 2027, month: 1, day: 1 });
    const of = (text: string) =>
      Array.from({ length: 90 }, (_, i) => first + i)
        .filter((day) => appliesOn(parseRule(text), first, day))
        .map((day) => `${dateOfDay(day).month}-${dateOfDay(day).day}`);
    expect(of('FREQ=MONTHLY;BYDAY=-1FR')).toEqual(['1-29', '2-26', '3-26']);
    expect(of('FREQ=MONTHLY;BYDAY=1SU')).toEqual(['1-3', '2-7', '3-7']);
    expect(of('FREQ=MONTHLY;BYMONTHDAY=-1')).toEqual(['1-31', '2-28', '3-31']);
    expect(of('RRULE:FREQ=MONTHLY')).toEqual(['1-1', '2-1', '3-1']);
    expect(of('FREQ=DAILY;INTERVAL=30;UNTIL=20270210')).toEqual(['1-1', '1-31']);
  });

  test.each([
    ['', 'not understood'],
    ['FREQ=HOURLY', 'DAILY, WEEKLY or MONTHLY'],
    ['FREQ=DAILY;COUNT=3', "'COUNT=3' is not understood"],
    ['FREQ=WEEKLY;BYDAY=1SA', 'needs FREQ=MONTHLY'],
    ['FREQ=WEEKLY;BYDAY=XX', 'no weekday'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'no day of a month'],
    ['FREQ=DAILY;INTERVAL=0', '1 to 100'],
    ['FREQ=DAILY;UNTIL=20270231', 'no date of the calendar'],
    ['FREQ=DAILY;FREQ=DAILY', 'twice'],
  ])('%s is refused with a sentence', (text, sentence) => expect(() => parseRule(text)).toThrow(sentence));
});

describe('windows', () => {
  test('once: from its start until its end', () => {
    const once = window('2026-12-24T22:00', null, 90);
    expect(occurrenceAt(once, 0)).toEqual({
      from: epoch('2026-12-24T21:00:00Z'),
      to: epoch('2026-12-24T22:30:00Z'),
    });
    expect(activeUntil(once, epoch('2026-12-24T20:59:59Z'))).toBeUndefined();
    expect(activeUntil(once, epoch('2026-12-24T21:00:00Z'))).toBe(epoch('2026-12-24T22:30:00Z'));
    expect(activeUntil(once, epoch('2026-12-24T22:30:00Z'))).toBeUndefined();
    expect(occurrenceAt(once, epoch('2026-12-25T00:00:00Z'))).toBeUndefined();
  });

  test('ended by hand: this one is over, the next one comes', () => {
    const nightly = window('2026-11-01T23:00', 'FREQ=DAILY', 120, 'UTC');
    const at = epoch('2026-11-10T23:30:00Z');
    expect(activeUntil(nightly, at, at)).toBeUndefined();
    expect(occurrenceAt(nightly, at, at)?.from).toBe(epoch('2026-11-11T23:00:00Z'));
  });

  test('over midnight and over a change of the clock it lasts its minutes', () => {
    const saturday = window('2026-10-24T23:30', 'FREQ=WEEKLY;BYDAY=SA', 240);
    expect(occurrenceAt(saturday, epoch('2026-10-25T01:00:00Z'))).toEqual({
      from: epoch('2026-10-24T21:30:00Z'),
      to: epoch('2026-10-25T01:30:00Z'),
    });
    expect(occurrenceAt(saturday, epoch('2026-10-26T00:00:00Z'))?.from).toBe(epoch('2026-10-31T22:30:00Z'));
  });

  test.each([
    [{ start: '2026-02-30T10:00' }, 'no date'],
    [{ start: '24.12.2026' }, 'date and a time'],
    [{ timeZone: 'Mars/Olympus' }, 'no time zone'],
    [{ minutes: 0 }, 'at least a minute'],
    [{ minutes: 20_000 }, 'at most a week'],
    [{ rule: 'FREQ=SECONDLY' }, 'FREQ must be'],
  ])('%o is refused', (wrong, sentence) => {
    const right = { start: '2026-12-24T22:00', minutes: 60, timeZone: 'UTC', rule: null };
    const result = windowSchema.safeParse({ ...right, ...wrong });
    expect(result.success ? '' : result.error.message).toContain(sentence);
  });

  test('whatever the rule, the zone and the moment: the next occurrence is not over, applies, and nothing comes before it', () => {
    const day = fc.constantFrom(...weekdays);
    const rule = fc.oneof(
      fc.constantFrom(
        'FREQ=DAILY',
        'FREQ=DAILY;INTERVAL=3',
        'FREQ=MONTHLY;BYMONTHDAY=31',
        'FREQ=MONTHLY;BYDAY=2TU',
      ),
      fc
        .tuple(fc.integer({ min: 1, max: 4 }), day)
        .map(([interval, on]) => `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${on}`),
    );
    fc.assert(
      fc.property(
        rule,
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Australia/Lord_Howe'),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: epoch('2026-11-01T00:00:00Z'), max: epoch('2029-01-01T00:00:00Z') }),
        (text, timeZone, minutes, at) => {
          const one = window('2026-11-15T02:15', text, minutes, timeZone);
          const next = occurrenceAt(one, at)!;
          expect(next.to).toBeGreaterThan(at);
          expect(next.to - next.from).toBe(minutes * 60);
          const date = dayOf(localDateAt(timeZone, next.from));
          expect(appliesOn(parseRule(text), dayOf({ year: 2026, month: 11, day: 15 }), date)).toBe(true);
          if (next.from > at) expect(activeUntil(one, at)).toBeUndefined();
          // Nothing between the moment and the next start: asked a little later, it is still that one.
          const later = at + (next.from - at) / 2;
          if (next.from > at) expect(occurrenceAt(one, later)).toEqual(next);
          expect(weekdayOf(date)).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('all between two moments: exactly those that cover one of them, in order', () => {
    const rules = [null, 'FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TH', 'FREQ=MONTHLY;BYMONTHDAY=31'];
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        fc.constantFrom(30, 600, 2000),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (rule, minutes, hour, hours) => {
          const nightly = window('2026-03-25T22:00', rule, minutes);
          const from = epoch('2026-03-24T00:00:00Z') + hour * 3600;
          const to = from + hours * 3600;
          const found = occurrencesBetween(nightly, from, to);
          for (let at = from; at < to; at += 900) {
            const covered = found.some((one) => one.from <= at && one.to > at);
            expect(covered).toBe(activeUntil(nightly, at) !== undefined);
          }
          expect(found.every((one) => one.from < to && one.to > from)).toBe(true);
          expect(found.map((one) => one.from)).toEqual(
            found.map((one) => one.from).toSorted((a, b) => a - b),
          );
        },
      ),
    );
  });

  test('a hand ends the one that it falls into and no other', () => {
    const daily = window('2026-07-01T10:00', 'FREQ=DAILY', 60, 'UTC');
    const [from, to] = [epoch('2026-07-01T00:00:00Z'), epoch('2026-07-04T00:00:00Z')];
    const lengths = (ended: number | null) =>
      occurrencesBetween(daily, from, to, ended).map((one) => (one.to - one.from) / 60);
    expect(lengths(null)).toEqual([60, 60, 60]);
    expect(lengths(epoch('2026-07-02T10:20:00Z'))).toEqual([60, 20, 60]);
    expect(lengths(epoch('2026-07-02T12:00:00Z'))).toEqual([60, 60, 60]);
  });
});
