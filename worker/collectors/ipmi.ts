// `ipmitool sdr elist`: what the board's own controller measures. Lines of name, number, state (ok, ns, nc, cr, nr), place and value;
// `ipmitool sdr`: name, value, state, and of a sensor that has no number a mask instead of words.
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { decimal, lines } from './lines.ts';

export const ipmi: Collector = {
  section: /^ipmitool (-\S+ )*sdr/,
  parse({ body }) {
    const found: NonNullable<Facts['ipmi']> = [];
    const samples: Sample[] = [];
    for (const line of lines(body)) {
      const fields = line.split('|').map((field) => field.trim());
      const [name, value, state] = fields.length >= 5 ? [fields[0], fields[4], fields[2]] : fields;
      if (!name || value === undefined || !/^(ok|ns|nc|cr|nr|u[cn]r?|l[cn]r?)$/.test(state ?? '')) continue;
      // "ns" is a sensor that is not there.
      if (state === 'ns') continue;
      found.push({ name, value, state: state! });
      const number = decimal(value.split(' ')[0]);
      if (number === undefined) continue;
      if (/degrees C$/.test(value))
        samples.push({ metric: 'hw.temperature', subject: `ipmi ${name}`, value: number });
      else if (/RPM$/.test(value)) samples.push({ metric: 'hw.fan', subject: `ipmi ${name}`, value: number });
    }
    if (found.length === 0 && lines(body).length > 0)
      throw new ParseError('No line has a name, a value and a state.');
    return { facts: { ipmi: found }, samples };
  },
};
