// The few settings of databases, PHP, mail and DNS servers that diagnosis needs, from their configuration files. What a running server
// says of itself (mysql.ts, postgresql.ts, redis.ts) counts more.
import type { Facts } from '#core/facts.ts';
import { configFiles, configSection, setting } from './configLines.ts';
import { type Collector } from './collector.ts';
import { sizeIn } from './sizes.ts';

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
          mysql[name.replaceAll('-', '_')] = valueOf(value);
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
    for (const [, lines] of configFiles(report, /^\/etc\/redis[^:]{0,100}\.conf$/)) {
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

    const zones = configFiles(report, /^\/etc\/(bind|named)[./]/).flatMap(([path, lines]) =>
      zonesOf(lines).map((name) => ({ name, source: path })),
    );
    if (zones.length > 0) facts.dnsZones = zones;
    return { facts };
  },
};

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
function mailOf(lines: string[]): { hostname?: string; domains?: string[] } | undefined {
  // Of a setting that comes twice the last one counts.
  const settings = new Map(lines.flatMap((line) => [setting(line) ?? []] as [string, string][]));
  const hostname = settings.get('myhostname');
  const domain = settings.get('mydomain') ?? hostname?.replace(/^[^.]+\./, '');
  const variables: Record<string, string | undefined> = { myhostname: hostname, mydomain: domain };
  const listed = ['mydestination', 'virtual_mailbox_domains', 'virtual_alias_domains', 'relay_domains'];
  const domains = listed
    .flatMap((name) => (settings.get(name) ?? '').split(/[,\s]+/))
    .map((word) => word.replace(/\$[({]?(\w{1,40})[)}]?/g, (all, name: string) => variables[name] ?? all))
    .filter((word) => /^[\w-]{1,63}(\.[\w-]{1,63})+$/.test(word));
  const unique = [...new Set(domains)].slice(0, mostDomains);
  if (!hostname && !unique.length) return undefined;
  return { ...(hostname && { hostname }), ...(unique.length > 0 && { domains: unique }) };
}

/** As many as monitors are set up for. */
const mostDomains = 500;

/**
 * BIND: `zone "example.org" IN { type primary; … };` on one line or several. Zones that are forwarded, or the root, are not its own.
 * https://bind9.readthedocs.io/en/latest/reference.html#zone-block-grammar
 */
function zonesOf(lines: string[]): string[] {
  const zones = new Set<string>();
  let name: string | undefined;
  for (const line of lines) {
    name = /^zone\s{1,40}"?([^"\s{]{1,255})"?/.exec(line)?.[1] ?? name;
    const type = /(?:^|[{;\s])type\s{1,40}(\w{1,20})/.exec(line)?.[1];
    if (!type || name === undefined) continue;
    if (/^(master|primary|slave|secondary)$/.test(type)) zones.add(name.replace(/\.$/, '').toLowerCase());
    name = undefined;
  }
  return [...zones].slice(0, mostDomains);
}

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
