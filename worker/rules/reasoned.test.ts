import { describe, expect, it } from 'vitest';
import type { ProcessGroup, Smart } from '#core/facts.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { handmade, handmadeMonitor, startOfTests, type Handmade } from '#worker/handmade.ts';
import { replay } from '#worker/explain.ts';
import type { MonitorState } from './rule.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const day = 86_400;

function group(name: string, more: Partial<ProcessGroup> = {}): ProcessGroup {
  return {
    name,
    count: 1,
    rss: 50 * MiB,
    threads: 1,
    cpuSeconds: 10,
    users: [],
    pids: [1],
    states: {},
    ...more,
  };
}
const drive = (raw: Record<number, number>, more: Partial<Smart> = {}): Smart => ({
  device: 'sda',
  attributes: Object.fromEntries(
    Object.entries(raw).map(([id, value]) => [id, { name: `a${id}`, raw: value, value: 100, threshold: 10 }]),
  ),
  ...more,
});
const root = {
  source: '/dev/sda1',
  mount: '/',
  type: 'ext4',
  options: ['rw'],
  readOnly: false,
  size: 100 * GiB,
  used: 50 * GiB,
  available: 45 * GiB,
};
const at = (values: number[]) => values;
const later = (before: number, after: number) =>
  Array.from({ length: 10 }, (_, i) => (i < 4 ? before : after));
const fsError = (device: string, seconds: number) => ({
  kind: 'kernel.fs_error',
  at: startOfTests + seconds,
  subject: device,
  text: `${device}: ext4_lookup:1700: inode #2: deleted inode referenced: 12`,
});
const memoryError = (word: string) => ({
  kind: 'kernel.edac',
  at: startOfTests + 200,
  subject: 'MC1',
  text: `MC1: 3 ${word} memory errors, on DIMM_A1`,
});
const apacheComplaint = {
  kind: 'web.config_invalid',
  at: 1_760_000_000,
  subject: 'apache2',
  text: 'Syntax error on line 3 of /etc/httpd/conf/httpd.conf',
};
const monitor = (m: Partial<MonitorState> & Pick<MonitorState, 'kind'>): MonitorState =>
  handmadeMonitor({ name: 'shop', ...m });
const nic = {
  name: 'eth0',
  kind: 'physical' as const,
  up: true,
  operstate: 'up',
  speed: 1000,
  duplex: 'full',
  addresses: [{ address: '192.0.2.10', prefix: 24, family: 4 as const }],
};
const memory = { 'mem.total': 8 * GiB, 'mem.available': 4 * GiB, 'mem.available_percent': 50 };

/** A service that may hold 60 MiB and wants more, from report 4 on. */
function squeezed({ swap, swapIn }: { swap: number; swapIn: number }): Handmade {
  return {
    series: { ...memory, 'mem.swap_in': (i) => (i < 4 ? 0 : swapIn), 'mem.swap_out': 0 },
    facts: {
      cgroups: [
        {
          path: 'system.slice/cruncher.service',
          unit: 'cruncher.service',
          memory: 59.5 * MiB,
          anon: 48 * MiB,
          swap,
          memoryLimit: 60 * MiB,
        },
      ],
    },
  };
}

type Case = [
  id: RuleId,
  subject: string,
  sick: Handmade,
  healthy: Handmade,
  sickMonitors?: MonitorState[],
  healthyMonitors?: MonitorState[],
];

/** One sick and one healthy server for each rule, the healthy one close to the sick one. */
const cases: Case[] = [
  [
    'mem.cgroup_near_limit',
    'cruncher.service',
    squeezed({ swap: 120 * MiB, swapIn: 4000 }),
    // What rests in swap and is not asked for hurts nobody.
    squeezed({ swap: 120 * MiB, swapIn: 0 }),
  ],
  [
    'mem.cgroup_oom',
    'indexer.service',
    {
      series: { 'mem.available_percent': 90, 'cgroup.oom_kills{indexer.service}': (i) => (i < 5 ? 0 : 2) },
      facts: {
        cgroups: [{ path: 'system.slice/indexer.service', unit: 'indexer.service', memoryLimit: 80 * MiB }],
      },
      // The log kept only its graver lines: no group is named there.
      events: [
        {
          kind: 'kernel.oom_kill',
          at: startOfTests + 300,
          subject: 'indexer',
          text: 'killed',
          data: { process: 'indexer', constraint: 'CONSTRAINT_MEMCG' },
        },
      ],
    },
    { series: { 'mem.available_percent': 90, 'cgroup.oom_kills{indexer.service}': 2 } },
  ],
  [
    'cpu.throttled_cgroup',
    'nginx.service',
    {
      reports: 1,
      facts: {
        cgroups: [
          { path: 'system.slice/nginx.service', unit: 'nginx.service', periods: 800, throttledPeriods: 790 },
        ],
      },
    },
    {
      reports: 1,
      facts: {
        cgroups: [
          { path: 'system.slice/nginx.service', unit: 'nginx.service', periods: 800, throttledPeriods: 40 },
        ],
      },
    },
  ],
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
    'net.link_slow',
    'eth0',
    { facts: (i) => ({ interfaces: [{ ...nic, speed: i < 4 ? 1000 : 100 }] }) },
    { facts: (i) => ({ interfaces: [{ ...nic, speed: i === 4 ? 100 : 1000 }] }) },
  ],
  [
    'proc.zombies',
    'supervisor',
    {
      series: { 'proc.zombies': 80 },
      facts: { processGroups: [group('supervisor', { zombieChildren: 79 })] },
    },
    { series: { 'proc.zombies': 3 }, facts: { processGroups: [group('supervisor', { zombieChildren: 3 })] } },
  ],
  [
    'net.dns_fail',
    '/etc/resolv.conf',
    {
      facts: {
        resolver: { nameservers: ['192.0.2.77'], search: [] },
        neighbours: [{ address: '192.0.2.77', device: 'eth0', state: 'INCOMPLETE' }],
      },
    },
    {
      facts: {
        resolver: { nameservers: ['192.0.2.77', '192.0.2.1'], search: [] },
        neighbours: [{ address: '192.0.2.77', device: 'eth0', state: 'INCOMPLETE' }],
      },
    },
  ],
  [
    'net.dns_fail',
    '/etc/resolv.conf',
    {
      facts: {
        resolver: { nameservers: ['127.0.0.53'], search: [] },
        listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 22 }],
      },
    },
    {
      facts: {
        resolver: { nameservers: ['127.0.0.53'], search: [] },
        listeners: [{ protocol: 'udp', address: '127.0.0.53', port: 53 }],
      },
    },
  ],
  [
    'db.mysql_locks',
    'mysql',
    { series: { 'db.mysql.row_lock_waits': 0.2, 'db.mysql.row_lock_current': (i) => (i < 5 ? 0 : 12) } },
    { series: { 'db.mysql.row_lock_waits': 0.2, 'db.mysql.row_lock_current': (i) => (i % 4 ? 0 : 1) } },
  ],
  [
    'net.link_down',
    'eth0',
    {
      series: { 'net.rx_bytes{eth0}': (i) => (i < 6 ? 5000 : 0) },
      // Between two hourly runs only operstate is known, not the flags.
      facts: (i) => ({ interfaces: [{ ...nic, up: i < 6, operstate: i < 6 ? 'up' : 'down' }] }),
    },
    {
      series: { 'net.rx_bytes{eth0}': 0 },
      facts: { interfaces: [{ ...nic, up: false, operstate: 'down' }] },
    },
  ],
  [
    'cpu.saturated',
    'web1',
    { series: { 'cpu.busy': 97, 'cpu.runnable': 6, 'cpu.pressure.some': 60 } },
    { series: { 'cpu.busy': 97, 'cpu.runnable': 1, 'cpu.pressure.some': 3, 'cpu.load5': 1 } },
  ],
  [
    'cpu.saturated',
    'web1',
    { reports: 1, series: { 'cpu.busy': 99, 'cpu.load5': 5, 'cpu.load15': 4 } },
    { reports: 1, series: { 'cpu.busy': 99, 'cpu.load5': 0.4, 'cpu.load15': 0.2 } },
  ],
  [
    'cpu.load_high',
    'web1',
    { series: { 'cpu.load1': 6, 'cpu.load15': 5 } },
    { series: { 'cpu.load1': 3, 'cpu.load15': 2 } },
  ],
  [
    'cpu.iowait',
    'web1',
    { series: { 'cpu.iowait': 45, 'io.pressure.full': 30 } },
    { series: { 'cpu.iowait': 45, 'io.pressure.full': 1, 'io.pressure.some': 4 } },
  ],
  [
    'cpu.system_high',
    'web1',
    { series: { 'cpu.system': 55, 'cpu.user': 20 } },
    { series: { 'cpu.system': 35, 'cpu.user': 50 } },
  ],
  [
    'cpu.one_core_pinned',
    'cpu0',
    { series: { 'cpu.core.busy{0}': 100, 'cpu.core.busy{1}': 3, 'cpu.busy': 51 } },
    { series: { 'cpu.core.busy{0}': 99, 'cpu.core.busy{1}': 98, 'cpu.busy': 98 } },
  ],
  [
    'cpu.ctx_switch_storm',
    'web1',
    { reports: 20, series: { 'cpu.context_switches': (i) => (i < 10 ? 5000 : 90_000) } },
    { reports: 20, series: { 'cpu.context_switches': 60_000 } },
  ],
  [
    'cpu.thermal_throttle',
    'web1',
    { series: { 'cpu.throttles': 3 } },
    { series: { 'cpu.throttles': 0, 'cpu.frequency': 40, 'cpu.busy': 5 } },
  ],
  [
    'proc.fork_storm',
    'web1',
    { reports: 20, series: { 'cpu.forks': (i) => (i < 10 ? 3 : 400) } },
    { reports: 20, series: { 'cpu.forks': (i) => (i < 10 ? 20 : 60) } },
  ],
  [
    'proc.runaway',
    'burn',
    {
      series: { 'cpu.busy': later(5, 60), 'proc.group.cpu{burn}': later(0, 110) },
      facts: { processGroups: [group('burn')] },
    },
    { series: { 'cpu.busy': 60, 'proc.group.cpu{burn}': 110 }, facts: { processGroups: [group('burn')] } },
  ],
  [
    'proc.dstate',
    'tar',
    {
      series: { 'proc.uninterruptible': 5, 'cpu.iowait': 1 },
      facts: { processGroups: [group('tar', { states: { D: 5 } })] },
    },
    {
      series: { 'proc.uninterruptible': at([0, 1, 0, 2, 0, 1, 0, 1, 0, 1]), 'cpu.iowait': 20 },
      facts: { processGroups: [group('tar', { states: { D: 1 } })] },
    },
  ],
  [
    'proc.suspicious',
    'x',
    {
      series: { 'proc.group.cpu{x}': 180 },
      facts: { processGroups: [group('x', { executable: '/tmp/x', cpuPercent: 180 })] },
    },
    {
      series: { 'proc.group.cpu{x}': 180 },
      facts: { processGroups: [group('x', { executable: '/usr/bin/x', cpuPercent: 180 })] },
    },
  ],
  [
    'mem.critical',
    'web1',
    { series: { ...memory, 'mem.available_percent': 2 } },
    { series: { ...memory, 'mem.available_percent': 5 } },
  ],
  [
    'mem.swap_thrash',
    'web1',
    { series: { 'mem.swap_in': 900, 'mem.swap_out': 700 } },
    { series: { 'mem.swap_in': 0, 'mem.swap_out': 700 } },
  ],
  [
    'mem.no_swap',
    'web1',
    { series: { 'mem.total': 2 * GiB, 'mem.swap_total': 0, 'mem.available_percent': 9 } },
    { series: { 'mem.total': 2 * GiB, 'mem.swap_total': 0, 'mem.available_percent': 60 } },
  ],
  [
    'mem.time_to_exhaust',
    'web1',
    {
      reports: 60,
      series: {
        'mem.total': 8 * GiB,
        'mem.available': (i) => (3 - i * 0.02) * GiB,
        'mem.available_percent': (i) => ((3 - i * 0.02) / 8) * 100,
      },
    },
    { reports: 60, series: { 'mem.total': 8 * GiB, 'mem.available': 2 * GiB, 'mem.available_percent': 25 } },
  ],
  [
    'mem.overcommit',
    'web1',
    { series: { 'mem.total': 4 * GiB, 'mem.swap_total': 0, 'mem.committed': 9 * GiB } },
    { series: { 'mem.total': 4 * GiB, 'mem.swap_total': 2 * GiB, 'mem.committed': 5 * GiB } },
  ],
  [
    'mem.slab_leak',
    'web1',
    { series: { 'mem.total': 4 * GiB, 'mem.slab_unreclaimable': 1.5 * GiB } },
    { series: { 'mem.total': 4 * GiB, 'mem.slab_unreclaimable': 0.3 * GiB } },
  ],
  [
    'mem.hugepages_waste',
    'web1',
    { series: { 'mem.total': 4 * GiB, 'mem.hugepages_free': 2 * GiB } },
    { series: { 'mem.total': 4 * GiB, 'mem.hugepages_free': 0 } },
  ],
  [
    'mem.thp_latency',
    'redis-server',
    {
      facts: { memory: { total: GiB, swapTotal: 0, thp: 'always' }, processGroups: [group('redis-server')] },
    },
    {
      facts: { memory: { total: GiB, swapTotal: 0, thp: 'madvise' }, processGroups: [group('redis-server')] },
    },
  ],
  [
    'mem.tmpfs_full',
    '/run',
    {
      facts: {
        filesystems: [
          {
            ...root,
            source: 'tmpfs',
            type: 'tmpfs',
            mount: '/run',
            size: GiB,
            used: 0.95 * GiB,
            available: 0.05 * GiB,
          },
        ],
      },
    },
    {
      facts: {
        filesystems: [
          {
            ...root,
            source: 'tmpfs',
            type: 'tmpfs',
            mount: '/run',
            size: GiB,
            used: 0.2 * GiB,
            available: 0.8 * GiB,
          },
        ],
      },
    },
  ],
  [
    'mem.ecc_corrected',
    'mc0',
    { series: { 'edac.corrected{mc0}': later(0, 12) } },
    { series: { 'edac.corrected{mc0}': 12 } },
  ],
  ...(['corrected', 'uncorrected'] as const).map((word): Case => [
    `mem.ecc_${word}`,
    'mc1',
    { events: [memoryError(word)] },
    { events: [memoryError(word)], series: { [`edac.${word}{mc1}`]: 0 } },
  ]),
  [
    'virt.balloon',
    'web1',
    { series: { 'mem.total': later(8 * GiB, 6 * GiB) } },
    { series: { 'mem.total': 8 * GiB } },
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
    { facts: { filesystems: [{ ...root, readOnly: true, type: 'squashfs', used: 95 * GiB, available: 0 }] } },
  ],
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
        { kind: 'kernel.disk_reset', at: startOfTests + 300, subject: 'ata3', text: 'ata3: SATA link down' },
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
  [
    'disk.latency',
    'sda',
    {
      series: { 'disk.busy{sda}': 60, 'disk.await{sda}': 180, 'disk.reads{sda}': 80, 'disk.writes{sda}': 5 },
    },
    {
      series: { 'disk.busy{sda}': 60, 'disk.await{sda}': 180, 'disk.reads{sda}': 1, 'disk.writes{sda}': 0.5 },
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
  [
    'smart.failed',
    'sda',
    { facts: { smart: [drive({}, { passed: false })] } },
    { facts: { smart: [drive({}, { passed: true })] } },
  ],
  [
    'smart.reallocated',
    'sda',
    { facts: { smart: [drive({ 5: 12 })] } },
    { facts: { smart: [drive({ 5: 0 })] } },
  ],
  [
    'smart.pending',
    'sda',
    { facts: { smart: [drive({ 197: 24 })] } },
    { facts: { smart: [drive({ 197: 0, 198: 0 })] } },
  ],
  [
    'smart.uncorrectable',
    'sda',
    { facts: { smart: [drive({ 187: 1 })] } },
    { facts: { smart: [drive({ 187: 0 })] } },
  ],
  [
    'smart.timeout',
    'sda',
    { series: { 'smart.command_timeouts{sda}': later(2, 9) }, facts: { smart: [drive({ 188: 9 })] } },
    { series: { 'smart.command_timeouts{sda}': 9 }, facts: { smart: [drive({ 188: 9 })] } },
  ],
  [
    'smart.crc',
    'sda',
    { series: { 'smart.crc_errors{sda}': later(2, 9) }, facts: { smart: [drive({ 199: 9 })] } },
    { series: { 'smart.crc_errors{sda}': 9 }, facts: { smart: [drive({ 199: 9 })] } },
  ],
  [
    'smart.combo',
    'sda',
    { facts: { smart: [drive({ 5: 3, 187: 1 })] } },
    { facts: { smart: [drive({ 197: 3, 198: 3 })] } },
  ],
  [
    'smart.nvme_spare',
    'nvme0',
    {
      facts: {
        smart: [
          drive(
            {},
            {
              device: 'nvme0',
              nvme: { criticalWarning: 0, spare: 5, spareThreshold: 10, used: 3, mediaErrors: 0 },
            },
          ),
        ],
      },
    },
    {
      facts: {
        smart: [
          drive(
            {},
            {
              device: 'nvme0',
              nvme: { criticalWarning: 0, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0 },
            },
          ),
        ],
      },
    },
  ],
  [
    'smart.nvme_critical',
    'nvme0',
    {
      facts: {
        smart: [
          drive(
            {},
            {
              device: 'nvme0',
              nvme: { criticalWarning: 4, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0 },
            },
          ),
        ],
      },
    },
    {
      facts: {
        smart: [
          drive(
            {},
            {
              device: 'nvme0',
              nvme: { criticalWarning: 0, spare: 100, spareThreshold: 10, used: 3, mediaErrors: 0 },
            },
          ),
        ],
      },
    },
  ],
  [
    'smart.selftest_old',
    'sda',
    { facts: { smart: [drive({}, { powerOnHours: 9000, lastLongTestHours: 7000 })] } },
    { facts: { smart: [drive({}, { powerOnHours: 9000, lastLongTestHours: 8900 })] } },
  ],
  [
    'raid.degraded',
    'md0',
    {
      facts: {
        md: [
          {
            name: 'md0',
            level: 'raid1',
            state: 'active',
            slots: 2,
            active: 1,
            failed: [],
            members: ['sda1'],
          },
        ],
      },
    },
    {
      facts: {
        md: [
          {
            name: 'md0',
            level: 'raid1',
            state: 'active',
            slots: 2,
            active: 2,
            failed: [],
            members: ['sda1', 'sdb1'],
          },
        ],
      },
    },
  ],
  [
    'raid.resync',
    'md0',
    {
      facts: {
        md: [
          {
            name: 'md0',
            level: 'raid1',
            state: 'active',
            slots: 2,
            active: 2,
            failed: [],
            members: [],
            action: 'check',
            actionPercent: 4,
          },
        ],
      },
    },
    {
      facts: {
        md: [
          {
            name: 'md0',
            level: 'raid1',
            state: 'active',
            slots: 2,
            active: 2,
            failed: [],
            members: [],
            action: 'resync pending',
          },
        ],
      },
    },
  ],
  [
    'raid.mismatch',
    'md0',
    {
      facts: {
        md: [
          {
            name: 'md0',
            level: 'raid6',
            state: 'active',
            slots: 4,
            active: 4,
            failed: [],
            members: [],
            mismatches: 5000,
          },
        ],
      },
    },
    {
      facts: {
        md: [
          {
            name: 'md0',
            level: 'raid1',
            state: 'active',
            slots: 2,
            active: 2,
            failed: [],
            members: [],
            mismatches: 5000,
          },
        ],
      },
    },
  ],
  [
    'raid.bbu',
    'c0',
    {
      facts: {
        hardwareRaid: [
          { controller: 'c0', state: 'Optimal', battery: 'Failed', failedDrives: 0, predictive: 0 },
        ],
      },
    },
    {
      facts: {
        hardwareRaid: [
          { controller: 'c0', state: 'Optimal', battery: 'Optimal', failedDrives: 0, predictive: 0 },
          { controller: 'c1', state: 'Optimal', battery: 'Ready', failedDrives: 0, predictive: 0 },
        ],
      },
    },
  ],
  [
    'raid.hw_predictive',
    'c0',
    { facts: { hardwareRaid: [{ controller: 'c0', state: 'Optimal', failedDrives: 0, predictive: 1 }] } },
    { facts: { hardwareRaid: [{ controller: 'c0', state: 'Optimal', failedDrives: 0, predictive: 0 }] } },
  ],
  [
    'net.errors',
    'eth0',
    { series: { 'net.errors{eth0}': 5, 'net.rx_packets{eth0}': 100 } },
    { series: { 'net.errors{eth0}': 0, 'net.rx_packets{eth0}': 100 } },
  ],
  [
    'net.drops',
    'eth0',
    { series: { 'net.drops{eth0}': 50, 'net.rx_packets{eth0}': 500 } },
    { series: { 'net.drops{eth0}': 1, 'net.rx_packets{eth0}': 5000 } },
  ],
  [
    'net.softnet',
    'web1',
    { series: { 'net.softnet_dropped': 40 } },
    { series: { 'net.softnet_dropped': 0, 'net.softnet_squeezed': 3 } },
  ],
  [
    'net.resets',
    'web1',
    { reports: 20, series: { 'net.tcp.resets': (i) => (i < 10 ? 1 : 200) } },
    { reports: 20, series: { 'net.tcp.resets': 60 } },
  ],
  [
    'net.link_down',
    'eth0',
    { facts: (i) => ({ interfaces: [{ ...nic, operstate: i < 5 ? 'up' : 'down' }] }) },
    { facts: { interfaces: [{ ...nic, operstate: 'down', addresses: [] }] } },
  ],
  [
    'net.link_slow',
    'eth0',
    { facts: { interfaces: [{ ...nic, duplex: 'half', speed: 100 }] } },
    { facts: { interfaces: [{ ...nic, speed: 100 }] } },
  ],
  [
    'net.bond_degraded',
    'bond0',
    {
      facts: {
        bonds: [
          {
            name: 'bond0',
            mode: 'x',
            slaves: [
              { name: 'a', up: true },
              { name: 'b', up: false },
            ],
          },
        ],
      },
    },
    {
      facts: {
        bonds: [
          {
            name: 'bond0',
            mode: 'x',
            slaves: [
              { name: 'a', up: true },
              { name: 'b', up: true },
            ],
          },
        ],
      },
    },
  ],
  [
    'net.gateway_down',
    '192.0.2.1',
    {
      facts: {
        routes: [{ destination: 'default', gateway: '192.0.2.1', device: 'eth0', family: 4 }],
        neighbours: [{ address: '192.0.2.1', device: 'eth0', state: 'FAILED' }],
      },
    },
    {
      facts: {
        routes: [
          { destination: 'default', gateway: '192.0.2.1', device: 'eth0', family: 4 },
          { destination: 'default', gateway: 'fd00::1', device: 'eth0', family: 6 },
        ],
        neighbours: [
          { address: '192.0.2.1', device: 'eth0', state: 'REACHABLE' },
          { address: 'fd00::1', device: 'eth0', state: 'FAILED' },
        ],
      },
    },
  ],
  [
    'svc.unit_failed',
    'a.service',
    { facts: { units: [{ name: 'a.service', active: 'failed', sub: 'failed' }] } },
    { facts: { units: [{ name: 'a.service', active: 'inactive', sub: 'dead' }] } },
  ],
  [
    'cpu.saturated',
    'web1',
    { reports: 10, series: { 'cpu.busy': 99, 'cpu.nice': 3, 'cpu.load5': 9, 'cpu.runnable': 9 } },
    { reports: 10, series: { 'cpu.busy': 99, 'cpu.nice': 60, 'cpu.load5': 9, 'cpu.runnable': 9 } },
  ],
  [
    'svc.restart_loop',
    'a.service',
    {
      series: { 'unit.restarts{a.service}': (i) => i * 3 },
      facts: { units: [{ name: 'a.service', active: 'active', sub: 'running' }] },
    },
    {
      series: { 'unit.restarts{a.service}': (i) => (i > 5 ? 1 : 0) },
      facts: { units: [{ name: 'a.service', active: 'active', sub: 'running' }] },
    },
  ],
  [
    'svc.timer_missed',
    'b.timer',
    {
      facts: {
        timers: [
          {
            name: 'b.timer',
            unit: 'b.service',
            lastAt: startOfTests - 3 * day,
            nextAt: startOfTests - 2 * day,
          },
        ],
      },
    },
    {
      facts: {
        timers: [
          { name: 'b.timer', unit: 'b.service', lastAt: startOfTests - 3600, nextAt: startOfTests + day },
        ],
      },
    },
  ],
  [
    'svc.timer_missed',
    'copy.timer',
    {
      facts: {
        timers: [{ name: 'copy.timer', unit: 'copy.service', lastAt: startOfTests - 9 * day }],
        units: [{ name: 'copy.service', active: 'activating', sub: 'start' }],
      },
    },
    {
      facts: {
        timers: [{ name: 'copy.timer', unit: 'copy.service', lastAt: startOfTests - 9 * day }],
        units: [{ name: 'copy.service', active: 'active', sub: 'running' }],
      },
    },
  ],
  [
    'svc.container_unhealthy',
    'api',
    {
      facts: {
        containers: [
          { id: '1', name: 'api', image: 'x', state: 'running', health: 'unhealthy', restarts: 0 },
        ],
      },
    },
    {
      facts: {
        containers: [{ id: '1', name: 'api', image: 'x', state: 'exited', exitCode: 143, restarts: 0 }],
      },
    },
  ],
  [
    'svc.container_loop',
    'api',
    { facts: { containers: [{ id: '1', name: 'api', image: 'x', state: 'restarting', restarts: 9 }] } },
    { facts: { containers: [{ id: '1', name: 'api', image: 'x', state: 'running', restarts: 1 }] } },
  ],
  [
    'web.config_invalid',
    'nginx',
    {
      events: [
        {
          kind: 'web.config_invalid',
          at: 1_760_000_000,
          subject: 'nginx',
          text: 'unknown directive "liste" in /etc/nginx/nginx.conf:3',
        },
      ],
    },
    { facts: { webConfig: [{ server: 'nginx' }] } },
  ],
  [
    // Red Hat's httpd complains as Apache does; its files lie elsewhere, and changing them mends it.
    'web.config_invalid',
    'httpd',
    { facts: { processGroups: [group('httpd', { startedAt: 1_759_000_000 })] }, events: [apacheComplaint] },
    {
      facts: { processGroups: [group('httpd', { startedAt: 1_759_000_000 })] },
      events: [
        apacheComplaint,
        { kind: 'config.changed', at: 1_760_000_120, subject: '/etc/httpd/conf/httpd.conf', text: 'changed' },
      ],
    },
  ],
  [
    'db.mysql_worst_case_mem',
    'mysqld',
    {
      series: memory,
      facts: {
        mysql: {
          innodb_buffer_pool_size: 4 * GiB,
          max_connections: 1000,
          sort_buffer_size: 8 * MiB,
          join_buffer_size: 2 * MiB,
        },
      },
    },
    {
      series: memory,
      facts: {
        mysql: {
          innodb_buffer_pool_size: 4 * GiB,
          max_connections: 100,
          sort_buffer_size: 2 * MiB,
          join_buffer_size: 256 * 1024,
        },
      },
    },
  ],
  [
    'db.mysql_repl_broken',
    'mysql',
    { facts: { mysql: { slave_io_running: 'No', slave_sql_running: 'Yes' } } },
    { facts: { mysql: { slave_io_running: 'Yes', slave_sql_running: 'Yes' } } },
  ],
  [
    'db.redis_bgsave',
    'redis',
    { facts: { redis: { rdb_last_bgsave_status: 'err' } } },
    { facts: { redis: { rdb_last_bgsave_status: 'ok' } } },
  ],
  [
    'sec.redis_noauth',
    'redis',
    { facts: { redis: { requirepass: 'no', bind: '0.0.0.0' } } },
    { facts: { redis: { requirepass: 'yes', bind: '0.0.0.0' } } },
  ],
  [
    'hw.temp_high',
    'cpu a',
    {
      series: { 'hw.temperature{cpu a}': 97 },
      facts: { sensors: [{ chip: 'cpu', label: 'a', kind: 'temperature', value: 97, max: 85 }] },
    },
    {
      series: { 'hw.temperature{cpu a}': 70 },
      facts: { sensors: [{ chip: 'cpu', label: 'a', kind: 'temperature', value: 70, max: 85 }] },
    },
  ],
  [
    'hw.fan',
    'x f',
    {
      series: { 'hw.fan{x f}': later(1400, 0) },
      facts: { sensors: [{ chip: 'x', label: 'f', kind: 'fan', value: 0 }] },
    },
    { series: { 'hw.fan{x f}': 0 }, facts: { sensors: [{ chip: 'x', label: 'f', kind: 'fan', value: 0 }] } },
  ],
  [
    'hw.psu',
    'PS1 Status',
    { facts: { ipmi: [{ name: 'PS1 Status', value: '0', state: 'cr' }] } },
    { facts: { ipmi: [{ name: 'PS1 Status', value: '1', state: 'ok' }] } },
  ],
  [
    'hw.ups',
    'u',
    { facts: { ups: [{ name: 'u', status: 'OB DISCHRG', chargePercent: 80 }] } },
    { facts: { ups: [{ name: 'u', status: 'OL', chargePercent: 100 }] } },
  ],
  ['sys.rebooted', 'web1', { reports: 2, uptime: 100 }, { reports: 2, uptime: 5000 }],
  [
    'sys.crash',
    'web1',
    { events: [{ kind: 'kernel.oops', at: startOfTests + 300, subject: '', text: 'Kernel error: BUG' }] },
    { events: [{ kind: 'kernel.warning', at: startOfTests + 300, subject: '', text: 'Kernel warning' }] },
  ],
  [
    'sys.reboot_required',
    'web1',
    { facts: { kernel: { release: '6.1.0-18-amd64', installed: ['6.1.0-18-amd64', '6.1.0-25-amd64'] } } },
    {
      facts: {
        kernel: {
          release: '6.1.0-25-amd64',
          installed: ['6.1.0-9-amd64', '6.1.0-25-amd64', '6.5.0-1-cloud-amd64'],
        },
      },
    },
  ],
  [
    'sys.eol',
    'web1',
    { facts: { os: { id: 'debian', name: 'Debian 9', version: '9' } } },
    { facts: { os: { id: 'debian', name: 'Debian 13', version: '13' } } },
  ],
  [
    'sys.updates',
    'web1',
    { facts: { packages: { manager: 'apt', pending: 9, security: 4 } } },
    { facts: { packages: { manager: 'apt', pending: 9, security: 0 } } },
  ],
  [
    'time.unsync',
    'web1',
    { facts: { clock: { synchronized: false } } },
    { facts: { clock: { synchronized: true } } },
  ],
  ['time.skew', 'web1', { series: { 'clock.offset': 0.4 } }, { series: { 'clock.offset': 0.004 } }],
  [
    'sec.uid0',
    'eve',
    { facts: { users: [{ name: 'eve', uid: 0, gid: 0, home: '/', shell: '/bin/sh' }] } },
    { facts: { users: [{ name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' }] } },
  ],
  [
    'sec.empty_password',
    'eve',
    { facts: { users: [{ name: 'eve', uid: 9, gid: 9, home: '/', shell: '/bin/sh', emptyPassword: true }] } },
    {
      facts: {
        users: [{ name: 'eve', uid: 9, gid: 9, home: '/', shell: '/usr/sbin/nologin', emptyPassword: true }],
      },
    },
  ],
  [
    'sec.world_readable_secret',
    '/srv/.env',
    { facts: { secrets: [{ path: '/srv/.env', mode: '-rw-r--r--', owner: 'www-data' }] } },
    { facts: { secrets: [{ path: '/srv/.env', mode: '-rw-r-----', owner: 'www-data' }] } },
  ],
  [
    'sec.sshd_root',
    'sshd',
    { facts: { sshd: { permitrootlogin: 'yes', passwordauthentication: 'yes' } } },
    { facts: { sshd: { permitrootlogin: 'yes', passwordauthentication: 'no' } } },
  ],
  [
    'sec.sshd_root',
    'sshd',
    {
      facts: {
        sshd: {
          permitrootlogin: 'yes',
          passwordauthentication: 'no',
          kbdinteractiveauthentication: 'yes',
          usepam: 'yes',
        },
      },
    },
    {
      facts: {
        sshd: {
          permitrootlogin: 'yes',
          passwordauthentication: 'yes',
          authenticationmethods: 'publickey,password publickey,keyboard-interactive',
        },
      },
    },
  ],
  [
    'sec.firewall_off',
    'web1',
    {
      facts: {
        firewall: { tool: 'none', rules: 0 },
        interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
      },
    },
    {
      facts: {
        firewall: { tool: 'none', rules: 0 },
        interfaces: [{ ...nic, addresses: [{ address: '10.0.0.4', prefix: 24, family: 4 }] }],
      },
    },
  ],
  [
    'backup.stale',
    'borg borg',
    { facts: { backups: [{ tool: 'borg', name: 'borg', lastSuccessAt: startOfTests - 3 * day }] } },
    { facts: { backups: [{ tool: 'borg', name: 'borg', lastSuccessAt: startOfTests - 0.5 * day }] } },
  ],
  [
    'backup.shrunk',
    'dump crm.sql.gz',
    {
      facts: {
        backups: [
          {
            tool: 'dump',
            name: 'crm.sql.gz',
            lastSuccessAt: startOfTests - 40_000,
            sizes: { at: startOfTests - 40_000, path: '/var/backups/crm.sql.gz', last: 20, usual: 8e8 },
          },
        ],
      },
    },
    {
      facts: {
        backups: [
          {
            tool: 'dump',
            name: 'crm.sql.gz',
            lastSuccessAt: startOfTests - 40_000,
            sizes: { at: startOfTests - 40_000, path: '/var/backups/crm.sql.gz', last: 6e8, usual: 8e8 },
          },
        ],
      },
    },
  ],
  [
    'job.cron_overlap',
    'sync.sh',
    {
      facts: {
        cronJobs: [{ user: 'root', schedule: '*/5 * * * *', command: '/opt/sync.sh', source: 'x' }],
        processGroups: [group('sync.sh', { count: 3, startedAt: startOfTests - 1200 })],
      },
    },
    {
      facts: {
        cronJobs: [{ user: 'root', schedule: '0 3 * * *', command: '/opt/sync.sh', source: 'x' }],
        processGroups: [group('sync.sh', { count: 3, startedAt: startOfTests - 1200 })],
      },
    },
  ],
  [
    'job.cron_overlap',
    'sync.sh',
    {
      facts: {
        cronJobs: [{ user: 'root', schedule: '* * * * *', command: '/opt/sync.sh', source: 'x' }],
        processGroups: [group('sync.sh', { count: 2, startedAt: startOfTests - 1200 })],
      },
    },
    // The line of the agent begins with sleep, that of a scheduler with php; others sleep, and workers are php, too.
    {
      facts: {
        cronJobs: ['sleep', 'php', 'python3.11'].map((command) => ({
          user: 'root',
          schedule: '* * * * *',
          command,
          source: 'x',
        })),
        processGroups: ['sleep', 'php', 'python3.11'].map((name) =>
          group(name, { count: 2, startedAt: startOfTests - 1200 }),
        ),
      },
    },
  ],
  [
    'change.config',
    '/etc/nginx/nginx.conf',
    { facts: (i) => ({ configHashes: { '/etc/nginx/nginx.conf': i < 5 ? 'a' : 'b' } }) },
    { facts: { configHashes: { '/etc/nginx/nginx.conf': 'a' } } },
  ],
  [
    'svc.http_down',
    'shop',
    {},
    {},
    [monitor({ kind: 'http', state: 'down', code: 'connect-timeout' })],
    [monitor({ kind: 'http', state: 'up' })],
  ],
  [
    'svc.http_5xx',
    'shop',
    {},
    {},
    [monitor({ kind: 'http', state: 'down', code: 'http-status', details: { status: 502 } })],
    [monitor({ kind: 'http', state: 'down', code: 'http-status', details: { status: 404 } })],
  ],
  [
    'svc.http_slow',
    'shop',
    {},
    {},
    [monitor({ kind: 'http', state: 'degraded', code: 'http-slow' })],
    [monitor({ kind: 'http', state: 'up' })],
  ],
  [
    'sec.webroot_leak',
    'shop',
    {},
    {},
    [monitor({ kind: 'exposed', state: 'down', code: 'exposed-file' })],
    [monitor({ kind: 'exposed', state: 'down', code: 'connect-refused' })],
  ],
  [
    'sec.db_exposed',
    '3306/tcp',
    {},
    {},
    [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 3306 } })],
    [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 8080 } })],
  ],
  [
    'sec.db_exposed',
    '27017/tcp',
    {
      facts: {
        firewall: { tool: 'none', rules: 0 },
        interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
        listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 27_017, process: 'mongod' }],
      },
    },
    {
      facts: {
        firewall: { tool: 'none', rules: 0 },
        interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
        listeners: [{ protocol: 'tcp', address: '10.0.0.4', port: 27_017, process: 'mongod' }],
      },
    },
  ],
  [
    'sec.port_exposed',
    'shop',
    {},
    {},
    [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 8080 } })],
    [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 5432 } })],
  ],
  [
    // A database that listens to the world, too, is no reason to keep quiet of another port.
    'sec.port_exposed',
    'shop',
    {
      facts: {
        firewall: { tool: 'none', rules: 0 },
        interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
        listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 27_017, process: 'mongod' }],
      },
    },
    {},
    [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 8080 } })],
    [monitor({ kind: 'port', state: 'up', about: { port: 8080 } })],
  ],
  [
    'tls.weak',
    'shop',
    {},
    {},
    [monitor({ kind: 'tls', state: 'degraded', code: 'tls-weak' })],
    [monitor({ kind: 'tls', state: 'up' })],
  ],
  [
    'dns.domain_expiry',
    'shop',
    {},
    {},
    [monitor({ kind: 'domain', state: 'degraded', code: 'domain-expiring' })],
    [monitor({ kind: 'domain', state: 'up' })],
  ],
  [
    'dns.ptr_mail',
    'shop',
    {},
    {},
    [monitor({ kind: 'dns', state: 'down', code: 'dns-nxdomain', target: '192.0.2.4 PTR' })],
    [monitor({ kind: 'dns', state: 'down', code: 'dns-nxdomain', target: 'a.example A' })],
  ],
  [
    'svc.timer_missed',
    'shop',
    {},
    {},
    [monitor({ kind: 'heartbeat', state: 'down', code: 'heartbeat-missed' })],
    [monitor({ kind: 'heartbeat', state: 'up' })],
  ],
];

describe('reasoned rules', () => {
  it.each(cases)(
    '%s (%s) is found on the sick server and not on the healthy one',
    (id, subject, sick, healthy, sickMonitors, healthyMonitors) => {
      const found = replay(handmade(sick), sickMonitors).findings.filter((f) => f.id === id);
      expect(found.map((f) => f.subject.name)).toContain(subject);
      for (const finding of found) {
        expect(finding.evidence.length).toBeGreaterThan(0);
        expect(finding.summary).toMatch(/^\S.*[.!?]$/);
        expect(JSON.stringify(finding)).not.toMatch(/undefined|NaN/);
      }
      const wrong = replay(handmade(healthy), healthyMonitors).findings.filter((f) => f.id === id);
      expect(wrong.map((f) => f.summary)).toEqual([]);
    },
  );
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

describe('a container that was killed for lack of memory', () => {
  const killed = {
    kind: 'kernel.oom_kill',
    at: startOfTests - 7200,
    subject: 'java',
    text: 'java was killed',
    data: { process: 'java', cgroup: '/docker/0123456789abcdef' },
  };
  const of = (cgroups: object[], cgroup = killed.data.cgroup) =>
    replay(
      handmade({
        facts: (i) => ({
          processGroups: [group('nginx'), ...(i < 5 ? [group('java')] : [])],
          cgroups: [{ path: 'system.slice/nginx.service', unit: 'nginx.service' }, ...cgroups] as never,
        }),
        events: [{ ...killed, at: startOfTests + 20, data: { ...killed.data, cgroup } }],
        reports: 80,
      }),
    ).findings.filter((f) => f.id === 'mem.cgroup_oom');

  it('is told for half an hour when it was removed, and longer while it is still there', () => {
    expect(of([])).toEqual([]);
    expect(of([{ path: 'docker/0123456789abcdef', container: '0123456789abcdef' }])).toHaveLength(1);
  });

  it('is no container when it is the unit that makes them', () => {
    expect(of([], '/system.slice/docker.service')).toMatchObject([{ severity: 'critical' }]);
  });
});
