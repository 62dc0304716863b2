// GET /api/metrics: the newest values as OpenMetrics text, for a token or for whoever is signed in.
import type { APIRoute } from 'astro';
import { exportMetrics } from '#portal/exportMetrics.ts';
import { contextOf } from '#portal/request.ts';
import { bearerOf } from '#portal/secrets.ts';

export const prerender = false;

export const GET: APIRoute = async ({ request, url }) => {
  const { services, member } = await contextOf(request);
  const { status, type, body } = await exportMetrics(services.db, {
    token: bearerOf(request.headers.get('authorization')),
    member,
    servers: url.searchParams.getAll('server'),
  });
  return new Response(body, { status, headers: { 'content-type': type, 'cache-control': 'no-store' } });
};
