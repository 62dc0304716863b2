// Files that nobody may read over HTTP. A path that cannot exist is asked for first: a site that answers 200 to everything
// leaks nothing by that. A known file counts only when its content is what its name promises.
import { randomBytes } from 'node:crypto';
import type { ProbeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, type Verdict } from './attempt.ts';
import { decodeBody } from './body.ts';
import { exchange } from './exchange.ts';
import type { ExchangeResponse } from './httpMessage.ts';
import { knowsPath, likeness, recognise } from './leaks.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { secureContext } from './tlsContext.ts';

type Settings = ProbeSettings<'exposed'>;

const readBytes = 65_536;
const sameSitesRedirects = 2;
/** Above this likeness two pages are the same "not found" page with another path in it. */
const soft404Likeness = 0.85;

interface Found {
  path: string;
  url: string;
  status: number;
  bytes: number;
  contentType: string;
  what: string;
  proof: string;
}

export const exposedProbe: Probe<'exposed'> = {
  kind: 'exposed',
  run: (settings, context) =>
    conduct('exposed', probeTarget('exposed', settings), (attempt) => look(settings, attempt, context)),
};

async function look(settings: Settings, attempt: Attempt, context: ProbeContext): Promise<Verdict> {
  const controls = new Map<string, ExchangeResponse>();
  const found: Found[] = [];
  const checked: { path: string; status: number }[] = [];
  attempt.details.checked = checked;
  attempt.details.exposed = found;
  for (const path of settings.paths) {
    const { response, url } = await fetchPath(settings, path, attempt, context);
    checked.push({ path, status: response.status });
    if (response.status !== 200 && response.status !== 206) continue;
    const body = plain(response);
    const leak = recognise(path, body);
    const page = {
      path,
      url,
      status: response.status,
      bytes: body.length,
      contentType: response.headers['content-type'] ?? '',
    };
    if (leak) found.push({ ...page, ...leak });
    else if (!knowsPath(path) && (await isReal(settings, path, body, controls, attempt, context))) {
      found.push({
        ...page,
        what: 'File',
        proof: `${body.length} bytes; a path that does not exist answers differently`,
      });
    }
  }
  return verdictOf(settings, found, controls);
}

function verdictOf(settings: Settings, found: Found[], controls: Map<string, ExchangeResponse>): Verdict {
  if (found.length > 0) {
    const list = found.map(({ path, what }) => `${path} (${what})`).join(', ');
    return { code: 'exposed-file', summary: `Anyone can read ${list}` };
  }
  const soft = [...controls.values()].some((control) => control.status === 200);
  const note = soft ? '; the site answers 200 to paths that do not exist' : '';
  return { code: 'ok', summary: `None of ${settings.paths.length} private files can be read${note}` };
}

/** For a file that no signature describes: it is real when a path of the same form that cannot exist gets another answer. */
async function isReal(
  settings: Settings,
  path: string,
  body: Buffer,
  controls: Map<string, ExchangeResponse>,
  attempt: Attempt,
  context: ProbeContext,
): Promise<boolean> {
  if (body.length === 0) return false;
  const form = controlForm(path);
  let control = controls.get(form);
  if (control === undefined) {
    const impossible = form.replace('*', `rootnote-${randomBytes(8).toString('hex')}`);
    control = (await fetchPath(settings, impossible, attempt, context)).response;
    controls.set(form, control);
  }
  if (control.status !== 200) return true;
  return likeness(body, plain(control)) < soft404Likeness;
}

/** `/a/.env` → `/a/.*`, `/dump.sql` → `/*.sql`, `/admin/` → `/*` and a slash: what servers route by. */
function controlForm(path: string): string {
  const [, folder = '/', dot = '', name = '', slash = ''] =
    /^(.*?\/)(\.?)([^/]*)(\/?)$/.exec(path.split('?')[0] ?? path) ?? [];
  const extension = dot === '' ? (/\.[A-Za-z0-9~.]+$/.exec(name)?.[0] ?? '') : '';
  return `${folder}${dot}*${extension}${slash}`;
}

function plain(response: ExchangeResponse): Buffer {
  if (response.cut) return response.body.subarray(0, readBytes);
  const decoded = decodeBody(response, 1_000_000);
  return 'code' in decoded ? response.body : decoded.body;
}

/** Follows redirects only on the same site and to the same path: from http to https, from example.org to www. */
async function fetchPath(
  settings: Settings,
  path: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<{ response: ExchangeResponse; url: string }> {
  let url = new URL(path, settings.url);
  for (let hops = 0; ; hops += 1) {
    const response = await exchange(
      {
        url,
        method: 'GET',
        // No compression: the bytes themselves tell an archive.
        headers: { host: url.host, 'user-agent': 'Rootnote (monitor)', accept: '*/*', connection: 'close' },
        family: settings.family,
        connectTo: settings.connectTo,
        secureContext,
        verify: settings.verify,
        maxBytes: readBytes,
      },
      attempt,
      context,
    );
    const next = redirectOf(response, url);
    if (next === undefined || hops >= sameSitesRedirects) return { response, url: url.href };
    url = next;
  }
}

function redirectOf(response: ExchangeResponse, from: URL): URL | undefined {
  const { status, headers } = response;
  if (
    status < 300 ||
    status >= 400 ||
    headers.location === undefined ||
    !URL.canParse(headers.location, from)
  ) {
    return undefined;
  }
  const to = new URL(headers.location, from);
  const site = (url: URL): string => url.hostname.replace(/^www\./, '');
  const web = to.protocol === 'http:' || to.protocol === 'https:';
  return web && site(to) === site(from) && to.pathname === from.pathname ? to : undefined;
}
