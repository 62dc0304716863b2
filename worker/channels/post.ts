import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { isPublicAddress } from '#worker/probes/policy.ts';
import { type ChannelContext, ChannelError } from './channel.ts';

const timeoutMs = 10_000;
const answerBytes = 65_536;

export interface Answer {
  status: number;
  /** The first 64 kB, as text. */
  body: string;
  /** Seconds of the Retry-After header, at most an hour. */
  retryAfter?: number;
}

/**
 * Sends one POST and reads a bounded answer. Follows no redirect: the body would go to an address that nobody checked.
 * The address is judged after resolution and the connection goes to exactly that address.
 * Throws ChannelError when there is no answer; whatever status the answer has, it is returned.
 */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  context: Pick<ChannelContext, 'signal' | 'allow'>,
): Promise<Answer> {
  const { hostname } = new URL(url);
  const literal = hostname.replace(/^\[|\]$/g, '');
  const allow = context.allow ?? isPublicAddress;
  // The operating system does not look up a literal address, so the lookup below would never see it.
  if (isIP(literal) && !allow(literal)) throw forbidden(literal);

  const agent = new Agent({ connect: { lookup: allowedLookup(allow), timeout: timeoutMs }, pipelining: 0 });
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
    const response = await request(url, { method: 'POST', body, headers, dispatcher: agent, signal });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length >= answerBytes) break;
    }
    return {
      status: response.statusCode,
      body: text.slice(0, answerBytes),
      retryAfter: readRetryAfter(response.headers['retry-after']),
    };
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    throw new ChannelError(`No answer from ${hostname}: ${reasonOf(error)}.`, {
      permanent: false,
      cause: error,
    });
  } finally {
    await agent.destroy();
  }
}

/** Resolves a name and keeps only the addresses that may be contacted. */
function allowedLookup(allow: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => allow(address));
      const [first] = allowed;
      if (!first) return callback(forbidden(found[0]?.address ?? hostname), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function forbidden(address: string): ChannelError {
  return new ChannelError(
    `The address ${address} is private or reserved. An operator can open it with PROBE_ALLOW.`,
    { permanent: true },
  );
}

function readRetryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(3600, Math.max(0, Math.ceil(seconds))) : undefined;
}

function reasonOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string };
  if (name === 'TimeoutError') return `nothing came within ${timeoutMs / 1000} seconds`;
  if (name === 'AbortError') return 'the delivery was stopped';
  const known: Record<string, string> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was cut',
    ENOTFOUND: 'the name does not exist',
    EAI_AGAIN: 'the name could not be resolved now',
    EHOSTUNREACH: 'there is no route to it',
    ENETUNREACH: 'there is no route to it',
    UND_ERR_CONNECT_TIMEOUT: 'the connection was not accepted in time',
    UND_ERR_SOCKET: 'the connection was cut',
  };
  return (typeof code === 'string' && (known[code] ?? code)) || 'the connection failed';
}
