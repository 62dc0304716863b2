// /proc/pressure: the share of time in which tasks waited, as the kernel measures it. https://docs.kernel.org/accounting/psi.html
import type { MetricName } from '#core/metrics.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { decimal } from './lines.ts';

// "full" of the CPU is always 0 for the whole system, so it is no series.
const names: Partial<Record<string, MetricName>> = {
  'cpu some': 'cpu.pressure.some',
  'memory some': 'mem.pressure.some',
  'memory full': 'mem.pressure.full',
  'io some': 'io.pressure.some',
  'io full': 'io.pressure.full',
};

export const pressure: Collector = {
  section: /^cat \/proc\/pressure\//,
  parse({ name, body }) {
    const resource = name.slice(name.lastIndexOf('/') + 1);
    const samples: Sample[] = [];
    let understood = 0;
    for (const line of body.split('\n')) {
      const found = /^(some|full) avg10=\S+ avg60=(\S+) /.exec(line);
      const value = decimal(found?.[2]);
      if (!found || value === undefined) continue;
      understood++;
      const metric = names[`${resource} ${found[1]}`];
      if (metric) samples.push({ metric, subject: '', value });
    }
    if (understood === 0) throw new ParseError('There is no line with avg60.');
    return { samples };
  },
};
