// Who came in, what is out of date, what was saved, and what is written down of it.
import { from, grown, server, type Case } from '../case.ts';
import type { Host } from '../host.ts';
import { alpine, debian12, jammy, leap, noble, proxmox, release, rhel9 } from '../systems.ts';
import { ended, timerTime } from '../tools.ts';

/** The server has an address of the public internet. */
const outside = (text: string) =>
  text
    .replaceAll('10.20.0.17/24 brd 10.20.0.255', '203.0.113.44/24 brd 203.0.113.255')
    .replaceAll('10.20.0.', '203.0.113.');

const wtmp = (h: Host, ago: number, who: string, address: string) => {
  const [day, date, month, year, time] = h.at(ago).toUTCString().replace(',', '').split(' ');
  return `${who.padEnd(8)} pts/0        ${address.padEnd(16)} ${day} ${month} ${date} ${time} ${year}   still logged in`;
};
const btmp = (h: Host, ago: number, who: string, address: string) => {
  const [day, date, month, year, time] = h.at(ago).toUTCString().replace(',', '').split(' ');
  const at = `${day} ${month} ${date} ${time} ${year}`;
  return `${who.padEnd(8)} ssh:notty    ${address.padEnd(16)} ${at} - ${at}  (00:00)`;
};

export const upkeepTravellers: readonly Case[] = [
  {
    name: 'somebody guesses the password of an operator, and what he starts from a hidden folder takes all cores',
    kind: 'fault',
    reports: 8,
    step: 300,
    onset: 3,
    host() {
      const h = server(jammy, 'asterisk-dc2', { cores: 4, ram: 8, disk: 'sda' });
      h.people = ['ubnt'];
      h.serve('asterisk', { name: 'asterisk', cpu: 6, rss: 120_000, threads: 70, uid: 112 });
      return h;
    },
    minute(h, i) {
      if (i < 2) {
        h.more.set('last -i -F -n 30', '\nwtmp begins Mon Jun  1 00:00:00 2026');
        h.more.set(
          'lastb -i -F -n 400',
          Array.from({ length: 70 }, (_, n) =>
            btmp(h, 60 + n * 9, ['root', 'ubnt', 'pi'][n % 3]!, '185.224.128.17'),
          ).join('\n'),
        );
        return;
      }
      const since = 200 + (i - 2) * 300;
      h.more.set(
        'last -i -F -n 30',
        `${wtmp(h, since, 'ubnt', '185.224.128.17')}\n\nwtmp begins Mon Jun  1 00:00:00 2026`,
      );
      h.more.set(
        'lastb -i -F -n 400',
        Array.from({ length: 90 }, (_, n) =>
          btmp(h, since + 5 + n * 9, ['root', 'ubnt', 'pi'][n % 3]!, '185.224.128.17'),
        ).join('\n'),
      );
      if (i === 3)
        h.run({
          name: 'kswapd00',
          cpu: 398,
          rss: 260_000,
          threads: 6,
          uid: 1001,
          age: 100,
          exe: '/home/ubnt/.configrc7/a/kswapd00',
          cgroup: '/user.slice/user-1001.slice/session-9.scope',
        });
      if (!from(i, 3)) return;
      h.psi.cpu = 55;
      h.load = [7.2, 5.1, 2.4];
      h.more.set(
        'ls -l /proc/[0-9]*/exe',
        h.tasks
          .map(
            (t) =>
              `/proc/${t.pid} ${t.name === 'kswapd00' ? '/tmp/.X25-unix/.rsync/a/kswapd00 (deleted)' : t.exe}`,
          )
          .join('\n'),
      );
    },
    roots: [
      {
        problem: ['sec.login_after_fail', 'proc.suspicious'],
        subject: ['185.224.128.17', 'ubnt', 'asterisk-dc2', 'kswapd00'],
      },
    ],
    chain: ['sec.login_after_fail>proc.suspicious', 'proc.suspicious>cpu.saturated'],
  },
  {
    name: 'memcached of a shop answers to the whole internet',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host() {
      const h = server(debian12, 'cache-nbg', { cores: 2, ram: 4, disk: 'sda' });
      h.serve('memcached', { name: 'memcached', cpu: 2, rss: 90_000, threads: 10, uid: 114 });
      h.listening.push({ port: 11211, address: '127.0.0.1', program: 'memcached' });
      return h;
    },
    minute(h, i) {
      if (i === 1) h.listening.find((l) => l.port === 11211)!.address = '0.0.0.0';
    },
    edit: (text) =>
      outside(text).replace(
        'type filter hook input priority filter; policy drop;\nrules 23',
        ['input', 'forward', 'output']
          .map((hook) => `type filter hook ${hook} priority filter; policy accept;\n`)
          .join('') + 'rules 3',
      ),
    roots: [{ problem: 'sec.db_exposed', subject: ['11211', 'memcached', 'port 11211', 'cache-nbg'] }],
  },
  {
    name: 'a key nobody knows lies among those of root',
    kind: 'fault',
    reports: 3,
    step: 86_400,
    onset: 2,
    host: () => server(rhel9, 'ldap-ro1', { cores: 2, ram: 4 }),
    minute(h, i) {
      h.more.set(
        'ssh-keygen -lf',
        [
          '//root/.ssh/authorized_keys:SHA256:Mt95vpAFY82VRizKd1n/ao8g8BvSSLz0Zwz7As9FCjE (ED25519)',
          ...(i < 2
            ? []
            : ['//root/.ssh/authorized_keys:SHA256:q0zT7sW1bZbUwqk3dR3oD1JYVn2Kf4sYw8Bh0XgR0aM (RSA)']),
        ].join('\n'),
      );
    },
    roots: [{ problem: 'sec.new_admin', subject: ['root', 'ldap-ro1', 'SHA256'] }],
  },
  {
    name: 'a miner wears the name of a kernel thread on a machine that an agent without root watches',
    kind: 'fault',
    reports: 10,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'jenkins-old', { cores: 4, ram: 8, disk: 'vda' });
      h.euid = 112;
      h.serve('jenkins', { name: 'java', cpu: 6, rss: 1_900_000, threads: 60, uid: 113 });
      return h;
    },
    minute(h, i) {
      if (i === 3)
        h.run({
          name: 'khugepageds',
          cpu: 385,
          rss: 2_400_000,
          threads: 5,
          uid: 113,
          age: 10,
          cgroup: '/system.slice/jenkins.service',
        });
      if (from(i, 3)) {
        h.psi.cpu = 60;
        h.load = [8.1, 5.5, 2.6];
      }
    },
    roots: [
      { problem: ['proc.runaway', 'proc.suspicious', 'cpu.saturated'], subject: ['khugepageds', 'jenkins'] },
    ],
    chain: ['proc.runaway>cpu.saturated'],
  },
  {
    name: 'nobody removed old kernels: /boot is full, and an upgrade stays half done',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host() {
      const h = server(noble, 'ts3-host', { cores: 2, ram: 4, disk: 'vda' });
      h.mounts.set('/boot', { device: '/dev/vda1', type: 'ext4', size: 975_000, used: 780_000 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 1)) return;
      h.mounts.get('/boot')!.used = 921_000;
      h.more.set(
        'dpkg --audit',
        [
          'The following packages have been unpacked but not yet configured.',
          'They must be configured using dpkg --configure or the configure',
          'menu option in dselect for them to work:',
          ' linux-image-6.8.0-51-generic Signed kernel image generic',
          '',
          'The following packages are only half configured, probably due to problems',
          'configuring them the first time.  The configuration should be retried using',
          'dpkg --configure <package> or the configure menu option in dselect:',
          ' initramfs-tools      generic modular initramfs generator (automation)',
        ].join('\n'),
      );
    },
    roots: [{ problem: 'disk.full', subject: '/boot' }],
    chain: ['disk.full>sys.update_broken'],
  },
  {
    name: 'one report: an appliance on CentOS Linux 8, which ended long ago',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(
        {
          ...rhel9,
          release: release({
            NAME: '"CentOS Linux"',
            VERSION: '"8"',
            ID: '"centos"',
            ID_LIKE: '"rhel fedora"',
            VERSION_ID: '"8"',
            PLATFORM_ID: '"platform:el8"',
            PRETTY_NAME: '"CentOS Linux 8"',
          }),
        },
        'fax-gateway',
        { cores: 2, ram: 4 },
      );
      return h;
    },
    roots: [{ problem: 'sys.eol', subject: ['fax-gateway', 'CentOS', 'centos'] }],
  },
  {
    name: 'security updates wait for a week and a half and nobody installs them',
    kind: 'fault',
    reports: 11,
    step: 86_400,
    host: () => server(jammy, 'survey-web', { cores: 2, ram: 4, disk: 'vda' }),
    minute(h) {
      h.more.set(
        'apt-get -s -o Debug::NoLocking=1 -o Dir::Log::Planner=/dev/null dist-upgrade',
        [
          'Reading package lists...',
          'Building dependency tree...',
          'Reading state information...',
          'Calculating upgrade...',
          'The following packages will be upgraded:',
          '  libssl3 openssl tzdata',
          'Inst libssl3 [3.0.2-0ubuntu1.15] (3.0.2-0ubuntu1.18 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])',
          'Inst openssl [3.0.2-0ubuntu1.15] (3.0.2-0ubuntu1.18 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])',
          'Inst tzdata [2024a-0ubuntu0.22.04] (2024b-0ubuntu0.22.04 Ubuntu:22.04/jammy-updates [all])',
        ].join('\n'),
      );
    },
    roots: [{ problem: 'sys.updates', subject: ['survey-web', 'openssl', 'libssl'] }],
  },
  {
    name: 'the guests of a Proxmox host were saved each night, until five nights ago',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(proxmox, 'pve-west', { cores: 8, ram: 64, disk: 'sda' });
      return h;
    },
    minute(h) {
      const day = (n: number) =>
        h
          .at(n * 86_400 + 7_000)
          .toISOString()
          .slice(0, 10)
          .replaceAll('-', '_');
      h.more.set(
        'stat /var/backups/*',
        [5, 6, 7, 8, 9, 10]
          .flatMap((n) =>
            [101, 104].map(
              (vm) =>
                `${h.epoch - n * 86_400 - 7_000}:${18_400_000_000 + n * 40_000_000}://var/lib/vz/dump/vzdump-qemu-${vm}-${day(n)}-02_00_03.vma.zst`,
            ),
          )
          .join('\n'),
      );
    },
    roots: [{ problem: 'backup.stale', subject: ['/var/lib/vz/dump', 'vzdump', 'pve-west'] }],
  },
  {
    name: 'logrotate has failed for weeks, and the log of a message broker fills /var/log',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(noble, 'nats-b', { cores: 4, ram: 16, disk: 'sda' });
      h.mounts.set('/var/log', {
        device: '/dev/mapper/vg-log',
        type: 'ext4',
        size: 41_000_000,
        used: 37_900_000,
      });
      h.serve('nats-server', {
        name: 'nats-server',
        cpu: 9,
        rss: 200_000,
        threads: 12,
        uid: 998,
        write: 90_000,
      });
      ended(h, 'logrotate', { since: '30000' });
      return h;
    },
    minute(h) {
      h.more.set(
        'systemctl list-timers --all --no-legend --no-pager --full',
        `${timerTime(h, -50_000)} 13h left ${timerTime(h, 30_000)} 8h ago logrotate.timer logrotate.service`,
      );
      h.more.set(
        'du -xk -d 1 /var/log',
        '31200\t/var/log/journal\n35900100\t/var/log/nats\n37880000\t/var/log\n35900000\t/var/log/nats/nats-server.log',
      );
    },
    roots: [{ problem: 'sys.logrotate_failed', subject: ['logrotate', 'nats-b', '/var/log'] }],
    chain: ['sys.logrotate_failed>disk.full'],
  },
  {
    name: 'a debug switch was forgotten: syslog of a SUSE print server writes a gigabyte each minute',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 15,
    onset: 3,
    host() {
      const h = server(leap, 'cups-3', { cores: 2, ram: 8, disk: 'sda', rootType: 'btrfs' });
      h.serve('rsyslog', { name: 'rsyslogd', cpu: 2, rss: 12_000, write: 2_000 });
      h.serve('cups', { name: 'cupsd', cpu: 1, rss: 20_000 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/')!.used = 61_000_000 + grown(i, 3, 1_050_000);
      if (!from(i, 3)) return;
      h.named('rsyslogd')[0]!.write = 17_500_000;
      h.named('rsyslogd')[0]!.cpu = 38;
      h.named('cupsd')[0]!.cpu = 22;
      h.disk('sda', { writes: 60, writeBytes: 18_000_000, await: 2, busy: 14 });
      h.more.set(
        'du -xk -d 1 /var/log',
        `41200\t/var/log/audit\n${3_000_000 + grown(i, 3, 1_050_000)}\t/var/log\n${2_900_000 + grown(i, 3, 1_050_000)}\t/var/log/cups/error_log`,
      );
    },
    roots: [
      {
        problem: ['disk.fill_forecast', 'disk.full', 'sys.journal_big', 'sys.logrotate_failed'],
        subject: ['/', '/var/log/cups/error_log'],
      },
    ],
  },
  {
    name: 'Alpine, a second account with the number of root appears at night',
    kind: 'fault',
    reports: 2,
    step: 86_400,
    onset: 1,
    host: () => server(alpine, 'door-ctl', { cores: 2, ram: 1, disk: 'mmcblk0' }),
    edit: (text, i) =>
      i < 1
        ? text
        : text.replace(
            'root:x:0:0:root:/root:/bin/bash',
            'root:x:0:0:root:/root:/bin/ash\nsvcadm:x:0:0::/root:/bin/sh',
          ),
    roots: [{ problem: 'sec.uid0', subject: ['svcadm', 'door-ctl'] }],
  },
  {
    name: 'the kernel of a database server was replaced three weeks ago, but it still runs the old one',
    kind: 'fault',
    reports: 15,
    step: 129_600,
    host() {
      const h = server(debian12, 'etcd-2', { cores: 2, ram: 8, disk: 'sda' });
      h.uptime = 12_000_000;
      h.more.set('cat /run/reboot-required', '*** System restart required ***');
      h.more.set('cat /run/reboot-required.pkgs', 'linux-image-6.1.0-41-amd64');
      h.more.set('ls /lib/modules', '6.1.0-27-amd64\n6.1.0-41-amd64');
      return h;
    },
    roots: [{ problem: ['sys.kernel_old', 'sys.reboot_required'], subject: ['etcd-2', '6.1.0-27-amd64'] }],
  },
];
