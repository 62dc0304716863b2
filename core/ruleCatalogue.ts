// Every problem that the product knows: id, severity, name, and the heading of the article that tells what to do.
// Rule ids are the contract between rules, incidents, articles (`/alerts/<rule-id>/`) and the API: never renamed, never reused.
import type { Severity } from './severity.ts';

export interface RuleEntry {
  severity: Severity;
  title: string;
  /** Path and anchor in the knowledge base. */
  article: string;
}

export const ruleCatalogue = {
  'cpu.saturated': {
    severity: 'warning',
    title: 'CPU is saturated: more runnable work than cores',
    article: '/problems/high-cpu-usage/#check',
  },
  'cpu.load_high': {
    severity: 'info',
    title: 'Load average is high for the number of cores',
    article: '/problems/high-load-average/#check',
  },
  'cpu.iowait': {
    severity: 'warning',
    title: 'CPUs idle because tasks wait for storage',
    article: '/problems/high-iowait/#check',
  },
  'cpu.steal': {
    severity: 'warning',
    title: 'Hypervisor withholds CPU time (steal)',
    article: '/problems/cpu-steal-high/#check',
  },
  'cpu.system_high': {
    severity: 'warning',
    title: 'Kernel time dominates',
    article: '/problems/system-cpu-time-high/#check',
  },
  'cpu.softirq_high': {
    severity: 'warning',
    title: 'Network interrupt work saturates a core',
    article: '/problems/runaway-interrupts/#check',
  },
  'cpu.one_core_pinned': {
    severity: 'info',
    title: 'One core at 100% while others idle',
    article: '/problems/single-core-saturated/#check',
  },
  'cpu.ctx_switch_storm': {
    severity: 'info',
    title: 'Context switches far above normal',
    article: '/problems/context-switches-high/#check',
  },
  'cpu.throttled_cgroup': {
    severity: 'warning',
    title: 'A service is throttled by its CPU quota',
    article: '/problems/cpu-throttled/#quota',
  },
  'cpu.thermal_throttle': {
    severity: 'warning',
    title: 'CPU slowed because it is hot',
    article: '/problems/cpu-throttled/#heat',
  },
  'proc.runaway': {
    severity: 'warning',
    title: 'One process eats CPU far beyond its own normal',
    article: '/problems/high-cpu-usage/#cause-process',
  },
  'proc.zombies': {
    severity: 'info',
    title: 'Zombie processes accumulate',
    article: '/problems/zombie-processes/#check',
  },
  'proc.dstate': {
    severity: 'warning',
    title: 'Tasks stuck in uninterruptible sleep',
    article: '/problems/processes-in-d-state/#check',
  },
  'proc.fork_storm': {
    severity: 'warning',
    title: 'Very many process creations',
    article: '/problems/too-many-processes/#fork-storm',
  },
  'proc.pid_exhaustion': {
    severity: 'critical',
    title: 'PID/thread space nearly used',
    article: '/problems/too-many-processes/#pid-limit',
  },
  'proc.unit_tasks_limit': {
    severity: 'warning',
    title: 'Service near its TasksMax',
    article: '/problems/too-many-processes/#tasksmax',
  },
  'proc.fd_system': {
    severity: 'critical',
    title: 'System file handle table nearly full',
    article: '/problems/too-many-open-files/#system',
  },
  'proc.fd_process': {
    severity: 'warning',
    title: 'A process approaches its open-file limit',
    article: '/problems/too-many-open-files/#process',
  },
  'proc.vanished': {
    severity: 'critical',
    title: 'A process that always ran is gone',
    article: '/problems/process-missing/#check',
  },
  'proc.suspicious': {
    severity: 'critical',
    title: 'Unknown binary burning CPU or run from a temp dir',
    article: '/problems/cryptominer-found/#check',
  },
  'mem.low': {
    severity: 'warning',
    title: 'Little memory is available',
    article: '/problems/memory-pressure-oom-killer/#low',
  },
  'mem.critical': {
    severity: 'critical',
    title: 'Memory exhausted, OOM imminent',
    article: '/problems/memory-pressure-oom-killer/#act-now',
  },
  'mem.pressure': {
    severity: 'warning',
    title: 'Tasks stall on memory reclaim',
    article: '/problems/pressure-stall-high/#memory',
  },
  'mem.swap_thrash': {
    severity: 'critical',
    title: 'Server is swapping in and out continuously',
    article: '/problems/swap-thrashing/#check',
  },
  'mem.swap_used': {
    severity: 'info',
    title: 'Swap is mostly used but quiet',
    article: '/problems/swap-thrashing/#swap-used-is-fine',
  },
  'mem.no_swap': {
    severity: 'info',
    title: 'No swap configured on a small server',
    article: '/problems/no-swap-configured/#check',
  },
  'mem.leak': {
    severity: 'warning',
    title: 'A process grows steadily (leak)',
    article: '/problems/memory-leak/#check',
  },
  'mem.time_to_exhaust': {
    severity: 'warning',
    title: 'Memory will be exhausted soon',
    article: '/problems/memory-leak/#forecast',
  },
  'mem.oom_kill': {
    severity: 'critical',
    title: 'Kernel killed a process for lack of memory',
    article: '/problems/memory-pressure-oom-killer/#who-was-killed',
  },
  'mem.cgroup_oom': {
    severity: 'critical',
    title: 'Service hit its own memory limit',
    article: '/problems/cgroup-memory-limit/#killed',
  },
  'mem.cgroup_near_limit': {
    severity: 'warning',
    title: 'Service close to its memory limit',
    article: '/problems/cgroup-memory-limit/#check',
  },
  'mem.overcommit': {
    severity: 'warning',
    title: 'More memory promised than can be backed',
    article: '/problems/memory-limits-exceed-ram/#overcommit',
  },
  'mem.slab_leak': {
    severity: 'warning',
    title: 'Kernel slab memory grows unbounded',
    article: '/problems/slab-memory-growth/#check',
  },
  'mem.hugepages_waste': {
    severity: 'info',
    title: 'Reserved huge pages unused',
    article: '/problems/hugepages-misconfigured/#check',
  },
  'mem.thp_latency': {
    severity: 'info',
    title: 'Transparent huge pages hurt latency of DB/redis',
    article: '/problems/transparent-hugepage-latency/#check',
  },
  'mem.tmpfs_full': {
    severity: 'warning',
    title: 'tmpfs consumes RAM',
    article: '/problems/tmpfs-shm-full/#check',
  },
  'mem.hw_corrupt': {
    severity: 'critical',
    title: 'Memory pages retired by hardware error',
    article: '/problems/ecc-memory-errors/#check',
  },
  'mem.ecc_corrected': {
    severity: 'warning',
    title: 'Corrected ECC errors rise',
    article: '/problems/ecc-memory-errors/#check',
  },
  'mem.ecc_uncorrected': {
    severity: 'critical',
    title: 'Uncorrected ECC error',
    article: '/problems/ecc-memory-errors/#check',
  },
  'disk.full': {
    severity: 'critical',
    title: 'Filesystem is full or nearly full',
    article: '/problems/filesystem-almost-full/#check',
  },
  'disk.fill_forecast': {
    severity: 'warning',
    title: 'Filesystem will be full soon',
    article: '/problems/filesystem-almost-full/#forecast',
  },
  'disk.inodes_full': {
    severity: 'critical',
    title: 'No free inodes',
    article: '/problems/inodes-exhausted/#check',
  },
  'disk.inode_forecast': {
    severity: 'warning',
    title: 'Inodes will run out soon',
    article: '/problems/inodes-exhausted/#check',
  },
  'disk.deleted_open': {
    severity: 'warning',
    title: 'Space held by deleted but open files',
    article: '/problems/deleted-files-still-open/#check',
  },
  'disk.readonly': {
    severity: 'critical',
    title: 'Filesystem went read-only',
    article: '/problems/filesystem-read-only/#check',
  },
  'disk.fs_errors': {
    severity: 'critical',
    title: 'Filesystem reports errors',
    article: '/problems/filesystem-corruption/#check',
  },
  'disk.mount_missing': {
    severity: 'critical',
    title: 'An fstab mount is absent',
    article: '/problems/mount-missing-after-boot/#check',
  },
  'disk.latency': {
    severity: 'warning',
    title: 'Disk answers slowly',
    article: '/problems/disk-latency-high/#check',
  },
  'disk.saturated': {
    severity: 'warning',
    title: 'Disk busy all the time',
    article: '/problems/disk-latency-high/#saturation',
  },
  'disk.errors': {
    severity: 'critical',
    title: 'Block I/O errors',
    article: '/problems/io-errors-in-kernel-log/#check',
  },
  'disk.cloud_throttle': {
    severity: 'info',
    title: 'Cloud volume hits its IOPS/throughput cap',
    article: '/problems/cloud-disk-throttled/#check',
  },
  'disk.fsync_stall': {
    severity: 'warning',
    title: 'Dirty pages pile up then flush stalls',
    article: '/problems/dirty-writeback-stalls/#check',
  },
  'disk.sync_storm': {
    severity: 'info',
    title: 'Very frequent sync() calls',
    article: '/problems/dirty-writeback-stalls/#sync-storm',
  },
  'disk.lvm_thin_full': {
    severity: 'critical',
    title: 'LVM thin pool data or metadata nearly full',
    article: '/problems/lvm-thin-pool-full/#check',
  },
  'disk.zfs_degraded': {
    severity: 'critical',
    title: 'ZFS pool degraded or faulted',
    article: '/problems/zfs-pool-degraded/#check',
  },
  'disk.zfs_capacity': {
    severity: 'warning',
    title: 'ZFS pool almost full',
    article: '/problems/zfs-pool-degraded/#check',
  },
  'disk.btrfs_alloc': {
    severity: 'warning',
    title: 'btrfs has no unallocated chunks',
    article: '/problems/btrfs-device-errors/#balance',
  },
  'disk.nfs_stall': {
    severity: 'warning',
    title: 'Network filesystem not responding',
    article: '/problems/nfs-mount-hangs/#check',
  },
  'smart.failed': {
    severity: 'critical',
    title: 'Drive self-assessment FAILED',
    article: '/problems/disk-failing-smart/#check',
  },
  'smart.reallocated': {
    severity: 'warning',
    title: 'Reallocated sectors (attr 5)',
    article: '/problems/pending-reallocated-sectors/#reallocated',
  },
  'smart.pending': {
    severity: 'critical',
    title: 'Pending or offline-uncorrectable sectors (197/198)',
    article: '/problems/pending-reallocated-sectors/#check',
  },
  'smart.uncorrectable': {
    severity: 'critical',
    title: 'Reported uncorrectable errors (187)',
    article: '/problems/pending-reallocated-sectors/#uncorrectable',
  },
  'smart.timeout': {
    severity: 'warning',
    title: 'Command timeouts (188)',
    article: '/problems/io-errors-in-kernel-log/#timeouts',
  },
  'smart.combo': {
    severity: 'critical',
    title: 'Several failure predictors non-zero together',
    article: '/problems/disk-failing-smart/#combination',
  },
  'smart.crc': {
    severity: 'info',
    title: 'Interface CRC errors (199)',
    article: '/problems/sata-crc-errors/#check',
  },
  'smart.ssd_wear': {
    severity: 'warning',
    title: 'SSD near end of life',
    article: '/problems/nvme-wear-spare-low/#wear',
  },
  'smart.nvme_spare': {
    severity: 'critical',
    title: 'NVMe spare below threshold',
    article: '/problems/nvme-wear-spare-low/#check',
  },
  'smart.nvme_critical': {
    severity: 'critical',
    title: 'NVMe critical_warning bit set',
    article: '/problems/nvme-wear-spare-low/#critical-warning',
  },
  'smart.nvme_media': {
    severity: 'warning',
    title: 'NVMe media errors rise',
    article: '/problems/nvme-wear-spare-low/#media-errors',
  },
  'smart.temp': { severity: 'warning', title: 'Drive too hot', article: '/problems/high-temperature/#drive' },
  'smart.selftest_old': {
    severity: 'info',
    title: 'No successful self-test lately',
    article: '/problems/disk-failing-smart/#self-test',
  },
  'raid.degraded': {
    severity: 'critical',
    title: 'RAID array runs without redundancy',
    article: '/problems/raid-degraded/#check',
  },
  'raid.disk_failed': {
    severity: 'warning',
    title: 'RAID member marked failed',
    article: '/problems/raid-degraded/#check',
  },
  'raid.resync': {
    severity: 'info',
    title: 'RAID rebuild/check running',
    article: '/problems/raid-resync-slow/#check',
  },
  'raid.mismatch': {
    severity: 'warning',
    title: 'Array copies disagree',
    article: '/problems/raid-mismatch-count/#check',
  },
  'raid.no_spare_risk': {
    severity: 'warning',
    title: 'Degraded and another member shows SMART errors',
    article: '/problems/raid-next-disk-weak/#check',
  },
  'raid.bbu': {
    severity: 'warning',
    title: 'RAID controller battery bad',
    article: '/problems/raid-controller-battery/#check',
  },
  'raid.hw_predictive': {
    severity: 'warning',
    title: 'Controller reports predictive failure',
    article: '/problems/hardware-raid-drive-failed/#predictive',
  },
  'net.errors': {
    severity: 'warning',
    title: 'Interface errors',
    article: '/problems/network-errors-drops/#check',
  },
  'net.drops': {
    severity: 'warning',
    title: 'Packets dropped by interface',
    article: '/problems/network-errors-drops/#drops',
  },
  'net.fifo': {
    severity: 'warning',
    title: 'NIC FIFO overruns',
    article: '/problems/network-errors-drops/#fifo',
  },
  'net.saturated': {
    severity: 'warning',
    title: 'Link near line rate',
    article: '/problems/bandwidth-saturated/#check',
  },
  'net.link_down': {
    severity: 'critical',
    title: 'Used interface lost carrier',
    article: '/problems/network-interface-down/#check',
  },
  'net.link_slow': {
    severity: 'warning',
    title: 'Link negotiated lower speed or half duplex',
    article: '/problems/link-speed-duplex-mismatch/#check',
  },
  'net.bond_degraded': {
    severity: 'warning',
    title: 'Bond lost a slave',
    article: '/problems/network-interface-down/#bond',
  },
  'net.flap': {
    severity: 'warning',
    title: 'Link flaps',
    article: '/problems/network-interface-down/#flapping',
  },
  'net.retrans': {
    severity: 'warning',
    title: 'TCP retransmissions high',
    article: '/problems/tcp-retransmits-high/#check',
  },
  'net.resets': {
    severity: 'info',
    title: 'Many TCP resets',
    article: '/problems/tcp-memory-orphans/#resets',
  },
  'net.listen_overflow': {
    severity: 'warning',
    title: 'Accept queue overflows: application too slow to accept',
    article: '/problems/listen-queue-overflow/#check',
  },
  'net.syn_flood': {
    severity: 'critical',
    title: 'SYN queue full / cookies sent',
    article: '/problems/syn-flood/#check',
  },
  'net.conntrack': {
    severity: 'critical',
    title: 'Connection tracking table nearly full',
    article: '/problems/conntrack-table-full/#check',
  },
  'net.timewait': {
    severity: 'info',
    title: 'Ephemeral ports exhausted by TIME_WAIT',
    article: '/problems/port-exhaustion-time-wait/#check',
  },
  'net.orphans': {
    severity: 'warning',
    title: 'Many orphan sockets',
    article: '/problems/tcp-memory-orphans/#check',
  },
  'net.tcp_mem': {
    severity: 'warning',
    title: 'TCP memory near limit',
    article: '/problems/tcp-memory-orphans/#memory',
  },
  'net.udp_errors': {
    severity: 'info',
    title: 'UDP buffer errors',
    article: '/problems/udp-receive-errors/#check',
  },
  'net.softnet': {
    severity: 'warning',
    title: 'Kernel backlog drops packets',
    article: '/problems/network-errors-drops/#softnet',
  },
  'net.gateway_down': {
    severity: 'critical',
    title: 'Default gateway unreachable',
    article: '/problems/gateway-unreachable/#check',
  },
  'net.dns_fail': {
    severity: 'critical',
    title: 'Name resolution fails or is slow',
    article: '/problems/dns-resolution-failing/#check',
  },
  'net.latency': {
    severity: 'info',
    title: 'Latency to target rose',
    article: '/problems/network-latency-high/#check',
  },
  'net.wg_stale': {
    severity: 'warning',
    title: 'WireGuard peer without fresh handshake',
    article: '/problems/wireguard-no-handshake/#check',
  },
  'net.ipv6_broken': {
    severity: 'info',
    title: 'IPv6 address but no IPv6 connectivity',
    article: '/problems/ipv6-broken/#check',
  },
  'svc.unit_failed': {
    severity: 'critical',
    title: 'systemd unit failed',
    article: '/problems/service-failed/#check',
  },
  'svc.restart_loop': {
    severity: 'critical',
    title: 'Service restarts again and again',
    article: '/problems/service-restart-loop/#check',
  },
  'svc.port_conflict': {
    severity: 'warning',
    title: 'Service cannot bind its port',
    article: '/problems/port-already-in-use/#check',
  },
  'svc.timer_missed': {
    severity: 'warning',
    title: 'Timer/cron did not run',
    article: '/problems/systemd-timer-missed/#check',
  },
  'net.unreachable': {
    severity: 'critical',
    title: 'Server does not answer from outside',
    article: '/problems/host-unreachable/#check',
  },
  'svc.port_down': {
    severity: 'critical',
    title: 'Service takes no connection',
    article: '/problems/website-down/#check',
  },
  'svc.check_failed': {
    severity: 'warning',
    title: 'A look from outside fails',
    article: '/problems/website-down/#check',
  },
  'dns.unresolved': {
    severity: 'critical',
    title: 'Names of a domain do not resolve',
    article: '/problems/dns-records-mismatch/#check',
  },
  'svc.http_down': {
    severity: 'critical',
    title: 'Web endpoint fails',
    article: '/problems/website-down/#check',
  },
  'svc.http_slow': {
    severity: 'warning',
    title: 'Web endpoint slow',
    article: '/problems/http-latency-high/#check',
  },
  'svc.http_5xx': {
    severity: 'warning',
    title: 'Error responses high',
    article: '/problems/website-5xx-errors/#check',
  },
  'svc.upstream_timeout': {
    severity: 'warning',
    title: 'Reverse proxy times out on upstream',
    article: '/problems/nginx-502-upstream/#timeout',
  },
  'svc.traffic_surge': {
    severity: 'info',
    title: 'Request or packet rate far above normal',
    article: '/problems/traffic-surge-or-drop/#check',
  },
  'svc.traffic_drop': {
    severity: 'warning',
    title: 'Traffic fell away',
    article: '/problems/traffic-surge-or-drop/#drop',
  },
  'svc.container_unhealthy': {
    severity: 'warning',
    title: 'Container unhealthy or exited',
    article: '/problems/container-unhealthy/#check',
  },
  'svc.container_loop': {
    severity: 'critical',
    title: 'Container restart loop',
    article: '/problems/container-restart-loop/#check',
  },
  'web.phpfpm_children': {
    severity: 'warning',
    title: 'PHP-FPM reached max children',
    article: '/problems/php-fpm-max-children/#check',
  },
  'web.phpfpm_overcommit': {
    severity: 'warning',
    title: 'PHP-FPM pools may exceed RAM',
    article: '/problems/memory-limits-exceed-ram/#php-fpm',
  },
  'web.nginx_conns': {
    severity: 'warning',
    title: 'nginx connections near worker limit',
    article: '/problems/nginx-worker-connections/#check',
  },
  'web.apache_workers': {
    severity: 'warning',
    title: 'Apache MaxRequestWorkers reached',
    article: '/problems/apache-max-workers/#check',
  },
  'web.config_invalid': {
    severity: 'warning',
    title: 'Web server config test fails',
    article: '/problems/nginx-config-invalid/#check',
  },
  'db.mysql_bufferpool_gt_ram': {
    severity: 'critical',
    title: 'InnoDB buffer pool does not fit in RAM',
    article: '/problems/memory-limits-exceed-ram/#mysql',
  },
  'db.mysql_worst_case_mem': {
    severity: 'warning',
    title: 'MySQL worst-case memory exceeds RAM',
    article: '/problems/memory-limits-exceed-ram/#mysql-worst-case',
  },
  'db.mysql_connections': {
    severity: 'warning',
    title: 'MySQL connections near limit',
    article: '/problems/mysql-too-many-connections/#check',
  },
  'db.mysql_slow': {
    severity: 'warning',
    title: 'Many slow queries',
    article: '/problems/mysql-slow-queries/#check',
  },
  'db.mysql_locks': {
    severity: 'warning',
    title: 'Table/row lock waits',
    article: '/problems/mysql-deadlocks-lock-waits/#check',
  },
  'db.mysql_low_hit': {
    severity: 'info',
    title: 'Buffer pool too small',
    article: '/problems/mysql-innodb-buffer-pool/#check',
  },
  'db.mysql_down': {
    severity: 'critical',
    title: 'Database not answering',
    article: '/problems/mysql-will-not-start/#check',
  },
  'db.mysql_repl_broken': {
    severity: 'critical',
    title: 'Replication stopped',
    article: '/problems/mysql-replication-stopped/#check',
  },
  'db.mysql_repl_lag': {
    severity: 'warning',
    title: 'Replica behind',
    article: '/problems/mysql-replication-stopped/#check',
  },
  'db.pg_connections': {
    severity: 'warning',
    title: 'PostgreSQL connections near max',
    article: '/problems/postgresql-too-many-clients/#check',
  },
  'db.pg_memory_config': {
    severity: 'critical',
    title: 'PostgreSQL memory settings exceed RAM',
    article: '/problems/memory-limits-exceed-ram/#postgresql',
  },
  'db.pg_idle_tx': {
    severity: 'warning',
    title: 'Long idle-in-transaction session',
    article: '/problems/postgresql-long-transactions/#idle',
  },
  'db.pg_bloat': {
    severity: 'info',
    title: 'Dead tuples/bloat',
    article: '/problems/postgresql-bloat-autovacuum/#check',
  },
  'db.pg_wraparound': {
    severity: 'critical',
    title: 'Transaction id wraparound near',
    article: '/problems/postgresql-wraparound/#check',
  },
  'db.pg_slot': {
    severity: 'warning',
    title: 'Inactive replication slot retains WAL',
    article: '/problems/postgresql-replication-slot/#check',
  },
  'db.redis_maxmemory': {
    severity: 'warning',
    title: 'Redis at maxmemory',
    article: '/problems/redis-memory-limit/#check',
  },
  'db.redis_no_maxmemory': {
    severity: 'info',
    title: 'Redis without memory limit',
    article: '/problems/redis-memory-limit/#check',
  },
  'db.redis_bgsave': {
    severity: 'critical',
    title: 'Redis cannot persist',
    article: '/problems/redis-persistence-failing/#check',
  },
  'db.redis_rejected': {
    severity: 'warning',
    title: 'Redis rejects connections',
    article: '/problems/redis-memory-limit/#clients',
  },
  'db.oom_score': {
    severity: 'info',
    title: 'Database is the most likely OOM victim',
    article: '/problems/memory-pressure-oom-killer/#protect',
  },
  'mail.queue': {
    severity: 'warning',
    title: 'Mail queue grows',
    article: '/problems/mail-queue-growing/#check',
  },
  'mail.spam_source': {
    severity: 'critical',
    title: 'Server sends bulk mail unexpectedly',
    article: '/problems/open-relay-or-spam-sending/#check',
  },
  'time.skew': {
    severity: 'warning',
    title: 'Clock offset',
    article: '/problems/clock-not-synchronized/#drift',
  },
  'time.unsync': {
    severity: 'warning',
    title: 'Clock not synchronised',
    article: '/problems/clock-not-synchronized/#check',
  },
  'hw.temp_high': {
    severity: 'warning',
    title: 'Component too hot',
    article: '/problems/high-temperature/#check',
  },
  'hw.fan': { severity: 'critical', title: 'Fan stopped', article: '/problems/fan-failed/#check' },
  'hw.psu': {
    severity: 'critical',
    title: 'Power supply/voltage alarm',
    article: '/problems/power-supply-failed/#check',
  },
  'hw.mce': {
    severity: 'critical',
    title: 'Machine check exceptions',
    article: '/problems/ecc-memory-errors/#machine-check',
  },
  'hw.ups': {
    severity: 'warning',
    title: 'UPS on battery or weak',
    article: '/problems/ups-on-battery/#check',
  },
  'sys.entropy': {
    severity: 'info',
    title: 'Low entropy (old kernels)',
    article: '/problems/entropy-or-rng-stall/#check',
  },
  'sys.rebooted': {
    severity: 'info',
    title: 'Server restarted',
    article: '/problems/unexpected-reboot/#check',
  },
  'sys.crash': {
    severity: 'critical',
    title: 'Kernel panic/oops/hung task',
    article: '/problems/kernel-oops-soft-lockup/#check',
  },
  'sys.reboot_required': {
    severity: 'info',
    title: 'Reboot pending after update',
    article: '/problems/reboot-required/#check',
  },
  'sys.kernel_old': {
    severity: 'warning',
    title: 'Running kernel outdated',
    article: '/problems/reboot-required/#kernel',
  },
  'sys.eol': {
    severity: 'warning',
    title: 'Distribution out of support',
    article: '/problems/distribution-end-of-life/#check',
  },
  'sys.updates': {
    severity: 'warning',
    title: 'Security updates pending',
    article: '/problems/security-updates-pending/#check',
  },
  'sys.update_broken': {
    severity: 'warning',
    title: 'Package manager broken',
    article: '/problems/package-manager-broken/#check',
  },
  'sys.services_old_libs': {
    severity: 'info',
    title: 'Services run with deleted libraries',
    article: '/problems/reboot-required/#services',
  },
  'sys.journal_big': {
    severity: 'info',
    title: 'Logs eat space',
    article: '/problems/log-volume-explosion/#check',
  },
  'sys.logrotate_failed': {
    severity: 'warning',
    title: 'Log rotation fails',
    article: '/problems/log-rotation-failed/#check',
  },
  'sec.port_exposed': {
    severity: 'warning',
    title: 'Unexpected port open to the world',
    article: '/problems/new-listening-port/#check',
  },
  'sec.db_exposed': {
    severity: 'critical',
    title: 'Database port reachable publicly',
    article: '/problems/database-exposed/#check',
  },
  'sec.redis_noauth': {
    severity: 'critical',
    title: 'Redis without password and not local',
    article: '/problems/database-exposed/#redis',
  },
  'sec.webroot_leak': {
    severity: 'critical',
    title: '.git/.env/backup readable over HTTP',
    article: '/problems/webroot-leak/#check',
  },
  'sec.world_readable_secret': {
    severity: 'warning',
    title: 'Secret file world-readable',
    article: '/problems/secrets-world-readable/#check',
  },
  'sec.uid0': {
    severity: 'critical',
    title: 'Extra account with uid 0',
    article: '/problems/empty-password-or-second-root/#uid-0',
  },
  'sec.empty_password': {
    severity: 'critical',
    title: 'Account without password',
    article: '/problems/empty-password-or-second-root/#check',
  },
  'sec.new_admin': {
    severity: 'warning',
    title: 'New sudo/wheel member or new key',
    article: '/problems/new-privileged-account/#check',
  },
  'sec.sshd_root': {
    severity: 'warning',
    title: 'sshd allows root login by password',
    article: '/problems/weak-ssh-configuration/#check',
  },
  'sec.sshd_password': {
    severity: 'info',
    title: 'sshd allows passwords',
    article: '/problems/weak-ssh-configuration/#passwords',
  },
  'sec.bruteforce': {
    severity: 'info',
    title: 'SSH brute force in progress',
    article: '/problems/ssh-brute-force/#check',
  },
  'sec.login_after_fail': {
    severity: 'critical',
    title: 'Successful login after many failures',
    article: '/problems/unknown-login/#after-failures',
  },
  'sec.firewall_off': {
    severity: 'warning',
    title: 'No firewall rules on public host',
    article: '/problems/firewall-disabled/#check',
  },
  'sec.suid_new': {
    severity: 'warning',
    title: 'New setuid file',
    article: '/problems/unexpected-suid-file/#check',
  },
  'tls.expiring': {
    severity: 'critical',
    title: 'Certificate expires soon',
    article: '/problems/tls-certificate-expiring/#check',
  },
  'tls.renew_failed': {
    severity: 'warning',
    title: 'Renewal job failing',
    article: '/problems/acme-renewal-failing/#check',
  },
  'tls.chain': {
    severity: 'warning',
    title: 'Incomplete chain',
    article: '/problems/tls-chain-incomplete/#check',
  },
  'tls.name_mismatch': {
    severity: 'warning',
    title: 'Certificate does not cover name',
    article: '/problems/tls-chain-incomplete/#name',
  },
  'tls.weak': {
    severity: 'warning',
    title: 'Weak protocol/cipher',
    article: '/problems/tls-weak-protocols/#check',
  },
  'tls.revoked': {
    severity: 'critical',
    title: 'Certificate revoked',
    article: '/problems/tls-certificate-revoked/#check',
  },
  'dns.mismatch': {
    severity: 'warning',
    title: 'Public DNS does not point to this server',
    article: '/problems/dns-records-mismatch/#check',
  },
  'dns.domain_expiry': {
    severity: 'critical',
    title: 'Domain registration expires',
    article: '/problems/domain-expiring/#check',
  },
  'dns.ptr_mail': {
    severity: 'info',
    title: 'Mail host lacks PTR/SPF',
    article: '/problems/mail-reverse-dns/#check',
  },
  'backup.stale': {
    severity: 'critical',
    title: 'Backup too old',
    article: '/problems/backup-failed-or-stale/#check',
  },
  'backup.shrunk': {
    severity: 'warning',
    title: 'Backup size dropped',
    article: '/problems/backup-size-anomaly/#check',
  },
  'backup.slow': {
    severity: 'info',
    title: 'Backup overlaps business hours or takes >2x median',
    article: '/problems/backup-size-anomaly/#slow',
  },
  'agent.silent': {
    severity: 'critical',
    title: 'No report comes from the server',
    article: '/problems/monitoring-agent-silent/#check',
  },
  'agent.partial': {
    severity: 'info',
    title: 'Agent cannot read a source',
    article: '/problems/monitoring-agent-silent/#partial',
  },
  'agent.counter_reset': {
    severity: 'info',
    title: 'Counter wrapped or reset',
    article: '/problems/false-positive-alert/#counter-reset',
  },
  'virt.balloon': {
    severity: 'warning',
    title: 'Hypervisor reclaimed guest memory',
    article: '/problems/memory-ballooning/#check',
  },
  'virt.migrated': {
    severity: 'info',
    title: 'VM paused or migrated',
    article: '/problems/memory-ballooning/#pause',
  },
  'change.config': {
    severity: 'info',
    title: 'Configuration changed shortly before a problem',
    article: '/problems/what-changed/#config',
  },
  'change.package': {
    severity: 'info',
    title: 'Package upgraded shortly before a problem',
    article: '/problems/what-changed/#packages',
  },
  'job.cron_overlap': {
    severity: 'warning',
    title: 'Scheduled jobs overlap',
    article: '/problems/cron-jobs-overlap/#check',
  },
  'job.backup_running': {
    severity: 'info',
    title: 'Backup is running now',
    article: '/problems/backup-size-anomaly/#window',
  },
  'disk.cgroup_throttled': {
    severity: 'warning',
    title: 'A service is held back by its own I/O limit',
    article: '/problems/disk-latency-high/#cgroup-limit',
  },
} as const satisfies Record<string, RuleEntry>;

export type RuleId = keyof typeof ruleCatalogue;

/** The row of a rule, typed as the general shape. */
export function ruleEntry(id: RuleId): RuleEntry {
  return ruleCatalogue[id];
}

/** Whether a string from outside names a rule. */
export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(ruleCatalogue, id);
}
