// What a story is: what stands where, what happens at which second, and what people must have been told in the end.
import type { Program } from '../scenarios/machine.ts';
import { epochOfStart, GiB, type Machine, MiB, webServer } from '../scenarios/scenario.ts';
import type { ChannelKind } from './people.ts';
import { type Answer, type Look, type Stage } from './stage.ts';

export { GiB, MiB };

/** A root that must be open when everything has been seen, any of these ids. */
export interface ExpectedRoot {
  on?: string;
  /** `rule.id`, any of them. */
  root: string | readonly string[];
  /** Begins with this, any of them. */
  subject: string | readonly string[];
  /** Rules of findings that must be folded below. */
  folds?: readonly string[];
}

export interface Story {
  name: string;
  /** What stands there; one web server with one shop when left out. */
  stage?(s: Stage): void | Promise<void>;
  /** What happens, by the second; 0 is when the trouble begins. Multiples of ten. */
  happens: Record<number, (s: Stage) => void | Promise<void>>;
  /** When all has been seen, and is looked at; 300 when left out. */
  seen?: number;
  /** When it is mended, and how. Without it the story ends when all has been seen. */
  mended?: { at: number; how(s: Stage): void | Promise<void> };
  /** When it ends; 200 seconds after it is mended when left out. */
  ends?: number;
  /** Open incidents in the end; none for a story of which nobody must be told. */
  roots: readonly ExpectedRoot[];
  /** How many are told as their own; as many as there are roots when left out. */
  heads?: number;
  /** Messages that may come besides the first and the last of each: an update of what was told. None when left out. */
  updates?: number;
  /** Each root is told by then, in seconds; 150 when left out. */
  told?: number;
  /** The newest words about it before it is over. */
  says?: readonly RegExp[];
  /** The head of the last message. */
  over?: RegExp;
  /** Where a channel hears another number of messages than the others. */
  hears?: Partial<Record<ChannelKind, readonly string[]>>;
  workers?: 2;
}

/** A site of nginx with a certificate, optionally forwarded. */
export function site(m: Machine, name: string, proxy?: string): void {
  const file = `/etc/nginx/sites-enabled/${name}.conf`;
  const lines = [
    'server {',
    'listen 443 ssl;',
    `server_name ${name};`,
    `ssl_certificate /etc/letsencrypt/live/${name}/fullchain.pem;`,
    ...(proxy ? [`proxy_pass ${proxy};`] : ['root /var/www;']),
  ];
  const before = m.sections.get(config);
  const own = lines.map((line) => `${file}:${line}`).join('\n');
  m.sections.set(config, before ? `${before}\n${own}` : own);
  certificate(m, name, 60);
}
const config = 'grep -r . /etc';

/** A certificate on disk that is valid for so many days from now on. */
export function certificate(m: Machine, name: string, days: number, serial = 1): void {
  const date = (seconds: number) =>
    new Date((epochOfStart + seconds) * 1000)
      .toUTCString()
      .replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$2 $1 $4 $3 GMT');
  const text = [
    `file /etc/letsencrypt/live/${name}/fullchain.pem`,
    `subject=CN = ${name}`,
    "issuer=C = US, O = Let's Encrypt, CN = R11",
    `notBefore=${date((days - 90) * 86_400)}`,
    `notAfter=${date(days * 86_400)}`,
    `serial=0${serial}`,
    `                DNS:${name}`,
  ].join('\n');
  const others = (m.sections.get('openssl x509') ?? '')
    .split(/\n(?=file )/)
    .filter((one) => one && !one.includes(`/${name}/`));
  m.sections.set('openssl x509', [...others, text].join('\n'));
}

/** nginx, PHP and MariaDB behind one shop. */
export async function shop(s: Stage): Promise<void> {
  await s.server('web1', '1.2.3.10', (m) => {
    webServer(m);
    site(m, 'shop.rosen.net', 'unix:/run/php/php-fpm.sock');
  });
}

/** Three sites of one nginx: two of PHP, one forwarded to a program of its own on port 3000. */
export async function threeSites(s: Stage): Promise<void> {
  await s.server('web1', '1.2.3.10', (m) => {
    webServer(m);
    site(m, 'shop.rosen.net', 'unix:/run/php/php-fpm.sock');
    site(m, 'blog.rosen.net', 'unix:/run/php/php-fpm.sock');
    m.run('billing-api', { rss: 200 * MiB, cpu: 2, ports: [3000], bind: '127.0.0.1', uid: 1000 });
    m.unit('billing-api.service');
    site(m, 'billing.tulpen.net', 'http://127.0.0.1:3000');
  });
}

/** A program in Java that serves port 8080, as it runs. */
export const shopProgram: Partial<Program> = {
  rss: 2 * GiB,
  threads: 60,
  cpu: 10,
  ports: [8080],
  uid: 1000,
  cgroup: '/system.slice/shop.service',
};

/** A machine with that program alone. */
export function runShop(m: Machine): void {
  m.run('java', shopProgram);
  m.unit('shop.service');
  m.unit('ssh.service');
}

/** A server that the program serves by itself. */
export async function application(s: Stage): Promise<void> {
  await s.server('app1', '1.2.3.20', runShop);
}

type Which = Partial<Pick<Look, 'server' | 'host' | 'port' | 'region' | 'name'>> & {
  kinds?: readonly string[];
};

/** Looks that match fail like this from now on. */
export function fail(s: Stage, which: Which, code: Answer['code'], more: Partial<Answer> = {}): void {
  const { kinds, ...rest } = which;
  s.outside((look) => {
    const same = Object.entries(rest).every(([key, value]) => look[key as keyof Look] === value);
    if (!same || (kinds && !kinds.includes(look.kind))) return undefined;
    // A name server, a registry, a page that must not be there: asked on their own.
    if (!kinds && !['http', 'port', 'tls', 'exposed'].includes(look.kind)) return undefined;
    return { code, ...more };
  });
}

/** Nothing comes back from a server. */
export function mute(s: Stage, server: string, region?: string): void {
  s.outside((look) => {
    if (look.server !== server || (region && look.region !== region)) return undefined;
    if (look.kind === 'ping') return { code: 'ping-timeout' };
    return ['http', 'port', 'tls', 'exposed', 'ports'].includes(look.kind)
      ? { code: 'connect-timeout' }
      : undefined;
  });
}

/** Pages of a server answer with a status. */
export function status(s: Stage, which: Which, code: number): void {
  fail(s, { kinds: ['http'], ...which }, 'http-status', {
    summary: `HTTP ${code}, expected 200`,
    details: { status: code },
  });
}

/** A unit that has failed, and its program is gone. */
export function dies(
  m: Machine,
  program: string,
  unit = `${program}.service`,
  exitStatus = 1,
  result = 'exit-code',
): void {
  m.stop(program);
  m.unit(unit, { active: 'failed', sub: 'failed', result, exitStatus });
}

/** Started again. */
export function starts(
  m: Machine,
  program: string,
  how: Parameters<Machine['run']>[1],
  unit = `${program}.service`,
): void {
  m.run(program, how);
  m.unit(unit, { active: 'active', sub: 'running', result: 'success', exitStatus: 0 });
}

export const nginx = { cpu: 3, rss: 30 * MiB, count: 3, ports: [80, 443], uid: 33 };
export const php = { cpu: 8, rss: 400 * MiB, count: 8, uid: 33, cgroup: '/system.slice/php-fpm.service' };
export const mariadb = {
  cpu: 6,
  rss: 900 * MiB,
  threads: 30,
  uid: 106,
  ports: [3306],
  bind: '127.0.0.1',
  cgroup: '/system.slice/mariadb.service',
};

/** A boot begins now. */
export function reboots(m: Machine): void {
  m.uptime = 5;
  m.boot++;
}

/** A time as a log of this machine writes it: 2026-11-22 03:12:05. */
export function stamp(s: Stage, ago = 0): string {
  return new Date((s.at - ago) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
