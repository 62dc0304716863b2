import { describe, expect, test } from 'vitest';
import { Attempt, ProbeFailure } from './attempt.ts';
import type { DnsReply } from './dnsClient.ts';
import { checkSpf } from './spf.ts';
import { expandMacros, isSpf, parseSpf } from './spfRecord.ts';
import { spfProblem } from './spfVerdict.ts';

type Zone = Record<string, Partial<Record<'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR', string[]>>>;

/** Answers from a table; a name that is not in it does not exist, and `SERVFAIL` and `silent` as first value do what they say. */
function resolver(zone: Zone) {
  return (name: string, type: 'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR'): Promise<DnsReply> => {
    const values = zone[name]?.[type] ?? [];
    if (values[0] === 'silent') return Promise.reject(new ProbeFailure('dns-timeout', 'no answer'));
    const broken = values[0] === 'SERVFAIL';
    const answers = (broken ? [] : values).map((value) => {
      const [preference, exchange] = value.split(' ');
      return { type, name, data: type === 'MX' ? { preference: Number(preference), exchange } : value };
    }) as DnsReply['answers'];
    const rcode = broken ? 'SERVFAIL' : zone[name] ? 'NOERROR' : 'NXDOMAIN';
    return Promise.resolve({
      rcode,
      answers,
      authoritative: false,
      authentic: false,
      authorities: [],
      overTcp: false,
    });
  };
}

const hosts: Zone = {
  'example.org': {
    A: ['192.0.2.10', '192.0.2.11'],
    AAAA: ['2001:db8::10'],
    MX: ['10 mail-a.example.org', '20 mail-b.example.org'],
  },
  'mail-a.example.org': { A: ['192.0.2.129'] },
  'mail-b.example.org': { A: ['192.0.2.130'], AAAA: ['2001:db8::130'] },
  'other.example': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
  'soft.example': { TXT: ['v=spf1 ip4:198.51.100.7 ~all'] },
  '10.2.0.192.in-addr.arpa': { PTR: ['example.org'] },
  '9.2.0.192.in-addr.arpa': { PTR: ['liar.example.org'] },
  'liar.example.org': { A: ['203.0.113.1'] },
  '8.2.0.192.in-addr.arpa': { PTR: ['SERVFAIL'] },
  '7.2.0.192.in-addr.arpa': { PTR: ['broken.example.org', 'seven.example.org'] },
  'broken.example.org': { A: ['SERVFAIL'] },
  'seven.example.org': { A: ['192.0.2.7'] },
  '10.2.0.192.list.example': { A: ['127.0.0.2'] },
  'broken.example': { TXT: ['SERVFAIL'] },
  'silent.example': { TXT: ['silent'] },
  'bad.example': { TXT: ['v=spf1 ipv4:192.0.2.1 -all'] },
  'loop.example': { TXT: ['v=spf1 include:loop.example -all'] },
  'open.example': { TXT: ['v=spf1 +all'] },
  'two.example': { TXT: ['v=spf1 -all', 'V=SPF1 mx'] },
  'mx11.example': { MX: Array.from({ length: 11 }, (_, n) => `10 m${n}.mx11.example`) },
};

async function resultOf(record: string, address?: string): Promise<string> {
  const zone = { ...hosts, 'example.org': { ...hosts['example.org'], TXT: ['unrelated', record] } };
  const { result, reason } = await checkSpf('example.org', address, resolver(zone));
  return `${result}: ${reason}`;
}

describe('an address', () => {
  test.each([
    ['v=spf1 +all', '192.0.2.65', 'pass: +all'],
    ['v=spf1 a -all', '192.0.2.10', 'pass: a'],
    ['v=spf1 a -all', '192.0.2.65', 'fail: -all'],
    ['v=spf1 a/25 -all', '192.0.2.65', 'pass: a/25'],
    ['v=spf1 A:Mail-A.Example.org ?all', '192.0.2.129', 'pass: A:Mail-A.Example.org'],
    ['v=spf1 a//64 -all', '2001:db8::99', 'pass: a//64'],
    ['v=spf1 a -all', '2001:DB8:0::10', 'pass: a'],
    ['v=spf1 mx -all', '192.0.2.130', 'pass: mx'],
    ['v=spf1 mx -all', '2001:db8::130', 'pass: mx'],
    ['v=spf1 mx/30 mx:other.example/30 -all', '192.0.2.131', 'pass: mx/30'],
    ['v=spf1 ip4:192.0.2.128/28 -all', '192.0.2.129', 'pass: ip4:192.0.2.128/28'],
    ['v=spf1 ip6:2001:db8::/32 ~all', '2001:db8:5::1', 'pass: ip6:2001:db8::/32'],
    ['v=spf1 ip6:2001:db8::/32 ~all', '192.0.2.1', 'softfail: ~all'],
    ['v=spf1 include:other.example -all', '198.51.100.4', 'pass: include:other.example'],
    // What an included record forbids is no match, and not forbidden by that.
    ['v=spf1 include:soft.example ?all', '192.0.2.65', 'neutral: ?all'],
    ['v=spf1 redirect=other.example', '198.51.100.4', 'pass: ip4:198.51.100.0/24'],
    ['v=spf1 redirect=other.example', '192.0.2.65', 'fail: -all'],
    ['v=spf1 redirect=nowhere.example -all', '192.0.2.65', 'fail: -all'],
    ['v=spf1 ptr -all', '192.0.2.10', 'pass: ptr'],
    ['v=spf1 ptr -all', '192.0.2.9', 'fail: -all'],
    ['v=spf1 ptr -all', '192.0.2.8', 'fail: -all'],
    ['v=spf1 ptr -all', '192.0.2.7', 'pass: ptr'],
    ['v=spf1 exists:%{ir}.list.example -all', '192.0.2.10', 'pass: exists:%{ir}.list.example'],
    ['v=spf1 exists:%{ir}.list.example -all', '192.0.2.65', 'fail: -all'],
    ['v=spf1', '192.0.2.65', 'neutral: no term fits'],
    ['v=spf1 -ip4:192.0.2.65 +all', '192.0.2.65', 'fail: -ip4:192.0.2.65'],
    ['v=spf1 later=anything exp=why.example.org a -all', '192.0.2.10', 'pass: a'],
    // Evaluation ends with the first term that fits: nobody counts what comes after.
    [`v=spf1 ip4:192.0.2.65 ${'a:a.example.org '.repeat(11)} -all`, '192.0.2.65', 'pass: ip4:192.0.2.65'],
  ])('%s for %s is %s', async (record, address, expected) => {
    expect(await resultOf(record, address)).toBe(expected);
  });
});

describe('a record', () => {
  test.each([
    ['v=spf1 a mx include:other.example ip4:192.0.2.1 ptr exists:%{i}.list.example -all', 'neutral'],
    ['v=spf1   a    -all ', 'neutral'],
    ['v=spf1 ipv4:192.0.2.1 -all', "'ipv4:192.0.2.1' is no mechanism of SPF"],
    ['v=spf1 192.0.2.1 -all', "'192.0.2.1' is no mechanism of SPF"],
    ['v=spf1 ip4:192.0.2.256 -all', "'ip4:192.0.2.256' has no IPv4 address"],
    ['v=spf1 ip4:192.0.2.0/33 -all', 'no valid length of a prefix'],
    ['v=spf1 ip4:192.0.2.0/024 -all', 'no valid length of a prefix'],
    ['v=spf1 ip6:192.0.2.1 -all', "'ip6:192.0.2.1' has no IPv6 address"],
    ['v=spf1 ip4=192.0.2.1 -all', 'neutral'],
    ['v=spf1 a/33 -all', 'no valid length of a prefix'],
    ['v=spf1 include -all', "'include' needs a domain"],
    ['v=spf1 include: -all', 'no domain like example.org'],
    ['v=spf1 include:localhost -all', 'no domain like example.org'],
    ['v=spf1 include:https://example.net -all', 'https://example.net has no SPF record'],
    ['v=spf1 -all:example.org', "'all' takes no value"],
    ['v=spf1 exists:%{x}.example.org -all', 'an unknown macro'],
    ['v=spf1 a:50%.example.org -all', 'an unknown macro'],
    ['v=spf1 redirect=other.example redirect=other.example', 'redirect= comes twice'],
    // Also where no receiver would come to it.
    ['v=spf1 -all nonsense', "'nonsense' is no mechanism of SPF"],
    ['v=spf1 “a” -all', 'has letters that no term may have'],
    ['v=spf1 include:bad.example -all', 'in the record of bad.example'],
    ['v=spf1 include:nowhere.example -all', 'include:nowhere.example: nowhere.example has no SPF record'],
    ['v=spf1 redirect=nowhere.example', 'redirect= leads to nowhere.example has no SPF record'],
    ['v=spf1 include:two.example -all', 'two.example has 2 SPF records'],
    ['v=spf1 include:loop.example -all', 'more than 10 look-ups'],
    [`v=spf1 ${'a:mail-a.example.org '.repeat(10)} -all`, 'neutral'],
    [`v=spf1 ${'a:mail-a.example.org '.repeat(11)} -all`, "'a:mail-a.example.org' is one too many"],
    ['v=spf1 a:x1.example.org a:x2.example.org -all', 'neutral'],
    ['v=spf1 a:x1.example.org a:x2.example.org a:x3.example.org -all', 'the last one x3.example.org'],
    ['v=spf1 mx:mx11.example -all', 'mx11.example has 11 MX records, of which 10 may be'],
    ['v=spf1 include:broken.example -all', 'temperror: the name server answers SERVFAIL for broken.example'],
    ['v=spf1 include:silent.example -all', 'temperror: no answer'],
  ])('%s: %s', async (record, expected) => {
    const told = await resultOf(record);
    expect(told).toContain(expected);
    if (!/^(neutral|temperror)/.test(expected)) expect(told).toMatch(/^permerror: /);
  });

  test('two of one name break it, and none is none', async () => {
    expect(await checkSpf('two.example', undefined, resolver(hosts))).toMatchObject({ result: 'permerror' });
    expect(await checkSpf('example.org', '192.0.2.10', resolver(hosts))).toMatchObject({ result: 'none' });
    expect([isSpf('v=spf10 -all'), isSpf('V=SPF1'), isSpf('v=spf1;')]).toEqual([false, true, false]);
  });
});

test('macros', () => {
  const four = { address: '192.0.2.3', domain: 'email.example.com', sender: 'example.com' };
  const six = {
    address: '2001:0db8:0000:0000:0000:0000:0000:00cb',
    domain: 'example.com',
    sender: 'example.com',
  };
  const expand = (text: string, values = four): string => expandMacros(text, values);
  expect(expand('%{d}')).toBe('email.example.com');
  expect(expand('%{d2}.x')).toBe('example.com.x');
  expect(expand('%{dr}')).toBe('com.example.email');
  expect(expand('%{d2r}')).toBe('example.email');
  expect(expand('%{ir}.%{v}._spf.%{d2}')).toBe('3.2.0.192.in-addr._spf.example.com');
  expect(expand('%{ir}.%{v}', six)).toBe(
    'b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6',
  );
  expect(expand('%{s}')).toBe('postmaster@example.com');
  expect(expand('%{S}')).toBe('postmaster%40example.com');
  expect(expand('%{l-}._spf.%{o}')).toBe('postmaster._spf.example.com');
  expect(expand('%{d--+}')).toBe('email.example.com');
  expect(expand('a%%b')).toBe('a%b');
  expect(expand(`${'long-label.'.repeat(30)}example.org`).length).toBeLessThanOrEqual(253);
  expect(() => parseSpf('v=spf1 exists:%{d5r./}.example.org')).not.toThrow();
});

describe('what its owner is told', () => {
  async function told(record: string, senders: string[] = []): Promise<string | undefined> {
    const zone = { ...hosts, 'example.org': { ...hosts['example.org'], TXT: [record] } };
    const problem = await spfProblem('example.org', senders, resolver(zone), new Attempt());
    if (problem) expect(problem.code).toBe('dns-spf');
    return problem?.summary;
  }

  test('an invalid record, one that lets everybody send, and a server that is not in it', async () => {
    expect(await told('v=spf1 mx -all', ['192.0.2.129'])).toBeUndefined();
    expect(await told('v=spf1 ipv4:192.0.2.1 -all')).toContain('is invalid');
    expect(await told('v=spf1 include:broken.example -all')).toContain('cannot be evaluated');
    for (const record of ['v=spf1 a all', 'v=spf1 ip4:0.0.0.0/0 -all', 'v=spf1 ip6:::/0 -all'])
      expect(await told(record)).toContain('lets everybody send');
    expect(await told('v=spf1 include:open.example -all')).toContain("'+all' in the record of open.example");
    expect(await told('v=spf1 ?all')).toBeUndefined();
    expect(await told('v=spf1 mx ~all', ['192.0.2.9'])).toBe(
      "The SPF record of example.org does not allow this server to send mail for it: 192.0.2.9 gets 'softfail' (~all)",
    );
  });

  test('many senders ask for each record once', async () => {
    const asked: string[] = [];
    const zone = {
      ...hosts,
      'example.org': { ...hosts['example.org'], TXT: ['v=spf1 mx include:other.example -all'] },
    };
    const senders = Array.from({ length: 20 }, (_, n) => `198.51.100.${n}`);
    const look = (...[name, type]: Parameters<ReturnType<typeof resolver>>) => {
      asked.push(`${type} ${name}`);
      return resolver(zone)(name, type);
    };
    expect(await spfProblem('example.org', senders, look, new Attempt())).toBeUndefined();
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  test('of several addresses one of each IP version must be allowed', async () => {
    expect(await told('v=spf1 mx -all', ['192.0.2.9', '192.0.2.129'])).toBeUndefined();
    expect(await told('v=spf1 mx -all', ['192.0.2.129', '2001:db8::9'])).toContain("2001:db8::9 gets 'fail'");
    expect(await told('v=spf1 mx -all', ['192.0.2.129', '2001:db8::130'])).toBeUndefined();
  });
});
