// TCP connections by state, counted from `ss -Htan`: lines of number and state.
import type { MetricName } from '#core/metrics.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines } from './lines.ts';

const names: Record<string, MetricName> = { 'SYN-RECV': 'net.tcp.syn_recv' };

export const socketStates: Collector = {
  section: 'ss -Htan',
  parse({ body }) {
    const rows = lines(body).map((line) => columns(line));
    const sound = rows.filter(
      ([count, state]) => integer(count) !== undefined && /^[A-Z-]+\d?$/.test(state ?? ''),
    );
    if (sound.length === 0 && rows.length > 0) throw new ParseError('No line has a number and a state.');
    const counts = new Map(sound.map(([count, state]) => [state!, Number(count)]));
    // A state that is not listed has no connection.
    const samples: Sample[] = Object.entries(names).map(([state, metric]) => ({
      metric,
      subject: '',
      value: counts.get(state) ?? 0,
    }));
    return { samples };
  },
};
