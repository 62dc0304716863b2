// /proc/net/softnet_stat: packets that the kernel dropped or left for later because a core had no time. One line a core, hexadecimal.
import { type Collector, ParseError } from './collector.ts';
import { lines } from './lines.ts';

export const softnet: Collector = {
  section: 'cat /proc/net/softnet_stat',
  parse({ body }) {
    let dropped = 0;
    let squeezed = 0;
    const rows = lines(body).map((line) => line.trim().split(/ +/, 4));
    const sound = rows.filter(
      (row) => /^[0-9a-f]{8}$/i.test(row[1] ?? '') && /^[0-9a-f]{8}$/i.test(row[2] ?? ''),
    );
    if (sound.length === 0) throw new ParseError('There is no line of hexadecimal numbers.');
    for (const row of sound) {
      dropped += Number.parseInt(row[1]!, 16);
      squeezed += Number.parseInt(row[2]!, 16);
    }
    return {
      counters: [
        { metric: 'net.softnet_dropped', subject: '', value: dropped, wrap: 2 ** 32 },
        { metric: 'net.softnet_squeezed', subject: '', value: squeezed, wrap: 2 ** 32 },
      ],
    };
  },
};
