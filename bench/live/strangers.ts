// Live scenarios that were written down, with their answers, before the product saw them: programs and faults that the others do not have.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address } from './lab.ts';
import { MiB, type LiveScenario } from './liveScenario.ts';
import { mariadb, sql } from './memory.ts';
import {
  apache,
  asPostgres,
  nameServer,
  nginx,
  own,
  pgBin,
  postgres,
  psql,
  python,
  redis,
  visitors,
} from './programs.ts';

const leakThreads = (each: number) => `import threading, time
while True:
    for _ in range(${each}):
        try:
            threading.Thread(target=time.sleep, args=(900,), daemon=True).start()
        except RuntimeError:
            time.sleep(5)
    time.sleep(1)
`;

export const strangers: LiveScenario[] = [
  {
    slug: 'postgres-pool',
    name: 'A pool of Python workers holds 28 of 30 connections of PostgreSQL',
    kind: 'fault',
    after: 7,
    prepare: (lab) => postgres(lab, 'max_connections=30'),
    inject(lab) {
      for (let i = 0; i < 26; i++) lab.start(psql('-c', 'select pg_sleep(600)'));
    },
    roots: [{ problem: 'db.pg_connections', subject: ['postgres', 'postgresql', 'web1'] }],
  },
  {
    slug: 'postgres-dead-rows',
    name: 'Autovacuum is off and a table is mostly dead rows',
    kind: 'control',
    after: 6,
    prepare(lab) {
      postgres(lab, 'autovacuum=off');
      lab.run(
        psql(
          '-c',
          'create table orders as select g as id, md5(g::text) as note from generate_series(1, 60000) g',
        ),
      );
    },
    inject(lab) {
      for (let i = 0; i < 3; i++) lab.run(psql('-c', "update orders set note = note || 'x'"));
    },
    roots: [],
  },
  {
    slug: 'redis-cannot-save',
    name: 'An upload fills the filesystem that Redis saves to',
    kind: 'fault',
    after: 8,
    prepare(lab) {
      lab.fileSystem('/srv/redis', 120);
      redis(lab, '--dir', '/srv/redis', '--save', '');
      lab.run(['redis-cli', 'debug', 'populate', '400000', 'cart', '100'], { mayFail: true });
      lab.run([
        'sh',
        '-c',
        'for i in 1 2 3 4 5 6; do head -c 3000000 /dev/urandom | base64 -w0 | redis-cli -x set blob$i; done',
      ]);
    },
    inject(lab) {
      lab.run(['sh', '-c', 'cat /dev/zero > /srv/redis/upload.part'], { mayFail: true });
      lab.run(['redis-cli', 'bgsave'], { mayFail: true });
    },
    roots: [{ problem: 'disk.full', subject: '/srv/redis' }],
  },
  {
    slug: 'redis-clients',
    name: 'Workers that never close their connections use up the clients of Redis',
    kind: 'fault',
    after: 7,
    prepare: (lab) => redis(lab, '--maxclients', '24'),
    inject: (lab) =>
      void lab.perl(
        'worker',
        `use IO::Socket::INET; my @s; while (1) { for (1..8) { push @s, IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379', Timeout => 1) } splice @s, 0, 40 if @s > 80; select undef, undef, undef, 0.7 }`,
      ),
    roots: [{ problem: 'db.redis_rejected', subject: ['redis', 'redis-server', 'web1'] }],
  },
  {
    slug: 'redis-as-cache',
    name: 'Redis as a cache is at maxmemory and evicts, as it was told to',
    kind: 'control',
    after: 7,
    prepare(lab) {
      redis(lab, '--maxmemory', '24mb', '--maxmemory-policy', 'allkeys-lru', '--save', '');
      lab.perl(
        'frontend',
        `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379'); my $n = 0; while (1) { for (1..100) { $n++; print $s "SET page:$n " . ('x' x 2000) . "\\r\\n"; sysread $s, my $b, 100 } select undef, undef, undef, 0.1 }`,
      );
      lab.host(['sleep', '15']);
    },
    inject: () => undefined,
    roots: [],
  },
  {
    slug: 'nginx-worker-connections',
    name: 'Slow visitors use up the connections of the nginx worker',
    kind: 'fault',
    after: 7,
    prepare: (lab) =>
      nginx(
        lab,
        `worker_processes 1; error_log /var/log/nginx/error.log warn;
events { worker_connections 40; }
http { access_log off; server { listen 80; location / { return 200 'hello'; } } }
`,
      ),
    inject: (lab) =>
      void lab.perl(
        'visitors',
        `use IO::Socket::INET; my @s; while (1) { push @s, IO::Socket::INET->new(PeerAddr => '${address}:80', Timeout => 1) for 1..60; for (@s) { $_ and syswrite $_, "GET / HTTP/1.1\\r\\nHost: a\\r\\nX-a: " } select undef, undef, undef, 1; splice @s, 0, 60 if @s > 180 }`,
        { inClient: true },
      ),
    roots: [{ problem: 'web.nginx_conns', subject: 'nginx' }],
  },
  {
    slug: 'apache-workers-used-up',
    name: 'A slow script holds all workers of Apache',
    kind: 'fault',
    after: 8,
    prepare: (lab) => apache(lab, 6),
    inject: (lab) => void visitors(lab, 16, '/cgi/slow.sh'),
    roots: [{ problem: 'web.apache_workers', subject: ['apache2', 'apache'] }],
  },
  {
    slug: 'apache-graceful',
    name: 'Apache is told to read its configuration again while visitors come',
    kind: 'control',
    after: 6,
    prepare(lab) {
      apache(lab, 12);
      visitors(lab, 3);
    },
    inject: (lab) => void lab.run(['sh', '-c', `kill -USR1 $(cat ${lab.directory}/a.pid)`]),
    roots: [],
  },
  {
    slug: 'slow-backend',
    name: 'The Python program behind nginx takes a minute for each request',
    kind: 'fault',
    after: 8,
    prepare(lab) {
      python(
        lab,
        `import http.server, os, time
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if os.path.exists('${lab.directory}/slow'): time.sleep(60)
        self.send_response(200); self.end_headers(); self.wfile.write(b'ok')
    def log_message(self, *a): pass
http.server.HTTPServer(('127.0.0.1', 8000), H).serve_forever()
`,
      );
      nginx(
        lab,
        `worker_processes 1; error_log /var/log/nginx/error.log error;
events { worker_connections 512; }
http { access_log off; server { listen 80; location / { proxy_pass http://127.0.0.1:8000; proxy_read_timeout 3s; proxy_connect_timeout 3s; } } }
`,
      );
      visitors(lab, 2);
    },
    inject(lab) {
      writeFileSync(join(lab.directory, 'slow'), '');
      visitors(lab, 10);
    },
    roots: [
      {
        problem: ['svc.upstream_timeout', 'net.listen_overflow'],
        subject: ['nginx', 'python3', '127.0.0.1:8000', 'web1'],
      },
    ],
  },
  {
    slug: 'thread-leak',
    name: 'A Python service leaks threads up to the limit of its unit',
    kind: 'fault',
    after: 9,
    prepare: (lab) => lab.limit('notifier.service', { pids: 150 }),
    inject: (lab) => void python(lab, leakThreads(7), { unit: 'notifier.service' }),
    roots: [{ problem: 'proc.unit_tasks_limit', subject: ['notifier.service', 'notifier', 'python3'] }],
  },
  {
    slug: 'java-outgrows-group',
    name: 'A Java service keeps everything and outgrows the group that holds it',
    kind: 'fault',
    after: 9,
    prepare(lab) {
      lab.limit('catalog.service', { memory: 260 * MiB });
      writeFileSync(
        join(lab.directory, 'Keep.java'),
        `import java.util.*; public class Keep { public static void main(String[] a) throws Exception { List<byte[]> all = new ArrayList<>(); while (true) { byte[] b = new byte[1 << 20]; Arrays.fill(b, (byte) 1); all.add(b); Thread.sleep(180); } } }`,
      );
    },
    inject: (lab) =>
      void lab.start(
        [
          'sh',
          '-c',
          `while :; do java -XX:MaxRAM=2g -Xmx700m -XX:+UseSerialGC ${lab.directory}/Keep.java; sleep 1; done`,
        ],
        { unit: 'catalog.service' },
      ),
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit', 'mem.leak'],
        subject: ['catalog.service', 'catalog', 'java'],
      },
    ],
  },
  {
    slug: 'java-garbage',
    name: 'A Java service fills its heap and clears it again and again',
    kind: 'control',
    after: 7,
    prepare(lab) {
      lab.limit('search.service', { memory: 400 * MiB });
      writeFileSync(
        join(lab.directory, 'Churn.java'),
        `import java.util.*; public class Churn { public static void main(String[] a) throws Exception { List<byte[]> all = new ArrayList<>(); while (true) { all.add(new byte[1 << 19]); if (all.size() > 120) all = new ArrayList<>(); Thread.sleep(40); } } }`,
      );
      lab.start(['java', '-Xmx128m', '-XX:+UseSerialGC', `${lab.directory}/Churn.java`], {
        unit: 'search.service',
      });
      lab.host(['sleep', '8']);
    },
    inject: () => undefined,
    roots: [],
  },
  {
    slug: 'slow-collector',
    name: 'A collector of statistics reads its UDP socket too slowly',
    kind: 'control',
    after: 7,
    prepare: (lab) =>
      void python(
        lab,
        `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096); s.bind(('0.0.0.0', 8125))
while True:
    s.recv(2000); time.sleep(0.2)
`,
      ),
    inject: (lab) =>
      void lab.perl(
        'emitter',
        `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '${address}:8125', Proto => 'udp'); while (1) { send $s, 'x' x 600, 0 for 1..40; select undef, undef, undef, 0.1 }`,
        { inClient: true },
      ),
    roots: [],
  },
  {
    slug: 'refused-connections',
    name: 'Hundreds of connections a second to a port where nobody listens any more',
    kind: 'fault',
    after: 7,
    prepare: (lab) =>
      void lab.perl(
        'billing',
        `use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => 7070, Listen => 20, ReuseAddr => 1); while (my $c = $l->accept) { close $c }`,
      ),
    inject(lab) {
      lab.run(['pkill', '-x', 'billing'], { mayFail: true });
      lab.perl(
        'clients',
        `use IO::Socket::INET; while (1) { for (1..40) { IO::Socket::INET->new(PeerAddr => '${address}:7070', Timeout => 1) } select undef, undef, undef, 0.1 }`,
        { inClient: true },
      );
    },
    watch: [
      {
        kind: 'port',
        name: 'billing',
        target: `${address}:7070`,
        settings: { host: address, port: 7070, timeoutMs: 2000 },
        about: { process: 'billing', port: 7070 },
      },
    ],
    roots: [{ problem: 'proc.vanished', subject: 'billing' }],
  },
  {
    slug: 'jobs-pile-up',
    name: 'A job of cron takes longer than its minute, and its copies pile up',
    kind: 'fault',
    before: 2,
    after: 8,
    prepare(lab) {
      mkdirSync(join(lab.directory, 'cron.d'));
      writeFileSync(join(lab.directory, 'cron.d/orders'), '* * * * * www-data /usr/local/bin/sync-orders\n');
      lab.over(join(lab.directory, 'cron.d'), '/etc/cron.d');
    },
    inject: (lab) =>
      void lab.perl(
        'cron',
        `$SIG{CHLD} = 'IGNORE'; while (1) { if (!fork) { $0 = 'sync-orders'; my $t = time; while (1) { my $x = 0; $x += $_ for 1..200000; select undef, undef, undef, 0.3 } } sleep 6 }`,
      ),
    roots: [
      {
        problem: ['job.cron_overlap', 'proc.fork_storm'],
        subject: ['sync-orders', '/usr/local/bin/sync-orders'],
      },
    ],
  },
  {
    slug: 'haproxy-killed',
    name: 'haproxy is killed, and nobody starts it again',
    kind: 'fault',
    after: 6,
    prepare(lab) {
      lab.perl(
        'backend',
        `use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => 8080, Listen => 20, ReuseAddr => 1); while (my $c = $l->accept) { sysread $c, my $b, 999; print $c "HTTP/1.0 200 OK\\r\\n\\r\\nok"; close $c }`,
      );
      writeFileSync(
        join(lab.directory, 'haproxy.cfg'),
        'defaults\n mode http\n timeout connect 2s\n timeout client 5s\n timeout server 5s\nfrontend f\n bind :80\n default_backend b\nbackend b\n server s 127.0.0.1:8080\n',
      );
      lab.start(['haproxy', '-db', '-f', join(lab.directory, 'haproxy.cfg')]);
      lab.host(['sleep', '1']);
    },
    inject: (lab) => void lab.run(['pkill', '-9', '-x', 'haproxy']),
    watch: [
      {
        kind: 'http',
        name: 'shop',
        target: `http://${address}/`,
        settings: { url: `http://${address}/`, timeoutMs: 2000 },
        about: { process: 'haproxy', port: 80 },
      },
    ],
    roots: [{ problem: 'proc.vanished', subject: 'haproxy' }],
  },
  {
    slug: 'local-resolver-gone',
    name: 'The resolver of the machine itself has ended',
    kind: 'fault',
    after: 7,
    prepare(lab) {
      writeFileSync(join(lab.directory, 'resolv.conf'), 'nameserver 127.0.0.1\n');
      lab.start(nameServer);
      lab.start(['sh', '-c', 'while :; do getent hosts api.example.org; sleep 2; done']);
    },
    inject: (lab) => void lab.run(['pkill', '-x', 'dnsmasq']),
    roots: [
      { problem: ['proc.vanished', 'net.dns_fail'], subject: ['dnsmasq', '127.0.0.1', '/etc/resolv.conf'] },
    ],
  },
  {
    slug: 'python-leaks-files',
    name: 'A Python service opens files and never closes them',
    kind: 'fault',
    after: 8,
    inject(lab) {
      writeFileSync(
        join(lab.directory, 'leak.py'),
        `import time
kept = []
while True:
    for _ in range(14):
        try: kept.append(open('/etc/hosts'))
        except OSError: pass
    time.sleep(1)
`,
      );
      lab.start(['sh', '-c', `ulimit -n 512; exec /usr/bin/python3 ${lab.directory}/leak.py`], {
        unit: 'importer.service',
      });
    },
    roots: [{ problem: 'proc.fd_process', subject: ['python3', 'importer'] }],
  },
  {
    slug: 'small-buffer-pool',
    name: 'MariaDB reads the same large table again and again through a pool of 8 MB',
    kind: 'control',
    after: 7,
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '8M', 'mariadb.service', ['--innodb-flush-method=O_DIRECT']);
      sql(
        lab,
        'create database shop; use shop; create table t (a int primary key, b varchar(400)) engine=innodb; insert into t select seq, repeat(md5(seq), 10) from seq_1_to_90000',
      );
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        'while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e "select sum(length(b)) from t"; sleep 0.3; done',
      ]),
    roots: [],
  },
  {
    slug: 'threads-and-space',
    name: 'One service leaks threads while another one fills its filesystem',
    kind: 'double',
    after: 9,
    prepare(lab) {
      lab.limit('relay.service', { pids: 120 });
      lab.fileSystem('/srv/spool', 200);
    },
    inject(lab) {
      python(lab, leakThreads(6), { unit: 'relay.service' });
      lab.perl(
        'spooler',
        `open my $f, '>', '/srv/spool/queue.dat'; while (1) { syswrite $f, 'x' x 1048576 or sleep 1; select undef, undef, undef, 0.2 }`,
      );
    },
    roots: [
      { problem: 'proc.unit_tasks_limit', subject: ['relay.service', 'relay', 'python3'] },
      { problem: ['disk.full', 'disk.fill_forecast'], subject: '/srv/spool' },
    ],
  },
  {
    slug: 'pgbench-within-capacity',
    name: 'A load test of PostgreSQL that the machine can bear',
    kind: 'control',
    after: 7,
    prepare(lab) {
      postgres(lab, 'max_connections=60');
      lab.run([
        ...asPostgres,
        `${pgBin}/pgbench`,
        '-i',
        '-s',
        '2',
        '-q',
        '-h',
        '/run/postgresql',
        'postgres',
      ]);
    },
    inject: (lab) =>
      void lab.start([
        ...asPostgres,
        `${pgBin}/pgbench`,
        '-c',
        '4',
        '-R',
        '60',
        '-T',
        '120',
        '-h',
        '/run/postgresql',
        'postgres',
      ]),
    roots: [],
  },
  {
    slug: 'mail-cannot-leave',
    name: 'Mail piles up in the deferred queue of Postfix',
    kind: 'fault',
    before: 2,
    after: 7,
    prepare(lab) {
      own(lab, '/var/spool/postfix');
      lab.run([
        'sh',
        '-c',
        'cd /var/spool/postfix; mkdir -p active incoming maildrop deferred/A deferred/B; for i in 1 2 3; do echo x > deferred/A/$i; done',
      ]);
      lab.perl('master', 'sleep 900');
      lab.perl('qmgr', 'sleep 900');
    },
    inject: () => undefined,
    each: (lab, report) =>
      void lab.run([
        'sh',
        '-c',
        `cd /var/spool/postfix/deferred/B; for i in $(seq 1 ${report === 0 ? 900 : 250}); do echo x > r${report}_$i; [ $i -gt 200 ] || touch -d '2 days ago' r${report}_$i; done`,
      ]),
    roots: [
      {
        problem: 'mail.queue',
        subject: ['postfix', 'web1', 'deferred', '/var/spool/postfix/deferred', 'mail'],
      },
    ],
  },
];
