// Which addresses may be contacted: public ones, what the operator opened (PROBE_ALLOW), what an agent proves to own.
import { BlockList, isIP } from 'node:net';
import { probeSettings, type ProbeKind } from '#core/probes.ts';

/** Not public, by the IANA special-purpose registries (RFC 6890 and its updates). 192.0.0.9 and .10 are not worth a hole. */
const closedV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const closedV6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];
/** Everything public lies in here; what is outside (loopback, ULA, link-local, multicast, 100::/64, …) is closed at once. */
const globalV6 = ['2000::/3', '64:ff9b::/96'];

const closed = listOf([...closedV4, ...closedV6]);
const global = listOf(globalV6);

/** Whether anybody on the internet could reach this address; a wrapped IPv4 address counts as what it wraps. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  const words = wordsOf(address);
  const wrapped = wrappedV4(words);
  if (wrapped !== undefined) return isPublicAddress(wrapped);
  return global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

export interface PolicyOptions {
  /** CIDRs or single addresses that the operator opened (PROBE_ALLOW). */
  allow: string[];
  /** Addresses that an enrolled agent proves to own. They open nothing that is closed: an agent can report any private address. */
  owned: string[];
  /** The target is the machine that Rootnote itself runs on: loopback may be probed. */
  loopback: boolean;
  /** Of the public addresses only the owned ones; for probes that `mustBeOwned` names. */
  ownedOnly?: boolean;
}

/**
 * A test for addresses, to be asked after resolution and after each redirect.
 * Throws an Error that names a CIDR it cannot read.
 */
export function makePolicy(options: PolicyOptions): (address: string) => boolean {
  const opened = listOf([...options.allow, ...(options.loopback ? ['127.0.0.0/8', '::1/128'] : [])]);
  const owned = listOf(options.owned.filter((address) => isIP(address) !== 0));
  return (address) => {
    const plain = address.replace(/%.*$/, '');
    if (contains(opened, plain)) return true;
    return isPublicAddress(address) && (options.ownedOnly !== true || contains(owned, plain));
  };
}

/** Whether a probe does more than any visitor or mail server would, so that only one's own addresses may be its target. */
export function mustBeOwned(kind: ProbeKind, rawSettings: unknown): boolean {
  if (kind === 'port' || kind === 'ports' || kind === 'exposed') return true;
  if (kind !== 'http') return false;
  const parsed = probeSettings.http.safeParse(rawSettings);
  if (!parsed.success) return true;
  const { method, body, headers, basic, bearer, clientCertificate, proxy } = parsed.data;
  const plain = (method === 'GET' || method === 'HEAD') && Object.keys(headers).length === 0;
  const extras = [body, basic, bearer, clientCertificate, proxy];
  return !plain || extras.some((extra) => extra !== undefined);
}

/** Also by the IPv4 address inside ::ffff:a.b.c.d, because the system connects to that one. */
function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  if (family === 4) return list.check(address, 'ipv4');
  if (family === 0) return false;
  const mapped = mappedV4(wordsOf(address));
  return list.check(address, 'ipv6') || (mapped !== undefined && list.check(mapped, 'ipv4'));
}

function listOf(cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', length, rest] = cidr.split('/');
    const family = isIP(address);
    const bits = length === undefined ? (family === 4 ? 32 : 128) : Number(length);
    const valid = family !== 0 && rest === undefined && length !== '' && Number.isInteger(bits);
    if (!valid || bits < 0 || bits > (family === 4 ? 32 : 128)) {
      throw new Error(`'${cidr}' is not an address range: write 10.0.0.0/8 or fd00::/8`);
    }
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** The eight 16-bit words of an IPv6 address that `isIP` accepted. */
function wordsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = dotted
    ? `${dotted[1]}${(Number(dotted[2]) * 256 + Number(dotted[3])).toString(16)}:${(Number(dotted[4]) * 256 + Number(dotted[5])).toString(16)}`
    : address;
  const [head = '', tail] = hex.split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => parseInt(word, 16));
  const front = parse(head);
  if (tail === undefined) return front;
  const back = parse(tail);
  return [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
}

/** ::ffff:a.b.c.d (mapped) and the deprecated ::a.b.c.d (compatible). */
function mappedV4(words: number[]): string | undefined {
  const leading = words.slice(0, 5).every((word) => word === 0);
  if (leading && words[5] === 0xffff) return dottedOf(words[6], words[7]);
  return undefined;
}

/** The IPv4 address inside a mapped, compatible, translated, 6to4 or NAT64 address. */
function wrappedV4(words: number[]): string | undefined {
  const mapped = mappedV4(words);
  if (mapped !== undefined) return mapped;
  const zeros = (from: number, to: number): boolean => words.slice(from, to).every((word) => word === 0);
  if (zeros(0, 6)) return dottedOf(words[6], words[7]);
  if (zeros(0, 4) && words[4] === 0xffff && words[5] === 0) return dottedOf(words[6], words[7]);
  if (words[0] === 0x2002) return dottedOf(words[1], words[2]);
  if (words[0] === 0x64 && words[1] === 0xff9b && zeros(2, 6)) return dottedOf(words[6], words[7]);
  return undefined;
}

function dottedOf(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
