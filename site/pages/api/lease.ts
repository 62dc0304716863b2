// POST /api/lease: where regions without database access get their work and bring their results.
import type { APIRoute } from 'astro';
import { regionLimits } from '#core/region.ts';
import { services } from '#portal/context.ts';
import { lease } from '#portal/lease.ts';
import { readBounded } from '#portal/readBounded.ts';
import { bearerOf } from '#portal/secrets.ts';

export const prerender = false;

export const POST: APIRoute = async ({ request }) => {
  const { db, queue } = services();
  const token = bearerOf(request.headers.get('authorization'));
  const body = await readBounded(request, regionLimits.bytes);
  const answer = await lease(db, await queue(), { token, body });
  return Response.json(answer.body, { status: answer.status });
};
