// Who came in, what lies open, and what runs out, of machines elsewhere.
import type { Tree } from '../box.ts';
import { at } from './lands.ts';

export const safety: Tree[] = [
  {
    name: 'a guessed password: the login after many failures starts a miner',
    kind: 'fault',
    onset: 2,
    every: 300,
    runs: 6,
    box: () => {
      const b = at('debian11', 'alt-shop', {
        cores: 2,
        memory: 3900,
        disk: 'vda',
        net: 'ens3',
        now: '2026-04-09T03:55:00Z',
      });
      b.files['etc/passwd'] = 'root:x:0:0:root:/root:/bin/bash\ndeploy:x:1001:1001::/home/deploy:/bin/bash\n';
      b.files['etc/shadow'] = 'root:*:19000:0:99999:7:::\ndeploy:$y$j9T$abc:19000:0:99999:7:::\n';
      return b;
    },
    each: (b, run) => {
      const fails = run < 1 ? 0 : 260;
      const btime = (i: number) => new Date(Date.UTC(2026, 3, 9, 4, 0, Math.floor(i / 2))).toISOString();
      b.programs['lastb'] = [
        [
          '*',
          `${Array.from({ length: Math.min(390, fails) }, (_, i) => `deploy   ssh:notty    203.0.113.66     Thu Apr  9 ${btime(fails - i).slice(11, 19)} 2026 - Thu Apr  9 ${btime(fails - i).slice(11, 19)} 2026  (00:00)`).join('\n')}\n\nbtmp begins Wed Apr  1 00:00:11 2026\n`,
        ],
      ];
      b.programs['last'] = [
        [
          '*',
          `${run >= 2 ? 'deploy   pts/0        203.0.113.66     Thu Apr  9 04:03:12 2026   still logged in\n' : ''}root     pts/0        192.0.2.30       Mon Mar  2 10:00:00 2026 - Mon Mar  2 11:00:00 2026  (01:00)\n\nwtmp begins Sun Mar  1 00:00:02 2026\n`,
        ],
      ];
      if (run === 2)
        b.run({
          pid: 31_337,
          name: 'kworkerds',
          exe: '/var/tmp/.cache/kworkerds',
          uid: 1001,
          rss: 300,
          cpu: 1.9,
          threads: 3,
          started: b.uptime + 230,
        });
      if (run >= 2) {
        b.load = [3.1, 2.4, 1.2];
        b.running = 4;
        b.psi.cpu = 44;
      }
    },
    roots: [{ problem: 'sec.login_after_fail', subject: ['deploy', '203.0.113.66', 'alt-shop'] }],
    chain: ['sec.login_after_fail>proc.suspicious', 'proc.suspicious>cpu.saturated'],
  },
  {
    name: 'a certificate that nginx uses through a link in sites-enabled ends in four days (one report)',
    kind: 'fault',
    atFirst: 'not collected',
    runs: 1,
    box: () => {
      const b = at('ubuntu2404', 'web-shop', { cores: 2, memory: 3900, disk: 'vda', net: 'ens3' });
      const p = b.serve('nginx.service', { name: 'nginx', rss: 12 });
      b.listeners.push({ at: '0.0.0.0:443', process: 'nginx', pid: p.pid, backlog: 511 });
      b.files['etc/nginx/nginx.conf'] =
        'user www-data;\nhttp {\n  include /etc/nginx/conf.d/*.conf;\n  include /etc/nginx/sites-enabled/*;\n}\n';
      b.files['etc/nginx/sites-available/shop'] =
        'server {\n  listen 443 ssl;\n  server_name shop.example www.shop.example;\n  ssl_certificate /etc/ssl/private-ca/shop.pem;\n  ssl_certificate_key /etc/ssl/private-ca/shop.key;\n}\n';
      b.links['etc/nginx/sites-enabled/shop'] = '/etc/nginx/sites-available/shop';
      b.files['etc/ssl/private-ca/shop.pem'] = 'a certificate\n';
      b.programs['openssl'] = [
        [
          'x509 *',
          `subject=CN = shop.example
issuer=C = US, O = DigiCert Inc, CN = RapidSSL TLS RSA CA G1
notBefore=Mar 16 00:00:00 2025 GMT
notAfter=Mar 15 23:59:59 2026 GMT
serial=0A1B2C3D4E5F60718293A4B5C6D7E8F9
        Signature Algorithm: sha256WithRSAEncryption
                Public-Key: (2048 bit)
                DNS:shop.example, DNS:www.shop.example
    Signature Algorithm: sha256WithRSAEncryption
`,
        ],
      ];
      return b;
    },
    roots: [
      { problem: 'tls.expiring', subject: ['shop.example', '/etc/ssl/private-ca/shop.pem', 'web-shop'] },
    ],
  },
  {
    name: 'Void: an account without a password (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('void', 'labor', { cores: 8, memory: 15_900, disk: 'nvme0n1', net: 'enp3s0', crowd: 40 });
      b.files['etc/os-release'] = 'NAME="Void"\nID="void"\nPRETTY_NAME="Void Linux"\n';
      b.files['etc/passwd'] = 'root:x:0:0:root:/root:/bin/bash\nmess:x:1000:1000::/home/mess:/bin/bash\n';
      b.files['etc/shadow'] = 'root:!:19000:0:99999:7:::\nmess::20100:0:99999:7:::\n';
      return b;
    },
    roots: [{ problem: 'sec.empty_password', subject: ['mess', 'labor'] }],
  },
];
