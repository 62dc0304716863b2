// SPF (RFC 7208): whether a domain's record can be evaluated at all, and whether it lets an address send.
import { BlockList, isIP } from 'node:net';
import { ProbeFailure } from './attempt.ts';
import { asciiName, type DnsReply } from './dnsClient.ts';
import { canonicalAddress, reverseName, valuesOf } from './dnsRecords.ts';
import {
  type Directive,
  expandMacros,
  isSpf,
  parseSpf,
  type Qualifier,
  type SpfRecord,
  SpfSyntaxError,
} from './spfRecord.ts';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export interface SpfAnswer {
  result: SpfResult;
  /** Terms that cost look-ups. */
  lookups: number;
  /** Why, where it is an error; else the term that decided. */
  reason: string;
  /** The term that lets everybody send, and in whose record it stands. */
  everybody?: string;
}

type Resolve = (name: string, type: 'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR') => Promise<DnsReply>;

/** Limits of 4.6.4: terms with look-ups, look-ups without an answer, and names behind one `mx` or `ptr`. */
const mostLookups = 10;
const mostVoid = 2;
const mostNames = 10;

const results: Record<Qualifier, SpfResult> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };

class SpfError extends Error {
  readonly result: 'permerror' | 'temperror';
  constructor(result: 'permerror' | 'temperror', message: string) {
    super(message);
    this.result = result;
  }
}

/**
 * What receivers make of mail of this domain from this address (`check_host`). Without an address all terms are walked, as for a stranger: the
 * result is `permerror` or `temperror`, or `neutral` when the record is in order. Never throws.
 */
export async function checkSpf(
  domain: string,
  address: string | undefined,
  resolve: Resolve,
): Promise<SpfAnswer> {
  const walk = new Walk(domain, address, resolve);
  try {
    const { result, reason } = await walk.check(domain);
    return walk.answer(result, reason);
  } catch (error) {
    if (error instanceof SpfError) return walk.answer(error.result, error.message);
    throw error;
  }
}

class Walk {
  private lookups = 0;
  private voids = 0;
  private everybody: string | undefined;
  private readonly sender: string;
  private readonly address: string | undefined;
  private readonly resolve: Resolve;

  constructor(sender: string, address: string | undefined, resolve: Resolve) {
    this.sender = sender;
    this.address = address === undefined ? undefined : canonicalAddress(address);
    this.resolve = resolve;
  }

  answer(result: SpfResult, reason: string): SpfAnswer {
    const { lookups, everybody } = this;
    return { result, lookups, reason, ...(everybody === undefined ? {} : { everybody }) };
  }

  async check(domain: string): Promise<{ result: SpfResult; reason: string }> {
    const record = await this.recordOf(domain);
    if (record === undefined) return { result: 'none', reason: `${domain} has no SPF record` };
    for (const directive of record.directives) {
      this.note(directive, domain);
      if (await this.matches(directive, domain))
        return { result: results[directive.qualifier], reason: directive.text };
      if (directive.mechanism === 'all') return { result: 'neutral', reason: directive.text };
    }
    if (record.redirect === undefined) return { result: 'neutral', reason: 'no term fits' };
    this.count(`redirect=${record.redirect}`);
    const target = this.expand(record.redirect, domain);
    if (target === undefined) return { result: 'neutral', reason: `redirect=${record.redirect}` };
    const found = await this.check(target);
    if (found.result === 'none') throw new SpfError('permerror', `redirect= leads to ${found.reason}`);
    return found;
  }

  private async recordOf(domain: string): Promise<SpfRecord | undefined> {
    const texts = (await this.ask(domain, 'TXT')).filter(isSpf);
    if (texts.length > 1) throw new SpfError('permerror', `${domain} has ${texts.length} SPF records`);
    if (texts[0] === undefined) return undefined;
    try {
      return parseSpf(texts[0]);
    } catch (error) {
      if (!(error instanceof SpfSyntaxError)) throw error;
      const where = domain === this.sender ? '' : ` in the record of ${domain}`;
      throw new SpfError('permerror', `${error.message}${where}`);
    }
  }

  /** Everybody, by `+all` or a network of all addresses. */
  private note({ mechanism, qualifier, prefix, text }: Directive, domain: string): void {
    const all =
      mechanism === 'all' ||
      (mechanism === 'ip4' && prefix[4] === 0) ||
      (mechanism === 'ip6' && prefix[6] === 0);
    if (all && qualifier === '+')
      this.everybody ??= domain === this.sender ? `'${text}'` : `'${text}' in the record of ${domain}`;
  }

  private async matches(directive: Directive, domain: string): Promise<boolean> {
    const { mechanism, value, prefix, text } = directive;
    const { address } = this;
    if (mechanism === 'all') return address !== undefined;
    if (mechanism === 'ip4' || mechanism === 'ip6') return this.inside([value!], prefix);
    this.count(text);
    const target = value === undefined ? domain : this.expand(value, domain);
    // Whom it is about decides where this would look: for everybody at once nothing can be said.
    if (target === undefined) return false;
    switch (mechanism) {
      case 'include':
        return this.included(target, text);
      case 'a':
        return this.inside(await this.addresses(target, true), prefix);
      case 'mx': {
        const hosts = await this.asked(target, 'MX');
        if (hosts.length > mostNames)
          throw new SpfError(
            'permerror',
            `${text}: ${target} has ${hosts.length} MX records, of which ${mostNames} may be`,
          );
        if (address === undefined) return false;
        for (const host of hosts) {
          const name = host.split(' ').at(-1)!;
          if (name !== '.' && this.inside(await this.addresses(name, true), prefix)) return true;
        }
        return false;
      }
      case 'ptr':
        return address !== undefined && this.named(address, target);
      case 'exists':
        return (await this.asked(target, 'A')).length > 0 && address !== undefined;
    }
  }

  private async included(target: string, text: string): Promise<boolean> {
    const { result, reason } = await this.check(target);
    if (result === 'none') throw new SpfError('permerror', `${text}: ${reason}`);
    return result === 'pass';
  }

  /** A reverse name of the address that leads back to it and lies in the domain (5.5). Names that cannot be asked for are passed over. */
  private async named(address: string, domain: string): Promise<boolean> {
    const names = await orNone(this.asked(reverseName(address), 'PTR'));
    for (const name of names.slice(0, mostNames)) {
      const within = name === domain || name.endsWith(`.${domain}`);
      if (within && this.inside(await orNone(this.addresses(name, false)), { 4: 32, 6: 128 })) return true;
    }
    return false;
  }

  /** Of the family of the address; without an address, of any. */
  private async addresses(name: string, counted: boolean): Promise<string[]> {
    if (this.address === undefined) {
      const found = [...(await this.ask(name, 'A')), ...(await this.ask(name, 'AAAA'))];
      if (found.length === 0) this.void(name);
      return found;
    }
    const type = isIP(this.address) === 6 ? 'AAAA' : 'A';
    return counted ? this.asked(name, type) : this.ask(name, type);
  }

  private inside(networks: string[], prefix: Directive['prefix']): boolean {
    const { address } = this;
    if (address === undefined) return false;
    const family = isIP(address) === 6 ? 6 : 4;
    const list = new BlockList();
    for (const network of networks)
      if (isIP(network) === family) list.addSubnet(network, prefix[family], `ipv${family}`);
    return list.check(address, `ipv${family}`);
  }

  private count(text: string): void {
    this.lookups += 1;
    if (this.lookups > mostLookups)
      throw new SpfError(
        'permerror',
        `it takes more than ${mostLookups} look-ups: '${text}' is one too many`,
      );
  }

  private void(name: string): void {
    this.voids += 1;
    if (this.voids > mostVoid)
      throw new SpfError(
        'permerror',
        `more than ${mostVoid} of its names do not exist, the last one ${name}`,
      );
  }

  /** As `ask`, and no answer counts as a look-up in vain. */
  private async asked(name: string, type: 'A' | 'AAAA' | 'MX' | 'PTR'): Promise<string[]> {
    const values = await this.ask(name, type);
    if (values.length === 0) this.void(name);
    return values;
  }

  private async ask(name: string, type: Parameters<Resolve>[1]): Promise<string[]> {
    let reply: DnsReply;
    try {
      reply = await this.resolve(asciiName(name), type);
    } catch (error) {
      if (!(error instanceof ProbeFailure)) throw error;
      // What is no name has no records (4.3).
      if (error.code === 'prober-error') return [];
      throw new SpfError('temperror', error.message);
    }
    if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN')
      throw new SpfError('temperror', `the name server answers ${reply.rcode} for ${name}`);
    return valuesOf(reply.answers, type);
  }

  /** undefined where the address or its name would decide, and there is none. */
  private expand(text: string, domain: string): string | undefined {
    if (this.address === undefined && /%\{[ipv]/i.test(text)) return undefined;
    const address = longForm(this.address ?? '');
    return expandMacros(text, { address, domain, sender: this.sender }).toLowerCase();
  }
}

/** Nothing, where a name server fails. */
async function orNone(values: Promise<string[]>): Promise<string[]> {
  try {
    return await values;
  } catch (error) {
    if (error instanceof SpfError && error.result === 'temperror') return [];
    throw error;
  }
}

/** All 32 digits of an IPv6 address. */
function longForm(address: string): string {
  if (isIP(address) !== 6) return address;
  const digits = reverseName(address).slice(0, -'.ip6.arpa'.length).split('.').reverse().join('');
  return digits.match(/.{4}/g)!.join(':');
}
