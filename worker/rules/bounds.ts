// Simple rules: one metric, one bound, a number of samples. Their numbers, and where these come from, are rows of core/conditions/.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import { formatBytes, formatCount } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import { type Bound, boundRow, type BoundRow } from './boundRule.ts';
import { limitEvidence } from './cgroupMemory.ts';
import { storageFilesystems } from './filesystems.ts';
import { cores, evidence } from './finding.ts';
import type { Picture } from './rule.ts';
import { baseline } from './series.ts';

/** '29/s' as a person says it: '29 … a second'. */
const each = (rate: string) => rate.replace(/\/s$/, '');

/** Two counters that were read one after the other can give a little more than everything. */
const atMost100 = (percent: string) => (Number.parseFloat(percent) > 100 ? '100 %' : percent);

const rows: BoundRow[] = [
  {
    id: 'mem.low',
    what: 'memory available',
    // A tenth of 512 GiB is still plenty: only the stall on reclaim would say otherwise.
    only: (p) => {
      const available = p.latest('mem.available');
      if (available === undefined) return true;
      const { roomy, pressure } = limitsOf('mem.low');
      if (available > roomy && (p.latest('mem.pressure.some') ?? 0) < pressure) return false;
      return [evidence('memory available', available, 'bytes', 'mem.available')];
    },
    summary: (v, _s, p) => {
      const available = p.latest('mem.available');
      return `Only ${v} of memory is available${available === undefined ? '' : ` (${formatBytes(available)})`}.`;
    },
  },
  {
    id: 'mem.pressure',
    what: 'memory pressure (some, 1 min)',
    summary: (v) => `Tasks wait for memory ${v} of the time.`,
  },
  {
    id: 'mem.swap_used',
    what: 'swap used',
    normal: 'any value, as long as nothing moves',
    // Used swap is harmless while it is quiet; when it is not, mem.swap_thrash says so.
    only: (p) => {
      const rate = p.latest('mem.swap_in');
      return rate !== undefined && rate < limitsOf('mem.swap_used').rate
        ? [evidence('pages read back from swap', rate, 'pages/s', 'mem.swap_in', 'near 0')]
        : false;
    },
    summary: (v) =>
      `${v} of swap is used, but nothing moves in or out: old pages rest there, and that is harmless.`,
  },
  {
    id: 'mem.hw_corrupt',
    what: 'memory retired after hardware errors',
    normal: '0 B',
    summary: (v) => `The kernel has retired ${v} of memory after hardware errors.`,
  },
  {
    id: 'mem.ecc_uncorrected',
    what: 'uncorrected memory errors since boot',
    normal: '0',
    summary: (v, s) =>
      `Memory on ${s} has had ${v} uncorrected ECC ${v === '1' ? 'error' : 'errors'} since boot.`,
  },
  {
    id: 'mem.cgroup_near_limit',
    what: 'memory without page cache, of its limit',
    only: limitEvidence,
    summary: (v, s) => `${s} uses ${v} of its memory limit, page cache left out.`,
  },
  {
    id: 'cpu.steal',
    what: 'CPU time withheld by the hypervisor',
    summary: (v) => `The hypervisor withholds ${v} of the CPU time that this server wants.`,
  },
  {
    id: 'cpu.softirq_high',
    name: (s) => (/^cpu/.test(s) ? s : `cpu${s}`),
    what: 'interrupt work of one core',
    only: (p) => cores(p) > 1 && (p.latest('cpu.busy') ?? 0) < limitsOf('cpu.softirq_high').busy,
    summary: (v, s) => `Network interrupt work takes ${v} of ${s}, while other cores have time left.`,
  },
  {
    id: 'cpu.throttled_cgroup',
    what: 'periods in which its CPU quota was used up',
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
    severity: 'warning',
    what: 'threads, of what the kernel allows',
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
    what: 'tasks, of the limit of the service',
    summary: (v, s) => `${s} uses ${v} of the tasks that it may have.`,
  },
  {
    id: 'proc.fd_system',
    severity: 'warning',
    what: 'open files of the whole system, of its limit',
    summary: (v) => `${v} of all file handles of the system are in use.`,
  },
  {
    id: 'proc.fd_process',
    what: 'open files, of the limit of the process',
    summary: (v, s) => `${s} has ${atMost100(v)} of the files open that it may have.`,
  },
  {
    id: 'disk.inodes_full',
    severity: 'warning',
    what: 'inodes used',
    only: (p, s) => isStorage(p, s),
    summary: (v, s) =>
      `${s} has used ${v} of its inodes: no more files can be made there, whatever space is free.`,
  },
  {
    id: 'net.fifo',
    what: 'frames lost because the card was not emptied in time',
    normal: '0/s',
    summary: (v, s) => `${s} loses ${each(v)} frames a second because its buffer is not emptied in time.`,
  },
  {
    id: 'net.saturated',
    what: 'use of the link',
    // Where a bond is full, its links are: it is told once.
    only: (p, s) =>
      !(p.facts.bonds ?? []).some((b) => b.slaves.some((l) => l.name === s) && isFull(p, b.name)),
    summary: (v, s) => `The link ${s} carries ${atMost100(v)} of what it can.`,
  },
  {
    id: 'net.retrans',
    what: 'TCP segments sent again',
    // A percentage of nearly nothing says nothing.
    only: (p) => {
      const sent = p.latest('net.tcp.out_segments');
      return sent !== undefined && sent > limitsOf('net.retrans').sent
        ? [evidence('TCP segments sent', sent, '/s', 'net.tcp.out_segments')]
        : false;
    },
    summary: (v) => `${v} of all TCP segments are sent again: packets are lost on the way.`,
  },
  {
    id: 'net.syn_flood',
    what: 'handshakes answered with a cookie',
    normal: '0/s',
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
    severity: 'warning',
    what: 'connection tracking table in use',
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
    what: 'closed connections whose port is still reserved',
    times: (p) => portsOf(p) / usualPorts,
    severity: (p, value, raise) =>
      p.reports >= 3 && openedFromHere(p) && value > (raise * limitsOf('net.timewait').grave) / 100
        ? 'warning'
        : undefined,
    only: (p) => {
      const opened = p.latest('net.tcp.opened');
      return opened !== undefined && openedFromHere(p)
        ? [evidence('connections opened from here', opened, '/s', 'net.tcp.opened')]
        : true;
    },
    summary: (v, _s, p) =>
      (p.latest('net.tcp.time_wait') ?? 0) >= 0.98 * portsOf(p)
        ? `${v} ports are reserved by closed connections (TIME_WAIT), and only ${formatCount(portsOf(p))} exist for one destination: new connections may find none.`
        : openedFromHere(p)
          ? `${v} ports are reserved by connections that were opened from here, ${formatCount(p.latest('net.tcp.opened') ?? 0)} a second; ${formatCount(portsOf(p))} exist for one destination.`
          : `${v} ports are reserved by closed connections (TIME_WAIT); ${formatCount(portsOf(p))} exist for one destination.`,
  },
  {
    id: 'net.orphans',
    what: 'sockets that no process owns, of their limit',
    summary: (v) => `Orphaned sockets fill ${v} of their limit.`,
  },
  {
    id: 'net.tcp_mem',
    what: 'memory in socket buffers, of tcp_mem',
    summary: (v) => `Socket buffers hold ${v} of the memory that TCP may use.`,
  },
  {
    id: 'net.udp_errors',
    what: 'datagrams lost because the receive buffer was full',
    normal: '0/s',
    summary: (v) =>
      `${each(v)} UDP datagrams a second are lost because a program does not read them in time.`,
  },
  {
    id: 'net.wg_stale',
    what: 'time since the last handshake',
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
    what: 'temperature of the drive',
    summary: (v, s) => `The drive ${s} is ${v} hot.`,
  },
  {
    id: 'smart.ssd_wear',
    what: 'wear',
    summary: (v, s) => `The drive ${s} has used up ${v} of the writes that it was made for.`,
  },
  {
    id: 'mail.queue',
    what: 'messages in the queue',
    only: (p) => {
      const usual = usualLevel(p, 'mail.queue');
      return (
        usual === undefined || (p.latest('mail.queue') ?? Infinity) > limitsOf('mail.queue').times * usual
      );
    },
    summary: (v) => `${v} messages wait in the mail queue.`,
  },
  {
    id: 'db.mysql_connections',
    name: () => 'mysql',
    what: 'connections, of max_connections',
    summary: (v) => `MySQL has used ${v} of its connections.`,
  },
  {
    id: 'db.mysql_slow',
    name: () => 'mysql',
    what: 'slow queries',
    summary: (v) => `MySQL logs ${each(v)} slow queries a second.`,
  },
  {
    id: 'db.mysql_low_hit',
    name: () => 'mysql',
    what: 'page reads that went to disk',
    only: (p) =>
      (p.latest('db.mysql.queries') ?? 0) > limitsOf('db.mysql_low_hit').queries ||
      // Few statements that read much; a dump reads everything once.
      (p
        .subjects('disk.reads')
        .some((disk) => (p.latest('disk.reads', disk) ?? 0) > limitsOf('db.mysql_low_hit').reads) &&
        !p.facts.processGroups?.some((g) => /^(mysqldump|mariadb-dump|mariabackup|xtrabackup)/.test(g.name))),
    summary: (v) => `InnoDB reads ${v} of its pages from disk: the buffer pool is small for what is asked.`,
  },
  {
    id: 'db.mysql_repl_lag',
    name: () => 'mysql',
    what: 'time behind the primary',
    summary: (v) => `The MySQL replica is ${v} behind.`,
  },
  {
    id: 'db.pg_connections',
    name: () => 'postgresql',
    what: 'connections, of max_connections',
    summary: (v) => `PostgreSQL has used ${v} of its connections.`,
  },
  {
    id: 'db.pg_wraparound',
    severity: 'warning',
    name: () => 'postgresql',
    what: 'age of the oldest transaction id, of the limit',
    summary: (v) => `PostgreSQL has used ${v} of its transaction ids since the last freeze.`,
  },
  {
    id: 'db.redis_maxmemory',
    name: () => 'redis',
    what: 'memory, of maxmemory',
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
    name: () => 'redis',
    what: 'connections refused for maxclients',
    normal: '0/s',
    summary: (v) => `Redis refuses ${each(v)} connections a second because maxclients is reached.`,
  },
  {
    id: 'sys.entropy',
    what: 'entropy',
    normal: 'above 200 bits',
    only: (p) => {
      const [, major = 0, minor = 0] = /^(\d+)\.(\d+)/.exec(p.facts.kernel?.release ?? '')?.map(Number) ?? [];
      return major > 0 && (major < 5 || (major === 5 && minor < 6));
    },
    summary: (v) => `The kernel has only ${v} bits of entropy; programs that need random numbers wait.`,
  },
];

export const bounds: Bound[] = rows.map(boundRow);

/** Whether a link is beyond the bound of a full one. */
function isFull(picture: Picture, link: string): boolean {
  return (picture.latest('net.utilization', link) ?? 0) > gaugeOf('net.saturated').raise;
}

function isStorage(picture: Picture, mount: string): boolean {
  return storageFilesystems(picture).some((fs) => fs.mount === mount) || !picture.facts.filesystems;
}

function usualLevel(picture: Picture, name: MetricName): number | undefined {
  return baseline(picture.series(name), picture.at - 3600)?.median;
}

/** net.ipv4.ip_local_port_range as the kernel sets it: 32768 to 60999. */
const usualPorts = 28_232;

function portsOf(picture: Picture): number {
  return picture.latest('net.tcp.ports') ?? usualPorts;
}

/** A server that others connect to reserves no port of its own: half of what is closed within the minute of TIME_WAIT, or more. */
function openedFromHere(picture: Picture): boolean {
  const opened = picture.latest('net.tcp.opened') ?? 0;
  const { share } = limitsOf('net.timewait');
  return 60 * opened > (share / 100) * (picture.latest('net.tcp.time_wait') ?? 0);
}
