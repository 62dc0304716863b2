// Links, services, databases, clocks and access, written before the product saw them.
import { installed, type Tree } from '../box.ts';
import { at, contain, engine, idOf, pods } from '../abroad/lands.ts';
import { failed } from '../abroad/offices.ts';
import { router } from '../abroad/wires.ts';
import { mutter, mysqlSays, noPsi, postgresSays } from './parts.ts';

const bonding = (
  active: string,
  down: string | undefined,
  failures: number,
) => `Ethernet Channel Bonding Driver: v5.14.0-570.46.1.el9_6.x86_64

Bonding Mode: IEEE 802.3ad Dynamic link aggregation
Transmit Hash Policy: layer3+4 (1)
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0
Down Delay (ms): 0

802.3ad info
LACP active: on
LACP rate: fast

Slave Interface: ${active}
MII Status: up
Speed: 10000 Mbps
Duplex: full
Link Failure Count: 0
Permanent HW addr: b4:96:91:00:00:01
Slave queue ID: 0
Aggregator ID: 1

Slave Interface: ${down ?? 'ens1f1'}
MII Status: ${down ? 'down' : 'up'}
Speed: ${down ? 'Unknown' : '10000 Mbps'}
Duplex: ${down ? 'Unknown' : 'full'}
Link Failure Count: ${failures}
Permanent HW addr: b4:96:91:00:00:02
Slave queue ID: 0
Aggregator ID: ${down ? 2 : 1}
`;

const nginxTime = (now: number) => {
  const d = new Date(now * 1000).toISOString();
  return `${d.slice(0, 10).replace(/-/g, '/')} ${d.slice(11, 19)}`;
};

export const services: Tree[] = [
  {
    name: 'CentOS 7: the table of connections is full, packets are dropped (kernel 3.10, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('centos7', 'gw-old', {
        cores: 4,
        memory: 7800,
        fs: 'xfs',
        now: '2023-04-04T10:00:00Z',
        crowd: 20,
      });
      b.conntrack = [65_530, 65_536];
      for (let i = 0; i < 10; i++) b.say(4, 'nf_conntrack: table full, dropping packet', 20 + i);
      b.say(4, 'net_ratelimit: 4112 callbacks suppressed', 15);
      return b;
    },
    roots: [{ problem: 'net.conntrack', subject: ['gw-old'] }],
  },
  {
    name: 'one leg of the bond is without carrier (Rocky 9, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rocky9', 'ceph-2', { cores: 16, memory: 64_000, fs: 'xfs', net: 'bond0', crowd: 60 });
      noPsi(b);
      b.net('bond0').speed = 10_000;
      b.nets.push(
        { name: 'ens1f0', speed: 10_000, rx: 9e6, tx: 9e6 },
        { name: 'ens1f1', state: 'down', rx: 0, tx: 0, carrierChanges: 7 },
      );
      b.files['proc/net/bonding/bond0'] = bonding('ens1f0', 'ens1f1', 3);
      b.say(6, 'i40e 0000:3b:00.1 ens1f1: NIC Link is Down', 4000);
      return b;
    },
    roots: [{ problem: ['net.link_down', 'net.bond_degraded'], subject: ['ens1f1', 'bond0'] }],
  },
  {
    name: 'a cable of four pairs has one broken: the link falls back to 100 Mbit/s and is full, TCP sends again',
    kind: 'fault',
    runs: 9,
    onset: 2,
    box: () => {
      const b = at('debian12', 'mirror-1', { cores: 4, memory: 15_900, net: 'eno1', crowd: 20 });
      b.serve('nginx.service', { name: 'nginx', rss: 20, cpu: 0.2 });
      return b;
    },
    each: (b, run) => {
      const slow = run >= 2;
      Object.assign(b.net('eno1'), {
        speed: slow ? 100 : 1000,
        rx: 900_000,
        tx: slow ? 12_200_000 : 41e6,
        txPackets: slow ? 8400 : 29_000,
        rxPackets: 7000,
        carrierChanges: slow ? 4 : 2,
      });
      b.tcp = { InSegs: 7000, OutSegs: slow ? 8600 : 29_000, RetransSegs: slow ? 410 : 12, OutRsts: 1 };
      if (run === 2)
        b.say(6, 'e1000e 0000:00:1f.6 eno1: NIC Link is Up 100 Mbps Full Duplex, Flow Control: Rx/Tx', 30);
    },
    roots: [{ problem: 'net.link_slow', subject: 'eno1' }],
    chain: ['net.link_slow>net.saturated', 'net.saturated>net.retrans'],
  },
  {
    name: 'frames arrive damaged on the storage link, TCP sends again (SLES 12)',
    kind: 'fault',
    runs: 8,
    onset: 2,
    box: () => {
      const b = at('sles12', 'sap-app2', {
        cores: 8,
        memory: 31_000,
        fs: 'btrfs',
        now: '2024-06-06T10:00:00Z',
        crowd: 40,
      });
      b.nets.push({
        name: 'eth1',
        speed: 10_000,
        addresses: ['10.44.0.7/24'],
        rx: 8e6,
        tx: 6e6,
        rxPackets: 9000,
        txPackets: 8000,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.net('eth1').rxErrors = 270;
      b.tcp = { InSegs: 9000, OutSegs: 8100, RetransSegs: 260, OutRsts: 1 };
    },
    roots: [{ problem: 'net.errors', subject: 'eth1' }],
    chain: ['net.errors>net.retrans'],
  },
  {
    name: 'the uplink loses its carrier: gateway gone, NFS hangs, programs hang in it (Debian 10)',
    kind: 'fault',
    runs: 7,
    onset: 2,
    box: () => {
      const b = at('debian10', 'cad-5', {
        cores: 4,
        memory: 15_900,
        net: 'enp3s0',
        now: '2024-06-06T10:00:00Z',
        crowd: 20,
      });
      b.mounts.push({
        dev: '10.9.0.4:/export/cad',
        at: '/mnt/cad',
        type: 'nfs4',
        options: 'rw,relatime,vers=4.2,hard,proto=tcp,timeo=600,addr=10.9.0.4',
        mb: 4_000_000,
        used: 1_000_000,
      });
      b.run({ pid: 8100, name: 'freecad', exe: '/usr/bin/freecad', uid: 1001, rss: 400, cpu: 0.1 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      Object.assign(b.net('enp3s0'), { state: 'down', rx: 0, tx: 0, carrierChanges: 3 });
      b.neighbours = '192.0.2.1 dev enp3s0  FAILED\n';
      b.routes =
        'default via 192.0.2.1 dev enp3s0 proto static linkdown \n192.0.2.0/24 dev enp3s0 proto kernel scope link src 192.0.2.10 linkdown \n';
      Object.assign(b.process('freecad'), { state: 'D', wchan: 'rpc_wait_bit_killable', cpu: 0 });
      Object.assign(b, {
        blocked: 1,
        load: [2.1, 1.8, 1],
        tcp: { InSegs: 0, OutSegs: 3, RetransSegs: 1, OutRsts: 0 },
      });
      if (run === 2) b.say(6, 'e1000e: enp3s0 NIC Link is Down', 50);
      if (run === 4) b.say(3, 'nfs: server 10.9.0.4 not responding, still trying', 20);
      b.programs['df'] = [['-PTk /mnt/cad', '', 124]];
    },
    roots: [{ problem: 'net.link_down', subject: 'enp3s0' }],
    chain: [
      'net.link_down>net.gateway_down',
      'net.gateway_down>disk.nfs_stall',
      'disk.nfs_stall>proc.dstate',
    ],
  },
  {
    name: 'uWSGI no longer takes up connections, its queue of 100 is full (Ubuntu 22.04)',
    kind: 'fault',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('ubuntu2204', 'django-2', { cores: 4, memory: 7900, crowd: 20 });
      const u = b.serve('uwsgi.service', {
        name: 'uwsgi',
        exe: '/usr/bin/uwsgi-core',
        uid: 33,
        rss: 300,
        cpu: 0.1,
      });
      b.listeners.push({ at: '127.0.0.1:8000', process: 'uwsgi', pid: u.pid, backlog: 100 });
      return b;
    },
    each: (b, run) => {
      if (!run) return;
      b.listeners.at(-1)!.waiting = 101;
      b.tcpExt = { ListenOverflows: 14, ListenDrops: 14 };
    },
    roots: [{ problem: 'net.listen_overflow', subject: ['uwsgi', '8000', '127.0.0.1:8000'] }],
  },
  {
    name: 'WireGuard: a site with keepalive was last heard of 50 minutes ago (OpenWrt)',
    kind: 'fault',
    atFirst: 'the case was wrong',
    runs: 3,
    shell: 'busybox ash',
    box: () => {
      const b = router('filiale-3');
      b.nets.push({ name: 'wg0', state: 'unknown', speed: -1, rx: 900, tx: 900 });
      b.files['sys/module/wireguard/initstate'] = 'live\n';
      return b;
    },
    each: (b) => {
      const now = Math.round(b.now + 59);
      b.programs['wg'] = [
        [
          'show all dump',
          `wg0\tAAAA000000000000000000000000000000000000000=\tBBBB000000000000000000000000000000000000000=\t51820\toff
wg0\tCCCC000000000000000000000000000000000000000=\t(none)\t198.51.100.9:51820\t10.8.0.2/32\t${now - 41}\t90112344\t40112344\t25
wg0\tDDDD000000000000000000000000000000000000000=\t(none)\t198.51.100.77:51820\t10.8.0.3/32\t${now - 3010}\t90112\t4011234\t25
wg0\tEEEE000000000000000000000000000000000000000=\t(none)\t(none)\t10.8.0.4/32\t0\t0\t0\toff
`,
        ],
      ];
    },
    roots: [{ problem: 'net.wg_stale', subject: ['wg0 DDDD', 'DDDD'] }],
  },
  {
    name: 'Apache does not start, since nginx has port 80 (Ubuntu 22.04, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2204', 'two-webs', { cores: 2, memory: 3900, crowd: 10 });
      const n = b.serve('nginx.service', { name: 'nginx', rss: 14 });
      b.listeners.push({ at: '0.0.0.0:80', process: 'nginx', pid: n.pid, backlog: 511 });
      failed(b, 'apache2.service', 'The Apache HTTP Server');
      b.files['etc/apache2/ports.conf'] = 'Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n';
      b.files['var/log/apache2/error.log'] =
        '(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80\n(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80\nno listening sockets available, shutting down\n';
      return b;
    },
    roots: [{ problem: 'svc.port_conflict', subject: ['apache2', ':80', '80', '0.0.0.0:80', 'nginx'] }],
    chain: ['svc.port_conflict>svc.unit_failed'],
  },
  {
    name: 'a unit whose program is not there starts over and over (203/EXEC, Debian 13)',
    kind: 'fault',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('debian13', 'iot-hub', { cores: 4, memory: 7900, crowd: 30 });
      b.units.push({
        name: 'mqtt-bridge.service',
        active: 'active',
        sub: 'running',
        text: 'MQTT bridge',
        pid: 0,
      });
      return b;
    },
    each: (b, run) => {
      if (run)
        Object.assign(b.unit('mqtt-bridge.service'), {
          active: 'activating',
          sub: 'auto-restart',
          result: 'exit-code',
          status: 203,
          code: 1,
          restarts: run * 11,
          stopped: b.now + 50,
        });
    },
    roots: [{ problem: 'svc.restart_loop', subject: 'mqtt-bridge' }],
  },
  {
    name: 'a container that Docker restarts every minute (hybrid groups, Debian 10)',
    kind: 'fault',
    runs: 6,
    onset: 0,
    box: () => {
      const b = at('debian10', 'gitea-host', {
        cores: 2,
        memory: 3900,
        now: '2024-06-06T10:00:00Z',
        crowd: 10,
      });
      b.serve('docker.service', { name: 'dockerd', rss: 100, threads: 20 });
      pods(b, 4);
      contain(
        b,
        { name: 'gitea', id: idOf('gt'), image: 'gitea/gitea:1.22', status: 'Up 3 weeks' },
        { name: 'gitea', rss: 200, threads: 14, cpu: 0.05 },
      );
      return b;
    },
    each: (b, run) => {
      const id = idOf('rn');
      const since = new Date((b.now + 20) * 1000).toISOString();
      engine(b);
      b.programs['docker'] = b.programs['docker']!.map(([p, out]) => [
        p,
        out +
          (p.startsWith('inspect')
            ? `${id}|/act-runner|${112 + run * 2}|false|1|${since}\n`
            : p.startsWith('ps -aq')
              ? `${id.slice(0, 12)}\n`
              : `${id}|act-runner|gitea/act_runner:0.2|Restarting (1) 22 seconds ago\n`),
      ]);
    },
    roots: [{ problem: 'svc.container_loop', subject: 'act-runner' }],
  },
  {
    name: 'MariaDB: the SQL thread of the replica has stopped at a duplicate key (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian12', 'db-replica', { cores: 4, memory: 15_900, crowd: 20 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/sbin/mariadbd',
        uid: 106,
        rss: 4000,
        cpu: 0.1,
        threads: 30,
      });
      b.files['run/mysqld/mysqld.sock'] = '';
      mysqlSays(
        b,
        {},
        { innodb_buffer_pool_size: 4_294_967_296, version: '10.11.14-MariaDB-0+deb12u2' },
        `*************************** 1. row ***************************
               Connection_name:
               Slave_SQL_State:
                Slave_IO_State: Waiting for master to send event
              Slave_IO_Running: Yes
             Slave_SQL_Running: No
                    Last_Errno: 1062
                    Last_Error: Could not execute Write_rows_v1 event on table app.orders; Duplicate entry '4711' for key 'PRIMARY'
         Seconds_Behind_Master: NULL
                 Last_IO_Errno: 0
                Last_SQL_Errno: 1062
`,
      );
      return b;
    },
    roots: [{ problem: 'db.mysql_repl_broken', subject: ['mysql', 'mariadb'] }],
  },
  {
    name: 'PostgreSQL: 97 of 100 connections, nearly all idle (one report, SLES 15)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('sles15z', 'pg-app', { cores: 4, memory: 15_900, fs: 'xfs', crowd: 20 });
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql16/bin/postgres',
        uid: 26,
        rss: 900,
        cpu: 0.1,
      });
      postgresSays(b, { states: 'active|2|00:00:01.2\nidle|95|\n' });
      return b;
    },
    roots: [{ problem: 'db.pg_connections', subject: ['postgres', 'pg-app'] }],
  },
  {
    name: 'Redis can not fork to save: overcommit is 0 and memory is short (Debian 11)',
    kind: 'fault',
    runs: 4,
    onset: 0,
    box: () => {
      const b = at('debian11', 'cache-1', { cores: 2, memory: 3900, crowd: 10 });
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        uid: 114,
        rss: 2400,
        cpu: 0.1,
      });
      b.files['run/redis/redis-server.sock'] = '';
      b.committed = 3700;
      b.available = 1150;
      return b;
    },
    each: (b, run) => {
      b.programs['redis-cli'] = [
        [
          'info all',
          `# Server\r\nredis_version:6.0.16\r\n# Clients\r\nconnected_clients:30\r\n# Memory\r\nused_memory:2490112344\r\nused_memory_rss:2512112344\r\nmaxmemory:3000000000\r\nmaxmemory_policy:allkeys-lru\r\n# Persistence\r\nloading:0\r\nrdb_changes_since_last_save:${90_112 + run * 9000}\r\nrdb_bgsave_in_progress:0\r\nrdb_last_save_time:${Math.round(b.now) - 70_000}\r\nrdb_last_bgsave_status:err\r\naof_enabled:0\r\n# Stats\r\nrejected_connections:0\r\nevicted_keys:0\r\n# Replication\r\nrole:master\r\n`,
        ],
      ];
    },
    roots: [{ problem: 'db.redis_bgsave', subject: ['redis', 'cache-1'] }],
  },
  {
    name: 'PHP-FPM has too few children for the day, its log says so each minute (Rocky 8)',
    kind: 'fault',
    runs: 6,
    onset: 0,
    box: () => {
      const b = at('rocky8', 'wp-farm', { cores: 4, memory: 7900, fs: 'xfs', crowd: 20 });
      noPsi(b);
      b.serve('php-fpm.service', { name: 'php-fpm', uid: 48, rss: 60, cpu: 0.2 });
      b.files['etc/php-fpm.d/www.conf'] =
        '[www]\nuser = apache\nlisten = /run/php-fpm/www.sock\npm = dynamic\npm.max_children = 8\n';
      return b;
    },
    each: (b) => {
      const line = (s: number) => {
        const d = new Date((b.now + s) * 1000);
        return `[${d.toUTCString().slice(5, 16).replace(/ /g, '-')} ${d.toISOString().slice(11, 19)}] WARNING: [pool www] server reached pm.max_children setting (8), consider raising it\n`;
      };
      b.files['var/log/php-fpm/error.log'] =
        (b.files['var/log/php-fpm/error.log'] ?? '') + line(8) + line(22) + line(51);
    },
    roots: [{ problem: 'web.phpfpm_children', subject: ['www', 'php-fpm', 'php'] }],
  },
  {
    name: 'the timer of the backup was stopped eleven days ago, the last dump is as old (one report)',
    kind: 'fault',
    atFirst: 'rule silent',
    runs: 1,
    box: () => {
      const b = at('debian12', 'crm-2', { cores: 2, memory: 3900, crowd: 10 });
      b.timers.push(
        '-                           -          Sat 2026-02-28 02:00:03 UTC 11 days ago  pgbackup.timer               pgbackup.service',
        'Thu 2026-03-12 00:00:00 UTC 9h left    Wed 2026-03-11 00:00:04 UTC 14h ago      logrotate.timer              logrotate.service',
        'Thu 2026-03-12 06:41:20 UTC 16h left   Wed 2026-03-11 06:12:11 UTC 8h ago       apt-daily-upgrade.timer      apt-daily-upgrade.service',
      );
      b.ages['var/backups/pg'] = 11.5 * 86_400;
      for (let i = 0; i < 7; i++) {
        const name = `var/backups/pg/crm-2026-02-${28 - i}.sql.gz`;
        b.files[name] = 'x'.repeat(9000);
        b.ages[name] = (11.5 + i) * 86_400;
      }
      return b;
    },
    roots: [{ problem: ['svc.timer_missed', 'backup.stale'], subject: ['pgbackup', 'crm', '/var/backups'] }],
  },
  {
    name: 'the dump of last night is 20 bytes long (one report)',
    kind: 'fault',
    atFirst: 'not collected',
    runs: 1,
    box: () => {
      const b = at('ubuntu2404', 'wiki', { cores: 2, memory: 3900, crowd: 10 });
      b.ages['var/backups/mysql'] = 40_000;
      for (let i = 0; i < 8; i++) {
        const day = new Date((b.now - i * 86_400) * 1000).toISOString().slice(0, 10);
        const name = `var/backups/mysql/wiki-${day}.sql.gz`;
        b.files[name] = i ? 'y'.repeat(1_300_000 + i * 100) : 'z'.repeat(20);
        b.ages[name] = i * 86_400 + 40_000;
      }
      return b;
    },
    roots: [{ problem: ['backup.shrunk'], subject: ['wiki', 'dump wiki', '/var/backups'] }],
  },
  {
    name: 'ntpd of CentOS 6 reaches none of its servers, the clock runs free (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('centos6', 'plc-log', {
        cores: 1,
        memory: 1900,
        disk: 'sda',
        now: '2019-04-02T10:00:00Z',
      });
      b.run({ name: 'ntpd', exe: '/usr/sbin/ntpd', uid: 38, rss: 3 });
      b.programs['ntpq'] = [
        [
          '-pn',
          `     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
 10.0.0.1        .INIT.          16 u    - 1024    0    0.000    0.000   0.000
 10.0.0.2        .INIT.          16 u    - 1024    0    0.000    0.000   0.000
`,
        ],
      ];
      b.programs['busybox'] = [
        [
          'adjtimex',
          `    mode:         0
-o  offset:       0 us
-f  freq.adjust:  -1203423 (65536 = 1ppm)
    maxerror:     16000000
    esterror:     16000000
    status:       64 (UNSYNC)
-p  timeconstant: 10
    precision:    1 us
    tolerance:    32768000
-t  tick:         10000
    return value: 5 (clock not synchronized)
`,
          0,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'time.unsync', subject: 'plc-log' }],
  },
  {
    name: 'chronyd is stopped since the update, timedatectl says no (RHEL 9, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'kerberos-2', { cores: 2, memory: 3700, fs: 'xfs', crowd: 10 });
      noPsi(b);
      failed(b, 'chronyd.service', 'NTP client/server', 90_000);
      b.programs['chronyc'] = [['-n -c tracking', '506 Cannot talk to daemon\n', 1]];
      b.programs['timedatectl'] = [
        [
          'show',
          'Timezone=Europe/Berlin\nLocalRTC=no\nCanNTP=yes\nNTP=no\nNTPSynchronized=no\nTimeUSec=Wed 2026-03-11 15:31:12 CET\nRTCTimeUSec=Wed 2026-03-11 15:31:10 CET\n',
        ],
      ];
      return b;
    },
    roots: [{ problem: ['svc.unit_failed', 'time.unsync'], subject: ['chronyd', 'kerberos-2'] }],
  },
  {
    name: 'a power supply has failed (ipmitool of a Dell, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2004', 'r640-9', {
        cores: 32,
        memory: 128_000,
        disk: 'sda',
        now: '2025-02-02T10:00:00Z',
        crowd: 60,
      });
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [
        [
          'sdr elist',
          `Fan1A            | 30h | ok  |  7.1 | 5160 RPM
Fan2A            | 32h | ok  |  7.1 | 5280 RPM
Inlet Temp       | 04h | ok  |  7.1 | 22 degrees C
Exhaust Temp     | 01h | ok  |  7.1 | 37 degrees C
Temp             | 0Eh | ok  |  3.1 | 54 degrees C
Temp             | 0Fh | ok  |  3.2 | 51 degrees C
Fan Redundancy   | 75h | ok  |  7.1 | Fully Redundant
PS Redundancy    | 77h | ok  |  7.1 | Redundancy Lost
Status           | 85h | ok  | 10.1 | Presence detected
Status           | 86h | ok  | 10.2 | Presence detected, Failure detected
Voltage 1        | 6Ch | ok  | 10.1 | 230 Volts
Voltage 2        | 6Dh | ns  | 10.2 | No Reading
Intrusion        | 73h | ok  |  7.1 |
SEL              | 72h | ns  |  7.1 | No Reading
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'hw.psu', subject: ['Status', 'PS Redundancy', 'r640-9', 'ipmi'] }],
  },
  {
    name: 'machine check exceptions in the log (kernel 4.9, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian9', 'compute-3', {
        cores: 8,
        memory: 31_000,
        disk: 'sda',
        now: '2022-03-01T10:00:00Z',
        crowd: 30,
      });
      mutter(b);
      b.say(2, 'mce: [Hardware Error]: CPU 4: Machine Check: 0 Bank 5: be00000000800400', 800);
      b.say(2, 'mce: [Hardware Error]: TSC 0 ADDR ffffffff8104a1b2 MISC 7fff', 800);
      b.say(2, 'mce: [Hardware Error]: PROCESSOR 0:306e4 TIME 1646128000 SOCKET 0 APIC 8 microcode 42e', 800);
      b.say(6, 'mce: [Hardware Error]: Machine check events logged', 799);
      return b;
    },
    roots: [{ problem: 'hw.mce', subject: ['compute-3', 'CPU 4', 'Bank 5'] }],
  },
  {
    name: 'the UPS runs on battery and has 22 % left (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian12', 'praxis', { cores: 2, memory: 7900, crowd: 10 });
      b.programs['upsc'] = [
        ['-l', 'apc\n'],
        [
          'apc',
          'battery.charge: 22\nbattery.charge.low: 10\nbattery.runtime: 240\nbattery.voltage: 23.1\ndevice.mfr: American Power Conversion\ndevice.model: Back-UPS RS 900G\ndriver.name: usbhid-ups\ninput.voltage: 0.0\nups.load: 31\nups.status: OB DISCHRG\n',
        ],
      ];
      return b;
    },
    roots: [{ problem: 'hw.ups', subject: ['apc'] }],
  },
  {
    name: 'Elasticsearch answers everybody on 9200, no firewall (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian12', 'elk-1', { cores: 4, memory: 15_900, crowd: 20 });
      b.nets[0]!.addresses = ['203.0.113.61/24'];
      const e = b.serve('elasticsearch.service', {
        name: 'java',
        exe: '/usr/share/elasticsearch/jdk/bin/java',
        uid: 115,
        rss: 8000,
        cpu: 0.2,
        threads: 90,
        limit: 65_535,
      });
      b.listeners.push(
        { at: '*:9200', process: 'java', pid: e.pid, backlog: 4096 },
        { at: '[::ffff:127.0.0.1]:9300', process: 'java', pid: e.pid },
      );
      b.files['sys/module/nf_tables/initstate'] = 'live\n';
      b.programs['nft'] = [['list ruleset', '']];
      return b;
    },
    roots: [{ problem: 'sec.db_exposed', subject: ['java', '9200', 'elasticsearch', '*:9200'] }],
  },
  {
    name: 'the certificate behind HAProxy ends in five days (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma10', 'lb-7', { cores: 4, memory: 7900, fs: 'xfs', crowd: 10 });
      noPsi(b);
      b.serve('haproxy.service', { name: 'haproxy', rss: 60, uid: 188, cpu: 0.1 });
      b.files['etc/haproxy/haproxy.cfg'] =
        'frontend https\n    bind :443 ssl crt /etc/haproxy/certs/www.example.org.pem\n    default_backend web\n';
      b.files['etc/haproxy/certs/www.example.org.pem'] =
        '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
      b.programs['openssl'] = [
        [
          'x509 *',
          'subject=CN=www.example.org\nissuer=C=GB, O=Sectigo Limited, CN=Sectigo RSA Domain Validation Secure Server CA\nnotBefore=Mar 16 00:00:00 2025 GMT\nnotAfter=Mar 16 23:59:59 2026 GMT\nserial=0A1B2C3D4E5F\n        Signature Algorithm: sha256WithRSAEncryption\n                Public-Key: (2048 bit)\n                DNS:www.example.org, DNS:example.org\n',
        ],
      ];
      return b;
    },
    roots: [{ problem: 'tls.expiring', subject: ['www.example.org', '/etc/haproxy'] }],
  },
  {
    name: 'an interrupted upgrade left packages half configured (Ubuntu 24.04, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2404', 'desk-srv', { cores: 2, memory: 3900, crowd: 10 });
      b.programs['dpkg'] = [
        [
          '--audit',
          `The following packages are only half configured, probably due to problems
configuring them the first time.  The configuration should be retried using
dpkg --configure <package> or the configure menu option in dselect:
 linux-image-6.8.0-86-generic Signed kernel image generic
 udev                 /dev/ and hotplug management daemon

`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'sys.update_broken', subject: ['dpkg', 'desk-srv', 'linux-image'] }],
  },
  {
    name: 'exim has 3400 frozen messages, some days old (Debian 11, installed)',
    kind: 'fault',
    runs: 2,
    every: 3600,
    rhythm: installed,
    box: () => {
      const b = at('debian11', 'mail-1', { cores: 2, memory: 3900, crowd: 10 });
      b.serve('exim4.service', { name: 'exim4', rss: 9, uid: 105 });
      for (let i = 0; i < 1700; i++)
        for (const kind of ['D', 'H']) {
          const name = `var/spool/exim4/input/1tR${String(i).padStart(3, '0')}-0000${i % 10}A-2B-${kind}`;
          b.files[name] = 'x';
          b.ages[name] = 3600 * (2 + (i % 90));
        }
      return b;
    },
    each: (b, run) => {
      if (run) b.unit('exim4.service').restarts = 0;
    },
    roots: [{ problem: ['mail.queue', 'mail.spam_source'], subject: ['exim', 'mail-1', '/var/spool'] }],
  },
  {
    name: 'nginx stops with an unknown directive after an edit (one report, openSUSE)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('tumbleweed', 'static-2', { cores: 2, memory: 3900, fs: 'btrfs', crowd: 10 });
      failed(b, 'nginx.service', 'The nginx HTTP and reverse proxy server', 240);
      b.files['etc/nginx/nginx.conf'] =
        'worker_processes auto;\nevents { worker_connections 1024; }\nhttp {\n  server { listen 80; server_nam static; }\n}\n';
      b.ages['etc/nginx/nginx.conf'] = 260;
      b.files['var/log/nginx/error.log'] =
        `${nginxTime(b.now - 200)} [emerg] 4112#4112: unknown directive "server_nam" in /etc/nginx/nginx.conf:4\n`;
      return b;
    },
    roots: [{ problem: ['web.config_invalid', 'change.config'], subject: ['nginx', '/etc/nginx'] }],
    chain: ['web.config_invalid>svc.unit_failed'],
  },
  {
    name: 'an account with number 0 and a shell beside root (one report, Alpine)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alpine', 'proxy-alp', { cores: 1, memory: 480, crowd: 5 });
      b.files['etc/passwd'] =
        'root:x:0:0:root:/root:/bin/ash\nbin:x:1:1:bin:/bin:/sbin/nologin\ntoor:x:0:0::/root:/bin/ash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n';
      return b;
    },
    roots: [{ problem: 'sec.uid0', subject: 'toor' }],
  },
];
