// `upsc NAME` (Network UPS Tools): is the UPS on battery, and how much is left. https://networkupstools.org/docs/user-manual.chunked/Upsnames.html
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { decimal, pairs } from './lines.ts';

export const ups: Collector = {
  section: /^upsc\b/,
  parse({ name, body }) {
    const found: NonNullable<Facts['ups']> = [];
    const samples: Sample[] = [];
    // One section for all of them has a line with the name of each in front.
    for (const block of body.split(/\n(?=[\w.@-]{1,64}\n)/)) {
      const values = pairs(block, ':');
      const status = values.get('ups.status');
      if (status === undefined) continue;
      const title =
        /^[\w.@-]{1,64}$/.exec(block.split('\n', 1)[0]!)?.[0] ??
        name.split(' ')[1] ??
        values.get('device.model') ??
        'ups';
      const charge = decimal(values.get('battery.charge'));
      found.push({ name: title, status, ...(charge === undefined ? {} : { chargePercent: charge }) });
      if (charge !== undefined) samples.push({ metric: 'ups.charge', subject: title, value: charge });
    }
    if (found.length === 0) throw new ParseError('There is no ups.status.');
    return { facts: { ups: found }, samples };
  },
};
