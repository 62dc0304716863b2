// POST /api/report: where agents send their reports.
import type { APIRoute } from 'astro';
import { reportLimits } from '#core/report.ts';
import { services } from '#portal/context.ts';
import { ingest } from '#portal/ingest.ts';
import { readBounded } from '#portal/readBounded.ts';

export const prerender = false;

const text = (status: number, body: string) =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });

export const POST: APIRoute = async ({ request, clientAddress }) => {
  const { db, queue, environment } = services();
  const forwarded = environment.TRUST_PROXY
    ? request.headers.get('x-forwarded-for')?.split(',')[0]?.trim()
    : undefined;
  try {
    const answer = await ingest(db, await queue(), {
      token: /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '',
      body: await readBounded(request, reportLimits.compressedBytes),
      gzip: /\bgzip\b/i.test(request.headers.get('content-encoding') ?? ''),
      from: forwarded || clientAddress,
    });
    return text(answer.status, answer.body);
  } catch (error) {
    console.error(`${new Date().toISOString()} report not stored: ${String(error)}`);
    return text(503, 'The report could not be stored now. Keep it and send it again.\n');
  }
};
