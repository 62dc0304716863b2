// Wall clocks of time zones, by the rules that the JavaScript engine knows. Pure.

export interface LocalDate {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Seconds that the zone's clock is ahead of UTC at a moment (epoch seconds, whole). */
function offsetAt(timeZone: string, at: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at * 1000)) part[type] = Number(value);
  const { year, month, day, hour, minute, second } = part as Record<
    'year' | 'month' | 'day' | 'hour' | 'minute' | 'second',
    number
  >;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
}

/** The date that the zone's calendar shows at a moment. */
export function localDateAt(timeZone: string, at: number): LocalDate {
  const whole = Math.floor(at);
  return dateOfDay(Math.floor((whole + offsetAt(timeZone, whole)) / 86_400));
}

/**
 * The moment at which the zone's clock shows this time, in epoch seconds. A time that the clock shows twice is the first of the two; one
 * that it skips is as long after midnight as it would have been (RFC 5545: 02:30 becomes 03:30 when 02:00 is followed by 03:00).
 */
export function momentOf(timeZone: string, date: LocalDate, hour: number, minute: number): number {
  const wall = dayOf(date) * 86_400 + hour * 3600 + minute * 60;
  const before = offsetAt(timeZone, wall - 86_400);
  const early = wall - before;
  if (offsetAt(timeZone, early) === before) return early;
  const after = offsetAt(timeZone, wall + 86_400);
  const late = wall - after;
  return offsetAt(timeZone, late) === after ? late : early;
}

/** Days since 1970-01-01. */
export function dayOf({ year, month, day }: LocalDate): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

export function dateOfDay(day: number): LocalDate {
  const date = new Date(day * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
