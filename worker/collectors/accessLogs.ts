// How much the access logs of web servers grow: bytes of all of them, and of their ends the lines and bytes: how long a line is.
import { type Collector, ParseError } from './collector.ts';
import { columns, integer } from './lines.ts';

export const accessLogs: Collector = {
  section: 'stat /var/log/*/access.log',
  // A log that was rotated away while its size was asked.
  anyExit: true,
  parse({ body }) {
    const [bytes, count, ends] = columns(body.trim()).map((text) => integer(text));
    if (bytes === undefined || count === undefined || ends === undefined)
      throw new ParseError('There are no three numbers.');
    return {
      // A log that is rotated lets the sum fall: a reset like that of any counter.
      counters: [{ metric: 'web.log_bytes', subject: '', value: bytes }],
      samples: count > 0 ? [{ metric: 'web.log_line', subject: '', value: ends / count }] : [],
    };
  },
};
