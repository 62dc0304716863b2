// The times that a report carries about itself: its clock, its boot, its time zone.
import type { Report } from '#core/report.ts';
import { sectionOf } from './lookup.ts';

/** Seconds since boot at a reading, or at the last one that tells it; undefined when not reported. */
export function uptimeOf(report: Report, reading?: 1 | 2): number | undefined {
  if (reading === undefined) return uptimeOf(report, 2) ?? uptimeOf(report, 1);
  const text = sectionOf(report, 'cat /proc/uptime', reading)?.body.trim().split(' ')[0];
  return text && /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/** Epoch seconds of the run, by the clock of the server; 0 when the report does not say. */
export function epochOf(report: Report): number {
  const epoch = Number(report.header['epoch']);
  return Number.isFinite(epoch) && epoch > 0 && epoch < 1e11 ? epoch : 0;
}

/** Epoch seconds of the boot: `btime` of /proc/stat, or the run's clock minus its uptime. */
export function bootTimeOf(report: Report): number | undefined {
  const btime = /^btime (\d{1,12})$/m.exec(sectionOf(report, 'cat /proc/stat')?.body ?? '')?.[1];
  if (btime) return Number(btime);
  const uptime = uptimeOf(report, 1);
  const epoch = epochOf(report);
  return uptime === undefined || epoch === 0 ? undefined : Math.round(epoch - uptime);
}

/** Seconds east of UTC: `zone=+0100` in the first line, `date`, or what timedatectl calls now against the clock; 0 when unknown. */
export function zoneOffsetOf(report: Report): number {
  const zone =
    /^([+-])(\d\d):?(\d\d)$/.exec(report.header['zone'] ?? '') ??
    /T[\d:]{8}([+-])(\d\d):?(\d\d)/.exec(sectionOf(report, /^date /)?.body ?? '');
  if (zone) return (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 3600 + Number(zone[3]) * 60);
  const shown = /^TimeUSec=(.{1,60})$/m.exec(sectionOf(report, /^timedatectl/)?.body ?? '')?.[1];
  const local = shown === undefined ? undefined : timeIn(shown.replace(/ [A-Z]{2,5}$/, ''), 0);
  const epoch = epochOf(report);
  if (local === undefined || epoch === 0) return 0;
  // Zones are multiples of a quarter of an hour.
  const offset = Math.round((local - epoch) / 900) * 900;
  return Math.abs(offset) <= 14 * 3600 ? offset : 0;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Epoch seconds of `Nov 23 08:11:16` at the start of a line of a log, which names no year: a date ahead of `now` (0: unknown) was last year. */
export function syslogTimeIn(text: string, offset: number, now: number): number | undefined {
  const found = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)/.exec(text);
  const month = months.indexOf(found?.[1] ?? '');
  if (!found || month < 0) return undefined;
  const [, , day, hour, minute, second] = found;
  const inYear = (year: number) =>
    Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second)) / 1000 - offset;
  const year = new Date(now * 1000).getUTCFullYear();
  return now > 0 && inYear(year) > now + 86_400 ? inYear(year - 1) : inYear(year);
}

/**
 * Epoch seconds of a time as systemd, coreutils and log files write it: `Mon 2026-11-23 08:11:16 UTC`,
 * `2026-11-23T08:11:16+0100`, `2026-11-23 08:11:16`. Without a zone (or with a named one) the server's own zone counts.
 */
export function timeIn(text: string, offset: number): number | undefined {
  const found =
    /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?/.exec(
      text.slice(0, 200),
    );
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second = '0', zone] = found;
  const utc = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second) / 1000;
  if (zone === undefined) return utc - offset;
  if (!/^[+-]/.test(zone)) return utc;
  const digits = zone.replace(':', '');
  return (
    utc - (digits[0] === '-' ? -1 : 1) * (Number(digits.slice(1, 3)) * 3600 + Number(digits.slice(3, 5)) * 60)
  );
}
