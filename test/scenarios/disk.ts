// Scenarios of disks, filesystems, RAID and drives.
import { from, GiB, type Machine, MiB, monitor, overload, ramp, type Scenario } from './scenario.ts';

/** smartctl's JSON of a SATA drive with some raw values. */
export function smartJson(device: string, raw: Record<number, number>, passed = true): string {
  const names: Record<number, string> = {
    5: 'Reallocated_Sector_Ct',
    187: 'Reported_Uncorrect',
    188: 'Command_Timeout',
    197: 'Current_Pending_Sector',
    198: 'Offline_Uncorrectable',
    199: 'UDMA_CRC_Error_Count',
  };
  return JSON.stringify({
    smartctl: { exit_status: 0 },
    device: { name: `/dev/${device}`, type: 'sat' },
    model_name: 'EXAMPLE HDD 4T',
    serial_number: `S-${device}`,
    smart_status: { passed },
    temperature: { current: 36 },
    power_on_time: { hours: 21_000 },
    ata_smart_attributes: {
      table: Object.entries({ 5: 0, 187: 0, 188: 0, 197: 0, 198: 0, 199: 0, ...raw }).map(([id, value]) => ({
        id: Number(id),
        name: names[Number(id)],
        value: 100,
        thresh: 10,
        raw: { value },
      })),
    },
  });
}

const raid = (members: string, slots: string, more = '') =>
  `md0 : active raid1 ${members}\n      976630464 blocks super 1.2 ${slots}${more}\n`;

function withRaid(m: Machine): void {
  m.disk('sdb');
  m.disk('sdc');
  m.disk('md0');
  m.mount('/data', { source: '/dev/md0' });
  m.md = raid('sdc1[1] sdb1[0]', '[2/2] [UU]');
  m.sections.set(
    'lsblk -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT',
    [
      'NAME="sda" PKNAME="" TYPE="disk" SIZE="100G" MOUNTPOINT=""',
      'NAME="sda1" PKNAME="sda" TYPE="part" SIZE="50G" MOUNTPOINT="/"',
      'NAME="sdb" PKNAME="" TYPE="disk" SIZE="1T" MOUNTPOINT=""',
      'NAME="sdb1" PKNAME="sdb" TYPE="part" SIZE="1T" MOUNTPOINT=""',
      'NAME="md0" PKNAME="sdb1" TYPE="raid1" SIZE="1T" MOUNTPOINT="/data"',
      'NAME="sdc" PKNAME="" TYPE="disk" SIZE="1T" MOUNTPOINT=""',
      'NAME="sdc1" PKNAME="sdc" TYPE="part" SIZE="1T" MOUNTPOINT=""',
      'NAME="md0" PKNAME="sdc1" TYPE="raid1" SIZE="1T" MOUNTPOINT="/data"',
    ].join('\n'),
  );
}

export const diskScenarios: Scenario[] = [
  {
    name: 'A log writer fills the root filesystem',
    kind: 'fault',
    reports: 26,
    onset: 4,
    minute(m, i) {
      m.mount('/', { used: 30 * GiB + ramp(i, 4, 420 * MiB, 7.9 * GiB) });
      m.run('app', { write: from(i, 4, 7e6, 1000), cpu: 4 });
    },
    roots: [{ problem: 'disk.full', subject: '/' }],
  },
  {
    name: 'The disk fills by a deleted log that nginx holds open',
    kind: 'fault',
    reports: 22,
    onset: 4,
    minute(m, i) {
      const size = ramp(i, 4, 1.3 * GiB, 16 * GiB);
      m.mount('/', { used: 21.5 * GiB + size });
      const pid = m.programs.get('nginx')!.pids[0]?.pid ?? 1;
      m.sections.set(
        'ls -lL /proc/[0-9]*/fd',
        size > 0
          ? `${Math.round(size)} ${Math.round(size / 512)} 801:4242 /proc/${pid}/fd/5 /var/log/nginx/access.log (deleted)`
          : '',
      );
    },
    roots: [{ problem: 'disk.deleted_open', subject: 'nginx' }],
    chain: ['disk.deleted_open>disk.full'],
  },
  {
    name: 'A full disk stops the database and the site',
    kind: 'fault',
    reports: 20,
    onset: 6,
    minute(m, i) {
      m.mount('/', { used: 30 * GiB + ramp(i, 6, 1.2 * GiB, 7.97 * GiB) });
      if (i === 15) {
        m.stop('mariadbd');
        m.unit('mariadb.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 1 });
      }
    },
    monitors: [
      monitor(
        {
          kind: 'http',
          name: 'shop',
          code: 'http-status',
          summary: 'Status 500, expected 200',
          details: { status: 500 },
          about: { process: 'nginx', port: 443 },
        },
        15 * 60 + 30,
      ),
    ],
    roots: [{ problem: 'disk.full', subject: '/' }],
    chain: ['disk.full>svc.unit_failed'],
  },
  {
    name: 'Slow growth: full in some hours',
    kind: 'fault',
    reports: 60,
    step: 120,
    onset: 0,
    setup: (m) => m.mount('/data', { source: '/dev/sdb1', size: 100 * GiB, used: 72 * GiB }),
    minute(m, i) {
      m.mount('/data', { used: 72 * GiB + i * 150 * MiB });
    },
    roots: [{ problem: 'disk.fill_forecast', subject: '/data' }],
  },
  {
    name: 'Inodes run out while space is free',
    kind: 'fault',
    reports: 20,
    onset: 5,
    minute(m, i) {
      m.mount('/', { inodesUsed: 1_900_000 + ramp(i, 5, 70_000, 680_000) });
    },
    roots: [{ problem: 'disk.inodes_full', subject: '/' }],
  },
  {
    name: 'A filesystem turns read-only after I/O errors',
    kind: 'fault',
    reports: 14,
    onset: 8,
    setup: (m) => {
      m.disk('sdb');
      m.mount('/data', { source: '/dev/sdb1' });
      m.sections.set('cat /etc/fstab', '/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1 /data ext4 defaults 0 2');
    },
    minute(m, i) {
      if (i !== 8) return;
      m.say(
        'blk_update_request: I/O error, dev sdb, sector 123456 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0',
        20,
      );
      m.say('Aborting journal on device sdb1-8.', 19);
      m.say('EXT4-fs (sdb1): Remounting filesystem read-only', 18);
      m.mount('/data', { options: 'ro,relatime' });
    },
    roots: [{ problem: 'disk.errors', subject: 'sdb' }],
    chain: ['disk.errors>disk.readonly'],
  },
  {
    name: 'A backup saturates the disk: info, with the cause',
    kind: 'control',
    reports: 20,
    onset: 8,
    minute(m, i) {
      if (i < 8) return;
      m.run('borg', {
        cpu: 40,
        rss: 200 * MiB,
        read: 90e6,
        write: 1e6,
        cgroup: '/system.slice/backup.service',
      });
      overload(m, 'sda', { read: 92e6 }, 60);
    },
    roots: [],
  },
  {
    name: 'A database scan saturates the disk',
    kind: 'fault',
    reports: 20,
    onset: 8,
    minute(m, i) {
      if (i < 8) return;
      m.run('mariadbd', { read: 85e6, cpu: 30, state: 'D' });
      overload(m, 'sda', { read: 88e6 }, 55);
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency'], subject: ['sda', 'mariadbd'] }],
    chain: ['disk.saturated>cpu.iowait'],
  },
  {
    name: 'fsync without end on a second disk',
    kind: 'fault',
    reports: 20,
    onset: 8,
    setup: (m) => {
      m.disk('sdb');
      m.mount('/scratch', { source: '/dev/sdb1' });
    },
    minute(m, i) {
      if (i < 8) return;
      m.run('fio', { write: 30e6, cpu: 10, state: 'D' });
      overload(m, 'sdb', { write: 31e6 }, 120);
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency'], subject: ['sdb', 'fio'] }],
    chain: ['disk.saturated>disk.latency'],
  },
  {
    name: 'A writer held back by its own I/O limit',
    kind: 'fault',
    reports: 18,
    onset: 8,
    setup: (m) => {
      m.run('exporter', { cpu: 5, rss: 60 * MiB });
    },
    minute(m, i) {
      m.sections.set(
        'grep -r . /sys/fs/cgroup',
        [`memory.current:${60 * MiB}`, 'io.max:8:0 rbps=max wbps=1048576 riops=max wiops=max']
          .map((l) => `/sys/fs/cgroup/system.slice/exporter.service/${l}`)
          .join('\n'),
      );
      if (i < 8) return;
      m.psi.io = 55;
      m.psi.ioFull = 40;
      m.run('exporter', { write: 1.05e6, state: 'D' });
    },
    roots: [{ problem: 'disk.cgroup_throttled', subject: 'exporter.service' }],
  },
  {
    name: 'A RAID member fails',
    kind: 'fault',
    reports: 8,
    onset: 4,
    setup: withRaid,
    minute(m, i) {
      if (i === 4) {
        m.md = raid('sdc1[1] sdb1[0](F)', '[2/1] [_U]');
        m.say('md/raid1:md0: Disk failure on sdb1, disabling device.');
      }
    },
    roots: [{ problem: 'raid.disk_failed', subject: 'sdb1' }],
    chain: ['raid.disk_failed>raid.degraded'],
  },
  {
    name: 'A disk fails that is a member of two arrays',
    kind: 'fault',
    reports: 10,
    onset: 4,
    setup: withRaid,
    minute(m, i) {
      const boot = (members: string, slots: string) =>
        `md1 : active raid1 ${members}\n      523264 blocks super 1.2 ${slots}\n`;
      m.md = raid('sdc1[1] sdb1[0]', '[2/2] [UU]') + boot('sdc2[1] sdb2[0]', '[2/2] [UU]');
      if (i < 4) return;
      // The second array notices when it writes next.
      m.md =
        raid('sdc1[1] sdb1[0](F)', '[2/1] [_U]') +
        (i < 6 ? boot('sdc2[1] sdb2[0]', '[2/2] [UU]') : boot('sdc2[1] sdb2[0](F)', '[2/1] [_U]'));
    },
    roots: [{ problem: 'raid.disk_failed', subject: 'sdb' }],
    chain: ['raid.disk_failed>raid.degraded'],
  },
  {
    name: 'A RAID member fails that SMART had warned of',
    kind: 'fault',
    reports: 8,
    onset: 4,
    setup: (m) => {
      withRaid(m);
      m.sections.set(
        'smartctl --json -n standby -a /dev/sdb',
        smartJson('sdb', { 5: 120, 187: 4, 197: 24, 198: 24 }),
      );
      m.sections.set('smartctl --json -n standby -a /dev/sdc', smartJson('sdc', {}));
    },
    minute(m, i) {
      if (i === 4) {
        m.md = raid('sdc1[1] sdb1[0](F)', '[2/1] [_U]');
        m.say('md/raid1:md0: Disk failure on sdb1, disabling device.');
      }
    },
    roots: [{ problem: 'smart.combo', subject: 'sdb' }],
    chain: ['smart.combo>raid.disk_failed', 'raid.disk_failed>raid.degraded'],
  },
  {
    name: 'Pending sectors go from 0 to 24',
    kind: 'fault',
    reports: 8,
    onset: 4,
    minute(m, i) {
      m.sections.set('smartctl --json -n standby -a /dev/sda', smartJson('sda', { 197: from(i, 4, 24, 0) }));
    },
    roots: [{ problem: 'smart.pending', subject: 'sda' }],
  },
  {
    name: 'A check of the array makes the disks slow: info, with the cause',
    kind: 'control',
    reports: 16,
    onset: 6,
    setup: withRaid,
    minute(m, i) {
      if (i < 6) return;
      m.md = raid(
        'sdc1[1] sdb1[0]',
        '[2/2] [UU]',
        `\n      [==>..................]  check = ${(10 + i).toFixed(1)}% (100000/976630464) finish=120.0min speed=90000K/sec`,
      );
      for (const d of ['sdb', 'sdc', 'md0'])
        m.disk(d, { reads: 1400, readBytes: 92e6, readAwait: 45, writeAwait: 60, busy: 99.5, queue: 14 });
      m.psi.io = 40;
      m.psi.ioFull = 20;
      m.iowait = 30;
      m.blocked = 2;
    },
    roots: [],
  },
  {
    name: 'A slow disk makes database and site slow',
    kind: 'fault',
    reports: 20,
    onset: 8,
    setup: (m) => m.sections.set('smartctl --json -n standby -a /dev/sda', smartJson('sda', {})),
    minute(m, i) {
      m.sections.set('smartctl --json -n standby -a /dev/sda', smartJson('sda', { 197: from(i, 7, 40, 0) }));
      if (i < 8) return;
      m.disk('sda', { readAwait: 420, writeAwait: 300, busy: 70, queue: 4, reads: 30, writes: 20 });
      m.iowait = 35;
      m.psi.io = 60;
      m.psi.ioFull = 40;
      m.blocked = 4;
      if (i === 8) m.say('blk_update_request: critical medium error, dev sda, sector 7654321');
    },
    roots: [{ problem: 'smart.pending', subject: 'sda' }],
    chain: ['smart.pending>disk.errors'],
  },
  {
    name: 'A mount of fstab is missing after a restart',
    kind: 'fault',
    reports: 6,
    onset: 3,
    setup: (m) => {
      m.mount('/backup', { source: '/dev/sdc1' });
      m.sections.set('cat /etc/fstab', '/dev/sda1 / ext4 defaults 0 1\n/dev/sdc1 /backup ext4 defaults 0 2');
    },
    minute(m, i) {
      if (i === 3) {
        m.mounts.delete('/backup');
        m.boot = 2;
        m.uptime = 200;
      }
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/backup' }],
  },
  {
    name: 'A volume at its cap',
    kind: 'fault',
    reports: 24,
    onset: 8,
    setup: (m) => m.sections.set('systemd-detect-virt', 'kvm'),
    minute(m, i) {
      if (i < 8) return;
      m.run('mariadbd', { read: 60e6, state: 'D' });
      m.disk('sda', { reads: 3000, writes: 20, readBytes: 48e6, readAwait: 28, busy: 100, queue: 32 });
      m.iowait = 40;
      m.psi.io = 60;
      m.psi.ioFull = 40;
      m.blocked = 4;
    },
    roots: [{ problem: ['disk.cloud_throttle', 'disk.saturated'], subject: ['sda', 'mariadbd'] }],
  },
];
