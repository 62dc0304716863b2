// Web servers, and programs behind them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { LiveScenario } from '../liveScenario.ts';
import {
  ahead,
  apache,
  gunicorn,
  logs,
  nginx,
  own,
  phpPool,
  phpSite,
  proxy,
  redis,
  visitors,
} from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';

const backtracks = `import re
    if os.path.exists('REGEX'):
        re.match(r'(x+x+)+y', 'x' * 40)`;

/** Asks Redis so often a second, each time with a connection of its own, which it closes first. */
const shopper = (lab: Lab, often: number) =>
  lab.perl(
    'shop-worker',
    `use IO::Socket::INET; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379'); if ($s) { print $s "PING\\r\\n"; sysread $s, my $b, 99; close $s } select undef, undef, undef, ${1 / often} }`,
  );

export const webLodgers: LiveScenario[] = [
  {
    slug: 'regex-without-end',
    name: 'A regular expression goes astray in a Python worker behind nginx; its second worker follows',
    kind: 'fault',
    prepare(lab) {
      lab.start(gunicorn(lab, backtracks.replace('REGEX', `${lab.directory}/bad`)));
      lab.host(['sleep', '1']);
      ahead(lab, 'gunicorn');
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 2);
    },
    inject: (lab) => writeFileSync(join(lab.directory, 'bad'), ''),
    roots: [
      {
        problem: ['proc.runaway', 'cpu.one_core_pinned'],
        subject: 'gunicorn',
      },
    ],
  },
  {
    slug: 'php-fatal',
    name: 'After a deployment each page of PHP ends with a fatal error, and nginx answers 500',
    kind: 'fault',
    prepare(lab) {
      logs(lab, 'nginx');
      lab.start(
        phpPool(
          lab,
          'pm = static\npm.max_children = 4\nphp_admin_flag[log_errors] = on\nphp_admin_flag[display_errors] = off',
          `if (file_exists('${lab.directory}/bad')) { require '/srv/shop/vendor/autoload.php'; } echo 1;`,
          '127.0.0.1:9000',
        ),
      );
      nginx(lab, phpSite(lab, '127.0.0.1:9000'));
      visitors(lab, 4);
    },
    inject: (lab) => writeFileSync(join(lab.directory, 'bad'), '', { mode: 0o644 }),
    roots: [{ problem: 'svc.http_5xx', subject: ['nginx', 'php', 'web1', '/var/log/nginx'] }],
  },
  {
    slug: 'deployed-on-another-port',
    name: 'The new version of a program listens on 8001, and nginx asks 8000',
    kind: 'fault',
    prepare(lab) {
      lab.start(gunicorn(lab, 'time.sleep(0.01)'));
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 3);
    },
    inject(lab) {
      lab.run(['pkill', '-x', 'gunicorn']);
      lab.host(['sleep', '1']);
      lab.start(gunicorn(lab, 'time.sleep(0.01)').map((w) => w.replace(':8000', ':8001')));
    },
    // That the port is gone, or that nginx finds nobody there; not that gunicorn is.
    roots: [
      {
        problem: ['svc.http_5xx', 'proc.vanished', 'svc.http_down'],
        subject: ['nginx', 'port 8000', '127.0.0.1:8000', '8000'],
      },
    ],
  },
  {
    slug: 'program-stopped',
    name: 'Somebody stopped gunicorn with SIGSTOP to look at it and went to lunch; nginx answers 504',
    kind: 'fault',
    after: 9,
    prepare(lab) {
      lab.start(gunicorn(lab, 'time.sleep(0.01)'));
      nginx(lab, proxy('http://127.0.0.1:8000').replace('proxy_read_timeout 20s', 'proxy_read_timeout 4s'));
      visitors(lab, 12);
    },
    inject: (lab) => void lab.run(['pkill', '-STOP', '-x', 'gunicorn']),
    roots: [
      {
        problem: ['svc.upstream_timeout', 'net.listen_overflow', 'svc.http_5xx'],
        subject: ['gunicorn', 'nginx', '127.0.0.1:8000', 'port 8000', '8000'],
      },
    ],
  },
  {
    slug: 'no-port-left',
    name: 'A program opens a connection to Redis for each value that it wants, until no local port is left',
    kind: 'fault',
    prepare(lab) {
      lab.run(['sysctl', '-qw', 'net.ipv4.ip_local_port_range=40000 40400', 'net.ipv4.tcp_tw_reuse=0']);
      redis(lab, '--save', '');
      shopper(lab, 1);
    },
    inject: (lab) => void shopper(lab, 100),
    roots: [
      {
        problem: 'net.timewait',
        subject: ['127.0.0.1', 'port 6379', 'web1', '6379', 'redis', 'shop-worker'],
      },
    ],
  },
  {
    slug: 'apache-module-missing',
    name: 'A directive of a module that is no longer there: Apache does not come back from its restart',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      const folder = join(lab.directory, 'httpd');
      mkdirSync(folder);
      const modules = '/usr/lib/apache2/modules';
      writeFileSync(
        join(folder, 'apache2.conf'),
        `ServerName shop.example.org\nServerRoot ${folder}\nPidFile ${lab.directory}/a.pid\nLoadModule mpm_prefork_module ${modules}/mod_mpm_prefork.so\nLoadModule authz_core_module ${modules}/mod_authz_core.so\nListen 80\nErrorLog /var/log/apache2/error.log\nIncludeOptional ${folder}/conf-enabled/*.conf\n`,
      );
      mkdirSync(join(folder, 'conf-enabled'));
      own(lab, '/var/log/apache2');
      lab.over(folder, '/etc/apache2');
      runUnit(lab, {
        name: 'apache2.service',
        command: ['/usr/sbin/apache2', '-f', '/etc/apache2/apache2.conf', '-DFOREGROUND'],
      });
      visitors(lab, 2);
    },
    inject(lab) {
      writeFileSync(
        join(lab.directory, 'httpd/conf-enabled/shop.conf'),
        'RewriteEngine On\nRewriteRule ^/old /new [R]\n',
      );
      lab.run(['sh', '-c', `kill -TERM $(cat ${lab.directory}/a.pid)`]);
      lab.host(['sleep', '2']);
      runUnit(lab, {
        name: 'apache2.service',
        command: ['/usr/sbin/apache2', '-f', '/etc/apache2/apache2.conf', '-DFOREGROUND'],
      });
    },
    roots: [
      {
        problem: ['web.config_invalid', 'svc.unit_failed', 'change.config'],
        subject: ['apache2', '/etc/apache2'],
      },
    ],
  },
  {
    slug: 'haproxy-is-full',
    name: 'haproxy may hold 20 connections, slow visitors hold them, and its queue overflows',
    kind: 'fault',
    prepare(lab) {
      lab.start(gunicorn(lab, "time.sleep(8 if path == '/slow' else 0.01)", 24));
      writeFileSync(
        join(lab.directory, 'h.cfg'),
        'global\n maxconn 20\ndefaults\n mode http\n backlog 10\n timeout connect 2s\n timeout client 20s\n timeout server 20s\nfrontend f\n bind :80\n default_backend b\nbackend b\n server s 127.0.0.1:8000\n',
      );
      lab.start(['haproxy', '-W', '-db', '-f', join(lab.directory, 'h.cfg')]);
      lab.host(['sleep', '2']);
      visitors(lab, 2);
    },
    inject: (lab) => void visitors(lab, 120, '/slow'),
    roots: [
      { problem: 'net.listen_overflow', subject: ['haproxy', 'port 80', '80', ':80', '0.0.0.0:80', '*:80'] },
    ],
  },
  {
    slug: 'apache-backend-dies',
    name: 'Apache has room, but a backup with tar runs beside while a slow script takes all its workers',
    kind: 'confounded',
    prepare(lab) {
      apache(lab, 6);
      visitors(lab, 1);
    },
    inject(lab) {
      visitors(lab, 40, '/cgi/slow.sh');
      lab.start(['sh', '-c', 'while :; do nice -n 10 tar -cf - /usr/share/doc | gzip -1 | wc -c; done']);
    },
    roots: [{ problem: ['web.apache_workers'], subject: ['apache2', 'apache', 'httpd'] }],
  },
];
