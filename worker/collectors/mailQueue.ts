// Mail that waits: for each queue folder, messages and those older than a day.
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines } from './lines.ts';
import { epochOf } from './reportTime.ts';

export const mailQueue: Collector = {
  section: /^find \/var\/spool( -type f)?$/,
  parse({ body }, report) {
    let queue = 0;
    let deferred: number | undefined;
    let old = 0;
    const rows = [...new Set(lines(body))].map((line) => columns(line));
    if (rows.length === 0) return {};
    for (const [path = '', all, aged] of rows) {
      const name = path.replace(/^\/var\/spool\//, '');
      const [count, older] = [integer(all), integer(aged)];
      if (count === undefined || older === undefined)
        throw new ParseError('No line has a queue and two numbers.');
      // Exim and sendmail keep two files for each message.
      const files = /^(exim4?|(client)?mqueue)(\/|$)/.test(name) ? 2 : 1;
      queue += Math.ceil(count / files);
      old += Math.ceil(older / files);
      if (name.endsWith('/deferred')) deferred = count;
    }
    const now = epochOf(report);
    return {
      facts: {
        mail: {
          queue,
          ...(deferred === undefined ? {} : { deferred }),
          ...(old > 0 && now > 0 ? { oldestAt: now - 86_400 } : {}),
        },
      },
      samples: [{ metric: 'mail.queue', subject: '', value: queue }],
    };
  },
};
