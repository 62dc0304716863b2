// Maintenance windows in words, and rules from what a form offers.
import { formatDuration } from '#core/format.ts';
import type { MaintenanceWindow } from '#core/maintenance.ts';
import { parseRule, type Recurrence, weekdays } from '#core/recurrence.ts';

export type Weekday = (typeof weekdays)[number];

export const weekdayNames: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};

/** What the form offers under "Repeats". */
export const repeats = {
  once: 'once',
  daily: 'every day',
  weekly: 'every week',
  monthly: 'every month, on that day',
  rule: 'by a rule (RFC 5545)',
} as const;
export type Repeat = keyof typeof repeats;

/** The rule of a choice; null: once. A week without a weekday is that of the first day. */
export function ruleOf(repeat: Repeat, days: readonly Weekday[], own: string): string | null {
  switch (repeat) {
    case 'once':
      return null;
    case 'daily':
      return 'FREQ=DAILY';
    case 'weekly': {
      const chosen = weekdays.filter((day) => days.includes(day));
      return chosen.length ? `FREQ=WEEKLY;BYDAY=${chosen.join(',')}` : 'FREQ=WEEKLY';
    }
    case 'monthly':
      return 'FREQ=MONTHLY';
    case 'rule':
      return own.trim();
  }
}

/** '2026-12-24 22:00 for 2 h (Europe/Berlin)', 'every week on Saturday at 02:00 for 90 min (UTC)'. */
export function windowWords({ start, minutes, timeZone, rule }: MaintenanceWindow): string {
  const [date, time] = start.split('T') as [string, string];
  const when = rule === null ? `${date} ${time}` : `${ruleWords(parseRule(rule), date)} at ${time}`;
  return `${when} for ${formatDuration(minutes * 60)} (${timeZone})`;
}

const units = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' } as const;
const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

function ruleWords(rule: Recurrence, first: string): string {
  const unit = units[rule.frequency];
  const each = rule.interval === 1 ? `every ${unit}` : `every ${rule.interval} ${unit}s`;
  const days = rule.days.map(({ weekday, nth }) => {
    const name = weekdayNames[weekdays[weekday]!];
    if (!nth) return name;
    return nth === -1
      ? `the last ${name}`
      : `the ${nth < 0 ? `${ordinals[-nth]} last` : ordinals[nth]} ${name}`;
  });
  const monthDays = rule.monthDays.map((day) => (day < 0 ? 'the last day' : `day ${day}`));
  const open = rule.frequency === 'MONTHLY' && !days.length && !monthDays.length;
  const on = [...(open ? [`day ${Number(first.slice(8))}`] : monthDays), ...days];
  const until = rule.until && [rule.until.year, rule.until.month, rule.until.day];
  return [
    each,
    on.length ? ` on ${listed(on)}` : '',
    until ? ` until ${until.map((part) => String(part).padStart(2, '0')).join('-')}` : '',
  ].join('');
}

function listed(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What the clock of a zone shows at a moment (epoch seconds), as a form field holds it: 2026-12-24T22:00. */
export function localTime(at: number, timeZone: string): string {
  return new Date(at * 1000).toLocaleString('sv-SE', { timeZone }).slice(0, 16).replace(' ', 'T');
}
