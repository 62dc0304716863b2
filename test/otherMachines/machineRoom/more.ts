// Machine room: a second helping, written as blindly after the first was mended.
import { busyDisk, grown, server, swapping, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { alpine, arch, centos7, debian12, jammy, noble, proxmox, raspberry, rhel9 } from '../systems.ts';
import { alma8, amazon2023, focal, gentoo, sles15, trixie } from '../strangers/systems.ts';
import { docker, identifier, nvme, oomKill, sata } from '../tools.ts';
import { group, lsblk, meminfo } from './composed.ts';

export const moreRoom: readonly Case[] = [
  {
    name: 'an indexer that maps too much makes a small cloud server thrash',
    kind: 'fault',
    installed: true,
    reports: 9,
    onset: 3,
    host: () => {
      const h = server(noble, 'sn-search', { ram: 4, cores: 2, disk: 'vda' });
      h.swap = 4 * GB;
      h.swapDevice = 'vda5';
      h.available = 1.7 * GB;
      h.serve('typesense-server', {
        name: 'typesense-serve',
        cpu: 14,
        rss: 1.6 * GB,
        threads: 30,
      });
      return h;
    },
    minute: (h, i) => {
      if (i < 3) return;
      const t = h.named('typesense-serve')[0]!;
      t.rss = 2.9 * GB;
      t.swap = grown(i, 3, 0.5 * GB);
      t.faults = 700;
      h.swapUsed = Math.min(3.9 * GB, grown(i, 3, 0.6 * GB));
      h.available = 0.12 * GB;
      h.cached = 0.1 * GB;
      swapping(h, 3800, 'vda');
    },
    roots: [{ problem: ['mem.swap_thrash', 'mem.critical', 'mem.low'], subject: ['sn-search', 'typesense'] }],
  },
  {
    name: 'a compose project with a limit loses its worker to it',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 3,
    host: () => {
      const h = server(jammy, 'docker-paas-1', { ram: 32, cores: 8, disk: 'sda' });
      const scope = `/system.slice/docker-${identifier('immich_machine_learning')}.scope`;
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 90_000, threads: 20 });
      h.run({ name: 'gunicorn', cpu: 60, rss: 1.8 * GB, threads: 20, cgroup: scope });
      docker(h, [{ name: 'immich_machine_learning' }, { name: 'immich_server' }]);
      group(h, scope, 'memory.max', [2147483648]);
      group(h, scope, 'memory.current', [1_950_000_000]);
      group(h, scope, 'memory.events', ['low 0', 'high 0', 'max 2', 'oom 0', 'oom_kill 0']);
      return h;
    },
    minute: (h, i) => {
      if (i !== 3) return;
      const scope = `/system.slice/docker-${identifier('immich_machine_learning')}.scope`;
      group(h, scope, 'memory.events', ['low 0', 'high 0', 'max 811', 'oom 1', 'oom_kill 1']);
      oomKill(h, 'gunicorn', h.named('gunicorn')[0]!.pid, 2_010_000, scope);
      h.stop('gunicorn');
      h.run({ name: 'gunicorn', cpu: 30, rss: 0.6 * GB, threads: 12, age: 20, cgroup: scope });
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: ['immich_machine_learning', 'gunicorn'] }],
  },
  {
    name: 'POSIX shared memory of a crashed job fills /dev/shm',
    kind: 'fault',
    installed: true,
    reports: 4,
    host: () => {
      const h = server({ ...alma8 }, 'gpu-node-3', { ram: 64, cores: 32 });
      h.mounts.set('/dev/shm', {
        device: 'tmpfs',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev',
        size: 32 * GB,
        used: 31.4 * GB,
      });
      h.shmem = 31.6 * GB;
      h.cached = 35 * GB;
      h.available = 21 * GB;
      return h;
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: '/dev/shm' }],
  },
  {
    name: 'the noisy neighbour of a virtual server takes its time',
    kind: 'fault',
    installed: true,
    reports: 10,
    onset: 4,
    step: 300,
    host: () => {
      const h = server(centos7, 'vz-cheap', { ram: 2, cores: 1, disk: 'vda' });
      h.run({ name: 'httpd', cpu: 20, rss: 0.2 * GB, uid: 48 });
      h.service('httpd');
      return h;
    },
    minute: (h, i) => {
      if (i < 4) return;
      h.steal = 34;
      h.load = [3.1, 2.8, 2];
    },
    roots: [{ problem: 'cpu.steal', subject: 'vz-cheap' }],
  },
  {
    name: 'a memory stick is reported bad by the firmware, without counters of EDAC',
    kind: 'fault',
    installed: true,
    reports: 3,
    onset: 1,
    host: () => server({ ...sles15, virt: 'none' }, 'hana-01', { ram: 512, cores: 96 }),
    minute: (h, i) => {
      if (i !== 1) return;
      h.kernel(6, '{1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 0', 20);
      h.kernel(6, '{1}[Hardware Error]: It has been corrected by h/w and requires no further action', 20);
      h.kernel(6, '{1}[Hardware Error]: event severity: corrected', 20);
      h.kernel(
        4,
        'EDAC MC3: 1 CE memory scrubbing error on CPU_SrcID#1_Ha#1_Chan#0_DIMM#0 (channel:0 slot:0 page:0x5a1c3f offset:0x0 grain:32 syndrome:0x0 -  OVERFLOW area:DRAM err_code:0008:00c0 socket:1 ha:1 channel_mask:1 rank:0)',
        20,
      );
    },
    atFirst: 'rule silent',
    roots: [{ problem: ['mem.ecc_corrected', 'hw.mce'], subject: ['mc3', 'MC3', 'CPU_SrcID', 'hana-01'] }],
  },
  {
    name: 'a controller of a server resets its drives in turn',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 2,
    host: () => {
      const h = server({ ...debian12, virt: 'none' }, 'ceph-osd-4', { ram: 128, cores: 32, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb', 'sdc'])
        h.disk(d, { reads: 80, writes: 90, rotates: true, size: 35_156_656_128 });
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      h.kernel(
        6,
        'sd 0:0:1:0: [sdb] tag#2817 CDB: Write(16) 8a 00 00 00 00 02 1b 5c 1f 80 00 00 04 00 00 00',
        30,
      );
      h.kernel(
        6,
        'sd 0:0:1:0: attempting task abort!scmd(0x00000000f9b1a0a2), outstanding for 30472 ms & timeout 30000 ms',
        29,
      );
      h.kernel(
        3,
        'sd 0:0:1:0: [sdb] tag#2817 FAILED Result: hostbyte=DID_TIME_OUT driverbyte=DRIVER_OK cmd_age=61s',
        12,
      );
      h.kernel(3, 'sd 0:0:1:0: [sdb] tag#2817 Sense Key : Aborted Command [current] ', 12);
      h.kernel(
        3,
        'I/O error, dev sdb, sector 9049989000 op 0x1:(WRITE) flags 0x0 phys_seg 128 prio class 2',
        12,
      );
      h.disk('sdb', { reads: 3, writes: 4, await: 4100, busy: 100 });
    },
    roots: [{ problem: 'disk.errors', subject: 'sdb' }],
  },
  {
    name: 'a drive grows sectors that it cannot read',
    kind: 'fault',
    reports: 5,
    step: 3600,
    onset: 2,
    host: () => {
      const h = server({ ...gentoo, virt: 'none' }, 'attic-backup', { ram: 8, cores: 4, disk: 'sda' });
      h.disk('sdc', { rotates: true, size: 5_860_533_168 });
      return h;
    },
    minute: (h, i) => {
      const n = i < 2 ? 0 : (i - 1) * 16;
      sata(h, 'sdc', { model: 'TOSHIBA DT01ACA300' }, { 5: 0, 197: n, 198: n });
      if (i >= 2) {
        h.kernel(3, 'ata3.00: error: { UNC }', -200);
        h.kernel(6, 'sd 2:0:0:0: [sdc] Sense Key : Medium Error [current] [descriptor]', -200);
        h.kernel(6, 'sd 2:0:0:0: [sdc] Add. Sense: Unrecovered read error - auto reallocate failed', -200);
        h.kernel(
          3,
          `blk_update_request: I/O error, dev sdc, sector ${1_928_371_200 + i * 8} op 0x0:(READ) flags 0x80700 phys_seg 4 prio class 0`,
          -200,
        );
      }
    },
    atFirst: 'the case was wrong',
    roots: [{ problem: ['smart.pending', 'smart.combo'], subject: 'sdc' }],
  },
  {
    name: 'a filesystem of XFS finds damaged metadata',
    kind: 'fault',
    installed: true,
    reports: 4,
    onset: 2,
    host: () => {
      const h = server(alma8, 'repo-mirror', { ram: 16, cores: 4, disk: 'vda', rootType: 'xfs' });
      h.disk('vdc', { reads: 30, writes: 10, size: 8_589_934_592 });
      h.mounts.set('/srv/repo', {
        device: '/dev/vdc',
        type: 'xfs',
        size: 4_294_000_000,
        used: 2_000_000_000,
      });
      return h;
    },
    minute: (h, i) => {
      if (i !== 2) return;
      h.kernel(
        1,
        'XFS (vdc): Metadata CRC error detected at xfs_dir3_block_read_verify+0x9e/0xc0 [xfs], xfs_dir3_block block 0x1d1c5a0 ',
        22,
      );
      h.kernel(1, 'XFS (vdc): Unmount and run xfs_repair', 22);
      h.kernel(1, 'XFS (vdc): First 128 bytes of corrupted metadata buffer:', 22);
      h.kernel(
        1,
        'XFS (vdc): metadata I/O error in "xfs_da_read_buf+0xd9/0x130 [xfs]" at daddr 0x1d1c5a0 len 8 error 74',
        22,
      );
    },
    roots: [{ problem: 'disk.fs_errors', subject: ['vdc', '/srv/repo'] }],
  },
  {
    name: 'btrfs counts damaged blocks on one of its two disks',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host: () => {
      const h = server({ ...arch }, 'photo-nas', { ram: 16, cores: 8, disk: 'nvme0n1' });
      h.disk('sda', { rotates: true });
      h.disk('sdb', { rotates: true });
      h.mounts.set('/pool', { device: '/dev/sda', type: 'btrfs', size: 7_814_026_584, used: 3_000_000_000 });
      return h;
    },
    minute: (h, i) => {
      const row = (d: string, corrupt: number) =>
        [
          'write_io_errs    0',
          'read_io_errs     0',
          'flush_io_errs    0',
          `corruption_errs  ${corrupt}`,
          'generation_errs  0',
        ]
          .map((l) => `[/dev/${d}].${l}`)
          .join('\n');
      h.more.set('btrfs device stats /pool', `${row('sda', 0)}\n${row('sdb', i < 1 ? 0 : 37)}`);
      if (i === 1) {
        h.kernel(
          4,
          'BTRFS warning (device sda): csum failed root 257 ino 11873 off 131072 csum 0x8941f998 expected csum 0x2f1a9c0b mirror 2',
          900,
        );
        h.kernel(
          3,
          'BTRFS error (device sda): bdev /dev/sdb errs: wr 0, rd 0, flush 0, corrupt 37, gen 0',
          900,
        );
      }
    },
    roots: [{ problem: 'disk.fs_errors', subject: ['/pool', 'sdb', 'sda', '/dev/sdb'] }],
  },
  {
    name: 'a pool of ZFS is nearly full',
    kind: 'fault',
    reports: 1,
    host: () => {
      const h = server(proxmox, 'pbs-dc3', {
        ram: 64,
        cores: 16,
        disk: 'sda',
        root: 'rpool/ROOT/pbs-1',
        rootType: 'zfs',
      });
      h.more.set(
        'zpool status',
        '  pool: datastore1\n state: ONLINE\n  scan: scrub repaired 0B in 1 days 02:14:51 with 0 errors on Mon Nov  9 02:38:53 2026\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\tdatastore1  ONLINE       0     0     0\n\t  raidz2-0  ONLINE       0     0     0\n\t    sdb     ONLINE       0     0     0\n\t    sdc     ONLINE       0     0     0\n\t    sdd     ONLINE       0     0     0\n\t    sde     ONLINE       0     0     0\n\nerrors: No known data errors',
      );
      h.more.set(
        'zpool list -Hp',
        'datastore1\t63771674411008\t61858524178677\t1913150232331\t-\t-\t61\t97\t1.00\tONLINE\t-',
      );
      return h;
    },
    roots: [{ problem: ['disk.zfs_capacity', 'disk.full'], subject: 'datastore1' }],
  },
  {
    name: 'a copy job on a slow drive makes everybody wait',
    kind: 'fault',
    installed: true,
    reports: 14,
    onset: 3,
    host: () => {
      const h = server({ ...trixie }, 'church-av', {
        ram: 8,
        cores: 4,
        disk: 'sda',
        drive: { rotates: true },
      });
      h.run({ name: 'smbd', cpu: 3, rss: 40_000 });
      h.service('smbd');
      return h;
    },
    minute: (h, i) => {
      if (i < 3) return;
      if (i === 3)
        h.run({
          name: 'clamdscan',
          cpu: 9,
          rss: 30_000,
          state: 'D',
          read: 38_000_000,
          age: 40,
          cgroup: '/system.slice/cron.service',
        });
      busyDisk(h, 'sda', { reads: 310, writes: 9, readBytes: 38_000_000, await: 141 }, 4);
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency'], subject: 'sda' }],
  },
  {
    name: 'an attached volume is not there after a stop and start of the instance',
    kind: 'fault',
    reports: 4,
    host: () => {
      const h = server(amazon2023, 'ip-10-9-1-4', {
        ram: 16,
        cores: 4,
        disk: 'nvme0n1',
        rootType: 'xfs',
        nic: 'ens5',
      });
      h.uptime = 700;
      h.more.set(
        'cat /etc/fstab',
        'UUID=31b3ad9c-2e1a-4aa0-b1f9-0a1b2c3d4e5f / xfs defaults,noatime 1 1\nUUID=9f0c0c5e-77d0-4b4b-8a0f-a9e2f8d3b111 /var/lib/clickhouse ext4 defaults 0 2',
      );
      h.service('clickhouse-server', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '70',
        ExecMainCode: '1',
        since: '650',
      });
      return h;
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/var/lib/clickhouse' }],
  },
  {
    name: 'the clock of a guest is off by minutes after it was resumed',
    kind: 'fault',
    reports: 5,
    step: 600,
    host: () => {
      const h = server({ ...focal, virt: 'vmware' }, 'kiosk-vm', { ram: 4, cores: 2, disk: 'sda' });
      h.more.set(
        'timedatectl',
        'Timezone=Europe/Berlin\nLocalRTC=no\nCanNTP=yes\nNTP=no\nNTPSynchronized=no',
      );
      h.more.set(
        'chronyc -n -c tracking',
        'C0A80101,192.168.1.1,3,1795010000.000000000,184.112233445,184.112233445,92.000000000,-12.001,0.000,0.041,0.001200000,0.000400000,64.2,Normal',
      );
      return h;
    },
    roots: [{ problem: ['time.skew', 'time.unsync'], subject: 'kiosk-vm' }],
  },
  {
    name: 'a driver of a network card makes the kernel stumble',
    kind: 'fault',
    installed: true,
    reports: 4,
    onset: 1,
    host: () => server({ ...noble, virt: 'none' }, 'edge-router', { ram: 16, cores: 8, disk: 'nvme0n1' }),
    minute: (h, i) => {
      if (i !== 1) return;
      h.kernel(1, 'BUG: unable to handle page fault for address: ffffa1b2c3d4e5f6', 20);
      h.kernel(1, '#PF: supervisor read access in kernel mode', 20);
      h.kernel(4, 'Oops: 0000 [#1] PREEMPT SMP NOPTI', 20);
      h.kernel(
        4,
        'CPU: 3 PID: 0 Comm: swapper/3 Tainted: G           OE      6.8.0-49-generic #49-Ubuntu',
        20,
      );
      h.kernel(4, 'RIP: 0010:igc_poll+0x1ab/0x640 [igc]', 20);
    },
    roots: [{ problem: 'sys.crash', subject: ['edge-router', 'igc', 'swapper', 'CPU'] }],
  },
  {
    name: 'a scraper keeps its sockets and reaches its limit of files',
    kind: 'fault',
    installed: true,
    reports: 7,
    host: () => {
      const h = server(alpine, 'feed-fetch', { ram: 2, cores: 1, disk: 'vda' });
      h.run({ name: 'miniflux', cpu: 6, rss: 90_000, uid: 100, fds: 1024, open: [930, 1024] });
      return h;
    },
    minute: (h, i) => {
      h.named('miniflux')[0]!.open = [Math.min(1023, 930 + i * 18), 1024];
    },
    roots: [{ problem: 'proc.fd_process', subject: 'miniflux' }],
  },
  {
    name: 'an NVMe drive becomes too hot in its slot',
    kind: 'fault',
    reports: 3,
    step: 3600,
    host: () => server({ ...debian12, virt: 'none' }, 'nuc-plex', { ram: 16, cores: 4, disk: 'nvme0n1' }),
    minute: (h) =>
      nvme(h, 'nvme0n1', 'WD_BLACK SN770 2TB', {
        critical_warning: 2,
        temperature: 88,
        warning_temp_time: 4411,
        critical_comp_time: 210,
      }),
    roots: [{ problem: ['smart.temp', 'smart.nvme_critical'], subject: ['nvme0'] }],
  },
  {
    name: 'the table of tracked connections is full on a node of Kubernetes',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 1,
    host: () => {
      const h = server(rhel9, 'ocp-infra-2', { ram: 64, cores: 16 });
      h.conntrack = [241_000, 262_144];
      return h;
    },
    minute: (h, i) => {
      if (i < 1) return;
      h.conntrack = [262_144, 262_144];
      h.kernel(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 4);
    },
    roots: [{ problem: 'net.conntrack', subject: 'ocp-infra-2' }],
  },
  {
    name: 'the logical volume of a container registry fills while garbage waits',
    kind: 'fault',
    installed: true,
    reports: 15,
    onset: 4,
    host: () => {
      const h = server(focal, 'harbor-eu', { ram: 16, cores: 4, disk: 'sda' });
      h.mounts.set('/data/registry', {
        device: '/dev/mapper/ubuntu--vg-registry',
        type: 'xfs',
        size: 400_000_000,
        used: 371_000_000,
      });
      lsblk(h, [
        ['sda', 'sda', '', 'disk', '500G'],
        ['sda2', 'sda2', 'sda', 'part', '90G', '/'],
        ['sda3', 'sda3', 'sda', 'part', '400G'],
        ['ubuntu--vg-registry', 'dm-0', 'sda3', 'lvm', '390G', '/data/registry'],
      ]);
      h.run({ name: 'registry', cpu: 8, rss: 0.2 * GB, uid: 10000, write: 22_000_000 });
      return h;
    },
    minute: (h, i) => {
      h.mounts.get('/data/registry')!.used = Math.min(399_900_000, 371_000_000 + grown(i, 2, 2_300_000));
      h.disk('sda', { ...h.disks.get('sda'), writes: 300, writeBytes: 39_000_000 });
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/data/registry' }],
  },
  {
    name: 'dirty pages wait for a card that writes slowly',
    kind: 'fault',
    installed: true,
    reports: 9,
    onset: 2,
    host: () => {
      const h = server({ ...raspberry, psi: true }, 'birdnet', { ram: 4, cores: 4, disk: 'mmcblk0' });
      h.serve('birdnet', {
        name: 'birdnet_analysi',
        cpu: 120,
        rss: 0.7 * GB,
        uid: 1000,
        write: 14_000_000,
      });
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      busyDisk(h, 'mmcblk0', { reads: 2, writes: 31, writeBytes: 9_000_000, await: 1900 }, 5);
      h.dirty = 0.6 * GB;
      h.named('birdnet_analysi')[0]!.state = 'D';
    },
    roots: [
      { problem: ['disk.saturated', 'disk.latency', 'disk.fsync_stall'], subject: ['mmcblk0', 'birdnet'] },
    ],
  },
  {
    name: 'a server with a third of its pages promised twice refuses more',
    kind: 'fault',
    installed: true,
    reports: 5,
    host: () => {
      const h = server(sles15, 'sap-bw2', { ram: 32, cores: 8 });
      h.committed = 17.9 * GB;
      return h;
    },
    edit: (text) =>
      withSection(
        meminfo(text, { CommitLimit: 17.6 * GB, Committed_AS: 17.9 * GB }),
        'grep -r . /proc/sys/vm',
        '/proc/sys/vm/overcommit_memory:2\n/proc/sys/vm/swappiness:10',
      ),
    roots: [{ problem: 'mem.overcommit', subject: 'sap-bw2' }],
  },
  {
    name: 'swap on a file is off and a large cache is warm',
    kind: 'control',
    installed: true,
    reports: 8,
    host: () => {
      const h = server(amazon2023, 'ip-10-0-0-77', {
        ram: 16,
        cores: 4,
        disk: 'nvme0n1',
        rootType: 'xfs',
        nic: 'ens5',
      });
      h.swap = 0;
      h.cached = 13 * GB;
      h.available = 13.4 * GB;
      return h;
    },
    roots: [],
  },
  {
    name: 'a nightly run of updates writes for a few minutes',
    kind: 'control',
    installed: true,
    reports: 10,
    host: () => server(jammy, 'www-quiet', { ram: 8, cores: 2, disk: 'vda' }),
    minute: (h, i) => {
      if (i === 3)
        h.run({
          name: 'apt.systemd.dai',
          cpu: 80,
          rss: 0.2 * GB,
          age: 10,
          cgroup: '/system.slice/apt-daily-upgrade.service',
        });
      if (i === 3) h.disk('vda', { reads: 90, writes: 210, writeBytes: 20_000_000, await: 3, busy: 61 });
      if (i === 6) h.stop('apt.systemd.dai');
      if (i === 6) h.disk('vda', {});
    },
    roots: [],
  },
  {
    name: 'a USB stick was pulled out',
    kind: 'control',
    installed: true,
    reports: 5,
    host: () => server({ ...trixie }, 'desk-of-admin', { ram: 16, cores: 8, disk: 'nvme0n1' }),
    minute: (h, i) => {
      if (i !== 2) return;
      h.kernel(6, 'usb 2-1: USB disconnect, device number 4', 20);
      h.kernel(6, 'sd 6:0:0:0: [sdb] Synchronizing SCSI cache', 20);
      h.kernel(
        6,
        'sd 6:0:0:0: [sdb] Synchronize Cache(10) failed: Result: hostbyte=DID_ERROR driverbyte=DRIVER_OK',
        20,
      );
    },
    roots: [],
  },
];
