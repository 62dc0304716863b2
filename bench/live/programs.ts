// Programs as servers have them, started in the lab's machine with a configuration of their own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, type Lab } from './lab.ts';

/** An empty folder of the machine's own over one that the host uses too. */
export const own = (lab: Lab, path: string) => {
  lab.run(['mkdir', '-p', path]);
  lab.run(['mount', '-t', 'tmpfs', '-o', 'mode=755,size=64m', 'tmpfs', path]);
};

export const python = (lab: Lab, code: string, options: Parameters<Lab['start']>[1] = {}) => {
  const file = join(lab.directory, `${code.length}.py`);
  writeFileSync(file, code);
  return lab.start(['/usr/bin/python3', file], options);
};

/** A name server that gives every name one address. */
export const nameServer = [
  'dnsmasq',
  '-k',
  '-C',
  '/dev/null',
  '--no-resolv',
  '--no-hosts',
  '--address=/#/192.0.2.1',
  '--user=root',
];

/** A folder of data in which MariaDB can start. */
export function emptyMariadb(lab: Lab, data: string): void {
  lab.host([
    'mariadb-install-db',
    '--no-defaults',
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    '--user=root',
    `--datadir=${data}`,
  ]);
}

export const pgBin = '/usr/lib/postgresql/15/bin';
export const asPostgres = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];

export function postgres(lab: Lab, ...settings: string[]): void {
  own(lab, '/run/postgresql');
  const data = join(lab.directory, 'pg');
  lab.run(['sh', '-c', `chmod 711 ${lab.directory}; mkdir ${data}; chown postgres: ${data} /run/postgresql`]);
  lab.run([...asPostgres, `${pgBin}/initdb`, '-D', data, '-A', 'trust', '--no-sync']);
  lab.start([
    ...asPostgres,
    `${pgBin}/postgres`,
    '-D',
    data,
    '-k',
    '/run/postgresql',
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'fsync=off',
    ...settings.flatMap((s) => ['-c', s]),
  ]);
  lab.host(['sleep', '4']);
}

export const psql = (...words: string[]) => [
  ...asPostgres,
  'psql',
  '-XqAt',
  '-h',
  '/run/postgresql',
  'postgres',
  ...words,
];

export function redis(lab: Lab, ...settings: string[]): void {
  own(lab, '/run/redis');
  lab.start(['redis-server', '--port', '6379', '--bind', '127.0.0.1', '--dir', lab.directory, ...settings]);
  lab.host(['sleep', '1']);
}

export function nginx(lab: Lab, config: string): void {
  const folder = join(lab.directory, 'nginx');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'nginx.conf'), config);
  own(lab, '/var/log/nginx');
  lab.over(folder, '/etc/nginx');
  lab.start([
    'nginx',
    '-c',
    '/etc/nginx/nginx.conf',
    '-g',
    `daemon off; user root; pid ${lab.directory}/n.pid;`,
  ]);
  lab.host(['sleep', '1']);
}

export function apache(lab: Lab, workers: number): void {
  const folder = join(lab.directory, 'apache2');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'slow.sh'),
    '#!/bin/sh\nsleep 30\nprintf "Content-Type: text/plain\\n\\nok\\n"\n',
    {
      mode: 0o755,
    },
  );
  const modules = '/usr/lib/apache2/modules';
  writeFileSync(
    join(folder, 'apache2.conf'),
    `ServerName shop.example.org
ServerRoot ${folder}
PidFile ${lab.directory}/a.pid
${['mpm_prefork', 'authz_core', 'cgi', 'alias'].map((m) => `LoadModule ${m}_module ${modules}/mod_${m}.so`).join('\n')}
Listen 80
StartServers 2
MinSpareServers 1
MaxSpareServers 4
ServerLimit ${workers}
MaxRequestWorkers ${workers}
ErrorLog /var/log/apache2/error.log
ScriptAlias /cgi/ ${folder}/
<Directory ${folder}>
Require all granted
</Directory>
`,
  );
  own(lab, '/var/log/apache2');
  lab.over(folder, '/etc/apache2');
  lab.start(['apache2', '-f', '/etc/apache2/apache2.conf', '-DFOREGROUND']);
  lab.host(['sleep', '1']);
}

/** Visitors from the other end of the cable: so many at once, each asks for `path` and waits for the answer. */
export const visitors = (lab: Lab, many: number, path = '/', port = 80) =>
  lab.perl(
    'visitors',
    `use IO::Socket::INET; for (1..${many}) { next if fork; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '${address}:${port}', Timeout => 3); if ($s) { print $s "GET ${path} HTTP/1.0\\r\\nHost: shop.example.org\\r\\n\\r\\n"; 1 while sysread $s, my $b, 4096 } select undef, undef, undef, 0.2 } } sleep 600`,
    { inClient: true },
  );

/** Logs of the machine's own, with these folders in it. */
export function logs(lab: Lab, ...folders: string[]): void {
  own(lab, '/var/log');
  lab.run(['mkdir', '-p', '/var/log/old', ...folders.map((f) => `/var/log/${f}`)]);
}

/** A program of Python behind gunicorn on 127.0.0.1:8000; `body` is what a request runs, with `path` at hand. */
export function gunicorn(lab: Lab, body: string, workers = 2): readonly string[] {
  writeFileSync(
    join(lab.directory, 'shop.py'),
    `import time, os
def app(environ, start_response):
    path = environ['PATH_INFO']
    ${body}
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
`,
  );
  return [
    '/usr/bin/gunicorn',
    '--chdir',
    lab.directory,
    '-b',
    '127.0.0.1:8000',
    '-w',
    String(workers),
    'shop:app',
  ];
}

export const proxy = (to: string, more = '') => `worker_processes 1; error_log /var/log/nginx/error.log error;
events { worker_connections 512; }
http { access_log /var/log/nginx/access.log; ${more}
server {
  listen 80;
  location / { proxy_pass ${to}; proxy_read_timeout 20s; }
} }
`;

/** A pool of PHP; the words for its configuration, and a page that runs `code`. */
export function phpPool(lab: Lab, pool: string, code: string, listen: string): readonly string[] {
  const folder = join(lab.directory, 'php/8.2/fpm');
  mkdirSync(join(folder, 'pool.d'), { recursive: true });
  writeFileSync(
    join(folder, 'pool.d/www.conf'),
    `[www]\nuser = www-data\ngroup = www-data\nlisten = ${listen}\nlisten.mode = 0666\n${pool}\n`,
  );
  writeFileSync(
    join(folder, 'php-fpm.conf'),
    `[global]\ndaemonize = no\nerror_log = /var/log/php8.2-fpm.log\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n`,
  );
  lab.run(['chmod', '711', lab.directory]);
  writeFileSync(join(lab.directory, 'page.php'), `<?php ${code}`, { mode: 0o644 });
  lab.over(join(lab.directory, 'php'), '/etc/php');
  return ['php-fpm8.2', '-n', '-y', '/etc/php/8.2/fpm/php-fpm.conf'];
}

export const phpSite = (
  lab: Lab,
  listen: string,
) => `worker_processes 1; error_log /var/log/nginx/error.log error;
events { worker_connections 512; }
http { access_log /var/log/nginx/access.log; server { listen 80; location / { fastcgi_pass ${listen}; fastcgi_read_timeout 60s; fastcgi_param SCRIPT_FILENAME ${lab.directory}/page.php; fastcgi_param REQUEST_METHOD GET; } } }
`;

/** So that a busy loop is one: whoever else uses the cores of this kernel meanwhile comes after the programs of that name. */
export const ahead = (lab: Lab, name: string) =>
  void lab.run(['sh', '-c', `echo -15 > /proc/$(pgrep -o -x ${name})/autogroup`]);
