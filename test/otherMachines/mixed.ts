// Two faults on one machine, and faults beside something loud that has nothing to do with them.
import { busyDisk, from, grown, server, swapping, type Case } from './case.ts';
import { GB } from './host.ts';
import { backupServer, raid6 } from './storage.ts';
import { debian12, jammy, noble, proxmox, rhel9 } from './systems.ts';
import { docker, postgres, sata } from './tools.ts';

export const mixedCases: Case[] = [
  {
    name: 'A disk of the RAID 6 fails, and /home of the same server is full',
    kind: 'double',
    reports: 6,
    onset: 2,
    host() {
      const h = backupServer('backup-b');
      h.mounts.set('/home', { device: '/dev/sda4', size: 60_000_000, used: 53_000_000 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/home')!.used = Math.min(56_990_000, 53_000_000 + grown(i, 1, 1_400_000));
      if (from(i, 2))
        raid6(
          h,
          'h',
          `      [>....................]  recovery =  0.${i}% (${9_000_000 * i}/7813894144) finish=1201.1min speed=101233K/sec\n`,
        );
      if (i === 2) h.kernel(2, 'md/raid:md127: Disk failure on sdh1, disabling device.', 40);
    },
    roots: [
      { problem: ['raid.disk_failed', 'disk.errors'], subject: 'sdh' },
      { problem: ['disk.full', 'disk.fill_forecast'], subject: '/home' },
    ],
  },
  {
    name: 'A neighbour takes the CPU, and the backup unit fails',
    kind: 'double',
    reports: 7,
    onset: 2,
    host() {
      const h = server(noble, 'vps-9921', { cores: 4, ram: 8, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'gunicorn', uid: 1000, rss: 700_000, cpu: 110, threads: 9 });
      h.service('gunicorn');
      h.service('restic-backup');
      return h;
    },
    minute(h, i) {
      h.steal = from(i, 2) ? 29 : 0.5;
      if (i >= 3)
        h.units.set('restic-backup.service', {
          ActiveState: 'failed',
          SubState: 'failed',
          Result: 'exit-code',
          ExecMainStatus: '3',
          ExecMainCode: '1',
          since: String((i - 3) * 60 + 20),
        });
    },
    roots: [
      { problem: 'cpu.steal', subject: 'vps-9921' },
      { problem: 'svc.unit_failed', subject: 'restic-backup.service' },
    ],
  },
  {
    name: 'A slot keeps WAL on one filesystem while a memory module goes bad',
    kind: 'double',
    reports: 5,
    step: 3600,
    onset: 1,
    host() {
      const h = server(rhel9, 'pg-dwh', { cores: 32, ram: 128, disk: 'nvme0n1', nic: 'eno1' });
      h.mounts.set('/pgdata', {
        device: '/dev/nvme1n1p1',
        type: 'xfs',
        size: 900_000_000,
        used: 700_000_000,
      });
      h.disk('nvme1n1', {});
      h.run({ name: 'postgres', uid: 26, rss: 40 * GB, cpu: 500, threads: 90 });
      h.service('postgresql');
      return h;
    },
    minute(h, i) {
      h.mounts.get('/pgdata')!.used = Math.min(890_000_000, 700_000_000 + i * 44_000_000);
      postgres(h, { max: 200, slots: [`debezium|f|${80_000_000_000 + i * 45_000_000_000}`] });
      const mc = '/sys/devices/system/edac/mc/mc0';
      h.sys.set(`${mc}/ce_count`, grown(i, 1, 60));
      h.sys.set(`${mc}/ue_count`, 0);
    },
    roots: [
      { problem: 'db.pg_slot', subject: ['postgresql', 'debezium'] },
      { problem: 'mem.ecc_corrected', subject: 'mc0' },
    ],
  },
  {
    name: 'A container loops while the pool of the host loses a disk',
    kind: 'double',
    reports: 5,
    onset: 2,
    host() {
      const h = server(debian12, 'homeserver', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'enp3s0' });
      for (const l of 'ab') h.disk(`sd${l}`, { rotates: true, model: 'ST8000VN004-2M21' });
      h.more.set(
        'zpool list -Hp',
        'media\t7999376588800\t3110000000000\t4889376588800\t-\t-\t3\t38\t1.00\tDEGRADED\t-',
      );
      return h;
    },
    minute(h, i) {
      const ill = from(i, 2);
      docker(h, [
        { name: 'jellyfin' },
        { name: 'vaultwarden' },
        {
          name: 'paperless',
          restarts: ill ? 2 + i * 3 : 0,
          exit: ill ? 1 : 0,
          status: ill ? 'Restarting (1) 21 seconds ago' : 'Up 2 days',
        },
      ]);
      h.more.set(
        'zpool status',
        `  pool: media\n state: ${ill ? 'DEGRADED' : 'ONLINE'}\n${ill ? 'status: One or more devices has been removed by the administrator.\n\tSufficient replicas exist for the pool to continue functioning in a\n\tdegraded state.\n' : ''}  scan: scrub repaired 0B in 07:50:02 with 0 errors on Sun Nov  8 08:14:03 2026\nconfig:\n\n\tNAME                                 STATE     READ WRITE CKSUM\n\tmedia                                ${ill ? 'DEGRADED' : 'ONLINE  '}     0     0     0\n\t  mirror-0                           ${ill ? 'DEGRADED' : 'ONLINE  '}     0     0     0\n\t    ata-ST8000VN004-2M2101_WKD0AAAA  ONLINE       0     0     0\n\t    ata-ST8000VN004-2M2101_WKD0BBBB  ${ill ? 'REMOVED ' : 'ONLINE  '}     0     0     0\n\nerrors: No known data errors`,
      );
      if (!ill) h.more.set('zpool list -Hp', h.more.get('zpool list -Hp')!.replace('DEGRADED', 'ONLINE'));
      else h.more.set('zpool list -Hp', h.more.get('zpool list -Hp')!.replace('ONLINE', 'DEGRADED'));
    },
    roots: [
      { problem: 'disk.zfs_degraded', subject: 'media' },
      { problem: 'svc.container_loop', subject: 'paperless' },
    ],
  },
  {
    name: 'Java outgrows the memory while the nightly backup reads and a unit is failed since weeks',
    kind: 'confounded',
    reports: 10,
    onset: 3,
    host() {
      const h = server(jammy, 'jira', {
        cores: 4,
        ram: 16,
        disk: 'sda',
        nic: 'ens160',
        drive: { rotates: true },
      });
      h.swap = 4 * GB;
      h.run({
        name: 'java',
        uid: 1001,
        rss: 8.2 * GB,
        cpu: 70,
        threads: 190,
        cgroup: '/system.slice/jira.service',
      });
      h.run({
        name: 'borg',
        rss: 300_000,
        cpu: 40,
        read: 30_000_000,
        cgroup: '/system.slice/borgmatic.service',
        age: 900,
      });
      h.service('jira');
      h.service('borgmatic');
      h.service('fwupd-refresh', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: '1900000',
      });
      return h;
    },
    minute(h, i) {
      const more = Math.min(7, grown(i, 3, 1.5));
      const java = h.named('java')[0]!;
      java.rss = (8.2 + more) * GB;
      h.available = Math.max(0.2, 6.8 - more) * GB;
      h.cached = Math.max(0.3, 4 - more) * GB;
      h.disk('sda', {
        rotates: true,
        reads: 240,
        writes: 20,
        readBytes: 30_000_000,
        await: 7,
        busy: 70,
      });
      h.iowait = 8;
      if (more > 5) {
        java.faults = 400;
        h.swapUsed = Math.min(3.9 * GB, (i - 5) * 0.9 * GB);
        java.swap = h.swapUsed * 0.9;
        java.rss -= h.swapUsed * 0.9;
        swapping(h, 3100, 'sda');
      }
    },
    roots: [
      {
        problem: ['mem.leak', 'mem.low', 'mem.critical', 'mem.swap_thrash', 'mem.time_to_exhaust'],
        subject: 'java',
      },
    ],
  },
  {
    name: 'A disk is full while the monthly check of the array keeps all disks busy',
    kind: 'confounded',
    reports: 7,
    onset: 2,
    host() {
      const h = backupServer('backup-c');
      h.mounts.set('/var', { device: '/dev/sda3', size: 40_000_000, used: 35_000_000 });
      h.run({ name: 'mongod', uid: 109, rss: 3 * GB, cpu: 30, threads: 40 });
      h.service('mongod');
      return h;
    },
    minute(h, i) {
      raid6(
        h,
        undefined,
        `      [====>................]  check = ${(21 + i * 0.1).toFixed(1)}% (${1_700_000_000 + i * 9_000_000}/7813894144) finish=640.1min speed=152233K/sec\n`,
      );
      for (const l of 'bcdefghijk')
        h.disk(`sd${l}`, {
          ...h.disks.get(`sd${l}`),
          reads: 300,
          readBytes: 152_000_000,
          busy: 92,
          await: 11,
        });
      h.run({ name: 'md127_resync', ppid: 2, rss: 0, cpu: 18, kernel: 1, cgroup: '/', age: 30_000 });
      h.mounts.get('/var')!.used = Math.min(37_995_000, 35_000_000 + grown(i, 2, 1_100_000));
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/var' }],
  },
  {
    name: 'NFS stands still while a build keeps all cores busy',
    atFirst: 'rule silent',
    kind: 'confounded',
    reports: 8,
    onset: 4,
    host() {
      const h = server(debian12, 'build-3', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'eno1' });
      h.mounts.set('/data/artifacts', {
        device: '10.20.0.41:/vol/artifacts',
        type: 'nfs',
        options: 'rw,relatime,vers=3,hard,proto=tcp,mountaddr=10.20.0.41',
        size: 9_000_000_000,
        used: 3_100_000_000,
      });
      h.run({ name: 'cc1plus', uid: 1000, rss: 4 * GB, cpu: 760, threads: 8, age: 500 });
      for (let i = 0; i < 3; i++) h.run({ name: 'cp', uid: 1000, rss: 2_000, cpu: 3 });
      return h;
    },
    minute(h, i) {
      h.load = [8.4 + (i > 4 ? 3 : 0), 8.1, 7.7];
      h.psi.cpu = 42;
      if (!from(i, 4)) return;
      h.mounts.get('/data/artifacts')!.size = 0;
      for (const t of h.named('cp')) Object.assign(t, { state: 'D', cpu: 0 });
      h.blocked = 3;
    },
    roots: [{ problem: 'disk.nfs_stall', subject: ['/data/artifacts', '10.20.0.41'] }],
  },
  {
    name: 'A disk of a hypervisor wears out its sectors while guests are busy and ssh is knocked at',
    kind: 'confounded',
    reports: 6,
    onset: 2,
    host() {
      const h = server(proxmox, 'pve-c', { cores: 32, ram: 128, disk: 'sda', nic: 'vmbr0' });
      for (let i = 0; i < 10; i++)
        h.run({ name: 'kvm', rss: 8 * GB, cpu: 190, threads: 12, cgroup: `/qemu.slice/${200 + i}.scope` });
      h.disk('sdb', { rotates: true, model: 'HGST HUS724040AL' });
      h.available = 40 * GB;
      return h;
    },
    minute(h, i) {
      h.load = [21, 20, 19];
      sata(h, 'sda', { model: 'MTFDDAK960TDS' });
      sata(
        h,
        'sdb',
        { model: 'HGST HUS724040ALA640', hours: 61_000 },
        from(i, 2) ? { 197: 8 * (i - 1), 198: 8 } : {},
      );
      const line = (n: number) => {
        const d = h
          .at(n * 40)
          .toUTCString()
          .split(/[ ,]+/);
        return `root     ssh:notty    45.148.10.${n % 200}     ${d[0]} ${d[2]} ${d[1]} ${d[4]} ${d[3]} - ${d[0]} ${d[2]} ${d[1]} ${d[4]} ${d[3]}  (00:00)`;
      };
      h.more.set('lastb -i -F -n 400', Array.from({ length: 300 }, (_, n) => line(n)).join('\n'));
    },
    roots: [{ problem: ['smart.pending', 'smart.combo'], subject: 'sdb' }],
  },
  {
    name: 'A slow disk under a database, while a colleague compresses files at low priority',
    kind: 'confounded',
    reports: 8,
    onset: 3,
    host() {
      const h = server(rhel9, 'ora-1', { cores: 8, ram: 64, disk: 'sda', nic: 'ens192' });
      h.disk('sdb', { size: 2_000_000_000, rotates: true });
      h.mounts.set('/u02', { device: '/dev/sdb1', type: 'xfs', size: 900_000_000, used: 500_000_000 });
      h.run({ name: 'oracle', uid: 54321, rss: 20 * GB, cpu: 60, threads: 120, write: 3_000_000 });
      h.run({ name: 'xz', uid: 1000, rss: 700_000, cpu: 200, niced: true, threads: 2, age: 7000 });
      return h;
    },
    minute(h, i) {
      if (from(i, 3)) {
        h.named('oracle')[0]!.write = 62_000_000;
        busyDisk(
          h,
          'sdb',
          { reads: 30, writes: 620, readBytes: 900_000, writeBytes: 63_000_000, await: 88 },
          7,
        );
      }
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency'], subject: ['sdb', 'oracle'] }],
  },
];
