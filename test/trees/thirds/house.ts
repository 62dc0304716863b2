// The machine itself: hardware, packages, accounts, certificates, backups.
import type { Box, Tree } from '../box.ts';
import { fault, is, note, on, town, weather } from './places.ts';

export const house: Tree[] = [
  fault('a processor of a Proxmox 7 node reports machine checks', is('hw.mce'), () => {
    const b = weather(
      town(
        on('proxmox7', 'pve-alt', {
          cores: 24,
          memory: 128_000,
          disk: 'nvme0n1',
          rootDev: '/dev/mapper/pve-root',
        }),
        100,
      ),
    );
    for (const ago of [7200, 3100]) {
      b.say(0, 'mce: [Hardware Error]: Machine check events logged', ago);
      b.say(0, '[Hardware Error]: Uncorrected, software restartable error.', ago);
      b.say(
        0,
        '[Hardware Error]: CPU:11 (17:31:0) MC5_STATUS[-|UE|MiscV|AddrV|-|-|-|-|-]: 0xbc00080001010135',
        ago,
      );
      b.say(0, '[Hardware Error]: Error Addr: 0x00000003fe1c1a40', ago);
      b.say(0, '[Hardware Error]: IPID: 0x000500b000000000', ago);
      b.say(
        0,
        '[Hardware Error]: Execution Unit Ext. Error Code: 1, Physical register file parity error.',
        ago,
      );
      b.say(0, '[Hardware Error]: cache level: L1, tx: DATA, mem-tx: DRD', ago);
    }
    return b;
  }),
  note(
    'a Debian 11 server has started again between two reports',
    is(['sys.rebooted', 'sys.crash']),
    () => town(on('debian11', 'mailgw', { cores: 2, memory: 3900, disk: 'vda' }), 40),
    {
      atFirst: 'the case was wrong',
      runs: 2,
      every: 300,
      onset: 1,
      each(b, run) {
        b.files['proc/sys/kernel/random/boot_id'] =
          `${run ? '5e1b0c66' : '0c8d7d14'}-91a2-4d5a-8f7e-2b8c0d1e2f30\n`;
        b.programs['last'] = [
          [
            '-i -F -n 30',
            `${run ? 'reboot   system boot  0.0.0.0          Tue Feb 27 10:45:10 2024   still running\n' : ''}admin    pts/0        192.0.2.44       Mon Feb 26 16:10:03 2024 - Mon Feb 26 16:41:20 2024  (00:31)
reboot   system boot  0.0.0.0          Tue Dec 26 08:11:44 2023 ${run ? '- crash' : '  still running'}

wtmp begins Sat Apr  1 10:01:02 2023
`,
          ],
        ];
        if (run !== 1) return;
        b.uptime = 12;
        b.second = {};
        b.kernel = [];
        for (const d of b.disks) delete d.c;
        for (const n of b.nets) delete n.c;
        for (const p of b.processes) Object.assign(p, { started: p.started ? 4 : 0, ticks: 30 });
      },
    },
  ),
  fault(
    'RHEL 9 still runs the kernel from before the update of last month',
    is(['sys.kernel_old', 'sys.reboot_required']),
    () => {
      const b = town(on('rhel9', 'intranet', { cores: 2, memory: 7700, fs: 'xfs', days: 61 }), 40);
      b.files['lib/modules/5.14.0-427.18.1.el9_4.x86_64/modules.dep'] = '';
      b.files['var/log/dnf.rpm.log'] = `2024-05-08T03:11:50+0000 INFO --- logging initialized ---
2024-05-08T03:12:11+0000 SUBDEBUG Installed: kernel-core-5.14.0-427.18.1.el9_4.x86_64
2024-05-08T03:12:19+0000 SUBDEBUG Installed: kernel-modules-5.14.0-427.18.1.el9_4.x86_64
2024-05-08T03:12:30+0000 SUBDEBUG Installed: kernel-5.14.0-427.18.1.el9_4.x86_64
`;
      return b;
    },
  ),
  fault(
    'an upgrade of Debian 10 was broken off, packages are half configured',
    is('sys.update_broken', ['', 'cups-daemon', 'initramfs-tools']),
    () => {
      const b = town(on('debian10', 'print', { cores: 2, memory: 3900, disk: 'sda' }), 40);
      b.programs['dpkg'] = [
        [
          '--audit',
          `The following packages have been unpacked but not yet configured.
They must be configured using dpkg --configure or the configure
menu option in dselect for them to work:
 cups-daemon          Common UNIX Printing System(tm) - daemon
 libc-bin             GNU C Library: Binaries

The following packages are only half configured, probably due to problems
configuring them the first time.  The configuration should be retried using
dpkg --configure <package> or the configure menu option in dselect:
 initramfs-tools      generic modular initramfs generator (automation)

`,
        ],
      ];
      return b;
    },
    { atFirst: 'the case was wrong' },
  ),
  fault(
    'the rotation of logs fails on Debian 12, and they fill the root filesystem',
    is('sys.logrotate_failed', ['logrotate', '', '/']),
    () => {
      const b = town(
        on('debian12', 'gw-logs', { cores: 2, memory: 3900, disk: 'vda', root: [42, 41.2] }),
        50,
      );
      b.units.push({
        name: 'logrotate.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        text: 'Rotate log files',
        stopped: b.now - 37_000,
      });
      b.timers.push(
        'Thu 2024-02-29 00:00:00 UTC 13h left Wed 2024-02-28 00:00:01 UTC 10h ago logrotate.timer logrotate.service',
      );
      b.serve('haproxy.service', { name: 'haproxy', rss: 70, uid: 109, cpu: 0.1 });
      b.programs['du'] = [
        [
          '-xk -d 1*',
          '28\t/var/log/apt\n512\t/var/log/journal\n30412032\t/var/log/haproxy\n4\t/var/log/private\n30901244\t/var/log\n',
        ],
        ['-k*', ''],
      ];
      return b;
    },
    { chain: ['sys.logrotate_failed>disk.full'] },
  ),
  fault(
    'a redis open to all on Debian 11, and what its visitors left there',
    is('sec.redis_noauth', ['redis', '', '6379', '/etc/redis']),
    () => {
      const b = town(on('debian11', 'dev-box', { cores: 4, memory: 7900, disk: 'vda' }), 40);
      const r = b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        uid: 108,
        rss: 90,
        threads: 5,
      });
      b.listeners.push({ at: '0.0.0.0:6379', process: 'redis-server', pid: r.pid, backlog: 511 });
      b.files['etc/redis/redis.conf'] =
        'bind 0.0.0.0\nprotected-mode no\nport 6379\ntcp-backlog 511\ndir /var/lib/redis\n# requirepass foobared\nmaxmemory 512mb\n';
      b.run({
        name: 'kdevtmpfsi',
        exe: '/tmp/kdevtmpfsi',
        uid: 108,
        rss: 2300,
        cpu: 3.8,
        threads: 9,
        started: b.uptime - 30_000,
        state: 'R',
      });
      b.run({
        name: 'kinsing',
        exe: '/tmp/kinsing (deleted)',
        uid: 108,
        rss: 20,
        started: b.uptime - 30_100,
      });
      b.running = 5;
      b.load = [4.9, 4.7, 4.6];
      b.psi.cpu = 40;
      return b;
    },
    { runs: 4, chain: ['sec.redis_noauth>proc.suspicious', 'proc.suspicious>cpu.saturated'] },
  ),
  fault('a second account of Gentoo has all rights of root', is('sec.uid0', ['support', '']), () => {
    const b = town(on('gentoo', 'cvs', { cores: 2, memory: 3900, disk: 'sda' }), 40);
    b.files['etc/passwd'] =
      'root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/bin/false\nsshd:x:22:22::/var/empty:/sbin/nologin\nsupport:x:0:0::/home/support:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/zsh\n';
    return b;
  }),
  fault(
    'root may come in with a password at a Debian 11 server',
    is('sec.sshd_root', ['', 'sshd', 'root']),
    () => {
      const b = town(on('debian11', 'kunde-17', { cores: 2, memory: 3900, disk: 'vda' }), 30);
      b.files['run/sshd/.keep'] = '';
      b.files['etc/ssh/sshd_config'] = 'PermitRootLogin yes\nPasswordAuthentication yes\nUsePAM yes\n';
      b.programs['sshd'] = [
        [
          '-T',
          'port 22\naddressfamily any\nlistenaddress [::]:22\nlistenaddress 0.0.0.0:22\nusepam yes\nlogingracetime 120\nmaxauthtries 6\nmaxsessions 10\npermitrootlogin yes\npubkeyauthentication yes\npasswordauthentication yes\nkbdinteractiveauthentication no\npermitemptypasswords no\nx11forwarding yes\n',
        ],
      ];
      return b;
    },
  ),
  fault(
    'somebody guessed the password of an account on RHEL 9',
    is('sec.login_after_fail', ['203.0.113.77', 'oracle', '']),
    () => {
      const b = town(on('rhel9', 'orabox', { cores: 4, memory: 15_700, fs: 'xfs' }), 50);
      b.programs['last'] = [
        [
          '-i -F -n 30',
          `oracle   pts/1        203.0.113.77     Tue Jun 11 10:21:40 2024   still logged in
admin    pts/0        192.0.2.44       Tue Jun 11 08:02:11 2024   still logged in
oracle   pts/0        192.0.2.51       Mon Jun 10 09:12:00 2024 - Mon Jun 10 17:30:11 2024  (08:18)
reboot   system boot  0.0.0.0          Tue Apr  9 06:30:12 2024   still running

wtmp begins Tue Apr  9 06:30:12 2024
`,
        ],
      ];
      b.programs['lastb'] = [
        [
          '-i -F -n 400',
          Array.from({ length: 74 }, (_, i) => {
            const s = 59 - (i % 60);
            const when = `Tue Jun 11 10:${20 - Math.floor(i / 6)}:${String(s).padStart(2, '0')} 2024`;
            return `${['oracle', 'root', 'postgres'][i % 3]!.padEnd(8)} ssh:notty    203.0.113.77     ${when} - ${when}  (00:00)\n`;
          }).join('') + '\nbtmp begins Sat Jun  1 00:12:44 2024\n',
        ],
      ];
      return b;
    },
  ),
  fault(
    'the certificate of Apache on RHEL 7 ends in five days, openssl 1.0.2',
    is(['tls.expiring', 'tls.renew_failed'], ['shop.example.org', '/etc/pki/tls/certs/shop.crt']),
    () => {
      const b = town(on('rhel7', 'www2', { cores: 2, memory: 7700, fs: 'xfs' }), 40);
      b.serve('httpd.service', { name: 'httpd', uid: 48, rss: 190, cpu: 0.05 });
      b.listeners.push({ at: '[::]:443', process: 'httpd', backlog: 128 });
      https(
        b,
        `subject= /CN=shop.example.org
issuer= /C=US/O=Let's Encrypt/CN=Let's Encrypt Authority X3
notBefore=Apr 28 06:11:09 2020 GMT
notAfter=Jul 27 06:11:09 2020 GMT
serial=04A1B2C3D4E5F60718293A4B5C6D7E8F9012
    Signature Algorithm: sha256WithRSAEncryption
                Public-Key: (2048 bit)
                DNS:shop.example.org, DNS:www.shop.example.org
    Signature Algorithm: sha256WithRSAEncryption
`,
        'shop.example.org',
      );
      return b;
    },
  ),
  fault(
    'a site of a RHEL 7 server is served with the certificate of another',
    is('tls.name_mismatch', ['kasse.example.net', '/etc/pki/tls/certs/shop.crt']),
    () => {
      const b = town(on('rhel7', 'www3', { cores: 2, memory: 7700, fs: 'xfs' }), 40);
      b.serve('httpd.service', { name: 'httpd', uid: 48, rss: 190, cpu: 0.05 });
      b.listeners.push({ at: '[::]:443', process: 'httpd', backlog: 128 });
      https(
        b,
        `subject= /CN=www.example.net
issuer= /C=US/O=DigiCert Inc/CN=DigiCert SHA2 Secure Server CA
notBefore=Jan 14 00:00:00 2020 GMT
notAfter=Jan 13 12:00:00 2022 GMT
serial=0A1B2C3D4E5F60718293A4B5C6D7E8F9
    Signature Algorithm: sha256WithRSAEncryption
                Public-Key: (2048 bit)
                DNS:www.example.net, DNS:example.net
    Signature Algorithm: sha256WithRSAEncryption
`,
        'kasse.example.net',
      );
      return b;
    },
    { atFirst: 'rule silent' },
  ),
  fault(
    'the nightly dump of an Ubuntu 22.04 server on arm64 is five days old',
    is(['backup.stale', 'svc.timer_missed'], ['/var/backups/mysql', 'dump all']),
    () => {
      const b = town(on('ubuntu2204arm', 'graviton-db', { cores: 4, memory: 15_700, disk: 'nvme0n1' }), 50);
      for (let i = 5; i < 14; i++) {
        const file = `var/backups/mysql/all-2024-${i < 6 ? '03' : '02'}-${String(i < 6 ? 1 : 34 - i).padStart(2, '0')}.sql.gz`;
        b.files[file] = 'x'.repeat(4096 + i);
        b.ages[file] = i * 86_400 + 28_000;
      }
      return b;
    },
    { atFirst: 'the case was wrong' },
  ),
];

function https(b: Box, told: string, name: string): void {
  b.files['etc/httpd/conf.d/ssl.conf'] = `Listen 443 https
<VirtualHost _default_:443>
    ServerName ${name}
    DocumentRoot /var/www/html
    SSLEngine on
    SSLCertificateFile /etc/pki/tls/certs/shop.crt
    SSLCertificateKeyFile /etc/pki/tls/private/shop.key
</VirtualHost>
`;
  b.files['etc/pki/tls/certs/shop.crt'] = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
  b.programs['openssl'] = [['x509 *shop.crt*', told]];
}
