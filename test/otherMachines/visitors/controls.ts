// Visitors that are well, although they look busy or odd. Written before the product saw them.
import { server, withSection, type Case } from '../case.ts';
import { alpine, debian12, jammy, noble, rhel9 } from '../systems.ts';
import { amazon2023, gentoo, sles15, trixie } from '../strangers/systems.ts';
import { docker, postgres } from '../tools.ts';
import { GB } from '../host.ts';
import { failed, lastTime } from './security.ts';

export const visitorControls: readonly Case[] = [
  {
    name: 'pods come and go on a Kubernetes node, with their network ports',
    kind: 'control',
    reports: 12,
    installed: true,
    roots: [],
    host() {
      const h = server(amazon2023, 'ip-10-20-4-91', { nic: 'ens5', ram: 64, cores: 16, disk: 'nvme0n1' });
      h.conntrack = [22_120, 524_288];
      h.run({ name: 'kubelet', rss: 101_000, cpu: 6, threads: 24 });
      h.run({ name: 'containerd', rss: 72_000, cpu: 3, threads: 30 });
      h.service('kubelet');
      h.service('containerd');
      h.forks = 30;
      return h;
    },
    minute(h, i) {
      h.nics.delete(`eni${(i - 1).toString(16).padStart(8, 'a')}`);
      h.nic(`eni${i.toString(16).padStart(8, 'a')}`, { state: i % 3 ? 'up' : 'down', carrier: 1 + (i % 3) });
      h.kernel(6, `eni${i.toString(16).padStart(8, 'a')}: entered promiscuous mode`, 30);
      h.kernel(
        6,
        `IPv6: ADDRCONF(NETDEV_CHANGE): eni${i.toString(16).padStart(8, 'a')}: link becomes ready`,
        29,
      );
    },
  },
  {
    name: 'two ports of four never had a cable',
    kind: 'control',
    reports: 6,
    roots: [],
    host() {
      const h = server(rhel9, 'bm-brq5', { nic: 'eno1', ram: 128, cores: 32 });
      h.nic('eno2', { state: 'down', carrier: 1, rx: 0, tx: 0 });
      h.nic('eno3', { state: 'down', carrier: 1, rx: 0, tx: 0 });
      h.nic('virbr0', { state: 'down', carrier: 2, rx: 0, tx: 0 });
      return h;
    },
  },
  {
    name: 'a mail server with the usual forty letters that wait',
    kind: 'control',
    reports: 4,
    step: 3600,
    roots: [],
    host() {
      const h = server(debian12, 'mx1-kbp', { ram: 8 });
      h.run({ name: 'master', rss: 5_000, cgroup: '/system.slice/system-postfix.slice/postfix@-.service' });
      h.service('postfix@-');
      h.listening.push({ port: 25, program: 'master', queue: 100 });
      return h;
    },
    minute(h, i) {
      h.more.set(
        'find /var/spool',
        `/var/spool/postfix/active ${i} 0\n/var/spool/postfix/incoming 0 0\n/var/spool/postfix/deferred ${41 + (i % 3)} 6`,
      );
    },
  },
  {
    name: 'a busy PostgreSQL with short transactions and a standby that keeps up',
    kind: 'control',
    reports: 10,
    installed: true,
    roots: [],
    host() {
      const h = server(trixie, 'pg-arn1', { ram: 128, cores: 32, disk: 'nvme0n1' });
      for (let n = 0; n < 20; n++)
        h.run({
          name: 'postgres',
          rss: 600_000,
          cpu: 55,
          uid: 105,
          cgroup: '/system.slice/system-postgresql.slice/postgresql@17-main.service',
        });
      h.service('postgresql@17-main');
      h.listening.push({ port: 5432, address: '10.20.0.17', program: 'postgres', queue: 244 });
      h.load = [11, 10.4, 10.1];
      return h;
    },
    minute(h, i) {
      postgres(h, {
        max: 400,
        states: ['active|18|00:00:00.044', 'idle|140|', `idle in transaction|6|00:00:0${i % 4}.211`, '|5|'],
        slots: [`standby_b|t|${310_000_000 + i * 900_000}`],
      });
    },
  },
  {
    name: 'a nightly copy reads the disk for a while',
    kind: 'control',
    reports: 12,
    installed: true,
    roots: [],
    host() {
      const h = server(jammy, 'vault-kun', { ram: 16 });
      return h;
    },
    minute(h, i) {
      if (i === 3)
        h.run({
          name: 'restic',
          rss: 420_000,
          cpu: 62,
          threads: 14,
          niced: true,
          age: -200,
          read: 60_000_000,
          cgroup: '/system.slice/restic-backup.service',
        });
      if (i >= 3 && i < 9) {
        h.disk('sda', { reads: 600, readBytes: 60_000_000, await: 3, busy: 55 });
        h.iowait = 6;
        h.psi.io = 5;
        h.service('restic-backup', {
          ActiveState: 'activating',
          SubState: 'start',
          since: String((i - 3) * 60),
        });
      }
      if (i === 9) {
        h.stop('restic');
        h.disk('sda', {});
        h.iowait = 0.5;
        h.psi.io = 0.3;
        h.units.delete('restic-backup.service');
      }
    },
  },
  {
    name: 'strangers try the ssh port, as everywhere; keys only',
    kind: 'control',
    reports: 2,
    step: 3600,
    roots: [],
    host: () => server(noble, 'vps-ams9', { ram: 2, cores: 1 }),
    edit(text, _i, h) {
      const lines = Array.from({ length: 46 }, (_, n) =>
        failed(h, ['root', 'ubuntu', 'test'][n % 3]!, `203.0.113.${20 + (n % 30)}`, 100 + n * 76),
      );
      return withSection(
        withSection(text, 'lastb -i -F -n 400', `${lines.join('\n')}\n\nbtmp begins ${lastTime(h, 90_000)}`),
        'last -i -F -n 30',
        `admin    pts/0        192.0.2.44       ${lastTime(h, 4_000)} - ${lastTime(h, 3_000)}  (00:16)\n\nwtmp begins ${lastTime(h, 9_000_000)}`,
      );
    },
  },
  {
    name: 'a Java server whose heap takes most of the memory, as it was told',
    kind: 'control',
    reports: 12,
    installed: true,
    roots: [],
    host() {
      const h = server(sles15, 'kafka-dus2', { ram: 32, cores: 8 });
      h.swap = 0;
      h.serve('kafka', {
        name: 'java',
        rss: 22 * GB,
        cpu: 180,
        threads: 210,
        uid: 480,
        write: 9_000_000,
      });
      h.listening.push({ port: 9092, address: '10.20.0.17', program: 'java', queue: 50 });
      h.available = 7.5 * GB;
      h.cached = 7 * GB;
      return h;
    },
  },
  {
    name: 'a deployment replaces containers; old ones ended as they should',
    kind: 'control',
    reports: 8,
    installed: true,
    roots: [],
    host() {
      const h = server(alpine, 'edge-tbs', { ram: 4 });
      h.run({ name: 'dockerd', rss: 70_000, cpu: 2, threads: 22 });
      h.nic('docker0', {});
      return h;
    },
    minute(h, i) {
      docker(h, [
        i < 4
          ? { name: 'api-blue' }
          : { name: 'api-blue', status: 'Exited (143) 2 minutes ago', exit: 143, started: 900_000 },
        ...(i < 4 ? [] : [{ name: 'api-green', status: 'Up 2 minutes (healthy)', started: 120 }]),
        { name: 'migrate', status: 'Exited (0) 3 weeks ago', exit: 0 },
      ]);
    },
  },
  {
    name: 'updates run: units are reloaded, a job is starting for minutes',
    kind: 'control',
    reports: 8,
    roots: [],
    host() {
      const h = server(noble, 'build-bud', { ram: 8 });
      h.service('cups-browsed');
      return h;
    },
    minute(h, i) {
      if (i >= 2 && i < 6)
        h.service('apt-daily-upgrade', {
          ActiveState: 'activating',
          SubState: 'start',
          since: String((i - 2) * 60 + 20),
        });
      else h.units.delete('apt-daily-upgrade.service');
      if (i === 5) h.service('cups-browsed', { since: '15' });
    },
  },
  {
    name: 'a shop at noon: full of customers and quick',
    kind: 'control',
    reports: 12,
    installed: true,
    roots: [],
    host() {
      const h = server(gentoo, 'shop-rek', { ram: 32, cores: 8 });
      for (let n = 0; n < 8; n++) h.run({ name: 'nginx', rss: 24_000, cpu: 25, uid: 82 });
      for (let n = 0; n < 30; n++) h.run({ name: 'php-fpm', rss: 71_000, cpu: 9, uid: 82 });
      h.listening.push({ port: 443, program: 'nginx', queue: 511, waiting: 3 });
      h.nic('eth0', { rx: 9_000_000, tx: 38_000_000 });
      Object.assign(h.tcp, {
        out: 32_000,
        in: 21_000,
        retransmits: 180,
        resets: 22,
        established: 2_400,
        timeWait: 6_100,
      });
      h.load = [5.1, 4.9, 4.6];
      return h;
    },
  },
];
