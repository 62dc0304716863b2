// Network interfaces with state, speed and addresses: /sys/class/net and `ip -o addr`.
import type { NetInterface } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, decimal, lines, notUnderstood } from './lines.ts';
import { filesOf, sectionOf } from './lookup.ts';

const addresses = /^ip (-\w+ )*a(ddr(ess)?)?( show)?$/;

export const interfaces: Collector = {
  section: /^cat \/sys\/class\/net\//,
  with: [addresses],
  parse(section, report) {
    const found = new Map<string, NetInterface>();
    const at = (name: string) => {
      const one = found.get(name) ?? { name, kind: kindOf(name), up: false, addresses: [] };
      found.set(name, one);
      return one;
    };
    for (const [path, value] of filesOf(report, /^\/sys\/class\/net\//)) {
      const [, name, attribute] = /^\/sys\/class\/net\/([^/]+)\/([\w/]+)$/.exec(path) ?? [];
      if (name && attribute) set(at(name), attribute, value);
    }
    const left: string[] = [];
    for (const [name, list] of addressesOf(report, left)) {
      const one = at(name);
      one.addresses = list;
      if (one.operstate === undefined) one.up = true;
    }
    if (found.size === 0 && section.body.trim() !== '') throw new ParseError('No interface is named.');
    // Those of containers come and go as a matter of course.
    const samples: Sample[] = [...found.values()].flatMap(({ name, carrierChanges }) =>
      carrierChanges === undefined || /^(veth|lo$|docker|br-|virbr|cali|cni)/.test(name)
        ? []
        : [{ metric: 'net.carrier_changes' as const, subject: name, value: carrierChanges }],
    );
    return {
      facts: { interfaces: [...found.values()].slice(0, 2000) },
      samples: samples.slice(0, 100),
      partial: notUnderstood(left),
    };
  },
};

function set(one: NetInterface, attribute: string, value: string): void {
  const number = decimal(value);
  if (attribute === 'operstate') {
    one.operstate = value;
    // Tunnels and the loopback have no state of their own, and are up when they are there.
    one.up = value === 'up' || value === 'unknown';
  } else if (attribute === 'address') {
    if (value !== '' && value !== '00:00:00:00:00:00') one.mac = value;
  } else if (attribute === 'duplex') {
    if (value !== 'unknown') one.duplex = value;
  } else if (attribute === 'speed') {
    // -1, and 4294967295 on old kernels, is "unknown".
    if (number !== undefined && number > 0 && number < 1e7) one.speed = number;
  } else if (attribute === 'mtu') {
    if (number !== undefined) one.mtu = number;
  } else if (attribute === 'carrier_changes') {
    if (number !== undefined) one.carrierChanges = number;
  } else if (attribute.startsWith('bridge')) one.kind = 'bridge';
  else if (attribute.startsWith('bonding')) one.kind = 'bond';
  else if (attribute.startsWith('device')) one.kind = 'physical';
}

/** By name, as distributions and tools give them; a name that nobody gave is virtual. */
export function kindOf(name: string): NetInterface['kind'] {
  if (name === 'lo') return 'loopback';
  if (/^wg/.test(name)) return 'wireguard';
  if (/^(docker|br|virbr|lxdbr|vmbr|cni|podman|ovs)/.test(name)) return 'bridge';
  if (/^(bond|team)\d/.test(name)) return 'bond';
  if (/^(tun|tap|sit|gre|ipip|ip6tnl|vti|tailscale|ppp|he-|vxlan|flannel|geneve|utun|zt)/.test(name))
    return 'tunnel';
  if (/^vlan\d|\.\d{1,4}$/.test(name)) return 'vlan';
  if (/^(eth|en|em|p\d+p|ib|wlan|wl|usb|venet|eno|lan)/.test(name)) return 'physical';
  return 'virtual';
}

/** `2: eth0    inet 192.0.2.2/24 brd … scope global …`; a peer address has its prefix on the other side. */
function addressesOf(report: Report, left: string[]): Map<string, NetInterface['addresses']> {
  const found = new Map<string, NetInterface['addresses']>();
  for (const line of lines(sectionOf(report, addresses)?.body ?? '')) {
    const fields = columns(line);
    const [, name, family, address, word, peer] = fields;
    if (!name || !address || (family !== 'inet' && family !== 'inet6')) {
      // Without -o an address has a line of its own below its link, and one for its lifetime.
      if (!/^\d+: |^\s+(link\/|inet6? |valid_lft )/.test(line)) left.push(line);
      continue;
    }
    const [plain = '', own] = address.split('/');
    const prefix = Number(
      own ?? (word === 'peer' ? peer?.split('/')[1] : undefined) ?? (family === 'inet' ? 32 : 128),
    );
    const scope = fields[fields.indexOf('scope') + 1];
    const key = name.split('@')[0]!;
    const list = found.get(key) ?? [];
    list.push({
      address: plain,
      prefix,
      family: family === 'inet' ? 4 : 6,
      ...(fields.includes('scope') ? { scope } : {}),
    });
    found.set(key, list);
  }
  return found;
}
