// Fetching a document that a probe needs on the side: registration data, a missing certificate. Policy holds here too.
import { Attempt, ProbeFailure } from './attempt.ts';
import { decodeBody } from './body.ts';
import { exchange } from './exchange.ts';
import type { ProbeContext } from './probe.ts';
import { secureContext } from './tlsContext.ts';

export interface FetchOptions {
  accept: string;
  maxBytes: number;
  timeoutMs: number;
}

const mostRedirects = 4;

/** The status and the body. Throws ProbeFailure when no answer could be had, or the document is larger than `maxBytes`. */
export async function fetchDocument(
  address: string,
  options: FetchOptions,
  context: ProbeContext,
): Promise<{ status: number; body: Buffer; url: string }> {
  const limited = {
    ...context,
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(options.timeoutMs)]),
  };
  let url = new URL(address);
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const headers = {
      host: url.host,
      'user-agent': 'Rootnote (monitor)',
      accept: options.accept,
      'accept-encoding': 'gzip',
      connection: 'close',
    };
    const request = {
      url,
      method: 'GET',
      headers,
      secureContext,
      verify: true,
      maxBytes: options.maxBytes,
    };
    // Phases and details of this side errand do not belong to the probe.
    const response = await exchange(request, new Attempt(), limited);
    const { location } = response.headers;
    if (
      response.status >= 300 &&
      response.status < 400 &&
      location !== undefined &&
      URL.canParse(location, url)
    ) {
      const next = new URL(location, url);
      if (next.protocol !== 'http:' && next.protocol !== 'https:') break;
      url = next;
      continue;
    }
    if (response.cut)
      throw new ProbeFailure('http-size', `${url.href} is larger than ${options.maxBytes} bytes`);
    const decoded = decodeBody(response, options.maxBytes);
    if ('code' in decoded) throw new ProbeFailure(decoded.code, decoded.summary);
    return { status: response.status, body: decoded.body, url: url.href };
  }
  throw new ProbeFailure('http-redirect-limit', `${address} redirects too often`);
}
