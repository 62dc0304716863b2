// The network of a machine, its names and its clock.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address } from '../lab.ts';
import type { LiveScenario, Watched } from '../liveScenario.ts';
import { logs, nameServer, nginx, own } from '../programs.ts';
import { script } from './processes.ts';

export const site: Watched = {
  kind: 'http',
  name: 'shop',
  target: `http://${address}/`,
  settings: { url: `http://${address}/`, timeoutMs: 2000 },
  about: { process: 'nginx', port: 80 },
};

const plain = (root = 'return 200 "hello";') =>
  `worker_processes 1; error_log /var/log/nginx/error.log error; events { worker_connections 512; } http { access_log /var/log/nginx/access.log; server { listen 80; location / { ${root} } } }`;

export const networkBoarders: LiveScenario[] = [
  {
    slug: 'large-packets-get-lost',
    name: 'Somewhere on the way large packets get lost without a word: pages begin and never end',
    kind: 'fault',
    prepare(lab) {
      script(lab, 'page.txt', 'x'.repeat(60_000));
      nginx(lab, plain(`alias ${lab.directory}/; default_type text/plain;`));
      lab.perl(
        'visitors',
        `use IO::Socket::INET; for (1..60) { next if fork; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '${address}:80', Timeout => 2); if ($s) { print $s "GET /page.txt HTTP/1.0\\r\\n\\r\\n"; local $SIG{ALRM} = sub { die }; eval { alarm 2; 1 while sysread $s, my $b, 65536; alarm 0 } } select undef, undef, undef, 0.3 } } sleep 600`,
        { inClient: true },
      );
    },
    inject: (lab) =>
      void lab.run(
        [
          'iptables',
          '-A',
          'INPUT',
          '-p',
          'tcp',
          '--sport',
          '80',
          '-m',
          'length',
          '--length',
          '1000:65535',
          '-j',
          'DROP',
        ],
        { inClient: true },
      ),
    roots: [{ problem: 'net.retrans', subject: ['web1', 'eth0', '192.0.2.1', 'tcp', 'port 80', 'nginx'] }],
  },
  {
    slug: 'firewall-forgets-the-site',
    name: 'New rules of the firewall drop what comes to port 80; nginx runs and hears nothing',
    kind: 'fault',
    prepare: (lab) => nginx(lab, plain()),
    inject(lab) {
      lab.run(['nft', 'add table inet filter']);
      lab.run(['nft', 'add chain inet filter input { type filter hook input priority 0; policy accept; }']);
      lab.run(['nft', 'add rule inet filter input tcp dport 80 drop']);
    },
    watch: [site],
    roots: [{ problem: 'svc.http_down', subject: ['shop', 'nginx', 'port 80', address] }],
  },
  {
    slug: 'no-name-server-named',
    name: 'A client of DHCP wrote an empty resolv.conf: there is no name server to ask',
    kind: 'fault',
    prepare(lab) {
      lab.start(nameServer, { inClient: true });
      for (let i = 0; i < 2; i++)
        lab.start(['sh', '-c', 'while :; do getent hosts api.example.org; sleep 1; done']);
    },
    inject: (lab) => writeFileSync(join(lab.directory, 'resolv.conf'), '# written by dhclient\n'),
    roots: [
      {
        problem: 'net.dns_fail',
        subject: ['web1', '/etc/resolv.conf', '127.0.0.1', '192.0.2.1', 'resolver', 'api.example.org'],
      },
    ],
  },
  {
    slug: 'name-server-behind-the-router',
    name: 'The name server behind the router was switched off; whoever asks for a name waits',
    kind: 'fault',
    prepare(lab) {
      lab.run(['ip', 'addr', 'add', '198.51.100.53/32', 'dev', 'eth0'], { inClient: true });
      lab.start(nameServer, { inClient: true });
      writeFileSync(join(lab.directory, 'resolv.conf'), 'nameserver 198.51.100.53\n');
      for (let i = 0; i < 2; i++)
        lab.start(['sh', '-c', 'while :; do getent hosts api.example.org; sleep 1; done']);
    },
    inject: (lab) =>
      void lab.run(['ip', 'addr', 'del', '198.51.100.53/32', 'dev', 'eth0'], { inClient: true }),
    roots: [{ problem: 'net.dns_fail', subject: ['web1', '/etc/resolv.conf', '198.51.100.53', 'resolver'] }],
  },
  {
    slug: 'time-server-misspelt',
    name: 'chronyd was restarted with a time server that does not exist, and follows nobody',
    kind: 'fault',
    prepare(lab) {
      logs(lab);
      own(lab, '/run/chrony');
      lab.run(['chmod', '750', '/run/chrony']);
      script(
        lab,
        'there.conf',
        `local stratum 3\nallow\ncmdport 0\nbindcmdaddress /\npidfile ${lab.directory}/there.pid\n`,
      );
      script(
        lab,
        'good.conf',
        `server 192.0.2.1 iburst minpoll 0 maxpoll 1\npidfile ${lab.directory}/chronyd.pid\n`,
      );
      script(
        lab,
        'wrong.conf',
        `server 192.0.2.77 iburst minpoll 0 maxpoll 1\npidfile ${lab.directory}/chronyd.pid\n`,
      );
      lab.start(['chronyd', '-x', '-d', '-u', 'root', '-f', join(lab.directory, 'there.conf')], {
        inClient: true,
      });
      lab.start(['chronyd', '-x', '-d', '-u', 'root', '-f', join(lab.directory, 'good.conf')]);
      lab.host(['sleep', '8']);
    },
    inject(lab) {
      lab.run(['sh', '-c', `kill $(cat ${lab.directory}/chronyd.pid)`]);
      lab.host(['sleep', '1']);
      lab.start(['chronyd', '-x', '-d', '-u', 'root', '-f', join(lab.directory, 'wrong.conf')]);
    },
    roots: [{ problem: 'time.unsync', subject: ['web1', 'clock', 'chrony'] }],
  },
  {
    slug: 'memcached-for-everybody',
    name: 'memcached was restarted with its default address: it listens for everybody',
    kind: 'fault',
    prepare(lab) {
      // An address of the internet, within the namespace alone: on others a database is nobody's business.
      lab.run(['ip', 'addr', 'add', '93.184.215.14/32', 'dev', 'eth0']);
      lab.start(['memcached', '-u', 'nobody', '-l', '127.0.0.1']);
    },
    inject(lab) {
      lab.run(['pkill', '-x', 'memcached']);
      lab.host(['sleep', '1']);
      lab.start(['memcached', '-u', 'nobody', '-l', '0.0.0.0']);
    },
    roots: [{ problem: 'sec.db_exposed', subject: ['memcached', 'port 11211', '0.0.0.0:11211', '11211'] }],
  },
];
