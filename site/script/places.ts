// Where a command or a file is explained: the article that is about it, or else the one that these tables name: what has no article
// of its own, and where to read on until its own is written. `script.test.ts` sees that all that the agent reads has a place.
import { own } from '#core/own.ts';
import type { KnownArticle } from '../knowledge.ts';

/** Commands without an article of their own → slug of the article that explains them. */
export const commandPlaces: Readonly<Record<string, string>> = {
  apk: 'concepts/linux-distributions-releases',
  arcconf: 'problems/hardware-raid-drive-failed',
  awk: 'commands/grep-awk-sed',
  cat: 'commands/tail-less',
  busybox: 'concepts/time-synchronization',
  date: 'commands/timedatectl',
  dmsetup: 'commands/lvm',
  dpkg: 'commands/apt',
  'apt-get': 'commands/apt',
  grep: 'commands/grep-awk-sed',
  gzip: 'commands/tar-zstd',
  ionice: 'commands/nice-ionice',
  last: 'commands/last',
  lastb: 'commands/last',
  ls: 'commands/lsof',
  lscpu: 'commands/taskset-numactl',
  mysql: 'apps/mariadb-mysql',
  ntpq: 'concepts/time-synchronization',
  pacman: 'concepts/linux-distributions-releases',
  perccli64: 'problems/hardware-raid-drive-failed',
  psql: 'apps/postgresql',
  'redis-cli': 'apps/redis-valkey',
  renice: 'commands/nice-ionice',
  sed: 'commands/grep-awk-sed',
  setpriv: 'concepts/permissions-acl-capabilities',
  sha256sum: 'problems/file-integrity-changed',
  ssacli: 'problems/hardware-raid-drive-failed',
  'ssh-keygen': 'concepts/ssh-keys-and-agents',
  sshd: 'apps/openssh',
  stat: 'concepts/inodes-and-links',
  storcli64: 'problems/hardware-raid-drive-failed',
  'systemd-detect-virt': 'commands/hostnamectl',
  tail: 'commands/tail-less',
  upsc: 'problems/ups-on-battery',
  wget: 'commands/curl',
  zpool: 'commands/zfs-zpool',
  zypper: 'concepts/linux-distributions-releases',
};

/** Paths and the article that explains what is below them; the longest that fits counts. */
export const filePlaces: readonly (readonly [string, string])[] = [
  ['/dev/ipmi', 'commands/ipmitool'],
  ['/etc/apache2', 'apps/apache'],
  ['/etc/cron', 'files/etc-crontab'],
  ['/etc/dovecot', 'apps/dovecot'],
  ['/etc/fstab', 'files/etc-fstab'],
  ['/etc/group', 'files/etc-passwd-shadow-group'],
  ['/etc/hosts', 'concepts/dns-resolution-on-linux'],
  ['/etc/httpd', 'apps/apache'],
  ['/etc/letsencrypt', 'howto/acme-certificates'],
  ['/etc/machine-id', 'commands/hostnamectl'],
  ['/etc/my.cnf', 'apps/mariadb-mysql'],
  ['/etc/mysql', 'apps/mariadb-mysql'],
  ['/etc/nginx', 'apps/nginx'],
  ['/etc/os-release', 'files/os-release'],
  ['/etc/passwd', 'files/etc-passwd-shadow-group'],
  ['/etc/php', 'apps/php-fpm'],
  ['/etc/postfix', 'apps/postfix'],
  ['/etc/postgresql', 'apps/postgresql'],
  ['/etc/redis', 'apps/redis-valkey'],
  ['/etc/resolv.conf', 'files/etc-resolv-conf'],
  ['/etc/shadow', 'files/etc-passwd-shadow-group'],
  ['/etc/ssh', 'files/etc-ssh-sshd-config'],
  ['/etc/sudoers', 'files/etc-sudoers'],
  ['/etc/sysctl', 'files/etc-sysctl-conf'],
  ['/etc/*', 'problems/file-integrity-changed'],
  ['/home/*/.ssh', 'concepts/ssh-keys-and-agents'],
  ['/lib/modules', 'files/proc-cmdline-modules'],
  ['/proc/[0-9]*', 'files/proc-pid-status'],
  ['/proc/[0-9]*/fd', 'commands/lsof'],
  ['/proc/cmdline', 'files/proc-cmdline-modules'],
  ['/proc/cpuinfo', 'commands/taskset-numactl'],
  ['/proc/diskstats', 'files/proc-diskstats'],
  ['/proc/interrupts', 'files/proc-interrupts'],
  ['/proc/loadavg', 'files/proc-loadavg-stat'],
  ['/proc/mdstat', 'files/proc-mdstat'],
  ['/proc/meminfo', 'files/proc-meminfo'],
  ['/proc/net', 'files/proc-net'],
  ['/proc/net/arp', 'problems/neighbour-table-overflow'],
  ['/proc/net/rpc/nfs', 'apps/nfs-samba'],
  ['/proc/partitions', 'files/sys-block'],
  ['/proc/pressure', 'files/proc-pressure'],
  ['/proc/softirqs', 'concepts/interrupts-softirq'],
  ['/proc/spl', 'commands/zfs-zpool'],
  ['/proc/stat', 'files/proc-loadavg-stat'],
  ['/proc/swaps', 'concepts/swap'],
  ['/proc/sys/fs', 'files/proc-sys-fs-kernel'],
  ['/proc/sys/kernel', 'files/proc-sys-fs-kernel'],
  ['/proc/sys/kernel/random/entropy_avail', 'problems/entropy-or-rng-stall'],
  ['/proc/sys/net', 'files/proc-sys-net'],
  ['/proc/sys/net/netfilter', 'problems/conntrack-table-full'],
  ['/proc/sys/vm', 'files/proc-sys-vm'],
  ['/proc/uptime', 'commands/uptime-load'],
  ['/proc/version', 'files/proc-cmdline-modules'],
  ['/proc/vmstat', 'files/proc-vmstat'],
  ['/root/.cache', 'problems/backup-failed-or-stale'],
  ['/root/.ssh', 'concepts/ssh-keys-and-agents'],
  ['/run/docker.sock', 'apps/docker'],
  ['/run/libpod', 'apps/docker'],
  ['/run/mysqld', 'apps/mariadb-mysql'],
  ['/run/postgresql', 'apps/postgresql'],
  ['/run/reboot-required', 'problems/reboot-required'],
  ['/run/redis', 'apps/redis-valkey'],
  ['/run/valkey', 'apps/redis-valkey'],
  ['/run/sshd', 'apps/openssh'],
  ['/run/systemd', 'concepts/systemd-units'],
  ['/sys/block', 'files/sys-block'],
  ['/sys/block/dm-', 'commands/lvm'],
  ['/sys/block/md', 'files/proc-mdstat'],
  ['/sys/class/dmi', 'commands/dmidecode'],
  ['/sys/class/hwmon', 'files/sys-class-hwmon-thermal'],
  ['/sys/class/net', 'files/sys-class-net'],
  ['/sys/class/thermal', 'files/sys-class-hwmon-thermal'],
  ['/sys/devices/system/cpu', 'files/sys-class-hwmon-thermal'],
  ['/sys/devices/system/edac', 'files/sys-devices-edac'],
  ['/sys/fs/cgroup', 'files/sys-fs-cgroup'],
  ['/sys/fs/ext4', 'problems/filesystem-corruption'],
  ['/sys/kernel/mm/tran*ge', 'problems/transparent-hugepage-latency'],
  ['/sys/module', 'files/proc-cmdline-modules'],
  ['/usr/share/empty.sshd', 'apps/openssh'],
  ['/var/backups', 'problems/backup-failed-or-stale'],
  ['/var/cache/rsnapshot', 'problems/backup-failed-or-stale'],
  ['/var/lib/auto', 'problems/backup-failed-or-stale'],
  ['/var/lib/ba', 'problems/backup-failed-or-stale'],
  ['/var/lib/rpm', 'problems/what-changed'],
  ['/var/lib/mysql', 'apps/mariadb-mysql'],
  ['/var/lib/pgbackrest', 'problems/backup-failed-or-stale'],
  ['/var/lib/pgsql', 'apps/postgresql'],
  ['/var/lib/vz', 'problems/backup-failed-or-stale'],
  ['/var/log', 'files/var-log'],
  ['/var/log/*backup', 'problems/backup-failed-or-stale'],
  ['/var/log/auth.log', 'files/auth-log'],
  ['/var/log/secure', 'files/auth-log'],
  ['/var/log/borg', 'problems/backup-failed-or-stale'],
  ['/var/log/restic', 'problems/backup-failed-or-stale'],
  ['/var/log/rsnapshot', 'problems/backup-failed-or-stale'],
  ['/var/log/dpkg.log', 'problems/what-changed'],
  ['/var/log/apk.log', 'problems/what-changed'],
  ['/var/log/dnf.rpm.log', 'problems/what-changed'],
  ['/var/log/dnf5.log', 'problems/what-changed'],
  ['/var/log/pacman.log', 'problems/what-changed'],
  ['/var/log/yum.log', 'problems/what-changed'],
  ['/var/log/zypp', 'problems/what-changed'],
  ['/var/spool', 'problems/mail-queue-growing'],
  ['/var/spool/cron', 'files/etc-crontab'],
];

/** Commands and paths whose article is planned and not written → slug of the one that says most about them today. */
const commandsMeanwhile: Readonly<Record<string, string>> = {
  apk: 'commands/apt',
  btrfs: 'problems/btrfs-device-errors',
  date: 'problems/clock-not-synchronized',
  ipmitool: 'problems/ipmi-sensor-alarm',
  lscpu: 'problems/cpu-throttled',
  pacman: 'commands/apt',
  'ssh-keygen': 'problems/ssh-host-key-changed',
  'systemd-detect-virt': 'problems/memory-ballooning',
  wg: 'problems/wireguard-no-handshake',
  zpool: 'problems/zfs-pool-degraded',
  zypper: 'problems/security-updates-pending',
};
const filesMeanwhile: readonly (readonly [string, string])[] = [
  ['/dev/ipmi', 'problems/ipmi-sensor-alarm'],
  ['/etc/machine-id', 'problems/duplicate-ip-address'],
  ['/etc/os-release', 'problems/distribution-end-of-life'],
  ['/home/*/.ssh', 'problems/new-privileged-account'],
  ['/lib/modules', 'problems/reboot-required'],
  ['/proc/cmdline', 'concepts/boot-sequence'],
  ['/proc/cpuinfo', 'problems/cpu-throttled'],
  ['/proc/interrupts', 'problems/runaway-interrupts'],
  ['/proc/net/arp', 'commands/ip'],
  ['/proc/net/rpc/nfs', 'problems/nfs-mount-hangs'],
  ['/proc/softirqs', 'problems/runaway-interrupts'],
  ['/proc/spl', 'problems/zfs-pool-degraded'],
  ['/proc/sys', 'commands/sysctl'],
  ['/proc/sys/fs/file-nr', 'problems/too-many-open-files'],
  ['/proc/sys/kernel/pid_max', 'problems/too-many-processes'],
  ['/proc/sys/kernel/random/boot_id', 'problems/unexpected-reboot'],
  ['/proc/sys/kernel/threads-max', 'problems/too-many-processes'],
  ['/proc/sys/net/core/somaxconn', 'problems/listen-queue-overflow'],
  ['/proc/sys/net/ipv4/tcp_', 'problems/tcp-memory-orphans'],
  ['/proc/sys/vm/overcommit_memory', 'concepts/virtual-memory-overcommit'],
  ['/proc/sys/vm/swappiness', 'concepts/swap'],
  ['/proc/version', 'problems/reboot-required'],
  ['/root/.ssh', 'problems/new-privileged-account'],
  ['/sys/class/hwmon', 'problems/fan-failed'],
  ['/sys/class/net', 'problems/network-interface-down'],
  ['/sys/class/net/*/address', 'problems/duplicate-ip-address'],
  ['/sys/class/net/*/duplex', 'problems/link-speed-duplex-mismatch'],
  ['/sys/class/net/*/mtu', 'problems/mtu-black-hole'],
  ['/sys/class/net/*/speed', 'problems/link-speed-duplex-mismatch'],
  ['/sys/class/thermal', 'problems/high-temperature'],
  ['/sys/devices/system/cpu', 'problems/high-temperature'],
  ['/sys/devices/system/edac', 'problems/ecc-memory-errors'],
  ['/sys/module', 'problems/firewall-disabled'],
  ['/sys/module/wireguard', 'problems/wireguard-no-handshake'],
];

export type Places = (kind: 'command' | 'file', name: string) => string | undefined;

/**
 * Where each is explained, as the slug of an article that is written. What an article says of itself comes first: a command's slug, a
 * file's `path` (several may stand there, with commas or blanks between) and what is below it.
 */
export function makePlaces(articles: readonly Pick<KnownArticle, 'slug' | 'data'>[]): Places {
  const written = new Set(articles.map(({ slug }) => slug));
  const commands = new Map(Object.entries(commandPlaces));
  const files = new Map(filePlaces);
  for (const { slug, data } of articles) {
    if (data.kind === 'command') commands.set(slug.replace('commands/', ''), slug);
    if (data.kind !== 'file') continue;
    for (const path of data.path.split(/[\s,]+/))
      if (/^\/./.test(path) && !files.has(path)) files.set(path, slug);
  }
  const ofFile = longestPrefix(files);
  const meanwhile = longestPrefix(new Map(filesMeanwhile));
  return (kind, name) =>
    (kind === 'command'
      ? [commands.get(name), own(commandsMeanwhile, name)]
      : [ofFile(name), meanwhile(name)]
    ).find((slug) => slug !== undefined && written.has(slug));
}

function longestPrefix(places: ReadonlyMap<string, string>): (path: string) => string | undefined {
  const paths = [...places.keys()].sort((a, b) => b.length - a.length);
  return (path) => places.get(paths.find((prefix) => path.startsWith(prefix)) ?? '');
}
