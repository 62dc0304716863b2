// What stands on disks: volumes, pools, mounts that should be there, deleted files.
import { describe, expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

it('lvs and thin pools', () => {
  const snapshot = read({
    'lvs --noheadings --separator=| -o lv_name,vg_name,lv_attr,lv_size,data_percent,metadata_percent':
      '  root|vg0|-wi-ao----|<20.00g||\n  pool|vg0|twi-aotz--|1.00t|91.25|12,50\n',
    'dmsetup status': `vg0-root: 0 41943040 linear
vg0-my--pool-tpool: 0 209715200 thin-pool 1 1890/2048 345000/400000 - out_of_data_space discard_passdown queue_if_no_space - 1024 `,
  });
  expect(snapshot.facts.lvm).toEqual([
    { name: 'root', group: 'vg0', attributes: '-wi-ao----', size: 20 * 2 ** 30 },
    {
      name: 'pool',
      group: 'vg0',
      attributes: 'twi-aotz--',
      size: 2 ** 40,
      dataPercent: 91.25,
      metadataPercent: 12.5,
    },
    {
      name: 'my-pool',
      group: 'vg0',
      attributes: 'out_of_data_space',
      size: 209_715_200 * 512,
      dataPercent: 86.25,
      metadataPercent: 92.29,
    },
  ]);
});

it('ZFS pools: state, errors, how full', () => {
  const snapshot = read({
    'zpool list -Hp':
      'tank\t1000\t900\t100\t-\t-\t12\t90\t1.00\tDEGRADED\t-\nbackup\t2000\t100\t1900\t-\t-\t0\t5\t1.00\tONLINE\t-',
    'zpool status': `  pool: tank
 state: DEGRADED
errors: 12 data errors, use '-v' for a list

  pool: backup
 state: ONLINE
errors: No known data errors`,
  });
  expect(snapshot.facts.zfs).toEqual([
    { name: 'tank', state: 'DEGRADED', capacityPercent: 90, errors: "12 data errors, use '-v' for a list" },
    { name: 'backup', state: 'ONLINE', capacityPercent: 5 },
  ]);
});

it('ZFS pools: which of their disks are not well, and none of the rows above those', () => {
  const snapshot = read({
    'zpool list -Hp': 'tank\t1000\t900\t100\t-\t-\t12\t90\t1.00\tDEGRADED\t-',
    'zpool status': `  pool: tank
 state: DEGRADED
config:

\tNAME                                 STATE     READ WRITE CKSUM
\ttank                                 DEGRADED     0     0     0
\t  raidz2-0                           DEGRADED     0     0     0
\t    ata-WDC_WD40EFRX_WD-WCC7K0AAAA1  ONLINE       0     0     0
\t    ata-WDC_WD40EFRX_WD-WCC7K0BBBB2  FAULTED     31  1.2K     0  too many errors
\t    sdd                              ONLINE       0     0     7
\t    8812311721                       UNAVAIL      0     0     0  was /dev/sde1
\tlogs
\t  mirror-1                           ONLINE       0     0     0

errors: No known data errors`,
  });
  expect(snapshot.facts.zfs![0]!.ill).toEqual([
    { name: 'ata-WDC_WD40EFRX_WD-WCC7K0BBBB2', state: 'FAULTED', errors: 1231 },
    { name: 'sdd', state: 'ONLINE', errors: 7 },
    { name: '8812311721', state: 'UNAVAIL', errors: 0 },
  ]);
});

it('btrfs counts errors by device', () => {
  const snapshot = read({
    'btrfs device stats /srv/my data':
      '[/dev/sda2].write_io_errs    0\n[/dev/sda2].read_io_errs     3\n[/dev/sdb].corruption_errs  2',
  });
  expect(snapshot.facts.btrfs).toEqual([{ mount: '/srv/my data', errors: 5 }]);
});

it('btrfs with subvolumes that are mounted by themselves is one filesystem', () => {
  const stats = '[/dev/sda2].write_io_errs    0\n[/dev/sda2].corruption_errs  7';
  const snapshot = read({
    'btrfs device stats /home': stats,
    'btrfs device stats /': stats,
    'btrfs device stats /srv': '[/dev/sdb].write_io_errs    0',
  });
  expect(snapshot.facts.btrfs).toEqual([
    { mount: '/', errors: 7 },
    { mount: '/srv', errors: 0 },
  ]);
});

it('fstab and swaps, with escapes, tabs and comments', () => {
  const snapshot = read({
    'cat /etc/fstab':
      '# device mount\nUUID=1234\t/ ext4\tdefaults,noatime 0 1\n//nas/share /mnt/my\\040share cifs noauto\n/swapfile none swap sw 0 0',
    'cat /proc/swaps':
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/swap\\040file                              file\t\t2097148\t\t1024\t\t-2',
  });
  expect(snapshot.facts.fstab).toEqual([
    { source: 'UUID=1234', mount: '/', type: 'ext4', options: ['defaults', 'noatime'] },
    { source: '//nas/share', mount: '/mnt/my share', type: 'cifs', options: ['noauto'] },
    { source: '/swapfile', mount: 'none', type: 'swap', options: ['sw'] },
  ]);
  expect(snapshot.facts.swaps).toEqual([
    { device: '/swap file', type: 'file', size: 2_097_148 * 1024, used: 2 ** 20, priority: -2 },
  ]);
});

describe('block devices', () => {
  it('joins /sys, partitions and lsblk; a device on two disks has both as parents', () => {
    const snapshot = read({
      'grep -r . /sys/block': `/sys/block/sda/size:1000
/sys/block/sda/ro:0
/sys/block/sda/queue/scheduler:noop [deadline] cfq
/sys/block/sda/queue/rotational:1
/sys/block/sda/device/model:WDC WD40EFRX-68W
/sys/block/sda/device/ioerr_cnt:0x1f
/sys/block/cciss!c0d0/size:2000
/sys/block/loop0/size:0
/sys/block/sr0/size:2097151`,
      'cat /proc/partitions':
        'major minor  #blocks  name\n\n   8        0        500 sda\n   8        1        400 sda1',
      'lsblk -b -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT': `NAME="sda" KNAME="sda" PKNAME="" TYPE="disk" SIZE="512000" MOUNTPOINT=""
NAME="sda1" KNAME="sda1" PKNAME="sda" TYPE="part" SIZE="409600" MOUNTPOINT="/srv/my\\x20data"
NAME="md0" KNAME="md0" PKNAME="sda1" TYPE="raid1" SIZE="204800" MOUNTPOINT=""
NAME="md0" KNAME="md0" PKNAME="sdb1" TYPE="raid1" SIZE="204800" MOUNTPOINT=""
NAME="vg0-root" KNAME="dm-0" PKNAME="md0" TYPE="lvm" SIZE="10G" MOUNTPOINT="/"`,
    });
    expect(snapshot.facts.blockDevices).toEqual([
      {
        name: 'sda',
        type: 'disk',
        size: 512_000,
        parents: [],
        mounts: [],
        readOnly: false,
        scheduler: 'deadline',
        rotational: true,
        model: 'WDC WD40EFRX-68W',
        ioErrors: 31,
      },
      { name: 'cciss/c0d0', type: 'disk', size: 1_024_000, parents: [], mounts: [] },
      { name: 'sda1', type: 'part', size: 409_600, parents: ['sda'], mounts: ['/srv/my data'] },
      { name: 'md0', type: 'raid1', size: 204_800, parents: ['sda1', 'sdb1'], mounts: [] },
      { name: 'dm-0', type: 'lvm', size: 10 * 2 ** 30, label: 'vg0-root', parents: ['md0'], mounts: ['/'] },
    ]);
    expect(value(snapshot, 'disk.io_errors', 'sda')).toBe(31);
  });

  it('reads 400 disks', () => {
    const lines = Array.from(
      { length: 400 },
      (_, n) => `/sys/block/dm-${n}/size:${n}\n/sys/block/dm-${n}/queue/rotational:0`,
    );
    expect(read({ 'grep -r . /sys/block': lines.join('\n') }).facts.blockDevices).toHaveLength(400);
  });
});

describe('deleted files that are still open', () => {
  const table =
    'pid\tppid\tuid\tstate\tutime\tstime\tmajflt\tthreads\trss_kb\tswap_kb\tfdsize\tstart\tread_bytes\twrite_bytes\tcgroup\tname\n12\t1\t0\tS\t1\t1\t0\t1\t10\t0\t64\t1\t0\t0\t/\tjava';

  it('count once, on the filesystem that they were on, and no more than their blocks', () => {
    const snapshot = read({
      'cat /proc/mounts': '/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /var/log ext4 rw 0 0',
      'cat /proc/[0-9]*/stat': table,
      'ls -lL /proc/[0-9]*/fd': `5368709120 10485760 2049:12 /proc/12/fd/7 /var/log/app/my log.txt (deleted)
5368709120 10485760 2049:12 /proc/13/fd/7 /var/log/app/my log.txt (deleted)
9000000000 16 2049:13 /proc/12/fd/8 /tmp/sparse (deleted)
/proc/99/fd/3 /srv/gone (deleted)`,
    });
    expect(snapshot.facts.deletedFiles).toEqual([
      { process: 'java', pid: 12, path: '/var/log/app/my log.txt', size: 5_368_709_120, mount: '/var/log' },
      { process: 'java', pid: 12, path: '/tmp/sparse', size: 8192, mount: '/' },
    ]);
    expect(value(snapshot, 'fs.deleted_open', '/var/log')).toBe(5_368_709_120);
    expect(snapshot.partial).toEqual([]);
  });

  it('says what it could not read', () => {
    expect(complaints(read({ 'ls -lL /proc/[0-9]*/fd': 'what' }))).toEqual([
      'ls -lL /proc/[0-9]*/fd: Not understood. No line has a size and a path.',
    ]);
  });
});

it('sizes of logs', () => {
  expect(
    read({ 'du -sk /var/log /var/log/journal': '2097152\t/var/log\n1048576\t/var/log/journal' }).facts.logs,
  ).toEqual({
    varLogBytes: 2 ** 31,
    journalBytes: 2 ** 30,
  });
});

it('volumes of LVM that can fill up or fall apart, as the device mapper tells', () => {
  const snapshot = read({
    'dmsetup status': `vg0-root: 0 41943040 linear
vg0-before--upgrade: 0 8388608 snapshot 4194304/8388608 16392
vg0-old: 0 8388608 snapshot Invalid
vg0-mirror: 0 2097152 raid raid1 2 AD 2097152/2097152 idle 0 0 -
vg0-pool-tpool: 0 209715200 thin-pool 1 1024/2048 345/6900 - rw discard_passdown queue_if_no_space -`,
  });
  expect(snapshot.facts.lvm).toEqual([
    { name: 'before-upgrade', group: 'vg0', size: 2 ** 32, attributes: 'snapshot', dataPercent: 50 },
    { name: 'old', group: 'vg0', size: 2 ** 32, attributes: 'snapshot invalid', dataPercent: 100 },
    { name: 'mirror', group: 'vg0', size: 2 ** 30, attributes: 'raid1 AD' },
    {
      name: 'pool',
      group: 'vg0',
      size: 209_715_200 * 512,
      attributes: '',
      dataPercent: 5,
      metadataPercent: 50,
    },
  ]);
  expect(snapshot.partial).toEqual([]);
});
