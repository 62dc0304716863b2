// Bodies: decompression with a bound, and text by the charset that the server names.
import { own } from '#core/own.ts';
import zlib from 'node:zlib';
import type { Verdict } from './attempt.ts';
import type { ExchangeResponse } from './httpMessage.ts';

/** More than one is rare; each may grow to the bound again, and undoing it holds up everything else. */
const mostEncodings = 3;

const decoders: Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: zlib.gunzipSync,
  'x-gzip': zlib.gunzipSync,
  deflate: inflateAny,
  br: zlib.brotliDecompressSync,
  zstd: zlib.zstdDecompressSync,
};

/** Undoes Content-Encoding. A body that grows beyond `maxBytes` or cannot be read is a verdict. */
export function decodeBody(response: ExchangeResponse, maxBytes: number): { body: Buffer } | Verdict {
  const names = (response.headers['content-encoding'] ?? '').toLowerCase().split(',');
  let body = response.body;
  if (body.length === 0) return { body };
  if (names.length > mostEncodings)
    return { code: 'http-encoding', summary: `The body is encoded ${names.length} times over` };
  for (const name of names.map((part) => part.trim()).reverse()) {
    if (name === '' || name === 'identity') continue;
    const decoder = own(decoders, name);
    if (!decoder)
      return { code: 'http-encoding', summary: `The body is encoded as '${name}', which nobody asked for` };
    try {
      body = decoder(body, { maxOutputLength: Math.max(1, maxBytes) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
        return { code: 'http-size', summary: `The body is larger than ${maxBytes} bytes` };
      }
      return { code: 'http-encoding', summary: `The body is not valid ${name}: ${(error as Error).message}` };
    }
  }
  return { body };
}

/** Some servers mean raw deflate by `deflate`, most mean zlib (RFC 9110 says zlib). */
function inflateAny(body: Buffer, options: { maxOutputLength: number }): Buffer {
  const isZlib = ((body[0] ?? 0) & 0x0f) === 8 && (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0;
  return isZlib ? zlib.inflateSync(body, options) : zlib.inflateRawSync(body, options);
}

/** Decodes by the charset of Content-Type; UTF-8 when it names none or an unknown one. */
export function textOf(body: Buffer, contentType: string | undefined): string {
  const charset = /charset=["']?([\w.:-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return body.toString('utf8');
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString('utf8');
  }
}
