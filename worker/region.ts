// A region without database access: `ROOTNOTE_URL=https://… REGION_TOKEN=rng_… node worker/region.ts`. It leases due looks from the portal
// over HTTP, looks, and hands in what it saw. It opens no port; what may be probed it decides itself, after resolution and redirects.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Environment, readEnvironment } from '#core/environment.ts';
import { type HandedIn, regionAnswerSchema, regionLimits, type RegionRequest } from '#core/region.ts';
import { ownConnection } from './schedule/ownConnection.ts';
import { type Look, makeProber } from './schedule/prober.ts';

/** Results that wait for a portal that does not answer: the newest ones. Their leases end meanwhile, so more would be in vain. */
const waitingMost = 5 * regionLimits.looks;
const requestMs = 30_000;
/** Of an answer; the settings of as many monitors as one request may ask for are far smaller. */
const answerBytes = 32 * 2 ** 20;
/** Seconds between attempts while the portal does not answer. */
const retrySeconds = 2;

export class TokenRefused extends Error {}

/** The portal understood the request and will never take it: sent again it would stand in the way of all that comes after. */
class RequestRefused extends Error {}

export interface RegionOptions {
  url: string;
  token: string;
  environment: Pick<Environment, 'PROBE_ALLOW' | 'REGION_CONTROLS'>;
  log(message: string): void;
  signal: AbortSignal;
}

/** Works until the signal fires. Throws TokenRefused when the portal does not know the token (any more). */
export async function workRegion({ url, token, environment, log, signal }: RegionOptions): Promise<void> {
  const leasedAt = new Map<string, number>();
  let results: HandedIn[] = [];
  let name = '';
  let silent = false;
  const connection = ownConnection({
    controls: environment.REGION_CONTROLS,
    onChange: (online) => log(online ? 'online again' : 'offline: no control target answers'),
  });
  const prober = makeProber({
    allow: environment.PROBE_ALLOW,
    connection,
    deliver(looks) {
      results.push(...looks.flatMap((look) => handedIn(look, leasedAt.get(look.monitorId))));
      results = results.slice(-waitingMost);
      return Promise.resolve();
    },
    log,
  });

  try {
    while (!signal.aborted) {
      const sent = fitting(results);
      const { looks, scans } = prober.free();
      const free = { looks: Math.min(looks, regionLimits.looks), scans };
      let pause = retrySeconds;
      try {
        const answer = await ask(url, token, { online: connection.online, results: sent, free }, signal);
        if (answer.region !== name) log(`region ${(name = answer.region)} works for ${url}`);
        if (silent) log('the portal answers again');
        silent = false;
        const taken = new Set(sent);
        results = results.filter((one) => !taken.has(one));
        for (const lease of answer.leases) leasedAt.set(lease.monitorId, lease.leasedAt);
        prober.start(
          answer.leases.map((lease) => ({
            ...lease,
            machineId: null,
            local: false,
            lastBeat: 0,
            awaited: true,
          })),
        );
        pause = answer.pause;
      } catch (error) {
        if (error instanceof TokenRefused) throw error;
        if (error instanceof RequestRefused && sent.length) {
          log(`results dropped, since the portal refused them (${sent.length}): ${error.message}`);
          const refused = new Set(sent);
          results = results.filter((one) => !refused.has(one));
          continue;
        }
        if (!silent && !signal.aborted) log(`the portal does not answer: ${describe(error)}`);
        silent = true;
      }
      await sleep(pause, signal);
    }
  } finally {
    await prober.close();
  }
}

/** As many results, oldest first, as one request may hold. */
function fitting(results: readonly HandedIn[]): HandedIn[] {
  let bytes = 10_000;
  const sent: HandedIn[] = [];
  for (const result of results) {
    bytes += Buffer.byteLength(JSON.stringify(result));
    if (sent.length && (bytes > regionLimits.bytes || sent.length === regionLimits.looks)) break;
    sent.push(result);
  }
  return sent;
}

/** Cut to what the contract allows. */
function handedIn({ monitorId, at, result }: Look, leasedAt: number | undefined): HandedIn[] {
  if (leasedAt === undefined) return [];
  const after = Math.min(900, Math.max(0, at.getTime() / 1000 - leasedAt));
  const { transcript, summary, target, phases, details, ...rest } = result;
  const small = JSON.stringify(details).length <= 100_000;
  return [
    {
      monitorId,
      leasedAt,
      after,
      result: {
        ...rest,
        target: target.slice(0, 4096),
        summary: summary.slice(0, 4096),
        phases: phases.slice(0, 100),
        details: small ? details : { note: 'The details were too large and were left out.' },
        transcript: transcript.slice(0, 200).map((line) => line.slice(0, 2000)),
      },
    },
  ];
}

async function ask(url: string, token: string, request: RegionRequest, signal: AbortSignal) {
  const response = await fetch(`${url}/api/lease`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    // A redirect would carry the token to somebody else.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
  });
  if (response.status === 401) throw new TokenRefused('The portal does not know this token. Was it revoked?');
  if (!response.ok) {
    const said = `status ${response.status}: ${(await textOf(response)).slice(0, 500)}`;
    throw response.status === 400 || response.status === 413 ? new RequestRefused(said) : new Error(said);
  }
  return regionAnswerSchema.parse(JSON.parse(await textOf(response)));
}

/** Throws when there is more of it than a portal ever says: then something else answers. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > answerBytes) throw new Error('the answer does not end');
  }
  return text + decoder.decode();
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

const usage = `Usage: ROOTNOTE_URL=https://… REGION_TOKEN=rng_… npm run -s region
Looks from here at what the portal asks for, until it is stopped. An owner makes the token under Settings.
Exit code: 0 stopped by a signal, 2 a setting is wrong or the token is not known.`;

/** Whether to work: --help is answered, and there is nothing else to say on the command line. Throws what parseArgs does. */
function mayBegin(args: string[]): boolean {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) console.log(usage);
  return !values.help;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const log = (message: string) => console.log(`${new Date().toISOString()} ${message}`);
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  process.once('SIGINT', () => controller.abort());
  try {
    if (mayBegin(process.argv.slice(2))) {
      const environment = readEnvironment(process.env);
      const { ROOTNOTE_URL: url, REGION_TOKEN: token } = environment;
      if (!url || !token)
        throw new Error(
          'A region needs ROOTNOTE_URL and REGION_TOKEN. An owner makes the token under Settings.',
        );
      if (url.startsWith('http://'))
        log('ROOTNOTE_URL has no TLS: the token and the settings of monitors can be read on the way');
      await workRegion({ url, token, environment, log, signal: controller.signal });
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}
