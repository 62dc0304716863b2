// Registration data over RDAP (RFC 9083), from the server that IANA's bootstrap file names for the top-level domain (RFC 9224).
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { type Attempt, ProbeFailure } from './attempt.ts';
import { fetchDocument } from './fetchDocument.ts';
import type { ProbeContext } from './probe.ts';
import { type Registration, statusCode, unreadableDate } from './registration.ts';
import { parseDate } from './registryDate.ts';

export const ianaBootstrap = 'https://data.iana.org/rdap/dns.json';

const bootstrapSchema = z.object({
  services: z.array(z.tuple([z.array(z.string()), z.array(z.string())])).max(5000),
});
const entitySchema = z.object({
  roles: z.array(z.string()).default([]),
  vcardArray: z.tuple([z.string(), z.array(z.array(z.unknown()))]).optional(),
});
/** A list, in which one odd entry does not make the rest unreadable. */
function listOf<T extends z.ZodType>(entry: T) {
  return z
    .array(z.union([entry, z.unknown().transform(() => undefined)]))
    .nullish()
    .transform((entries) => (entries ?? []).filter((one) => one !== undefined) as z.infer<T>[]);
}
const text = z.string().nullish();
const domainSchema = z.object({
  objectClassName: z.literal('domain'),
  ldhName: text,
  events: listOf(z.object({ eventAction: z.string(), eventDate: text })),
  status: listOf(z.string()),
  nameservers: listOf(z.object({ ldhName: text, unicodeName: text })),
  entities: listOf(entitySchema),
  links: listOf(z.object({ rel: text, href: z.string(), type: text })),
  secureDNS: z.object({ delegationSigned: z.boolean().optional() }).optional().catch(undefined),
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
  const said = domain.ldhName?.toLowerCase().replace(/\.$/, '') ?? name;
  if (said !== name && domainToASCII(said) !== name)
    throw new ProbeFailure('domain-lookup', `${server} answers about ${said.slice(0, 100)}`);
  const textsOf = (...actions: string[]): string[] =>
    actions.flatMap(
      (action) =>
        domain.events.find(({ eventAction }) => eventAction.toLowerCase() === action)?.eventDate ?? [],
    );
  const dateOf = (...actions: string[]): number | undefined =>
    textsOf(...actions)
      .map(parseDate)
      .find((date) => date !== undefined);
  const expires = dateOf('expiration', 'registrar expiration');
  const [odd] = textsOf('expiration', 'registrar expiration');
  if (expires === undefined && odd !== undefined) throw unreadableDate(server, odd);
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
    nameservers: nameserversOf(
      domain.nameservers.map(({ ldhName, unicodeName }) => ldhName ?? domainToASCII(unicodeName ?? '')),
    ),
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
