// Controllers, sensors, power and what drives say of themselves, on other machines.
import { busyDisk, from, grown, server, type Case } from './case.ts';
import { GB, type Host } from './host.ts';
import { centos7, debian12, jammy, leap, noble, proxmox, rhel9 } from './systems.ts';
import { sata } from './tools.ts';

function smartArray(h: Host, ill: boolean): void {
  h.more.set(
    'ssacli ctrl all show config',
    `
Smart Array P408i-a SR Gen10 in Slot 0 (Embedded)  (sn: PEYHC0ARHBV0XX)



   Internal Drive Cage at Port 1I, Box 1, OK

   Port Name: 1I (Mixed)

   Port Name: 2I (Mixed)

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (558.88 GB, RAID 1, ${ill ? 'Interim Recovery Mode' : 'OK'})

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 600 GB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 600 GB, ${ill ? 'Failed' : 'OK'})

   SEP (Vendor ID HPE, Model Smart Adapter) 379  (WWID: 51402EC0146B9AB8, Port: Unknown)`,
  );
}

function perc(h: Host, battery: string): void {
  h.more.set(
    'perccli64 /call show all',
    `Controller = 0
Status = Success
Description = None

Basics :
======
Controller = 0
Model = PERC H730P Mini
Serial Number = 5AB01CD

Status :
======
Controller Status = ${battery === 'Optimal' ? 'Optimal' : 'Needs Attention'}
Memory Correctable Errors = 0

VD LIST :
=======

----------------------------------------------------------------
DG/VD TYPE  State Access Consist Cache Cac sCC       Size Name
----------------------------------------------------------------
0/0   RAID5 Optl  RW     Yes     ${battery === 'Optimal' ? 'RWBD ' : 'RWTD '} -   ON    5.456 TB data
----------------------------------------------------------------

PD LIST :
=======

---------------------------------------------------------------------------------
EID:Slt DID State DG     Size Intf Med SED PI SeSz Model                 Sp Type
---------------------------------------------------------------------------------
32:0      0 Onln   0 1.818 TB SATA HDD N   N  512B ST2000NX0423          U  -
32:1      1 Onln   0 1.818 TB SATA HDD N   N  512B ST2000NX0423          U  -
32:2      2 Onln   0 1.818 TB SATA HDD N   N  512B ST2000NX0423          U  -
32:3      3 Onln   0 1.818 TB SATA HDD N   N  512B ST2000NX0423          U  -
---------------------------------------------------------------------------------

BBU_Info :
========

----------------------------------------------
Model State   RetentionTime Temp Mode MfgDate
----------------------------------------------
BBU   ${battery} 0 hour(s)     31C  -    0/00/00
----------------------------------------------`,
  );
}

export const hardwareCases: Case[] = [
  {
    name: 'A ProLiant with Smart Array runs on one of two disks',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host: () => server(rhel9, 'dl360-3', { cores: 16, ram: 64, disk: 'sda', nic: 'eno5' }),
    minute: (h, i) => smartArray(h, i >= 1),
    roots: [
      {
        problem: ['raid.disk_failed', 'raid.degraded'],
        subject: ['1I:1:2', 'physicaldrive', 'logicaldrive', 'ssacli', 'Smart Array', 'slot'],
      },
    ],
  },
  {
    name: 'The battery of a PERC has failed and writes are slow',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(centos7, 'r730-db', {
        cores: 16,
        ram: 64,
        disk: 'sda',
        nic: 'em1',
        drive: { rotates: true },
      });
      h.run({ name: 'oracle', uid: 500, rss: 20 * GB, cpu: 40, threads: 90, write: 9_000_000 });
      return h;
    },
    minute(h, i) {
      perc(h, from(i, 3) ? 'Failed ' : 'Optimal');
      if (from(i, 3))
        busyDisk(h, 'sda', { reads: 4, writes: 240, writeBytes: 9_800_000, readBytes: 60_000, await: 61 }, 4);
    },
    roots: [{ problem: 'raid.bbu', subject: ['perccli', 'storcli'] }],
  },
  {
    name: 'A server has lost one of its two power supplies',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host: () => server(jammy, 'r740-11', { cores: 32, ram: 128, disk: 'sda', nic: 'eno1np0' }),
    minute(h, i) {
      const out = i >= 1;
      h.more.set(
        'ipmitool sdr elist',
        `SEL              | 72h | ns  |  7.1 | No Reading
Fan1A            | 30h | ok  |  7.1 | 7800 RPM
Fan2A            | 32h | ok  |  7.1 | 7680 RPM
Inlet Temp       | 04h | ok  |  7.1 | 23 degrees C
CPU1 Temp        | 0Eh | ok  |  3.1 | 51 degrees C
PS1 Status       | 85h | ok  | 10.1 | Presence detected
PS2 Status       | 86h | ok  | 10.2 | Presence detected${out ? ', Power Supply AC lost' : ''}
Voltage 1        | 6Ch | ok  | 10.1 | 232 Volts
Voltage 2        | 6Dh | ${out ? 'ns ' : 'ok '} | 10.2 | ${out ? 'No Reading' : '232 Volts'}
PS Redundancy    | 77h | ok  |  7.1 | ${out ? 'Redundancy Lost' : 'Fully Redundant'}
Intrusion        | 73h | ok  |  7.1 |
VCORE PG         | 12h | ok  |  3.1 | State Deasserted`,
      );
    },
    roots: [{ problem: 'hw.psu', subject: ['PS2', 'PS Redundancy'] }],
  },
  {
    name: 'XFS on a logical volume shuts down after errors of its disk',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(rhel9, 'kvm-9', {
        cores: 16,
        ram: 64,
        disk: 'sda',
        nic: 'eno1',
        root: '/dev/mapper/rhel-root',
        rootType: 'xfs',
      });
      h.disk('sdd', { rotates: true, size: 7_814_037_168 });
      h.disk('dm-3', {});
      h.mounts.set('/srv/vm', {
        device: '/dev/mapper/vg_vm-images',
        type: 'xfs',
        size: 3_800_000_000,
        used: 1_400_000_000,
      });
      h.more.set(
        'lsblk -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT',
        'NAME="sda" KNAME="sda" PKNAME="" TYPE="disk" SIZE="447G" MOUNTPOINT=""\nNAME="sda2" KNAME="sda2" PKNAME="sda" TYPE="part" SIZE="446G" MOUNTPOINT=""\nNAME="rhel-root" KNAME="dm-0" PKNAME="sda2" TYPE="lvm" SIZE="100G" MOUNTPOINT="/"\nNAME="sdd" KNAME="sdd" PKNAME="" TYPE="disk" SIZE="3.6T" MOUNTPOINT=""\nNAME="vg_vm-images" KNAME="dm-3" PKNAME="sdd" TYPE="lvm" SIZE="3.6T" MOUNTPOINT="/srv/vm"',
      );
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.kernel(
        3,
        'blk_update_request: I/O error, dev sdd, sector 3907029168 op 0x1:(WRITE) flags 0x29800 phys_seg 1 prio class 0',
        33,
      );
      h.kernel(1, 'XFS (dm-3): log I/O error -5', 32);
      h.kernel(1, 'XFS (dm-3): Filesystem has been shut down due to log error (0x2).', 32);
      h.kernel(1, 'XFS (dm-3): Please unmount the filesystem and rectify the problem(s).', 32);
    },
    roots: [{ problem: 'disk.errors', subject: 'sdd' }],
    chain: ['disk.errors>disk.readonly'],
  },
  {
    name: 'A cable of a disk is bad: CRC errors and resets of its link',
    kind: 'fault',
    reports: 5,
    step: 600,
    onset: 2,
    host() {
      const h = server(debian12, 'nas-2', { cores: 4, ram: 16, disk: 'sda', nic: 'enp2s0' });
      h.disk('sdb', { rotates: true, size: 15_628_053_168, model: 'WDC WD80EFAX-68L' });
      h.mounts.set('/srv/data', { device: '/dev/sdb1', size: 7_600_000_000, used: 5_000_000_000 });
      return h;
    },
    minute(h, i) {
      sata(h, 'sdb', { model: 'WDC WD80EFAX-68LHPN0' }, { 199: 3 + grown(i, 2, 140) });
      if (!from(i, 2)) return;
      h.kernel(3, 'ata2.00: exception Emask 0x10 SAct 0x10000 SErr 0x400100 action 0x6 frozen', 90);
      h.kernel(3, 'ata2.00: irq_stat 0x08000000, interface fatal error', 90);
      h.kernel(3, 'ata2: SError: { UnrecovData Handshk }', 90);
      h.kernel(3, 'ata2.00: failed command: WRITE FPDMA QUEUED', 90);
      h.kernel(3, 'ata2.00: error: { ICRC ABRT }', 90);
      h.kernel(4, 'ata2: hard resetting link', 89);
    },
    roots: [{ problem: ['smart.crc', 'disk.errors'], subject: ['sdb', 'ata2'] }],
  },
  {
    name: 'A processor reports machine checks',
    kind: 'fault',
    reports: 3,
    onset: 1,
    host: () => server(leap, 'calc-5', { cores: 32, ram: 128, disk: 'nvme0n1', nic: 'eth0' }),
    minute(h, i) {
      if (i < 1) return;
      h.kernel(0, 'mce: [Hardware Error]: Machine check events logged', 40);
      h.kernel(0, 'mce: [Hardware Error]: CPU 11: Machine Check: 0 Bank 1: bc800800060c0859', 40);
      h.kernel(0, 'mce: [Hardware Error]: TSC 0 ADDR 7f1e0a3c0 MISC d012000200000000 IPID 100b000000000', 40);
    },
    roots: [{ problem: 'hw.mce', subject: ['calc-5', 'CPU'] }],
  },
  {
    name: 'The kernel keeps more and more memory for itself',
    kind: 'fault',
    reports: 6,
    step: 3600,
    onset: 0,
    host() {
      const h = server(centos7, 'fileshare', { cores: 4, ram: 16, disk: 'sda', nic: 'em1' });
      h.run({ name: 'smbd', rss: 200_000, cpu: 5 });
      return h;
    },
    minute(h, i) {
      h.slabUnreclaimed = (6.5 + 0.5 * i) * GB;
      h.slab = h.slabUnreclaimed + 0.5 * GB;
      h.available = (2.6 - 0.4 * i) * GB;
      h.cached = 1.5 * GB;
    },
    roots: [{ problem: 'mem.slab_leak', subject: 'fileshare' }],
    chain: ['mem.slab_leak>mem.low'],
  },
  {
    name: 'A dust filter is clogged: the processor of a rack server is too hot',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(proxmox, 'rack-2', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'vmbr0' });
      h.run({ name: 'kvm', rss: 20 * GB, cpu: 900, threads: 20, cgroup: '/qemu.slice/100.scope' });
      return h;
    },
    minute(h, i) {
      const at = '/sys/class/hwmon/hwmon1';
      const hot = from(i, 3);
      h.sys.set(`${at}/name`, 'k10temp');
      h.sys.set(`${at}/temp1_label`, 'Tctl');
      h.sys.set(`${at}/temp1_input`, hot ? 96_500 : 71_000);
      h.sys.set(`${at}/temp3_label`, 'Tccd1');
      h.sys.set(`${at}/temp3_input`, hot ? 95_250 : 69_000);
      h.sys.set('/sys/class/hwmon/hwmon2/name', 'nct6779');
      h.sys.set('/sys/class/hwmon/hwmon2/fan1_input', hot ? 5200 : 2100);
    },
    roots: [{ problem: 'hw.temp_high', subject: ['k10temp'] }],
  },
  {
    name: 'A drive bakes at 67 degrees',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(noble, 'cam-nvr', { cores: 4, ram: 8, disk: 'sda', nic: 'eno1' });
      h.disk('sdb', { rotates: true, model: 'WDC WD102PURZ-85' });
      sata(h, 'sda', { model: 'KINGSTON SA400S37240G' });
      sata(h, 'sdb', { model: 'WDC WD102PURZ-85BXPY0', temperature: 67 });
      return h;
    },
    roots: [{ problem: 'smart.temp', subject: 'sdb' }],
  },
];
