// The mount of Auth.js: callbacks of sign-in links and what its forms post.
import type { APIRoute } from 'astro';
import { handleAuth } from '#portal/auth.ts';
import { services } from '#portal/context.ts';
import { senderOf } from '#portal/request.ts';

export const prerender = false;

export const GET: APIRoute = ({ request, clientAddress }) =>
  handleAuth(services(), request, senderOf(request, clientAddress));
export const POST = GET;

/** Mail scanners look at a link before the person does; a look must not use it up. */
export const HEAD: APIRoute = () => new Response(null, { status: 204 });
