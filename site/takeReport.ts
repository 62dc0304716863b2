// POST /api/report, where agents send their reports: taken before Astro, whose streams would be most of what a report costs.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { reportLimits } from '#core/report.ts';
import { answerReport } from '#portal/answerReport.ts';

/** Whether this is the address of `takeReport`, which takes POST. */
export function isReport({ url }: IncomingMessage): boolean {
  return url !== undefined && /^\/api\/report\/?(\?|$)/.test(url);
}

export async function takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answerReport({
    header: (name) => request.headers[name] as string | undefined,
    body: () => readBody(request),
    address: request.socket.remoteAddress,
  });
  // The rest of a body that is not wanted is not kept: the connection ends with the answer.
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  if (request.complete) return void response.end(body);
  response.write(body);
  await unread(request);
  response.end();
}

/** A connection that is closed with something unread takes the answer from its sender, who gets so long to read it, and to send so much more. */
const linger = { ms: 1000, bytes: 8 * 1024 * 1024 };

function unread(request: IncomingMessage): Promise<void> {
  return new Promise((over) => {
    let left = linger.bytes;
    const done = (): void => {
      clearTimeout(timer);
      over();
    };
    const timer = setTimeout(done, linger.ms);
    request.once('close', done);
    request.on('data', (chunk: Buffer) => {
      left -= chunk.byteLength;
      if (left < 0) done();
    });
    request.resume();
  });
}

/** At most one byte more than allowed, which tells that it was too much. Rejects when the sender goes away. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  const most = reportLimits.compressedBytes + 1;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('The sender went away.'));
    if (request.destroyed) return gone();
    const done = () => resolve(Buffer.concat(chunks).subarray(0, most));
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size < most) return;
      request.pause().off('data', take);
      done();
    };
    request.on('data', take);
    request.on('end', done);
    request.on('error', reject);
    request.on('close', gone);
  });
}
