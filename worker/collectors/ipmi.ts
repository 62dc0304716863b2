// `ipmitool sdr elist`: what the board's own controller measures. Lines of name, number, state (ok, ns, nc, cr, nr), place and value;
// `ipmitool sdr`: name, value, state, and of a sensor that has no number a mask instead of words.
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { decimal, lines } from './lines.ts';

/** What a sensor is part of, by the first number of its place (IPMI 2.0 table 43-13). */
const parts: Record<string, string> = {
  3: 'CPU',
  8: 'memory',
  10: 'power supply',
  29: 'fan',
  30: 'fan',
  32: 'memory',
};

/** A board may call the sensors of several parts alike ("Temp", "Status"): then the place says which part it is. */
function nameOf(own: string, place: string, rows: readonly string[][]): string {
  const [part = '', instance = ''] = place.split('.');
  const what = parts[part];
  const alone = rows.filter((r) => r.length >= 5 && r[0] === own).length === 1;
  if (alone && (part !== '10' || /ps|pwr|power|supply|volt/i.test(own))) return own;
  return what && instance ? `${own} of ${what} ${instance}` : alone || !place ? own : `${own} (${place})`;
}

export const ipmi: Collector = {
  section: /^ipmitool (-\S+ )*sdr/,
  parse({ body }) {
    const found: NonNullable<Facts['ipmi']> = [];
    const samples: Sample[] = [];
    const rows = lines(body).map((line) => line.split('|').map((field) => field.trim()));
    for (const fields of rows) {
      const [own, value, state] = fields.length >= 5 ? [fields[0], fields[4], fields[2]] : fields;
      const name = fields.length >= 5 && own ? nameOf(own, fields[3] ?? '', rows) : own;
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
