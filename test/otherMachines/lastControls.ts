// Machines that are busy, odd or old, and well.
import { server, type Case } from './case.ts';
import { GB } from './host.ts';
import { debian12, jammy, noble, proxmox, rhel9 } from './systems.ts';
import { docker, sata } from './tools.ts';

const quiet = { kind: 'control', roots: [] } as const;

export const lastControlCases: Case[] = [
  {
    ...quiet,
    name: 'A runner of CI builds for two minutes at a time',
    reports: 12,
    installed: true,
    host: () => server(noble, 'ci-runner-4', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'ens5' }),
    minute(h, i) {
      if (i === 3 || i === 8)
        h.run({ name: 'cc1plus', uid: 1000, rss: 2 * GB, cpu: 770, threads: 8, age: 15 - h.now });
      if (i === 5 || i === 10) h.stop('cc1plus');
      const on = [3, 4, 8, 9].includes(i);
      Object.assign(h, {
        load: on ? [7.4, 3.6, 1.9] : [1.1, 2.4, 1.7],
        psi: { ...h.psi, cpu: on ? 33 : 3 },
        available: (on ? 18 : 22) * GB,
      });
    },
  },
  {
    ...quiet,
    name: 'Huge pages of a database hold three quarters of the memory',
    reports: 4,
    host() {
      const h = server(rhel9, 'ora-prod', { cores: 32, ram: 256, disk: 'sda', nic: 'bond0' });
      h.run({ name: 'oracle', uid: 54_321, rss: 20 * GB, cpu: 700, threads: 400 });
      h.available = 22 * GB;
      h.cached = 16 * GB;
      h.load = [9, 9, 8.8];
      return h;
    },
  },
  {
    ...quiet,
    name: 'A store of 16 TB is 93 percent full, and backups stream in at night',
    reports: 8,
    host() {
      const h = server(debian12, 'vault', { cores: 4, ram: 16, disk: 'sda', nic: 'enp4s0' });
      h.disk('sdb', { rotates: true, size: 31_251_759_104 });
      h.mounts.set('/vault', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 15_600_000_000,
        used: 14_508_000_000,
      });
      h.run({ name: 'rsync', rss: 60_000, cpu: 40, write: 62_000_000, age: 3000 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/vault')!.used += 3_700_000;
      h.nic('enp4s0', { rx: 63_000_000 + (i % 3) * 900_000, tx: 1_200_000 });
      h.disk('sdb', { writes: 130, writeBytes: 62_000_000, reads: 4, busy: 61, await: 9 });
      sata(h, 'sdb', { model: 'TOSHIBA MG08ACA16TE' });
    },
  },
  {
    ...quiet,
    name: 'Hundreds knock at ssh, and nobody gets in',
    reports: 3,
    step: 1200,
    host: () => server(jammy, 'public-1', { cores: 1, ram: 1, disk: 'vda', nic: 'ens3' }),
    minute(h) {
      const words = (d: Date) => {
        const p = d.toUTCString().split(/[ ,]+/);
        return `${p[0]} ${p[2]} ${p[1]!.replace(/^0/, ' ')} ${p[4]} ${p[3]}`;
      };
      h.more.set(
        'lastb -i -F -n 400',
        Array.from(
          { length: 400 },
          (_, n) =>
            `root     ssh:notty    61.177.172.${n % 9}     ${words(h.at(20 + n * 9))} - ${words(h.at(20 + n * 9))}  (00:00)`,
        ).join('\n'),
      );
      h.more.set(
        'last -i -F -n 30',
        `admin    pts/0        10.20.0.5        ${words(h.at(9000))} - ${words(h.at(8000))}  (00:16)`,
      );
    },
  },
  {
    ...quiet,
    name: 'Containers that were restarted often, long ago, and arrays that wait to be read',
    reports: 4,
    host() {
      const h = server(debian12, 'nas-home', { cores: 4, ram: 8, disk: 'sda', nic: 'enp2s0' });
      docker(h, [{ name: 'db', restarts: 12 }, { name: 'app', restarts: 40 }, { name: 'cron' }]);
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid1] [linear] [raid0] [raid6] [raid5] [raid4] [raid10]\nmd1 : active (auto-read-only) raid1 sdb2[1] sda2[0]\n      2097088 blocks super 1.2 [2/2] [UU]\n      \tresync=PENDING\n\nmd9 : active raid0 sdd1[1] sdc1[0]\n      1953258496 blocks super 1.2 512k chunks\n\nmd127 : inactive sde[0](S)\n      5201 blocks super external:imsm\n\nunused devices: <none>',
      );
      return h;
    },
  },
  {
    ...quiet,
    name: 'A guest was moved to another host and stood still for half a minute',
    reports: 7,
    host: () => server(jammy, 'guest-4', { cores: 4, ram: 8, disk: 'vda', nic: 'ens18' }),
    minute(h, i) {
      if (i === 3) h.clockError += 34;
    },
  },
  {
    ...quiet,
    name: 'A hypervisor with guests at work, old temperature peaks and idle fans',
    reports: 5,
    host() {
      const h = server(proxmox, 'pve-quiet', { cores: 32, ram: 256, disk: 'nvme0n1', nic: 'vmbr0' });
      for (let i = 0; i < 14; i++)
        h.run({
          name: 'kvm',
          rss: 10 * GB,
          cpu: 110 + i * 7,
          threads: 14,
          cgroup: `/qemu.slice/${300 + i}.scope`,
        });
      h.load = [19, 19.4, 18.8];
      h.available = 88 * GB;
      const at = '/sys/class/hwmon';
      h.sys.set(`${at}/hwmon0/name`, 'nvme');
      h.sys.set(`${at}/hwmon0/temp1_input`, 61_850);
      h.sys.set(`${at}/hwmon0/temp1_max`, 81_850);
      h.sys.set(`${at}/hwmon0/temp1_crit`, 84_850);
      h.sys.set(`${at}/hwmon1/name`, 'nct6798');
      for (let f = 1; f < 8; f++) h.sys.set(`${at}/hwmon1/fan${f}_input`, f < 4 ? 900 + f * 40 : 0);
      h.sys.set(`${at}/hwmon1/temp7_input`, 127_000);
      h.sys.set(`${at}/hwmon1/temp8_input`, -62_000);
      return h;
    },
  },
];
