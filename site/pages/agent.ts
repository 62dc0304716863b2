// GET /agent: the script itself, byte for byte as in the repository, with its checksum in a header.
import type { APIRoute } from 'astro';
import { agentScript } from '../agentScript.ts';

export const prerender = false;

export const GET: APIRoute = () =>
  new Response(agentScript.text, {
    headers: {
      'content-type': 'text/x-shellscript; charset=utf-8',
      'content-disposition': 'inline; filename="rootnote.sh"',
      'x-checksum-sha256': agentScript.sha256,
      'cache-control': 'no-cache',
    },
  });
