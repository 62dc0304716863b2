// The service worker: pages that were read, and the first sixty problems, open without a network. Never the portal or the API.
import type { APIRoute } from 'astro';
import { articlesOf } from '../knowledge.ts';
import worker from '../browser/serviceWorker.js?raw';

export const GET: APIRoute = async () => {
  const problems = (await articlesOf({ kind: 'problem' })).slice(0, 60).map(({ url }) => url);
  return new Response(
    worker.replace('/* pages */', ['/', ...problems].map((url) => JSON.stringify(url)).join(',')),
    {
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    },
  );
};
