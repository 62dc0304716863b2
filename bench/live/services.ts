// Live scenarios of services, databases and the network, between the two ends of one cable.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, type Lab } from './lab.ts';
import type { LiveScenario, Watched } from './liveScenario.ts';
import { keepSql, mariadb, sql } from './memory.ts';

const site: Watched = {
  kind: 'http',
  name: 'shop',
  target: `http://${address}/`,
  settings: { url: `http://${address}/`, timeoutMs: 2000 },
  about: { process: 'nginx', port: 80 },
};

function nginx(lab: Lab, more = '', prefix = ''): void {
  const folder = join(lab.directory, 'nginx');
  mkdirSync(folder, { recursive: true });
  const config = (text: string) => `worker_processes 1;
events { worker_connections 512; }
error_log /dev/null;
http {
  access_log off;
  server { listen 80; location / { return 200 'hello'; } }
  ${text}
}
`;
  writeFileSync(join(folder, 'nginx.conf'), config(more));
  lab.over(folder, '/etc/nginx');
  lab.start([
    'sh',
    '-c',
    `${prefix} exec nginx -c /etc/nginx/nginx.conf -g 'daemon off; user root; pid ${lab.directory}/nginx.pid;'`,
  ]);
  lab.host(['sleep', '1']);
}

/** A server and a client that move data over the cable for as long as they live. */
function traffic(lab: Lab): void {
  lab.perl(
    'sender',
    `use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => 5000, Listen => 5, ReuseAddr => 1); while (my $c = $l->accept) { if (!fork) { while (print $c 'x' x 16384) { select undef, undef, undef, 0.02 } exit } }`,
  );
  lab.host(['sleep', '0.5']);
  lab.perl(
    'fetcher',
    `use IO::Socket::INET; for (1..3) { if (!fork) { my $s = IO::Socket::INET->new(PeerAddr => '${address}:5000'); 1 while sysread $s, my $b, 65536; exit } } sleep 600`,
    { inClient: true },
  );
}

export const serviceScenarios: LiveScenario[] = [
  {
    slug: 'nginx-stopped',
    name: 'nginx dies, and the site refuses connections',
    kind: 'fault',
    prepare: (lab) => nginx(lab),
    inject: (lab) => void lab.run(['sh', '-c', `kill $(cat ${lab.directory}/nginx.pid)`]),
    watch: [site],
    roots: [{ problem: 'proc.vanished', subject: 'nginx' }],
  },
  {
    slug: 'nginx-broken-config',
    name: 'A broken configuration keeps nginx from coming back',
    kind: 'fault',
    prepare: (lab) => nginx(lab),
    inject(lab) {
      lab.run(
        [
          'sh',
          '-c',
          `sed -i 's/listen 80;/listen 80/' ${lab.directory}/nginx/nginx.conf; kill $(cat ${lab.directory}/nginx.pid); nginx -c /etc/nginx/nginx.conf`,
        ],
        { mayFail: true },
      );
    },
    watch: [site],
    roots: [
      {
        problem: ['proc.vanished', 'web.config_invalid', 'change.config'],
        subject: ['nginx', '/etc/nginx/nginx.conf'],
      },
    ],
  },
  {
    slug: 'nginx-restarted',
    name: 'nginx is restarted by hand',
    kind: 'control',
    prepare: (lab) => nginx(lab),
    inject(lab) {
      lab.run(['sh', '-c', `kill $(cat ${lab.directory}/nginx.pid); sleep 1`]);
      lab.start([
        'sh',
        '-c',
        `exec nginx -c /etc/nginx/nginx.conf -g 'daemon off; user root; pid ${lab.directory}/nginx.pid;'`,
      ]);
      lab.host(['sleep', '1']);
    },
    watch: [site],
    roots: [],
  },
  {
    slug: 'open-files',
    name: 'nginx may open 64 files, and visitors hold connections',
    kind: 'fault',
    prepare: (lab) => nginx(lab, '', 'ulimit -n 64;'),
    inject: (lab) =>
      void lab.perl(
        'visitors',
        `use IO::Socket::INET; my @s; for (1..80) { push @s, IO::Socket::INET->new(PeerAddr => '${address}:80', Timeout => 1); } while (1) { select undef, undef, undef, 1; for (@s) { $_ and syswrite $_, "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" } }`,
        { inClient: true },
      ),
    watch: [site],
    roots: [{ problem: 'proc.fd_process', subject: 'nginx' }],
  },
  {
    slug: 'accept-stopped',
    name: 'A server no longer takes new connections',
    kind: 'fault',
    prepare: (lab) =>
      void lab.perl(
        'gateway',
        `use IO::Socket::INET; use IO::Select; my $stop; $SIG{USR1} = sub { $stop = 1 }; my $l = IO::Socket::INET->new(LocalPort => 80, Listen => 8, ReuseAddr => 1); while (1) { if ($stop) { sleep 600; next } next if !IO::Select->new($l)->can_read(0.2); my $c = $l->accept or next; sysread $c, my $b, 999; print $c "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok"; close $c }`,
      ),
    inject(lab) {
      lab.run(['pkill', '-USR1', '-x', 'gateway']);
      lab.perl(
        'visitors',
        `use IO::Socket::INET; while (1) { for (1..10) { my $p = fork; if (!$p) { my $s = IO::Socket::INET->new(PeerAddr => '${address}:80', Timeout => 3); sleep 8; exit } } 1 while waitpid(-1, 1) > 0; sleep 1 }`,
        { inClient: true },
      );
    },
    watch: [{ ...site, about: { process: 'gateway', port: 80 } }],
    roots: [{ problem: ['net.listen_overflow'], subject: 'gateway' }],
  },
  {
    slug: 'syn-burst',
    name: 'A burst of SYNs from addresses that do not answer',
    kind: 'fault',
    prepare(lab) {
      lab.run(['sysctl', '-qw', 'net.ipv4.tcp_syncookies=1', 'net.ipv4.tcp_max_syn_backlog=64']);
      nginx(lab);
    },
    inject(lab) {
      writeFileSync(
        join(lab.directory, 'syn.pl'),
        `$0 = 'flood'; use Socket; socket(my $s, PF_INET, SOCK_RAW, 255) or die; setsockopt($s, 0, 3, 1);
my $to = inet_aton('${address}'); my $addr = pack_sockaddr_in(0, $to);
sub sum { my $t = 0; $t += $_ for unpack 'n*', $_[0] . (length($_[0]) % 2 ? "\\0" : ''); $t = ($t >> 16) + ($t & 0xffff) while $t >> 16; return ~$t & 0xffff }
while (1) { for (1..40) { my $from = pack('C4', 198, 18, int rand 255, 1 + int rand 250); my $port = 1024 + int rand 60000;
  my $tcp = pack('nnNNCCnnn', $port, 80, int rand 2**31, 0, 0x50, 2, 8192, 0, 0);
  my $c = sum($from . $to . pack('xCn', 6, 20) . $tcp); substr($tcp, 16, 2) = pack 'n', $c;
  my $ip = pack('CCnnnCCn', 0x45, 0, 40, int rand 65536, 0, 64, 6, 0) . $from . $to;
  send($s, $ip . $tcp, 0, $addr) } select undef, undef, undef, 0.1 }`,
      );
      lab.start(['perl', join(lab.directory, 'syn.pl')], { inClient: true });
    },
    roots: [{ problem: ['net.syn_flood', 'net.listen_overflow'], subject: ['web1', 'nginx'] }],
  },
  {
    slug: 'conntrack-full',
    name: 'The table of tracked connections is full',
    kind: 'fault',
    prepare(lab) {
      const before = lab.host(['sysctl', '-n', 'net.netfilter.nf_conntrack_max']).trim();
      lab.later(() => void lab.host(['sysctl', '-qw', `net.netfilter.nf_conntrack_max=${before}`]));
      lab.run([
        'nft',
        'add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c ct state new accept',
      ]);
    },
    inject(lab) {
      lab.host(['sysctl', '-qw', 'net.netfilter.nf_conntrack_max=1000']);
      lab.perl(
        'scanner',
        `use IO::Socket::INET; while (1) { for my $p (10000..11200) { my $s = IO::Socket::INET->new(PeerAddr => "${address}:$p", Proto => 'udp') or next; send $s, 'x', 0 } sleep 5 }`,
        { inClient: true },
      );
    },
    roots: [{ problem: 'net.conntrack', subject: 'web1' }],
  },
  {
    slug: 'packet-loss',
    name: 'A twentieth of all packets is lost on the way',
    kind: 'fault',
    before: 4,
    prepare: traffic,
    inject: (lab) =>
      void lab.run(
        [
          'nft',
          'add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c numgen random mod 100 < 5 drop',
        ],
        { inClient: true },
      ),
    roots: [{ problem: 'net.retrans', subject: 'web1' }],
  },
  {
    slug: 'narrow-link',
    name: 'The way out is shaped to 2 Mbit/s',
    kind: 'fault',
    before: 4,
    spacing: 15,
    prepare: traffic,
    inject: (lab) =>
      void lab.run([
        'tc',
        'qdisc',
        'add',
        'dev',
        'eth0',
        'root',
        'tbf',
        'rate',
        '2mbit',
        'burst',
        '16kb',
        'limit',
        '20kb',
      ]),
    roots: [{ problem: ['net.retrans', 'net.saturated', 'net.drops'], subject: ['web1', 'eth0'] }],
  },
  {
    slug: 'link-down',
    name: 'The cable is pulled',
    kind: 'fault',
    prepare: traffic,
    inject: (lab) => void lab.run(['ip', 'link', 'set', 'eth0', 'down'], { inClient: true }),
    roots: [{ problem: 'net.link_down', subject: 'eth0' }],
  },
  {
    slug: 'dead-resolver',
    name: 'The name server is an address where nobody is',
    kind: 'fault',
    inject(lab) {
      writeFileSync(join(lab.directory, 'resolv.conf'), 'nameserver 192.0.2.77\n');
      lab.start(['sh', '-c', 'while :; do getent hosts example.org; sleep 1; done']);
    },
    roots: [{ problem: 'net.dns_fail', subject: ['/etc/resolv.conf', '192.0.2.77'] }],
  },
  {
    slug: 'expired-certificate',
    name: 'A certificate that nginx serves has expired',
    kind: 'fault',
    prepare(lab) {
      lab.run([
        'sh',
        '-c',
        `cd ${lab.directory}; mkdir -p nginx/tls; openssl req -newkey rsa:2048 -nodes -keyout nginx/tls/key.pem -out r.csr -subj /CN=shop.example.org 2>/dev/null; touch index.txt; echo 01 > serial; printf '[ca]\\ndefault_ca = d\\n[d]\\nnew_certs_dir = .\\ndatabase = index.txt\\nserial = serial\\ndefault_md = sha256\\npolicy = p\\n[p]\\ncommonName = supplied\\n' > ca.cnf; openssl ca -batch -config ca.cnf -selfsign -keyfile nginx/tls/key.pem -in r.csr -out nginx/tls/cert.pem -notext -startdate 20260101000000Z -enddate 20261101000000Z 2>/dev/null`,
      ]);
      nginx(
        lab,
        'server { listen 443 ssl; ssl_certificate /etc/nginx/tls/cert.pem; ssl_certificate_key /etc/nginx/tls/key.pem; }',
      );
    },
    inject: () => undefined,
    after: 3,
    roots: [{ problem: 'tls.expiring', subject: '/etc/nginx/tls/cert.pem' }],
  },
  {
    slug: 'mariadb-connections',
    name: 'Nearly all of 20 connections are in use',
    kind: 'fault',
    prepare: (lab) => mariadb(lab, '64M', 'mariadb.service', ['--max-connections=20']),
    inject(lab) {
      for (let i = 0; i < 18; i++) keepSql(lab, 'select sleep(600)');
    },
    roots: [{ problem: 'db.mysql_connections', subject: 'mysql' }],
  },
  {
    slug: 'mariadb-lock',
    name: 'One transaction holds a row that others want',
    kind: 'fault',
    prepare(lab) {
      mariadb(lab, '64M', 'mariadb.service');
      sql(
        lab,
        'create database shop; create table shop.stock (id int primary key, n int) engine=innodb; insert into shop.stock values (1, 5)',
      );
    },
    inject(lab) {
      keepSql(lab, 'use shop; begin; update stock set n = 4 where id = 1; select sleep(600)');
      lab.host(['sleep', '1']);
      for (let i = 0; i < 12; i++)
        lab.start([
          'sh',
          '-c',
          'while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e "update stock set n = n - 1 where id = 1"; done',
        ]);
    },
    roots: [{ problem: 'db.mysql_locks', subject: 'mysql' }],
  },
  {
    slug: 'mariadb-slow',
    name: 'A query without an index keeps the database busy',
    kind: 'fault',
    prepare(lab) {
      mariadb(lab, '128M', 'mariadb.service', ['--long-query-time=0.1']);
      sql(
        lab,
        'create database shop; use shop; create table t (a int, b varchar(40)) engine=innodb; insert into t select seq, md5(seq) from seq_1_to_60000',
      );
    },
    inject(lab) {
      for (let i = 0; i < 3; i++)
        lab.start([
          'sh',
          '-c',
          "while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e \"select count(*) from t x where b like concat('%', floor(rand() * 100), '%') and sha2(b, 512) like '%00%'\"; done",
        ]);
    },
    roots: [{ problem: ['db.mysql_slow'], subject: 'mysql' }],
  },
];
