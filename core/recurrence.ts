// Recurrence rules: the part of RFC 5545 that maintenance needs. Pure; whole days, the time of day is the window's own.
import { dateOfDay, dayOf, type LocalDate } from './zonedTime.ts';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

export interface Recurrence {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY';
  interval: number;
  /** Weekday 0 (Monday) to 6, and in a month which one: 1 the first, -1 the last, 0 each. */
  days: { weekday: number; nth: number }[];
  /** Days of the month: 1 to 31, or -1 for the last. */
  monthDays: number[];
  /** The last day on which it may begin. */
  until?: LocalDate;
}

const known = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'UNTIL', 'WKST']);

/** Reads `FREQ=WEEKLY;BYDAY=SA,SU`. Throws an Error with a sentence about what it cannot read. */
export function parseRule(text: string): Recurrence {
  const parts = new Map<string, string>();
  for (const part of text
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (!known.has(name))
      throw new Error(`'${part}' is not understood here; known are ${[...known].join(', ')}.`);
    if (parts.has(name)) throw new Error(`${name} is given twice.`);
    parts.set(name, value);
  }
  const frequency = parts.get('FREQ');
  if (frequency !== 'DAILY' && frequency !== 'WEEKLY' && frequency !== 'MONTHLY')
    throw new Error('FREQ must be DAILY, WEEKLY or MONTHLY.');
  if (parts.has('WKST') && parts.get('WKST') !== 'MO')
    throw new Error('WKST must be MO: weeks start on Monday.');
  const interval = Number(parts.get('INTERVAL') ?? 1);
  if (!Number.isInteger(interval) || interval < 1 || interval > 100)
    throw new Error('INTERVAL must be 1 to 100.');
  const days = (parts.get('BYDAY')?.split(',') ?? []).map((day) => {
    const match = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(day);
    if (!match) throw new Error(`BYDAY: '${day}' is no weekday like SA, 1SU or -1FR.`);
    const nth = Number(match[1] ?? 0);
    if (nth && frequency !== 'MONTHLY') throw new Error(`BYDAY: '${day}' needs FREQ=MONTHLY.`);
    return { weekday: weekdays.indexOf(match[2] as (typeof weekdays)[number]), nth };
  });
  const monthDays = (parts.get('BYMONTHDAY')?.split(',') ?? []).map((day) => {
    const number = Number(day);
    if (!/^-?\d{1,2}$/.test(day) || number === 0 || number > 31 || number < -1)
      throw new Error(`BYMONTHDAY: '${day}' is no day of a month: 1 to 31, or -1 for the last.`);
    return number;
  });
  if (monthDays.length && frequency !== 'MONTHLY') throw new Error('BYMONTHDAY needs FREQ=MONTHLY.');
  const until = parts.get('UNTIL');
  if (until === undefined) return { frequency, interval, days, monthDays };
  const match = /^(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?$/.exec(until);
  if (!match) throw new Error('UNTIL must be a date like 20271231.');
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  const back = dateOfDay(dayOf(date));
  if (back.month !== date.month || back.day !== date.day)
    throw new Error('UNTIL is no date of the calendar.');
  return { frequency, interval, days, monthDays, until: date };
}

/** Monday is 0. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Whether the rule, which first applies on the day `first`, applies on `day` (days since 1970). What a rule leaves open is as on the first day. */
export function appliesOn(rule: Recurrence, first: number, day: number): boolean {
  if (day < first || (rule.until && day > dayOf(rule.until))) return false;
  const date = dateOfDay(day);
  const start = dateOfDay(first);
  const weekday = weekdayOf(day);
  const listed =
    !rule.days.length || rule.days.some((one) => one.weekday === weekday && isNth(date, one.nth));
  switch (rule.frequency) {
    case 'DAILY':
      return (day - first) % rule.interval === 0 && listed;
    case 'WEEKLY': {
      const weeks = (day - weekday - (first - weekdayOf(first))) / 7;
      return weeks % rule.interval === 0 && (rule.days.length ? listed : weekday === weekdayOf(first));
    }
    case 'MONTHLY': {
      const months = (date.year - start.year) * 12 + date.month - start.month;
      if (months % rule.interval !== 0) return false;
      const last = lengthOf(date);
      const open = !rule.days.length && !rule.monthDays.length;
      const monthDays = open ? [start.day] : rule.monthDays;
      const inMonth = !monthDays.length || monthDays.some((one) => date.day === (one < 0 ? last : one));
      return inMonth && listed;
    }
  }
}

function isNth(date: LocalDate, nth: number): boolean {
  if (nth === 0) return true;
  if (nth > 0) return Math.ceil(date.day / 7) === nth;
  return Math.ceil((lengthOf(date) - date.day + 1) / 7) === -nth;
}

/** Days of the month. */
function lengthOf({ year, month }: LocalDate): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
