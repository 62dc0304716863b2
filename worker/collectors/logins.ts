// Who logged in, and who tried: `last -i -F`, `lastb -i -F`.
import type { Facts } from '#core/facts.ts';
import { type Collector } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';
import { zoneOffsetOf } from './reportTime.ts';

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `root     pts/0        192.0.2.7        Mon Nov 23 08:11:16 2026 - Mon Nov 23 09:00:00 2026  (00:48)` */
export const logins: Collector = {
  section: /^last (-\S+ ?)*(\d+)?$/,
  parse({ body }, report) {
    const found: NonNullable<Facts['logins']> = [];
    const left: string[] = [];
    const offset = zoneOffsetOf(report);
    for (const line of lines(body)) {
      const date =
        /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})/.exec(
          line,
        );
      const [user, , from] = columns(line);
      if (!date || !user || !from || /^(reboot|shutdown|runlevel|wtmp)$/.test(user)) {
        if (!date && !/^(\S*[uw]tmp(\.db)?) begins/.test(line)) left.push(line);
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
    return {
      facts: { logins: found.slice(0, 100) },
      events: found.map(({ user, from, at }) => ({
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

/** `lastb -i -F`: a line for each failure, as of last: user, terminal, address, time. */
export const failedLogins: Collector = {
  section: /^lastb\b/,
  parse({ body }) {
    const sources = new Map<string, { from: string; count: number; users: string[] }>();
    for (const line of lines(body)) {
      const fields = columns(line);
      const at = fields.findIndex((field) => /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:]+$/i.test(field));
      const from = fields[at];
      if (
        at < 1 ||
        from === undefined ||
        from === '0.0.0.0' ||
        !/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/.test(fields[at + 1] ?? '')
      )
        continue;
      const source = sources.get(from) ?? { from, count: 0, users: [] };
      source.count++;
      // A name that is cut off or empty leaves the terminal in its place.
      const user = at > 1 ? fields[0]! : '';
      if (user !== '' && source.users.length < 10 && !source.users.includes(user)) source.users.push(user);
      sources.set(from, source);
    }
    return {
      facts: { failedLogins: [...sources.values()].toSorted((a, b) => b.count - a.count).slice(0, 100) },
    };
  },
};
