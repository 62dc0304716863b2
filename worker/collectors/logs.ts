// How much space the logs take, by folder, and those over 500 MB: `du -xk -d 1 /var/log` and `du -k FILE`, in kB.
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, nameIn, notUnderstood } from './lines.ts';

export const logs: Collector = {
  section: /^du (-\S+ )*(\d )?\/var\/log/,
  // A log that was rotated away while du looked at it.
  anyExit: true,
  parse({ body }) {
    const left: string[] = [];
    const sizes = new Map(
      lines(body).flatMap((line) => {
        const [size, path] = columns(line, 2);
        if (integer(size) === undefined || !path) left.push(line);
        return integer(size) === undefined || !path ? [] : [[path, Number(size) * 1024] as const];
      }),
    );
    if (sizes.size === 0) throw new ParseError('No line has a size and a path.');
    const [all, journal] = [sizes.get('/var/log'), sizes.get('/var/log/journal')];
    const largest = [...sizes]
      .filter(([path, size]) => size >= 500_000 * 1024 && path !== '/var/log' && isLogFile(nameIn(path)))
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, 5)
      .map(([path, size]) => ({ path, size }));
    return {
      facts: {
        logs: {
          ...(all === undefined ? {} : { varLogBytes: all }),
          ...(journal === undefined ? {} : { journalBytes: journal }),
          ...(largest.length > 0 ? { largest } : {}),
        },
      },
      partial: notUnderstood(left),
    };
  },
};

/** With an extension, or a name that logs have. */
function isLogFile(name: string): boolean {
  return name.length <= 255 && (name.includes('.') || /log$|syslog|messages/.test(name));
}
