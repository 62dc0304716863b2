// Bounds a report and reads its first line, and no more: what its sections say is the worker's matter.
import { gunzip, gunzipSync, gzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { readHeader, type Report, ReportError, reportLimits } from '#core/report.ts';
import { latestDays } from '#prisma/partitions.ts';

export interface IngestRequest {
  /** Of the header `Authorization: Bearer …`. */
  token: string;
  body: Uint8Array;
  gzip: boolean;
  /** The sender's address, as far as it is known. */
  from?: string;
}

export interface IngestAnswer {
  status: 202 | 400 | 401 | 403 | 413;
  /** One or two lines for whoever reads the agent's log; an enrolment answers `token …`. */
  body: string;
}

export interface OpenedReport {
  receivedAt: Date;
  reportedAt: Date;
  /** gzip'd, as it is stored. */
  packed: Buffer;
  /** Unpacked. */
  bytes: number;
  text(): string;
}

const tooLarge: IngestAnswer = {
  status: 413,
  body: `A report may have ${reportLimits.compressedBytes} bytes on the way and ${reportLimits.bytes} bytes unpacked.\n`,
};

/** The report of a request, or the answer that says why it is none. */
export async function openReport({
  body,
  gzip,
}: Pick<IngestRequest, 'body' | 'gzip'>): Promise<OpenedReport | IngestAnswer> {
  if (body.byteLength > reportLimits.compressedBytes) return tooLarge;
  const sent = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const bytes = gzip ? await unpack(sent) : sent;
  if (bytes === undefined)
    return { status: 400, body: 'The body says it is gzip and cannot be decompressed.\n' };
  if (bytes === 'too-large' || bytes.byteLength > reportLimits.bytes) return tooLarge;
  const receivedAt = new Date();
  try {
    const header = readHeader(firstLine(bytes));
    const packed = gzip ? sent : gzipSync(sent, { level: 1 });
    return {
      receivedAt,
      reportedAt: reportTime(header, receivedAt),
      packed,
      bytes: bytes.byteLength,
      // Unpacked again by the one who needs it: a batch must not keep a hundred unpacked reports.
      text: () => gunzipSync(packed, { maxOutputLength: reportLimits.bytes }).toString('utf8'),
    };
  } catch (error) {
    if (error instanceof ReportError) return { status: 400, body: `${error.message}\n` };
    throw error;
  }
}

/** Unpacked on the spot up to this size, which takes about a millisecond; what is larger is unpacked beside the event loop. */
const onTheSpot = 1024 * 1024;
const inflate = promisify(gunzip);
/** Each may take as much memory as a report may have bytes: so many at once, the others wait. */
const besideAtOnce = 4;
let beside = 0;
const waiting: (() => void)[] = [];

async function unpackBeside(body: Buffer): Promise<Buffer> {
  if (beside >= besideAtOnce) await new Promise<void>((go) => waiting.push(go));
  else beside++;
  try {
    return await inflate(body, { maxOutputLength: reportLimits.bytes });
  } finally {
    // Whoever waits takes the place.
    const next = waiting.shift();
    if (next) next();
    else beside--;
  }
}

async function unpack(body: Buffer): Promise<Buffer | 'too-large' | undefined> {
  try {
    return gunzipSync(body, { maxOutputLength: onTheSpot, chunkSize: 65_536 });
  } catch (error) {
    if (!isTooLarge(error)) return undefined;
  }
  try {
    return await unpackBeside(body);
  } catch (error) {
    return isTooLarge(error) ? 'too-large' : undefined;
  }
}

const isTooLarge = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';

/** Of the first line only so much is read. */
const headerBytes = 4096;

function firstLine(bytes: Buffer): string {
  const end = bytes.subarray(0, headerBytes).indexOf(10);
  return bytes
    .toString('utf8', 0, end < 0 ? headerBytes : end)
    .replaceAll('\0', '')
    .replace(/\r$/, '');
}

/** No report is made after it arrives: so much a clock may be ahead before its time is not believed. */
const aheadMs = 30_000;

/**
 * The time a report claims, unless that lies ahead or before what an agent can have buffered. What the clock said stays in the report:
 * how far it is off is told from there (worker/parse/readStored.ts).
 */
export function reportTime(header: Report['header'], receivedAt: Date): Date {
  const claimed = Number(header['epoch']) * 1000;
  const age = receivedAt.getTime() - claimed;
  const plausible = Number.isFinite(claimed) && age > -aheadMs && age < latestDays * 86_400_000;
  return plausible ? new Date(claimed) : receivedAt;
}
