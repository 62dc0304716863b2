// GET /agent: the script itself, byte for byte as in the repository, with its checksum in a header.
import { createHash } from 'node:crypto';
import type { APIRoute } from 'astro';
import script from '../../agent/rootnote.sh?raw';

export const prerender = false;

const checksum = createHash('sha256').update(script).digest('hex');

export const GET: APIRoute = () =>
  new Response(script, {
    headers: {
      'content-type': 'text/x-shellscript; charset=utf-8',
      'content-disposition': 'inline; filename="rootnote.sh"',
      'x-checksum-sha256': checksum,
      'cache-control': 'no-cache',
    },
  });
