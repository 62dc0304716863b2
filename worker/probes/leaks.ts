// How a leaked file is recognised by its content, and what may be said about it without repeating its secrets.

export interface Leak {
  /** What it is, for people. */
  what: string;
  /** A harmless excerpt that proves it: names of keys, never their values. */
  proof: string;
}

interface Signature {
  path: RegExp;
  what: string;
  /** The proof, or undefined when the content is something else. `text` is at most 64 kB, `body` the bytes. */
  look(text: string, body: Buffer): string | undefined;
}

const line = (text: string, pattern: RegExp): string | undefined =>
  pattern.exec(text)?.[0]?.trim().slice(0, 120);
const isHtml = (text: string): boolean =>
  /^\s*(<!doctype html|<html|<head|<body|<\?xml[^>]*>\s*<!doctype html)/i.test(text);

/** Assignments whose right side is not shown: DB_PASSWORD=…, */
function keysOf(text: string, pattern: RegExp): string | undefined {
  const keys = [...text.matchAll(pattern)].map((match) => match[1]).slice(0, 5);
  return keys.length > 0 ? `names ${keys.join(', ')}` : undefined;
}

const magic = (body: Buffer, hex: string, what: string): string | undefined =>
  body.subarray(0, hex.length / 2).toString('hex') === hex ? what : undefined;

const signatures: Signature[] = [
  {
    path: /\/\.git\/HEAD$/,
    what: 'Git repository',
    look: (text) => line(text, /^(ref: refs\/\S+|[0-9a-f]{40}(?:[0-9a-f]{24})?)\s*$/),
  },
  {
    path: /\/\.git\/config$/,
    what: 'Git configuration',
    look: (text) => line(text, /^\s*\[(core|remote "[^"]*"|branch "[^"]*")\]/m),
  },
  {
    path: /\/\.git\/index$/,
    what: 'Git index',
    look: (_, body) => magic(body, '44495243', 'starts with DIRC'),
  },
  { path: /\/\.svn\/entries$/, what: 'Subversion entries', look: (text) => line(text, /^\d+\s*$/m) },
  {
    path: /\/\.svn\/wc\.db$/,
    what: 'Subversion database',
    look: (_, body) => magic(body, '53514c69746520666f726d61742033', 'SQLite file'),
  },
  {
    path: /\/\.hg\/(requires|dirstate)$/,
    what: 'Mercurial repository',
    look: (text) => line(text, /^(revlogv1|store|fncache|dotencode|generaldelta)\s*$/m),
  },
  {
    path: /\/\.env(\.[\w.-]+)?$/,
    what: 'Environment file with settings and secrets',
    look: (text) =>
      isHtml(text) ? undefined : keysOf(text, /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=/gm),
  },
  {
    path: /\/\.htpasswd$/,
    what: 'Password file',
    look: (text) =>
      /^[^\s:<>]+:(\$|\{SHA\}|[./0-9A-Za-z]{13}$)/m.test(text) ? 'user:hash lines' : undefined,
  },
  {
    path: /\/\.htaccess$/,
    what: 'Apache configuration',
    look: (text) => line(text, /^\s*(RewriteEngine|AuthType|Require|Options|Deny|Order)\b/im),
  },
  {
    path: /\/\.DS_Store$/,
    what: 'macOS folder listing',
    look: (_, body) => magic(body, '00000001427564', 'Bud1 header'),
  },
  {
    path: /\/\.(bash_history|zsh_history|mysql_history|psql_history)$/,
    what: 'Shell history',
    look: (text) =>
      isHtml(text) || text.split('\n').length < 3 ? undefined : `${text.split('\n').length} lines`,
  },
  {
    path: /\/(id_(rsa|dsa|ecdsa|ed25519)|.*\.(key|pem))$/,
    what: 'Private key',
    look: (text) => line(text, /-----BEGIN [A-Z ]*PRIVATE KEY-----/),
  },
  {
    path: /\/server-status$/,
    what: 'Apache server status',
    look: (text) =>
      line(text, /Apache Server Status for [^<\n]*|Server Version: Apache[^<\n]*|^Total Accesses: \d+/m),
  },
  {
    path: /\/server-info$/,
    what: 'Apache server information',
    look: (text) => line(text, /Apache Server Information/),
  },
  {
    path: /\/(nginx_status|stub_status|basic_status)$/,
    what: 'nginx status',
    look: (text) => line(text, /^Active connections: \d+/m),
  },
  {
    path: /\/(phpinfo|info|test|i)\.php$/,
    what: 'phpinfo()',
    look: (text) =>
      line(text, /PHP Version\s*(<\/td><td class="v">)?[\d.]*|<title>[^<]*phpinfo\(\)<\/title>/),
  },
  { path: /\/(fpm-)?status$/, what: 'PHP-FPM status', look: (text) => line(text, /^pool:\s+\S+/m) },
  {
    path: /\/actuator(\/env|\/heapdump|\/configprops)?$/,
    what: 'Spring Boot actuator',
    look: (text) => line(text, /"(_links|propertySources|activeProfiles)"/),
  },
  {
    path: /\/debug\/pprof\/?$/,
    what: 'Go profiler',
    look: (text) => line(text, /Types of profiles available|full goroutine stack dump/),
  },
  { path: /\/metrics$/, what: 'Prometheus metrics', look: (text) => line(text, /^# (HELP|TYPE) \S+/m) },
  {
    path: /\/(wp-config\.php[.~]\w*|wp-config\.(bak|old|txt|save)|\.wp-config\.php\.swp)$/,
    what: 'WordPress configuration',
    look: (text) => keysOf(text, /define\(\s*['"](DB_\w+|AUTH_KEY|NONCE_KEY)['"]/g),
  },
  {
    path: /\.(php|inc)([.~](bak|old|save|swp|orig|txt)?|~)$/,
    what: 'Source code',
    look: (text) => line(text, /<\?php/),
  },
  {
    path: /\.sql$/,
    what: 'Database dump',
    look: (text) =>
      line(
        text,
        /^-- (MySQL dump|MariaDB dump|PostgreSQL database dump|phpMyAdmin SQL Dump)[^\n]*|^(CREATE TABLE|INSERT INTO) \S+|^\/\*M?!\d+/m,
      ),
  },
  {
    path: /\.(tar\.)?gz$|\.tgz$/,
    what: 'Compressed archive',
    look: (_, body) => magic(body, '1f8b', 'gzip file'),
  },
  { path: /\.zip$/, what: 'Archive', look: (_, body) => magic(body, '504b0304', 'ZIP file') },
  { path: /\.(7z)$/, what: 'Archive', look: (_, body) => magic(body, '377abcaf271c', '7-Zip file') },
  { path: /\.bz2$/, what: 'Archive', look: (_, body) => magic(body, '425a68', 'bzip2 file') },
  { path: /\.xz$/, what: 'Archive', look: (_, body) => magic(body, 'fd377a585a00', 'xz file') },
  {
    path: /\.tar$/,
    what: 'Archive',
    look: (_, body) => (body.subarray(257, 262).toString('latin1') === 'ustar' ? 'tar file' : undefined),
  },
  {
    path: /\.(sqlite3?|db)$/,
    what: 'SQLite database',
    look: (_, body) => magic(body, '53514c69746520666f726d61742033', 'SQLite file'),
  },
  {
    path: /\/(composer\.(json|lock)|package(-lock)?\.json)$/,
    what: 'Package list',
    look: (text) => line(text, /^\s*"(name|require|packages|dependencies|lockfileVersion)"/m),
  },
  {
    path: /\/(docker-compose|compose)\.ya?ml$/,
    what: 'Compose file',
    look: (text) => line(text, /^services:/m),
  },
  {
    path: /\/\.aws\/credentials$/,
    what: 'Cloud credentials',
    look: (text) => keysOf(text, /^(aws_\w+)\s*=/gm),
  },
];

/** Files worth asking for on any site; recipes take what fits to the software they see. */
export const commonLeaks = [
  '/.git/HEAD',
  '/.env',
  '/server-status',
  '/.svn/entries',
  '/.htpasswd',
  '/wp-config.php.bak',
  '/wp-config.php~',
  '/backup.sql',
  '/dump.sql',
  '/backup.zip',
  '/backup.tar.gz',
  '/phpinfo.php',
  '/actuator/env',
  '/debug/pprof/',
  '/id_rsa',
  '/.aws/credentials',
] as const;

/** Whether there is a signature for this path. */
export function knowsPath(path: string): boolean {
  return signatures.some((signature) => signature.path.test(bare(path)));
}

/** The leak that this body is; undefined when the content does not look like what the path promises. */
export function recognise(path: string, body: Buffer): Leak | undefined {
  const text = body.toString('utf8');
  for (const { path: pattern, what, look } of signatures) {
    if (!pattern.test(bare(path))) continue;
    const proof = look(text, body);
    if (proof !== undefined) return { what, proof: proof.replace(/\s+/g, ' ') };
  }
  return undefined;
}

function bare(path: string): string {
  return path.split('?')[0] ?? path;
}

/** 0..1: how many of the words of one page are in the other. Pages that name the path differ in a word or two. */
export function likeness(one: Buffer, other: Buffer): number {
  const words = (body: Buffer): Set<string> =>
    new Set(
      body
        .subarray(0, 32_768)
        .toString('latin1')
        .split(/[^A-Za-z0-9]+/),
    );
  const left = words(one);
  const right = words(other);
  let common = 0;
  for (const word of left) if (right.has(word)) common += 1;
  return common / Math.max(left.size, right.size, 1);
}
