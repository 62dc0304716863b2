// Who listens: `ss -Hltnu[p]`, or the kernel's own tables where there is no ss.
import type { Listener } from '#core/facts.ts';
import type { Section } from '#core/report.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, notUnderstood } from './lines.ts';
import { hexAddress, socketAddress } from './socketAddress.ts';

export const listeners: Collector = {
  section: /^ss -[A-Za-z]*l[A-Za-z]*$|^(cat|awk|grep) .*\/proc\/net\/tcp/,
  parse(section) {
    const left: string[] = [];
    const rows = section.name.startsWith('ss') ? fromSs(section, left) : fromKernel(section, left);
    if (rows.length === 0 && left.length > 0) throw new ParseError('No line looks like a listening socket.');
    const found = new Map<string, Listener>();
    for (const row of rows) {
      // SO_REUSEPORT: one line for each worker; the fullest queue is the one that counts.
      const key = `${row.protocol} ${row.address} ${row.port}`;
      const before = found.get(key);
      if (!before || (row.queue ?? 0) > (before.queue ?? 0)) found.set(key, { ...before, ...row });
    }
    return { facts: { listeners: [...found.values()].slice(0, 5000) }, partial: notUnderstood(left) };
  },
};

function fromSs({ body }: Section, left: string[]): Listener[] {
  const found: Listener[] = [];
  // ss before 4.15 writes * for all IPv4 addresses and :::80 for IPv6; newer ones write 0.0.0.0, and * for both families.
  const old = /[ \t]:::(\d+|\*)[ \t]/.test(body) && !/[ \t]0\.0\.0\.0:/.test(body);
  for (const line of lines(body)) {
    const [netid, state, queue, backlog, local, , users] = columns(line, 7);
    const protocol = /^(tcp|udp)$/.exec(netid ?? '')?.[1] as 'tcp' | 'udp' | undefined;
    const address = socketAddress(local ?? '');
    if (netid === 'Netid' || netid === 'v_str' || netid === 'p_raw') continue;
    if (!protocol || !address || integer(queue) === undefined) {
      left.push(line);
      continue;
    }
    if (state !== 'LISTEN' && state !== 'UNCONN') continue;
    // users:(("nginx",pid=12,fd=6)) and, before 3.19, users:(("nginx",12,6))
    const user = /\("([^"]{1,64})",(?:pid=)?(\d{1,10}),/.exec(users?.slice(0, 400) ?? '');
    found.push({
      protocol,
      address: address.address === '*' ? (old ? '0.0.0.0' : '::') : address.address,
      port: address.port,
      ...(user ? { process: user[1], pid: Number(user[2]) } : {}),
      ...(protocol === 'tcp' ? { queue: Number(queue), backlog: integer(backlog) } : {}),
    });
  }
  return found;
}

/** `[file:]local state queues …`; 0A is LISTEN, 07 an unconnected UDP socket. The receive queue is the accept queue. */
function fromKernel({ body }: Section, left: string[]): Listener[] {
  const found: Listener[] = [];
  for (const line of lines(body)) {
    const row =
      /^(?:\/proc\/(?:self\/)?net\/(tcp6?|udp6?):)?(?: *\d+: )?([0-9A-F]{8,32}:[0-9A-F]{4}) (?:[0-9A-F]{8,32}:[0-9A-F]{4} )?(\w\w) [0-9A-F]{8}:([0-9A-F]{8})/.exec(
        line,
      );
    const address = hexAddress(row?.[2] ?? '');
    if (!row || !address) {
      if (!line.includes('local_address')) left.push(line);
      continue;
    }
    if (row[3] !== '0A' && row[3] !== '07') continue;
    const protocol = row[1]?.startsWith('udp') || row[3] === '07' ? 'udp' : 'tcp';
    found.push({
      protocol,
      ...address,
      ...(protocol === 'tcp' ? { queue: Number.parseInt(row[4]!, 16) } : {}),
    });
  }
  return found;
}
