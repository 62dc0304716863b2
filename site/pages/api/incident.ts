// POST /api/incident: what the signed link of an alert shows above an article.
import type { APIRoute } from 'astro';
import { services } from '#portal/context.ts';
import { incidentPanel } from '#portal/incidentPanel.ts';
import { readJson } from '#portal/readBounded.ts';
import { senderOf } from '#portal/request.ts';

export const prerender = false;

export const POST: APIRoute = async ({ request, clientAddress }) => {
  const answer = await incidentPanel(
    services(),
    await readJson(request, 1000),
    senderOf(request, clientAddress),
  );
  return Response.json(answer.status === 200 ? answer.panel : { message: answer.message }, {
    status: answer.status,
    headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
};
