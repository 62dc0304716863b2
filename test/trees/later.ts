// A second handful, written after the first was judged and before this one was.
import type { Tree } from './box.ts';
import { certificate, ipmi, sensors } from './hardware.ts';
import { nvmeJson } from './smart.ts';
import { storcli } from './storage.ts';
import { machine, webStack } from './systems.ts';

export const later: Tree[] = [
  {
    name: 'two troubles at once: a mirror without its half, and a full disk for logs',
    kind: 'double',
    onset: 1,
    runs: 4,
    box: () => {
      const b = webStack(machine({ system: 'debian13', name: 'doppelt' }));
      b.disks.push(
        { name: 'nvme2n1', gb: 500, parts: [['nvme2n1p1', 500]] },
        { name: 'md3', gb: 500 },
        { name: 'sdz', gb: 20, parts: [['sdz1', 20]] },
      );
      b.mounts.push(
        { dev: '/dev/md3', at: '/srv', type: 'ext4', mb: 470_000, used: 90_000 },
        { dev: '/dev/sdz1', at: '/var/log', type: 'ext4', mb: 19_000, used: 15_000 },
      );
      b.files['proc/mdstat'] = `Personalities : [raid1] \nmd3 : active raid1 nvme2n1p1[0] nvme3n1p1[1]
      488254464 blocks super 1.2 [2/2] [UU]
      \nunused devices: <none>
`;
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.files['proc/mdstat'] = `Personalities : [raid1] \nmd3 : active raid1 nvme2n1p1[0]
      488254464 blocks super 1.2 [2/1] [U_]
      \nunused devices: <none>
`;
      Object.assign(b.files, {
        'sys/block/md3/md/degraded': '1\n',
        'sys/block/md3/md/sync_action': 'idle\n',
      });
      b.mount('/var/log').used = 18_050;
    },
    roots: [
      { problem: ['raid.degraded', 'raid.disk_failed'], subject: ['md3', 'nvme3n1'] },
      { problem: ['disk.full', 'sys.journal_big'], subject: '/var/log' },
    ],
  },
  {
    name: 'an NVMe drive without a heat sink',
    kind: 'fault',
    onset: 1,
    runs: 3,
    every: 3600,
    box: () => {
      const b = machine({ system: 'arch', name: 'schnitt', disk: 'nvme0n1' });
      b.disks[0]!.smartJson = nvmeJson({
        name: 'nvme0',
        model: 'WD_BLACK SN850X',
        serial: '2304',
        used: 4,
        celsius: 49,
      });
      return b;
    },
    each: (b, run) => {
      if (run > 0)
        b.disks[0]!.smartJson = nvmeJson({
          name: 'nvme0',
          model: 'WD_BLACK SN850X',
          serial: '2304',
          used: 4,
          celsius: 86,
        });
    },
    roots: [{ problem: ['smart.temp', 'smart.nvme_critical'], subject: 'nvme0' }],
  },
  {
    name: 'a SAS drive exceeds its failure prediction threshold (smartctl as text)',
    kind: 'fault',
    onset: 0,
    runs: 1,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'sas-01' });
      b.disks.push({
        name: 'sdd',
        gb: 1200,
        model: 'ST1200MM0009',
        rotational: true,
        smart: `smartctl 6.6 2017-11-05 r4594 [x86_64-linux] (local build)

=== START OF INFORMATION SECTION ===
Vendor:               SEAGATE
Product:              ST1200MM0009
Revision:             N003
Serial number:        WFK0ABCD0000K831XXXX
Device type:          disk
Transport protocol:   SAS (SPL-3)
SMART support is:     Available - device has SMART capability.
SMART support is:     Enabled

=== START OF READ SMART DATA SECTION ===
SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=10]

Current Drive Temperature:     33 C
Drive Trip Temperature:        60 C

Elements in grown defect list: 412

Error counter log:
           Errors Corrected by           Total   Correction     Gigabytes    Total
               ECC          rereads/    errors   algorithm      processed    uncorrected
           fast | delayed   rewrites  corrected  invocations   [10^9 bytes]  errors
read:   2104011021       12         0  2104011033         12      91231.110          11
write:         0        0         0         0          0      40012.332           0

Non-medium error count:        7
`,
      });
      return b;
    },
    roots: [{ problem: ['smart.failed', 'smart.combo'], subject: 'sdd' }],
  },
  {
    name: 'Adaptec: a logical device is degraded (arcconf)',
    kind: 'fault',
    onset: 0,
    runs: 1,
    box: () => {
      const b = machine({ system: 'debian12', name: 'adaptec-nas' });
      b.programs['arcconf'] = [
        [
          'getconfig 1 al nologs',
          `Controllers found: 1
----------------------------------------------------------------------
Controller information
----------------------------------------------------------------------
   Controller Status                        : Optimal
   Controller Model                         : Adaptec ASR8405
   Controller Serial Number                 : 5B23F0
   Temperature                              : 49 C/ 120 F (Normal)
   Defunct disk drive count                 : 1
   Logical devices/Failed/Degraded          : 1/0/1
----------------------------------------------------------------------
Logical device information
----------------------------------------------------------------------
Logical Device number 0
   Logical Device name                      : daten
   RAID level                               : 5
   Status of Logical Device                 : Degraded
   Size                                     : 5720054 MB
----------------------------------------------------------------------
Physical Device information
----------------------------------------------------------------------
      Device #0
         Device is a Hard drive
         State                              : Online
         Model                              : WD4003FRYZ-01F0DB0
      Device #1
         Device is a Hard drive
         State                              : Failed
         Model                              : WD4003FRYZ-01F0DB0
         S.M.A.R.T. warnings                : 0

Command completed successfully.
`,
        ],
      ];
      return b;
    },
    roots: [
      {
        problem: ['raid.degraded', 'raid.disk_failed'],
        subject: ['arcconf', 'Adaptec', 'daten', 'Logical Device'],
      },
    ],
  },
  {
    name: 'the battery of a PERC is failed (storcli)',
    kind: 'fault',
    onset: 1,
    runs: 2,
    every: 3600,
    box: () => {
      const b = machine({ system: 'sles15', name: 'r730-sap', cores: 24, memory: 96_000 });
      b.programs['storcli64'] = storcli(false);
      return b;
    },
    each: (b, run) => {
      if (run === 1)
        b.programs['storcli64'] = storcli(false).map(([p, t]) => [
          p,
          t.replace('BBU   Optimal 0', 'BBU   Failed  0').replace('BBU Status = 0', 'BBU Status = 32'),
        ]);
    },
    roots: [{ problem: 'raid.bbu', subject: 'storcli 0' }],
  },
  {
    name: 'chrony follows a wrong server: four seconds off',
    kind: 'fault',
    onset: 1,
    runs: 3,
    every: 1800,
    box: () => machine({ system: 'sles15', name: 'zeitlos' }),
    each: (b, run) => {
      const off = run < 1 ? 0.00002 : 4.13;
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          `C0A80001,192.168.0.1,4,1794990000.1,${off.toFixed(9)},${off.toFixed(9)},${(off / 2).toFixed(9)},-12.311,-0.001,0.021,0.012345678,0.001234567,64.4,Normal\n`,
        ],
      ];
    },
    roots: [{ problem: 'time.skew', subject: 'zeitlos' }],
  },
  {
    name: 'an air conditioner fails: the CPU is beyond its maximum',
    kind: 'fault',
    onset: 1,
    runs: 8,
    box: () => {
      const b = machine({ system: 'ubuntu2204', name: 'kammer-2' });
      sensors(b, 1800, 55);
      return b;
    },
    each: (b, run) => {
      if (run > 0) sensors(b, 2900, 88 + run);
    },
    roots: [{ problem: 'hw.temp_high', subject: 'coretemp Package id 0' }],
  },
  {
    name: 'a link goes up and down',
    kind: 'fault',
    onset: 1,
    runs: 5,
    every: 600,
    box: () => {
      const b = machine({ system: 'debian12', name: 'wackel', net: 'eno1' });
      b.net('eno1').carrierChanges = 2;
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.net('eno1').carrierChanges = 2 + run * 6;
      b.say(6, 'tg3 0000:02:00.0 eno1: Link is down', 50);
      b.say(6, 'tg3 0000:02:00.0 eno1: Link is up at 1000 Mbps, full duplex', 47);
    },
    roots: [{ problem: 'net.flap', subject: 'eno1' }],
  },
  {
    name: 'Dell: a fan of the second row stands still (ipmitool)',
    kind: 'fault',
    onset: 1,
    runs: 2,
    every: 3600,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'r640-b', cores: 32 });
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [['sdr elist', ipmi('Presence detected')]];
      return b;
    },
    each: (b, run) => {
      if (run === 1) b.programs['ipmitool'] = [['sdr elist', ipmi('Presence detected', '0 RPM', 'cr')]];
    },
    roots: [{ problem: 'hw.fan', subject: ['Fan2A RPM', 'ipmi Fan2A'] }],
  },
  {
    name: "a Let's Encrypt certificate that should have been renewed weeks ago",
    kind: 'fault',
    onset: 0,
    runs: 2,
    every: 3600,
    box: () => {
      const b = webStack(machine({ system: 'ubuntu2404', name: 'shop-cert' }));
      const text = certificate(
        ['laden.example'],
        '20260827000000Z',
        '20261125000000Z',
        "/C=US/O=Let's Encrypt/CN=R11",
      );
      b.files['etc/letsencrypt/archive/laden.example/fullchain4.pem'] = text;
      b.links['etc/letsencrypt/live/laden.example/fullchain.pem'] =
        '../../archive/laden.example/fullchain4.pem';
      b.files['etc/nginx/sites-enabled/laden'] = `server {
    listen 443 ssl;
    server_name laden.example;
    ssl_certificate /etc/letsencrypt/live/laden.example/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/laden.example/privkey.pem;
}
`;
      b.units.push({
        name: 'certbot.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        stopped: b.now - 6 * 3600,
      });
      return b;
    },
    roots: [
      { problem: 'tls.renew_failed', subject: ['laden.example', '/etc/letsencrypt/live/laden.example'] },
    ],
  },
  {
    name: 'CentOS 7: httpd is started again each half minute, without a count of it',
    kind: 'fault',
    atFirst: 'rule silent',
    onset: 1,
    runs: 8,
    box: () => {
      const b = machine({ system: 'centos7', name: 'web-alt', net: 'eth0' });
      b.serve('httpd.service', { name: 'httpd', uid: 48, rss: 40, pid: 2001 });
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      Object.assign(b.process('httpd'), { pid: 2001 + run * 97, started: b.uptime + 40, ticks: 3 });
      Object.assign(b.unit('httpd.service'), {
        pid: 2001 + run * 97,
        since: Math.floor(b.now) + 40,
        ...(run % 3 === 2
          ? { active: 'activating', sub: 'auto-restart', result: 'exit-code', status: 1, code: 1 }
          : { active: 'active', sub: 'running', result: 'success', status: 0, code: 0 }),
      });
    },
    roots: [{ problem: ['svc.restart_loop', 'svc.unit_failed'], subject: 'httpd' }],
  },
  {
    name: 'a disk under LVM answers with errors: the volume of docker turns read-only',
    kind: 'fault',
    atFirst: 'the case was wrong',
    onset: 1,
    runs: 3,
    box: () => {
      const b = machine({ system: 'ubuntu2204', name: 'dock-lvm' });
      b.disks.push(
        { name: 'sdb', gb: 900, model: 'CT1000MX500SSD1' },
        { name: 'dm-2', gb: 800, dm: 'vg1-docker', on: 'sdb' },
      );
      b.mounts.push({
        dev: '/dev/mapper/vg1-docker',
        at: '/var/lib/docker',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 760_000,
        used: 200_000,
      });
      b.serve('docker.service', { name: 'dockerd', rss: 110, threads: 30 });
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.mount('/var/lib/docker').options = 'ro,relatime';
      if (run > 1) return;
      b.say(3, 'ata3.00: failed command: WRITE FPDMA QUEUED', 41);
      b.say(
        3,
        'blk_update_request: I/O error, dev sdb, sector 1238472 op 0x1:(WRITE) flags 0x800 phys_seg 12 prio class 0',
        40,
      );
      b.say(4, 'Buffer I/O error on dev dm-2, logical block 88213, lost async page write', 40);
      b.say(2, 'Aborting journal on device dm-2-8.', 39);
      b.say(2, 'EXT4-fs (dm-2): Remounting filesystem read-only', 39);
      b.fail('docker.service', 'exit-code', 1, 1, 30);
    },
    roots: [{ problem: 'disk.errors', subject: 'sdb' }],
  },
  {
    name: 'Proxmox: the pool is 97 % full',
    kind: 'fault',
    onset: 0,
    runs: 2,
    every: 3600,
    box: () => {
      const b = machine({ system: 'proxmox', name: 'pve-voll', memory: 64_000, cores: 16 });
      b.files['proc/spl/kstat/zfs/arcstats'] = '9 1 0x01 147 39984 1 2\nname type data\nsize 4 20000000000\n';
      b.programs['zpool'] = [
        [
          'status',
          `  pool: tank
 state: ONLINE
  scan: scrub repaired 0B in 05:12:41 with 0 errors on Sun Nov  8 05:36:42 2026
config:

\tNAME        STATE     READ WRITE CKSUM
\ttank        ONLINE       0     0     0
\t  raidz1-0  ONLINE       0     0     0
\t    sdb     ONLINE       0     0     0
\t    sdc     ONLINE       0     0     0
\t    sdd     ONLINE       0     0     0

errors: No known data errors
`,
        ],
        ['list -Hp', 'tank\t11991548690432\t11631802229719\t359746460713\t-\t-\t62\t97\t1.00\tONLINE\t-\n'],
      ];
      return b;
    },
    roots: [{ problem: 'disk.zfs_capacity', subject: 'tank' }],
  },
  {
    name: 'uploads pile up in a tmpfs until memory is short',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'upload-3', memory: 7940 }), 900);
      b.mount('/dev/shm').mb = 7000;
      return b;
    },
    each: (b, run) => {
      const held = run < 2 ? 60 : Math.min(5400, 900 * run);
      b.mount('/dev/shm').used = held;
      b.shmem = held + 20;
      b.available = Math.max(330, 6000 - held);
      b.free = b.available * 0.5;
      b.cached = b.available * 0.4 + held;
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: ['/dev/shm', 'upload-3'] }],
  },
];
