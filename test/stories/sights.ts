// What only the outside sees, or sees otherwise than the inside: names, certificates, content, open doors, places that disagree.
import { certificate, fail, GiB, MiB, shop, site, type Story, threeSites } from './story.ts';
import { webServer } from '../scenarios/scenario.ts';

const days = 86_400;

/** What a TLS look says of a certificate that ends in so many days. */
const served = (at: number, left: number) => ({
  certificate: {
    notAfter: at + left * days,
    notBefore: at - 80 * days,
    fingerprint256: 'AA:BB',
    issuer: "C=US, O=Let's Encrypt, CN=R11",
  },
});

export const sightStories: Story[] = [
  {
    name: 'the certificate was renewed on disk, and the old one is still served',
    stage: shop,
    happens: {
      [-200]: (s) => {
        const at = s.at;
        s.outside((look) =>
          look.kind === 'tls'
            ? {
                code: 'tls-expiring',
                summary: 'The certificate expires in 5 days',
                details: { ...served(at, 5), step: 'critical' },
              }
            : undefined,
        );
      },
      10: (s) => s.lookNow(['tls']),
      20: (s) => s.lookNow(['tls']),
    },
    mended: {
      at: 360,
      async how(s) {
        s.wellOutside();
        await s.lookNow(['tls']);
      },
    },
    roots: [
      {
        root: 'tls.renew_failed',
        subject: 'certificate:/etc/letsencrypt/live/shop.rosen.net/fullchain.pem',
        folds: ['tls.expiring'],
      },
    ],
    says: [/reload/],
  },
  {
    name: 'a certificate has expired, and the page is refused by every browser',
    async stage(s) {
      await shop(s);
      certificate(s.machine(), 'shop.rosen.net', 0.0001);
    },
    happens: {
      10: async (s) => {
        const at = s.at;
        s.outside((look) => {
          if (look.host !== 'shop.rosen.net' || !['tls', 'http'].includes(look.kind)) return undefined;
          return {
            code: 'tls-expired',
            summary: 'The certificate expired 1 min ago',
            details: look.kind === 'tls' ? { ...served(at, 0), step: 'expired' } : {},
          };
        });
        await s.lookNow(['tls']);
      },
      20: (s) => s.lookNow(['tls']),
    },
    roots: [
      { root: ['tls.expiring', 'tls.renew_failed'], subject: 'certificate:', folds: ['svc.http_down'] },
    ],
  },
  {
    name: 'two names were moved to another server, whose certificate is another one',
    stage: threeSites,
    happens: {
      10: async (s) => {
        s.outside((look) => {
          if (!/(shop|blog)\.rosen\.net/.test(look.host)) return undefined;
          if (look.kind === 'dns')
            return {
              code: 'dns-not-here',
              summary: `${look.host} leads to 203.0.113.9, not to this server (1.2.3.10)`,
            };
          return look.kind === 'http'
            ? { code: 'tls-name', summary: `The certificate is for parking.example, not for ${look.host}` }
            : undefined;
        });
        await s.lookNow(['dns']);
      },
      20: (s) => s.lookNow(['dns']),
    },
    mended: {
      at: 420,
      async how(s) {
        s.wellOutside();
        await s.lookNow(['dns']);
        await s.lookNow(['dns']);
      },
    },
    // A record that is wrong is a warning; that its page fails is not, and is seen a moment later.
    updates: 1,
    roots: [{ root: 'dns.mismatch', subject: 'domain:rosen.net', folds: ['svc.http_down'] }],
  },
  {
    name: 'the registration of a domain has ended, and none of its names resolves',
    stage: threeSites,
    happens: {
      10: async (s) => {
        s.outside((look) => {
          if (!/rosen\.net$/.test(look.host)) return undefined;
          if (look.kind === 'domain')
            return {
              code: 'domain-expired',
              summary: 'The registration of rosen.net expired 2 days ago, on 2025-10-07',
            };
          return ['dns', 'http'].includes(look.kind)
            ? { code: 'dns-nxdomain', summary: `${look.host} does not exist` }
            : undefined;
        });
      },
      60: (s) => s.lookNow(['dns']),
      70: (s) => s.lookNow(['dns']),
      90: (s) => s.lookNow(['domain']),
      100: (s) => s.lookNow(['domain']),
    },
    roots: [
      { root: 'dns.domain_expiry', subject: ['domain:rosen.net', 'monitor:'], folds: ['dns.unresolved'] },
    ],
    updates: 1,
  },
  {
    name: 'the pages of a site redirect in a circle',
    stage: threeSites,
    happens: {
      10: (s) =>
        fail(s, { kinds: ['http'], host: 'blog.rosen.net' }, 'http-redirect-loop', {
          summary: 'https://blog.rosen.net/ redirects in a circle: / → /login → /',
        }),
    },
    mended: { at: 360, how: (s) => s.wellOutside() },
    roots: [{ root: 'svc.http_down', subject: 'monitor:Homepage https://blog.rosen.net/' }],
    says: [/circle/],
  },
  {
    name: 'a word that a person expects is gone from the page',
    async stage(s) {
      await shop(s);
      await s.monitor('web1', 'http', 'Basket', 'https://shop.rosen.net/basket', {
        url: 'https://shop.rosen.net/basket',
        contains: 'Checkout',
      });
    },
    happens: {
      10: (s) =>
        fail(s, { name: 'Basket' }, 'http-body', { summary: "The page does not contain 'Checkout'" }),
    },
    mended: { at: 360, how: (s) => s.wellOutside() },
    roots: [{ root: 'svc.http_down', subject: 'monitor:Basket' }],
    says: [/Checkout/],
  },
  {
    name: 'anyone can read /.git',
    stage: shop,
    happens: {
      10: async (s) => {
        fail(s, { kinds: ['exposed'] }, 'exposed-file', {
          summary: 'Anyone can read /.git/HEAD (a Git repository)',
          details: { exposed: ['/.git/HEAD'] },
        });
        await s.lookNow(['exposed']);
      },
      20: (s) => s.lookNow(['exposed']),
    },
    roots: [{ root: 'sec.webroot_leak', subject: 'monitor:' }],
    says: [/\.git/],
  },
  {
    name: 'Docker publishes the database past the firewall',
    async stage(s) {
      await s.server('app1', '1.2.3.20', (m) => {
        m.run('dockerd', { rss: 90 * MiB });
        m.run('docker-proxy', {
          ports: [5432],
          rss: 4 * MiB,
          bind: '127.0.0.1',
          cgroup: '/system.slice/docker.service',
        });
        m.unit('docker.service');
        m.sections.set(
          'ufw status verbose',
          'Status: active\nLogging: on (low)\nDefault: deny (incoming), allow (outgoing), deny (routed)\n22/tcp ALLOW IN Anywhere',
        );
      });
      s.outside((look) => (look.port === 5432 ? { code: 'connect-timeout' } : undefined));
    },
    happens: {
      10: (s) => {
        s.machine('app1').run('docker-proxy', { bind: '0.0.0.0' });
        s.outside((look) =>
          look.port === 5432
            ? { code: 'unexpected-open', summary: 'Port 5432 is open and should be closed' }
            : undefined,
        );
      },
    },
    roots: [{ root: 'sec.db_exposed', subject: 'port:5432' }],
    says: [/5432/],
  },
  {
    name: 'one site is answered by the wrong virtual host',
    stage: threeSites,
    happens: {
      10: async (s) => {
        s.outside((look) =>
          look.host === 'blog.rosen.net' && ['http', 'tls'].includes(look.kind)
            ? { code: 'tls-name', summary: 'The certificate is for shop.rosen.net, not for blog.rosen.net' }
            : undefined,
        );
        await s.lookNow(['tls']);
      },
      20: (s) => s.lookNow(['tls']),
    },
    updates: 1,
    roots: [
      {
        root: 'tls.name_mismatch',
        subject: ['certificate:', 'monitor:', 'domain:'],
        folds: ['svc.http_down'],
      },
    ],
  },
  {
    name: 'only one place does not reach the server: its way is at fault',
    stage: shop,
    happens: {
      10: (s) =>
        s.outside((look) =>
          look.region !== 'fra'
            ? undefined
            : look.kind === 'ping'
              ? { code: 'ping-timeout' }
              : ['http', 'port'].includes(look.kind)
                ? { code: 'connect-timeout' }
                : undefined,
        ),
    },
    roots: [],
  },
  {
    name: 'all places are offline themselves',
    stage: shop,
    happens: {
      10: (s) => s.outside(() => ({ code: 'prober-offline', summary: 'This place is offline itself' })),
    },
    roots: [],
  },
  {
    name: 'nothing answers over IPv6 any more, everything over IPv4',
    async stage(s) {
      await s.server(
        'web1',
        '1.2.3.10',
        (m) => {
          webServer(m);
          site(m, 'shop.rosen.net');
          for (const program of ['nginx', 'sshd']) m.run(program, { bind: '*' });
        },
        '2600::10',
      );
    },
    happens: {
      10: (s) =>
        s.outside((look) =>
          !/2600:/.test(look.target)
            ? undefined
            : look.kind === 'ping'
              ? { code: 'ping-timeout' }
              : { code: 'connect-timeout' },
        ),
    },
    mended: { at: 420, how: (s) => s.wellOutside() },
    roots: [{ root: ['net.ipv6_broken', 'net.unreachable'], subject: ['server:', 'interface:', 'monitor:'] }],
    says: [/IPv6/],
  },
  {
    name: 'the shop takes five times as long as usual, since a program eats the CPU',
    stage: shop,
    happens: {
      [-100]: (s) => void s.machine().run('convert', { cpu: 198, count: 2, rss: 200 * MiB, uid: 1000 }),
      10: (s) => s.outside((look) => (look.kind === 'http' ? { code: 'http-timeout' } : undefined)),
    },
    seen: 600,
    mended: {
      at: 660,
      how(s) {
        s.machine().stop('convert');
        s.wellOutside();
      },
    },
    ends: 1400,
    roots: [
      {
        root: ['proc.runaway', 'cpu.saturated'],
        subject: ['process:convert', 'server:web1'],
        folds: ['svc.http_down'],
      },
    ],
    says: [/convert/],
    updates: 1,
  },
  {
    name: 'the memory goes, the server swaps, and the shop does not answer',
    stage: shop,
    happens: {
      [-200]: (s) => void s.machine().run('mariadbd', { rss: 5 * GiB }),
      [-100]: (s) => {
        const m = s.machine();
        m.run('mariadbd', { rss: 6.9 * GiB });
        m.swapUsed = 1.8 * GiB;
        m.swapIn = 4000;
        m.swapOut = 3500;
        m.majorFaults = 700;
        m.psi.memory = 50;
        m.psi.memoryFull = 30;
        m.psi.io = 60;
        m.psi.ioFull = 40;
        m.iowait = 30;
        m.disk('sda', {
          reads: 2000,
          writes: 1500,
          readBytes: 17e6,
          writeBytes: 14e6,
          readAwait: 30,
          writeAwait: 30,
          busy: 98,
          queue: 15,
        });
      },
      10: (s) => fail(s, { kinds: ['http'] }, 'http-timeout'),
    },
    seen: 420,
    roots: [
      {
        root: ['mem.swap_thrash', 'mem.critical', 'mem.low', 'mem.leak'],
        subject: ['server:web1', 'process:mariadbd'],
        folds: ['svc.http_down'],
      },
    ],
    says: [/mariadbd/],
  },
];
