// Built text files with brotli, compressed when they are first asked for and kept: the files do not change while the server runs.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const brotli = promisify(brotliCompress);

/** What is worth compressing, by ending. Pictures and the search index are compressed already. */
const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

interface Kept {
  body: Buffer;
  headers: Record<string, string>;
}

/** Kept answers may grow to this many bytes; beyond it files are compressed anew. */
const mostBytes = 64 * 1024 * 1024;

/**
 * A function that answers GET and HEAD for text files below `root` when the client takes brotli, and resolves to whether it did.
 * Hashed assets may be cached for ever; all else is asked again with its ETag.
 */
export function compressedFiles(root: string) {
  const base = normalize(root.endsWith(sep) ? root : `${root}${sep}`);
  const kept = new Map<string, Promise<Kept | undefined>>();
  let bytes = 0;

  async function load(file: string, type: string): Promise<Kept | undefined> {
    const content = await readFile(file).catch(() => undefined);
    if (!content) return undefined;
    const body = await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    const hashed = file.startsWith(join(base, '_astro', sep));
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    return {
      body,
      headers: {
        'content-type': type,
        'content-encoding': 'br',
        vary: 'accept-encoding',
        etag,
        'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    };
  }

  async function find(path: string): Promise<Kept | undefined> {
    const known = kept.get(path);
    if (known) return known;
    const file = normalize(join(base, path.endsWith('/') ? `${path}index.html` : path));
    const type = types[/\.([a-z]+)$/.exec(file)?.[1] ?? ''];
    // `isFile` keeps unknown addresses from filling the memory: only what exists is kept.
    if (!type || !file.startsWith(base) || !(await stat(file).catch(() => undefined))?.isFile())
      return undefined;
    const loading = load(file, type);
    const loaded = await loading;
    bytes += loaded?.body.length ?? 0;
    if (bytes <= mostBytes) kept.set(path, loading);
    return loaded;
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (!/\bbr\b/.test(String(request.headers['accept-encoding'] ?? '')) || request.headers.range)
      return false;
    const path = pathOf(request.url ?? '/');
    const found = path === undefined ? undefined : await find(path);
    if (!found) return false;
    if (request.headers['if-none-match'] === found.headers['etag']) {
      response.writeHead(304, found.headers).end();
      return true;
    }
    response.writeHead(200, { ...found.headers, 'content-length': found.body.length });
    response.end(request.method === 'HEAD' ? undefined : found.body);
    return true;
  };
}

/** The decoded path of a request, or undefined when it cannot be one of a file. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
    return path.startsWith('/') && !path.includes('\0') && !/(^|\/)\./.test(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
