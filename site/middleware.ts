// Cross-site request forgery: a request to the API that can change something must come from our own pages, because the browser sends
// the session's cookie along. Agents and probes carry a token of their own and no cookie, so they may come from anywhere.
import { defineMiddleware } from 'astro:middleware';
import { isForged } from './isForged.ts';

export const onRequest = defineMiddleware(({ request, url, isPrerendered }, next) => {
  if (isPrerendered || !isForged(request.method, url, request.headers)) return next();
  return new Response('This request must come from a page of Rootnote itself.\n', {
    status: 403,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
});
