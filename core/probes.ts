// The words of the outside view: probe kinds with their settings, results, and the closed set of codes.
import { z } from 'zod';
import { pathProblem } from './jsonPath.ts';
import { parsePorts } from './portRange.ts';
import { parseStatus } from './statusSet.ts';

/** A name or an address. What is pasted from the address bar of a browser is none. */
const host = z
  .string()
  .min(1, 'must be a name or an address')
  .max(255)
  .regex(/^[^\s/@?#]*$/, 'must be a name or an address alone, without http:// and without a path');
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .max(2048);
const address = z
  .string()
  .max(64)
  .refine(
    (text) => z.ipv4().safeParse(text).success || z.ipv6().safeParse(text).success,
    'must be an address like 192.0.2.10 or 2001:db8::10',
  );
const certificates = z
  .string()
  .max(65_536)
  .regex(
    /-----BEGIN (TRUSTED )?CERTIFICATE-----/,
    'must be certificates in PEM, with -----BEGIN CERTIFICATE-----',
  );
/** Refused with the sentence that `problem` gives. */
const readable = <T extends z.ZodType<string>>(schema: T, problem: (text: string) => string | undefined): T =>
  schema.superRefine((text, context) => {
    const message = problem(text as string);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }) as T;
const headerName = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
/** What goes out in a header: Node sends Latin letters only, and a line break would begin another header. */
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of Latin letters');
const port = z.int().min(1).max(65535);
const timeoutMs = z.int().min(100).max(60_000).default(10_000);
const family = z.union([z.literal(4), z.literal(6)]).optional();
/** Connect to this address, whatever the name resolves to (a server probed over loopback, a pinned address). */
const connectTo = z.string().max(64).optional();
const starttls = z.enum(['smtp', 'imap', 'pop3', 'postgres', 'mysql', 'ftp']).optional();

function problemOf(read: object): string | undefined {
  return 'problem' in read ? (read.problem as string) : undefined;
}

/** Settings of each probe kind. Forms of the portal are drawn from these schemas; `describe` is the label. */
export const probeSettings = {
  ping: z.strictObject({
    host: host.describe('Host'),
    family: family.describe('IP version'),
    connectTo,
    count: z.int().min(1).max(20).default(5).describe('Echo requests'),
    maxLossPercent: z.number().min(0).max(100).default(50).describe('Most loss, in percent'),
    maxMs: z.number().positive().optional().describe('Slowest mean, in ms'),
    timeoutMs,
  }),
  port: z.strictObject({
    host: host.describe('Host'),
    port: port.describe('Port'),
    protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol'),
    expect: z.enum(['open', 'closed']).default('open').describe('Expected'),
    family: family.describe('IP version'),
    connectTo,
    send: z.string().max(1024).optional().describe('Send'),
    receive: z.string().max(1024).optional().describe('Answer contains'),
    starttls: starttls.describe('STARTTLS'),
    timeoutMs,
  }),
  ports: z.strictObject({
    host: host.describe('Host'),
    family: family.describe('IP version'),
    connectTo,
    range: readable(z.string().max(500), (text) => problemOf(parsePorts(text)))
      .default('1-65535')
      .describe('Ports to scan'),
    expectedOpen: z.array(port).max(1000).default([]).describe('Expected open'),
    rate: z.int().min(10).max(20_000).default(2000).describe('Connects per second'),
    timeoutMs: z.int().min(100).max(10_000).default(1500),
    totalTimeoutMs: z.int().min(1000).max(600_000).default(180_000),
  }),
  http: z.strictObject({
    url: webAddress.describe('Address'),
    method: z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      .default('GET')
      .describe('Method'),
    headers: z
      .record(z.string(), headerValue.max(2000))
      .superRefine((headers, context) => {
        const odd = Object.keys(headers).filter((name) => !headerName.test(name));
        if (odd.length > 0)
          context.addIssue({
            code: 'custom',
            message: `'${odd.join("', '").slice(0, 200)}' is no name of a header`,
          });
      })
      .default({})
      .describe('Headers'),
    body: z.string().max(65_536).optional().describe('Body'),
    basic: z
      .strictObject({ user: z.string().min(1).max(1000), password: z.string().max(1000) })
      .optional()
      .describe('Basic authentication'),
    bearer: headerValue.max(4096).optional().describe('Bearer token'),
    clientCertificate: z
      .strictObject({ cert: z.string().min(1).max(65_536), key: z.string().min(1).max(65_536) })
      .optional()
      .describe('Client certificate (PEM)'),
    ca: certificates.optional().describe('Trusted CA (PEM)'),
    verify: z.boolean().default(true).describe('Verify the certificate'),
    redirects: z.int().min(0).max(20).default(5).describe('Most redirects'),
    status: readable(z.string().max(100), (text) => problemOf(parseStatus(text)))
      .default('200')
      .describe('Expected status (200, 2xx, 200-299,404)'),
    contains: z.string().max(1000).optional().describe('Page contains'),
    lacks: z.string().max(1000).optional().describe('Page must not contain'),
    json: z
      .strictObject({ path: readable(z.string().max(200), pathProblem), equals: z.string().max(1000) })
      .optional()
      .describe('JSON value'),
    expectHeaders: z
      .record(z.string().max(100), z.string().max(500))
      .default({})
      .describe('Expected headers'),
    minBytes: z.int().min(0).optional().describe('Smallest body'),
    maxBytes: z.int().min(0).max(50_000_000).default(5_000_000).describe('Largest body'),
    maxMs: z.number().positive().optional().describe('Slowest answer, in ms'),
    version: z.enum(['1.1', '2']).optional().describe('HTTP version'),
    family: family.describe('IP version'),
    connectTo,
    proxy: z
      .url({ protocol: /^http$/, error: 'must be an address that begins with http://' })
      .optional()
      .describe('Proxy'),
    timeoutMs,
  }),
  exposed: z.strictObject({
    url: webAddress.describe('Address of the site'),
    paths: z
      .array(z.string().startsWith('/').max(200))
      .max(50)
      .default(['/.git/HEAD', '/.env', '/server-status'])
      .describe('Files that must not be readable'),
    family: family.describe('IP version'),
    connectTo,
    verify: z.boolean().default(false),
    timeoutMs,
  }),
  tls: z.strictObject({
    host: host.describe('Host'),
    port: port.default(443).describe('Port'),
    servername: z.string().max(255).optional().describe('Name to ask for (SNI)'),
    starttls: starttls.describe('STARTTLS'),
    warnDays: z.number().min(0).default(14).describe('Warn this many days before expiry'),
    criticalDays: z.number().min(0).default(7).describe('Critical this many days before expiry'),
    ca: certificates.optional().describe('Trusted CA (PEM)'),
    fingerprint: z
      .string()
      .max(128)
      .refine((text) => text.replaceAll(/[^0-9a-f]/gi, '').length === 64, 'must have 64 hexadecimal digits')
      .optional()
      .describe('Expected SHA-256 fingerprint'),
    minVersion: z
      .enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])
      .default('TLSv1.2')
      .describe('Oldest version allowed'),
    weak: z.boolean().default(true).describe('Try old versions and weak ciphers'),
    family: family.describe('IP version'),
    connectTo,
    timeoutMs,
  }),
  dns: z.strictObject({
    // Some reverse zones have a slash in their names (RFC 2317).
    name: z.string().min(1, 'must be a name').max(255).regex(/^\S*$/, 'must be one name').describe('Name'),
    type: z
      .enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SOA', 'CAA', 'PTR', 'SRV'])
      .default('A')
      .describe('Record type'),
    resolver: z
      .string()
      .max(100)
      .regex(
        /^(\[[0-9a-f:.]+\](:\d{1,5})?|[^:[\]\s]+(:\d{1,5})?|[0-9a-f:.]+)$/i,
        'write 192.0.2.53 or 192.0.2.53:5353',
      )
      .optional()
      .describe('Resolver (address or address:port)'),
    expected: z.array(z.string().max(1000)).max(50).optional().describe('Expected values'),
    /** While nothing is expected, the first good answer becomes what is expected (worker/evaluate/storeLooks.ts). */
    accept: z.boolean().default(false).describe('Accept what is there now, and tell when it changes'),
    /** Only while nothing was accepted yet: a name that does not exist is no failure. */
    mayBeAbsent: z.boolean().default(false).describe('Accept that it does not exist until it was seen once'),
    match: z.enum(['all', 'any']).default('all').describe('All or any of them'),
    startsWith: z.string().min(1).max(200).optional().describe('Only values that begin with this (v=spf1)'),
    senders: z.array(address).max(50).optional().describe('Addresses that send its mail (SPF)'),
    /** With `accept`: only if the first good answer leads there. */
    pointsTo: z.array(address).max(50).optional().describe('Addresses of the server'),
    authoritative: z.boolean().default(false).describe('Ask all authoritative servers'),
    dnssec: z.boolean().default(false).describe('Require DNSSEC'),
    timeoutMs,
  }),
  domain: z.strictObject({
    name: host.describe('Domain'),
    warnDays: z.number().min(0).default(30).describe('Warn this many days before expiry'),
    criticalDays: z.number().min(0).default(7).describe('Critical this many days before expiry'),
    rdap: webAddress.optional().describe('RDAP server'),
    whois: z.string().max(255).optional().describe('WHOIS server'),
    expectedNameservers: z.array(z.string().max(255)).max(20).optional().describe('Expected name servers'),
    timeoutMs,
  }),
  heartbeat: z.strictObject({
    intervalSeconds: z.int().min(10).max(31_536_000).describe('Expected every (seconds)'),
    graceSeconds: z.int().min(0).max(31_536_000).default(60).describe('Grace (seconds)'),
  }),
} as const;

export type ProbeKind = keyof typeof probeSettings;
export const probeKinds = Object.keys(probeSettings) as ProbeKind[];
export type ProbeSettings<K extends ProbeKind = ProbeKind> = z.infer<(typeof probeSettings)[K]>;

/**
 * The closed set of codes. `ok` and `closed-as-expected` are good; `target-refused` means that policy forbids the target;
 * `prober-…` codes say nothing about the target: the place that probes is at fault.
 */
export const probeCodes = {
  ok: 'As expected',
  'dns-nxdomain': 'The name does not exist',
  'dns-nodata': 'The name exists, but has no record of this type',
  'dns-servfail': 'The name server failed',
  'dns-refused': 'The name server refused to answer',
  'dns-timeout': 'No name server answered in time',
  'dns-mismatch': 'The answer is not the expected one',
  'dns-disagree': 'The authoritative servers do not agree',
  'dns-lame': 'A listed name server does not serve this zone',
  'dns-dnssec': 'DNSSEC validation fails',
  'dns-spf': 'The SPF record is invalid, or does not allow this server',
  'dns-not-here': 'The name does not point to this server',
  'connect-refused': 'The connection was refused: nothing listens there',
  'connect-timeout': 'No answer: filtered, or the host is down',
  'connect-unreachable': 'No route to the host or network',
  'connect-reset': 'The connection was cut',
  'unexpected-open': 'The port is open and should be closed',
  'ports-changed': 'The set of open ports is not the expected one',
  'answer-mismatch': 'The service answered something else',
  'answer-timeout': 'The service accepted the connection and then stayed silent',
  'starttls-missing': 'The service does not offer STARTTLS',
  'ping-loss': 'Echo requests were lost',
  'ping-timeout': 'No echo reply at all',
  'ping-slow': 'Echo replies took too long',
  'http-status': 'The status is not the expected one',
  'http-redirect-loop': 'Redirects go in a circle',
  'http-redirect-limit': 'Too many redirects',
  'http-body': 'The page lacks what it must contain, or contains what it must not',
  'http-json': 'The JSON value is not the expected one',
  'http-header': 'A header is not the expected one',
  'http-size': 'The body is smaller or larger than allowed',
  'http-slow': 'The answer took too long',
  'http-timeout': 'The server accepted the connection and did not answer in time',
  'http-protocol': 'The answer is not valid HTTP',
  'http-encoding': 'The body cannot be decompressed',
  'http-truncated': 'The connection ended before the body did',
  'exposed-file': 'A file that should be private can be read by anyone',
  'tls-handshake': 'The TLS handshake failed',
  'tls-timeout': 'The TLS handshake did not finish in time',
  'tls-expired': 'The certificate has expired',
  'tls-not-yet-valid': 'The certificate is not valid yet',
  'tls-expiring': 'The certificate expires soon',
  'tls-name': 'The certificate does not cover the name',
  'tls-chain': 'The chain is incomplete',
  'tls-self-signed': 'The certificate is self-signed',
  'tls-untrusted': 'The issuer is not trusted',
  'tls-revoked': 'The certificate was revoked',
  'tls-staple': 'The certificate demands a stapled OCSP answer, and the server sends none',
  'tls-weak': 'Old protocol versions, weak ciphers or short keys are accepted',
  'tls-changed': 'The certificate is not the expected one',
  'domain-expiring': 'The registration expires soon',
  'domain-expired': 'The registration has expired',
  'domain-status': 'The registry put the domain on hold or will delete it',
  'domain-nameservers': 'The name servers are not the expected ones',
  'domain-unpublished': 'The registry does not publish the expiry date',
  'domain-not-found': 'The domain is not registered',
  'domain-lookup': 'Neither RDAP nor WHOIS answered',
  'heartbeat-missed': 'The job did not report in',
  'target-refused': 'Policy forbids this target',
  'prober-permission': 'This place may not open the socket that the probe needs',
  'prober-missing': 'A program that the probe needs is not installed',
  'prober-offline': 'This place is offline itself',
  'prober-error': 'The probe itself failed',
} as const satisfies Record<string, string>;
export type ProbeCode = keyof typeof probeCodes;

export interface Phase {
  name:
    'dns' | 'connect' | 'starttls' | 'tls' | 'send' | 'first-byte' | 'download' | 'echo' | 'scan' | 'lookup';
  ms: number;
}

export interface ProbeResult {
  kind: ProbeKind;
  target: string;
  ok: boolean;
  code: ProbeCode;
  /** A worse or better grade than the code's usual one: an expiring certificate is a warning, an expired one is down. */
  degraded?: boolean;
  /** One sentence with the numbers, for a person. */
  summary: string;
  ms: number;
  phases: Phase[];
  details: Record<string, unknown>;
  /** What was sent and received, line by line; bounded to 8 kB. */
  transcript: string[];
}
