// /proc/net/snmp and /proc/net/netstat: counters of IP, TCP and UDP. A line of names, then a line of numbers.
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { is32Bit } from './meminfo.ts';

/** A table as a function of its names; hundreds of counters stand in a line, of which a few are read. */
type Table = { get(name: string): number | undefined };

function tables(body: string): Map<string, Table> {
  const found = new Map<string, Table>();
  let names: { table: string; line: string } | undefined;
  for (const untrimmed of body.split('\n')) {
    const line = untrimmed.trim();
    const space = line.indexOf(' ');
    const table = space < 0 ? line : line.slice(0, space);
    if (!table.endsWith(':')) continue;
    if (names?.table !== table) {
      names = { table, line };
      continue;
    }
    found.set(table.slice(0, -1), tableOf(names.line, line));
    names = undefined;
  }
  if (found.size === 0) throw new ParseError('There is no pair of lines with the same first word.');
  return found;
}

function tableOf(names: string, values: string): Table {
  let split: { names: string[]; values: string[] } | undefined;
  return {
    get(name) {
      split ??= { names: names.split(/ +/), values: values.split(/ +/) };
      const value = Number(split.values[split.names.lastIndexOf(name)] ?? NaN);
      return Number.isFinite(value) ? value : undefined;
    },
  };
}

export const snmp: Collector = {
  section: 'cat /proc/net/snmp',
  parse({ body }, report) {
    const all = tables(body);
    const wrap = is32Bit(report) ? { wrap: 2 ** 32 } : {};
    const tcp = all.get('Tcp');
    const udp = all.get('Udp');
    const counters: Counter[] = [];
    const samples: Sample[] = [];
    const unroutable = all.get('Ip')?.get('OutNoRoutes');
    if (unroutable !== undefined)
      counters.push({ metric: 'net.no_route', subject: '', value: unroutable, ...wrap });
    const established = tcp?.get('CurrEstab');
    if (established !== undefined)
      samples.push({ metric: 'net.tcp.established', subject: '', value: established });
    const out = tcp?.get('OutSegs');
    const again = tcp?.get('RetransSegs');
    if (out !== undefined)
      counters.push({ metric: 'net.tcp.out_segments', subject: '', value: out, ...wrap });
    if (again !== undefined)
      counters.push({ metric: 'net.tcp.retransmits', subject: '', value: again, ...wrap });
    // OutSegs leaves retransmitted segments out (RFC 4022), so the whole is their sum.
    if (out !== undefined && again !== undefined) {
      counters.push({
        metric: 'net.tcp.retransmit_percent',
        subject: '',
        value: 100 * again,
        per: out + again,
      });
    }
    const resets = tcp?.get('OutRsts');
    if (resets !== undefined)
      counters.push({ metric: 'net.tcp.resets', subject: '', value: resets, ...wrap });
    const opened = tcp?.get('ActiveOpens');
    if (opened !== undefined)
      counters.push({ metric: 'net.tcp.opened', subject: '', value: opened, ...wrap });
    const full = udp?.get('RcvbufErrors');
    if (full !== undefined)
      counters.push({ metric: 'net.udp.receive_errors', subject: '', value: full, ...wrap });
    const received = udp?.get('InDatagrams');
    return {
      counters,
      samples,
      ...(received === undefined ? {} : { facts: { lookups: { waiting: [], received } } }),
    };
  },
};

export const netstat: Collector = {
  section: 'cat /proc/net/netstat',
  parse({ body }, report) {
    const tcp = tables(body).get('TcpExt');
    const wrap = is32Bit(report) ? { wrap: 2 ** 32 } : {};
    const counters: Counter[] = [];
    const overflows = tcp?.get('ListenOverflows');
    if (overflows !== undefined) {
      counters.push({ metric: 'net.tcp.listen_overflows', subject: '', value: overflows, ...wrap });
    }
    const cookies = tcp?.get('TCPReqQFullDoCookies') ?? tcp?.get('SyncookiesSent');
    if (cookies !== undefined)
      counters.push({ metric: 'net.tcp.syn_cookies', subject: '', value: cookies, ...wrap });
    return { counters };
  },
};
