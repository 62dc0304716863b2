// The web server: built pages compressed and with the headers that every answer needs, reports of agents, everything else by Astro's
// own handler.
// `HOST` and `PORT` as everywhere.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import compression from 'compression';
import { readEnvironment } from '#core/environment.ts';
import { compressedFiles } from './compressedFiles.ts';
import { isReport, takeReport } from './takeReport.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Set on every answer. Frames: nobody may put the portal into a page of theirs. */
const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Pages and answers made on demand; a stream of events must not wait in a compressor. */
const compress = compression({
  filter: (_request, response) =>
    /^(text\/(?!event-stream)|application\/json)/.test(String(response.getHeader('content-type') ?? '')),
}) as unknown as (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** A listener that answers from `clientRoot` when the file is worth compressing, and passes the request on when not. */
export function siteHandler(clientRoot: string, astro: Handler): Handler {
  const compressed = compressedFiles(clientRoot);
  return (request, response) => {
    for (const [name, value] of Object.entries(always)) response.setHeader(name, value);
    if (isReport(request)) return void takeReport(request, response);
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { HOST, PORT } = readEnvironment(process.env);
  // Astro's entry would open a port of its own.
  process.env['ASTRO_NODE_AUTOSTART'] = 'disabled';
  const entry = new URL('../dist/server/entry.mjs', import.meta.url).href;
  const { handler } = (await import(entry)) as { handler: Handler };
  createServer(siteHandler(fileURLToPath(new URL('../dist/client/', import.meta.url)), handler)).listen(
    PORT,
    HOST,
  );
}
