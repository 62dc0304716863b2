// Programs that stop, are stopped, are in each other's way.
import {
  application,
  dies,
  fail,
  GiB,
  MiB,
  mariadb,
  nginx,
  php,
  reboots,
  shop,
  site,
  stamp,
  starts,
  status,
  type Story,
  threeSites,
} from './story.ts';
import { webServer } from '../scenarios/scenario.ts';

export const serviceStories: Story[] = [
  {
    name: 'outside first: refused; then inside: the kernel killed the main process of the unit, exit 137',
    stage: application,
    happens: {
      [-120]: (s) => void s.machine('app1').run('java', { rss: 5.5 * GiB }),
      [-60]: (s) => void s.machine('app1').run('java', { rss: 7.2 * GiB }),
      10: (s) => {
        const m = s.machine('app1');
        m.kill('java');
        dies(m, 'java', 'shop.service', 137, 'oom-kill');
        fail(s, { server: 'app1', port: 8080 }, 'connect-refused');
      },
    },
    roots: [{ root: 'mem.oom_kill', subject: 'process:java', folds: ['svc.unit_failed', 'svc.http_down'] }],
    says: [/137/, /refused/],
  },
  {
    name: 'outside first: nginx was stopped by hand',
    stage: shop,
    happens: {
      10: (s) => {
        s.machine().stop('nginx');
        s.machine().unit('nginx.service', { active: 'inactive', sub: 'dead' });
        fail(s, { port: 443 }, 'connect-refused');
        fail(s, { port: 80 }, 'connect-refused');
      },
    },
    mended: {
      at: 420,
      how(s) {
        starts(s.machine(), 'nginx', nginx);
        s.wellOutside();
      },
    },
    roots: [{ root: 'proc.vanished', subject: 'process:nginx', folds: ['svc.port_down', 'svc.http_down'] }],
    says: [/nginx is not running/],
  },
  {
    name: 'inside first: nginx crashed and the next report says so before anyone looks',
    stage: shop,
    happens: {
      [-10]: (s) => {
        dies(s.machine(), 'nginx', 'nginx.service', 11, 'signal');
        fail(s, { port: 443 }, 'connect-refused');
        fail(s, { port: 80 }, 'connect-refused');
      },
    },
    mended: {
      at: 360,
      how(s) {
        starts(s.machine(), 'nginx', nginx);
        s.wellOutside();
      },
    },
    roots: [
      { root: 'svc.unit_failed', subject: 'unit:nginx.service', folds: ['svc.port_down', 'svc.http_down'] },
    ],
  },
  {
    name: 'the program listens on loopback only after it was started again',
    stage: application,
    happens: {
      10: (s) => {
        s.machine('app1').run('java', { bind: '127.0.0.1', started: s.machine('app1').now });
        fail(s, { server: 'app1', port: 8080 }, 'connect-refused');
      },
    },
    mended: {
      at: 420,
      how(s) {
        s.machine('app1').run('java', { bind: '0.0.0.0' });
        s.wellOutside();
      },
    },
    roots: [{ root: ['svc.http_down', 'svc.port_down'], subject: ['monitor:', 'process:java'] }],
    says: [/127\.0\.0\.1:8080/],
  },
  {
    name: 'alive but firewalled: web ports are dropped, the rest answers',
    stage: shop,
    happens: {
      10: (s) => {
        fail(s, { port: 443 }, 'connect-timeout');
        fail(s, { port: 80 }, 'connect-timeout');
      },
    },
    mended: { at: 420, how: (s) => s.wellOutside() },
    roots: [{ root: 'svc.port_down', subject: 'process:nginx', folds: ['svc.http_down'] }],
    says: [/firewall/, /nginx runs and listens|nginx listens/],
  },
  {
    name: 'a full disk makes the database stop, and the shop answers 500',
    stage: shop,
    happens: {
      [-100]: (s) => void s.machine().mount('/', { used: 37.9 * GiB }),
      10: (s) => {
        const m = s.machine();
        m.mount('/', { used: 38 * GiB });
        dies(m, 'mariadbd', 'mariadb.service');
        status(s, {}, 500);
      },
    },
    mended: {
      at: 420,
      how(s) {
        s.machine().mount('/', { used: 14 * GiB });
        starts(s.machine(), 'mariadbd', mariadb, 'mariadb.service');
        s.wellOutside();
      },
    },
    roots: [{ root: 'disk.full', subject: 'mount:/', folds: ['svc.unit_failed', 'svc.http_down'] }],
    told: 70,
  },
  {
    name: 'an error of the disk makes the filesystem read-only, and pages answer 500',
    stage: shop,
    happens: {
      10: (s) => {
        const m = s.machine();
        m.say(
          'EXT4-fs error (device sda1): ext4_journal_check_start:83: comm nginx: Detected aborted journal',
        );
        m.say('EXT4-fs (sda1): Remounting filesystem read-only');
        m.mount('/', { options: 'ro,relatime' });
        status(s, {}, 500);
      },
    },
    roots: [
      {
        root: ['disk.fs_errors', 'disk.readonly', 'disk.errors'],
        subject: ['mount:/', 'device:sda'],
        folds: ['svc.http_down'],
      },
    ],
  },
  {
    name: 'all children of PHP are busy, and nginx answers 504',
    stage: shop,
    happens: {
      10: (s) => {
        const t = new Date((s.at - 5) * 1000).toISOString();
        const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
          Number(t.slice(5, 7)) - 1
        ];
        s.machine().sections.set(
          'tail -n 300 /var/log/*/error.log',
          [
            `[${t.slice(8, 10)}-${month}-${t.slice(0, 4)} ${t.slice(11, 19)}]       max_children`,
            ...Array.from(
              { length: 12 },
              () =>
                `${t.slice(0, 10).replaceAll('-', '/')} ${t.slice(11, 19)} [error] 12#12 upstream timed out`,
            ),
          ].join('\n'),
        );
        status(s, {}, 504);
      },
    },
    roots: [
      {
        root: 'web.phpfpm_children',
        subject: ['pool:', 'process:php-fpm'],
        folds: ['svc.upstream_timeout', 'svc.http_down'],
      },
    ],
    says: [/504/],
  },
  {
    name: 'PHP is killed for lack of memory, and three sites answer 502 one after the other',
    stage: threeSites,
    happens: {
      [-60]: (s) => void s.machine().run('php-fpm', { rss: 6.2 * GiB, count: 8 }),
      10: (s) => {
        const m = s.machine();
        m.kill('php-fpm');
        dies(m, 'php-fpm', 'php-fpm.service', 137, 'oom-kill');
        status(s, { host: 'shop.rosen.net' }, 502);
      },
      40: (s) => status(s, { host: 'blog.rosen.net' }, 502),
    },
    roots: [
      {
        root: ['mem.oom_kill', 'mem.critical'],
        subject: ['process:php-fpm', 'server:web1'],
        folds: ['svc.unit_failed', 'svc.http_5xx'],
      },
    ],
  },
  {
    name: 'two sites of three answer 502, since their PHP has failed',
    stage: threeSites,
    happens: {
      20: (s) => {
        dies(s.machine(), 'php-fpm');
        status(s, { host: 'shop.rosen.net' }, 502);
        status(s, { host: 'blog.rosen.net' }, 502);
      },
    },
    mended: {
      at: 420,
      how(s) {
        starts(s.machine(), 'php-fpm', php);
        s.wellOutside();
      },
    },
    roots: [{ root: 'svc.unit_failed', subject: 'unit:php-fpm.service', folds: ['svc.http_5xx'] }],
    says: [/shop\.rosen\.net and blog\.rosen\.net|blog\.rosen\.net and shop\.rosen\.net/],
  },
  {
    name: 'one site of three answers 500 by itself',
    stage: threeSites,
    happens: { 10: (s) => status(s, { host: 'billing.tulpen.net' }, 500) },
    mended: { at: 360, how: (s) => s.wellOutside() },
    roots: [
      { root: ['svc.http_5xx', 'svc.http_down'], subject: 'monitor:Homepage https://billing.tulpen.net/' },
    ],
  },
  {
    name: 'after a new kernel the server starts again, and nginx is not enabled',
    stage: shop,
    happens: {
      10: (s) => {
        s.reports('none');
        s.outside((look) =>
          look.kind === 'ping'
            ? { code: 'ping-timeout' }
            : ['http', 'port', 'tls', 'exposed'].includes(look.kind)
              ? { code: 'connect-timeout' }
              : undefined,
        );
      },
      100: (s) => {
        const m = s.machine();
        reboots(m);
        m.kernel = '6.1.0-28-amd64';
        m.stop('nginx');
        m.unit('nginx.service', { active: 'inactive', sub: 'dead' });
        s.reports('sent');
        s.wellOutside();
        fail(s, { port: 443 }, 'connect-refused');
        fail(s, { port: 80 }, 'connect-refused');
      },
    },
    seen: 420,
    mended: {
      at: 480,
      how(s) {
        starts(s.machine(), 'nginx', nginx);
        s.wellOutside();
      },
    },
    roots: [
      {
        root: ['sys.rebooted', 'proc.vanished'],
        subject: ['server:web1', 'process:nginx'],
        folds: ['svc.port_down'],
      },
    ],
    says: [/restart/],
    updates: 1,
  },
  {
    name: 'a changed configuration, and nginx does not start any more',
    async stage(s) {
      await shop(s);
      s.machine().sections.set('sha256sum /etc/*', `${'a'.repeat(64)}  /etc/nginx/nginx.conf`);
    },
    happens: {
      [-20]: (s) =>
        void s.machine().sections.set('sha256sum /etc/*', `${'b'.repeat(64)}  /etc/nginx/nginx.conf`),
      10: (s) => {
        dies(s.machine(), 'nginx');
        fail(s, { port: 443 }, 'connect-refused');
        fail(s, { port: 80 }, 'connect-refused');
      },
    },
    mended: {
      at: 420,
      how(s) {
        s.machine().sections.set('sha256sum /etc/*', `${'a'.repeat(64)}  /etc/nginx/nginx.conf`);
        starts(s.machine(), 'nginx', nginx);
        s.wellOutside();
      },
    },
    roots: [
      {
        root: 'change.config',
        subject: 'file:/etc/nginx/nginx.conf',
        folds: ['svc.unit_failed', 'svc.port_down'],
      },
    ],
  },
  {
    name: 'an upgrade of MariaDB fails, and the shop answers 500',
    stage: shop,
    happens: {
      10: (s) => {
        const m = s.machine();
        m.sections.set(
          'tail -n 100 /var/log/dpkg.log',
          `${stamp(s, 5)} upgrade mariadb-server:amd64 1:10.11.6-0 1:10.11.9-0`,
        );
        dies(m, 'mariadbd', 'mariadb.service');
        status(s, {}, 500);
      },
    },
    mended: {
      at: 420,
      how(s) {
        starts(s.machine(), 'mariadbd', mariadb, 'mariadb.service');
        s.wellOutside();
      },
    },
    roots: [
      {
        root: 'change.package',
        subject: 'package:mariadb-server',
        folds: ['svc.unit_failed', 'svc.http_down'],
      },
    ],
  },
  {
    name: 'Apache was installed and has taken the port of nginx',
    stage: shop,
    happens: {
      10: (s) => {
        const m = s.machine();
        dies(m, 'nginx');
        m.run('apache2', { ports: [80], rss: 60 * MiB, count: 6, cpu: 1 });
        m.unit('apache2.service');
        fail(s, { port: 443 }, 'connect-refused');
      },
    },
    roots: [
      {
        root: 'svc.port_conflict',
        subject: 'unit:nginx.service',
        folds: ['svc.unit_failed', 'svc.http_down'],
      },
    ],
  },
  {
    name: 'a container with a published port is killed at its limit',
    async stage(s) {
      await s.server('app1', '1.2.3.20', (m) => {
        m.run('dockerd', { rss: 90 * MiB });
        m.run('docker-proxy', { ports: [8080], rss: 4 * MiB, cgroup: '/system.slice/docker.service' });
        m.run('node', {
          rss: 300 * MiB,
          cgroup: `/system.slice/docker-${'0123456789ab'.repeat(5)}0123.scope`,
        });
        m.unit('docker.service');
        m.unit('ssh.service');
        m.sections.set(
          dockerPs,
          `${'0123456789ab'.repeat(5)}0123|shop|shop:1|Up 3 days|0.0.0.0:8080->80/tcp`,
        );
      });
    },
    happens: {
      10: (s) => {
        const m = s.machine('app1');
        m.kill('node', `/system.slice/docker-${'0123456789ab'.repeat(5)}0123.scope`);
        m.stop('node');
        m.stop('docker-proxy');
        m.sections.set(dockerPs, `${'0123456789ab'.repeat(5)}0123|shop|shop:1|Exited (137) 10 seconds ago|`);
        fail(s, { server: 'app1', port: 8080 }, 'connect-refused');
      },
    },
    roots: [
      {
        root: 'mem.cgroup_oom',
        subject: ['container:shop', 'cgroup:', 'process:node'],
        folds: ['svc.http_down'],
      },
    ],
    says: [/137/],
  },
  {
    name: 'a program accepts no more connections: they wait in its queue',
    stage: application,
    happens: {
      [-60]: (s) => void (s.machine('app1').tcp.overflows = 9),
      10: (s) => fail(s, { server: 'app1', port: 8080 }, 'connect-timeout'),
    },
    mended: {
      at: 420,
      how(s) {
        s.machine('app1').tcp.overflows = 0;
        s.wellOutside();
      },
    },
    ends: 1020,
    roots: [
      {
        root: 'net.listen_overflow',
        subject: ['server:app1', 'process:java', 'port:'],
        folds: ['svc.http_down'],
      },
    ],
  },
  {
    name: 'the table of connections is full, and the shop does not answer',
    stage: shop,
    happens: {
      [-120]: (s) => void (s.machine().conntrack = { count: 496, max: 500 }),
      10: (s) => {
        s.machine().conntrack = { count: 500, max: 500 };
        s.machine().say('nf_conntrack: nf_conntrack: table full, dropping packet');
        fail(s, { kinds: ['http'] }, 'connect-timeout');
      },
    },
    mended: {
      at: 420,
      how(s) {
        s.machine().conntrack = { count: 100, max: 262_144 };
        s.wellOutside();
      },
    },
    ends: 1020,
    roots: [{ root: 'net.conntrack', subject: 'server:web1', folds: ['svc.http_down'] }],
  },
  {
    name: 'a backup of the night makes the shop slow: nobody gets up for it',
    async stage(s) {
      await shop(s);
    },
    happens: {
      0: (s) => {
        const m = s.machine();
        m.run('restic', { cpu: 60, rss: 200 * MiB, read: 90e6, cgroup: '/system.slice/cron.service' });
        m.disk('sda', { reads: 1500, readBytes: 95e6, readAwait: 40, writeAwait: 40, busy: 99, queue: 20 });
        m.iowait = 40;
        m.psi.io = 60;
        m.psi.ioFull = 30;
        s.outside((look) => (look.kind === 'http' ? { code: 'ok', ms: 900 } : undefined));
      },
    },
    seen: 600,
    roots: [],
  },
  {
    name: 'a site is forwarded to a program that has left its port, although its unit is active',
    async stage(s) {
      await s.server('web1', '1.2.3.10', (m) => {
        webServer(m);
        site(m, 'shop.rosen.net', 'http://127.0.0.1:5000');
        m.run('gunicorn', {
          ports: [5000],
          bind: '127.0.0.1',
          count: 4,
          rss: 200 * MiB,
          uid: 1000,
          cgroup: '/system.slice/shop.service',
        });
        m.unit('shop.service');
      });
    },
    happens: {
      10: (s) => {
        s.machine().stop('gunicorn');
        status(s, {}, 502);
      },
    },
    roots: [{ root: 'proc.vanished', subject: 'process:gunicorn', folds: ['svc.http_down'] }],
    says: [/127\.0\.0\.1:5000/],
  },
];

const dockerPs = 'docker ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}';
