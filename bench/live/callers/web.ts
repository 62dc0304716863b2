// Web servers and what stands behind them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { LiveScenario } from '../liveScenario.ts';
import { apache, gunicorn, logs, nginx, own, phpPool, phpSite, proxy, visitors } from '../programs.ts';
import { runUnit, serviceManager, type Unit } from '../serviceManager.ts';

const haproxyConfig = (more = '') =>
  `defaults\n mode http\n timeout connect 2s\n timeout client 5s\n timeout server 5s\nfrontend f\n bind :80\n${more} default_backend b\nbackend b\n server s 127.0.0.1:8000\n`;

const nginxUnit = (lab: Lab): Unit => ({
  name: 'nginx.service',
  command: ['/usr/sbin/nginx', '-g', `daemon off; pid ${lab.directory}/n.pid;`],
});

export const webCallers: LiveScenario[] = [
  {
    slug: 'upstream-killed',
    name: 'Somebody kills gunicorn behind nginx, and the site answers 502',
    kind: 'fault',
    prepare(lab) {
      lab.start(gunicorn(lab, 'time.sleep(0.01)'));
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 2);
    },
    inject: (lab) => void lab.run(['pkill', '-9', '-x', 'gunicorn']),
    roots: [{ problem: 'proc.vanished', subject: 'gunicorn' }],
  },
  {
    slug: 'php-children-used-up',
    name: 'A slow page holds all four children of PHP, and the others wait',
    kind: 'fault',
    prepare(lab) {
      logs(lab, 'nginx');
      lab.start(
        phpPool(lab, 'pm = static\npm.max_children = 4', 'usleep(1500000); echo 1;', '127.0.0.1:9000'),
      );
      nginx(lab, phpSite(lab, '127.0.0.1:9000'));
    },
    inject: (lab) => void visitors(lab, 30),
    roots: [{ problem: 'web.phpfpm_children', subject: ['php-fpm', 'www', 'php8.2-fpm'] }],
  },
  {
    slug: 'php-killed',
    name: 'PHP is killed behind nginx; its socket refuses',
    kind: 'fault',
    prepare(lab) {
      logs(lab, 'nginx');
      own(lab, '/run/php');
      lab.start(phpPool(lab, 'pm = static\npm.max_children = 4', 'echo 1;', '/run/php/php8.2-fpm.sock'));
      nginx(lab, phpSite(lab, 'unix:/run/php/php8.2-fpm.sock'));
      visitors(lab, 2);
    },
    inject: (lab) => void lab.run(['pkill', '-9', 'php-fpm']),
    roots: [{ problem: 'proc.vanished', subject: ['php-fpm', 'php8.2-fpm'] }],
  },
  {
    slug: 'haproxy-wrong-word',
    name: 'A misspelt word in haproxy.cfg: haproxy does not come back, and systemd tries again and again',
    kind: 'fault',
    prepare(lab) {
      mkdirSync(join(lab.directory, 'haproxy'));
      writeFileSync(join(lab.directory, 'haproxy/haproxy.cfg'), haproxyConfig());
      lab.over(join(lab.directory, 'haproxy'), '/etc/haproxy');
      lab.start(gunicorn(lab, 'time.sleep(0.01)'));
      serviceManager(lab);
      runUnit(lab, {
        name: 'haproxy.service',
        command: ['/usr/sbin/haproxy', '-db', '-f', '/etc/haproxy/haproxy.cfg'],
        restartSeconds: 1,
      });
    },
    inject(lab) {
      writeFileSync(join(lab.directory, 'haproxy/haproxy.cfg'), haproxyConfig(' optoin httplog\n'));
      lab.run(['pkill', '-x', 'haproxy']);
    },
    roots: [
      {
        problem: ['svc.restart_loop', 'change.config', 'web.config_invalid'],
        subject: ['haproxy', '/etc/haproxy/haproxy.cfg'],
      },
    ],
  },
  {
    slug: 'haproxy-certificate',
    name: 'The certificate of haproxy has five days left',
    kind: 'fault',
    after: 5,
    prepare(lab) {
      mkdirSync(join(lab.directory, 'haproxy/certs'), { recursive: true });
      lab.run([
        'sh',
        '-c',
        `cd ${lab.directory}/haproxy/certs; openssl req -x509 -newkey rsa:2048 -nodes -days 5 -subj /CN=shop.example.org -addext subjectAltName=DNS:shop.example.org -keyout k -out c 2>/dev/null; cat c k > shop.pem; rm c k`,
      ]);
      writeFileSync(
        join(lab.directory, 'haproxy/haproxy.cfg'),
        haproxyConfig(' bind :443 ssl crt /etc/haproxy/certs/shop.pem\n'),
      );
      lab.over(join(lab.directory, 'haproxy'), '/etc/haproxy');
      lab.start(['haproxy', '-db', '-f', '/etc/haproxy/haproxy.cfg']);
      lab.host(['sleep', '1']);
    },
    inject: () => undefined,
    roots: [{ problem: 'tls.expiring', subject: ['/etc/haproxy/certs/shop.pem', 'shop.example.org'] }],
  },
  {
    slug: 'port-taken',
    name: 'Apache has taken port 80 when nginx is started again',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      logs(lab, 'nginx', 'apache2');
      mkdirSync(join(lab.directory, 'nginx'));
      writeFileSync(
        join(lab.directory, 'nginx/nginx.conf'),
        'error_log /var/log/nginx/error.log; events {} http { access_log off; server { listen 80; } }',
      );
      lab.over(join(lab.directory, 'nginx'), '/etc/nginx');
      runUnit(lab, { ...nginxUnit(lab), restartSeconds: 2 });
    },
    inject(lab) {
      // Both are restarted after an upgrade, and apache2 is quicker.
      lab.run(['pkill', '-x', 'nginx']);
      apache(lab, 4);
    },
    roots: [{ problem: 'svc.port_conflict', subject: ['nginx', 'apache2', '80'] }],
  },
  {
    slug: 'log-folder-missing',
    name: 'nginx does not start again: the folder of a log is gone',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      logs(lab, 'nginx/shop');
      mkdirSync(join(lab.directory, 'nginx'));
      writeFileSync(
        join(lab.directory, 'nginx/nginx.conf'),
        'error_log /var/log/nginx/error.log; events {} http { access_log /var/log/nginx/shop/access.log; server { listen 80; } }',
      );
      lab.over(join(lab.directory, 'nginx'), '/etc/nginx');
      runUnit(lab, nginxUnit(lab));
    },
    inject(lab) {
      lab.run(['rm', '-r', '/var/log/nginx/shop']);
      lab.run(['pkill', '-x', 'nginx']);
      lab.host(['sleep', '1']);
      runUnit(lab, nginxUnit(lab));
    },
    roots: [
      {
        problem: ['web.config_invalid', 'svc.unit_failed'],
        subject: ['nginx', '/etc/nginx/nginx.conf'],
      },
    ],
  },
  {
    slug: 'crawler',
    name: 'A crawler asks thirty times as much as visitors do, and Python takes the CPU for it',
    kind: 'control',
    before: 5,
    prepare(lab) {
      lab.start(['nice', '-n', '-10', ...gunicorn(lab, 'sum(range(300000))', 3)]);
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 1);
    },
    inject(lab) {
      lab.perl(
        'crawler',
        `use IO::Socket::INET; for (1..12) { next if fork; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '192.0.2.10:80', Timeout => 3) or next; print $s "GET /all HTTP/1.0\\r\\n\\r\\n"; 1 while sysread $s, my $b, 4096 } } sleep 600`,
        { inClient: true },
      );
    },
    roots: [],
  },
];
