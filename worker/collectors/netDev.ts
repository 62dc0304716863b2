// /proc/net/dev: traffic and errors of each interface.
import type { Counter } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, notUnderstood } from './lines.ts';
import { is32Bit } from './meminfo.ts';

/** Ends of container links, named by a hash: they come and go, and repeat what their bridge says. */
const passing = /^(veth|cali|lxc|tap|qvo|qvb)[0-9a-f-]{6,}$/;

export const netDev: Collector = {
  section: 'cat /proc/net/dev',
  parse({ body }, report) {
    const wrap = is32Bit(report) ? { wrap: 2 ** 32 } : {};
    const counters: Counter[] = [];
    const left: string[] = [];
    for (const line of body.split('\n')) {
      if (line.trim() === '' || line.includes('|')) continue;
      // Old kernels put no space after the colon; an alias (eth0:1) has one of its own.
      const colon = line.lastIndexOf(':');
      const subject = line.slice(0, colon).trim();
      const n = columns(line.slice(colon + 1)).map(Number);
      if (colon < 1 || n.length < 16 || !n.every(Number.isFinite)) {
        left.push(line);
        continue;
      }
      if (subject === 'lo' || passing.test(subject)) continue;
      const [rxBytes = 0, rxPackets = 0, rxErrors = 0, rxDrops = 0, rxFifo = 0, , , , ...tx] = n;
      const [txBytes = 0, txPackets = 0, txErrors = 0, txDrops = 0, txFifo = 0] = tx;
      counters.push(
        { metric: 'net.rx_bytes', subject, value: rxBytes, ...wrap },
        { metric: 'net.tx_bytes', subject, value: txBytes, ...wrap },
        { metric: 'net.rx_packets', subject, value: rxPackets, ...wrap },
        { metric: 'net.tx_packets', subject, value: txPackets, ...wrap },
        { metric: 'net.errors', subject, value: rxErrors + txErrors },
        { metric: 'net.drops', subject, value: rxDrops + txDrops },
        { metric: 'net.fifo', subject, value: rxFifo + txFifo },
      );
    }
    if (counters.length === 0 && left.length > 0)
      throw new ParseError('No line has the 16 numbers of an interface.');
    return { counters, partial: notUnderstood(left) };
  },
};
