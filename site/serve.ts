// The web server: built pages compressed and with the headers that every answer needs, reports of agents, everything else by Astro's
// own handler.
// `HOST` and `PORT` as everywhere.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import compression from 'compression';
import { readEnvironment } from '#core/environment.ts';
import { compressedFiles } from './compressedFiles.ts';
import { isReport, takeReport } from './takeReport.ts';

/** Of a body that is no report, in bytes: what a region brings is the largest. `bodySizeLimit` of astro.config.mjs is the same. */
const mostBytes = 16 * 1024 * 1024;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Set on every answer. Frames: nobody may put the portal into a page of theirs. */
const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Where people reach it by https, by way of a proxy: their browsers shall not try without for half a year. */
const encrypted = { 'strict-transport-security': 'max-age=15552000' };

/** Pages and answers made on demand; a stream of events must not wait in a compressor. */
const compress = compression({
  filter: (_request, response) =>
    /^(text\/(?!event-stream)|application\/json)/.test(String(response.getHeader('content-type') ?? '')),
}) as unknown as (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * A listener that answers from `clientRoot` when the file is worth compressing, and passes the request on when not. `publicUrl` is the
 * address under which people reach it.
 */
export function siteHandler(clientRoot: string, astro: Handler, publicUrl?: string): Handler {
  const headers = publicUrl?.startsWith('https:') ? { ...always, ...encrypted } : always;
  const compressed = compressedFiles(clientRoot);
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'POST' && isReport(request)) return void takeReport(request, response);
    const allowed = isReport(request) ? ['POST'] : ['GET', 'HEAD', 'POST'];
    if (!allowed.includes(request.method ?? '')) return refuse(request, response, allowed.join(', '));
    // No address has a NUL in it, and the database could not be asked for one.
    if (request.url?.includes('%00')) return say(request, response, 400, 'This address cannot be read.\n');
    if (Number(request.headers['content-length']) > mostBytes)
      return say(request, response, 413, `A body may have ${mostBytes} bytes.\n`);
    compressed(request, response).then(
      (answered) => {
        if (!answered) compress(request, response, () => astro(request, response));
      },
      (error: unknown) => {
        console.error(error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      },
    );
  };
}

/** A method that nothing here answers to; OPTIONS asks which ones there are. */
function refuse(request: IncomingMessage, response: ServerResponse, allow: string): void {
  response.setHeader('allow', allow);
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  say(request, response, 405, `This address takes no ${request.method}. It takes: ${allow}\n`);
}

/** A sentence for a program; a body that came along is not read. */
function say(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { HOST, PORT, PUBLIC_URL } = readEnvironment(process.env);
  // Astro's entry would open a port of its own.
  process.env['ASTRO_NODE_AUTOSTART'] = 'disabled';
  const entry = new URL('../dist/server/entry.mjs', import.meta.url).href;
  const { handler } = (await import(entry)) as { handler: Handler };
  createServer(
    siteHandler(fileURLToPath(new URL('../dist/client/', import.meta.url)), handler, PUBLIC_URL),
  ).listen(PORT, HOST);
}
