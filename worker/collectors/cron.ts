// Scheduled jobs: crontabs (schedule, user, program; no arguments) and timers of systemd.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';
import { timeIn, zoneOffsetOf } from './reportTime.ts';

type Job = NonNullable<Facts['cronJobs']>[number];

export const cron: Collector = {
  section: 'cat /etc/crontab',
  // Most systems lack some of the files.
  anyExit: true,
  parse({ body }) {
    const jobs: Job[] = [];
    const left: string[] = [];
    for (const line of lines(body)) {
      const [, source, text] = /^(\/[^:]{1,250}):(.*)$/.exec(line) ?? [];
      const fields = columns(text ?? '');
      const named = fields[0]?.startsWith('@');
      const schedule = fields.slice(0, named ? 1 : 5);
      const rest = fields.slice(schedule.length);
      // A user's own table has no column for the user: its name is that of the file.
      const own =
        source && /\/(spool|crontabs)\//.test(source) ? source.slice(source.lastIndexOf('/') + 1) : undefined;
      const user = own ?? rest.shift();
      if (!source || !user || rest.length === 0 || (!named && schedule.length < 5)) left.push(line);
      // Only the program: what follows may hold a password.
      else jobs.push({ user, schedule: schedule.join(' '), command: rest[0]!.slice(0, 200), source });
    }
    if (jobs.length === 0 && left.length > 0) throw new ParseError('No line looks like a job.');
    return { facts: { cronJobs: jobs.slice(0, 1000) }, partial: notUnderstood(left) };
  },
};

/** `Mon 2026-11-23 09:00:00 UTC 48min left Mon 2026-11-22 … 23h ago logrotate.timer logrotate.service`; `n/a` or `-` when never. */
export const timers: Collector = {
  section: /^systemctl list-timers/,
  parse({ body }, report) {
    const found: NonNullable<Facts['timers']> = [];
    const left: string[] = [];
    const offset = zoneOffsetOf(report);
    for (const line of lines(body)) {
      const words = columns(line);
      const name = words.find((word) => word.endsWith('.timer'));
      if (!name) {
        if (!/^(NEXT|\d+ timers listed)/.test(line)) left.push(line);
        continue;
      }
      const at = line.indexOf(name);
      const unit = words[words.indexOf(name) + 1] ?? '';
      const dates = [
        ...line.slice(0, at).matchAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: (?:UTC|GMT|[+-]\d{2,4}))?/g),
      ].map(([text], index) => ({
        at: timeIn(text, offset),
        isFirst: index === 0,
      }));
      // A timer with no next run starts with n/a or a dash; then the only date is the last run.
      const noNext = /^\s*(n\/a|-)/.test(line);
      const next = noNext ? undefined : dates[0]?.at;
      const last = noNext ? dates[0]?.at : dates[1]?.at;
      found.push({
        name,
        unit,
        ...(last === undefined ? {} : { lastAt: last }),
        ...(next === undefined ? {} : { nextAt: next }),
      });
    }
    if (found.length === 0 && left.length > 0) throw new ParseError('No line looks like a timer.');
    return { facts: { timers: found }, partial: notUnderstood(left) };
  },
};
