// GET or POST /api/beat/…: a job reports in.
import type { APIRoute } from 'astro';
import { beat } from '#portal/beat.ts';
import { services } from '#portal/context.ts';

export const prerender = false;

const answer: APIRoute = async ({ params }) => {
  const { db, secret } = services();
  const { status, body } = await beat(db, secret, params.token ?? '');
  return new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
export const GET = answer;
export const POST = answer;
