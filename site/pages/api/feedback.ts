// POST /api/feedback: "Did this help?" below an article. No cookie is set or read.
import type { APIRoute } from 'astro';
import { services } from '#portal/context.ts';
import { storeFeedback } from '#portal/feedback.ts';
import { readJson } from '#portal/readBounded.ts';
import { senderOf } from '#portal/request.ts';

export const prerender = false;

export const POST: APIRoute = async ({ request, clientAddress }) => {
  const said = await readJson(request, 10_000);
  const { status, message } = await storeFeedback(services().db, said, senderOf(request, clientAddress));
  return Response.json({ message }, { status, headers: { 'cache-control': 'no-store' } });
};
