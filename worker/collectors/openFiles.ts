// Open files of processes against their limit: lines of process id, number, soft limit.
import { type Collector, ParseError } from './collector.ts';
import { groupName } from './groupName.ts';
import { columns, integer, lines, notUnderstood } from './lines.ts';
import { processTable } from './processes.ts';

export const openFiles: Collector = {
  section: /^ls (-\S+ )?\/proc\/\[0-9\]\*\/fd \| wc -l$/,
  parse({ body }, report) {
    const left: string[] = [];
    const fullest = new Map<string, { percent: number; open: number; limit: number }>();
    const names = new Map(processTable(report).map(({ pid, name }) => [pid, groupName(name, false)]));
    for (const line of lines(body)) {
      const [pid, open, limit, name] = columns(line, 4);
      const numbers = [pid, open, limit === 'unlimited' ? '0' : limit].map(integer);
      if (numbers.some((number) => number === undefined)) {
        left.push(line);
        continue;
      }
      const [id, used, most] = numbers as [number, number, number];
      const group = names.get(id) ?? (name ? groupName(name, false) : undefined);
      if (!group || most <= 0) continue;
      const percent = (100 * used) / most;
      if (percent > (fullest.get(group)?.percent ?? -1))
        fullest.set(group, { percent, open: used, limit: most });
    }
    if (fullest.size === 0 && left.length > 0) throw new ParseError('No line has three numbers.');
    return {
      samples: [...fullest].map(([subject, { percent }]) => ({
        metric: 'proc.group.open_files_percent' as const,
        subject,
        value: percent,
      })),
      partial: notUnderstood(left),
    };
  },
};
