import { describe, expect, it } from 'vitest';
import { replay } from '#worker/judge/explain.ts';
import { type Handmade, handmade, startOfTests } from '#worker/picture/handmade.ts';
import { group, memory, root, testCases } from './sickAndHealthy.fixture.ts';

const nvme = (name: string) => ({ name, type: 'disk', size: 1e12, parents: [], mounts: [] });

const lostController = {
  kind: 'kernel.io_error',
  at: startOfTests + 300,
  subject: 'nvme1',
  text: 'nvme1: controller is down',
};

function filledByBackup(processGroups: ReturnType<typeof group>[]): Handmade {
  const free = (i: number) => 8e9 - i * 60 * 11e6;
  return {
    series: { 'fs.available{/}': free },
    facts: (i) => ({
      processGroups,
      filesystems: [{ ...root, available: free(i) }],
      fstab: [{ source: '/dev/sdb1', mount: '/mnt/backup', type: 'ext4', options: ['nofail'] }],
    }),
  };
}

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const day = 86_400;

const fsError = (device: string, seconds: number) => ({
  kind: 'kernel.fs_error',
  at: startOfTests + seconds,
  subject: device,
  text: `${device}: ext4_lookup:1700: inode #2: deleted inode referenced: 12`,
});

/** Loses 4 GiB an hour, of so much when it begins. `of`: who writes it; `flat`: minutes before, in which nothing changes. */
function falling(begin: number, of = 'mariadbd', flat = 0): Handmade {
  const left = (i: number) => begin - Math.max(0, i - flat) / 15;
  return {
    reports: flat + (flat ? 195 : 121),
    series: { 'fs.available{/}': (i) => left(i) * GiB },
    facts: (i) => ({
      filesystems: [{ ...root, used: (95 - left(i)) * GiB, available: left(i) * GiB }],
      processGroups: [group(of, { writeBytes: i < flat ? 0 : (4 * GiB) / 3600 })],
    }),
  };
}

describe('rules of disks and filesystems', () => {
  testCases([
    [
      'disk.readonly',
      '/srv',
      {
        facts: (i) => ({
          filesystems: [{ ...root, mount: '/srv', readOnly: i >= 4, options: [i >= 4 ? 'ro' : 'rw'] }],
        }),
      },
      // Remounted for writing again.
      {
        facts: (i) => ({
          filesystems: [{ ...root, mount: '/srv', readOnly: i === 4, options: [i === 4 ? 'ro' : 'rw'] }],
        }),
      },
    ],
    [
      'disk.full',
      '/',
      { facts: { filesystems: [{ ...root, used: 93 * GiB, available: 2 * GiB }] } },
      { facts: { filesystems: [{ ...root, size: 8000 * GiB, used: 7280 * GiB, available: 700 * GiB }] } },
    ],
    [
      'disk.full',
      '/',
      { facts: { filesystems: [{ ...root, used: 93 * GiB, available: 2 * GiB }] } },
      {
        facts: { filesystems: [{ ...root, readOnly: true, type: 'squashfs', used: 95 * GiB, available: 0 }] },
      },
    ],
    // Two hours after the first report nobody knows what a day looks like: 4 GiB an hour, of 12 or of 35 GiB.
    ['disk.fill_forecast', '/', falling(20), falling(43)],
    // What a backup writes ends with it.
    ['disk.fill_forecast', '/', falling(30, 'postgres', 700), falling(30, 'borg', 700)],
    [
      'disk.fill_forecast',
      '/',
      {
        reports: 60,
        series: { 'fs.available{/}': (i) => (30 - i * 0.2) * GiB },
        facts: (i) => ({
          filesystems: [{ ...root, used: (65 + i * 0.2) * GiB, available: (30 - i * 0.2) * GiB }],
        }),
      },
      {
        reports: 60,
        series: { 'fs.available{/}': 25 * GiB },
        facts: { filesystems: [{ ...root, used: 70 * GiB, available: 25 * GiB }] },
      },
    ],
    [
      'disk.inode_forecast',
      '/',
      {
        reports: 60,
        series: { 'fs.inodes_used_percent{/}': (i) => 65 + i * 0.2 },
        facts: { filesystems: [root] },
      },
      { reports: 60, series: { 'fs.inodes_used_percent{/}': 77 }, facts: { filesystems: [root] } },
    ],
    [
      // A df that hangs since some minutes tells of no fall, and breaks no rule that would look for its beginning.
      'disk.inode_forecast',
      '/',
      {
        reports: 60,
        series: { 'fs.inodes_used_percent{/}': (i) => (i < 30 ? 70 : 70 + (i - 30) * 0.5) },
        facts: { filesystems: [root] },
      },
      {
        reports: 60,
        series: {
          'fs.inodes_used_percent{/}': (i) => (i < 45 ? 70 : i < 51 ? 70 + (i - 45) * 4 : undefined),
          'fs.available{/}': (i) => (i < 45 ? 20 * GiB : i < 51 ? (20 - (i - 45) * 3) * GiB : undefined),
        },
        facts: { filesystems: [{ ...root, used: 93 * GiB, available: 2 * GiB }] },
      },
    ],
    [
      'disk.deleted_open',
      'nginx',
      {
        facts: {
          filesystems: [root],
          deletedFiles: [{ process: 'nginx', pid: 9, path: '/var/log/a', size: 8 * GiB, mount: '/' }],
        },
      },
      {
        facts: {
          filesystems: [root],
          deletedFiles: [{ process: 'mariadbd', pid: 9, path: '/tmp/ib', size: 2 * MiB, mount: '/' }],
        },
      },
    ],
    [
      'disk.errors',
      'sdb',
      {
        events: [
          {
            kind: 'kernel.io_error',
            at: startOfTests + 300,
            subject: 'sdb',
            text: 'sdb: I/O error at sector 5',
          },
        ],
      },
      {
        events: [
          {
            kind: 'kernel.disk_reset',
            at: startOfTests + 300,
            subject: 'ata3',
            text: 'ata3: SATA link down',
          },
        ],
      },
    ],
    [
      'disk.readonly',
      '/',
      {
        facts: (i) => ({
          filesystems: [{ ...root, readOnly: i > 4 }],
          fstab: [{ source: '/dev/sda1', mount: '/', type: 'ext4', options: ['defaults'] }],
        }),
      },
      {
        facts: {
          filesystems: [{ ...root, readOnly: true }],
          fstab: [{ source: '/dev/sda1', mount: '/', type: 'ext4', options: ['ro'] }],
        },
      },
    ],
    [
      'disk.fs_errors',
      'sdb1',
      {
        facts: { filesystems: [root] },
        events: [fsError('sdb1', 200)],
      },
      // A file that was mounted as a disk and is no more; an error before the newest mount.
      {
        facts: { filesystems: [root] },
        events: [
          fsError('loop3', 200),
          fsError('sda1', 100),
          { kind: 'kernel.mounted', at: startOfTests + 300, subject: 'sda1', text: 'mounted' },
        ],
      },
    ],
    [
      'disk.fs_errors',
      '/',
      { facts: { filesystems: [{ ...root, errors: 3 }] } },
      { facts: { filesystems: [{ ...root, errors: 0 }] } },
    ],
    [
      'disk.mount_missing',
      '/data',
      {
        facts: {
          filesystems: [root],
          fstab: [{ source: '/dev/sdb1', mount: '/data', type: 'ext4', options: ['defaults'] }],
        },
      },
      {
        facts: {
          filesystems: [root],
          fstab: [{ source: '/dev/sdb1', mount: '/data', type: 'ext4', options: ['noauto'] }],
        },
      },
    ],
    // A disk for backups that may be absent: the backup lands on the root, or there is none.
    [
      'disk.mount_missing',
      '/mnt/backup',
      filledByBackup([group('rsync', { writeBytes: 11e6 })]),
      filledByBackup([group('rsync', { writeBytes: 0 })]),
    ],
    // The driver tells of the controller, the block layer of its namespace.
    [
      'disk.errors',
      'nvme1n1',
      { facts: { blockDevices: [nvme('nvme1n1')] }, events: [lostController] },
      { facts: { blockDevices: [nvme('nvme1n1')] } },
    ],
    [
      'disk.latency',
      'sda',
      {
        series: {
          'disk.busy{sda}': 60,
          'disk.await{sda}': 180,
          'disk.reads{sda}': 80,
          'disk.writes{sda}': 5,
        },
      },
      {
        series: {
          'disk.busy{sda}': 60,
          'disk.await{sda}': 180,
          'disk.reads{sda}': 1,
          'disk.writes{sda}': 0.5,
        },
      },
    ],
    [
      'disk.saturated',
      'sda',
      { series: { 'disk.busy{sda}': 99, 'disk.queue{sda}': 30, 'io.pressure.some': 50 } },
      { series: { 'disk.busy{sda}': 99, 'disk.queue{sda}': 1.2, 'io.pressure.some': 3 } },
    ],
    [
      'disk.fsync_stall',
      'web1',
      { series: { ...memory, 'mem.dirty': 2 * GiB, 'io.pressure.full': 30 } },
      { series: { ...memory, 'mem.dirty': 2 * GiB, 'io.pressure.full': 1 } },
    ],
    [
      'disk.lvm_thin_full',
      'vg/pool',
      {
        facts: {
          lvm: [
            { name: 'pool', group: 'vg', size: GiB, dataPercent: 95, metadataPercent: 20, attributes: 'twi' },
          ],
        },
      },
      {
        facts: {
          lvm: [
            { name: 'pool', group: 'vg', size: GiB, dataPercent: 70, metadataPercent: 20, attributes: 'twi' },
          ],
        },
      },
    ],
    [
      'disk.zfs_degraded',
      'tank',
      { facts: { zfs: [{ name: 'tank', state: 'DEGRADED' }] } },
      { facts: { zfs: [{ name: 'tank', state: 'ONLINE' }] } },
    ],
    [
      'disk.zfs_capacity',
      'tank',
      { facts: { zfs: [{ name: 'tank', state: 'ONLINE', capacityPercent: 93 }] } },
      { facts: { zfs: [{ name: 'tank', state: 'ONLINE', capacityPercent: 60 }] } },
    ],
  ]);
});

describe('errors that a filesystem has noted', () => {
  const severity = (more: object, events: Handmade['events'] = []) =>
    replay(handmade({ facts: { filesystems: [{ ...root, errors: 3, ...more }] }, events })).findings.find(
      (f) => f.id === 'disk.fs_errors',
    );

  it('are critical on the day, and a warning for as long as no check has cleared them', () => {
    expect(severity({ errorsAt: startOfTests - 3600 })!.severity).toBe('critical');
    expect(severity({}, [fsError('sda1', 100)])!.severity).toBe('critical');
    const old = severity({ errorsAt: startOfTests - 90 * day })!;
    expect(old.severity).toBe('warning');
    expect(old.summary).toBe(
      'The filesystem / has noted 3 errors, the last 90 d ago, and no check has cleared them since.',
    );
    const reminded = { ...fsError('sda1', 100), text: 'sda1: error count since last fsck: 3' };
    expect(severity({}, [reminded])!.severity).toBe('warning');
  });
});

describe('errors of disks', () => {
  const parts = (one: string, parents: string[]) => ({ name: one, kind: 'dm', mounts: [], parents }) as never;
  const subjects = (names: string[], blockDevices: never[] = []) =>
    replay(
      handmade({
        facts: { blockDevices },
        events: names.map((subject, i) => ({
          kind: 'kernel.io_error',
          at: startOfTests + i,
          subject,
          text: 'I/O error',
        })),
      }),
    )
      .findings.filter((f) => f.id === 'disk.errors')
      .map((f) => f.subject.name);

  it('are told of the lowest device, and of the namespace rather than its controller', () => {
    expect(subjects(['dm-0', 'sda1', 'sda'], [parts('dm-0', ['sda1'])])).toEqual(['sda']);
    expect(subjects(['nvme0', 'nvme0n1'])).toEqual(['nvme0n1']);
  });

  it('are told whatever a report calls its devices, and whatever lies on what', () => {
    expect(subjects(['sd (+', 'nvme0'])).toEqual(['nvme0', 'sd (+']);
    expect(subjects(['dm-1'], [parts('dm-1', ['dm-2']), parts('dm-2', ['dm-1'])])).toEqual(['dm-1']);
  });
});
