// How much space the logs take: `du -sk /var/log /var/log/journal`, in kB.
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines } from './lines.ts';

export const logs: Collector = {
  section: /^du -s\S* \/var\/log/,
  // A log that was rotated away while du looked at it.
  anyExit: true,
  parse({ body }) {
    const sizes = new Map(
      lines(body).flatMap((line) => {
        const [size, path] = columns(line, 2);
        return integer(size) === undefined || !path ? [] : [[path, Number(size) * 1024] as const];
      }),
    );
    if (sizes.size === 0) throw new ParseError('No line has a size and a path.');
    const [all, journal] = [sizes.get('/var/log'), sizes.get('/var/log/journal')];
    return {
      facts: {
        logs: {
          ...(all === undefined ? {} : { varLogBytes: all }),
          ...(journal === undefined ? {} : { journalBytes: journal }),
        },
      },
    };
  },
};
