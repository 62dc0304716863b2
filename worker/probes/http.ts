// HTTP and HTTPS: what a visitor gets, with redirects, checks of status, headers, body and time.
import type { SecureContext } from 'node:tls';
import type { ProbeSettings } from '#core/probes.ts';
import { probeTarget, shownUrl } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, round, type Verdict } from './attempt.ts';
import { decodeBody, textOf } from './body.ts';
import { exchange } from './exchange.ts';
import { shownHeaders } from './headers.ts';
import type { ExchangeResponse } from './httpMessage.ts';
import { valueAt } from '#core/jsonPath.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { proxyAuthorization } from './proxy.ts';
import { nextHop, startHop, type Hop } from './redirects.ts';
import { parseStatus } from '#core/statusSet.ts';
import { secureContext } from './tlsContext.ts';

type Settings = ProbeSettings<'http'>;

/** A text names a body at most this long in details. */
const shownBody = 1024;
/** An address on the way of redirects is kept at most this long. */
const shownLocation = 500;

export const httpProbe: Probe<'http'> = {
  kind: 'http',
  run: (settings, context) =>
    conduct('http', probeTarget('http', settings), (attempt) => look(settings, attempt, context)),
};

async function look(settings: Settings, attempt: Attempt, context: ProbeContext): Promise<Verdict> {
  const started = performance.now();
  const statuses = parseStatus(settings.status);
  if ('problem' in statuses) throw new ProbeFailure('prober-error', statuses.problem);
  const expected = statuses.test;
  const { response, hop } = await follow(settings, expected, attempt, context);
  const ms = round(performance.now() - started);
  keepHead(response, attempt);
  attempt.details.url = shownUrl(hop.url);
  attempt.details.security = securityHeaders(response.headers);

  if (!expected(response.status)) {
    keepBody(response, attempt);
    const hint =
      response.status >= 300 && response.status < 400
        ? ` (to ${response.headers.location ?? 'nowhere'})`
        : '';
    return { code: 'http-status', summary: `HTTP ${response.status}${hint}, expected ${settings.status}` };
  }
  return (
    checkHeaders(settings, response) ??
    checkBody(settings, response, attempt) ??
    checkTime(settings, ms) ?? {
      code: 'ok',
      summary: `HTTP ${response.status}, ${response.body.length} bytes in ${Math.round(ms)} ms`,
    }
  );
}

async function follow(
  settings: Settings,
  expected: (status: number) => boolean,
  attempt: Attempt,
  context: ProbeContext,
): Promise<{ response: ExchangeResponse; hop: Hop }> {
  const secure = (): SecureContext => secureContext(settings);
  const proxy = settings.proxy === undefined ? undefined : new URL(settings.proxy);
  const start = new URL(settings.url);
  const authorization = authorizationOf(settings, start, attempt);
  const chain: { url: string; status: number }[] = [];
  let hop = startHop(settings, start);
  for (;;) {
    const response = await exchange(
      {
        url: hop.url,
        method: hop.method,
        headers: headersFor(hop, settings, authorization, proxy, attempt),
        body: hop.body,
        version: settings.version,
        family: settings.family,
        // A pinned address belongs to the host that the monitor is about, not to where that sends us.
        connectTo: hop.sameHost ? settings.connectTo : undefined,
        proxy,
        secureContext: secure,
        verify: settings.verify,
        maxBytes: settings.maxBytes,
        onBroken: (partial) => {
          keepHead(partial, attempt);
          keepBody(partial, attempt);
        },
      },
      attempt,
      context,
    );
    if (expected(response.status) || settings.redirects === 0) return { response, hop };
    const next = nextHop(hop, response);
    if (next === undefined) return { response, hop };
    chain.push({ url: shownUrl(hop.url).slice(0, shownLocation), status: response.status });
    attempt.details.redirects = chain;
    if (next.loop) {
      throw new ProbeFailure(
        'http-redirect-loop',
        `After ${chain.length} redirects it is back at ${shownUrl(next.url)}`,
      );
    }
    if (chain.length > settings.redirects) {
      throw new ProbeFailure(
        'http-redirect-limit',
        `More than ${settings.redirects} redirects; the last one to ${shownUrl(next.url)}`,
      );
    }
    attempt.note(`* redirect to ${next.url.href}`);
    hop = next;
  }
}

function authorizationOf(settings: Settings, url: URL, attempt: Attempt): string | undefined {
  const inUrl =
    url.username === ''
      ? undefined
      : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  const basic = settings.basic ?? inUrl;
  attempt.hide(basic?.password);
  attempt.hide(settings.bearer);
  if (settings.bearer !== undefined) return `Bearer ${settings.bearer}`;
  if (basic === undefined) return undefined;
  const pair = Buffer.from(`${basic.user}:${basic.password}`).toString('base64');
  attempt.hide(pair);
  return `Basic ${pair}`;
}

function headersFor(
  hop: Hop,
  settings: Settings,
  authorization: string | undefined,
  proxy: URL | undefined,
  attempt: Attempt,
): Record<string, string> {
  const headers: Record<string, string> = {
    host: hop.url.host,
    'user-agent': 'Rootnote (monitor)',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    connection: 'close',
  };
  if (hop.sameHost && authorization !== undefined) headers.authorization = authorization;
  for (const [name, value] of Object.entries(settings.headers)) {
    const lower = name.toLowerCase();
    // What was meant for one host (Host, Authorization, Cookie, keys) must not reach the host that it redirects to.
    if (hop.sameHost || /^(accept|accept-language|user-agent)$/.test(lower)) headers[lower] = value;
  }
  if (hop.cookies !== '') headers.cookie = headers.cookie ? `${headers.cookie}; ${hop.cookies}` : hop.cookies;
  if (hop.body !== undefined) headers['content-length'] = String(Buffer.byteLength(hop.body));
  else if (/^P/.test(hop.method)) headers['content-length'] = '0';
  if (proxy && hop.url.protocol === 'http:') {
    const secret = proxyAuthorization(proxy);
    attempt.hide(secret);
    if (secret !== undefined) headers['proxy-authorization'] = secret;
  }
  return headers;
}

function checkHeaders(settings: Settings, response: ExchangeResponse): Verdict | undefined {
  for (const [name, wanted] of Object.entries(settings.expectHeaders)) {
    const value = response.headers[name.toLowerCase()];
    if (value === undefined) return { code: 'http-header', summary: `The header ${name} is missing` };
    if (!value.toLowerCase().includes(wanted.toLowerCase())) {
      return {
        code: 'http-header',
        summary: `The header ${name} is '${value.slice(0, 100)}', expected '${wanted}'`,
      };
    }
  }
  return undefined;
}

function checkBody(settings: Settings, response: ExchangeResponse, attempt: Attempt): Verdict | undefined {
  const { maxBytes, minBytes, contains, lacks, json } = settings;
  if (response.cut) return { code: 'http-size', summary: `The body is larger than ${maxBytes} bytes` };
  const decoded = decodeBody(response, maxBytes);
  if ('code' in decoded) {
    attempt.details.bodyHex = response.body.subarray(0, 32).toString('hex');
    return decoded;
  }
  attempt.details.bytes = decoded.body.length;
  if (decoded.body.length !== response.body.length) attempt.details.encodedBytes = response.body.length;
  if (minBytes !== undefined && decoded.body.length < minBytes) {
    keepBody({ ...response, body: decoded.body }, attempt);
    return {
      code: 'http-size',
      summary: `The body has ${decoded.body.length} bytes, expected at least ${minBytes}`,
    };
  }
  if (contains === undefined && lacks === undefined && json === undefined) return undefined;
  const text = textOf(decoded.body, response.headers['content-type']);
  const problem = checkText(settings, text);
  if (problem) attempt.details.body = attempt.mask(text.slice(0, shownBody));
  return problem;
}

function checkText(settings: Settings, text: string): Verdict | undefined {
  const { contains, lacks, json } = settings;
  if (contains !== undefined && !text.includes(contains)) {
    return { code: 'http-body', summary: `The page does not contain '${contains.slice(0, 100)}'` };
  }
  if (lacks !== undefined && text.includes(lacks)) {
    return { code: 'http-body', summary: `The page contains '${lacks.slice(0, 100)}'` };
  }
  if (json === undefined) return undefined;
  const found = valueAt(text, json.path);
  if ('problem' in found) return { code: 'http-json', summary: found.problem };
  if (found.value === json.equals) return undefined;
  return {
    code: 'http-json',
    summary: `${json.path} is '${found.value.slice(0, 100)}', expected '${json.equals}'`,
  };
}

function checkTime(settings: Settings, ms: number): Verdict | undefined {
  if (settings.maxMs === undefined || ms <= settings.maxMs) return undefined;
  return {
    code: 'http-slow',
    summary: `The answer took ${Math.round(ms)} ms, more than ${settings.maxMs} ms`,
  };
}

function keepHead({ status, httpVersion, headers, body }: ExchangeResponse, { details }: Attempt): void {
  Object.assign(details, { status, httpVersion, headers: shownHeaders(headers), bytes: body.length });
}

function keepBody(response: ExchangeResponse, attempt: Attempt): void {
  const decoded = decodeBody(response, 1_000_000);
  const body = 'code' in decoded ? response.body : decoded.body;
  attempt.details.body = attempt.mask(
    textOf(body.subarray(0, shownBody * 4), response.headers['content-type']).slice(0, shownBody),
  );
}

const securityNames = [
  ['hsts', 'strict-transport-security'],
  ['csp', 'content-security-policy'],
  ['frameOptions', 'x-frame-options'],
  ['contentTypeOptions', 'x-content-type-options'],
  ['referrerPolicy', 'referrer-policy'],
] as const;

/** The security headers that are there; for information, never a failure. */
function securityHeaders(headers: Record<string, string>): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const [short, name] of securityNames) found[short] = headers[name]?.slice(0, 300) ?? null;
  return found;
}
