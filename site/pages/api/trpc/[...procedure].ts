// The mount of the portal's API.
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { APIRoute } from 'astro';
import { appRouter } from '#portal/appRouter.ts';
import { readBounded } from '#portal/readBounded.ts';
import { contextOf } from '#portal/request.ts';

export const prerender = false;

/** Of a question or a change, in bytes; the largest is the list of what a member edits. */
const mostBytes = 1024 * 1024;

export const ALL: APIRoute = async ({ request }) => {
  const read = request.method === 'POST' ? await readBounded(request, mostBytes) : undefined;
  if (read && read.byteLength > mostBytes)
    return Response.json({ message: `A request may have ${mostBytes} bytes.` }, { status: 413 });
  const { url, method, headers, signal } = request;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: read
      ? new Request(url, { method, headers, signal, body: read as Uint8Array<ArrayBuffer> })
      : request,
    router: appRouter,
    createContext: () => contextOf(request),
    onError({ error, path }) {
      if (error.code === 'INTERNAL_SERVER_ERROR') console.error(`${path}:`, error.cause ?? error);
    },
  });
};
