// Two faults at once that have nothing to do with each other.
import type { Tree } from '../box.ts';
import { contain, engine, idOf, pods } from '../abroad/lands.ts';
import { sas } from '../abroad/tools.ts';
import { postgresSays } from '../elsewhere/parts.ts';
import { fault, is, on, town, weather } from './places.ts';

export const twice: Tree[] = [
  fault(
    'on Debian 12 a container loops and a filesystem of fstab is not there',
    // What has nofail may be absent: that it is not there proves nothing.
    is('svc.container_loop', 'mailu-front-1'),
    () => {
      const b = town(on('debian12', 'mailu', { cores: 4, memory: 15_800, disk: 'vda' }), 60);
      b.fstab =
        'UUID=aa11 / ext4 errors=remount-ro 0 1\nUUID=bb22 /srv/attach ext4 defaults,nofail 0 2\nUUID=cc33 none swap sw 0 0\n';
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 90 });
      pods(b, 7);
      return b;
    },
    {
      atFirst: 'the case was wrong',
      runs: 4,
      every: 120,
      each(b, run) {
        const fresh = ['redis', 'admin', 'imap', 'smtp', 'webmail', 'antispam'];
        if (run === 0)
          for (const name of fresh)
            contain(b, {
              name: `mailu-${name}-1`,
              id: idOf(`m${name}`),
              image: `ghcr.io/mailu/${name}:2024.06`,
              status: 'Up 9 days (healthy)',
            });
        engine(b);
        const id = idOf('mfront');
        const d = b.programs['docker']!;
        d[0] = [
          d[0]![0],
          `${d[0]![1]}${id}|mailu-front-1|ghcr.io/mailu/nginx:2024.06|Restarting (1) 4 seconds ago\n`,
        ];
        d[1] = [d[1]![0], `${d[1]![1]}${id.slice(0, 12)}\n`];
        d[2] = [
          d[2]![0],
          `${d[2]![1]}${id}|/mailu-front-1|${902 + run * 4}|false|1|2024-02-28T10:4${2 + run * 2}:11.1Z\n`,
        ];
      },
    },
  ),
  fault(
    'on RHEL 9 a service accepts too slowly while a processor reports machine checks',
    // The status of the machine check has no UC bit: it was corrected.
    is('net.listen_overflow', ['node', '3000', ':3000', '']),
    () => {
      const b = weather(
        town(on('rhel9', 'api-blade', { cores: 8, memory: 31_700, fs: 'xfs', net: 'ens1f0' }), 80),
      );
      const p = b.serve('node-api.service', {
        name: 'node',
        exe: '/usr/bin/node',
        uid: 985,
        rss: 800,
        cpu: 0.9,
        threads: 11,
      });
      b.listeners.push({ at: '[::]:3000', process: 'node', pid: p.pid, backlog: 511 });
      b.sockets = { 'ESTAB 3000': 120 };
      return b;
    },
    {
      atFirst: 'the case was wrong',
      notes: [is('hw.mce', 'api-blade')],
      runs: 6,
      onset: 2,
      each(b, run) {
        b.tcpExt = { ListenOverflows: run < 2 ? 0 : 22, ListenDrops: run < 2 ? 0 : 22 };
        if (run < 2) return;
        b.listeners.find((l) => l.at === '[::]:3000')!.waiting = 512;
        if (run === 2) {
          b.say(0, 'mce: [Hardware Error]: Machine check events logged', 30);
          b.say(0, 'mce: [Hardware Error]: CPU 3: Machine Check: 0 Bank 0: 9000004000010005', 30);
          b.say(0, 'mce: [Hardware Error]: TSC 4a1b2c3d4e5f6 ', 30);
          b.say(
            0,
            'mce: [Hardware Error]: PROCESSOR 0:50657 TIME 1718102491 SOCKET 0 APIC 6 microcode 5003604',
            30,
          );
        }
      },
    },
  ),
  fault(
    'on Proxmox 7 a process runs wild, and a SAS drive says that it is failing',
    [is('proc.runaway', 'vzdump'), is('smart.failed', 'sdb')],
    () => {
      const b = town(
        on('proxmox7', 'pve-2', { cores: 8, memory: 64_000, disk: 'sda', rootDev: '/dev/mapper/pve-root' }),
        80,
      );
      b.disks.push({ name: 'sdb', gb: 12_000, model: 'ST12000NM004J', rotational: true });
      b.disk('sdb').smartJson = sas('sdb', { passed: false, defects: 812 });
      b.run({ name: 'pvestatd', exe: '/usr/bin/perl', rss: 110, cpu: 0.04 });
      b.run({ name: 'vzdump-hook', exe: '/usr/bin/perl', rss: 60, cpu: 0, started: 700 });
      return b;
    },
    {
      runs: 8,
      onset: 3,
      each(b, run) {
        if (run < 3) return;
        Object.assign(b.process('vzdump-hook'), { cpu: 7.8, threads: 9, state: 'R' });
        b.running = 12;
        b.load = [14.2, 9.8, 5.1];
        b.psi.cpu = 55;
      },
    },
  ),
  fault(
    'on Ubuntu 24.04 PostgreSQL has no connections left, and the link loses packets',
    [is('db.pg_connections', ['postgres', 'postgresql', '']), is('net.drops', 'ens192')],
    () => {
      const b = town(
        on('ubuntu2404', 'pg-app', { cores: 8, memory: 31_700, disk: 'sda', net: 'ens192' }),
        90,
      );
      b.serve('postgresql@16-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/16/bin/postgres',
        uid: 114,
        rss: 5200,
        cpu: 0.4,
      });
      postgresSays(b, { states: 'active|6|00:00:00.04\nidle|90|\n' });
      Object.assign(b.net('ens192'), { rx: 9_000_000, rxPackets: 12_000, speed: 10_000 });
      return b;
    },
    {
      runs: 6,
      each(b) {
        b.net('ens192').rxDrops = 610;
      },
    },
  ),
  fault(
    'on Debian 11 the kernel ended a process, and a deleted file fills /home',
    [is('mem.oom_kill', ['matlab', 'MATLAB', '']), is('disk.deleted_open', ['/home', 'rsync', 'jupyter'])],
    () => {
      const b = town(on('debian11', 'compute-5', { cores: 16, memory: 64_200, disk: 'sda' }), 120);
      b.mounts.push({ dev: '/dev/sdb1', at: '/home', type: 'xfs', mb: 930_000, used: 925_000 });
      b.disks.push({ name: 'sdb', gb: 1000, parts: [['sdb1', 1000]] });
      const p = b.run({
        name: 'jupyter-lab',
        exe: '/usr/bin/python3.9',
        uid: 1011,
        rss: 300,
        started: 90_000,
        files: ['/dev/null', '/dev/null', '/dev/null', '/home/lena/scratch/frames.h5 (deleted)'],
      });
      b.held.push({ pid: p.pid, fd: 3, bytes: 301_000_000_000, device: 2065, inode: 9_011_223 });
      b.oomKills = 1;
      b.say(
        4,
        'MATLAB invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0',
        900,
      );
      b.say(
        6,
        'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice/user-1012.slice/session-411.scope,task=MATLAB,pid=81120,uid=1012',
        900,
      );
      b.say(
        3,
        'Out of memory: Killed process 81120 (MATLAB) total-vm:71120032kB, anon-rss:60112004kB, file-rss:0kB, shmem-rss:0kB, UID:1012 pgtables:120044kB oom_score_adj:0',
        900,
      );
      return b;
    },
  ),
  fault(
    'on SLES 12 a second root appeared, and no backup was made for eight days',
    [is('sec.uid0', ['sysadm', '']), is('backup.stale', ['/var/backups/sap', '/var/backups', 'dump q01'])],
    () => {
      const b = town(on('sles12', 'sap-q', { cores: 8, memory: 64_000, disk: 'sda', fs: 'btrfs' }), 90);
      b.files['etc/passwd'] =
        'root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/bin/bash\nsysadm:x:0:0:Admin:/home/sysadm:/bin/bash\nq01adm:x:1001:79:SAP:/home/q01adm:/bin/csh\n';
      for (let i = 8; i < 15; i++) {
        const file = `var/backups/sap/q01-${30 - i}.bkp`;
        b.files[file] = 'x'.repeat(9000 + i);
        b.ages[file] = i * 86_400 + 20_000;
      }
      return b;
    },
    { atFirst: 'rule silent' },
  ),
];
