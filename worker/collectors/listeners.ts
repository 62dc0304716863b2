// Who listens: `ss -Hltnu[p]`, or the kernel's own tables where there is no ss.
import type { Facts, Listener } from '#core/facts.ts';
import type { Section } from '#core/report.ts';
import { type Collector, ParseError } from './collector.ts';
import { groupName } from './groupName.ts';
import { columns, integer, lines, notUnderstood } from './lines.ts';
import { hexAddress, socketAddress } from './socketAddress.ts';

const kernelTable = /^(?:cat|grep|awk) .*\/proc\/(?:self\/|1\/)?net\/(tcp6?|udp6?)/;

export const listeners: Collector = {
  section: /^ss -\S*l\S*$|^ss -\S+ state listening$|^(cat|grep|awk) .*\/proc\/(self\/|1\/)?net\/(tcp|udp)/,
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
    const waiting = /\/udp/.test(section.name) ? waitingLookups(section) : [];
    return {
      facts: {
        listeners: [...found.values()].slice(0, 5000),
        ...(waiting.length ? { lookups: { waiting } } : {}),
      },
      partial: notUnderstood(left),
    };
  },
};

/** UDP sockets that are connected to port 53 of another machine: who asks for a name has one until the answer is there. */
function waitingLookups({ body }: Section): NonNullable<Facts['lookups']>['waiting'] {
  const counts = new Map<string, number>();
  for (const line of lines(body)) {
    const remote = /^[^ ]* *\d{1,9}: [0-9A-F]{8,32}:[0-9A-F]{4} ([0-9A-F]{8,32}:0035) 01 /.exec(line)?.[1];
    const address = remote && hexAddress(remote)?.address;
    if (address && !/^(127\.|::1$)/.test(address)) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return [...counts].slice(0, 20).map(([address, count]) => ({ address, count }));
}

function fromSs({ body }: Section, left: string[]): Listener[] {
  const found: Listener[] = [];
  // ss before 4.15 writes * for all IPv4 addresses and :::80 for IPv6; newer ones write 0.0.0.0, and * for both families.
  const old = /[ \t]:::(\d+|\*)[ \t]/.test(body) && !/[ \t]0\.0\.0\.0:/.test(body);
  for (const line of lines(body)) {
    if (/^(Netid|State|Recv-Q)\s/.test(line)) continue;
    // The first two columns are left out where the options of ss leave no choice (-t, state listening).
    const fields = columns(line);
    const netid = /^[a-z_]+$/.test(fields[0]!) ? fields.shift() : 'tcp';
    const state = /^[A-Z-]+\d?$/.test(fields[0] ?? '') ? fields.shift() : undefined;
    const [queue, backlog, local, , ...users] = fields;
    const address = socketAddress(local ?? '');
    if ((netid !== 'tcp' && netid !== 'udp') || !address || integer(queue) === undefined) {
      left.push(line);
      continue;
    }
    if (state !== undefined && state !== 'LISTEN' && state !== 'UNCONN') continue;
    // users:(("nginx",pid=12,fd=6)) and, before 3.19, users:(("nginx",12,6))
    const user = /\("([^"]{1,64})",(?:pid=)?(\d{1,10}),/.exec(users.join(' ').slice(0, 400));
    found.push({
      protocol: netid,
      address: address.address === '*' ? (old ? '0.0.0.0' : '::') : address.address,
      port: address.port,
      ...(user ? { process: groupName(user[1]!, false), pid: Number(user[2]) } : {}),
      ...(netid === 'tcp' ? { queue: Number(queue), backlog: integer(backlog) } : {}),
    });
  }
  return found;
}

/** `[file:] [slot:] local [remote] state queues …`; 0A is LISTEN, 07 an unbound UDP socket. The receive queue is the accept queue. */
function fromKernel({ name, body }: Section, left: string[]): Listener[] {
  const found: Listener[] = [];
  const table = kernelTable.exec(name)?.[1];
  for (const line of lines(body)) {
    const file = /^\/proc\/(?:self\/|1\/)?net\/(tcp6?|udp6?):/.exec(line);
    const row =
      /^ {0,8}(?:\d{1,9}: )?([0-9A-F]{8,32}:[0-9A-F]{4}) (?:[0-9A-F]{8,32}:[0-9A-F]{4} )?([0-9A-F]{2}) [0-9A-F]{8}:([0-9A-F]{8})/.exec(
        line.slice(file?.[0].length ?? 0),
      );
    const address = hexAddress(row?.[1] ?? '');
    if (!row || !address) {
      if (!line.includes('local_address')) left.push(line);
      continue;
    }
    if (row[2] !== '0A' && row[2] !== '07') continue;
    const protocol = (file?.[1] ?? table)?.startsWith('udp') || row[2] === '07' ? 'udp' : 'tcp';
    found.push({
      protocol,
      ...address,
      ...(protocol === 'tcp' ? { queue: Number.parseInt(row[3]!, 16) } : {}),
    });
  }
  return found;
}
