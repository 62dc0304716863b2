// /proc/sys/fs/file-nr: open files of the whole system: allocated, unused (0 since 2.6), limit.
import { type Collector, ParseError } from './collector.ts';
import { integer } from './lines.ts';

export const fileNr: Collector = {
  section: 'cat /proc/sys/fs/file-nr',
  parse({ body }) {
    const [used, free = 0, limit] = body.trim().split(/\s+/).map(integer);
    if (used === undefined || limit === undefined || limit <= 0)
      throw new ParseError('There are no three numbers.');
    return { samples: [{ metric: 'proc.files_percent', subject: '', value: (100 * (used - free)) / limit }] };
  },
};
