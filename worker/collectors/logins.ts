// Who logged in, and who tried: `last -i -F`, `lastb -i -F`; where there is no lastb (Debian 13, Alpine), what sshd logged of a day.
import type { Facts } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import { type Collector } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';
import { epochOf, syslogTimeIn, timeIn, zoneOffsetOf } from './reportTime.ts';

type Login = NonNullable<Facts['logins']>[number];

const lastHeader = /^last (-\S+ ?)*(\d+)?$/;
const sshdHeader = 'journalctl -t sshd';
const address = /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:.]+$/i;

/** From `last`, and of sshd's what is not in there: logins without a terminal, or all where there is no `last`. */
export const logins: Collector = {
  section: lastHeader,
  with: [sshdHeader],
  parse(_, report) {
    const { found, left } = lastLogins(report);
    // Both are written within seconds of each other.
    const isNew = (one: Login) =>
      !found.some(
        ({ user, from, at }) => user === one.user && from === one.from && Math.abs(at - one.at) < 60,
      );
    const bySshd = sshdLines(report, 'Accepted').map(({ user, from, at }) => ({ user, from, at }));
    const all = [...found, ...bySshd.filter(isNew).slice(0, 100)].toSorted((a, b) => b.at - a.at);
    return {
      facts: { logins: all.slice(0, 100) },
      events: all.map(({ user, from, at }) => ({
        kind: 'login',
        at,
        subject: user,
        text: `${user} logged in from ${from}`,
        data: { from },
      })),
      partial: notUnderstood(left),
    };
  },
};

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `root     pts/0        192.0.2.7        Mon Nov 23 08:11:16 2026 - Mon Nov 23 09:00:00 2026  (00:48)` */
function lastLogins(report: Report): { found: Login[]; left: string[] } {
  const found: Login[] = [];
  const left: string[] = [];
  const offset = zoneOffsetOf(report);
  for (const line of lines(sectionOf(report, lastHeader)?.body ?? '')) {
    if (/^\S*[uw]tmp(\.db)? begins/.test(line)) continue;
    const date =
      /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})/.exec(
        line,
      );
    const [user, , from] = columns(line);
    if (!date || !user || !from || /^(reboot|shutdown|runlevel)$/.test(user)) {
      if (!date) left.push(line);
      continue;
    }
    const month = months.indexOf(date[1]!) / 3;
    if (!Number.isInteger(month) || month < 0) continue;
    const at =
      Date.UTC(Number(date[6]), month, Number(date[2]), Number(date[3]), Number(date[4]), Number(date[5])) /
        1000 -
      offset;
    // 0.0.0.0 is a login at the machine itself.
    found.push({ user, from: /^[\d.]+$|:/.test(from) && from !== '0.0.0.0' ? from : 'local', at });
  }
  return { found, left };
}

/** `lastb -i -F`: a line for each failure, as of last: user, terminal, address, time. Or sshd's own, counted. */
export const failedLogins: Collector = {
  section: /^lastb\b/,
  with: [sshdHeader],
  parse(_, report) {
    const sources = new Map<string, { from: string; count: number; users: string[] }>();
    const add = (from: string, user: string, count: number) => {
      const source = sources.get(from) ?? { from, count: 0, users: [] };
      source.count += count;
      if (user !== '' && source.users.length < 10 && !source.users.includes(user)) source.users.push(user);
      sources.set(from, source);
    };
    for (const { user, from, count } of sshdLines(report, 'Failed')) add(from, user, count);
    for (const line of lines(sectionOf(report, /^lastb\b/)?.body ?? '')) {
      const fields = columns(line);
      const at = fields.findIndex((field) => address.test(field));
      const from = fields[at];
      if (
        at < 1 ||
        from === undefined ||
        from === '0.0.0.0' ||
        !/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/.test(fields[at + 1] ?? '')
      )
        continue;
      // A name that is cut off or empty leaves the terminal in its place.
      add(from, at > 1 ? fields[0]! : '', 1);
    }
    return {
      facts: { failedLogins: [...sources.values()].toSorted((a, b) => b.count - a.count).slice(0, 100) },
    };
  },
};

interface SshdLine extends Login {
  count: number;
}

/**
 * What the agent makes of sshd's lines: result and method, user, address, how often, and when last, as the journal
 * (`2026-11-23T08:11:16+0100`) or the log (`Nov 23 08:11:16`) writes it; the newest first.
 * A log goes back further than the journal was asked: what ended more than a day ago is left out.
 */
function sshdLines(report: Report, result: 'Accepted' | 'Failed'): SshdLine[] {
  const now = epochOf(report);
  const offset = zoneOffsetOf(report);
  return lines(sectionOf(report, sshdHeader)?.body ?? '')
    .flatMap((line): SshdLine[] => {
      const found = /^(Accepted|Failed) \S{1,60} (\S*) (\S{2,60}) (\d{1,6}) (.{15,40})$/.exec(line);
      if (found?.[1] !== result || !address.test(found[3]!)) return [];
      const [, , user, from, count, time] = found as unknown as string[];
      const at = timeIn(time!, offset) ?? syslogTimeIn(time!, offset, now);
      if (at === undefined || (now > 0 && at < now - 86_400)) return [];
      return [{ user: user!, from: from!, at, count: Number(count) }];
    })
    .toSorted((a, b) => b.at - a.at);
}
