// Units, accounts, mail, names and the network of a machine.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { logs, nameServer, nginx, own, phpPool, phpSite, visitors } from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';

/** A postfix of the machine's own that has nowhere to send its mail. */
function postfix(lab: Lab, more = ''): void {
  for (const folder of ['/var/spool/postfix', '/var/lib/postfix']) own(lab, folder);
  const folder = join(lab.directory, 'postfix');
  lab.host(['cp', '-r', '/etc/postfix', folder]);
  writeFileSync(
    join(folder, 'main.cf'),
    `compatibility_level = 3.6\nmyhostname = mail.example.org\nmydestination = localhost\ninet_interfaces = loopback-only\ninet_protocols = ipv4\nqueue_directory = /var/spool/postfix\ndata_directory = /var/lib/postfix\nmaillog_file = /var/log/mail.log\nminimal_backoff_time = 5s\nqueue_run_delay = 5s\nsmtp_connect_timeout = 3s\nalias_maps =\nlocal_recipient_maps =\n${more}`,
  );
  lab.over(folder, '/etc/postfix');
  logs(lab);
  lab.run(['sh', '-c', 'chown postfix /var/lib/postfix; postfix set-permissions; postfix check'], {
    mayFail: true,
  });
  lab.start(['/usr/sbin/postfix', 'start-fg']);
  lab.host(['sleep', '3']);
}

/** Letters to so many addresses elsewhere, each handed over by sendmail as that user. */
const letters = (user: string, many: number, pause: number) => [
  'setpriv',
  '--reuid',
  user,
  '--clear-groups',
  'sh',
  '-c',
  `i=0; while [ $i -lt ${many} ]; do i=$((i + 1)); printf 'Subject: offer\\n\\nbuy\\n' | /usr/sbin/sendmail -f news@example.org c$i@shop$((i % 30)).example.net; sleep ${pause}; done; sleep 600`,
];

export const serviceLodgers: LiveScenario[] = [
  {
    slug: 'borg-finds-a-lock',
    name: 'The nightly borg finds the lock of a run that was cut off, and its unit fails with 2',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      lab.perl('cron', 'sleep 900');
    },
    inject: (lab) =>
      runUnit(lab, {
        name: 'borg-backup.service',
        command: ['/bin/sh', '-c', 'sleep 1; echo Failed to create/acquire the lock >&2; exit 2'],
      }),
    roots: [{ problem: 'svc.unit_failed', subject: ['borg-backup.service', 'borg-backup'] }],
  },
  {
    slug: 'logrotate-duplicate',
    name: 'A log stands in two files of logrotate.d; logrotate ends with an error, and its unit fails',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      logs(lab, 'nginx');
      writeFileSync(
        join(lab.directory, 'rotate'),
        '/var/log/nginx/*.log {\n daily\n}\n/var/log/nginx/access.log {\n weekly\n}\n/var/log/gone/x.log {\n daily\n}\n',
        { mode: 0o644 },
      );
      lab.run(['sh', '-c', 'echo x > /var/log/nginx/access.log']);
    },
    inject: (lab) =>
      runUnit(lab, {
        name: 'logrotate.service',
        command: ['/usr/sbin/logrotate', '-s', join(lab.directory, 'state'), join(lab.directory, 'rotate')],
      }),
    roots: [{ problem: ['sys.logrotate_failed', 'svc.unit_failed'], subject: ['logrotate'] }],
  },
  {
    slug: 'php-after-upgrade',
    name: 'PHP was upgraded minutes ago, and since then its pool does not start: a setting is no longer known',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      logs(lab, 'nginx');
      const command = phpPool(lab, 'pm = static\npm.max_children = 3', 'echo 1;', '127.0.0.1:9000');
      runUnit(lab, {
        name: 'php8.2-fpm.service',
        command: [`/usr/sbin/${command[0]!}`, ...command.slice(1)],
        restartSeconds: 2,
      });
      nginx(lab, phpSite(lab, '127.0.0.1:9000'));
      visitors(lab, 2);
      lab.run(['sh', '-c', 'touch /var/log/dpkg.log']);
    },
    inject(lab) {
      lab.run([
        'sh',
        '-c',
        `d=$(date '+%F %T'); for w in 'upgrade php8.2-fpm:amd64 8.2.28-1~deb12u1 8.2.29-1~deb12u1' 'status half-configured php8.2-fpm:amd64 8.2.28-1~deb12u1' 'status installed php8.2-fpm:amd64 8.2.29-1~deb12u1'; do echo "$d $w" >> /var/log/dpkg.log; done; echo 'pm.max_spawn = 5' >> ${lab.directory}/php/8.2/fpm/pool.d/www.conf; pkill -9 -x php-fpm8.2`,
      ]);
    },
    roots: [
      {
        problem: ['svc.restart_loop', 'svc.unit_failed', 'change.package', 'change.config'],
        subject: ['php8.2-fpm', 'php8.2-fpm.service', '/etc/php'],
      },
    ],
  },
  {
    slug: 'forwarder-dead',
    name: 'The forwarder of unbound is switched off: unbound runs, answers SERVFAIL, and mail cannot find its way',
    kind: 'fault',
    after: 9,
    prepare(lab) {
      writeFileSync(
        join(lab.directory, 'unbound.conf'),
        'server:\n interface: 127.0.0.1\n username: ""\n chroot: ""\n do-daemonize: no\n use-syslog: no\n module-config: "iterator"\n do-not-query-localhost: no\n cache-max-ttl: 1\n cache-max-negative-ttl: 1\nforward-zone:\n name: "."\n forward-addr: 192.0.2.1\nremote-control:\n control-enable: no\n',
      );
      lab.start(nameServer, { inClient: true });
      lab.start(['unbound', '-d', '-c', join(lab.directory, 'unbound.conf')]);
      writeFileSync(join(lab.directory, 'resolv.conf'), 'nameserver 127.0.0.1\n');
      postfix(lab);
      for (let i = 0; i < 2; i++)
        lab.start(['sh', '-c', 'while :; do getent hosts api.example.org; sleep 1; done']);
    },
    inject(lab) {
      lab.run(['pkill', '-x', 'dnsmasq'], { mayFail: true });
      lab.start(letters('nobody', 200, 0.05));
    },
    roots: [
      { problem: 'net.dns_fail', subject: ['192.0.2.1', '127.0.0.1', 'unbound', '/etc/resolv.conf', 'web1'] },
    ],
  },
  {
    slug: 'script-sends-spam',
    name: 'A script of the web server sends hundreds of letters that nobody takes',
    kind: 'fault',
    after: 9,
    prepare: (lab) => postfix(lab, 'relayhost = [192.0.2.1]:25\ndefault_transport = smtp\n'),
    inject: (lab) => void lab.start(letters('www-data', 900, 0)),
    roots: [
      {
        problem: ['mail.spam_source', 'mail.queue'],
        subject: ['postfix', 'www-data', 'web1', 'deferred', '/var/spool/postfix', 'mail', 'sendmail'],
      },
    ],
  },
  {
    slug: 'miner-in-shm',
    name: 'Something that was started from a hidden folder of /dev/shm takes a core for itself',
    kind: 'fault',
    prepare(lab) {
      lab.run(['mkdir', '-p', '/dev/shm']);
      own(lab, '/dev/shm');
      lab.run(['mount', '-o', 'remount,exec', '/dev/shm'], { mayFail: true });
    },
    inject(lab) {
      lab.run(['sh', '-c', 'mkdir /dev/shm/.ICE-unix; cp /usr/bin/perl /dev/shm/.ICE-unix/sysupd']);
      for (let i = 0; i < 2; i++)
        lab.start([
          'setpriv',
          '--reuid',
          'www-data',
          '--clear-groups',
          '/dev/shm/.ICE-unix/sysupd',
          '-e',
          '1 while 1',
        ]);
    },
    roots: [{ problem: 'proc.suspicious', subject: ['sysupd', '/dev/shm/.ICE-unix/sysupd'] }],
  },
  {
    slug: 'account-without-password',
    name: 'Somebody cleared the password of the account of a contractor',
    kind: 'fault',
    prepare(lab) {
      for (const file of ['passwd', 'shadow', 'group']) {
        lab.host(['cp', '-a', `/etc/${file}`, join(lab.directory, file)]);
        lab.over(join(lab.directory, file), `/etc/${file}`);
      }
      lab.run([
        'sh',
        '-c',
        "echo 'contractor:x:1777:1777::/home/contractor:/bin/bash' >> /etc/passwd; echo 'contractor:$y$j9T$abc$def:20000:0:99999:7:::' >> /etc/shadow",
      ]);
    },
    inject: (lab) =>
      void lab.run(
        [
          'sh',
          '-c',
          `perl -pi -e 's/^contractor:[^:]*/contractor:/' ${lab.directory}/shadow; cat ${lab.directory}/shadow > /etc/shadow`,
        ],
        {
          mayFail: true,
        },
      ),
    roots: [{ problem: 'sec.empty_password', subject: 'contractor' }],
  },
  {
    slug: 'sshd-takes-root',
    name: 'sshd was told to take root with a password',
    kind: 'fault',
    prepare(lab) {
      lab.keep(/sshd -T/);
      const folder = join(lab.directory, 'ssh');
      mkdirSync(folder);
      lab.host(['ssh-keygen', '-qt', 'ed25519', '-N', '', '-f', join(folder, 'ssh_host_ed25519_key')]);
      writeFileSync(
        join(folder, 'sshd_config'),
        'Port 22\nHostKey /etc/ssh/ssh_host_ed25519_key\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n',
      );
      own(lab, '/run/sshd');
      lab.over(folder, '/etc/ssh');
      lab.start(['/usr/sbin/sshd', '-D', '-o', 'PidFile=none']);
    },
    inject(lab) {
      writeFileSync(
        join(lab.directory, 'ssh/sshd_config'),
        'Port 22\nHostKey /etc/ssh/ssh_host_ed25519_key\nPasswordAuthentication yes\nPermitRootLogin yes\n',
      );
      lab.run(['pkill', '-HUP', '-o', '-x', 'sshd'], { mayFail: true });
    },
    roots: [{ problem: ['sec.sshd_root', 'sec.sshd_password'], subject: ['sshd', 'web1', 'root', 'ssh'] }],
  },
  {
    slug: 'new-member-of-sudo',
    name: 'Between two full reports an account became a member of sudo',
    kind: 'fault',
    prepare(lab) {
      for (const file of ['passwd', 'group']) {
        lab.host(['cp', '-a', `/etc/${file}`, join(lab.directory, file)]);
        lab.over(join(lab.directory, file), `/etc/${file}`);
      }
      lab.run([
        'sh',
        '-c',
        "echo 'deploy:x:1778:1778::/home/deploy:/bin/bash' >> /etc/passwd; grep -q ^sudo: /etc/group || echo sudo:x:27: >> /etc/group",
      ]);
    },
    inject: (lab) =>
      void lab.run([
        'sh',
        '-c',
        'g=$(sed \'s/^sudo:x:27:.*/sudo:x:27:deploy/\' /etc/group); echo "$g" > /etc/group',
      ]),
    roots: [{ problem: 'sec.new_admin', subject: ['deploy', 'sudo'] }],
  },
  {
    slug: 'bytes-one-by-one',
    name: 'A script copies a disk with blocks of one byte: both cores do nothing but calls of the kernel',
    kind: 'fault',
    inject(lab) {
      for (let i = 0; i < 2; i++) lab.start(['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1']);
    },
    roots: [{ problem: ['proc.runaway', 'cpu.system_high'], subject: ['dd', 'web1'] }],
  },
  {
    slug: 'no-default-route',
    name: 'After a change of its network the machine has no default route',
    kind: 'fault',
    prepare: (lab) =>
      void lab.perl(
        'mirror',
        `use IO::Socket::INET; while (1) { IO::Socket::INET->new(PeerAddr => '198.51.100.7:443', Timeout => 1); select undef, undef, undef, 0.5 }`,
      ),
    inject: (lab) => void lab.run(['ip', 'route', 'del', 'default']),
    roots: [
      {
        problem: ['net.gateway_down', 'net.no_route'],
        subject: ['web1', 'eth0', 'default', '192.0.2.1', 'gateway'],
      },
    ],
  },
  {
    slug: 'policer-on-the-way',
    name: 'A policer on the way throws away what is above 4 Mbit/s, and downloads creep',
    kind: 'fault',
    prepare(lab) {
      nginx(
        lab,
        `worker_processes 1; error_log /var/log/nginx/error.log; events {} http { access_log off; server { listen 80; root ${lab.directory}/www; } }`,
      );
      lab.run([
        'sh',
        '-c',
        `mkdir ${lab.directory}/www; chmod 755 ${lab.directory} ${lab.directory}/www; head -c 3000000 /dev/urandom > ${lab.directory}/www/file; sleep 0.1`,
      ]);
      visitors(lab, 6, '/file');
    },
    inject(lab) {
      const nft =
        'add table ip way; add chain ip way in { type filter hook input priority 0; }; add rule ip way in limit rate over 500 kbytes/second burst 20 kbytes drop';
      lab.run(['nft', nft], { inClient: true });
    },
    roots: [{ problem: 'net.retrans', subject: ['eth0', 'web1', '192.0.2.1'] }],
  },
  {
    slug: 'mail-certificate-ended',
    name: 'The certificate that Postfix shows to its clients ended two days ago',
    kind: 'fault',
    prepare(lab) {
      const at = lab.directory;
      lab.host([
        'sh',
        '-c',
        `cd ${at}; chmod 711 .; openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=mail.example.org -keyout mail.key -out good.pem -days 60 2>/dev/null; openssl req -new -key mail.key -subj /CN=mail.example.org -out m.csr; mkdir ca; : > ca/i; echo 01 > ca/s; openssl ca -batch -selfsign -config /dev/stdin -in m.csr -keyfile mail.key -out bad.pem -startdate $(date -u -d '92 days ago' +%Y%m%d%H%M%SZ) -enddate $(date -u -d '2 days ago' +%Y%m%d%H%M%SZ) -notext 2>/dev/null <<E
[ca]
default_ca=c
[c]
new_certs_dir=ca
database=ca/i
serial=ca/s
default_md=sha256
policy=p
[p]
commonName=supplied
E
mkdir tls; cp good.pem tls/mail.pem; cp mail.key tls/`,
      ]);
      postfix(
        lab,
        `smtpd_tls_cert_file = ${at}/tls/mail.pem\nsmtpd_tls_key_file = ${at}/tls/mail.key\nsmtpd_tls_security_level = may\n`,
      );
    },
    inject: (lab) =>
      void lab.host(['cp', join(lab.directory, 'bad.pem'), join(lab.directory, 'tls/mail.pem')]),
    roots: [{ problem: 'tls.expiring', subject: ['mail.example.org', 'postfix', '/tmp', 'live', '/'] }],
  },
  {
    slug: 'renderer-and-hog',
    name: 'One unit is killed at its limit of memory while a program of somebody else takes a core',
    kind: 'double',
    prepare(lab) {
      lab.limit('thumbs.service', { memory: 90 * MiB });
      lab.perl(
        'thumbs',
        `$SIG{CHLD} = 'DEFAULT'; while (1) { my $p = fork; if (!$p) { my @a; while (1) { if (-e '${lab.directory}/big') { push @a, 'x' x 1048576 for 1..6 } select undef, undef, undef, 0.1 } } waitpid $p, 0; sleep 1 }`,
        { unit: 'thumbs.service' },
      );
    },
    inject(lab) {
      writeFileSync(join(lab.directory, 'big'), '');
      for (let i = 0; i < 2; i++) lab.perl('prime-search', '1 while 1');
    },
    roots: [
      { problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'], subject: ['thumbs.service', 'thumbs'] },
      { problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'prime-search' },
    ],
  },
  {
    slug: 'container-unhealthy',
    name: 'The check of a container fails since a minute; the container itself goes on',
    kind: 'fault',
    prepare(lab) {
      const program = join(lab.directory, 'docker');
      writeFileSync(
        program,
        `#!/bin/sh
id=$(printf '%064d' 52); state='Up 3 days (healthy)'; [ ! -e ${lab.directory}/bad ] || state='Up 3 days (unhealthy)'
case $1 in
ps) case "$*" in *-aq*) echo $id ;; *) echo "$id|billing-api|shop/billing:7.1|$state" ;; esac ;;
inspect) echo "$id|/billing-api|0|false|0|2026-11-25T01:00:00.123456789Z" ;;
esac
`,
        { mode: 0o755 },
      );
      for (const place of ['/usr/bin/docker', '/usr/local/bin/docker'])
        if (existsSync(place)) lab.over(program, place);
      own(lab, '/run');
      lab.perl(
        'dockerd',
        `use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Local => '/run/docker.sock', Listen => 3); sleep 9 while 1`,
      );
      lab.host(['sleep', '0.5']);
    },
    inject: (lab) => writeFileSync(join(lab.directory, 'bad'), ''),
    roots: [{ problem: 'svc.container_unhealthy', subject: ['billing-api', 'docker'] }],
  },
];
