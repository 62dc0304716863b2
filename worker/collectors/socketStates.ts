// TCP connections by state and by port of this side, counted from `ss -Htan`: lines of number, state and port.
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, notUnderstood } from './lines.ts';

export const socketStates: Collector = {
  section: 'ss -Htan',
  parse({ body }) {
    const rows = lines(body).map((line) => columns(line));
    const sound = rows.filter(
      ([count, state]) => integer(count) !== undefined && /^[A-Z-]+\d?$/.test(state ?? ''),
    );
    if (sound.length === 0 && rows.length > 0) throw new ParseError('No line has a number and a state.');
    const half = sound
      .filter(([, state]) => state === 'SYN-RECV')
      .reduce((sum, [count]) => sum + Number(count), 0);
    // A state that is not listed has no connection.
    const samples: Sample[] = [{ metric: 'net.tcp.syn_recv', subject: '', value: half }];
    // Ports from which this machine called others are many and mean nothing.
    for (const [count, state, port] of sound) {
      const number = integer(port);
      if (state === 'ESTAB' && number !== undefined && number > 0 && number < 32_768)
        samples.push({ metric: 'net.port.connections', subject: String(number), value: Number(count) });
    }
    const left = rows.filter((row) => !sound.includes(row)).map((row) => row.join(' '));
    return { samples: samples.slice(0, 100), partial: notUnderstood(left) };
  },
};
