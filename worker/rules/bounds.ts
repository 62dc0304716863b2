// Simple rules: one metric, one bound, a number of samples. The thresholds' sources: ND Netdata health.d, NM node_exporter mixin,
// APA awesome-prometheus-alerts, ZBX Zabbix templates, OWN a judgement of ours, calibrated on our own scenarios.
import { formatBytes, formatCount } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Bound } from './boundRule.ts';
import { limitEvidence } from './cgroupMemory.ts';
import { storageFilesystems } from './filesystems.ts';
import { cores, evidence } from './finding.ts';
import type { Picture } from './rule.ts';
import { baseline } from './series.ts';

const GiB = 1024 ** 3;
/** '29/s' as a person says it: '29 … a second'. */
const each = (rate: string) => rate.replace(/\/s$/, '');

/** Two counters that were read one after the other can give a little more than everything. */
const atMost100 = (percent: string) => (Number.parseFloat(percent) > 100 ? '100 %' : percent);

export const bounds: Bound[] = [
  {
    id: 'mem.low',
    metric: 'mem.available_percent',
    side: 'below',
    raise: 10,
    clear: 15,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'memory available',
    normal: 'above 15 %',
    source: 'ND ram_available < 10 %, clear 15 %; APA < 10 % for 2 min',
    // A tenth of 512 GiB is still plenty: only the stall on reclaim would say otherwise.
    only: (p) => {
      const available = p.latest('mem.available');
      if (available === undefined) return true;
      if (available > 8 * GiB && (p.latest('mem.pressure.some') ?? 0) < 5) return false;
      return [evidence('memory available', available, 'bytes', 'mem.available')];
    },
    summary: (v, _s, p) => {
      const available = p.latest('mem.available');
      return `Only ${v} of memory is available${available === undefined ? '' : ` (${formatBytes(available)})`}.`;
    },
  },
  {
    id: 'mem.pressure',
    metric: 'mem.pressure.some',
    side: 'above',
    raise: 10,
    clear: 5,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'memory pressure (some, 1 min)',
    normal: 'below 5 %',
    source: 'field: kernel PSI documentation; values OWN',
    summary: (v) => `Tasks wait for memory ${v} of the time.`,
  },
  {
    id: 'mem.swap_used',
    metric: 'mem.swap_used_percent',
    side: 'above',
    raise: 80,
    clear: 70,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'swap used',
    normal: 'any value, as long as nothing moves',
    source: 'APA > 80 %; ND 80 to 90 %',
    // Used swap is harmless while it is quiet; when it is not, mem.swap_thrash says so.
    only: (p) => {
      const rate = p.latest('mem.swap_in');
      return rate !== undefined && rate < 10
        ? [evidence('pages read back from swap', rate, 'pages/s', 'mem.swap_in', 'near 0')]
        : false;
    },
    summary: (v) =>
      `${v} of swap is used, but nothing moves in or out: old pages rest there, and that is harmless.`,
  },
  {
    id: 'mem.hw_corrupt',
    metric: 'mem.hardware_corrupted',
    side: 'above',
    raise: 0,
    clear: 0,
    samples: 1,
    single: 'level',
    kind: 'server',
    what: 'memory retired after hardware errors',
    normal: '0 B',
    source: 'ND memory.conf > 0',
    summary: (v) => `The kernel has retired ${v} of memory after hardware errors.`,
  },
  {
    id: 'mem.ecc_uncorrected',
    metric: 'edac.uncorrected',
    side: 'above',
    raise: 0,
    clear: 0,
    samples: 1,
    single: 'level',
    kind: 'device',
    what: 'uncorrected memory errors since boot',
    normal: '0',
    source: 'ND critical > 0; APA',
    summary: (v, s) => `Memory on ${s} has had ${v} uncorrected ECC errors since boot.`,
  },
  {
    id: 'mem.cgroup_near_limit',
    metric: 'cgroup.memory_percent',
    side: 'above',
    raise: 90,
    clear: 80,
    critical: 98,
    samples: 3,
    single: 'level',
    kind: 'cgroup',
    what: 'memory without page cache, of its limit',
    normal: 'below 80 %',
    source: 'ND cgroups 80/90/98',
    only: limitEvidence,
    summary: (v, s) => `${s} uses ${v} of its memory limit, page cache left out.`,
  },
  {
    id: 'cpu.steal',
    metric: 'cpu.steal',
    side: 'above',
    raise: 10,
    clear: 5,
    samples: 5,
    single: 20,
    kind: 'server',
    what: 'CPU time withheld by the hypervisor',
    normal: 'below 5 %',
    source: 'ND cpu.conf 5/10 %, 20 min; APA > 10 %',
    summary: (v) => `The hypervisor withholds ${v} of the CPU time that this server wants.`,
  },
  {
    id: 'cpu.softirq_high',
    metric: 'cpu.core.softirq',
    side: 'above',
    raise: 60,
    clear: 40,
    samples: 4,
    single: 75,
    kind: 'device',
    name: (s) => (/^cpu/.test(s) ? s : `cpu${s}`),
    what: 'interrupt work of one core',
    normal: 'below 40 %',
    source: 'OWN; cf. ND softnet.conf',
    only: (p) => cores(p) > 1 && (p.latest('cpu.busy') ?? 0) < 75,
    summary: (v, s) => `Network interrupt work takes ${v} of ${s}, while other cores have time left.`,
  },
  {
    id: 'cpu.throttled_cgroup',
    metric: 'cgroup.throttled_percent',
    side: 'above',
    raise: 25,
    clear: 10,
    samples: 3,
    single: 50,
    kind: 'cgroup',
    what: 'periods in which its CPU quota was used up',
    normal: 'below 10 %',
    source: 'APA cadvisor 25 %; OWN',
    only: (p, s) => {
      const cpu = p.latest('cgroup.cpu', s);
      const busy = p.latest('cpu.busy');
      return [
        ...(cpu === undefined ? [] : [evidence(`CPU of ${s}`, cpu, 'percent', `cgroup.cpu{${s}}`)]),
        ...(busy === undefined ? [] : [evidence('CPU busy, whole server', busy, 'percent', 'cpu.busy')]),
      ];
    },
    summary: (v, s) => `${s} is held back by its own CPU quota in ${v} of the periods.`,
  },
  {
    id: 'proc.pid_exhaustion',
    metric: 'proc.threads_percent',
    side: 'above',
    raise: 85,
    clear: 75,
    critical: 92,
    severity: 'warning',
    samples: 2,
    single: 'level',
    kind: 'server',
    what: 'threads, of what the kernel allows',
    normal: 'below 75 %',
    source: 'ND processes.conf 85/90/95; ZBX 80 %',
    summary: (v, _s, p) => {
      const most = (p.facts.processGroups ?? []).reduce<{ name: string; threads: number } | undefined>(
        (a, g) => (!a || g.threads > a.threads ? g : a),
        undefined,
      );
      return `${v} of all possible threads are in use; soon nothing can be started.${
        most ? ` ${most.name} has the most: ${formatCount(most.threads)}.` : ''
      }`;
    },
  },
  {
    id: 'proc.unit_tasks_limit',
    metric: 'cgroup.pids_percent',
    side: 'above',
    raise: 90,
    clear: 80,
    samples: 3,
    single: 'level',
    kind: 'cgroup',
    what: 'tasks, of the limit of the service',
    normal: 'below 80 %',
    source: 'APA > 0.9 for 5 min',
    summary: (v, s) => `${s} uses ${v} of the tasks that it may have.`,
  },
  {
    id: 'proc.fd_system',
    metric: 'proc.files_percent',
    side: 'above',
    raise: 70,
    clear: 60,
    critical: 90,
    severity: 'warning',
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'open files of the whole system, of its limit',
    normal: 'below 60 %',
    source: 'NM 70/90 % 15 min; ND 90 %',
    summary: (v) => `${v} of all file handles of the system are in use.`,
  },
  {
    id: 'proc.fd_process',
    metric: 'proc.group.open_files_percent',
    side: 'above',
    raise: 85,
    clear: 75,
    critical: 95,
    samples: 3,
    single: 'level',
    slow: true,
    kind: 'process',
    what: 'open files, of the limit of the process',
    normal: 'below 75 %',
    source: 'ND 85/95 %; APA 80/95 %',
    summary: (v, s) => `${s} has ${atMost100(v)} of the files open that it may have.`,
  },
  {
    id: 'disk.inodes_full',
    metric: 'fs.inodes_used_percent',
    side: 'above',
    raise: 90,
    clear: 87,
    critical: 97,
    severity: 'warning',
    samples: 2,
    single: 'level',
    kind: 'mount',
    what: 'inodes used',
    normal: 'below 87 %',
    source: 'NM < 5/< 3 % 1 h; APA < 10 %; ZBX 20/10 %',
    only: (p, s) => isStorage(p, s),
    summary: (v, s) =>
      `${s} has used ${v} of its inodes: no more files can be made there, whatever space is free.`,
  },
  {
    id: 'net.fifo',
    metric: 'net.fifo',
    side: 'above',
    raise: 0.05,
    clear: 0.005,
    samples: 2,
    single: 1,
    kind: 'interface',
    what: 'frames lost because the card was not emptied in time',
    normal: '0/s',
    source: 'ND fifo errors > 0',
    summary: (v, s) => `${s} loses ${each(v)} frames a second because its buffer is not emptied in time.`,
  },
  {
    id: 'net.saturated',
    metric: 'net.utilization',
    side: 'above',
    raise: 90,
    clear: 80,
    samples: 3,
    single: 95,
    kind: 'interface',
    what: 'use of the link',
    normal: 'below 80 %',
    source: 'ND 85/90 %; APA > 80 %',
    summary: (v, s) => `The link ${s} carries ${atMost100(v)} of what it can.`,
  },
  {
    id: 'net.retrans',
    metric: 'net.tcp.retransmit_percent',
    side: 'above',
    raise: 2,
    clear: 1,
    critical: 10,
    samples: 4,
    single: 5,
    kind: 'server',
    what: 'TCP segments sent again',
    normal: 'below 1 %',
    source: 'OWN',
    // A percentage of nearly nothing says nothing.
    only: (p) => {
      const sent = p.latest('net.tcp.out_segments');
      return sent !== undefined && sent > 100
        ? [evidence('TCP segments sent', sent, '/s', 'net.tcp.out_segments')]
        : false;
    },
    summary: (v) => `${v} of all TCP segments are sent again: packets are lost on the way.`,
  },
  {
    id: 'net.syn_flood',
    metric: 'net.tcp.syn_cookies',
    side: 'above',
    raise: 1,
    clear: 0.1,
    samples: 2,
    single: 2,
    kind: 'server',
    what: 'handshakes answered with a cookie',
    normal: '0/s',
    source: 'ND tcp_listen 1/5',
    only: (p) => {
      const half = p.latest('net.tcp.syn_recv');
      return half === undefined
        ? true
        : [evidence('unfinished handshakes', half, 'count', 'net.tcp.syn_recv')];
    },
    summary: (v) =>
      `The queue for new connections is full: ${each(v)} handshakes a second are answered with a cookie.`,
  },
  {
    id: 'net.conntrack',
    metric: 'net.conntrack_percent',
    side: 'above',
    raise: 75,
    clear: 65,
    critical: 90,
    severity: 'warning',
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'connection tracking table in use',
    normal: 'below 65 %',
    source: 'NM 75 %; ND 85/90/95; APA 80 % 5 min',
    only: (p) => {
      const entries = p.latest('net.conntrack');
      return entries === undefined
        ? true
        : [evidence('tracked connections', entries, 'count', 'net.conntrack')];
    },
    summary: (v) =>
      `The connection tracking table is ${v} full; when it is full, new connections are dropped.`,
  },
  {
    id: 'net.timewait',
    metric: 'net.tcp.time_wait',
    side: 'above',
    raise: 22_500,
    clear: 18_000,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'closed connections whose port is still reserved',
    normal: 'below 18,000',
    source:
      'OWN: 80 % of the usual range of 28,232 ephemeral ports; a warning from 90 % where half of them or more were opened from here',
    severity: (p, value, raise) =>
      p.reports >= 3 && openedFromHere(p) && value > (raise * 10) / 9 ? 'warning' : undefined,
    only: (p) => {
      const opened = p.latest('net.tcp.opened');
      return opened !== undefined && openedFromHere(p)
        ? [evidence('connections opened from here', opened, '/s', 'net.tcp.opened')]
        : true;
    },
    summary: (v, _s, p) =>
      openedFromHere(p)
        ? `${v} ports are reserved by connections that were opened from here, ${formatCount(p.latest('net.tcp.opened') ?? 0)} a second; about 28,000 exist for one destination.`
        : `${v} ports are reserved by closed connections (TIME_WAIT); about 28,000 exist for one destination.`,
  },
  {
    id: 'net.orphans',
    metric: 'net.tcp.orphans_percent',
    side: 'above',
    raise: 25,
    clear: 15,
    critical: 50,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'sockets that no process owns, of their limit',
    normal: 'below 15 %',
    source: 'ND 25/50',
    summary: (v) => `Orphaned sockets fill ${v} of their limit.`,
  },
  {
    id: 'net.tcp_mem',
    metric: 'net.tcp.memory_percent',
    side: 'above',
    raise: 75,
    clear: 60,
    critical: 90,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'memory in socket buffers, of tcp_mem',
    normal: 'below 60 %',
    source: 'ND tcp_mem.conf; the kernel puts pressure on sockets at about 75 %',
    summary: (v) => `Socket buffers hold ${v} of the memory that TCP may use.`,
  },
  {
    id: 'net.udp_errors',
    metric: 'net.udp.receive_errors',
    side: 'above',
    raise: 10,
    clear: 2,
    samples: 3,
    single: 20,
    kind: 'server',
    what: 'datagrams lost because the receive buffer was full',
    normal: '0/s',
    source: 'ND > 10',
    summary: (v) =>
      `${each(v)} UDP datagrams a second are lost because a program does not read them in time.`,
  },
  {
    id: 'net.wg_stale',
    metric: 'net.wireguard_age',
    side: 'above',
    raise: 300,
    clear: 180,
    samples: 2,
    single: 'level',
    kind: 'peer',
    what: 'time since the last handshake',
    normal: 'below 3 min',
    source: 'APA > 300 s 2 min; WireGuard renews keys every 2 min while data flows',
    // Without keepalive a silent peer is silent by design.
    only: (p, s) =>
      (p.facts.wireguard ?? []).some(
        (peer) =>
          (s.includes(peer.publicKey) || s.includes(peer.publicKey.slice(0, 12))) &&
          (peer.keepaliveSeconds ?? 0) > 0,
      ),
    summary: (v, s) => `The WireGuard peer ${s} has had no handshake for ${v}.`,
  },
  {
    id: 'smart.temp',
    metric: 'smart.temperature',
    side: 'above',
    raise: 60,
    clear: 55,
    critical: 70,
    samples: 2,
    single: 'level',
    slow: true,
    kind: 'device',
    what: 'temperature of the drive',
    normal: 'below 55 °C',
    source: 'APA 60/70 °C',
    summary: (v, s) => `The drive ${s} is ${v} hot.`,
  },
  {
    id: 'smart.ssd_wear',
    metric: 'smart.wear_percent',
    side: 'above',
    raise: 80,
    clear: 80,
    critical: 99.5,
    samples: 1,
    single: 'level',
    slow: true,
    kind: 'device',
    what: 'wear',
    normal: 'below 80 %',
    source: 'field: NVMe specification; levels OWN',
    summary: (v, s) => `The drive ${s} has used up ${v} of the writes that it was made for.`,
  },
  {
    id: 'mail.queue',
    metric: 'mail.queue',
    side: 'above',
    raise: 100,
    clear: 50,
    samples: 2,
    single: 300,
    slow: true,
    kind: 'server',
    what: 'messages in the queue',
    normal: 'below 50',
    source: 'OWN',
    only: (p) => {
      const usual = usualLevel(p, 'mail.queue');
      return usual === undefined || (p.latest('mail.queue') ?? Infinity) > 5 * usual;
    },
    summary: (v) => `${v} messages wait in the mail queue.`,
  },
  {
    id: 'db.mysql_connections',
    metric: 'db.mysql.connections_percent',
    side: 'above',
    raise: 80,
    clear: 70,
    critical: 95,
    samples: 2,
    single: 'level',
    slow: true,
    kind: 'database',
    name: () => 'mysql',
    what: 'connections, of max_connections',
    normal: 'below 70 %',
    source: 'APA 80 %; ND 60 to 90',
    summary: (v) => `MySQL has used ${v} of its connections.`,
  },
  {
    id: 'db.mysql_slow',
    metric: 'db.mysql.slow_queries',
    side: 'above',
    raise: 1,
    clear: 0.3,
    critical: 2,
    samples: 3,
    single: 2,
    kind: 'database',
    name: () => 'mysql',
    what: 'slow queries',
    normal: 'below 0.3/s',
    source: 'ND 5/10/20 in 10 s',
    summary: (v) => `MySQL logs ${each(v)} slow queries a second.`,
  },
  {
    id: 'db.mysql_low_hit',
    metric: 'db.mysql.buffer_miss_percent',
    side: 'above',
    raise: 1,
    clear: 0.5,
    samples: 5,
    single: 5,
    kind: 'database',
    name: () => 'mysql',
    what: 'page reads that went to disk',
    normal: 'below 1 %',
    source: 'OWN',
    only: (p) =>
      (p.latest('db.mysql.queries') ?? 0) > 20 ||
      // Few statements that read much; a dump reads everything once.
      (p.subjects('disk.reads').some((disk) => (p.latest('disk.reads', disk) ?? 0) > 200) &&
        !p.facts.processGroups?.some((g) => /^(mysqldump|mariadb-dump|mariabackup|xtrabackup)/.test(g.name))),
    summary: (v) => `InnoDB reads ${v} of its pages from disk: the buffer pool is small for what is asked.`,
  },
  {
    id: 'db.mysql_repl_lag',
    metric: 'db.mysql.replica_lag',
    side: 'above',
    raise: 10,
    clear: 5,
    critical: 30,
    samples: 2,
    single: 'level',
    slow: true,
    kind: 'database',
    name: () => 'mysql',
    what: 'time behind the primary',
    normal: 'below 5 s',
    source: 'ND 10/30; APA > 30',
    summary: (v) => `The MySQL replica is ${v} behind.`,
  },
  {
    id: 'db.pg_connections',
    metric: 'db.postgresql.connections_percent',
    side: 'above',
    raise: 80,
    clear: 70,
    critical: 95,
    samples: 2,
    single: 'level',
    slow: true,
    kind: 'database',
    name: () => 'postgresql',
    what: 'connections, of max_connections',
    normal: 'below 70 %',
    source: 'APA 80 %; ND 70/80/90',
    summary: (v) => `PostgreSQL has used ${v} of its connections.`,
  },
  {
    id: 'db.pg_idle_tx',
    metric: 'db.postgresql.idle_tx_seconds',
    side: 'above',
    raise: 900,
    clear: 300,
    samples: 1,
    single: 'level',
    slow: true,
    kind: 'database',
    name: () => 'postgresql',
    what: 'age of the oldest idle transaction',
    normal: 'below 5 min',
    source: 'OWN',
    summary: (v) =>
      `A PostgreSQL session has been idle in a transaction for ${v}: it holds locks and stops vacuum.`,
  },
  {
    id: 'db.pg_wraparound',
    metric: 'db.postgresql.xid_percent',
    side: 'above',
    raise: 50,
    clear: 45,
    critical: 90,
    severity: 'warning',
    samples: 1,
    single: 'level',
    slow: true,
    kind: 'database',
    name: () => 'postgresql',
    what: 'age of the oldest transaction id, of the limit',
    normal: 'below 45 %',
    source: 'ND > 90; the warning at 50 is OWN',
    summary: (v) => `PostgreSQL has used ${v} of its transaction ids since the last freeze.`,
  },
  {
    id: 'db.redis_maxmemory',
    metric: 'db.redis.memory_percent',
    side: 'above',
    raise: 90,
    clear: 85,
    samples: 2,
    single: 'level',
    slow: true,
    kind: 'database',
    name: () => 'redis',
    what: 'memory, of maxmemory',
    normal: 'below 85 %',
    source: 'APA > 90 % 2 min',
    // A cache that may throw any key away is full by design.
    only: ({ facts }) => !/^allkeys-/.test(String(facts.redis?.['maxmemory_policy'] ?? '')),
    summary: (v, _s, { facts }) =>
      `Redis has used ${v} of its maxmemory${
        facts.redis?.['maxmemory_policy'] === 'noeviction'
          ? '; it may throw nothing away (noeviction) and refuses to write when all of it is used'
          : ''
      }.`,
  },
  {
    id: 'db.redis_rejected',
    metric: 'db.redis.rejected',
    side: 'above',
    raise: 0.015,
    clear: 0.001,
    samples: 1,
    single: 'level',
    kind: 'database',
    name: () => 'redis',
    what: 'connections refused for maxclients',
    normal: '0/s',
    source: 'ND > 0; APA > 5',
    summary: (v) => `Redis refuses ${each(v)} connections a second because maxclients is reached.`,
  },
  {
    id: 'sys.entropy',
    metric: 'sys.entropy',
    side: 'below',
    raise: 100,
    clear: 200,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'entropy',
    normal: 'above 200 bits',
    source:
      'ND entropy 100/200; nobody waits for it since kernel 5.6 (30c08efec888); 5.18 and its long-term kin say 256 always',
    only: (p) => {
      const [, major = 0, minor = 0] = /^(\d+)\.(\d+)/.exec(p.facts.kernel?.release ?? '')?.map(Number) ?? [];
      return major > 0 && (major < 5 || (major === 5 && minor < 6));
    },
    summary: (v) => `The kernel has only ${v} bits of entropy; programs that need random numbers wait.`,
  },
];

function isStorage(picture: Picture, mount: string): boolean {
  return storageFilesystems(picture).some((fs) => fs.mount === mount) || !picture.facts.filesystems;
}

function usualLevel(picture: Picture, name: MetricName): number | undefined {
  return baseline(picture.series(name), picture.at - 3600)?.median;
}

/** A server that others connect to reserves no port of its own: half of what is closed within the minute of TIME_WAIT, or more. */
function openedFromHere(picture: Picture): boolean {
  const opened = picture.latest('net.tcp.opened') ?? 0;
  return 60 * opened > 0.5 * (picture.latest('net.tcp.time_wait') ?? 0);
}
