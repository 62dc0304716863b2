// Written last, before the product saw it: kernels that say the same in other words, and programs that answer in other formats.
import { installed, type Box, type Tree } from '../box.ts';
import { at } from './lands.ts';
import { mdstat } from './tools.ts';

const noise = (b: Box) => {
  for (let i = 0; i < 12; i++)
    b.say(
      4,
      `[UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:7a:11:0c:aa SRC=203.0.113.${i} DST=192.0.2.10 LEN=40 TOS=0x00 PREC=0x00 TTL=241 ID=54321 PROTO=TCP SPT=4${i}111 DPT=23 WINDOW=65535 RES=0x00 SYN URGP=0`,
      30 + i,
    );
  b.say(
    4,
    'perf: interrupt took too long (3131 > 3126), lowering kernel.perf_event_max_sample_rate to 63000',
    900,
  );
  b.say(
    5,
    'audit: type=1400 audit(1773239000.101:412): apparmor="DENIED" operation="open" profile="snap.lxd.daemon" name="/proc/1/mem"',
    800,
  );
  b.say(
    3,
    'ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0], AE_NOT_FOUND (20210730/psargs-330)',
    80_000,
  );
};

export const third: Tree[] = [
  {
    name: 'kernel 3.10 words: reads from an old SATA disk end with end_request errors and link resets',
    kind: 'fault',
    atFirst: 'wrong entity',
    onset: 1,
    runs: 4,
    box: () => {
      const b = at('amazon2', 'onprem-al2', {
        cores: 2,
        memory: 3900,
        disk: 'sda',
        now: '2026-04-11T10:00:00Z',
      });
      b.disks.push({
        name: 'sdb',
        gb: 2000,
        model: 'ST2000DM001-1ER164',
        rotational: true,
        parts: [['sdb1', 1990]],
      });
      b.mounts.push({ dev: '/dev/sdb1', at: '/backup', type: 'xfs', mb: 1_900_000, used: 700_000 });
      noise(b);
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.say(3, 'ata4.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x0', 40);
      b.say(3, 'ata4.00: failed command: READ DMA EXT', 40);
      b.say(3, 'ata4.00: error: { UNC }', 40);
      b.say(3, 'end_request: I/O error, dev sdb, sector 1953254480', 39);
      b.say(3, 'Buffer I/O error on device sdb1, logical block 244156554', 39);
      b.disk('sdb').ioerr = 3 + run;
    },
    roots: [{ problem: 'disk.errors', subject: 'sdb' }],
  },
  {
    name: 'smartctl answers in text whatever it is asked: pending sectors on the second disk (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma8', 'cache-ix', { cores: 4, memory: 7800, disk: 'sda', fs: 'xfs' });
      b.disks.push({ name: 'sdb', gb: 4000, model: 'HGST HUS724040AL', rotational: true });
      b.programs['smartctl'] = [
        ['* /dev/sdb', text('HGST HUS724040ALA640', 'PASSED', { 197: 8, 198: 8, 5: 0 })],
        ['* /dev/sda', text('INTEL SSDSC2KB480G8', 'PASSED', { 5: 0, 197: 0, 198: 0 })],
      ];
      noise(b);
      return b;
    },
    roots: [{ problem: ['smart.pending', 'smart.combo'], subject: 'sdb' }],
  },
  {
    name: 'smartctl in text: an NVMe drive beyond its life, and read-only by its own word (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('gentoo', 'nvbox', { cores: 8, memory: 31_000, disk: 'nvme0n1' });
      b.programs['smartctl'] = [
        [
          '*',
          `smartctl 7.1 2019-12-30 r5022 [x86_64-linux-6.6.105-gentoo-dist] (local build)
Copyright (C) 2002-19, Bruce Allen, Christian Franke, www.smartmontools.org

=== START OF INFORMATION SECTION ===
Model Number:                       Samsung SSD 970 EVO 500GB
Serial Number:                      S466NX0M700000A
Firmware Version:                   2B2QEXE7
Namespace 1 Size/Capacity:          500,107,862,016 [500 GB]

=== START OF SMART DATA SECTION ===
SMART overall-health self-assessment test result: FAILED!
- available spare has fallen below threshold
- media has been placed in read only mode

SMART/Health Information (NVMe Log 0x02)
Critical Warning:                   0x09
Temperature:                        44 Celsius
Available Spare:                    4%
Available Spare Threshold:          10%
Percentage Used:                    118%
Data Units Read:                    90,112,204 [46.1 TB]
Data Units Written:                 801,204,113 [410 TB]
Power On Hours:                     31,204
Media and Data Integrity Errors:    17
Error Information Log Entries:      41
`,
          8,
        ],
      ];
      return b;
    },
    roots: [{ problem: ['smart.nvme_critical', 'smart.failed', 'smart.nvme_spare'], subject: 'nvme0' }],
  },
  {
    name: 'dmesg without levels: the kernel kills the database for lack of memory',
    kind: 'fault',
    atFirst: 'not collected',
    onset: 2,
    runs: 5,
    shell: 'busybox ash',
    box: () => {
      const b = at('alpine', 'tiny-db', { cores: 1, memory: 490, disk: 'vda' });
      b.run({
        pid: 2200,
        name: 'mariadbd',
        exe: '/usr/bin/mariadbd',
        uid: 100,
        rss: 210,
        cpu: 0.05,
        threads: 12,
      });
      b.run({ pid: 2300, name: 'php-fpm83', exe: '/usr/sbin/php-fpm83', rss: 60, cpu: 0.1 });
      return b;
    },
    each: (b, run) => {
      const up = () => (b.uptime + b.ahead - 20).toFixed(6).padStart(12);
      if (run < 2) return;
      b.process('php-fpm83').rss = 390;
      b.available = 22;
      b.majorFaults = 400;
      if (run === 3) {
        b.processes = b.processes.filter((p) => p.name !== 'mariadbd');
        b.oomKills = 1;
        b.programs['dmesg'] = [
          [
            '*',
            `[${up()}] php-fpm83 invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0
[${up()}] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=mariadbd,pid=2200,uid=100
[${up()}] Out of memory: Killed process 2200 (mariadbd) total-vm:1202204kB, anon-rss:214300kB, file-rss:0kB, shmem-rss:0kB, UID:100 pgtables:700kB oom_score_adj:0
`,
          ],
        ];
      }
    },
    roots: [
      {
        problem: ['mem.low', 'mem.oom_kill', 'web.phpfpm_overcommit', 'mem.leak', 'mem.critical'],
        subject: ['php-fpm', 'mariadbd', 'tiny-db'],
      },
    ],
    chain: ['mem.oom_kill>proc.vanished'],
  },
  {
    name: 'old ss and old iproute: Redis without a password on all addresses (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu1804', 'queue-alt', { cores: 2, memory: 3900, now: '2026-02-01T00:00:00Z' });
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        uid: 112,
        rss: 40,
      });
      b.files['etc/redis/redis.conf'] = 'bind 0.0.0.0\nport 6379\nprotected-mode no\ndir /var/lib/redis\n';
      b.nets[0]!.addresses = ['198.51.100.20/24'];
      b.programs['ss'] = [
        [
          '-tlnup',
          `Netid  State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port 
tcp    LISTEN     0      128                    *:22                    *:*      users:(("sshd",901,3))
tcp    LISTEN     0      128                    *:6379                  *:*      users:(("redis-server",1411,6))
tcp    LISTEN     0      128                   :::22                   :::*      users:(("sshd",901,4))
`,
        ],
        [
          '-tn state listening*',
          `State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port 
LISTEN     0      128                    *:22                    *:*     
LISTEN     0      128                    *:6379                  *:*     
ESTAB      0      0           198.51.100.20:22          203.0.113.5:50111
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: ['sec.redis_noauth', 'sec.db_exposed'], subject: ['redis', '6379'] }],
  },
  {
    name: 'chronyc in words: eight seconds slow (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('sles12', 'zeit', { cores: 2, memory: 3800, disk: 'sda', fs: 'btrfs' });
      b.programs['chronyc'] = [
        [
          '*',
          `Reference ID    : 192.168.0.1 (ntp.corp.example)
Stratum         : 4
Ref time (UTC)  : Wed Mar 11 14:20:11 2026
System time     : 8.210344112 seconds slow of NTP time
Last offset     : -8.201122334 seconds
RMS offset      : 3.110000000 seconds
Frequency       : 21.400 ppm slow
Residual freq   : -0.100 ppm
Skew            : 0.900 ppm
Root delay      : 0.031 seconds
Root dispersion : 0.200 seconds
Update interval : 1030.2 seconds
Leap status     : Normal
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'time.skew', subject: 'zeit' }],
  },
  {
    name: 'a fresh member was kicked out of its mirror at boot',
    kind: 'fault',
    runs: 2,
    box: () => {
      const b = at('tumbleweed', 'heim', { cores: 4, memory: 15_900, disk: 'sda', fs: 'xfs', days: 0 });
      b.uptime = 4000;
      b.files['proc/mdstat'] = mdstat([
        ['md0', 'raid1', 'sda3[2]', 900_000_000, '[2/1] [_U]', 'bitmap: 7/7 pages [28KB], 65536KB chunk'],
      ]);
      b.files['sys/block/md0/md/degraded'] = '1\n';
      b.say(4, 'md: kicking non-fresh sdb3 from array!', 3995);
      b.say(4, 'md/raid1:md0: active with 1 out of 2 mirrors', 3994);
      return b;
    },
    roots: [{ problem: ['raid.degraded', 'raid.disk_failed'], subject: ['md0', 'sdb3'] }],
  },
  {
    name: 'btrfs gives up: forced readonly after an error of its device',
    kind: 'fault',
    onset: 1,
    runs: 4,
    rhythm: installed,
    box: () => {
      const b = at('tumbleweed', 'notiz', { cores: 4, memory: 15_900, disk: 'sda', fs: 'btrfs' });
      for (const name of ['home', 'var', 'opt']) b.mounts.push({ ...b.mounts[0]!, at: `/${name}` });
      noise(b);
      return b;
    },
    each: (b, run) => {
      if (run !== 1) return;
      b.say(3, 'I/O error, dev sda, sector 90112204 op 0x1:(WRITE) flags 0x1800 phys_seg 4 prio class 2', 30);
      b.say(3, 'BTRFS error (device sda2): bdev /dev/sda2 errs: wr 4, rd 0, flush 1, corrupt 0, gen 0', 30);
      b.say(
        3,
        'BTRFS: error (device sda2: state A) in btrfs_commit_transaction:2523: errno=-5 IO failure (Error while writing out transaction)',
        29,
      );
      b.say(6, 'BTRFS info (device sda2: state EA): forced readonly', 29);
      for (const m of b.mounts) if (m.type === 'btrfs') m.options = 'ro,relatime,space_cache=v2';
      b.disk('sda').ioerr = 9;
    },
    roots: [{ problem: 'disk.errors', subject: 'sda' }],
    chain: ['disk.errors>disk.readonly'],
  },
  {
    name: 'the CPU says it is too hot, no sensor is read',
    kind: 'fault',
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('void', 'nuc', { cores: 4, memory: 15_900, disk: 'nvme0n1' });
      b.run({ name: 'ffmpeg', exe: '/usr/bin/ffmpeg', uid: 1000, rss: 400, cpu: 3, threads: 8 });
      return b;
    },
    each: (b, run) => {
      for (let i = 0; i < 4; i++)
        b.files[`sys/devices/system/cpu/cpu${i}/thermal_throttle/core_throttle_count`] =
          `${run < 1 ? 0 : run * 900 + i}\n`;
      if (run >= 1)
        b.say(
          4,
          `mce: CPU${run}: Core temperature is above threshold, cpu clock is throttled (total events = ${run * 900})`,
          20,
        );
    },
    roots: [{ problem: ['cpu.thermal_throttle', 'hw.temp_high'], subject: ['nuc', 'cpu'] }],
  },
  {
    name: 'an USB disk with the backups went away',
    kind: 'fault',
    onset: 2,
    runs: 5,
    box: () => {
      const b = at('raspios', 'pi-nas', { cores: 4, memory: 3900, disk: 'mmcblk0' });
      b.disks.push({
        name: 'sda',
        gb: 4000,
        model: 'Elements 25A3',
        rotational: true,
        parts: [['sda1', 3990]],
      });
      b.mounts.push({
        dev: '/dev/sda1',
        at: '/srv/backup',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 3_800_000,
        used: 1_900_000,
      });
      b.fstab = 'PARTUUID=a1-02 / ext4 defaults,noatime 0 1\nUUID=11-22 /srv/backup ext4 defaults 0 2\n';
      return b;
    },
    each: (b, run) => {
      if (run !== 2) return;
      b.say(6, 'usb 2-1: USB disconnect, device number 3', 33);
      b.say(
        3,
        'sd 0:0:0:0: [sda] Synchronize Cache(10) failed: Result: hostbyte=DID_ERROR driverbyte=DRIVER_OK',
        33,
      );
      b.say(
        2,
        'EXT4-fs error (device sda1): ext4_journal_check_start:84: comm rsync: Detected aborted journal',
        32,
      );
      b.say(3, 'Buffer I/O error on dev sda1, logical block 0, lost sync page write', 32);
      b.say(2, 'EXT4-fs (sda1): Remounting filesystem read-only', 32);
      b.mount('/srv/backup').options = 'ro,relatime';
      b.disks = b.disks.filter((d) => d.name !== 'sda');
    },
    roots: [{ problem: ['disk.errors', 'disk.mount_missing'], subject: ['sda', '/srv/backup'] }],
    chain: ['disk.errors>disk.readonly'],
  },
  {
    name: 'SYN flood in the words of kernel 6, without counters (conntrack is not loaded)',
    kind: 'fault',
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('tumbleweed', 'shop-edge', { cores: 4, memory: 7900, disk: 'vda' });
      const p = b.serve('nginx.service', { name: 'nginx', rss: 14, cpu: 0.1 });
      b.listeners.push({ at: '0.0.0.0:443', process: 'nginx', pid: p.pid, backlog: 511 });
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.sockets = { ESTAB: 80, 'SYN-RECV 443': 511 };
      b.tcpExt = { TCPReqQFullDoCookies: 4000, SyncookiesSent: 4000 };
      if (run === 1)
        b.say(6, 'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.', 30);
    },
    roots: [{ problem: 'net.syn_flood', subject: ['shop-edge', 'nginx', '443'] }],
  },
  {
    name: 'systemctl with a legend and bullets: a unit has failed (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'legend', { cores: 2, memory: 3800, disk: 'sda', fs: 'xfs' });
      b.programs['systemctl'] = [
        [
          'list-units*',
          `  UNIT                 LOAD   ACTIVE SUB     DESCRIPTION
  crond.service        loaded active running Command Scheduler
● kdump.service        loaded failed failed  Crash recovery kernel arming
  sshd.service         loaded active running OpenSSH server daemon

LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
3 loaded units listed. Pass --all to see loaded but inactive units, too.
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'svc.unit_failed', subject: 'kdump' }],
  },
  {
    name: 'CPU accounting lies in cpu,cpuacct and its links (hybrid): a unit is throttled',
    kind: 'fault',
    onset: 2,
    runs: 7,
    box: () => {
      const b = at('ubuntu2004', 'hyb', { cores: 4, memory: 7900, disk: 'sda', now: '2025-02-02T02:00:00Z' });
      b.serve(
        'encoder.service',
        { name: 'x264', exe: '/usr/bin/x264', rss: 400, cpu: 0.2, threads: 6 },
        { quota: 40_000 },
      );
      b.links['sys/fs/cgroup/cpu,cpuacct'] = 'cpu';
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.unit('encoder.service').throttled = 0.9;
      b.process('x264').cpu = 0.4;
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['encoder', 'x264'] }],
  },
  {
    name: 'a soft lockup and RCU stalls on a guest whose host is overloaded',
    kind: 'fault',
    onset: 1,
    runs: 6,
    box: () => {
      const b = at('alma8', 'gast-7', { cores: 4, memory: 7800, disk: 'vda', fs: 'xfs' });
      b.serve('app.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-11/bin/java',
        uid: 1001,
        rss: 2000,
        cpu: 0.8,
        threads: 90,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.steal = 0.45;
      b.running = 6;
      b.load = [9, 6, 3];
      if (run === 2) {
        b.say(0, 'watchdog: BUG: soft lockup - CPU#2 stuck for 23s! [java:4411]', 30);
        b.say(3, 'rcu: INFO: rcu_sched self-detected stall on CPU', 28);
      }
    },
    roots: [{ problem: 'cpu.steal', subject: 'gast-7' }],
    chain: ['cpu.steal>cpu.load_high', 'cpu.steal>sys.crash'],
  },
  {
    name: 'well: noise of kernels that means nothing',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('ubuntu2404', 'laut', { cores: 4, memory: 15_900, disk: 'sda' });
      noise(b);
      for (const line of [
        'pcieport 0000:00:1c.5: AER: Correctable error message received from 0000:03:00.0',
        'nvme 0000:03:00.0: PCIe Bus Error: severity=Correctable, type=Physical Layer, (Receiver ID)',
        'usb 1-4: device descriptor read/64, error -71',
        'Bluetooth: hci0: Failed to read codec capabilities (-22)',
        'snd_hda_intel 0000:00:1f.3: no codecs found!',
        'IPv4: martian source 192.0.2.10 from 10.0.0.1, on dev eth0',
        'systemd-journald[311]: File /var/log/journal/x/user-1000.journal corrupted or uncleanly shut down, renaming and replacing.',
        'FAT-fs (sda1): Volume was not properly unmounted. Some data may be corrupt. Please run fsck.',
        'TCP: eth0: Driver has suspect GRO implementation, TCP performance may be compromised.',
        "process `telegraf' is using deprecated sysctl (syscall) net.ipv6.neigh.default.base_reachable_time",
      ])
        b.say(line.startsWith('usb') ? 3 : 4, line, 4000);
      return b;
    },
    roots: [],
  },
];

function text(model: string, health: string, raw: Record<number, number>): string {
  const names: Record<number, string> = {
    5: 'Reallocated_Sector_Ct',
    197: 'Current_Pending_Sector',
    198: 'Offline_Uncorrectable',
  };
  return `smartctl 6.6 2017-11-05 r4594 [x86_64-linux-4.18.0-553.74.1.el8_10.x86_64] (local build)
Copyright (C) 2002-17, Bruce Allen, Christian Franke, www.smartmontools.org

=== START OF INFORMATION SECTION ===
Device Model:     ${model}
Serial Number:    PN1334PEH0XXXX
User Capacity:    4,000,787,030,016 bytes [4.00 TB]
SMART support is: Enabled

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: ${health}

SMART Attributes Data Structure revision number: 16
Vendor Specific SMART Attributes with Thresholds:
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  1 Raw_Read_Error_Rate     0x000b   100   100   016    Pre-fail  Always       -       0
${Object.entries(raw)
  .map(
    ([id, v]) =>
      `${id.padStart(3)} ${names[Number(id)]!.padEnd(23)} 0x0022   100   100   000    Old_age   Always       -       ${v}`,
  )
  .join('\n')}
  9 Power_On_Hours          0x0012   095   095   000    Old_age   Always       -       38211
194 Temperature_Celsius     0x0002   150   150   000    Old_age   Always       -       40 (Min/Max 22/49)

SMART Error Log Version: 1
No Errors Logged
`;
}
