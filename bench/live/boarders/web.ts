// Web servers, caches, and programs behind them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { LiveScenario } from '../liveScenario.ts';
import { gunicorn, logs, nginx, own, phpPool, phpSite, proxy, visitors } from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';
import { site } from './network.ts';
import { badFile, goBad, script } from './processes.ts';

/** nginx whose workers are those of Debian, who may not read everything. */
function nginxOfDebian(lab: Lab, config: string): void {
  const folder = join(lab.directory, 'nginx');
  lab.host(['mkdir', '-p', folder]);
  writeFileSync(join(folder, 'nginx.conf'), `user www-data; ${config}`);
  lab.over(folder, '/etc/nginx');
  lab.start(['nginx', '-g', `daemon off; pid ${lab.directory}/n.pid;`]);
  lab.host(['sleep', '1']);
}

export const webBoarders: LiveScenario[] = [
  {
    slug: 'one-of-two-upstreams',
    name: 'One of the two Python programs behind nginx is killed; every second request fails',
    kind: 'fault',
    prepare(lab) {
      const command = gunicorn(lab, 'time.sleep(0.01)', 1);
      for (const port of ['8001', '8002']) lab.start(command.map((w) => w.replace('8000', port)));
      nginx(
        lab,
        proxy(
          'http://shop',
          'upstream shop { server 127.0.0.1:8001 max_fails=0; server 127.0.0.1:8002 max_fails=0; } proxy_next_upstream off;',
        ),
      );
      visitors(lab, 5);
    },
    inject: (lab) => void lab.run(['pkill', '-9', '-f', '127.0.0.1:8002']),
    roots: [
      {
        problem: ['svc.http_5xx', 'proc.vanished', 'svc.http_down'],
        subject: ['nginx', 'gunicorn', 'port 8002', '127.0.0.1:8002', '8002'],
      },
    ],
  },
  {
    slug: 'varnish-without-a-backend',
    name: 'nginx behind Varnish is killed, and Varnish answers 503',
    kind: 'fault',
    prepare(lab) {
      nginx(
        lab,
        'worker_processes 1; error_log /var/log/nginx/error.log error; events { worker_connections 512; } http { access_log off; server { listen 127.0.0.1:8080; location / { add_header Cache-Control no-store; return 200 "ok"; } } }',
      );
      lab.start([
        'varnishd',
        '-F',
        '-j',
        'none',
        '-T',
        '127.0.0.1:6082',
        '-a',
        ':80',
        '-b',
        '127.0.0.1:8080',
        '-t',
        '0',
        '-s',
        'malloc,16m',
        '-n',
        join(lab.directory, 'varnish'),
      ]);
      lab.host(['sleep', '6']);
      visitors(lab, 3);
    },
    inject: (lab) => void lab.run(['pkill', '-9', '-x', 'nginx']),
    watch: [{ ...site, about: { process: 'varnishd', port: 80 } }],
    roots: [{ problem: 'proc.vanished', subject: 'nginx' }],
  },
  {
    slug: 'squid-without-its-folder',
    name: 'The folder of the cache of squid was tidied away: squid ends at each start',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      logs(lab, 'squid');
      own(lab, '/var/spool/squid');
      lab.run(['chown', 'proxy', '/var/log/squid', '/var/spool/squid']);
      const file = script(
        lab,
        'squid.conf',
        `http_port 127.0.0.1:3128\ncache_dir ufs /var/spool/squid/cache 20 4 4\nhttp_access allow localhost\npid_filename ${lab.directory}/squid.pid\nvisible_hostname web1\nshutdown_lifetime 0\npinger_enable off\n`,
      );
      lab.run(['squid', '-N', '-z', '-f', file], { mayFail: true });
      runUnit(lab, {
        name: 'squid.service',
        command: ['/usr/sbin/squid', '-N', '-f', file],
        restartSeconds: 1,
      });
      lab.host(['sleep', '2']);
    },
    inject: (lab) => void lab.run(['sh', '-c', 'rm -r /var/spool/squid/cache; pkill -9 -x squid']),
    roots: [{ problem: ['svc.restart_loop', 'svc.unit_failed'], subject: ['squid.service', 'squid'] }],
  },
  {
    slug: 'memcached-twice',
    name: 'Somebody started memcached by hand; its unit finds the port taken and tries again and again',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      lab.start(['memcached', '-u', 'nobody', '-l', '127.0.0.1', '-p', '11211']);
    },
    inject: (lab) =>
      runUnit(lab, {
        name: 'memcached.service',
        command: ['/usr/bin/memcached', '-u', 'nobody', '-l', '127.0.0.1', '-p', '11211'],
        restartSeconds: 1,
      }),
    roots: [
      {
        problem: ['svc.restart_loop', 'svc.port_conflict', 'svc.unit_failed'],
        subject: ['memcached.service', 'memcached', 'port 11211', '11211'],
      },
    ],
  },
  {
    slug: 'php-children-crash',
    name: 'A page of PHP recurses without end: each child that answers it dies with SIGSEGV, and nginx says 502',
    kind: 'fault',
    prepare(lab) {
      logs(lab, 'nginx');
      lab.start(
        phpPool(
          lab,
          'pm = static\npm.max_children = 3\nphp_admin_value[memory_limit] = -1',
          `function f() { array_map('f', [1]); } if (file_exists('${badFile(lab)}')) { f(); } echo 1;`,
          '127.0.0.1:9000',
        ),
      );
      nginx(lab, phpSite(lab, '127.0.0.1:9000'));
      visitors(lab, 3);
    },
    inject: goBad,
    roots: [
      {
        problem: ['svc.http_5xx', 'svc.restart_loop', 'proc.crash'],
        subject: ['php', 'nginx', '127.0.0.1:9000'],
      },
    ],
  },
  {
    slug: 'socket-of-php-is-closed',
    name: 'The socket of PHP lets only root in since a change of its pool; nginx may not connect',
    kind: 'fault',
    prepare(lab) {
      logs(lab, 'nginx');
      own(lab, '/run/php');
      lab.start(phpPool(lab, 'pm = static\npm.max_children = 3', 'echo 1;', '/run/php/php8.2-fpm.sock'));
      lab.host(['sleep', '1']);
      nginxOfDebian(lab, phpSite(lab, 'unix:/run/php/php8.2-fpm.sock'));
      visitors(lab, 3);
    },
    inject: (lab) => void lab.run(['chmod', '600', '/run/php/php8.2-fpm.sock']),
    roots: [
      { problem: ['svc.http_5xx', 'svc.http_down'], subject: ['nginx', 'php', '/run/php', 'unix:/run/php'] },
    ],
  },
  {
    slug: 'queue-of-uwsgi-is-full',
    name: 'The one worker of uwsgi takes ten seconds for each page, and its queue of 8 is full',
    kind: 'fault',
    prepare(lab) {
      const file = script(
        lab,
        'app.py',
        `import time, os
def application(environ, start_response):
    time.sleep(10 if os.path.exists('${badFile(lab)}') else 0.01)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
`,
      );
      lab.start([
        'uwsgi',
        '--plugins',
        'python3',
        '--http-socket',
        '127.0.0.1:8000',
        '--wsgi-file',
        file,
        '--master',
        '--workers',
        '1',
        '--listen',
        '8',
      ]);
      lab.host(['sleep', '2']);
      nginx(lab, proxy('http://127.0.0.1:8000').replace('proxy_read_timeout 20s', 'proxy_read_timeout 5s'));
      visitors(lab, 40);
    },
    inject: goBad,
    roots: [
      {
        problem: ['net.listen_overflow', 'svc.upstream_timeout', 'svc.http_5xx'],
        subject: ['uwsgi', 'port 8000', '127.0.0.1:8000', '8000', 'nginx'],
      },
    ],
  },
  {
    slug: 'web-root-closed',
    name: 'A deployment left the folder of the site to root alone, and nginx answers 403',
    kind: 'fault',
    prepare(lab) {
      logs(lab, 'nginx');
      own(lab, '/srv');
      lab.run(['sh', '-c', 'mkdir /srv/www; echo hello > /srv/www/index.html']);
      nginxOfDebian(
        lab,
        'worker_processes 1; error_log /var/log/nginx/error.log error; events { worker_connections 512; } http { access_log /var/log/nginx/access.log; server { listen 80; root /srv/www; } }',
      );
      visitors(lab, 3);
    },
    inject: (lab) => void lab.run(['chmod', '700', '/srv/www']),
    watch: [site],
    roots: [{ problem: 'svc.http_down', subject: ['shop', 'nginx', '/srv/www'] }],
  },
  {
    slug: 'certificate-of-apache',
    name: 'The certificate of Apache has two days left, and nobody renews it',
    kind: 'fault',
    after: 5,
    full: 'daily',
    prepare(lab) {
      logs(lab, 'apache2');
      const folder = join(lab.directory, 'apache2');
      lab.host(['mkdir', '-p', join(folder, 'sites-enabled'), join(folder, 'tls')]);
      lab.run([
        'sh',
        '-c',
        `cd ${folder}/tls; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.org -addext subjectAltName=DNS:shop.example.org -keyout shop.key -out shop.crt 2>/dev/null`,
      ]);
      const modules = '/usr/lib/apache2/modules';
      writeFileSync(
        join(folder, 'apache2.conf'),
        `ServerName shop.example.org\nServerRoot /etc/apache2\nPidFile ${lab.directory}/a.pid\n${['mpm_prefork', 'authz_core', 'socache_shmcb', 'ssl'].map((m) => `LoadModule ${m}_module ${modules}/mod_${m}.so`).join('\n')}\nListen 443\nErrorLog /var/log/apache2/error.log\nIncludeOptional sites-enabled/*.conf\n`,
      );
      writeFileSync(
        join(folder, 'sites-enabled/shop.conf'),
        '<VirtualHost *:443>\nServerName shop.example.org\nSSLEngine on\nSSLCertificateFile /etc/apache2/tls/shop.crt\nSSLCertificateKeyFile /etc/apache2/tls/shop.key\n</VirtualHost>\n',
      );
      lab.over(folder, '/etc/apache2');
      lab.start(['apache2', '-f', '/etc/apache2/apache2.conf', '-DFOREGROUND']);
      lab.host(['sleep', '1']);
    },
    inject: () => undefined,
    roots: [
      {
        problem: ['tls.expiring', 'tls.renew_failed'],
        subject: ['shop.example.org', '/etc/apache2/tls', 'apache2'],
      },
    ],
  },
  {
    slug: 'module-not-installed',
    name: 'The new version of a Python program wants a module that is not there: gunicorn ends with 3 at each start',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      runUnit(lab, { name: 'shop.service', command: gunicorn(lab, 'pass'), restartSeconds: 1 });
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 3);
    },
    inject(lab) {
      script(lab, 'shop.py', 'import payments_of_the_shop\n');
      lab.run(['pkill', '-x', 'gunicorn']);
    },
    roots: [{ problem: ['svc.restart_loop', 'svc.unit_failed'], subject: ['shop.service', 'gunicorn'] }],
  },
  {
    slug: 'dead-program-beside-a-packer',
    name: 'The Python program behind nginx was killed; a polite xz that packs an archive has nothing to do with it',
    kind: 'confounded',
    prepare(lab) {
      lab.start(gunicorn(lab, 'time.sleep(0.01)'));
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 3);
    },
    inject(lab) {
      lab.start(['nice', '-n', '19', 'sh', '-c', 'head -c 900000000 /dev/urandom | xz -T1 -9 > /dev/null']);
      lab.run(['pkill', '-9', '-x', 'gunicorn']);
    },
    roots: [{ problem: 'proc.vanished', subject: ['gunicorn', 'port 8000', '127.0.0.1:8000'] }],
  },
];
