// Registration data over RDAP (RFC 9083), from the server that IANA's bootstrap file names for the top-level domain (RFC 9224).
import { z } from 'zod';
import { type Attempt, ProbeFailure } from './attempt.ts';
import { fetchDocument } from './fetchDocument.ts';
import type { ProbeContext } from './probe.ts';
import { type Registration, statusCode } from './registration.ts';

export const ianaBootstrap = 'https://data.iana.org/rdap/dns.json';

const bootstrapSchema = z.object({
  services: z.array(z.tuple([z.array(z.string()), z.array(z.string())])).max(5000),
});
const entitySchema = z.object({
  roles: z.array(z.string()).default([]),
  vcardArray: z.tuple([z.string(), z.array(z.array(z.unknown()))]).optional(),
});
const domainSchema = z.object({
  objectClassName: z.literal('domain'),
  events: z.array(z.object({ eventAction: z.string(), eventDate: z.string().optional() })).default([]),
  status: z.array(z.string()).default([]),
  nameservers: z.array(z.object({ ldhName: z.string().optional() })).default([]),
  entities: z.array(entitySchema.catch({ roles: [] })).default([]),
  links: z
    .array(z.object({ rel: z.string().optional(), href: z.string(), type: z.string().optional() }))
    .default([]),
  secureDNS: z.object({ delegationSigned: z.boolean().optional() }).optional(),
});

const dayMs = 86_400_000;
let bootstrap: { url: string; until: number; servers: Map<string, string> } | undefined;

/** The base URL for a top-level domain; undefined when IANA knows none. Throws ProbeFailure when the file cannot be had. */
export async function rdapServer(
  topLevel: string,
  bootstrapUrl: string,
  context: ProbeContext,
): Promise<string | undefined> {
  if (bootstrap === undefined || bootstrap.url !== bootstrapUrl || bootstrap.until < Date.now()) {
    const options = { accept: 'application/json', maxBytes: 2_000_000, timeoutMs: 5000 };
    const { status, body } = await fetchDocument(bootstrapUrl, options, context);
    if (status !== 200)
      throw new ProbeFailure('http-status', `The bootstrap file of IANA answers HTTP ${status}`);
    const file = bootstrapSchema.safeParse(parseJson(body));
    if (!file.success) throw new ProbeFailure('http-json', 'The bootstrap file of IANA cannot be read');
    const servers = new Map<string, string>();
    for (const [names, urls] of file.data.services) {
      const url = urls.find((candidate) => candidate.startsWith('https:')) ?? urls[0];
      if (url !== undefined) for (const name of names) servers.set(name.toLowerCase(), url);
    }
    bootstrap = { url: bootstrapUrl, until: Date.now() + dayMs, servers };
  }
  return bootstrap.servers.get(topLevel);
}

/** undefined when the registry does not know the name. Throws ProbeFailure when it gives no usable answer. */
export async function askRdap(
  base: string,
  name: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Registration | undefined> {
  const url = `${base.replace(/\/*$/, '/')}domain/${name}`;
  const found = await fetchDomain(url, attempt, context);
  if (found === undefined) return undefined;
  const registration = registrationOf(found, name, url);
  if (registration.expires !== undefined) return registration;
  // Some registries leave the date to the registrar, and link to its server.
  const related = found.links.find(
    ({ rel, type, href }) => rel === 'related' && /rdap/.test(type ?? href) && URL.canParse(href),
  );
  if (related === undefined) return registration;
  try {
    const more = await fetchDomain(related.href, attempt, context);
    const expires = more === undefined ? undefined : registrationOf(more, name, related.href).expires;
    return expires === undefined ? registration : { ...registration, expires };
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    attempt.note(`* the registrar's server: ${error.message}`);
    return registration;
  }
}

async function fetchDomain(
  url: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<z.infer<typeof domainSchema> | undefined> {
  attempt.note(`> GET ${url}`);
  const options = { accept: 'application/rdap+json', maxBytes: 500_000, timeoutMs: 6000 };
  const { status, body } = await fetchDocument(url, options, context);
  attempt.note(`< HTTP ${status}, ${body.length} bytes`);
  if (status === 404) return undefined;
  if (status !== 200) throw new ProbeFailure('http-status', `The RDAP server answers HTTP ${status}`);
  const domain = domainSchema.safeParse(parseJson(body));
  if (!domain.success)
    throw new ProbeFailure('http-json', 'The RDAP server answers something that is no domain');
  return domain.data;
}

function registrationOf(domain: z.infer<typeof domainSchema>, name: string, server: string): Registration {
  const dateOf = (...actions: string[]): number | undefined => {
    for (const action of actions) {
      const event = domain.events.find(({ eventAction }) => eventAction.toLowerCase() === action);
      const time = Date.parse(event?.eventDate ?? '');
      if (!Number.isNaN(time)) return Math.floor(time / 1000);
    }
    return undefined;
  };
  const expires = dateOf('expiration', 'registrar expiration');
  const registered = dateOf('registration');
  const changed = dateOf('last changed');
  const registrar = registrarOf(domain.entities);
  return {
    name,
    source: 'rdap',
    server,
    ...(expires === undefined ? {} : { expires }),
    ...(registered === undefined ? {} : { registered }),
    ...(changed === undefined ? {} : { changed }),
    status: domain.status.map(statusCode),
    nameservers: nameserversOf(domain.nameservers.map(({ ldhName }) => ldhName ?? '')),
    ...(registrar === undefined ? {} : { registrar }),
    ...(domain.secureDNS?.delegationSigned === undefined
      ? {}
      : { signed: domain.secureDNS.delegationSigned }),
  };
}

/** Lower case, without the dot at the end, sorted, each once. */
export function nameserversOf(names: string[]): string[] {
  const plain = names.map((name) => name.trim().toLowerCase().replace(/\.$/, ''));
  return [...new Set(plain.filter((name) => name !== ''))].sort();
}

function registrarOf(entities: z.infer<typeof entitySchema>[]): string | undefined {
  const entity = entities.find(({ roles }) => roles.includes('registrar'));
  const name = entity?.vcardArray?.[1].find((field) => field[0] === 'fn')?.[3];
  return typeof name === 'string' ? name.slice(0, 200) : undefined;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
