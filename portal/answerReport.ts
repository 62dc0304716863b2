// From the headers and the body of a POST to an answer, for whatever server mounts it.
import { services } from './context.ts';
import { ingest, refusalOf } from './ingest.ts';
import type { IngestAnswer } from './openReport.ts';
import { bearerOf } from './secrets.ts';

export interface ReportPost {
  header(
    name: 'authorization' | 'content-encoding' | 'content-length' | 'x-forwarded-for',
  ): string | null | undefined;
  /** Reads at most `limits.compressedBytes` + 1 bytes. */
  body(): Promise<Uint8Array>;
  /** Of the connection. */
  address: string | undefined;
}

/** Of a larger body, or one that does not tell its size, nothing is read before its sender is known: an ordinary report has 15 kB. */
const unaskedBytes = 128 * 1024;

/** Never throws: what could not be stored now is answered with 503, and the agent sends it again. */
export async function answerReport({
  header,
  body,
  address,
}: ReportPost): Promise<{ status: IngestAnswer['status'] | 415 | 503; body: string }> {
  const encodings = encodingsOf(header('content-encoding'));
  const strange = encodings.find((name) => name !== 'gzip');
  if (strange !== undefined || encodings.length > 1)
    return { status: 415, body: 'The encoding of this body is not read here. Send it plain or as gzip.\n' };
  try {
    const { db, queue, environment } = services();
    // The last one is what our own proxy saw; those before it can be made up.
    const forwarded = environment.TRUST_PROXY
      ? header('x-forwarded-for')?.split(',').at(-1)?.trim()
      : undefined;
    const token = bearerOf(header('authorization'));
    const told = header('content-length');
    if (!token || !told || !(Number(told) <= unaskedBytes)) {
      const refusal = await refusalOf(db, token);
      if (refusal) return refusal;
    }
    return await ingest(db, await queue(), {
      token,
      body: await body(),
      gzip: encodings.includes('gzip'),
      from: forwarded || address,
    });
  } catch (error) {
    console.error(`${new Date().toISOString()} report not stored: ${String(error)}`);
    return { status: 503, body: 'The report could not be stored now. Keep it and send it again.\n' };
  }
}

/** What a body went through, by its header; `x-gzip` is an old name of gzip (RFC 9110, 8.4.1.3). */
function encodingsOf(header: string | null | undefined): string[] {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-(?=gzip$)/, ''))
    .filter((name) => name !== '' && name !== 'identity');
}
