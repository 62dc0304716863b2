// Registration data over WHOIS (RFC 3912): plain text in the form of each registry, read by its usual words.
import { Attempt, ProbeFailure, within } from './attempt.ts';
import { connectTcp, hangUp } from './connect.ts';
import { splitHostPort } from './hostPort.ts';
import type { ProbeContext } from './probe.ts';
import { nameserversOf } from './rdap.ts';
import { type Registration, statusCode, unreadableDate } from './registration.ts';
import { parseDate } from './registryDate.ts';
import { resolveHost } from './resolve.ts';

export const ianaWhois = 'whois.iana.org';

const mostBytes = 100_000;
const patienceMs = 6000;

/** The registry's WHOIS server for a top-level domain, as IANA names it. */
export async function whoisServer(
  topLevel: string,
  iana: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<string> {
  const text = await askServer(iana, topLevel, attempt, context);
  const server = /^(?:whois|refer):\s*(\S+)/im.exec(text)?.[1];
  if (server === undefined)
    throw new ProbeFailure('domain-lookup', `IANA names no WHOIS server for .${topLevel}`);
  return server;
}

/** undefined when the registry does not know the name. Throws ProbeFailure when it gives no usable answer. */
export async function askWhois(
  server: string,
  name: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Registration | undefined> {
  const text = await askServer(server, name, attempt, context);
  const registration = parseWhois(text, name, server);
  if (registration === undefined || registration.expires !== undefined) return registration;
  const registrar = /^\s*Registrar WHOIS Server:\s*(?:\w+:\/\/)?([^\s/]+)/im.exec(text)?.[1];
  if (registrar === undefined || registrar === server) return registration;
  try {
    const more = parseWhois(await askServer(registrar, name, attempt, context), name, registrar);
    return more?.expires === undefined ? registration : { ...registration, expires: more.expires };
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    return registration;
  }
}

async function askServer(
  server: string,
  question: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<string> {
  const place = splitHostPort(server);
  if (place === undefined)
    throw new ProbeFailure('prober-error', `'${server}' is not a WHOIS server: write whois.example.org`);
  const limited = { ...context, signal: AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]) };
  attempt.note(`> WHOIS ${question} to ${server}`);
  const side = new Attempt();
  const addresses = await resolveHost(place.host, {}, side, limited);
  const { socket } = await connectTcp(addresses, place.port ?? 43, side, limited);
  const silence = `The WHOIS server ${server} does not answer`;
  const text = await within<string>(limited.signal, 'answer-timeout', silence, (done) => {
    let bytes = Buffer.alloc(0);
    const end = (): void => {
      hangUp(socket);
      done(bytes.toString('utf8'));
    };
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length > mostBytes) end();
    });
    socket.once('end', end);
    socket.once('close', end);
    socket.write(`${wordsFor(server, question)}\r\n`);
    return () => socket.destroy();
  });
  attempt.note(`< ${text.length} characters: ${text.replace(/\s+/g, ' ').slice(0, 200)}`);
  return text;
}

/** Japan answers in Japanese (ISO-2022-JP) unless English is asked for. */
function wordsFor(server: string, name: string): string {
  return server === 'whois.jprs.jp' ? `${name}/e` : name;
}

const notFound =
  /^\s*(%+\s*)?(no match|not found|no entries found|no data found|domain not found|nothing found|no such domain|status:\s*(free|available)|.{0,80}\bis (free|available)\b|.{0,80}\bnot registered\b|the queried object does not exist|object does not exist)/im;
const expiry =
  /^(registry |registrar registration |domain )?(expir(y|ation|es)( date| time| on)?|expire(s|d)?( date| on)?|expire-date|exp date|paid-till|renewal date|valid(ity)?[- ]?(until|date)?|record expires on|fecha de (vencimiento|expiraci[oó]n)|date d'expiration|data de expira[cç][aã]o|有効期限)$/;
const refused =
  /(quota|limit) exceeded|too many (requests|queries)|try again later|access denied|blacklisted/i;

/** undefined: the registry does not know the name. Throws ProbeFailure 'domain-lookup' when it turns us away or says nothing. */
export function parseWhois(text: string, name: string, server: string): Registration | undefined {
  if (text.trim() === '') throw new ProbeFailure('domain-lookup', `The WHOIS server ${server} sent nothing`);
  const lines = fieldsOf(text);
  const all = (pattern: RegExp): string[] =>
    lines.filter(([key]) => pattern.test(key)).map(([, value]) => value);
  const dateOf = (pattern: RegExp): number | undefined =>
    all(pattern)
      .map(parseDate)
      .find((date) => date !== undefined);
  const expires = dateOf(expiry);
  const odd = all(expiry).find((value) => /\d/.test(value));
  if (expires === undefined && odd !== undefined) throw unreadableDate(`The WHOIS server ${server}`, odd);
  const nameservers = nameserversOf(
    all(/^(name ?servers?|nserver|ns\d?|host ?name|dns)( \d+)?$/).map((value) => value.split(/\s+/)[0] ?? ''),
  ).filter((host) => host.includes('.'));
  const status = all(/^(domain )?status$|^state$|^eppstatus$/).map(statusCode);
  if (expires === undefined && nameservers.length === 0) {
    if (notFound.test(text)) return undefined;
    if (refused.test(text))
      throw new ProbeFailure('domain-lookup', `The WHOIS server ${server} turns us away: ${firstLine(text)}`);
    const known = all(/^domain( name)?$/).some((value) => value.toLowerCase() === name);
    if (status.length === 0 && !known)
      throw new ProbeFailure(
        'domain-lookup',
        `The WHOIS server ${server} answers in a form that cannot be read`,
      );
  }
  const registered = dateOf(
    /^(creation date|created( on| date)?|registered( on| date)?|registration (date|time))$/,
  );
  const changed = dateOf(
    /^(updated date|last[- ](updated|modified|changed|update)( on| date)?|changed|modified)$/,
  );
  const registrar = all(/^(registrar|sponsoring registrar|registrar name)$/)[0];
  return {
    name,
    source: 'whois',
    server,
    ...(expires === undefined ? {} : { expires }),
    ...(registered === undefined ? {} : { registered }),
    ...(changed === undefined ? {} : { changed }),
    status: [...new Set(status)],
    nameservers,
    ...(registrar === undefined ? {} : { registrar: registrar.slice(0, 200) }),
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 120) ?? '';
}

/** Fields with their values; a value may stand on the lines below its key, set in: a list of name servers, or a date alone. */
function fieldsOf(text: string): [string, string][] {
  const fields: [string, string][] = [];
  let heading: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const field = fieldOf(line);
    const below = /^\s+(\S.*)$/.exec(line)?.[1];
    if (field) fields.push(field);
    else if (heading !== undefined && below !== undefined && !below.endsWith(':'))
      fields.push([heading, below.trim()]);
    if (line.trim() === '') heading = undefined;
    else if (/^\s*[^:]{2,50}:\s*$/.test(line)) heading = line.trim().slice(0, -1).trim().toLowerCase();
  }
  return fields;
}

/** `Registry Expiry Date: 2026-…`, `expires............: 13.8.2026`, `[Expires on]  2026/08/31` → key in lower case, value. */
function fieldOf(line: string): [string, string] | undefined {
  // Taiwan writes its dates as sentences.
  const sentence = /^\s*(Record expires on)\s+(\d.*)$/.exec(line);
  if (sentence) return [sentence[1]!.toLowerCase(), sentence[2]!.trim()];
  const match = /^\s*(?:\[([^\]]+)\]|([^:[\]%#]{2,50}?))[.\s]*(?::|(?<=\])|\.{2,}:?)\s*(\S.*)$/.exec(line);
  const key = match?.[1] ?? match?.[2];
  if (!match || key === undefined) return undefined;
  return [
    key
      .replace(/[.\s]+$/, '')
      .replace(/\s+/g, ' ')
      .toLowerCase(),
    (match[3] ?? '').trim(),
  ];
}
