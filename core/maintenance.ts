// Maintenance windows: time in which something is worked on, so that its failures open no incident. Pure calendar.
import { z } from 'zod';
import { appliesOn, parseRule, type Recurrence } from './recurrence.ts';
import { dateOfDay, dayOf, isTimeZone, localDateAt, momentOf } from './zonedTime.ts';

const localTime = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)$/;

export const windowSchema = z.strictObject({
  /** The first start, as the clock of `timeZone` shows it. */
  start: z
    .string()
    .regex(localTime, 'must be a date and a time like 2026-12-24T22:00')
    .refine(isDate, 'is no date of the calendar'),
  minutes: z.int().min(1, 'must be at least a minute').max(10_080, 'must be at most a week'),
  timeZone: z.string().max(64).refine(isTimeZone, 'is no time zone that is known here, like Europe/Berlin'),
  /** A recurrence rule (RFC 5545); null: once. */
  rule: z
    .string()
    .max(300)
    .nullable()
    .superRefine((text, context) => {
      if (text === null) return;
      try {
        parseRule(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    }),
});
export type MaintenanceWindow = z.infer<typeof windowSchema>;

export interface Occurrence {
  /** Epoch seconds. */
  from: number;
  to: number;
}

/** Days that are looked ahead for the next occurrence: the 29th of February comes within eight years. */
const horizonDays = 8 * 366;
/** Of one organization at once: each judgement looks at all of them. */
export const mostWindows = 200;

function isDate(text: string): boolean {
  const [, year, month, day] = localTime.exec(text)?.map(Number) ?? [];
  const back = dateOfDay(dayOf({ year: year!, month: month!, day: day! }));
  return back.year === year && back.month === month && back.day === day;
}

/**
 * The occurrence that covers a moment (epoch seconds), or the next one that begins after it. Each begins by the clock of the zone, whatever
 * daylight saving time does, and lasts its minutes in real time. An occurrence that began before `endedAt` was ended by hand.
 * Of a recurring one nothing is found that begins more than `aheadDays` later.
 */
export function occurrenceAt(
  window: MaintenanceWindow,
  at: number,
  endedAt: number | null = null,
  aheadDays = horizonDays,
): Occurrence | undefined {
  const [, year, month, day, hour, minute] = localTime.exec(window.start)!.map(Number) as number[];
  const first = dayOf({ year: year!, month: month!, day: day! });
  const rule: Recurrence | undefined = window.rule === null ? undefined : parseRule(window.rule);
  const length = window.minutes * 60;
  const begins = (on: number): number => momentOf(window.timeZone, dateOfDay(on), hour!, minute!);
  const counts = (from: number): boolean => from + length > at && (endedAt === null || from >= endedAt);
  if (!rule) {
    const from = begins(first);
    return counts(from) ? { from, to: from + length } : undefined;
  }
  const today = dayOf(localDateAt(window.timeZone, at));
  const earliest = Math.max(first, today - Math.ceil(length / 86_400) - 1);
  for (let on = earliest; on <= Math.max(first, today) + aheadDays; on++) {
    if (rule.until && on > dayOf(rule.until)) return undefined;
    if (!appliesOn(rule, first, on)) continue;
    const from = begins(on);
    if (counts(from)) return { from, to: from + length };
  }
  return undefined;
}

/** When the maintenance that covers this moment ends; undefined when none does. */
export function activeUntil(
  window: MaintenanceWindow,
  at: number,
  endedAt: number | null = null,
): number | undefined {
  const occurrence = occurrenceAt(window, at, endedAt, 1);
  return occurrence && occurrence.from <= at ? occurrence.to : undefined;
}

/** All that overlap the time from `from` to `to`, in order. `endedAt` is a hand that ended only the one that it fell into. */
export function occurrencesBetween(
  window: MaintenanceWindow,
  from: number,
  to: number,
  endedAt: number | null = null,
): Occurrence[] {
  const found: Occurrence[] = [];
  const aheadDays = Math.ceil((to - from) / 86_400) + 1;
  for (let at = from; at < to;) {
    const next = occurrenceAt(window, at, null, aheadDays);
    if (!next || next.from >= to) break;
    const byHand = endedAt !== null && endedAt >= next.from && endedAt < next.to;
    const end = byHand ? endedAt : next.to;
    if (end > from && end > next.from) found.push({ from: next.from, to: end });
    at = next.to;
  }
  return found;
}
