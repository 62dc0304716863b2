// Who logged in, and who tried: `last -i -F`, `lastb` counted by source.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines } from './lines.ts';
import { zoneOffsetOf } from './reportTime.ts';

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `root     pts/0        192.0.2.7        Mon Nov 23 08:11:16 2026 - Mon Nov 23 09:00:00 2026  (00:48)` */
export const logins: Collector = {
  section: /^last (-\S+ ?)*(\d+)?$/,
  parse({ body }, report) {
    const found: NonNullable<Facts['logins']> = [];
    const offset = zoneOffsetOf(report);
    for (const line of lines(body)) {
      const date =
        /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})/.exec(
          line,
        );
      const [user, , from] = columns(line);
      if (!date || !user || !from || /^(reboot|shutdown|runlevel|wtmp)$/.test(user)) continue;
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
    };
  },
};

/** Lines of number and source address. */
export const failedLogins: Collector = {
  section: 'lastb',
  parse({ body }) {
    const rows = lines(body).map((line) => columns(line));
    const found = rows.flatMap(([count, from]) =>
      integer(count) !== undefined && from && /^[\d.]{7,15}$|:/.test(from) && from !== '0.0.0.0'
        ? [{ from, count: Number(count) }]
        : [],
    );
    if (rows.some(([count]) => integer(count) === undefined) && found.length === 0)
      throw new ParseError('No line has a number and an address.');
    return { facts: { failedLogins: found.toSorted((a, b) => b.count - a.count).slice(0, 100) } };
  },
};
