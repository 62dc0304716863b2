// DNS records as text, in one form, so that what a server says and what a person wrote can be compared.
import { isIP } from 'node:net';
import type { Answer } from 'dns-packet';
import type { ProbeSettings } from '#core/probes.ts';

export type DnsType = ProbeSettings<'dns'>['type'];

/** The values of the records of this type, sorted, each once: `10 mail.example.org`, `0 issue "ca.example"`. */
export function valuesOf(answers: Answer[], type: DnsType): string[] {
  const values = answers
    .filter((answer) => answer.type === type)
    .map((answer) => canonical(textOf(answer), type))
    // A record of the wrong length.
    .filter((value) => (type === 'A' ? isIP(value) === 4 : type !== 'AAAA' || isIP(value) === 6));
  return [...new Set(values)].sort();
}

function textOf(answer: Answer): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return answer.data;
    case 'MX':
      return `${answer.data.preference ?? 0} ${answer.data.exchange}`;
    case 'TXT': {
      const parts = Array.isArray(answer.data) ? answer.data : [answer.data];
      return parts.map((part) => part.toString()).join('');
    }
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'CAA':
      return `${answer.data.issuerCritical ? 128 : 0} ${answer.data.tag} "${answer.data.value}"`;
    case 'SRV':
      return `${answer.data.priority ?? 0} ${answer.data.weight ?? 0} ${answer.data.port} ${answer.data.target}`;
    default:
      return '';
  }
}

/** One form for one meaning: lower case, no dot at the end of names, short IPv6, single spaces. */
function canonical(text: string, type: DnsType): string {
  const plain = text.trim();
  if (type === 'TXT') return plain.replace(/^"(.*)"$/s, '$1');
  const lower = plain.toLowerCase().replace(/\s+/g, ' ');
  if (type === 'A' || type === 'AAAA') return canonicalAddress(lower);
  if (type === 'CAA') return lower.replace(/^(\d+) (\w+) "?([^"]*)"?$/, '$1 $2 "$3"');
  return lower
    .split(' ')
    .map((part) => (part === '.' ? part : part.replace(/\.$/, '')))
    .join(' ');
}

/** 2001:DB8:0::1 → 2001:db8::1 */
export function canonicalAddress(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/**
 * Whether the values are the expected ones. `all`: exactly these; `any`: at least one of these is there.
 * An expected MX or SRV may leave the numbers out.
 */
export function matches(values: string[], expected: string[], type: DnsType, match: 'all' | 'any'): boolean {
  const fits = (value: string, wanted: string): boolean => value === wanted || value.endsWith(` ${wanted}`);
  const allowed =
    type === 'MX' || type === 'SRV' ? fits : (value: string, wanted: string): boolean => value === wanted;
  const wanted = expected.map((text) => canonical(text, type));
  if (match === 'any') return wanted.some((text) => values.some((value) => allowed(value, text)));
  return (
    wanted.every((text) => values.some((value) => allowed(value, text))) &&
    values.every((value) => wanted.some((text) => allowed(value, text)))
  );
}

/** The name under in-addr.arpa or ip6.arpa for an address; other names come back as they are. */
export function reverseName(name: string): string {
  const family = isIP(name);
  if (family === 4) return `${name.split('.').reverse().join('.')}.in-addr.arpa`;
  if (family !== 6) return name;
  const [head = '', tail] = canonicalAddress(name).split('::');
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const front = groups(head);
  const back = groups(tail);
  const zeros = tail === undefined ? [] : new Array<string>(8 - front.length - back.length).fill('0');
  const digits = [...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}
