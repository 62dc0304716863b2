// Machines that are well, though much on them looks odd.
import type { Tree } from './box.ts';
import { certificate, ipmi } from './hardware.ts';
import { ataJson, ataText, nvmeJson } from './smart.ts';
import { ssacli, storcli, zfsHost, zpool } from './storage.ts';
import { machine, webStack } from './systems.ts';

export const controls: Tree[] = [
  {
    name: 'Proxmox while a pool is scrubbed and a nightly backup runs',
    kind: 'control',
    atFirst: 'the case was wrong',
    box: () => {
      const b = zfsHost('pve-9');
      const [status, list] = zpool(
        'ONLINE',
        [
          ['nvme-a-part3', 'ONLINE', 0, 0, 0],
          ['nvme-b-part3', 'ONLINE', 0, 0, 0],
        ],
        71,
      );
      b.programs['zpool'] = [
        [
          status![0],
          status![1].replace(
            /scan: .*/,
            `scan: scrub in progress since Sun Nov 15 00:24:01 2026
\t311G / 629G scanned at 1.03G/s, 120G / 629G issued at 410M/s
\t0B repaired, 19.08% done, 00:21:11 to go`,
          ),
        ],
        list!,
      ];
      b.run({ name: 'vzdump', exe: '/usr/bin/perl', rss: 110, cpu: 0.4, read: 90e6, write: 40e6 });
      for (const d of b.disks) Object.assign(d, { reads: 2600, readKb: 128, busy: 0.7, queue: 1.4 });
      b.nets.push(
        { name: 'tap100i0', addresses: [], state: 'unknown' },
        { name: 'fwbr101i0' },
        { name: 'enp65s0f1', state: 'down', carrierChanges: 1, rx: 0, tx: 0 },
      );
      return b;
    },
    roots: [],
  },
  {
    name: 'a small Alpine router, read by busybox',
    kind: 'control',
    atFirst: 'false alarm',
    shell: 'busybox ash',
    box: () => {
      const b = machine({
        system: 'alpine',
        name: 'router',
        memory: 240,
        cores: 1,
        net: 'eth0',
        root: [3, 0.6],
      });
      b.conntrack = [411, 15_360];
      b.run({ name: 'dnsmasq', exe: '/usr/sbin/dnsmasq', uid: 100, rss: 3 });
      b.listeners.push({ proto: 'udp', at: '10.0.0.1:53', process: 'dnsmasq' });
      return b;
    },
    roots: [],
  },
  {
    name: 'SLES with a monthly check of its mirror',
    kind: 'control',
    atFirst: 'the case was wrong',
    box: () => {
      const b = machine({ system: 'sles15', name: 'sap-qs', memory: 64_000, cores: 16 });
      b.disks = ['sda', 'sdb'].map((name, i) => ({
        name,
        gb: 960,
        model: 'SAMSUNG MZ7L3960',
        serial: `S6${i}`,
        parts: [[`${name}1`, 950]] as [string, number][],
        reads: 800,
        readKb: 512,
        busy: 0.6,
        readMs: 1.2,
        smartJson: ataJson({ name, model: 'SAMSUNG MZ7L3960', serial: `S6${i}` }),
      }));
      b.disks.push({ name: 'md0', gb: 950 });
      b.mounts[0] = { dev: '/dev/md0', at: '/', type: 'xfs', mb: 900_000, used: 300_000 };
      b.files['proc/mdstat'] = `Personalities : [raid1] \nmd0 : active raid1 sdb1[1] sda1[0]
      927600000 blocks super 1.0 [2/2] [UU]
      [====>................]  check = 21.4% (198800000/927600000) finish=31.0min speed=391000K/sec
      bitmap: 1/7 pages [4KB], 65536KB chunk

unused devices: <none>
`;
      Object.assign(b.files, {
        'sys/block/md0/md/degraded': '0\n',
        'sys/block/md0/md/sync_action': 'check\n',
        'sys/block/md0/md/mismatch_cnt': '0\n',
      });
      return b;
    },
    roots: [],
  },
  {
    name: 'a container that sees little of its host',
    kind: 'control',
    atFirst: 'false alarm',
    shell: 'bash',
    box: () => {
      const b = machine({ system: 'container', name: 'f3c9a1b2c3d4', net: 'eth0', cores: 8, memory: 32_000 });
      b.run({ name: 'node', exe: '/usr/local/bin/node', uid: 1000, rss: 210, cpu: 0.1, threads: 11 });
      b.listeners.push({ at: '0.0.0.0:3000', process: 'node' });
      b.nets[0]!.addresses = ['172.18.0.4/16'];
      b.nets[0]!.speed = 10_000;
      b.fstab = '# UNCONFIGURED FSTAB FOR BASE SYSTEM\n';
      return b;
    },
    roots: [],
  },
  {
    name: 'Arch with containers that ended as they should',
    kind: 'control',
    box: () => {
      const b = machine({ system: 'arch', name: 'homelab', memory: 32_000, cores: 12 });
      b.serve('docker.service', { name: 'dockerd', rss: 120, threads: 40 });
      b.files['run/docker.sock'] = '';
      b.programs['docker'] = [
        [
          'ps -a --no-trunc*',
          `${'a'.repeat(64)}|jellyfin|jellyfin/jellyfin|Up 2 days (healthy)
${'b'.repeat(64)}|certs|alpine|Exited (0) 2 days ago
${'c'.repeat(64)}|old-test|busybox|Created
`,
        ],
        ['ps -aq', 'aaaaaaaaaaaa\n'],
        ['inspect*', `${'a'.repeat(64)}|/jellyfin|0|false|0|2026-11-16T09:00:00.1Z\n`],
      ];
      b.nets.push(
        { name: 'docker0', addresses: ['172.17.0.1/16'], state: 'down' },
        { name: 'veth1a2b3c' },
        { name: 'wlan0', state: 'dormant' },
      );
      b.files['sys/class/hwmon/hwmon0/name'] = 'k10temp\n';
      b.files['sys/class/hwmon/hwmon0/temp1_input'] = '71500\n';
      b.files['sys/class/hwmon/hwmon0/temp1_label'] = 'Tctl\n';
      b.disks[0]!.smartJson = ataJson({ name: 'sda', model: 'CT2000MX500SSD1', serial: '2229E', crc: 2 });
      return b;
    },
    roots: [],
  },
  {
    name: 'a warm Raspberry Pi with a little in swap',
    kind: 'control',
    runs: 8,
    box: () => {
      const b = machine({
        system: 'raspbian',
        name: 'raspi',
        disk: 'mmcblk0',
        memory: 920,
        swap: 512,
        net: 'eth0',
        root: [29, 12],
      });
      b.serve('pihole-FTL.service', {
        name: 'pihole-FTL',
        exe: '/usr/bin/pihole-FTL',
        uid: 999,
        rss: 60,
        cpu: 0.03,
        threads: 6,
      });
      b.files['sys/class/thermal/thermal_zone0/temp'] = '63850\n';
      b.swapUsed = 96;
      b.nets[0]!.speed = 100;
      b.nets.push({ name: 'wlan0', state: 'down', carrierChanges: 1, rx: 0, tx: 0 });
      b.available = 410;
      return b;
    },
    roots: [],
  },
  {
    name: 'a database server that uses its memory as it should, with huge pages in use',
    kind: 'control',
    box: () => {
      const b = machine({ system: 'rocky9', name: 'pg-gross', memory: 128_000, swap: 8000, cores: 32 });
      b.hugePages = [17_000, 600];
      b.serve('postgresql-16.service', {
        name: 'postgres',
        exe: '/usr/pgsql-16/bin/postgres',
        uid: 26,
        rss: 30_000,
        cpu: 6,
        threads: 1,
      });
      Object.assign(b, { available: 52_000, free: 1100, cached: 51_000, shmem: 3000, swapUsed: 900 });
      b.files['run/postgresql/.s.PGSQL.5432'] = '';
      b.programs['psql'] = [
        [
          '*pg_replication_slots*',
          `postgres|71000000
erp|120000000
max_connections|400|
shared_buffers|4194304|8kB
work_mem|16384|kB
active|9|00:00:00.2
idle|90|
idle in transaction|2|00:00:00.4
standby1|t|16777216
`,
        ],
      ];
      return b;
    },
    roots: [],
  },
  {
    name: 'Ubuntu read by a user without rights',
    kind: 'control',
    nobody: true,
    box: () => {
      const b = webStack(machine({ system: 'ubuntu2204', name: 'uni-web' }));
      b.disks[0]!.smartJson = ataJson({ name: 'sda', model: 'QEMU', serial: '1' });
      return b;
    },
    roots: [],
  },
  {
    name: 'a storage server with tools of two controllers, all well',
    kind: 'control',
    runs: 3,
    every: 3600,
    box: () => {
      const b = machine({ system: 'debian12', name: 'store-1', memory: 96_000, cores: 24 });
      b.programs['ssacli'] = ssacli(
        'OK',
        'OK',
        '\n   unassigned\n\n      physicaldrive 2I:1:5 (port 2I:box 1:bay 5, SAS HDD, 900 GB, OK)\n',
      );
      b.programs['storcli64'] = storcli(false);
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [['sdr elist', ipmi('Presence detected')]];
      for (let i = 0; i < 6; i++)
        b.disks.push({
          name: `sd${'bcdefg'[i]}`,
          gb: 4000,
          model: 'HGST HUS726040AL',
          serial: `K${i}`,
          rotational: true,
          readMs: 7,
          writeMs: 5,
          smart: ataText({ model: 'HGST HUS726040ALE610', serial: `K${i}`, celsius: 41 }),
          smartJson: ataJson({
            name: `sd${'bcdefg'[i]}`,
            model: 'HGST HUS726040ALE610',
            serial: `K${i}`,
            celsius: 41,
          }),
        });
      return b;
    },
    roots: [],
  },
  {
    name: 'a cloud VM, started four minutes ago for an update',
    kind: 'control',
    box: () => {
      const b = webStack(
        machine({
          system: 'ubuntu2404',
          name: 'ip-172-31-9-4',
          disk: 'nvme0n1',
          cores: 2,
          memory: 3900,
          days: 0,
        }),
      );
      b.disks[0]!.smartJson = nvmeJson({
        name: 'nvme0',
        model: 'Amazon Elastic Block Store',
        serial: 'vol0a',
        used: 0,
      });
      b.load = [1.9, 0.8, 0.3];
      b.files['etc/nginx/sites-enabled/a'] =
        'server {\n listen 443 ssl;\n server_name a.example;\n ssl_certificate /etc/ssl/a.pem;\n}\n';
      b.files['etc/ssl/a.pem'] = certificate(['a.example'], '20261001000000Z', '20261229000000Z');
      return b;
    },
    roots: [],
  },
  {
    name: 'a quiet machine whose files stand still within a run',
    kind: 'control',
    still: true,
    box: () => webStack(machine({ system: 'debian13', name: 'still' })),
    roots: [],
  },
  {
    name: 'a build server in its working hours: busy by its own normal',
    kind: 'control',
    runs: 8,
    box: () => {
      const b = machine({ system: 'debian12', name: 'ci-runner-4', cores: 16, memory: 64_000 });
      b.serve('gitlab-runner.service', { name: 'gitlab-runner', rss: 60 });
      for (let i = 0; i < 6; i++)
        b.run({
          name: 'cc1plus',
          exe: '/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus',
          uid: 998,
          cpu: 0.9,
          rss: 500,
          unit: 'gitlab-runner.service',
        });
      b.load = [6.4, 6.1, 5.8];
      b.running = 7;
      b.forks = 45;
      return b;
    },
    each: (b, run) => {
      for (const p of b.processes)
        if (p.name === 'cc1plus')
          Object.assign(p, {
            pid: p.pid + 100,
            cpu: 0.7 + 0.1 * ((run + p.pid) % 3),
            started: b.uptime - 20,
            ticks: undefined,
          });
      b.forks = 38 + ((run * 7) % 20);
    },
    roots: [],
  },
];
