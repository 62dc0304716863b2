// The grammar of an SPF record (RFC 7208, 5 and 7): its terms and macros. What breaks it anywhere breaks it for every sender.
import { isIP } from 'node:net';

export type Qualifier = '+' | '-' | '~' | '?';

export interface Directive {
  /** As written, for sentences. */
  text: string;
  qualifier: Qualifier;
  mechanism: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'exists' | 'ip4' | 'ip6';
  /** A domain with macros, or the address of ip4 and ip6. */
  value?: string;
  /** Lengths of the prefix for each family. */
  prefix: { 4: number; 6: number };
}

export interface SpfRecord {
  directives: Directive[];
  redirect?: string;
}

/** The sentence tells what is wrong with which term. */
export class SpfSyntaxError extends Error {}

/** Whether a TXT record is an SPF record (4.5): `v=spf10` is none. */
export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text);
}

const mechanisms = /^([+?~-]?)(all|include|a|mx|ptr|exists|ip4|ip6)(?:$|([:/].*)$)/is;
const modifier = /^([a-z][\w.-]*)=(.*)$/is;
const macros = /%(?:\{[slodiphv]\d*r?[.+,/_=-]*\}|%|_|-)/gi;
const prefixLengths = /^(?:\/(0|[1-9]\d?))?(?:\/\/(0|[1-9]\d{0,2}))?$/;

/** Throws SpfSyntaxError. */
export function parseSpf(text: string): SpfRecord {
  const record: SpfRecord = { directives: [] };
  const seen = new Set<string>();
  for (const term of text.split(' ').slice(1)) {
    if (term === '') continue;
    if (!/^[\x21-\x7e]+$/.test(term)) throw new SpfSyntaxError(`'${term}' has letters that no term may have`);
    const [, name, value = ''] = modifier.exec(term) ?? [];
    if (name === undefined) {
      record.directives.push(directiveOf(term));
      continue;
    }
    const known = name.toLowerCase();
    checkMacros(value, term);
    if (known !== 'redirect' && known !== 'exp') continue;
    if (seen.has(known)) throw new SpfSyntaxError(`${known}= comes twice`);
    seen.add(known);
    checkDomain(value, term);
    if (known === 'redirect') record.redirect = value;
  }
  return record;
}

function directiveOf(term: string): Directive {
  const [, qualifier, mechanism, rest = ''] = mechanisms.exec(term) ?? [];
  if (mechanism === undefined) throw new SpfSyntaxError(`'${term}' is no mechanism of SPF`);
  const base = {
    text: term,
    qualifier: (qualifier || '+') as Qualifier,
    mechanism: mechanism.toLowerCase() as Directive['mechanism'],
    prefix: { 4: 32, 6: 128 },
  };
  switch (base.mechanism) {
    case 'all':
      if (rest !== '') throw new SpfSyntaxError(`'${term}': 'all' takes no value`);
      return base;
    case 'ip4':
    case 'ip6':
      return { ...base, ...networkOf(term, rest, base.mechanism === 'ip4' ? 4 : 6) };
    case 'a':
    case 'mx': {
      const slash = lastPrefix(rest);
      const domain = rest.slice(0, slash);
      const prefix = prefixOf(term, rest.slice(slash));
      return { ...base, prefix, ...(domain === '' ? {} : domainOf(term, domain)) };
    }
    case 'ptr':
      return rest === '' ? base : { ...base, ...domainOf(term, rest) };
    default:
      return { ...base, ...domainOf(term, rest) };
  }
}

/** Where the lengths begin: a slash may stand inside of a macro. */
function lastPrefix(text: string): number {
  return /(?:\/\d*)?(?:\/\/\d*)?$/.exec(text)!.index;
}

function prefixOf(term: string, text: string): Directive['prefix'] {
  const [all, four, six] = prefixLengths.exec(text) ?? [];
  const lengths = { 4: Number(four ?? 32), 6: Number(six ?? 128) };
  if (all === undefined || lengths[4] > 32 || lengths[6] > 128)
    throw new SpfSyntaxError(`'${term}' has no valid length of a prefix`);
  return lengths;
}

function networkOf(term: string, rest: string, family: 4 | 6): Pick<Directive, 'value' | 'prefix'> {
  const [address = '', length, more] = rest.slice(1).split('/');
  if (!rest.startsWith(':') || isIP(address) !== family || address.includes('%') || more !== undefined)
    throw new SpfSyntaxError(`'${term}' has no IPv${family} address`);
  const prefix = { 4: 32, 6: 128 };
  if (length === undefined) return { value: address, prefix };
  const bits = /^(0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Infinity;
  if (bits > prefix[family]) throw new SpfSyntaxError(`'${term}' has no valid length of a prefix`);
  return { value: address, prefix: { ...prefix, [family]: bits } };
}

function domainOf(term: string, rest: string): { value: string } {
  if (!rest.startsWith(':')) throw new SpfSyntaxError(`'${term}' needs a domain`);
  const value = rest.slice(1);
  checkDomain(value, term);
  return { value };
}

/** It ends with a macro, or with a dot and a label that is no number (7.1). */
function checkDomain(value: string, term: string): void {
  checkMacros(value, term);
  const end = /%\{[^}]*\}$|\.(?=[\w-]*[a-z-])[a-z\d](?:[a-z\d-]*[a-z\d])?\.?$/i;
  if (!end.test(value)) throw new SpfSyntaxError(`'${term}' has no domain like example.org`);
}

function checkMacros(value: string, term: string): void {
  if (value.replace(macros, '').includes('%')) throw new SpfSyntaxError(`'${term}' has an unknown macro`);
}

export interface MacroValues {
  /** IPv4, or IPv6 in its long form. */
  address: string;
  domain: string;
  /** The domain that mail claims to come from; the local part is `postmaster`, as where the sender is empty (2.4). */
  sender: string;
}

/** A domain with its macros replaced (7.3), at most 253 characters, from which labels are left out at the front. */
export function expandMacros(text: string, values: MacroValues): string {
  const plain = text.replace(macros, (macro) => {
    if (macro === '%%') return '%';
    if (macro === '%_') return ' ';
    if (macro === '%-') return '%20';
    const [, letter = '', digits, reversed, delimiters] = /^%\{([a-z])(\d*)(r?)([.+,/_=-]*)\}$/i.exec(macro)!;
    const value = macroValue(letter.toLowerCase(), values);
    let parts = delimiters
      ? value.split(new RegExp(`[${delimiters.replaceAll('-', '\\-')}]`))
      : value.split('.');
    if (reversed) parts = parts.reverse();
    if (digits && Number(digits) > 0) parts = parts.slice(-Number(digits));
    const joined = parts.join('.');
    return /[A-Z]/.test(letter) ? encodeURIComponent(joined) : joined;
  });
  let domain = plain.replace(/\.$/, '');
  while (domain.length > 253 && domain.includes('.')) domain = domain.slice(domain.indexOf('.') + 1);
  return domain;
}

function macroValue(letter: string, { address, domain, sender }: MacroValues): string {
  const six = address.includes(':');
  switch (letter) {
    case 's':
      return `postmaster@${sender}`;
    case 'l':
      return 'postmaster';
    case 'o':
    case 'h':
      return sender;
    case 'd':
      return domain;
    case 'i':
      return six ? [...address.replaceAll(':', '')].join('.') : address;
    case 'v':
      return six ? 'ip6' : 'in-addr';
    default:
      // The name of the client (p): 5.5 and 7.3 tell not to use it, and allow this where it is not looked up.
      return 'unknown';
  }
}
