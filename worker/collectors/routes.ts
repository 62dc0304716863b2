// Routes and neighbours: `ip route`, /proc/net/route, `ip neigh`, /proc/net/arp.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';
import { hexAddress } from './socketAddress.ts';
import { sectionOf } from './lookup.ts';

type Route = NonNullable<Facts['routes']>[number];
type Neighbour = NonNullable<Facts['neighbours']>[number];

/** A router may have a million routes, a server has a dozen: the default routes come first. */
const kept = 200;

export const routes: Collector = {
  section: 'cat /proc/net/route',
  with: [/^ip (-\S+ )*r(oute)?( |$)/],
  parse(_section, report) {
    const found: Route[] = [];
    const left: string[] = [];
    const tools = report.sections.filter(({ name }) => /^ip (-\S+ )*r(oute)?( |$)/.test(name));
    for (const { body, name } of tools) {
      for (const line of lines(body)) {
        const words = columns(line);
        const value = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
        const [destination, ...rest] = /^(unreachable|blackhole|prohibit|throw|unicast)$/.test(words[0]!)
          ? words.slice(1)
          : words;
        // The table "local" repeats the addresses of the machine.
        if (
          !destination ||
          value('table') === 'local' ||
          /^(local|broadcast|multicast|anycast|cache)$/.test(destination)
        )
          continue;
        // Of a route with several next hops the first stands for all.
        if (destination === 'nexthop') {
          const route = found.at(-1);
          if (!route || route.device !== '') continue;
          route.device = value('dev') ?? '';
          const gateway = gatewayOf(words);
          if (gateway) route.gateway = gateway;
          continue;
        }
        if (!/^(default|[\da-f.:]{2,45}(\/\d{1,3})?)$/i.test(destination)) {
          left.push(line);
          continue;
        }
        const family =
          name.includes('-6') ||
          destination.includes(':') ||
          value('via')?.includes(':') ||
          rest.includes('pref')
            ? 6
            : 4;
        found.push({
          destination,
          device: value('dev') ?? '',
          family,
          ...(gatewayOf(words) ? { gateway: gatewayOf(words) } : {}),
        });
      }
    }
    if (tools.length === 0) found.push(...fromKernel(sectionOf(report, 'cat /proc/net/route')?.body ?? ''));
    const first = found.filter((route) => route.destination === 'default');
    return {
      facts: { routes: [...first, ...found.filter((route) => !first.includes(route))].slice(0, kept) },
      partial: notUnderstood(left),
    };
  },
};

/** `via 192.0.2.1`, and `via inet6 fe80::1` of an IPv4 route. */
function gatewayOf(words: readonly string[]): string | undefined {
  const at = words.indexOf('via');
  if (at < 0) return undefined;
  return /^inet6?$/.test(words[at + 1] ?? '') ? words[at + 2] : words[at + 1];
}

/** Hexadecimal words in the byte order of the machine; flag 2 is "has a gateway". */
function fromKernel(body: string): Route[] {
  const address = (hex: string | undefined) => hexAddress(`${hex}:0000`)?.address;
  return lines(body)
    .slice(1)
    .flatMap((line) => {
      const [device, to, via, flags, , , , mask] = columns(line);
      const destination = address(to);
      const gateway = address(via);
      const bits =
        mask && /^[0-9A-F]{8}$/i.test(mask)
          ? [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === '1').length
          : 32;
      if (!device || destination === undefined) return [];
      const hasGateway = (Number.parseInt(flags ?? '0', 16) & 2) !== 0;
      return [
        {
          destination: bits === 0 ? 'default' : `${destination}/${bits}`,
          device,
          family: 4 as const,
          ...(hasGateway && gateway ? { gateway } : {}),
        },
      ];
    });
}

export const neighbours: Collector = {
  section: 'cat /proc/net/arp',
  with: [/^ip (-\S+ )*n(eigh\S*)?( |$)/],
  parse(section, report) {
    const left: string[] = [];
    const found = new Map<string, Neighbour>();
    for (const line of lines(sectionOf(report, 'cat /proc/net/arp')?.body ?? '')) {
      const [address, , flags, lladdr, , device] = columns(line);
      if (!device || address === 'IP' || !/^0x/.test(flags ?? '')) {
        if (address !== 'IP') left.push(line);
        continue;
      }
      // Flag 2 is a complete entry; without it the kernel asked and got no answer.
      const complete = (Number.parseInt(flags!, 16) & 2) !== 0;
      found.set(`${address} ${device}`, {
        address: address!,
        device,
        state: complete ? 'REACHABLE' : 'INCOMPLETE',
        ...(complete ? { lladdr } : {}),
      });
    }
    for (const { body, name } of report.sections) {
      if (!/^ip (-\S+ )*n(eigh\S*)?( |$)/.test(name)) continue;
      for (const line of lines(body)) {
        const words = columns(line);
        const state = words.findLast((word) => /^[A-Z]{4,}$/.test(word));
        const device = words[words.indexOf('dev') + 1];
        const lladdr = words.includes('lladdr') ? words[words.indexOf('lladdr') + 1] : undefined;
        if (!words.includes('dev') || !device || !state) left.push(line);
        else
          found.set(`${words[0]} ${device}`, {
            address: words[0]!,
            device,
            state,
            ...(lladdr ? { lladdr } : {}),
          });
      }
    }
    if (found.size === 0 && left.length > 0) throw new ParseError('No line looks like a neighbour.');
    if (found.size === 0 && section.body.trim() === '') return {};
    return { facts: { neighbours: [...found.values()].slice(0, 500) }, partial: notUnderstood(left) };
  },
};
