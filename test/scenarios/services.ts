// Scenarios of services, probes, certificates, network, access and clocks.
import { epochOfStart, from, MiB, monitor, type Scenario } from './scenario.ts';

const site = (more: Partial<Parameters<typeof monitor>[0]>, down?: number) =>
  monitor(
    {
      kind: 'http',
      name: 'shop',
      target: 'https://shop.example.org/',
      about: { process: 'nginx', unit: 'nginx.service', port: 443, host: 'shop.example.org' },
      ...more,
    },
    down,
  );

export const serviceScenarios: Scenario[] = [
  {
    name: 'nginx is stopped',
    kind: 'fault',
    reports: 8,
    onset: 5,
    minute(m, i) {
      if (i === 5) {
        m.stop('nginx');
        m.unit('nginx.service', { active: 'inactive', sub: 'dead' });
      }
    },
    monitors: [
      site({ summary: 'The connection was refused' }, 5 * 60 + 40),
      monitor(
        {
          kind: 'port',
          name: 'port 80 of web1',
          about: { process: 'nginx', unit: 'nginx.service', port: 80 },
        },
        5 * 60 + 40,
      ),
      monitor({ kind: 'ping', name: 'ping of web1' }),
    ],
    roots: [{ problem: 'proc.vanished', subject: 'nginx' }],
    chain: ['proc.vanished>svc.http_down'],
  },
  {
    name: 'nginx fails to start after a change of its configuration',
    kind: 'fault',
    reports: 8,
    onset: 4,
    setup: (m) =>
      m.sections.set(
        'sha256sum /etc/*',
        'aaaa000000000000000000000000000000000000000000000000000000000000  /etc/nginx/nginx.conf',
      ),
    minute(m, i) {
      if (i === 4)
        m.sections.set(
          'sha256sum /etc/*',
          'bbbb000000000000000000000000000000000000000000000000000000000000  /etc/nginx/nginx.conf',
        );
      if (i === 5) {
        m.stop('nginx');
        m.unit('nginx.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 1 });
      }
    },
    monitors: [site({ summary: 'The connection was refused' }, 5 * 60 + 30)],
    roots: [{ problem: 'change.config', subject: '/etc/nginx/nginx.conf' }],
    chain: ['change.config>svc.unit_failed'],
  },
  {
    name: 'Two servers on one port',
    kind: 'fault',
    reports: 6,
    onset: 2,
    minute(m, i) {
      if (i === 2) {
        m.stop('nginx');
        m.run('apache2', { ports: [80], rss: 60 * MiB, count: 6, cpu: 1 });
        m.unit('nginx.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 1 });
      }
    },
    monitors: [site({ summary: 'The connection was refused' }, 2 * 60 + 30)],
    roots: [{ problem: 'svc.port_conflict', subject: 'nginx.service' }],
    chain: ['svc.port_conflict>svc.unit_failed'],
  },
  {
    name: 'A service restarts again and again',
    kind: 'fault',
    reports: 14,
    onset: 6,
    minute(m, i) {
      m.unit('queue.service', {
        active: i >= 6 ? 'activating' : 'active',
        sub: i >= 6 ? 'auto-restart' : 'running',
        restarts: i < 6 ? 0 : (i - 5) * 4,
        result: i >= 6 ? 'exit-code' : 'success',
        exitStatus: i >= 6 ? 2 : 0,
      });
    },
    roots: [{ problem: 'svc.restart_loop', subject: 'queue.service' }],
  },
  {
    name: 'A failed update of MariaDB takes the site down',
    kind: 'fault',
    reports: 10,
    onset: 5,
    minute(m, i) {
      if (i === 5) {
        const at = new Date((epochOfStart + m.now) * 1000).toISOString().slice(0, 19).replace('T', ' ');
        m.sections.set(
          'tail -n 100 /var/log/dpkg.log',
          `${at} upgrade mariadb-server:amd64 1:10.11.6-0 1:10.11.9-0`,
        );
        m.stop('mariadbd');
        m.unit('mariadb.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 1 });
      }
    },
    monitors: [
      site(
        { code: 'http-status', summary: 'Status 500, expected 200', details: { status: 500 } },
        5 * 60 + 50,
      ),
    ],
    roots: [{ problem: 'change.package', subject: 'mariadb-server' }],
    chain: ['change.package>svc.unit_failed'],
  },
  {
    name: 'Only the outside sees it: the site does not answer',
    kind: 'fault',
    reports: 6,
    onset: 2,
    monitors: [
      site({ code: 'connect-timeout', summary: 'No answer within 10 s' }, 150),
      monitor({ kind: 'ping', name: 'ping of web1' }),
    ],
    roots: [{ problem: 'svc.http_down', subject: 'shop' }],
  },
  {
    name: 'The certificate was renewed on disk, and the old one is still served',
    kind: 'fault',
    reports: 4,
    onset: 0,
    setup: (m) => {
      m.sections.set(
        'openssl x509',
        [
          'file /etc/letsencrypt/live/shop/fullchain.pem',
          'subject=CN = shop.example.org',
          "issuer=C = US, O = Let's Encrypt, CN = R11",
          'notBefore=Oct  7 00:00:00 2025 GMT',
          'notAfter=Jan  5 00:00:00 2026 GMT',
          'serial=02',
          '                DNS:shop.example.org',
        ].join('\n'),
      );
    },
    monitors: [
      monitor({
        kind: 'tls',
        name: 'certificate of shop.example.org',
        target: 'shop.example.org:443',
        state: 'degraded',
        code: 'tls-expiring',
        summary: 'The certificate expires in 5 days',
        details: {
          step: 'critical',
          certificate: { notAfter: epochOfStart + 5 * 86_400, fingerprint256: 'AA:BB' },
        },
        about: {
          certificate: '/etc/letsencrypt/live/shop/fullchain.pem',
          host: 'shop.example.org',
          process: 'nginx',
          port: 443,
        },
      }),
    ],
    roots: [{ problem: 'tls.renew_failed', subject: '/etc/letsencrypt/live/shop/fullchain.pem' }],
    chain: ['tls.renew_failed>tls.expiring'],
  },
  {
    name: 'An expired certificate',
    kind: 'fault',
    reports: 4,
    onset: 1,
    monitors: [
      site({ code: 'tls-expired', summary: 'The certificate has expired' }, 60),
      monitor(
        {
          kind: 'tls',
          name: 'certificate of shop',
          target: 'shop.example.org:443',
          code: 'tls-expired',
          summary: 'The certificate expired 1 h ago',
          about: { host: 'shop.example.org', port: 443 },
        },
        60,
      ),
    ],
    roots: [{ problem: 'tls.expiring', subject: ['shop'] }],
    chain: ['tls.expiring>svc.http_down'],
  },
  {
    name: 'Redis is open to the internet',
    kind: 'fault',
    reports: 4,
    onset: 1,
    setup: (m) => {
      m.run('redis-server', { ports: [6379], rss: 40 * MiB });
    },
    monitors: [
      monitor({
        kind: 'port',
        name: 'Port 6379 of 192.0.2.10 is closed (redis-server)',
        target: '192.0.2.10:6379',
        state: 'down',
        code: 'unexpected-open',
        summary: 'The port is open',
        about: { process: 'redis-server', port: 6379 },
      }),
    ],
    roots: [{ problem: 'sec.db_exposed', subject: '6379/tcp' }],
  },
  {
    name: '.git is readable',
    kind: 'fault',
    reports: 4,
    onset: 1,
    monitors: [
      monitor({
        kind: 'exposed',
        name: 'private files of shop',
        target: 'https://shop.example.org/',
        state: 'down',
        code: 'exposed-file',
        summary: '/.git/HEAD can be read',
        details: { exposed: ['/.git/HEAD'] },
      }),
    ],
    roots: [{ problem: 'sec.webroot_leak', subject: 'private files of shop' }],
  },
  {
    name: 'A new account with uid 0 after a login that had failed often',
    kind: 'fault',
    reports: 6,
    onset: 3,
    setup: (m) =>
      m.sections.set(
        'cat /etc/passwd',
        'root:x:0:0:root:/root:/bin/bash\ndeploy:x:1000:1000::/home/deploy:/bin/bash',
      ),
    minute(m, i) {
      if (i !== 3) return;
      const t = new Date((epochOfStart + m.now - 20) * 1000);
      const text = `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][t.getUTCDay()]} ${t.toUTCString().slice(8, 11)} ${String(t.getUTCDate()).padStart(2)} ${t.toISOString().slice(11, 19)} ${t.getUTCFullYear()}`;
      m.sections.set('last -i -F -n 30', `deploy   pts/0        203.0.113.9      ${text}   still logged in`);
      m.sections.set(
        'lastb -i -F -n 400',
        Array.from(
          { length: 60 },
          () => `deploy   ssh:notty    203.0.113.9      ${text} - ${text}  (00:00)`,
        ).join('\n'),
      );
      m.sections.set(
        'cat /etc/passwd',
        'root:x:0:0:root:/root:/bin/bash\ndeploy:x:1000:1000::/home/deploy:/bin/bash\nsupport:x:0:0::/root:/bin/bash',
      );
    },
    roots: [{ problem: 'sec.login_after_fail', subject: 'deploy' }],
    chain: ['sec.login_after_fail>sec.uid0'],
  },
  {
    name: 'The name leads elsewhere',
    kind: 'fault',
    reports: 4,
    onset: 1,
    monitors: [
      monitor({
        kind: 'dns',
        name: 'shop.example.org leads here',
        target: 'shop.example.org A',
        state: 'down',
        code: 'dns-not-here',
        summary: 'The name points to 198.51.100.7',
        about: { host: 'shop.example.org' },
      }),
    ],
    roots: [{ problem: 'dns.mismatch', subject: 'shop.example.org leads here' }],
  },
  {
    name: 'PHP-FPM children used up: 504 behind nginx',
    kind: 'fault',
    reports: 14,
    onset: 8,
    minute(m, i) {
      if (i < 8) return;
      const at = epochOfStart + m.now - 30;
      const t = new Date(at * 1000).toISOString();
      const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
        Number(t.slice(5, 7)) - 1
      ];
      m.sections.set(
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
    },
    monitors: [
      site({ code: 'http-status', summary: 'Status 504, expected 200', details: { status: 504 } }, 9 * 60),
    ],
    roots: [{ problem: 'web.phpfpm_children', subject: 'php-fpm' }],
    chain: ['web.phpfpm_children>svc.upstream_timeout'],
  },
  {
    name: 'The network link loses frames',
    kind: 'fault',
    reports: 18,
    onset: 8,
    minute(m, i) {
      if (i < 8) return;
      m.net.errors = 40;
      m.tcp.retransmits = 28;
      m.net.rxPackets = 900;
      m.tcp.out = 800;
    },
    roots: [{ problem: 'net.errors', subject: 'eth0' }],
    chain: ['net.errors>net.retrans'],
  },
  {
    name: 'The link falls to half duplex',
    kind: 'fault',
    reports: 16,
    onset: 8,
    minute(m, i) {
      if (i < 8) return;
      m.net.speed = 100;
      m.net.duplex = 'half';
      m.net.errors = 25;
    },
    roots: [{ problem: 'net.link_slow', subject: 'eth0' }],
    chain: ['net.link_slow>net.errors'],
  },
  {
    name: 'The link is full',
    kind: 'fault',
    reports: 18,
    onset: 8,
    minute(m, i) {
      if (i < 8) return;
      m.net.tx = 119e6;
      m.net.txPackets = 82_000;
      m.tcp.out = 80_000;
      m.tcp.retransmits = 3000;
    },
    roots: [{ problem: 'net.saturated', subject: 'eth0' }],
    chain: ['net.saturated>net.retrans'],
  },
  {
    name: 'A SYN flood fills the connection table',
    kind: 'fault',
    reports: 16,
    onset: 8,
    minute(m, i) {
      m.conntrack = { count: from(i, 8, 255_000, 900), max: 262_144 };
      if (i < 8) return;
      m.tcp.cookies = 400;
      m.tcp.synRecv = 4000;
      m.net.rxPackets = 60_000;
    },
    roots: [{ problem: 'net.syn_flood', subject: 'web1' }],
    chain: ['net.syn_flood>net.conntrack'],
  },
  {
    name: 'The connection table is full: the site does not answer',
    kind: 'fault',
    reports: 14,
    onset: 6,
    minute(m, i) {
      m.conntrack = { count: from(i, 6, 500, 120), max: 500 };
      if (i === 7) m.say('nf_conntrack: nf_conntrack: table full, dropping packet');
    },
    monitors: [site({ code: 'connect-timeout', summary: 'No answer within 10 s' }, 7 * 60 + 30)],
    roots: [{ problem: 'net.conntrack', subject: 'web1' }],
    chain: ['net.conntrack>svc.http_down'],
  },
  {
    name: 'accept() has stopped',
    kind: 'fault',
    reports: 14,
    onset: 7,
    minute(m, i) {
      m.tcp.overflows = from(i, 7, 8, 0);
    },
    monitors: [site({ code: 'connect-timeout', summary: 'No answer within 10 s' }, 7 * 60 + 40)],
    roots: [{ problem: 'net.listen_overflow', subject: 'web1' }],
    chain: ['net.listen_overflow>svc.http_down'],
  },
  {
    name: 'The clock is not synchronised and drifts',
    kind: 'fault',
    reports: 8,
    onset: 3,
    minute(m, i) {
      m.sections.set(
        'timedatectl',
        `NTPSynchronized=${i < 3 ? 'yes' : 'no'}\nNTP=${i < 3 ? 'yes' : 'no'}\nTimezone=UTC`,
      );
    },
    roots: [{ problem: 'time.unsync', subject: 'web1' }],
  },
  {
    name: 'A WireGuard peer is silent',
    kind: 'fault',
    reports: 8,
    onset: 3,
    minute(m, i) {
      const age = i < 3 ? 60 : 900 + i * 60;
      m.sections.set(
        'wg show all dump',
        `wg0\t-\tQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\t51820\toff\nwg0\tMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=\t-\t198.51.100.4:51820\t10.0.0.2/32\t${Math.round(epochOfStart + m.now + 60 - age)}\t1000\t1000\t25`,
      );
    },
    roots: [{ problem: 'net.wg_stale', subject: 'wg0' }],
  },
  {
    name: 'A service restarts again and again for its memory limit',
    kind: 'fault',
    reports: 8,
    onset: 3,
    minute(m, i) {
      const restarts = i < 3 ? 0 : (i - 2) * 5;
      m.unit('worker.service', {
        active: i < 3 ? 'active' : 'activating',
        sub: i < 3 ? 'running' : 'auto-restart',
        restarts,
        result: i < 3 ? 'success' : 'oom-kill',
      });
      m.sections.set(
        'grep -r . /sys/fs/cgroup',
        [
          `memory.current:${200 * MiB}`,
          `memory.max:${256 * MiB}`,
          `memory.stat:anon ${190 * MiB}`,
          `memory.events:oom_kill ${restarts}`,
        ]
          .map((l) => `/sys/fs/cgroup/system.slice/worker.service/${l}`)
          .join('\n'),
      );
      if (i >= 3) m.kill('worker', '/system.slice/worker.service');
    },
    roots: [{ problem: ['mem.cgroup_oom'], subject: 'worker.service' }],
    chain: ['mem.cgroup_oom>svc.restart_loop'],
  },
];
