// Written after the first misses of this round were mended, and again before the product saw them.
import { installed, type Tree } from '../box.ts';
import { at, contain, engine, idOf, pods } from './lands.ts';
import { mysql } from './offices.ts';
import { redis } from './processor.ts';
import { mdstat, sata } from './tools.ts';

const openssl = (subject: string, from: string, to: string, issuer: string): [string, string][] => [
  [
    'x509 *',
    `subject=CN = ${subject}
issuer=${issuer}
notBefore=${from}
notAfter=${to}
serial=04C0FFEE
        Signature Algorithm: sha256WithRSAEncryption
                Public-Key: (2048 bit)
                DNS:${subject}
`,
  ],
];

export const second: Tree[] = [
  {
    name: 'files that stand still within a run: a Perl job spins on one of two cores',
    kind: 'fault',
    still: true,
    onset: 3,
    runs: 12,
    box: () => {
      const b = at('devuan', 'kiste', { cores: 2, memory: 3900, disk: 'sda', crowd: 20 });
      b.run({ pid: 8123, name: 'perl', exe: '/usr/bin/perl', uid: 33, rss: 40, cpu: 0.01, started: 90_000 });
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      b.process('perl').cpu = 0.99;
      b.running = 2;
      b.load = [1.2, 0.9, 0.5];
    },
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned', 'cpu.saturated'], subject: 'perl' }],
  },
  {
    name: 'a mirror came up with one of its two disks after a start (one report)',
    kind: 'fault',
    runs: 1,
    still: true,
    box: () => {
      const b = at('alma8', 'lager', {
        cores: 4,
        memory: 15_800,
        disk: 'sda',
        fs: 'xfs',
        rootDev: '/dev/md126',
        days: 3,
      });
      b.files['proc/mdstat'] = mdstat([
        ['md126', 'raid1', 'sda2[0]', 82_000_000, '[2/1] [U_]', 'bitmap: 1/1 pages [4KB], 65536KB chunk'],
        ['md127', 'raid1', 'sda1[0] sdb1[1]', 1_046_528, '[2/2] [UU]'],
      ]);
      b.files['sys/block/md126/md/degraded'] = '1\n';
      b.files['sys/block/md127/md/degraded'] = '0\n';
      return b;
    },
    roots: [{ problem: ['raid.degraded', 'raid.disk_failed'], subject: 'md126' }],
  },
  {
    name: 'nginx does not start: an error in a vhost (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2404', 'www5', { cores: 2, memory: 3900 });
      b.serve(
        'nginx.service',
        { name: 'nginx', rss: 12 },
        { text: 'A high performance web server and a reverse proxy server' },
      );
      b.fail('nginx.service', 'exit-code', 1, 1, 900);
      b.files['etc/nginx/sites-available/blog'] =
        'server {\n listen 80;\n server_name blog.example;\n proxy_pas http://127.0.0.1:3000;\n}\n';
      b.links['etc/nginx/sites-enabled/blog'] = '../sites-available/blog';
      b.files['var/log/nginx/error.log'] =
        '2026/03/11 14:16:02 [emerg] 4012#4012: unknown directive "proxy_pas" in /etc/nginx/sites-enabled/blog:4\n';
      return b;
    },
    roots: [{ problem: 'web.config_invalid', subject: 'nginx' }],
    chain: ['web.config_invalid>svc.unit_failed'],
  },
  {
    name: 'ext4 finds errors and goes on (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian11', 'alt-mail', {
        cores: 2,
        memory: 3900,
        disk: 'sda',
        now: '2026-03-01T10:00:00Z',
      });
      b.files['sys/fs/ext4/sda2/errors_count'] = '14\n';
      b.files['sys/fs/ext4/sda2/last_error_time'] = `${Math.floor(b.now) - 4000}\n`;
      b.say(
        2,
        'EXT4-fs error (device sda2): ext4_lookup:1855: inode #131074: comm imap: deleted inode referenced: 131222',
        4000,
      );
      return b;
    },
    roots: [{ problem: 'disk.fs_errors', subject: '/' }],
  },
  {
    name: 'Docker on cgroup 1: the kernel kills the program of a container at its limit',
    kind: 'fault',
    onset: 2,
    runs: 5,
    box: () => {
      const b = at('ubuntu2004', 'docker-alt', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        crowd: 20,
        now: '2025-04-01T12:00:00Z',
      });
      pods(b, 3);
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 120, threads: 30 });
      contain(b, { name: 'reports', id: idOf('q8'), image: 'reports:1', status: 'Up 4 days' });
      b.run({ pid: 7700, name: 'gunicorn', exe: '/usr/local/bin/python3.8', rss: 400, cpu: 0.1 });
      b.files['proc/7700/cgroup'] = `11:memory:/docker/${idOf('q8')}\n1:name=systemd:/docker/${idOf('q8')}\n`;
      engine(b);
      return b;
    },
    each: (b, run) => {
      const here = `sys/fs/cgroup/memory/docker/${idOf('q8')}`;
      Object.assign(b.files, {
        [`${here}/memory.usage_in_bytes`]: `${run < 2 ? 420_000_000 : 536_870_912}\n`,
        [`${here}/memory.limit_in_bytes`]: '536870912\n',
        [`${here}/memory.stat`]: `cache 4096\nrss ${run < 2 ? 400_000_000 : 530_000_000}\ntotal_cache 4096\ntotal_rss ${run < 2 ? 400_000_000 : 530_000_000}\n`,
        [`${here}/memory.oom_control`]: `oom_kill_disable 0\nunder_oom 0\noom_kill ${Math.max(0, run - 1)}\n`,
      });
      if (run < 2) return;
      b.oomKills++;
      b.say(
        6,
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${idOf('q8')},mems_allowed=0,oom_memcg=/docker/${idOf('q8')},task_memcg=/docker/${idOf('q8')},task=gunicorn,pid=${7700 + run},uid=0`,
        20,
      );
      b.say(
        3,
        `Memory cgroup out of memory: Killed process ${7700 + run} (gunicorn) total-vm:900000kB, anon-rss:510000kB, file-rss:9000kB, shmem-rss:0kB, UID:0 pgtables:1100kB oom_score_adj:0`,
        20,
      );
    },
    roots: [{ problem: ['mem.cgroup_oom', 'mem.oom_kill'], subject: ['reports', 'gunicorn', 'docker'] }],
  },
  {
    name: 'nearly all file handles of the system are in use (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('void', 'proxy9', { cores: 8, memory: 15_900, disk: 'sda' });
      b.files['proc/sys/fs/file-nr'] = '97120\t0\t100000\n';
      return b;
    },
    roots: [{ problem: 'proc.fd_system', subject: 'proxy9' }],
  },
  {
    name: 'Java has started threads until there is no number left for a process',
    kind: 'fault',
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('alma8', 'mq-3', { cores: 8, memory: 31_000, disk: 'sda', fs: 'xfs' });
      b.files['proc/sys/kernel/pid_max'] = '32768\n';
      b.files['proc/sys/kernel/threads-max'] = '240000\n';
      b.serve(
        'broker.service',
        { name: 'java', exe: '/usr/lib/jvm/java-11/bin/java', uid: 990, rss: 9000, cpu: 1, threads: 900 },
        { tasksMax: 1_000_000 },
      );
      return b;
    },
    each: (b, run) => {
      b.process('java').threads = [900, 14_000, 29_500, 31_800, 32_100][run]!;
    },
    roots: [{ problem: 'proc.pid_exhaustion', subject: ['mq-3', 'java'] }],
  },
  {
    name: 'a tenth of what arrives is dropped: the ring of the card is too small',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = at('oracle8', 'capture', { cores: 8, memory: 31_000, disk: 'sda', net: 'eno2' });
      Object.assign(b.net('eno2'), { speed: 10_000, rx: 40e6, rxPackets: 60_000, tx: 1e6, txPackets: 2000 });
      return b;
    },
    each: (b, run) => {
      if (run >= 2)
        Object.assign(b.net('eno2'), { rx: 200e6, rxPackets: 260_000, rxDrops: 26_000, rxFifo: 900 });
    },
    roots: [{ problem: ['net.drops', 'net.fifo', 'net.errors'], subject: 'eno2' }],
  },
  {
    name: 'the clock is three seconds off, chrony says (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma10', 'auth-2', { cores: 2, memory: 3800 });
      b.serve('chronyd.service', { name: 'chronyd', uid: 993, rss: 5 });
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          'C0A80001,192.168.0.1,4,1773239400.123456789,-3.214400123,-3.201100444,1.120000000,-21.400,-0.100,0.900,0.031000000,0.200000000,1030.2,Normal\n',
        ],
      ];
      return b;
    },
    roots: [{ problem: 'time.skew', subject: 'auth-2' }],
  },
  {
    name: 'PostgreSQL nears the end of its transaction numbers (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'pg-alt', { cores: 4, memory: 15_800, disk: 'sda', fs: 'xfs' });
      b.serve('postgresql.service', { name: 'postmaster', exe: '/usr/bin/postgres', uid: 26, rss: 200 });
      b.files['run/postgresql/.s.PGSQL.5432'] = '';
      b.programs['psql'] = [
        [
          '-XAtw -c *',
          'postgres|199000113\ntemplate1|199000113\ntemplate0|199000113\nbilling|2041200431\ndata_directory|/var/lib/pgsql/data|\nmax_connections|100|\nshared_buffers|16384|8kB\nwork_mem|4096|kB\nidle|9|\nactive|1|00:00:00.01\n',
        ],
        ['-XAtw -d *', 'rows|billing|entries|900000|100\n'],
      ];
      return b;
    },
    roots: [{ problem: 'db.pg_wraparound', subject: ['billing', 'postgres'] }],
  },
  {
    name: 'MariaDB has no connection left',
    kind: 'fault',
    onset: 2,
    runs: 6,
    box: () => {
      const b = at('ubuntu2404', 'forum-db', { cores: 4, memory: 15_900, disk: 'sda' });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        rss: 3000,
        cpu: 0.2,
        threads: 60,
        uid: 106,
        limit: 32_768,
      });
      b.files['run/mysqld/mysqld.sock'] = '';
      return b;
    },
    each: (b, run) => {
      b.programs['mysql'] = [
        [
          '-fBe*',
          mysql(
            {
              Innodb_row_lock_current_waits: 0,
              Innodb_row_lock_waits: 4,
              Max_used_connections: run < 2 ? 40 : 152,
              Questions: 9e6 + run * 5000,
              Slow_queries: 12,
              Threads_connected: [20, 22, 120, 150, 151, 151][run]!,
              Threads_running: 3,
              Uptime: 900_000 + run * 60,
            },
            {
              innodb_buffer_pool_size: 4_294_967_296,
              max_connections: 151,
              version: '10.11.13-MariaDB-0ubuntu0.24.04.1',
              datadir: '/var/lib/mysql/',
            },
          ),
        ],
      ];
    },
    roots: [{ problem: 'db.mysql_connections', subject: ['mysql', 'mariadb'] }],
  },
  {
    name: 'nginx has too few connections for what comes',
    kind: 'fault',
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('debian13arm', 'cdn-4', { cores: 4, memory: 7900 });
      const p = b.serve('nginx.service', { name: 'nginx', rss: 20, cpu: 0.3, limit: 65_535 });
      b.listeners.push({ at: '0.0.0.0:443', process: 'nginx', pid: p.pid, backlog: 511 });
      b.files['etc/nginx/nginx.conf'] = 'worker_processes 2;\nevents { worker_connections 512; }\nhttp { }\n';
      b.files['var/log/nginx/error.log'] = '';
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.sockets = { ESTAB: 990 };
      for (let i = 0; i < 20; i++)
        b.files['var/log/nginx/error.log'] +=
          `2026/03/11 14:${31 + run}:${10 + i} [alert] 812#812: 512 worker_connections are not enough\n`;
    },
    roots: [{ problem: 'web.nginx_conns', subject: ['nginx', 'cdn-4'] }],
  },
  {
    name: 'httpd serves a certificate that ended two days ago (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'portal', { cores: 2, memory: 3800, disk: 'sda', fs: 'xfs' });
      const p = b.serve('httpd.service', { name: 'httpd', rss: 30 });
      b.listeners.push({ at: '[::]:443', process: 'httpd', pid: p.pid, backlog: 511 });
      b.files['etc/httpd/conf/httpd.conf'] = 'Listen 80\nIncludeOptional conf.d/*.conf\n';
      b.files['etc/httpd/conf.d/ssl.conf'] =
        'Listen 443 https\n<VirtualHost _default_:443>\nServerName portal.corp.example\nSSLEngine on\nSSLCertificateFile /etc/pki/tls/certs/portal.crt\nSSLCertificateKeyFile /etc/pki/tls/private/portal.key\n</VirtualHost>\n';
      b.files['etc/pki/tls/certs/portal.crt'] = 'a certificate\n';
      b.programs['openssl'] = openssl(
        'portal.corp.example',
        'Mar  9 08:00:00 2025 GMT',
        'Mar  9 08:00:00 2026 GMT',
        'DC = example, DC = corp, CN = Corp Issuing CA 1',
      );
      return b;
    },
    roots: [{ problem: 'tls.expiring', subject: ['portal.corp.example', '/etc/pki', 'httpd', 'portal'] }],
  },
  {
    name: 'certbot fails since weeks, twelve days are left (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2404', 'blog', { cores: 1, memory: 1900 });
      const p = b.serve('nginx.service', { name: 'nginx', rss: 12 });
      b.listeners.push({ at: '0.0.0.0:443', process: 'nginx', pid: p.pid, backlog: 511 });
      b.files['etc/nginx/sites-enabled/blog'] =
        'server {\n listen 443 ssl;\n server_name blog.example;\n ssl_certificate /etc/letsencrypt/live/blog.example/fullchain.pem;\n}\n';
      b.files['etc/letsencrypt/live/blog.example/fullchain.pem'] = 'c\n';
      b.files['etc/letsencrypt/live/blog.example/cert.pem'] = 'c\n';
      b.programs['openssl'] = openssl(
        'blog.example',
        'Dec 23 08:00:00 2025 GMT',
        'Mar 23 08:00:00 2026 GMT',
        "C = US, O = Let's Encrypt, CN = E7",
      );
      b.units.push({
        name: 'certbot.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        stopped: b.now - 20_000,
        text: 'Certbot',
      });
      b.timers = [
        'Wed 2026-03-11 23:10:00 UTC 8h left Wed 2026-03-11 08:58:01 UTC 5h ago certbot.timer certbot.service',
      ];
      return b;
    },
    roots: [
      {
        problem: ['tls.renew_failed', 'svc.unit_failed'],
        subject: ['blog.example', 'certbot', '/etc/letsencrypt'],
      },
    ],
    chain: ['tls.renew_failed>tls.expiring'],
  },
  {
    name: 'the journal has taken half of a small root (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian13arm', 'mini', { cores: 2, memory: 1900, disk: 'mmcblk0', root: [16, 15] });
      b.mounts[0]!.used = b.mounts[0]!.mb! * 0.94;
      b.programs['du'] = [
        ['-xk -d 1 *', '8112044\t/var/log/journal\n40100\t/var/log/apt\n8200144\t/var/log\n'],
      ];
      return b;
    },
    roots: [{ problem: ['sys.journal_big'], subject: ['/var/log', 'mini'] }],
    chain: ['sys.journal_big>disk.full'],
  },
  {
    name: 'a removed log of Java still takes the space',
    kind: 'fault',
    onset: 0,
    runs: 4,
    shell: 'bash',
    box: () => {
      const b = at('alma8', 'app-9', {
        cores: 4,
        memory: 15_800,
        disk: 'sda',
        fs: 'xfs',
        root: [60, 58.4],
        crowd: 40,
      });
      const p = b.serve('app.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-11/bin/java',
        uid: 1001,
        rss: 2000,
        cpu: 0.2,
      });
      p.files = ['/dev/null', '/srv/app/log/app.log (deleted)'];
      b.held.push({ pid: p.pid, fd: 1, bytes: 31_000_000_000, device: 2050, inode: 91_002 });
      return b;
    },
    roots: [{ problem: 'disk.deleted_open', subject: ['java', '/', 'app'] }],
    chain: ['disk.deleted_open>disk.full'],
  },
  {
    name: 'HPE Smart Array: a drive says that it will fail (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'dl380-2', {
        cores: 16,
        memory: 64_000,
        disk: 'sda',
        fs: 'xfs',
        model: 'LOGICAL VOLUME',
      });
      b.programs['systemd-detect-virt'] = [['', 'none\n', 1]];
      b.programs['ssacli'] = [
        [
          'ctrl all show config',
          `
Smart Array P440ar in Slot 0 (Embedded)   (sn: PDNLH0BRH8W0AB)



   Internal Drive Cage at Port 1I, Box 1, OK


   Port Name: 1I (Mixed)

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (1.09 TB, RAID 1, OK)

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 1.2 TB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 1.2 TB, Predictive Failure)

   SEP (Vendor ID PMCSIERA, Model SRCv8x6G) 379  (WWID: 5001438041A1B2C3)
`,
        ],
        [
          'ctrl all show status',
          `
Smart Array P440ar in Slot 0 (Embedded)
   Controller Status: OK
   Cache Status: OK
   Battery/Capacitor Status: OK

`,
        ],
      ];
      return b;
    },
    roots: [
      {
        problem: ['raid.hw_predictive', 'smart.failed'],
        subject: ['ssacli', '1I:1:2', '0', 'Smart Array', 'slot 0'],
      },
    ],
  },
  {
    name: 'a disk with pending sectors answers slower and slower',
    kind: 'fault',
    onset: 2,
    runs: 9,
    box: () => {
      const b = at('proxmox', 'backup-1', { cores: 8, memory: 31_000, disk: 'sda' });
      b.disks.push({
        name: 'sdb',
        gb: 8000,
        model: 'ST8000DM004-2CX188',
        rotational: true,
        parts: [['sdb1', 7990]],
        reads: 60,
        readKb: 64,
        readMs: 9,
        busy: 0.4,
      });
      b.mounts.push({
        dev: '/dev/sdb1',
        at: '/mnt/datastore',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 7_600_000,
        used: 3_900_000,
      });
      b.run({
        pid: 6200,
        name: 'proxmox-backup-',
        exe: '/usr/lib/x86_64-linux-gnu/proxmox-backup/proxmox-backup-proxy',
        uid: 34,
        rss: 300,
        cpu: 0.1,
        threads: 20,
        read: 3e6,
      });
      return b;
    },
    each: (b, run) => {
      const rows = (pending: number) =>
        sata('sdb', 'ST8000DM004-2CX188', [
          [1, 'Raw_Read_Error_Rate', 70, 6, 11_204_113],
          [5, 'Reallocated_Sector_Ct', 100, 10, 0],
          [187, 'Reported_Uncorrect', 100, 0, 0],
          [188, 'Command_Timeout', 100, 0, 0],
          [197, 'Current_Pending_Sector', 100, 0, pending],
          [198, 'Offline_Uncorrectable', 100, 0, 0],
          [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
        ]);
      b.disk('sdb').smartJson = rows(run < 2 ? 0 : 24 + run * 8);
      if (run < 2) return;
      Object.assign(b.disk('sdb'), { reads: 9, readKb: 64, readMs: 870, busy: 1, queue: 8 });
      Object.assign(b.process('proxmox-backup-'), {
        state: 'D',
        wchan: 'folio_wait_bit_common',
        read: 500_000,
      });
      b.iowait = 0.24;
      b.psi.io = 52;
      b.psi.ioFull = 49;
      b.blocked = 3;
    },
    roots: [{ problem: ['smart.pending', 'smart.combo'], subject: 'sdb' }],
    chain: ['disk.latency>cpu.iowait'],
  },
  {
    name: 'a container calls itself unhealthy (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma10', 'dk-2', { cores: 4, memory: 15_800, crowd: 30 });
      pods(b, 5);
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 120, threads: 30 });
      contain(b, {
        name: 'keycloak',
        id: idOf('k1'),
        image: 'quay.io/keycloak/keycloak:26',
        status: 'Up 3 hours (unhealthy)',
      });
      contain(b, { name: 'traefik', id: idOf('t1'), image: 'traefik:v3', status: 'Up 3 weeks (healthy)' });
      engine(b);
      return b;
    },
    roots: [{ problem: 'svc.container_unhealthy', subject: 'keycloak' }],
  },
  {
    name: 'all inodes of the root are used, Docker no longer starts anything',
    kind: 'fault',
    onset: 2,
    runs: 6,
    every: 300,
    box: () => {
      const b = at('ubuntu2404', 'ci-2', { cores: 4, memory: 15_900, disk: 'sda', root: [80, 40] });
      Object.assign(b.mounts[0]!, { inodes: 5_242_880, inodesUsed: 4_400_000 });
      b.serve('containerd.service', { name: 'containerd', exe: '/usr/bin/containerd', rss: 60 });
      return b;
    },
    each: (b, run) => {
      b.mounts[0]!.inodesUsed = [4_400_000, 4_700_000, 5_200_000, 5_242_870, 5_242_880, 5_242_880][run]!;
      if (run === 4) b.fail('containerd.service', 'exit-code', 1, 1, 200);
    },
    roots: [{ problem: ['disk.inodes_full'], subject: '/' }],
    chain: ['disk.inodes_full>svc.unit_failed'],
  },
  {
    name: 'both paths to the storage are gone, the volume turns read-only',
    kind: 'fault',
    onset: 1,
    runs: 4,
    rhythm: installed,
    box: () => {
      const b = at('sles12', 'sap-db', { cores: 16, memory: 128_000, disk: 'sda', fs: 'btrfs' });
      b.disks.push(
        { name: 'sdb', gb: 500, model: 'OPEN-V' },
        { name: 'sdc', gb: 500, model: 'OPEN-V' },
        { name: 'dm-1', gb: 500, dm: '360060e8007', on: 'sdb' },
      );
      b.mounts.push({
        dev: '/dev/mapper/360060e8007',
        at: '/hana/data',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 480_000,
        used: 210_000,
      });
      return b;
    },
    each: (b, run) => {
      if (run !== 1) return;
      b.say(3, 'device-mapper: multipath: Failing path 8:16.', 40);
      b.say(3, 'device-mapper: multipath: Failing path 8:32.', 39);
      b.say(
        3,
        'blk_update_request: I/O error, dev dm-1, sector 90112 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0',
        38,
      );
      b.say(3, 'Buffer I/O error on dev dm-1, logical block 11264, lost sync page write', 38);
      b.say(2, 'EXT4-fs error (device dm-1): ext4_journal_check_start:56: Detected aborted journal', 37);
      b.say(2, 'EXT4-fs (dm-1): Remounting filesystem read-only', 37);
      b.mount('/hana/data').options = 'ro,relatime';
    },
    roots: [{ problem: ['disk.errors'], subject: ['dm-1', '360060e8007', 'sdb', 'sdc'] }],
    chain: ['disk.errors>disk.readonly'],
  },
  {
    name: 'Redis turns clients away',
    kind: 'fault',
    onset: 2,
    runs: 6,
    box: () => {
      const b = at('debian13arm', 'sess-1', { cores: 4, memory: 7900 });
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        rss: 200,
        uid: 113,
        threads: 5,
        limit: 10_240,
      });
      b.files['run/redis/redis-server.pid'] = '1\n';
      return b;
    },
    each: (b, run) => {
      b.programs['redis-cli'] = [
        [
          'info*',
          redis(200, 1_073_741_824, 'redis_version:8.0.2', {
            maxclients: 512,
            connected_clients: run < 2 ? 90 : 512,
            rejected_connections: Math.max(0, run - 1) * 900,
          }),
        ],
      ];
    },
    roots: [{ problem: 'db.redis_rejected', subject: ['redis', 'sess-1'] }],
  },
  {
    name: 'tasks hang on a virtual disk that no longer answers',
    kind: 'fault',
    onset: 2,
    runs: 8,
    rhythm: installed,
    box: () => {
      const b = at('rhel9', 'vm-44', { cores: 2, memory: 3800, disk: 'vda', fs: 'xfs', net: 'eth0' });
      b.disks.push({ name: 'vdb', gb: 200 });
      b.mounts.push({ dev: '/dev/vdb', at: '/srv/data', type: 'xfs', mb: 199_000, used: 90_000 });
      for (let i = 0; i < 6; i++)
        b.run({ pid: 3100 + i, name: 'smbd', exe: '/usr/sbin/smbd', rss: 20, cpu: 0.02 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      for (const p of b.processes)
        if (p.name === 'smbd') Object.assign(p, { state: 'D', wchan: 'xfs_buf_lock', cpu: 0 });
      b.blocked = 6;
      b.load = [6.2, 4.4, 2.2];
      b.psi.io = 97;
      b.psi.ioFull = 95;
      b.iowait = 0.9;
      Object.assign(b.disk('vdb'), { reads: 0, writes: 0, busy: 1, queue: 6 });
      if (run === 4)
        for (let i = 0; i < 3; i++)
          b.say(3, `INFO: task smbd:${3100 + i} blocked for more than 122 seconds.`, 40);
    },
    roots: [
      { problem: ['disk.latency', 'disk.saturated', 'proc.dstate', 'disk.errors'], subject: ['vdb', 'smbd'] },
    ],
  },
  {
    name: 'two at once: a leak of PHP has used the memory, and a disk has reallocated sectors (files that stand still)',
    kind: 'double',
    still: true,
    onset: 2,
    runs: 10,
    box: () => {
      const b = at('ubuntu2404', 'crm', { cores: 4, memory: 7900, swap: 2048, disk: 'sda' });
      b.serve('queue.service', { name: 'php', exe: '/usr/bin/php8.3', uid: 33, rss: 900, cpu: 0.1 });
      b.disks.push({ name: 'sdb', gb: 4000, model: 'WDC WD40EFRX', rotational: true });
      return b;
    },
    each: (b, run) => {
      const mb = [900, 950, 2100, 3400, 4700, 5900, 6700, 6900, 7000, 7000][run]!;
      b.process('php').rss = mb;
      b.process('php').swap = run > 6 ? (run - 6) * 500 : 0;
      b.available = Math.max(110, 7900 - mb - 700);
      b.swapUsed = b.process('php').swap!;
      if (run > 6) {
        b.swapIn = 700;
        b.swapOut = 900;
        b.majorFaults = 300;
        b.psi.memory = 41;
        b.psi.memoryFull = 27;
      }
      b.disk('sdb').smartJson = sata('sdb', 'WDC WD40EFRX-68N32N0', [
        [5, 'Reallocated_Sector_Ct', 190, 140, run < 2 ? 8 : 8 + run * 30],
        [197, 'Current_Pending_Sector', 200, 0, 0],
        [198, 'Offline_Uncorrectable', 100, 0, 0],
      ]);
    },
    roots: [
      { problem: ['mem.leak', 'mem.low'], subject: 'php' },
      { problem: 'smart.reallocated', subject: 'sdb' },
    ],
    chain: ['mem.low>mem.swap_thrash'],
  },
  {
    name: 'two at once: a queue of mail that cannot leave, and a fibre with errors',
    kind: 'double',
    onset: 1,
    every: 1200,
    runs: 5,
    box: () => {
      const b = at('alma10', 'mx-out', { cores: 2, memory: 3800 });
      b.serve('postfix.service', { name: 'master', exe: '/usr/libexec/postfix/master', rss: 6 });
      b.nets.push({
        name: 'ens2f1',
        speed: 10_000,
        addresses: ['10.9.9.2/24'],
        rx: 9e6,
        rxPackets: 9000,
        tx: 9e6,
        txPackets: 9000,
      });
      return b;
    },
    each: (b, run) => {
      for (let i = 0; i < [4, 160, 330, 520, 700][run]!; i++)
        b.files[
          `var/spool/postfix/deferred/${(i % 16).toString(16).toUpperCase()}/${(0xb00000 + i).toString(16)}`
        ] = 'C';
      if (run >= 1) b.net('ens2f1').rxErrors = 300;
    },
    roots: [
      { problem: 'mail.queue', subject: ['postfix', 'mx-out', '/var/spool'] },
      { problem: 'net.errors', subject: 'ens2f1' },
    ],
  },
  {
    name: 'well: a replica of MariaDB that is an hour behind on purpose',
    kind: 'control',
    runs: 4,
    box: () => {
      const b = at('alma10', 'db-delayed', { cores: 4, memory: 15_800 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/libexec/mariadbd',
        rss: 4000,
        cpu: 0.1,
        threads: 40,
        uid: 27,
        limit: 32_768,
      });
      b.files['var/lib/mysql/mysql.sock'] = '';
      return b;
    },
    each: (b, run) => {
      b.programs['mysql'] = [
        [
          '-fBe*',
          `*************************** 1. row ***************************
             Slave_IO_Running: Yes
            Slave_SQL_Running: Yes
                   Last_Errno: 0
        Seconds_Behind_Master: 3601
                Last_IO_Errno: 0
               Last_SQL_Errno: 0
                    SQL_Delay: 3600
          SQL_Remaining_Delay: 2
${mysql({ Innodb_row_lock_current_waits: 0, Innodb_row_lock_waits: 3, Max_used_connections: 9, Questions: 9e6 + run * 900, Slow_queries: 4, Threads_connected: 5, Threads_running: 2, Uptime: 900_000 + run * 60 }, { innodb_buffer_pool_size: 4_294_967_296, max_connections: 151, version: '11.4.5-MariaDB-log', datadir: '/var/lib/mysql/' })}`,
        ],
      ];
    },
    roots: [],
  },
  {
    name: 'well: a mirror checks itself on the first Sunday of the month',
    kind: 'control',
    runs: 6,
    box: () => {
      const b = at('ubuntu2404', 'fs-3', {
        cores: 8,
        memory: 31_900,
        disk: 'sda',
        now: '2026-03-01T01:00:00Z',
      });
      for (const name of ['sda', 'sdb']) {
        if (!b.disks.some((d) => d.name === name)) b.disks.push({ name, gb: 81 });
        Object.assign(b.disk(name), {
          rotational: true,
          reads: 350,
          readKb: 512,
          readMs: 6,
          busy: 0.96,
          queue: 2,
        });
      }
      b.files['sys/block/md0/md/degraded'] = '0\n';
      b.files['sys/block/md0/md/sync_action'] = 'check\n';
      return b;
    },
    each: (b, run) => {
      b.files['proc/mdstat'] = mdstat([
        [
          'md0',
          'raid1',
          'sda3[0] sdb3[1]',
          3_906_886_464,
          '[2/2] [UU]',
          `[>....................]  check =  ${(2 + run * 0.3).toFixed(1)}% (${90_000_000 + run * 11_000_000}/3906886464) finish=340.1min speed=182004K/sec`,
        ],
      ]);
    },
    roots: [],
  },
  {
    name: 'well: a busy build of Java within its means (files that stand still)',
    kind: 'control',
    runs: 6,
    still: true,
    box: () => {
      const b = at('rhel9', 'app-big', { cores: 32, memory: 128_000, disk: 'nvme0n1', fs: 'xfs', crowd: 40 });
      b.serve('app.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-21/bin/java',
        uid: 1001,
        rss: 60_000,
        cpu: 18,
        threads: 400,
        limit: 65_536,
      });
      b.load = [20.1, 19.8, 19.9];
      b.running = 19;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: quiet swap that is all used, a full page cache, links without a cable',
    kind: 'control',
    runs: 4,
    rhythm: installed,
    box: () => {
      const b = at('debian13arm', 'alltag', { cores: 4, memory: 7900, swap: 1024, disk: 'sda', crowd: 30 });
      b.swapUsed = 1019;
      b.free = 90;
      b.available = 5600;
      b.cached = 5500;
      b.nets.push(
        { name: 'eth1', state: 'down', carrierChanges: 0, rx: 0, tx: 0 },
        { name: 'docker0', state: 'down', rx: 0, tx: 0 },
        { name: 'wlan0', state: 'dormant', rx: 0, tx: 0 },
      );
      b.mounts.push(
        { dev: '/dev/loop3', at: '/srv/iso', type: 'iso9660', options: 'ro,relatime', mb: 4300, used: 4300 },
        { dev: '/dev/sda3', at: '/var/log', type: 'ext4', mb: 9000, used: 5400 },
      );
      return b;
    },
    roots: [],
  },
];
