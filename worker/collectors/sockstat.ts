// /proc/net/sockstat: TCP sockets by state, and the memory in their buffers.
import type { MetricName } from '#core/metrics.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { fileOf, numberIn, sectionOf } from './lookup.ts';
import { pageSizeOf } from './meminfo.ts';

export const sockstat: Collector = {
  section: 'cat /proc/net/sockstat',
  with: [/^cat \/proc\/sys\/net\/ipv4\/(tcp_mem|tcp_max_orphans|ip_local_port_range)$/],
  parse(_section, report) {
    const body = sectionOf(report, 'cat /proc/net/sockstat')?.body ?? '';
    const words = /^TCP: (.{1,500})$/m.exec(body)?.[1]?.split(' ');
    if (!words) throw new ParseError('The line that starts with "TCP:" is missing.');
    const value = (key: string) => {
      const at = words.indexOf(key);
      const number = Number(words[at + 1]);
      return at < 0 || !Number.isFinite(number) ? undefined : number;
    };
    const samples: Sample[] = [];
    const add = (metric: MetricName, number: number | undefined) => {
      if (number !== undefined && Number.isFinite(number))
        samples.push({ metric, subject: '', value: number });
    };
    const orphans = value('orphan');
    const pages = value('mem');
    add('net.tcp.time_wait', value('tw'));
    add('net.tcp.orphans', orphans);
    if (pages !== undefined) {
      add('net.tcp.memory', pages * pageSizeOf(report));
      // low, pressure and high mark, in pages.
      const high = Number(fileOf(report, '/proc/sys/net/ipv4/tcp_mem')?.split(/\s+/)[2]);
      if (high > 0) add('net.tcp.memory_percent', (100 * pages) / high);
    }
    const [lowest = NaN, highest = NaN] =
      fileOf(report, '/proc/sys/net/ipv4/ip_local_port_range')?.split(/\s+/).map(Number) ?? [];
    if (highest >= lowest) add('net.tcp.ports', highest - lowest + 1);
    const most = numberIn(report, '/proc/sys/net/ipv4/tcp_max_orphans');
    if (orphans !== undefined && most) add('net.tcp.orphans_percent', (100 * orphans) / most);
    return { samples };
  },
};
