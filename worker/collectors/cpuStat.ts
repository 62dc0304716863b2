// /proc/stat: CPU time by kind, as shares of the time that passed. https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { integer } from './lines.ts';

const perSecond = {
  ctxt: 'cpu.context_switches',
  intr: 'cpu.interrupts',
  processes: 'cpu.forks',
} as const;

const gauges = { procs_running: 'cpu.runnable', procs_blocked: 'cpu.blocked' } as const;

export const cpuStat: Collector = {
  section: 'cat /proc/stat',
  parse({ body }, report) {
    const counters: Counter[] = [];
    const samples: Sample[] = [];
    let boot: number | undefined;
    for (const line of body.split('\n')) {
      // The interrupt line has thousands of numbers; only its first is the sum.
      const [key = '', first, ...rest] = line.startsWith('cpu') ? line.split(/ +/) : line.split(' ', 2);
      const value = integer(first);
      if (value === undefined) continue;
      if (key === 'cpu') counters.push(...whole([value, ...rest.map(Number)]));
      else if (/^cpu\d+$/.test(key)) counters.push(...core(key.slice(3), [value, ...rest.map(Number)]));
      else if (Object.hasOwn(perSecond, key)) {
        counters.push({ metric: perSecond[key as keyof typeof perSecond], subject: '', value });
      } else if (Object.hasOwn(gauges, key)) {
        samples.push({ metric: gauges[key as keyof typeof gauges], subject: '', value });
      } else if (key === 'btime') boot = value;
    }
    if (counters.length === 0) throw new ParseError('There is no line that starts with "cpu".');
    const bootId = report.sections
      .find((one) => one.name === 'cat /proc/sys/kernel/random/boot_id')
      ?.body.trim();
    return {
      counters,
      samples,
      ...(boot === undefined ? {} : { facts: { boot: { at: boot, ...(bootId ? { bootId } : {}) } } }),
    };
  },
};

/** user nice system idle iowait irq softirq steal; guest time is part of user, and is left out of the sum. */
function times(fields: number[]) {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = fields.map(
    (field) => (Number.isFinite(field) ? field : 0),
  );
  const busy = user + nice + system + irq + softirq + steal;
  return { user, nice, system, idle, iowait, irq, softirq, steal, busy, total: busy + idle + iowait };
}

function whole(fields: number[]): Counter[] {
  const { total, ...kinds } = times(fields);
  return Object.entries(kinds).map(([kind, value]) => ({
    metric: `cpu.${kind as keyof typeof kinds}` as const,
    subject: '',
    value: 100 * value,
    per: total,
  }));
}

function core(subject: string, fields: number[]): Counter[] {
  const { total, busy, softirq } = times(fields);
  return [
    { metric: 'cpu.core.busy', subject, value: 100 * busy, per: total },
    { metric: 'cpu.core.softirq', subject, value: 100 * softirq, per: total },
  ];
}
