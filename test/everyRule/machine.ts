// One machine, well or ill, as files of the kernel and as the words of real tools. Each ill piece says which rules must see it.
// Recorded: mysql and psql by the agent itself from Debian 12 (worker/collectors/*.fixture.txt); btrfs and ext4 on a loop device.
// The rest is written after the sources of the tools that print it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { Files, Programs } from './stage.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../worker/collectors', `${name}.fixture.txt`), 'utf8');

export const epoch = 1_795_000_000;
const uptime = 2_000_000;
const GiB = 1024 ** 2;

/** Rule and the name of its subject. */
export type Expected = [id: RuleId, subject: string];

const ticks = (seconds: number) => Math.round(seconds * 100);

/** Numbers of a table with names, those not given are 0. */
function counters(table: string, names: string, values: Record<string, number>): string {
  const list = names.split(' ');
  return `${table}: ${list.join(' ')}\n${table}: ${list.map((name) => values[name] ?? 0).join(' ')}\n`;
}

interface Process {
  pid: number;
  name: string;
  ppid?: number;
  state?: string;
  threads?: number;
  /** Pages of 4 kB. */
  pages?: number;
  cpu?: number;
  /** Seconds before now. */
  age?: number;
  fds?: number;
  maps?: string;
}

function processes(list: Process[], at: number): Files {
  const files: Files = {};
  for (const {
    pid,
    name,
    ppid = 1,
    state = 'S',
    threads = 1,
    pages = 2000,
    cpu = 1,
    age = 90_000,
    maps,
  } of list) {
    const start = ticks(at - age);
    files[`proc/${pid}/stat`] =
      `${pid} (${name}) ${state} ${ppid} 1 1 0 -1 4194560 100 0 7 0 ${ticks(cpu)} 3 0 0 20 0 ${threads} 0 ${start} 1000000 ${pages} ${'0 '.repeat(26)}0\n`;
    files[`proc/${pid}/status`] = `Name:\t${name}\nPPid:\t${ppid}\nUid:\t0\t0\t0\t0\nFDSize:\t64\n`;
    files[`proc/${pid}/cgroup`] = `0::/system.slice/${name}.service\n`;
    files[`proc/${pid}/limits`] =
      'Max open files            1024                 524288               files\n';
    if (maps) files[`proc/${pid}/maps`] = maps;
  }
  return files;
}

const drive = (device: string, passed: boolean, more: object) =>
  JSON.stringify({
    json_format_version: [1, 0],
    smartctl: { version: [7, 3], exit_status: passed ? 0 : 8 },
    device: { name: `/dev/${device}`, type: device.startsWith('nvme') ? 'nvme' : 'sat' },
    model_name: 'ST4000NM0033',
    serial_number: `S-${device}`,
    smart_status: { passed },
    power_on_time: { hours: 41_000 },
    ...more,
  });

const attribute = (id: number, name: string, raw: number) => ({
  id,
  name,
  value: 100,
  worst: 100,
  thresh: 10,
  raw: { value: raw, string: String(raw) },
});

/** The machine after so many seconds; when `ill`, with all of its faults. */
export function machine(seconds: number, ill: boolean): { files: Files; programs: Programs } {
  const at = uptime + seconds;
  /** A counter that goes up by `well` a second, or by `sick` when ill. */
  const counted = (well: number, sick = well) => Math.round(1000 + seconds * (ill ? sick : well));
  const when = <T>(well: T, sick: T): T => (ill ? sick : well);
  const stamp = new Date((epoch + seconds - 20) * 1000).toISOString();
  const [day, clock] = [stamp.slice(0, 10), stamp.slice(11, 19)];
  const files: Files = {
    'proc/uptime': `${at}.00 ${at * 1.8}\n`,
    'proc/stat': `cpu  ${counted(10)} 0 ${counted(5)} ${counted(180)} 0 0 0 0 0 0\ncpu0 ${counted(5)} 0 ${counted(2)} ${counted(90)} 0 0 0 0 0 0\ncpu1 ${counted(5)} 0 ${counted(3)} ${counted(90)} 0 0 0 0 0 0\nctxt ${counted(500)}\nbtime ${epoch - uptime}\nprocesses ${counted(2)}\nprocs_running 1\nprocs_blocked 0\n`,
    'proc/loadavg': '0.10 0.12 0.10 1/120 900\n',
    'proc/vmstat': `pgpgin 1\npgpgout 1\npswpin 0\npswpout 0\npgmajfault 10\ncompact_stall 0\noom_kill 0\n`,
    'proc/meminfo': [
      `MemTotal:        ${3 * GiB} kB`,
      `MemFree:         ${when(1 * GiB, 60_000)} kB`,
      `MemAvailable:    ${when(2 * GiB, 200_000)} kB`,
      'Buffers:          20000 kB',
      'Cached:          300000 kB',
      `SwapTotal:       ${when(2 * GiB, 0)} kB`,
      `SwapFree:        ${when(2 * GiB, 0)} kB`,
      'Dirty:             1200 kB',
      'Writeback:            0 kB',
      'AnonPages:       700000 kB',
      'Shmem:            10000 kB',
      'Slab:             90000 kB',
      'SReclaimable:     60000 kB',
      `SUnreclaim:       ${when(30_000, 1 * GiB)} kB`,
      `CommitLimit:     ${3 * GiB} kB`,
      `Committed_AS:    ${when(1 * GiB, 9 * GiB)} kB`,
      `HardwareCorrupted: ${when(0, 8)} kB`,
      'HugePages_Total:      0',
      'HugePages_Free:       0',
      'Hugepagesize:       2048 kB',
      '',
    ].join('\n'),
    'proc/diskstats': `   8       0 sda ${counted(5)} 0 ${counted(40)} ${counted(5)} ${counted(5)} 0 ${counted(40)} ${counted(5)} 0 ${counted(10)} ${counted(10)}\n`,
    'proc/net/dev': `Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n  eth0: ${counted(50_000)} ${counted(200)} 0 ${counted(0, 40)} ${counted(0, 3)} 0 0 0 ${counted(50_000)} ${counted(200)} 0 0 0 0 0 0\n`,
    'proc/net/snmp':
      counters('Tcp', 'ActiveOpens CurrEstab InSegs OutSegs RetransSegs OutRsts', {
        InSegs: counted(200),
        OutSegs: counted(200),
      }) +
      counters('Udp', 'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors', {
        InDatagrams: counted(50),
        RcvbufErrors: counted(0, 60),
        InErrors: counted(0, 60),
      }),
    'proc/net/netstat': counters('TcpExt', 'SyncookiesSent ListenOverflows ListenDrops TCPTimeouts', {}),
    'proc/net/sockstat': `sockets: used 300\nTCP: inuse 20 orphan ${when(0, 9000)} tw ${when(10, 26_000)} alloc 30 mem ${when(10, 90_000)}\nUDP: inuse 4 mem 2\n`,
    'proc/net/softnet_stat': '00001000 00000000 00000000\n',
    'proc/net/arp': 'IP address       HW type     Flags       HW address            Mask     Device\n',
    'proc/net/bonding/bond0': `Ethernet Channel Bonding Driver: v6.1.0\n\nBonding Mode: fault-tolerance (active-backup)\nMII Status: up\n\nSlave Interface: eth1\nMII Status: up\nSpeed: 1000 Mbps\n\nSlave Interface: eth2\nMII Status: ${when('up', 'down')}\nSpeed: 1000 Mbps\n`,
    'proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
    'proc/mdstat': `Personalities : [raid1] [raid5] \nmd0 : active raid5 sdc1[2] sdb1[1]${when('', '(F)')} sda1[0]\n      1953260544 blocks super 1.2 level 5, 512k chunk, algorithm 2 ${when('[3/3] [UUU]', '[3/2] [U_U]')}\n\n${when('', 'md1 : inactive sdd1[0](S)\n      976630488 blocks super 1.2\n\n')}md127 : inactive sde[1](S) sdf[0](S)\n      6306 blocks super external:imsm\n\nunused devices: <none>\n`,
    'proc/mounts': `/dev/sda2 / ext4 ${when('rw,relatime', 'rw,relatime,errors=remount-ro,emergency_ro')} 0 0\n/dev/sdb9 /srv/btrfs btrfs rw,relatime,space_cache=v2 0 0\n/dev/mapper/vg0-data /data xfs rw,relatime 0 0\n`,
    'proc/version': 'Linux version 4.19.0-20-amd64 (debian-kernel@lists.debian.org) (gcc) #1 SMP\n',
    'proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/sda2\n',
    'proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    'proc/pressure/memory':
      'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    'proc/pressure/io':
      'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    'proc/sys/kernel/hostname': 'web1\n',
    'proc/sys/kernel/random/boot_id': '0a0a0a0a-0000-4000-8000-00000000000a\n',
    'proc/sys/kernel/random/entropy_avail': `${when(3000, 40)}\n`,
    'proc/sys/kernel/pid_max': '32768\n',
    'proc/sys/kernel/threads-max': '30000\n',
    'proc/sys/vm/overcommit_memory': '0\n',
    'proc/sys/vm/swappiness': '60\n',
    'proc/sys/fs/file-nr': `${when(1200, 95_000)}\t0\t100000\n`,
    'proc/sys/net/ipv4/tcp_mem': '22000\t30000\t60000\n',
    'proc/sys/net/ipv4/tcp_max_orphans': '16384\n',
    'etc/machine-id': '00112233445566778899aabbccddeeff\n',
    'etc/os-release': `NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux ${when('13 (trixie)', '9 (stretch)')}"\nVERSION_ID="${when('13', '9')}"\nID=debian\n`,
    'etc/fstab': '/dev/sda2 / ext4 defaults 0 1\n',
    'etc/passwd': `root:x:0:0:root:/root:/bin/bash\nopen:x:1000:1000::/home/open:/bin/bash\n`,
    'etc/shadow': `root:*:19000:0:99999:7:::\nopen:${when('*', '')}:19000:0:99999:7:::\n`,
    'etc/group': 'root:x:0:\nsudo:x:27:\n',
    'etc/crontab': '*/5 * * * * root /usr/local/bin/stock.sh\n',
    'sys/class/net/eth0/operstate': 'up\n',
    'sys/class/net/eth0/carrier_changes': `${when(2, 14)}\n`,
    'sys/class/net/eth0/speed': '1000\n',
    'sys/class/net/eth0/duplex': 'full\n',
    'sys/class/net/eth0/mtu': '1500\n',
    'sys/class/net/eth0/address': '52:54:00:00:00:01\n',
    'sys/devices/system/edac/mc/mc0/ce_count': '0\n',
    'sys/devices/system/edac/mc/mc0/ue_count': `${when(0, 2)}\n`,
    'sys/kernel/mm/transparent_hugepage/enabled': `${when('always [madvise] never', '[always] madvise never')}\n`,
    'sys/block/sda/size': '7814037168\n',
    'sys/block/sda/queue/rotational': '1\n',
    'sys/block/sda/device/ioerr_cnt': `0x${when(4, 64).toString(16)}\n`,
    'sys/block/nvme0n1/size': '1000215216\n',
    'sys/block/nvme0n1/queue/rotational': '0\n',
    'sys/block/dm-0/size': '1000000\n',
    'sys/block/dm-0/dm/name': 'vg0-data\n',
    'sys/block/md0/md/degraded': `${when(0, 1)}\n`,
    'sys/block/md0/md/sync_action': 'idle\n',
    'sys/block/md0/md/mismatch_cnt': `${when(0, 4096)}\n`,
    'sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count': '0\n',
    'sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count': `${when(0, 2)}\n`,
    'sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count': '0\n',
    'sys/class/hwmon/hwmon0/name': 'coretemp\n',
    'sys/class/hwmon/hwmon0/temp1_input': '45000\n',
    'sys/class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
    'sys/class/hwmon/hwmon0/temp1_max': '80000\n',
    'sys/class/hwmon/hwmon0/temp1_crit': '100000\n',
    'sys/class/hwmon/hwmon1/name': 'nct6775\n',
    'sys/class/hwmon/hwmon1/fan1_input': '1200\n',
    'sys/class/hwmon/hwmon1/fan1_label': 'CPU Fan\n',
    'proc/sys/net/netfilter/nf_conntrack_count': '120\n',
    'proc/sys/net/netfilter/nf_conntrack_max': '65536\n',
    ...Object.fromEntries(
      Object.entries({
        'cpu.stat': 'usage_usec 1000\nnr_periods 100\nnr_throttled 0\nthrottled_usec 0\n',
        'cpu.max': '200000 100000\n',
        'memory.current': '50000000\n',
        'memory.max': '900000000\n',
        'memory.stat': 'anon 40000000\nfile 1000000\n',
        'memory.events': 'low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\n',
        'pids.current': '4\n',
        'pids.max': '4000\n',
        'io.max': '8:0 wbps=90000000\n',
      }).map(([name, text]) => [`sys/fs/cgroup/system.slice/nginx.service/${name}`, text]),
    ),
    'sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
    'var/log/dpkg.log': '2026-11-01 06:00:00 upgrade tzdata:all 2026a 2026b\n',
    'sys/fs/ext4/sda2/errors_count': `${when(0, 3)}\n`,
    'sys/module/nf_tables/': '',
    'sys/module/wireguard/': '',
    'dev/ipmi0': '',
    'run/systemd/system/': '',
    'run/mysqld/mysqld.sock': '',
    'run/postgresql/.s.PGSQL.5432': '',
    'run/redis/redis-server.sock': '',
    'run/docker.sock': '',
    'run/sshd/': '',
    'proc/spl/': '',
    'lib/modules/4.19.0-20-amd64/': '',
    'var/log/nginx/access.log': `${'192.0.2.1 - - [18/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 612 "-" "x"\n'.repeat(40)}`,
    'var/log/nginx/error.log': when(
      '',
      [
        `${day.replaceAll('-', '/')} ${clock} [alert] 300#300: 512 worker_connections are not enough`,
        `${day.replaceAll('-', '/')} ${clock} [emerg] 300#300: unknown directive "liste" in /etc/nginx/sites-enabled/shop:3`,
        ...Array.from(
          { length: 12 },
          () =>
            `${day.replaceAll('-', '/')} ${clock} [error] 301#301: *8 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.9, server: shop`,
        ),
        '',
      ].join('\n'),
    ),
    'var/log/apache2/error.log': when(
      '',
      `[${new Date(stamp).toUTCString().slice(0, 3)} Nov ${day.slice(8)} ${clock}.123456 2026] [mpm_prefork:error] [pid 901] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting\n`,
    ),
    'var/log/php8.2-fpm.log': when(
      '',
      `[${day.slice(8)}-Nov-2026 ${clock}] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it\n`,
    ),
    'etc/nginx/nginx.conf': 'worker_processes 1;\nevents { \nworker_connections 512;\n}\n',
    'etc/redis/redis.conf': `bind ${when('127.0.0.1', '0.0.0.0')}\nprotected-mode ${when('yes', 'no')}\nport 6379\n${when('requirepass correct-horse\n', '')}`,
    'etc/mysql/my.cnf': '[mysqld]\nmax_connections = 151\n',
    'var/spool/postfix/deferred/': '',
  };
  if (ill) {
    files['run/reboot-required'] = '*** System restart required ***\n';
    files['lib/modules/4.19.0-27-amd64/'] = '';
    files['srv/www/.env'] = 'APP_KEY=correct-horse\n';
    files['usr/bin/newtool@9:4755'] = '#!/bin/sh\n';
    files['var/backups/site.sql.gz@400000'] = 'x'.repeat(100);
    for (const night of [1, 2, 3, 4])
      files[`var/backups/crm.${5 - night}.sql.gz@${night * 86_400 - 40_000}`] = 'x'.repeat(
        night === 1 ? 20 : 1_200_000,
      );
    for (let i = 0; i < 320; i++) files[`var/spool/postfix/deferred/${i}`] = '';
  }
  Object.assign(
    files,
    processes(
      [
        { pid: 1, name: 'systemd', ppid: 0 },
        { pid: 200, name: 'sshd' },
        { pid: 300, name: 'nginx', age: 80_000 },
        { pid: 301, name: 'nginx', ppid: 300, age: 80_000 },
        { pid: 400, name: 'redis-server', threads: 4 },
        { pid: 500, name: 'mariadbd', threads: 20, pages: 50_000 },
        { pid: 600, name: 'postgres' },
        {
          pid: 700,
          name: 'cupsd',
          maps: ill
            ? '7f1c00000000-7f1c00021000 r-xp 00000000 08:02 1311 /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)\n'
            : '7f1c00000000-7f1c00021000 r-xp 00000000 08:02 1311 /usr/lib/x86_64-linux-gnu/libssl.so.3\n',
        },
        ...(ill
          ? [
              { pid: 800, name: 'stock.sh', age: 4000 },
              { pid: 801, name: 'stock.sh', age: 3000 },
            ]
          : []),
      ],
      at,
    ),
  );

  const raw = (seconds_: number, level: number, text: string) =>
    `<${level}>[${String(at - seconds_).padStart(5)}.123456] ${text}`;
  const programs: Programs = {
    ss: {
      '-tn state listening state syn-recv state established':
        'State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 511 0.0.0.0:80 0.0.0.0:*\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nLISTEN 0 511 ' +
        when('127.0.0.1', '0.0.0.0') +
        ':6379 0.0.0.0:*\n' +
        'ESTAB 0 0 192.0.2.10:80 198.51.100.7:40000\n'.repeat(when(5, 480)),
      '-tlnup': `Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\ntcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=300,fd=6))\ntcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=200,fd=3))\ntcp LISTEN 0 511 ${when('127.0.0.1', '0.0.0.0')}:6379 0.0.0.0:* users:(("redis-server",pid=400,fd=6))\n`,
      '-s': 'Total: 30\n',
    },
    dmesg: {
      '-r': when(
        '',
        [
          raw(
            50,
            2,
            'EXT4-fs error (device sda2): ext4_lookup:1700: inode #2: comm ls: deleted inode referenced: 12',
          ),
          raw(49, 2, 'EXT4-fs (sda2): Remounting filesystem read-only'),
          raw(
            40,
            1,
            'XFS (dm-0): Log I/O Error (0x6) detected at xlog_ioend_work+0x6e/0x80 (fs/xfs/xfs_log.c:1377).  Shutting down filesystem.',
          ),
          raw(30, 4, 'BUG: unable to handle page fault for address: ffffa1b2c3d4'),
          raw(25, 0, 'mce: [Hardware Error]: Machine check events logged'),
          raw(25, 0, 'mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 5: be00000000800400'),
          raw(
            20,
            4,
            'clocksource: timekeeping watchdog on CPU0: Marking clocksource tsc as unstable because the skew is too large:',
          ),
          '',
        ].join('\n'),
      ),
    },
    systemctl: {
      'list-units *': `nginx.service loaded active running A high performance web server\n${when('', 'logrotate.service loaded failed failed Rotate log files\n')}`,
      'show *': `Id=nginx.service\nActiveState=active\nSubState=running\nResult=success\nNRestarts=0\nMainPID=300\n\nId=logrotate.service\nActiveState=${when('inactive', 'failed')}\nSubState=${when('dead', 'failed')}\nResult=${when('success', 'exit-code')}\nExecMainStatus=${when(0, 1)}\nExecMainCode=1\n`,
      'list-timers *': when(
        `Thu 2026-11-19 00:00:00 UTC 12h left Wed 2026-11-18 00:00:00 UTC 11h ago logrotate.timer logrotate.service\n`,
        `Mon 2026-11-16 00:00:00 UTC 2 days ago Sun 2026-11-15 00:00:00 UTC 3 days ago logrotate.timer logrotate.service\n`,
      ),
    },
    docker: {
      'ps -a *': `${'a'.repeat(64)}|shop|shop:1|${when('Up 2 hours (healthy)', 'Up 2 hours (unhealthy)')}\n${'b'.repeat(64)}|api|api:1|${when('Up 3 hours', 'Restarting (1) 5 seconds ago')}\n`,
      'ps -aq': `${'a'.repeat(12)}\n${'b'.repeat(12)}\n`,
      'inspect -f *': `${'a'.repeat(64)}|/shop|0|false|0|2026-11-01T00:00:00Z\n${'b'.repeat(64)}|/api|${when(0, 41)}|false|${when(0, 1)}|2026-11-01T00:00:00Z\n`,
    },
    mysql: {
      // Vertical rows have their names only without -N.
      '-fBe *': when(fixture('mysql.replica-ok'), fixture('mysql.replica-broken'))
        .replace(/(Innodb_buffer_pool_read_requests)\t\d+/, `$1\t${counted(4000)}`)
        .replace(/(Innodb_buffer_pool_reads)\t\d+/, `$1\t${counted(1, 400)}`)
        .replace(/(Questions)\t\d+/, `$1\t${counted(100)}`)
        .replace(/(max_connections)\t\d+/, `$1\t${when(20, 1500)}`)
        .replace(
          /(sort_buffer_size|join_buffer_size|read_buffer_size)\t\d+/g,
          `$1\t${when(65_536, 8_388_608)}`,
        )
        .replace(/(innodb_buffer_pool_size)\t\d+/, '$1\t268435456'),
    },
    psql: {
      '-XAtw -c select datname, age(datfrozenxid)*': when(
        fixture('postgresql.debian12')
          .replace(/^max_connections.*$/m, 'max_connections|100|')
          .replace(/^gone.*\n/m, ''),
        fixture('postgresql.debian12')
          .replace('postgres|13', 'postgres|1500000000')
          .replace('00:00:02.802969', '02:00:02.802969'),
      ),
      '-XAtw -c select datname from pg_database*': 'shop\n',
      '-XAtw -d shop -c *': when('rows|shop|orders|200000|10\n', fixture('postgresql.tables')),
    },
    'redis-cli': {
      'info all': `# Server\r\nredis_version:7.0.15\r\ntcp_port:6379\r\n# Memory\r\nused_memory:${when(1_000_000, 98_000_000)}\r\nmaxmemory:100000000\r\n# Persistence\r\nrdb_last_bgsave_status:${when('ok', 'err')}\r\n# Stats\r\nrejected_connections:${counted(0, 2)}\r\n`,
    },
    wg: {
      'show all dump': `wg0\tSECRET\tPUB0\t51820\toff\nwg0\t${'P'.repeat(43)}=\tPSK\t192.0.2.9:51820\t10.0.0.2/32\t${epoch + seconds - when(30, 900)}\t1000\t1000\t25\n`,
    },
    upsc: {
      '-l': 'apc\n',
      apc: `ups.status: ${when('OL', 'OB DISCHRG')}\nbattery.charge: ${when(100, 35)}\n`,
    },
    df: {
      '-PTk -l':
        `Filesystem Type 1024-blocks Used Available Capacity Mounted on\n/dev/sda2 ext4 20000000 5000000 14000000 27% /\n/dev/sdb9 btrfs 409600 330000 0 100% /srv/btrfs\n/dev/mapper/vg0-data xfs 9000000 100000 8900000 2% /data\n`.replace(
          '409600 330000 0 100%',
          when('409600 1000 400000 1%', '409600 330000 60000 85%'),
        ),
      '-Pi -l': 'Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda2 1000000 1000 999000 1% /\n',
    },
    timedatectl: { show: `Timezone=UTC\nNTP=yes\nNTPSynchronized=yes\n` },
    chronyc: {
      '-n -c tracking': `A29FC87B,162.159.200.123,3,1795000000.1,${when('0.000001', '0.410000')},0.000002,0.000003,-1.2,0.01,0.02,0.01,0.001,64.0,Normal\n`,
    },
    ip: {
      '-o addr':
        '2: eth0    inet 93.184.215.20/24 brd 93.184.215.255 scope global eth0\\       valid_lft forever\n',
      route: 'default via 198.51.100.1 dev eth0\n',
      '-6 route': '',
      neigh: '198.51.100.1 dev eth0 lladdr 52:54:00:00:00:99 REACHABLE\n',
    },
    lsblk: {
      '-P *':
        'NAME="sda" KNAME="sda" PKNAME="" TYPE="disk" SIZE="3.6T" MOUNTPOINT=""\nNAME="vg0-data" KNAME="dm-0" PKNAME="sdd" TYPE="lvm" SIZE="9G" MOUNTPOINT="/data"\n',
    },
    nft: {
      'list ruleset': when(
        'table inet filter {\n chain input {\n type filter hook input priority 0; policy drop;\n tcp dport 22 accept\n }\n}\n',
        '',
      ),
    },
    smartctl: {
      '--json -n standby -a /dev/sda': drive('sda', !ill, {
        temperature: { current: when(35, 66) },
        ata_smart_attributes: {
          table: [
            attribute(5, 'Reallocated_Sector_Ct', 0),
            attribute(187, 'Reported_Uncorrect', 0),
            attribute(188, 'Command_Timeout', when(0, 7)),
            attribute(197, 'Current_Pending_Sector', when(0, 8)),
            attribute(199, 'UDMA_CRC_Error_Count', when(0, 90)),
          ],
        },
        ata_smart_self_test_log: {
          standard: {
            table: [
              {
                type: { string: 'Extended offline' },
                status: { passed: true },
                lifetime_hours: when(40_900, 20_000),
              },
            ],
          },
        },
      }),
      '--json -n standby -a /dev/nvme0n1': drive('nvme0n1', true, {
        nvme_smart_health_information_log: {
          critical_warning: when(0, 5),
          temperature: 40,
          available_spare: when(100, 4),
          available_spare_threshold: 10,
          percentage_used: when(3, 97),
          media_errors: when(0, 12),
          power_on_hours: 900,
        },
      }),
    },
    zpool: {
      status: `  pool: tank\n state: ONLINE\n${when('', 'status: One or more devices has experienced an error resulting in data\n\tcorruption.  Applications may be affected.\n')}config:\n\n\tNAME        STATE     READ WRITE CKSUM\n\ttank        ONLINE       0     0     0\n\nerrors: ${when('No known data errors', "5 data errors, use '-v' for a list")}\n`,
      'list -Hp': `tank\t1000000000\t${when(300_000_000, 990_000_000)}\t10000000\t-\t-\t10\t99\t1.00\tONLINE\t-\n`,
    },
    storcli64: {
      '/call show all': `Controller = 0\nStatus = Success\n\nBasics :\n======\nController = 0\nModel = AVAGO MegaRAID SAS 9361-8i\n\nStatus :\n======\nController Status = Optimal\n\nVD LIST :\n=======\n0/0   RAID1 Optl  RW     Yes     RWBD  -   ON  931.000 GB os\n\nPD LIST :\n=======\n252:0    10 Onln   0 931.000 GB SATA HDD N   N  512B ST1000NX0313     U  -\n\nCachevault_Info :\n===============\nCVPM02 ${when('Optimal', 'Failed')}  28C  -    2016/11/04\n`,
      '/call/eall/sall show all': `Controller = 0\nStatus = Success\nDescription = Show Drive Information Succeeded.\n\nDrive /c0/e252/s0 State :\nMedia Error Count = 0\nPredictive Failure Count = ${when(0, 3)}\nS.M.A.R.T alert flagged by drive = No\n`,
    },
    dmsetup: {
      status: `vg0-data: 0 18000000 linear \nvg0-pool-tpool: 0 209715200 thin-pool 1 ${when(200, 2000)}/2048 345/6400 - rw discard_passdown queue_if_no_space - 1024 \n`,
    },
    ipmitool: {
      'sdr elist': `Fan1 RPM         | 30h | ok  |  7.1 | 4200 RPM\nPS1 Status       | C8h | ok  | 10.1 | Presence detected${when('', ', Power Supply AC lost')}\nPS Redundancy    | 77h | ok  |  7.1 | ${when('Fully Redundant', 'Redundancy Lost')}\nTemp             | 01h | ok  |  3.1 | 45 degrees C\n`,
    },
    btrfs: {
      'device stats /srv/btrfs': `[/dev/sdb9].write_io_errs    ${when(0, 4)}\n[/dev/sdb9].read_io_errs     0\n[/dev/sdb9].flush_io_errs    0\n[/dev/sdb9].corruption_errs  0\n[/dev/sdb9].generation_errs  0\n`,
      'filesystem usage -b /srv/btrfs': `Overall:\n    Device size:\t\t         419430400\n    Device allocated:\t\t         418381824\n    Device unallocated:\t\t           ${when(300_000_000, 1_048_576)}\n    Device missing:\t\t                 0\n    Used:\t\t\t         335642624\n\nData,single: Size:334495744, Used:${when(100, 334_495_744)} (100.00%)\n   /dev/sdb9\t 334495744\n\nMetadata,DUP: Size:33554432, Used:557056 (1.66%)\n`,
    },
    sshd: {
      '-T': `port 22\npermitrootlogin ${when('without-password', 'yes')}\npasswordauthentication ${when('no', 'yes')}\n`,
    },
    last: { '-i -F -n 30': '\n' },
    lastb: {
      '-i -F -n *': when(
        '\n',
        'root     ssh:notty    203.0.113.7      Wed Nov 18 10:00:00 2026 - Wed Nov 18 10:00:00 2026  (00:00)\n'.repeat(
          140,
        ),
      ),
    },
    'systemd-detect-virt': { '': 'exit 1\nnone\n' },
    lscpu: {
      '': 'Architecture:        x86_64\nCPU(s):              2\nModel name:          Intel(R) Xeon(R)\n',
    },
    dpkg: {
      '--audit': when(
        '',
        'The following packages are only half configured, probably due to problems\nconfiguring them the first time.  The configuration should be retried using\ndpkg --configure <package> or the configure menu option in dselect:\n nginx                small, powerful, scalable web/proxy server\n',
      ),
    },
    'apt-get': {
      '-s -o Debug::NoLocking=1 -o Dir::Log::Planner= -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= dist-upgrade':
        when('', 'Inst openssl [3.0.1] (3.0.2 Debian-Security:13/stable-security [amd64])\n'),
    },
    du: { '*': when('1000\t/var/log\n', '8000000\t/var/log/journal\n9000000\t/var/log\n') },
  };
  return { files, programs };
}

export const expected: Expected[] = [
  // Memory and the kernel's tables
  ['mem.hw_corrupt', 'web1'],
  ['mem.no_swap', 'web1'],
  ['mem.overcommit', 'web1'],
  ['mem.slab_leak', 'web1'],
  ['mem.thp_latency', 'redis-server'],
  ['mem.ecc_uncorrected', 'mc0/dimm0'],
  ['proc.fd_system', 'web1'],
  ['sys.entropy', 'web1'],
  // Network
  ['net.drops', 'eth0'],
  ['net.fifo', 'eth0'],
  ['net.udp_errors', 'web1'],
  ['net.timewait', 'web1'],
  ['net.orphans', 'web1'],
  ['net.tcp_mem', 'web1'],
  ['net.bond_degraded', 'bond0'],
  ['net.flap', 'eth0'],
  ['net.wg_stale', 'wg0 PPPP'],
  // Disks
  ['disk.readonly', '/'],
  ['disk.readonly', '/data'],
  ['disk.fs_errors', '/'],
  ['disk.fs_errors', '/srv/btrfs'],
  ['disk.errors', 'sda'],
  ['disk.btrfs_alloc', '/srv/btrfs'],
  ['disk.lvm_thin_full', 'vg0/pool'],
  ['disk.zfs_degraded', 'tank'],
  ['disk.zfs_capacity', 'tank'],
  ['raid.degraded', 'md0'],
  ['raid.degraded', 'md1'],
  ['raid.disk_failed', 'sdb1'],
  ['raid.no_spare_risk', 'md0'],
  ['raid.mismatch', 'md0'],
  ['raid.bbu', 'storcli 0'],
  ['raid.hw_predictive', 'storcli 0'],
  ['smart.failed', 'sda'],
  ['smart.timeout', 'sda'],
  ['smart.pending', 'sda'],
  ['smart.combo', 'sda'],
  ['smart.crc', 'sda'],
  ['smart.temp', 'sda'],
  ['smart.selftest_old', 'sda'],
  ['smart.ssd_wear', 'nvme0n1'],
  ['smart.nvme_spare', 'nvme0n1'],
  ['smart.nvme_critical', 'nvme0n1'],
  ['smart.nvme_media', 'nvme0n1'],
  // Hardware
  ['hw.psu', 'PS1 Status'],
  ['hw.ups', 'apc'],
  ['hw.mce', 'web1'],
  // Services
  ['web.nginx_conns', 'nginx'],
  ['web.apache_workers', 'apache2'],
  ['web.phpfpm_children', 'php-fpm'],
  ['web.config_invalid', 'nginx'],
  ['svc.upstream_timeout', 'nginx'],
  ['svc.container_unhealthy', 'shop'],
  ['svc.container_loop', 'api'],
  ['svc.timer_missed', 'logrotate.timer'],
  ['job.cron_overlap', 'stock.sh'],
  ['mail.queue', 'web1'],
  ['backup.stale', 'dump site.sql.gz'],
  ['backup.shrunk', 'dump crm.sql.gz'],
  // Databases
  ['db.mysql_repl_broken', 'mysql'],
  ['db.mysql_low_hit', 'mysql'],
  ['db.mysql_worst_case_mem', 'mariadbd'],
  ['db.pg_connections', 'postgresql'],
  ['db.pg_idle_tx', 'postgresql'],
  ['db.pg_wraparound', 'postgresql'],
  ['db.pg_bloat', 'postgresql'],
  ['db.pg_slot', 'postgresql'],
  ['db.redis_maxmemory', 'redis'],
  ['db.redis_rejected', 'redis'],
  ['db.redis_bgsave', 'redis'],
  // System
  ['sys.crash', 'web1'],
  ['sys.reboot_required', 'web1'],
  ['sys.kernel_old', 'web1'],
  ['sys.eol', 'web1'],
  ['sys.updates', 'web1'],
  ['sys.update_broken', 'nginx'],
  ['sys.services_old_libs', 'web1'],
  ['sys.journal_big', '/var/log'],
  ['sys.logrotate_failed', 'logrotate.service'],
  ['time.skew', 'web1'],
  ['virt.migrated', 'web1'],
  // Access
  ['sec.redis_noauth', 'redis'],
  ['sec.world_readable_secret', '/srv/www/.env'],
  ['sec.empty_password', 'open'],
  ['sec.suid_new', '/usr/bin/newtool'],
  ['sec.sshd_root', 'sshd'],
  ['sec.sshd_password', 'sshd'],
  ['sec.bruteforce', '203.0.113.7'],
  ['sec.firewall_off', 'web1'],
];
