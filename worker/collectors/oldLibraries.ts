// Programs that run with a library that was replaced on disk: `/proc/PID/maps` files that name one as deleted.
import { type Collector } from './collector.ts';
import { lines } from './lines.ts';
import { tableOf } from './processes.ts';

export const oldLibraries: Collector = {
  section: 'grep -l deleted /proc/[0-9]*/maps',
  anyExit: true,
  parse({ body }, report) {
    const pids = new Set(
      lines(body).map((line) => Number(/^\/proc\/(\d{1,10})\/maps$/.exec(line.trim())?.[1])),
    );
    const names = tableOf(report)
      .rows.filter((row) => pids.has(row.pid))
      .map((row) => row.group);
    // Empty is said too: what was restarted is told no longer.
    return { facts: { oldLibraries: [...new Set(names)].toSorted().slice(0, 100) } };
  },
};
