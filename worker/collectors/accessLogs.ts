// How much the access logs of web servers grow: bytes of all of them, and of the ends of those that were written to lately the lines,
// their bytes (how long a line is) and how many tell of an answer from 500 on.
import { type Collector, ParseError } from './collector.ts';
import { columns, integer } from './lines.ts';

/** Our judgement. The agent reads the last 2,000 bytes of each log, about twenty lines. */
const fewest = 10;

export const accessLogs: Collector = {
  section: 'stat /var/log/*/access.log',
  // A log that was rotated away while its size was asked.
  anyExit: true,
  parse({ body }) {
    const [bytes, count, ends, failed] = columns(body.trim()).map((text) => integer(text));
    if (bytes === undefined || count === undefined || ends === undefined)
      throw new ParseError('There are no three numbers.');
    return {
      // A log that is rotated lets the sum fall: a reset like that of any counter.
      counters: [{ metric: 'web.log_bytes', subject: '', value: bytes }],
      samples: [
        ...(count > 0 ? [{ metric: 'web.log_line' as const, subject: '', value: ends / count }] : []),
        // Of a few answers a share says nothing. Agents before tell no fourth number.
        ...(failed !== undefined && count >= fewest
          ? [{ metric: 'web.failed' as const, subject: '', value: (100 * failed) / count }]
          : []),
      ],
    };
  },
};
