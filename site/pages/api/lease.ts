// POST /api/lease: where regions without database access get their work and bring their results.
import type { APIRoute } from 'astro';
import { regionLimits } from '#core/region.ts';
import { services } from '#portal/context.ts';
import { lease } from '#portal/lease.ts';
import { readBounded } from '#portal/readBounded.ts';

export const prerender = false;

export const POST: APIRoute = async ({ request }) => {
  const { db, queue } = services();
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  const body = await readBounded(request, regionLimits.bytes);
  const answer = await lease(db, await queue(), { token, body });
  return Response.json(answer.body, { status: answer.status });
};
