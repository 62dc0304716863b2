// The metric catalogue: every series that the product stores, with unit, label, group and how to read it.
// It drives charts, rules and the OpenMetrics export. `per` names the entity that a series' subject stands for.

export type Unit =
  | 'percent'
  | 'bytes'
  | 'bytes/s'
  | 'count'
  | '/s'
  | 'seconds'
  | 'ms'
  | 'celsius'
  | 'rpm'
  | 'cores'
  | 'days'
  | 'ratio'
  | 'packets/s'
  | 'pages/s';

export interface Metric {
  unit: Unit;
  label: string;
  group: 'cpu' | 'memory' | 'disk' | 'network' | 'process' | 'service' | 'hardware' | 'probe' | 'agent';
  per?:
    | 'core'
    | 'mount'
    | 'device'
    | 'interface'
    | 'process'
    | 'cgroup'
    | 'sensor'
    | 'unit'
    | 'pool'
    | 'peer'
    | 'monitor'
    | 'array'
    | 'port';
  help: string;
}

export const metrics = {
  'cpu.user': {
    unit: 'percent',
    label: 'CPU user',
    group: 'cpu',
    help: 'Time in programs, all cores together are 100 %.',
  },
  'cpu.nice': {
    unit: 'percent',
    label: 'CPU nice',
    group: 'cpu',
    help: 'Time in programs of lowered priority.',
  },
  'cpu.system': {
    unit: 'percent',
    label: 'CPU system',
    group: 'cpu',
    help: 'Time in the kernel on behalf of programs.',
  },
  'cpu.iowait': {
    unit: 'percent',
    label: 'CPU iowait',
    group: 'cpu',
    help: 'Idle time while a task of that core waited for a disk. It is idle time, and weak evidence.',
  },
  'cpu.irq': { unit: 'percent', label: 'CPU irq', group: 'cpu', help: 'Time in hardware interrupts.' },
  'cpu.softirq': {
    unit: 'percent',
    label: 'CPU softirq',
    group: 'cpu',
    help: 'Time in deferred interrupt work, mostly network packets.',
  },
  'cpu.steal': {
    unit: 'percent',
    label: 'CPU steal',
    group: 'cpu',
    help: 'Time in which this machine wanted to run and the hypervisor ran something else.',
  },
  'cpu.idle': { unit: 'percent', label: 'CPU idle', group: 'cpu', help: 'Time with nothing to do.' },
  'cpu.busy': { unit: 'percent', label: 'CPU busy', group: 'cpu', help: '100 minus idle and iowait.' },
  'cpu.core.busy': {
    unit: 'percent',
    label: 'Core busy',
    group: 'cpu',
    per: 'core',
    help: 'Busy share of one core.',
  },
  'cpu.core.softirq': {
    unit: 'percent',
    label: 'Core softirq',
    group: 'cpu',
    per: 'core',
    help: 'Softirq share of one core; one full core drops packets while the mean looks fine.',
  },
  'cpu.load1': {
    unit: 'count',
    label: 'Load 1 min',
    group: 'cpu',
    help: 'Runnable plus uninterruptible tasks, damped. Not divided by cores.',
  },
  'cpu.load5': { unit: 'count', label: 'Load 5 min', group: 'cpu', help: 'As load 1 min, slower.' },
  'cpu.load15': { unit: 'count', label: 'Load 15 min', group: 'cpu', help: 'As load 1 min, slowest.' },
  'cpu.runnable': {
    unit: 'count',
    label: 'Runnable tasks',
    group: 'cpu',
    help: 'Tasks that run or wait for a core at this moment.',
  },
  'cpu.blocked': {
    unit: 'count',
    label: 'Blocked tasks',
    group: 'cpu',
    help: 'Tasks that wait for a disk at this moment.',
  },
  'cpu.context_switches': {
    unit: '/s',
    label: 'Context switches',
    group: 'cpu',
    help: 'How often a core changed from one task to another.',
  },
  'cpu.interrupts': { unit: '/s', label: 'Interrupts', group: 'cpu', help: 'Hardware interrupts.' },
  'cpu.forks': { unit: '/s', label: 'Processes created', group: 'cpu', help: 'New processes and threads.' },
  'cpu.pressure.some': {
    unit: 'percent',
    label: 'CPU pressure',
    group: 'cpu',
    help: 'PSI: share of time in which at least one task waited for a core (avg60).',
  },
  'cpu.throttles': {
    unit: '/s',
    label: 'Thermal throttling',
    group: 'cpu',
    help: 'Events in which a core was slowed because it was hot.',
  },
  'cpu.frequency': {
    unit: 'percent',
    label: 'CPU frequency',
    group: 'cpu',
    help: 'Mean frequency against the nominal one.',
  },

  'mem.total': { unit: 'bytes', label: 'RAM', group: 'memory', help: 'Memory that the kernel manages.' },
  'mem.available': {
    unit: 'bytes',
    label: 'Available',
    group: 'memory',
    help: 'What programs can still get without swapping. Not the same as free.',
  },
  'mem.available_percent': {
    unit: 'percent',
    label: 'Available share',
    group: 'memory',
    help: 'Available divided by RAM.',
  },
  'mem.free': {
    unit: 'bytes',
    label: 'Free',
    group: 'memory',
    help: 'Memory used for nothing. Near zero is normal.',
  },
  'mem.cached': {
    unit: 'bytes',
    label: 'Page cache',
    group: 'memory',
    help: 'File contents kept in memory; given back on demand.',
  },
  'mem.anon': {
    unit: 'bytes',
    label: 'Programs',
    group: 'memory',
    help: 'Anonymous memory of processes: heaps and stacks.',
  },
  'mem.shmem': {
    unit: 'bytes',
    label: 'Shared memory',
    group: 'memory',
    help: 'tmpfs and shared memory; cannot be dropped.',
  },
  'mem.dirty': {
    unit: 'bytes',
    label: 'Dirty',
    group: 'memory',
    help: 'Changed file pages that wait to be written, with those being written.',
  },
  'mem.slab_unreclaimable': {
    unit: 'bytes',
    label: 'Kernel slab, fixed',
    group: 'memory',
    help: 'Kernel objects that cannot be dropped.',
  },
  'mem.slab_reclaimable': {
    unit: 'bytes',
    label: 'Kernel slab, droppable',
    group: 'memory',
    help: 'Kernel caches that shrink under pressure.',
  },
  'mem.committed': {
    unit: 'bytes',
    label: 'Committed',
    group: 'memory',
    help: 'Memory promised to programs.',
  },
  'mem.commit_limit': {
    unit: 'bytes',
    label: 'Commit limit',
    group: 'memory',
    help: 'Upper bound of promises when overcommit is off.',
  },
  'mem.hugepages_free': {
    unit: 'bytes',
    label: 'Huge pages unused',
    group: 'memory',
    help: 'Reserved as huge pages and used by nobody.',
  },
  'mem.hugepages_total': {
    unit: 'bytes',
    label: 'Huge pages',
    group: 'memory',
    help: 'Reserved as huge pages.',
  },
  'mem.hardware_corrupted': {
    unit: 'bytes',
    label: 'Corrupted memory',
    group: 'memory',
    help: 'Pages that the kernel retired after hardware errors.',
  },
  'mem.swap_total': { unit: 'bytes', label: 'Swap', group: 'memory', help: 'Size of all swap.' },
  'mem.swap_used': {
    unit: 'bytes',
    label: 'Swap used',
    group: 'memory',
    help: 'Pages out in swap. Used is not the same as swapping.',
  },
  'mem.swap_used_percent': {
    unit: 'percent',
    label: 'Swap used share',
    group: 'memory',
    help: 'Used swap divided by swap.',
  },
  'mem.swap_in': {
    unit: 'pages/s',
    label: 'Swapped in',
    group: 'memory',
    help: 'Pages read back from swap: the number that hurts.',
  },
  'mem.swap_out': { unit: 'pages/s', label: 'Swapped out', group: 'memory', help: 'Pages written to swap.' },
  'mem.major_faults': {
    unit: '/s',
    label: 'Major faults',
    group: 'memory',
    help: 'Page faults that had to wait for a disk.',
  },
  'mem.oom_kills': {
    unit: 'count',
    label: 'OOM kills',
    group: 'memory',
    help: 'Processes killed for lack of memory since boot (vmstat oom_kill).',
  },
  'mem.scan_direct': {
    unit: 'pages/s',
    label: 'Direct reclaim',
    group: 'memory',
    help: 'Pages scanned by tasks that had to free memory themselves.',
  },
  'mem.compact_stalls': {
    unit: '/s',
    label: 'Compaction stalls',
    group: 'memory',
    help: 'Times a task waited while memory was compacted for a huge page.',
  },
  'mem.refaults': {
    unit: 'pages/s',
    label: 'Refaults',
    group: 'memory',
    help: 'File pages that were dropped and needed again soon: the cache is too small.',
  },
  'mem.pressure.some': {
    unit: 'percent',
    label: 'Memory pressure, some',
    group: 'memory',
    help: 'PSI: share of time in which a task waited for memory (avg60).',
  },
  'mem.pressure.full': {
    unit: 'percent',
    label: 'Memory pressure, full',
    group: 'memory',
    help: 'PSI: share of time in which all tasks waited for memory (avg60).',
  },
  'mem.balloon': {
    unit: 'bytes',
    label: 'Balloon',
    group: 'memory',
    help: 'Memory taken back by the hypervisor.',
  },

  'fs.size': { unit: 'bytes', label: 'Size', group: 'disk', per: 'mount', help: 'Size of a filesystem.' },
  'fs.available': {
    unit: 'bytes',
    label: 'Available',
    group: 'disk',
    per: 'mount',
    help: 'Space an ordinary user can still write.',
  },
  'fs.used_percent': {
    unit: 'percent',
    label: 'Space used',
    group: 'disk',
    per: 'mount',
    help: 'Used / (used + available), as df counts.',
  },
  'fs.inodes_used_percent': {
    unit: 'percent',
    label: 'Inodes used',
    group: 'disk',
    per: 'mount',
    help: 'Used inodes of all inodes.',
  },
  'fs.deleted_open': {
    unit: 'bytes',
    label: 'Deleted, still open',
    group: 'disk',
    per: 'mount',
    help: 'Space of deleted files that a process still holds.',
  },
  'disk.reads': {
    unit: '/s',
    label: 'Reads',
    group: 'disk',
    per: 'device',
    help: 'Read operations completed.',
  },
  'disk.writes': {
    unit: '/s',
    label: 'Writes',
    group: 'disk',
    per: 'device',
    help: 'Write operations completed.',
  },
  'disk.read_bytes': { unit: 'bytes/s', label: 'Read', group: 'disk', per: 'device', help: 'Bytes read.' },
  'disk.write_bytes': {
    unit: 'bytes/s',
    label: 'Written',
    group: 'disk',
    per: 'device',
    help: 'Bytes written.',
  },
  'disk.read_await': {
    unit: 'ms',
    label: 'Read latency',
    group: 'disk',
    per: 'device',
    help: 'Mean time from request to answer of a read.',
  },
  'disk.write_await': {
    unit: 'ms',
    label: 'Write latency',
    group: 'disk',
    per: 'device',
    help: 'Mean time from request to answer of a write.',
  },
  'disk.await': {
    unit: 'ms',
    label: 'Latency',
    group: 'disk',
    per: 'device',
    help: 'Mean time from request to answer.',
  },
  'disk.queue': {
    unit: 'count',
    label: 'Queue',
    group: 'disk',
    per: 'device',
    help: 'Mean number of requests under way or waiting.',
  },
  'disk.busy': {
    unit: 'percent',
    label: 'Busy',
    group: 'disk',
    per: 'device',
    help: 'Time with at least one request under way. An SSD at 100 % may have room left.',
  },
  'disk.io_errors': {
    unit: 'count',
    label: 'I/O errors',
    group: 'disk',
    per: 'device',
    help: 'Errors counted by the device layer since boot.',
  },
  'io.pressure.some': {
    unit: 'percent',
    label: 'I/O pressure, some',
    group: 'disk',
    help: 'PSI: share of time in which a task waited for a disk (avg60).',
  },
  'io.pressure.full': {
    unit: 'percent',
    label: 'I/O pressure, full',
    group: 'disk',
    help: 'PSI: share of time in which all tasks waited for a disk (avg60).',
  },

  'net.rx_bytes': {
    unit: 'bytes/s',
    label: 'Received',
    group: 'network',
    per: 'interface',
    help: 'Bytes received.',
  },
  'net.tx_bytes': { unit: 'bytes/s', label: 'Sent', group: 'network', per: 'interface', help: 'Bytes sent.' },
  'net.rx_packets': {
    unit: 'packets/s',
    label: 'Packets received',
    group: 'network',
    per: 'interface',
    help: 'Packets received.',
  },
  'net.tx_packets': {
    unit: 'packets/s',
    label: 'Packets sent',
    group: 'network',
    per: 'interface',
    help: 'Packets sent.',
  },
  'net.errors': {
    unit: '/s',
    label: 'Errors',
    group: 'network',
    per: 'interface',
    help: 'Damaged frames in both directions: cable, optics, duplex.',
  },
  'net.drops': {
    unit: '/s',
    label: 'Drops',
    group: 'network',
    per: 'interface',
    help: 'Packets dropped in both directions.',
  },
  'net.fifo': {
    unit: '/s',
    label: 'FIFO overruns',
    group: 'network',
    per: 'interface',
    help: 'Frames lost because the card was not emptied in time.',
  },
  'net.utilization': {
    unit: 'percent',
    label: 'Link use',
    group: 'network',
    per: 'interface',
    help: 'The busier direction against the link speed.',
  },
  'net.tcp.established': {
    unit: 'count',
    label: 'TCP established',
    group: 'network',
    help: 'Open TCP connections.',
  },
  'net.tcp.time_wait': {
    unit: 'count',
    label: 'TCP TIME-WAIT',
    group: 'network',
    help: 'Closed connections whose port is still reserved.',
  },
  'net.tcp.orphans': {
    unit: 'count',
    label: 'TCP orphans',
    group: 'network',
    help: 'Connections that no process owns any more.',
  },
  'net.tcp.syn_recv': {
    unit: 'count',
    label: 'TCP half open',
    group: 'network',
    help: 'Handshakes that are not finished.',
  },
  'net.tcp.memory': {
    unit: 'bytes',
    label: 'TCP memory',
    group: 'network',
    help: 'Memory in socket buffers.',
  },
  'net.tcp.memory_percent': {
    unit: 'percent',
    label: 'TCP memory share',
    group: 'network',
    help: 'TCP memory against the hard limit of tcp_mem.',
  },
  'net.tcp.orphans_percent': {
    unit: 'percent',
    label: 'TCP orphans share',
    group: 'network',
    help: 'Orphans against tcp_max_orphans.',
  },
  'net.tcp.out_segments': {
    unit: '/s',
    label: 'TCP segments sent',
    group: 'network',
    help: 'Segments sent.',
  },
  'net.tcp.retransmits': {
    unit: '/s',
    label: 'TCP retransmitted',
    group: 'network',
    help: 'Segments sent again.',
  },
  'net.tcp.retransmit_percent': {
    unit: 'percent',
    label: 'TCP retransmit share',
    group: 'network',
    help: 'Segments sent again of all segments sent.',
  },
  'net.tcp.resets': {
    unit: '/s',
    label: 'TCP resets sent',
    group: 'network',
    help: 'Connections refused or cut by this side.',
  },
  'net.tcp.opened': {
    unit: '/s',
    label: 'TCP connections opened',
    group: 'network',
    help: 'Connections that this side opened to others; each takes a local port.',
  },
  'net.tcp.listen_overflows': {
    unit: '/s',
    label: 'Accept queue overflows',
    group: 'network',
    help: 'Connections lost because a program did not accept them in time.',
  },
  'net.tcp.syn_cookies': {
    unit: '/s',
    label: 'SYN cookies',
    group: 'network',
    help: 'Handshakes answered with a cookie because the queue was full.',
  },
  'net.udp.receive_errors': {
    unit: '/s',
    label: 'UDP buffer errors',
    group: 'network',
    help: 'Datagrams lost because the receive buffer was full.',
  },
  'net.conntrack_percent': {
    unit: 'percent',
    label: 'Connection tracking',
    group: 'network',
    help: 'Entries of the connection tracking table against its limit.',
  },
  'net.conntrack': {
    unit: 'count',
    label: 'Tracked connections',
    group: 'network',
    help: 'Entries of the connection tracking table.',
  },
  'net.softnet_dropped': {
    unit: '/s',
    label: 'Backlog drops',
    group: 'network',
    help: 'Packets dropped because the kernel backlog was full.',
  },
  'net.softnet_squeezed': {
    unit: '/s',
    label: 'Backlog squeezes',
    group: 'network',
    help: 'Times the kernel ran out of its time slice for packets.',
  },
  'net.nfs_retransmit_percent': {
    unit: 'percent',
    label: 'NFS retransmissions',
    group: 'network',
    help: 'Calls to NFS servers that had to be sent again.',
  },
  'net.wireguard_age': {
    unit: 'seconds',
    label: 'Handshake age',
    group: 'network',
    per: 'peer',
    help: 'Time since the last handshake of a peer.',
  },

  'proc.count': { unit: 'count', label: 'Processes', group: 'process', help: 'Processes, all together.' },
  'proc.threads': { unit: 'count', label: 'Threads', group: 'process', help: 'Threads, all together.' },
  'proc.threads_percent': {
    unit: 'percent',
    label: 'Thread space',
    group: 'process',
    help: 'Threads against the smaller of pid_max and threads-max.',
  },
  'proc.zombies': {
    unit: 'count',
    label: 'Zombies',
    group: 'process',
    help: 'Ended processes whose parent has not collected them.',
  },
  'proc.uninterruptible': {
    unit: 'count',
    label: 'In D state',
    group: 'process',
    help: 'Tasks in uninterruptible sleep; they count in the load.',
  },
  'proc.group.cpu': {
    unit: 'percent',
    label: 'CPU',
    group: 'process',
    per: 'process',
    help: 'CPU of all processes of that name, in percent of one core.',
  },
  'proc.group.rss': {
    unit: 'bytes',
    label: 'Resident memory',
    group: 'process',
    per: 'process',
    help: 'Resident memory of all processes of that name; shared pages are counted in each.',
  },
  'proc.group.swap': {
    unit: 'bytes',
    label: 'In swap',
    group: 'process',
    per: 'process',
    help: 'Memory of these processes that lies in swap.',
  },
  'proc.group.count': {
    unit: 'count',
    label: 'Processes',
    group: 'process',
    per: 'process',
    help: 'Processes of that name.',
  },
  'proc.group.threads': {
    unit: 'count',
    label: 'Threads',
    group: 'process',
    per: 'process',
    help: 'Threads of these processes.',
  },
  'proc.group.read_bytes': {
    unit: 'bytes/s',
    label: 'Read',
    group: 'process',
    per: 'process',
    help: 'Bytes that these processes made disks read.',
  },
  'proc.group.write_bytes': {
    unit: 'bytes/s',
    label: 'Written',
    group: 'process',
    per: 'process',
    help: 'Bytes that these processes made disks write.',
  },
  'proc.group.open_files_percent': {
    unit: 'percent',
    label: 'Open files',
    group: 'process',
    per: 'process',
    help: 'Open files of the fullest of these processes against its soft limit.',
  },
  'proc.files_percent': {
    unit: 'percent',
    label: 'File handles',
    group: 'process',
    help: 'Open files of the whole system against fs.file-max.',
  },
  'sys.entropy': {
    unit: 'count',
    label: 'Entropy',
    group: 'process',
    help: 'Bits in the pool; a fixed 256 since kernel 5.10.',
  },

  'cgroup.cpu': {
    unit: 'percent',
    label: 'CPU',
    group: 'service',
    per: 'cgroup',
    help: 'CPU of a service, in percent of one core.',
  },
  'cgroup.throttled_percent': {
    unit: 'percent',
    label: 'Throttled periods',
    group: 'service',
    per: 'cgroup',
    help: 'Share of periods in which the CPU quota of a service was used up.',
  },
  'cgroup.memory': {
    unit: 'bytes',
    label: 'Memory',
    group: 'service',
    per: 'cgroup',
    help: 'Memory charged to a service, with its page cache.',
  },
  'cgroup.anon': {
    unit: 'bytes',
    label: 'Memory without cache',
    group: 'service',
    per: 'cgroup',
    help: 'Anonymous memory of a service.',
  },
  'cgroup.memory_percent': {
    unit: 'percent',
    label: 'Memory limit',
    group: 'service',
    per: 'cgroup',
    help: 'Anonymous memory against the limit of a service.',
  },
  'cgroup.oom_kills': {
    unit: 'count',
    label: 'OOM kills',
    group: 'service',
    per: 'cgroup',
    help: 'Kills by the limit of a service since it started.',
  },
  'cgroup.pids_percent': {
    unit: 'percent',
    label: 'Task limit',
    group: 'service',
    per: 'cgroup',
    help: 'Tasks of a service against its limit.',
  },
  'cgroup.io_bytes': {
    unit: 'bytes/s',
    label: 'I/O',
    group: 'service',
    per: 'cgroup',
    help: 'Bytes read and written by a service.',
  },
  'cgroup.io_pressure': {
    unit: 'percent',
    label: 'I/O pressure',
    group: 'service',
    per: 'cgroup',
    help: 'PSI some of a service (avg60).',
  },
  'cgroup.memory_pressure': {
    unit: 'percent',
    label: 'Memory pressure',
    group: 'service',
    per: 'cgroup',
    help: 'Part of the time in which tasks of a service wait for memory (PSI some, avg60).',
  },
  'unit.restarts': {
    unit: 'count',
    label: 'Restarts',
    group: 'service',
    per: 'unit',
    help: 'Automatic restarts of a unit since it was loaded.',
  },
  'mail.queue': { unit: 'count', label: 'Mail queue', group: 'service', help: 'Messages in the queue.' },
  'db.mysql.connections_percent': {
    unit: 'percent',
    label: 'MySQL connections',
    group: 'service',
    help: 'Connections against max_connections.',
  },
  'db.mysql.slow_queries': {
    unit: '/s',
    label: 'MySQL slow queries',
    group: 'service',
    help: 'Queries over long_query_time.',
  },
  'db.mysql.queries': { unit: '/s', label: 'MySQL queries', group: 'service', help: 'Statements executed.' },
  'db.mysql.running': {
    unit: 'count',
    label: 'MySQL running threads',
    group: 'service',
    help: 'Threads that execute a statement now.',
  },
  'db.mysql.row_lock_waits': {
    unit: '/s',
    label: 'MySQL row lock waits',
    group: 'service',
    help: 'Statements that had to wait for a row lock.',
  },
  'db.mysql.row_lock_current': {
    unit: 'count',
    label: 'MySQL statements that wait for a row',
    group: 'service',
    help: 'Statements that wait for a row lock at this moment.',
  },
  'db.mysql.buffer_miss_percent': {
    unit: 'percent',
    label: 'InnoDB misses',
    group: 'service',
    help: 'Page reads that had to go to disk.',
  },
  'db.mysql.replica_lag': {
    unit: 'seconds',
    label: 'MySQL replica lag',
    group: 'service',
    help: 'Seconds behind the primary.',
  },
  'db.postgresql.connections_percent': {
    unit: 'percent',
    label: 'PostgreSQL connections',
    group: 'service',
    help: 'Connections against max_connections.',
  },
  'db.postgresql.idle_tx_seconds': {
    unit: 'seconds',
    label: 'PostgreSQL idle in transaction',
    group: 'service',
    help: 'Age of the oldest idle transaction.',
  },
  'db.postgresql.xid_percent': {
    unit: 'percent',
    label: 'PostgreSQL transaction ids',
    group: 'service',
    help: 'Age of the oldest transaction id against the limit.',
  },
  'db.redis.memory_percent': {
    unit: 'percent',
    label: 'Redis memory',
    group: 'service',
    help: 'Used memory against maxmemory.',
  },
  'db.redis.rejected': {
    unit: '/s',
    label: 'Redis rejected',
    group: 'service',
    help: 'Connections refused for maxclients.',
  },
  'web.requests': {
    unit: '/s',
    label: 'Requests',
    group: 'service',
    help: 'Requests that web servers answered: how much their access logs grew, by the length of a line.',
  },
  'web.log_bytes': {
    unit: 'bytes/s',
    label: 'Access logs',
    group: 'service',
    help: 'What web servers wrote to their access logs.',
  },
  'web.log_line': {
    unit: 'bytes',
    label: 'Line of an access log',
    group: 'service',
    help: 'Mean length of the newest lines.',
  },
  'net.carrier_changes': {
    unit: 'count',
    label: 'Carrier changes',
    group: 'network',
    per: 'interface',
    help: 'How often the link came or went since the interface was made.',
  },
  'net.port.connections': {
    unit: 'count',
    label: 'Connections of a port',
    group: 'network',
    per: 'port',
    help: 'Established TCP connections to a port of this server.',
  },

  'hw.temperature': {
    unit: 'celsius',
    label: 'Temperature',
    group: 'hardware',
    per: 'sensor',
    help: 'A temperature sensor.',
  },
  'hw.fan': { unit: 'rpm', label: 'Fan', group: 'hardware', per: 'sensor', help: 'A fan.' },
  'smart.temperature': {
    unit: 'celsius',
    label: 'Drive temperature',
    group: 'hardware',
    per: 'device',
    help: 'Temperature of a drive.',
  },
  'smart.reallocated': {
    unit: 'count',
    label: 'Reallocated sectors',
    group: 'hardware',
    per: 'device',
    help: 'Attribute 5, raw.',
  },
  'smart.pending': {
    unit: 'count',
    label: 'Pending sectors',
    group: 'hardware',
    per: 'device',
    help: 'Attribute 197, raw.',
  },
  'smart.offline_uncorrectable': {
    unit: 'count',
    label: 'Uncorrectable sectors',
    group: 'hardware',
    per: 'device',
    help: 'Attribute 198, raw.',
  },
  'smart.reported_uncorrectable': {
    unit: 'count',
    label: 'Uncorrectable errors',
    group: 'hardware',
    per: 'device',
    help: 'Attribute 187, raw.',
  },
  'smart.command_timeouts': {
    unit: 'count',
    label: 'Command timeouts',
    group: 'hardware',
    per: 'device',
    help: 'Attribute 188, low 16 bits of raw.',
  },
  'smart.crc_errors': {
    unit: 'count',
    label: 'CRC errors',
    group: 'hardware',
    per: 'device',
    help: 'Attribute 199, raw: the cable.',
  },
  'smart.wear_percent': {
    unit: 'percent',
    label: 'Wear',
    group: 'hardware',
    per: 'device',
    help: 'NVMe percentage used, or 100 minus the SATA wear indicator.',
  },
  'smart.media_errors': {
    unit: 'count',
    label: 'Media errors',
    group: 'hardware',
    per: 'device',
    help: 'NVMe media and data integrity errors.',
  },
  'edac.corrected': {
    unit: 'count',
    label: 'ECC corrected',
    group: 'hardware',
    per: 'device',
    help: 'Corrected memory errors since boot.',
  },
  'edac.uncorrected': {
    unit: 'count',
    label: 'ECC uncorrected',
    group: 'hardware',
    per: 'device',
    help: 'Uncorrected memory errors since boot.',
  },
  'md.progress': {
    unit: 'percent',
    label: 'RAID progress',
    group: 'hardware',
    per: 'array',
    help: 'Progress of a check or rebuild.',
  },
  'ups.charge': {
    unit: 'percent',
    label: 'UPS charge',
    group: 'hardware',
    per: 'device',
    help: 'Battery charge.',
  },

  'clock.offset': {
    unit: 'seconds',
    label: 'Clock offset',
    group: 'agent',
    help: 'Offset of the clock as its own service estimates it.',
  },
  'agent.clock_skew': {
    unit: 'seconds',
    label: 'Clock against Rootnote',
    group: 'agent',
    help: 'Time of the report minus the time of its arrival.',
  },
  'agent.duration': {
    unit: 'seconds',
    label: 'Agent run time',
    group: 'agent',
    help: 'Time from start to end of a run.',
  },
  'agent.bytes': {
    unit: 'bytes',
    label: 'Report size',
    group: 'agent',
    help: 'Size of a report before compression.',
  },

  'probe.ms': {
    unit: 'ms',
    label: 'Response time',
    group: 'probe',
    per: 'monitor',
    help: 'Total time of a probe.',
  },
  'probe.loss': {
    unit: 'percent',
    label: 'Packet loss',
    group: 'probe',
    per: 'monitor',
    help: 'Echo requests without an answer.',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** The row of a metric, typed as the general shape. */
export function metric(name: MetricName): Metric {
  return metrics[name];
}
