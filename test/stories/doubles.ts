// Two troubles at once that have nothing to do with each other: two incidents, both roots named.
import { dies, fail, GiB, MiB, shop, site, status, type Story, threeSites } from './story.ts';
import { webServer } from '../scenarios/scenario.ts';
import type { Stage } from './stage.ts';

const two = async (s: Stage) => {
  await shop(s);
  await s.server('web2', '5.6.7.8', (m) => {
    webServer(m);
    site(m, 'news.tulpen.net');
  });
};

const raid = (members: string, slots: string) =>
  `md0 : active raid1 ${members}\n      976630464 blocks super 1.2 ${slots}\n`;

export const doubleStories: Story[] = [
  {
    name: 'a full disk stops the database, and another certificate has expired',
    stage: threeSites,
    happens: {
      [-100]: (s) => void s.machine().mount('/', { used: 37.9 * GiB }),
      10: async (s) => {
        s.machine().mount('/', { used: 38 * GiB });
        dies(s.machine(), 'mariadbd', 'mariadb.service');
        status(s, { host: 'shop.rosen.net' }, 500);
        s.outside((look) =>
          look.host === 'billing.tulpen.net' && ['tls', 'http'].includes(look.kind)
            ? { code: 'tls-expired', summary: 'The certificate expired 1 min ago', details: {} }
            : undefined,
        );
        await s.lookNow(['tls']);
      },
      20: (s) => s.lookNow(['tls']),
    },
    roots: [
      { root: 'disk.full', subject: 'mount:/', folds: ['svc.http_down'] },
      { root: ['tls.expiring', 'tls.renew_failed'], subject: 'certificate:', folds: ['svc.http_down'] },
    ],
    told: 70,
  },
  {
    name: 'nginx is gone on one server, and the database has failed on another one',
    stage: two,
    happens: {
      10: (s) => {
        s.machine('web1').stop('nginx');
        s.machine('web1').unit('nginx.service', { active: 'inactive', sub: 'dead' });
        fail(s, { server: 'web1', port: 443 }, 'connect-refused');
        fail(s, { server: 'web1', port: 80 }, 'connect-refused');
        dies(s.machine('web2'), 'mariadbd', 'mariadb.service');
        status(s, { server: 'web2' }, 500);
      },
    },
    roots: [
      { on: 'web1', root: 'proc.vanished', subject: 'process:nginx' },
      { on: 'web2', root: 'svc.unit_failed', subject: 'unit:mariadb.service', folds: ['svc.http_down'] },
    ],
  },
  {
    name: 'anyone can read /.git, and PHP is killed for lack of memory',
    stage: shop,
    happens: {
      [-60]: (s) => void s.machine().run('php-fpm', { rss: 6.2 * GiB }),
      10: async (s) => {
        s.machine().kill('php-fpm');
        dies(s.machine(), 'php-fpm', 'php-fpm.service', 137, 'oom-kill');
        status(s, {}, 502);
        fail(s, { kinds: ['exposed'] }, 'exposed-file', {
          summary: 'Anyone can read /.git/HEAD (a Git repository)',
          details: { exposed: ['/.git/HEAD'] },
        });
        await s.lookNow(['exposed']);
      },
      20: (s) => s.lookNow(['exposed']),
    },
    roots: [
      { root: 'mem.oom_kill', subject: 'process:php-fpm', folds: ['svc.http_down'] },
      { root: 'sec.webroot_leak', subject: 'monitor:' },
    ],
  },
  {
    name: 'PHP has failed for one site, and the program of another one is gone',
    stage: threeSites,
    happens: {
      10: (s) => {
        dies(s.machine(), 'php-fpm');
        status(s, { host: 'shop.rosen.net' }, 502);
        s.machine().stop('billing-api');
        status(s, { host: 'billing.tulpen.net' }, 502);
      },
    },
    roots: [
      { root: 'svc.unit_failed', subject: 'unit:php-fpm.service' },
      { root: 'proc.vanished', subject: 'process:billing-api' },
    ],
  },
  {
    name: 'one server is dead, and the disk of another one elsewhere is full',
    stage: two,
    happens: {
      [-100]: (s) => void s.machine('web2').mount('/', { used: 37.9 * GiB }),
      10: (s) => {
        s.reports('none', 'web1');
        s.outside((look) =>
          look.server !== 'web1'
            ? undefined
            : look.kind === 'ping'
              ? { code: 'ping-timeout' }
              : ['http', 'port', 'tls', 'exposed', 'ports'].includes(look.kind)
                ? { code: 'connect-timeout' }
                : undefined,
        );
      },
    },
    seen: 420,
    roots: [
      { on: 'web1', root: 'net.unreachable', subject: 'server:web1' },
      { on: 'web2', root: 'disk.full', subject: 'mount:/' },
    ],
  },
  {
    name: 'a name was moved away, and the program of another site has failed',
    stage: threeSites,
    happens: {
      10: async (s) => {
        s.outside((look) => {
          if (look.host !== 'shop.rosen.net') return undefined;
          if (look.kind === 'dns')
            return {
              code: 'dns-not-here',
              summary: 'shop.rosen.net leads to 203.0.113.9, not to this server (1.2.3.10)',
            };
          return look.kind === 'http'
            ? { code: 'tls-name', summary: 'The certificate is for parking.example, not for shop.rosen.net' }
            : undefined;
        });
        dies(s.machine(), 'billing-api');
        status(s, { host: 'billing.tulpen.net' }, 502);
        await s.lookNow(['dns']);
      },
      20: (s) => s.lookNow(['dns']),
    },
    roots: [
      { root: 'dns.mismatch', subject: ['monitor:', 'domain:'], folds: ['svc.http_down'] },
      { root: 'svc.unit_failed', subject: 'unit:billing-api.service', folds: ['svc.http_down'] },
    ],
  },
  {
    name: 'a member of the RAID fails, and nginx is stopped',
    async stage(s) {
      await shop(s);
      const m = s.machine();
      for (const disk of ['sdb', 'sdc', 'md0']) m.disk(disk);
      m.mount('/data', { source: '/dev/md0' });
      m.md = raid('sdc1[1] sdb1[0]', '[2/2] [UU]');
    },
    happens: {
      10: (s) => {
        s.machine().md = raid('sdc1[1] sdb1[0](F)', '[2/1] [_U]');
        s.machine().stop('nginx');
        s.machine().unit('nginx.service', { active: 'inactive', sub: 'dead' });
        fail(s, { port: 443 }, 'connect-refused');
        fail(s, { port: 80 }, 'connect-refused');
      },
    },
    roots: [
      { root: ['raid.degraded', 'raid.disk_failed'], subject: ['array:md0', 'device:sdb'] },
      { root: 'proc.vanished', subject: 'process:nginx' },
    ],
  },
  {
    name: 'a database is open to the world, and a word is gone from a page',
    async stage(s) {
      await s.server('web1', '1.2.3.10', (m) => {
        webServer(m);
        site(m, 'shop.rosen.net');
        m.run('redis-server', { ports: [6379], rss: 40 * MiB, bind: '127.0.0.1' });
      });
      s.outside((look) => (look.port === 6379 ? { code: 'connect-timeout' } : undefined));
      await s.monitor('web1', 'http', 'Basket', 'https://shop.rosen.net/basket', {
        url: 'https://shop.rosen.net/basket',
        contains: 'Checkout',
      });
    },
    happens: {
      10: (s) => {
        s.machine().run('redis-server', { bind: '0.0.0.0' });
        s.outside((look) =>
          look.port === 6379
            ? { code: 'unexpected-open', summary: 'Port 6379 is open and should be closed' }
            : undefined,
        );
        fail(s, { name: 'Basket' }, 'http-body', { summary: "The page does not contain 'Checkout'" });
      },
    },
    roots: [
      { root: ['sec.db_exposed', 'sec.redis_noauth'], subject: ['port:6379', 'process:', 'database:redis'] },
      { root: 'svc.http_down', subject: 'monitor:Basket' },
    ],
  },
  {
    name: 'SSH is gone, and a page answers 500 by itself',
    stage: threeSites,
    happens: {
      10: (s) => {
        s.machine().stop('sshd');
        s.machine().unit('ssh.service', {
          active: 'failed',
          sub: 'failed',
          result: 'exit-code',
          exitStatus: 255,
        });
        fail(s, { port: 22 }, 'connect-refused');
        status(s, { host: 'shop.rosen.net' }, 500);
      },
    },
    roots: [
      {
        root: ['svc.unit_failed', 'proc.vanished'],
        subject: ['unit:ssh.service', 'process:sshd'],
        folds: ['svc.http_down'],
      },
      { root: ['svc.http_down', 'svc.http_5xx'], subject: 'monitor:Homepage https://shop.rosen.net/' },
    ],
  },
  {
    name: 'two servers in different networks die in the same minute',
    stage: two,
    happens: {
      10: (s) => {
        for (const name of ['web1', 'web2']) s.reports('none', name);
        s.outside((look) =>
          look.kind === 'ping'
            ? { code: 'ping-timeout' }
            : ['http', 'port', 'tls', 'exposed', 'ports'].includes(look.kind)
              ? { code: 'connect-timeout' }
              : undefined,
        );
      },
    },
    seen: 420,
    roots: [
      { on: 'web1', root: 'net.unreachable', subject: 'server:web1' },
      { on: 'web2', root: 'net.unreachable', subject: 'server:web2' },
    ],
  },
];
