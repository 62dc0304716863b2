// The few settings of databases, PHP, mail and DNS servers that diagnosis needs, from their configuration files. What a running server
// says of itself (mysql.ts, postgresql.ts, redis.ts) counts more.
import type { Facts } from '#core/facts.ts';
import { own } from '#core/own.ts';
import { configFiles, configSection, setting } from './configLines.ts';
import { type Collector } from './collector.ts';
import { sizeIn } from './sizes.ts';
import { zonesIn } from './zones.ts';

type Settings = Record<string, string | number>;

/** Numbers and sizes become numbers; `2gb` of redis and `128MB` of PostgreSQL are steps of 1024. */
function valueOf(text: string): string | number {
  return /^\d/.test(text) ? (sizeIn(text) ?? text) : text;
}

/** A bare number counts pages of 8 kB for buffers and kilobytes for memory. https://www.postgresql.org/docs/current/config-setting.html */
function postgresValue(name: string, text: string): string | number {
  const unit = name.endsWith('_buffers') ? 8192 : name.endsWith('_mem') ? 1024 : 1;
  return /^\d{1,15}$/.test(text) ? Number(text) * unit : valueOf(text);
}

export const serviceSettings: Collector = {
  section: configSection,
  parse(_section, report) {
    const facts: Facts = {};
    const mysql: Settings = {};
    for (const [, lines] of configFiles(report, /^\/etc\/(my\.cnf|mysql\/|my\.cnf\.d\/)/)) {
      for (const [section, name, value] of inSections(lines)) {
        // The sections that the server itself reads, not those of clients.
        if (/^(mysqld|server|mariadbd?|mysqld-[\d.]+|mariadb-[\d.]+)$/.test(section))
          mysql[name.replaceAll('-', '_').replace(/^loose_/, '')] = valueOf(value);
      }
    }
    if (Object.keys(mysql).length > 0) facts.mysql = mysql;

    const postgresql: Settings = {};
    for (const [, lines] of configFiles(report, /\/postgresql\.conf$/)) {
      for (const line of lines) {
        const [name, value] = setting(line) ?? [];
        if (name && value !== undefined) postgresql[name] = postgresValue(name, value);
      }
    }
    if (Object.keys(postgresql).length > 0) facts.postgresql = postgresql;

    const redis: Settings = {};
    for (const [, lines] of configFiles(report, /^\/etc\/(redis|valkey)[^:]{0,100}\.conf$/)) {
      for (const line of lines) {
        const [name, value] = setting(line) ?? [];
        // Only whether there is a password: of the server, or of a user. A file that names none has none.
        redis['requirepass'] ??= 'no';
        if (name === 'requirepass' || name === 'user') redis['requirepass'] = value ? 'yes' : 'no';
        else if (
          name &&
          /^(bind|port|dir|maxmemory|maxmemory-policy|protected-mode)$/.test(name) &&
          value !== undefined
        )
          redis[name] = valueOf(value);
      }
    }
    if (Object.keys(redis).length > 0) facts.redis = redis;

    const pools = configFiles(
      report,
      /^\/etc\/php[^:]{0,100}\/(pool\.d|php-fpm\.d)\/|^\/etc\/php-fpm\.d\//,
    ).flatMap(([, lines]) => poolsOf(lines));
    if (pools.length > 0) facts.phpFpm = pools;

    for (const [, lines] of configFiles(report, /^\/etc\/postfix\/main\.cf$/)) {
      const mail = mailOf(lines);
      if (mail) facts.mail = mail as NonNullable<Facts['mail']>;
    }

    for (const [, lines] of configFiles(report, /^\/etc\/docker\/daemon\.json$/)) {
      const docker = dockerOf(lines.join('\n'));
      if (Object.keys(docker).length > 0) facts.docker = docker;
    }

    const zones = zonesIn(report);
    if (zones.length > 0) facts.dnsZones = zones;
    return { facts };
  },
};

/** daemon.json, of which the agent shows some lines: `"log-driver": "json-file",`. Values are kept as they are written. */
function dockerOf(text: string): Settings {
  const found: Settings = {};
  const known =
    /"(log-driver|log-level|max-size|max-file|storage-driver|live-restore|hosts)"[ \t]{0,40}:[ \t]{0,40}("[^"\n]{0,200}"|\[[^\]\n]{0,400}\]?|true|false|\d{1,9})/g;
  for (const [, name, value] of text.slice(0, 50_000).matchAll(known))
    found[name!.replaceAll('-', '_')] = value!.replaceAll('"', '');
  return found;
}

function* inSections(lines: string[]): Generator<[section: string, name: string, value: string]> {
  let section = '';
  for (const line of lines) {
    const head = /^\[([^\]]{1,100})\]/.exec(line);
    if (head) section = head[1]!;
    else {
      const [name, value] = setting(line) ?? [];
      if (name && value !== undefined) yield [section, name, value];
    }
  }
}

/** Postfix: its name, and the domains that are not in a table elsewhere. https://www.postfix.org/postconf.5.html */
function mailOf(
  lines: string[],
): Pick<NonNullable<Facts['mail']>, 'hostname' | 'domains' | 'relay'> | undefined {
  // Of a setting that comes twice the last one counts.
  const settings = new Map(lines.flatMap((line) => [setting(line) ?? []] as [string, string][]));
  const hostname = settings.get('myhostname');
  const domain = settings.get('mydomain') ?? hostname?.replace(/^[^.]+\./, '');
  const variables: Record<string, string | undefined> = { myhostname: hostname, mydomain: domain };
  const listed = ['mydestination', 'virtual_mailbox_domains', 'virtual_alias_domains', 'relay_domains'];
  const domains = listed
    .flatMap((name) => (settings.get(name) ?? '').split(/[,\s]+/))
    .map((word) =>
      word.replace(/\$[({]?(\w{1,40})[)}]?/g, (all, name: string) => own(variables, name) ?? all),
    )
    .filter((word) => /^[\w-]{1,63}(\.[\w-]{1,63})+$/.test(word));
  const unique = [...new Set(domains)].slice(0, mostDomains);
  const relay = settings.get('relayhost')?.slice(0, 255);
  if (!hostname && !unique.length && !relay) return undefined;
  return {
    ...(hostname && { hostname }),
    ...(unique.length > 0 && { domains: unique }),
    ...(relay && { relay }),
  };
}

/** As many as monitors are set up for. */
const mostDomains = 500;

function poolsOf(lines: string[]): NonNullable<Facts['phpFpm']> {
  const pools = new Map<string, NonNullable<Facts['phpFpm']>[number]>();
  for (const [pool, name, value] of inSections(lines)) {
    if (pool === '' || pool === 'global') continue;
    const one = pools.get(pool) ?? { pool, maxChildren: 0, manager: '' };
    pools.set(pool, one);
    if (name === 'pm.max_children') one.maxChildren = Number(value) || 0;
    else if (name === 'pm') one.manager = value;
    else if (name === 'listen') one.listen = value;
  }
  return [...pools.values()];
}
