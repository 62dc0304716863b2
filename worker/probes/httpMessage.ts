// What goes out and what comes in over HTTP, in one form for both versions of the protocol.
import type { SecureContext } from 'node:tls';
import type { Attempt } from './attempt.ts';
import { shownHeader } from './headers.ts';

export interface ExchangeRequest {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string | undefined;
  version?: '1.1' | '2' | undefined;
  family?: 4 | 6 | undefined;
  connectTo?: string | undefined;
  proxy?: URL | undefined;
  /** Asked for only when TLS is spoken: the first context costs 100 ms to build. */
  secureContext: () => SecureContext;
  verify: boolean;
  /** Stop reading after so many bytes as they come over the wire. */
  maxBytes: number;
  /** Gets what came of a response that broke off. */
  onBroken?: (partial: ExchangeResponse) => void;
}

export interface ExchangeResponse {
  status: number;
  statusText: string;
  httpVersion: string;
  /** Names in lower case; several cookies are separated by line breaks. */
  headers: Record<string, string>;
  /** As received, before decompression. */
  body: Buffer;
  /** There was more than `maxBytes`. */
  cut: boolean;
}

export function noteRequest({ url, headers, method, body }: ExchangeRequest, attempt: Attempt): void {
  attempt.note(`> ${method} ${url.pathname}${url.search} (Host: ${headers.host ?? url.host})`);
  for (const name of Object.keys(headers)) {
    if (name !== 'host') attempt.note(`> ${name}: ${shownHeader(name, headers[name] ?? '')}`);
  }
  if (body !== undefined) attempt.note(`> (body of ${Buffer.byteLength(body)} bytes)`);
}

/** A response while it comes in; keeps its phases and its lines of the transcript. */
export class Incoming {
  received = 0;
  private readonly attempt: Attempt;
  private readonly maxBytes: number;
  private readonly body = new Gathered();
  private readonly head = {
    status: 0,
    statusText: '',
    httpVersion: '',
    headers: {} as Record<string, string>,
  };
  private since = performance.now();

  constructor(attempt: Attempt, maxBytes: number) {
    this.attempt = attempt;
    this.maxBytes = maxBytes;
  }

  get begun(): boolean {
    return this.head.status > 0;
  }

  begin(status: number, statusText: string, httpVersion: string, headers: Record<string, string>): void {
    this.since = this.attempt.phase('first-byte', this.since);
    Object.assign(this.head, { status, statusText, httpVersion, headers });
    this.attempt.note(`< HTTP/${httpVersion} ${status} ${statusText}`.trimEnd());
    for (const name of Object.keys(headers)) {
      const value = headers[name] ?? '';
      // Each cookie has a line of its own.
      if (value.includes('\n')) {
        for (const part of value.split('\n')) this.attempt.note(`< ${name}: ${shownHeader(name, part)}`);
      } else this.attempt.note(`< ${name}: ${shownHeader(name, value)}`);
    }
  }

  /** Whether there is still room. */
  add(chunk: Buffer): boolean {
    this.received += chunk.length;
    this.body.add(chunk);
    return this.received <= this.maxBytes;
  }

  /** The whole of it, or what came so far. */
  end(cut: boolean): ExchangeResponse {
    this.attempt.phase(this.begun ? 'download' : 'first-byte', this.since);
    const body = this.body.bytes();
    if (this.begun) this.attempt.note(`* ${body.length} bytes of body${cut ? ', not all' : ''}`);
    return { ...this.head, body, cut };
  }
}

/**
 * Bytes that come in pieces, as one buffer. The first piece is kept as it is, since most answers are one; a body that comes byte by byte must
 * not cost a hundred bytes each.
 */
class Gathered {
  private buffer: Buffer = Buffer.alloc(0);
  private used = 0;

  add(piece: Buffer): void {
    if (this.used === 0) {
      this.buffer = piece;
      this.used = piece.length;
      return;
    }
    const needed = this.used + piece.length;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length, 1024));
      this.buffer.copy(larger, 0, 0, this.used);
      this.buffer = larger;
    }
    piece.copy(this.buffer, this.used);
    this.used = needed;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.used);
  }
}

/** What was waited for when the time was over. */
export function lateness({ begun, received }: Incoming): string {
  if (!begun) return 'The server accepted the connection and did not answer in time';
  return `The answer began in time and did not end: ${received} bytes of the body came`;
}
