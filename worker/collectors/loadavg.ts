// /proc/loadavg: the load, and the number of threads of the whole system, against what the kernel allows.
import { type Collector, ParseError } from './collector.ts';
import { numberIn, sectionOf } from './lookup.ts';
import { decimal, integer } from './lines.ts';

export const loadavg: Collector = {
  section: 'cat /proc/loadavg',
  with: [/^cat \/proc\/sys\/kernel\/(pid_max|threads-max)$/],
  parse(_section, report) {
    const body = sectionOf(report, 'cat /proc/loadavg')?.body ?? '';
    const [one, five, fifteen, tasks = ''] = body.trim().split(/\s+/, 5);
    const loads = [decimal(one), decimal(five), decimal(fifteen)];
    if (loads.some((load) => load === undefined)) throw new ParseError('There are no three numbers.');
    const names = ['cpu.load1', 'cpu.load5', 'cpu.load15'] as const;
    const samples = names.map((metric, index) => ({ metric, subject: '', value: loads[index]! })) as {
      metric: (typeof names)[number] | 'proc.threads' | 'proc.threads_percent';
      subject: string;
      value: number;
    }[];
    const threads = integer(tasks.split('/')[1]);
    if (threads !== undefined) {
      samples.push({ metric: 'proc.threads', subject: '', value: threads });
      const limits = ['/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max']
        .map((path) => numberIn(report, path))
        .filter((limit) => limit !== undefined && limit > 0) as number[];
      if (limits.length > 0) {
        samples.push({
          metric: 'proc.threads_percent',
          subject: '',
          value: (100 * threads) / Math.min(...limits),
        });
      }
    }
    return { samples };
  },
};
