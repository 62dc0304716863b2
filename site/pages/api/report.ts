// POST /api/report where Astro serves alone (`astro dev`). site/serve.ts mounts the same without Astro's share, which is most of its cost.
import type { APIRoute } from 'astro';
import { reportLimits } from '#core/report.ts';
import { answerReport } from '#portal/answerReport.ts';
import { readBounded } from '#portal/readBounded.ts';

export const prerender = false;

export const POST: APIRoute = async ({ request, clientAddress }) => {
  const { status, body } = await answerReport({
    header: (name) => request.headers.get(name),
    body: () => readBounded(request, reportLimits.compressedBytes),
    address: clientAddress,
  });
  return new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
