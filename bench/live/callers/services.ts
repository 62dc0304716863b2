// Services, processes and accounts.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address } from '../lab.ts';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { logs, own } from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';

export const serviceCallers: LiveScenario[] = [
  {
    slug: 'worker-killed-again',
    name: 'A watchdog of its own kills a worker every few seconds, and systemd starts it again',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      writeFileSync(
        join(lab.directory, 'worker.pl'),
        `$0 = 'orders-worker'; my $n = 0; while (1) { select undef, undef, undef, 0.5; kill 'KILL', $$ if -e '${lab.directory}/bad' and ++$n > 5 }`,
      );
      runUnit(lab, {
        name: 'orders-worker.service',
        command: ['/usr/bin/perl', join(lab.directory, 'worker.pl')],
        restartSeconds: 1,
      });
    },
    inject: (lab) => writeFileSync(join(lab.directory, 'bad'), ''),
    roots: [{ problem: 'svc.restart_loop', subject: ['orders-worker.service', 'orders-worker'] }],
  },
  {
    slug: 'program-missing',
    name: 'The program of a unit is gone after a deployment: 203/EXEC',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      const program = join(lab.directory, 'invoices');
      writeFileSync(program, "#!/usr/bin/perl\n$0 = 'invoices'; sleep 9 while 1;\n", { mode: 0o755 });
      runUnit(lab, { name: 'invoices.service', command: [program] });
    },
    inject(lab) {
      lab.run(['rm', join(lab.directory, 'invoices')]);
      lab.run(['pkill', '-9', '-x', 'invoices']);
      lab.host(['sleep', '0.5']);
      runUnit(lab, { name: 'invoices.service', command: [join(lab.directory, 'invoices')] });
    },
    roots: [{ problem: 'svc.unit_failed', subject: ['invoices.service', 'invoices'] }],
  },
  {
    slug: 'container-starts-again',
    name: 'A container ends with exit 1 a few seconds after each start',
    kind: 'fault',
    prepare(lab) {
      const program = join(lab.directory, 'docker');
      writeFileSync(
        program,
        `#!/bin/sh
n=$(cat ${lab.directory}/restarts); id=$(printf '%064d' 41); up=$(cat ${lab.directory}/up)
state='Up 3 days'; [ $n = 0 ] || state='Restarting (1) 2 seconds ago'
case $1 in
ps) case "$*" in *-aq*) echo $id ;; *) echo "$id|web-api|shop/web-api:4.2|$state" ;; esac ;;
inspect) echo "$id|/web-api|$n|false|$([ $n = 0 ] && echo 0 || echo 1)|$up" ;;
esac
`,
        { mode: 0o755 },
      );
      writeFileSync(join(lab.directory, 'restarts'), '0');
      writeFileSync(join(lab.directory, 'up'), '2026-11-24T08:00:00.123456789Z');
      for (const place of ['/usr/bin/docker', '/usr/local/bin/docker'])
        if (existsSync(place)) lab.over(program, place);
      own(lab, '/run');
      lab.start([
        'sh',
        '-c',
        'exec perl -MIO::Socket::UNIX -e \'$0 = "dockerd"; IO::Socket::UNIX->new(Local => "/run/docker.sock", Listen => 3); sleep 9 while 1\'',
      ]);
      lab.host(['sleep', '0.5']);
    },
    inject: () => undefined,
    each(lab, report) {
      writeFileSync(join(lab.directory, 'restarts'), String(2 + report * 2));
      writeFileSync(join(lab.directory, 'up'), new Date(Date.now() - 3000).toISOString());
    },
    roots: [{ problem: 'svc.container_loop', subject: ['web-api', 'docker'] }],
  },
  {
    slug: 'child-outgrows-group',
    name: 'One child of a service outgrows the memory of its unit and is killed; its parent starts the next',
    kind: 'fault',
    prepare(lab) {
      lab.limit('render.service', { memory: 120 * MiB });
      lab.perl(
        'render',
        `$SIG{CHLD} = 'DEFAULT'; while (1) { my $p = fork; if (!$p) { $0 = 'render-child'; my @a; while (1) { if (-e '${lab.directory}/big') { push @a, 'x' x 1048576 for 1..4 } select undef, undef, undef, 0.1 } } waitpid $p, 0; sleep 1 }`,
        { unit: 'render.service' },
      );
    },
    inject: (lab) => writeFileSync(join(lab.directory, 'big'), ''),
    roots: [{ problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'], subject: ['render.service', 'render'] }],
  },
  {
    slug: 'ssh-guessing',
    name: 'Somebody guesses passwords of sshd',
    kind: 'control',
    prepare(lab) {
      lab.keep(/^=== lastb/);
      logs(lab);
      lab.run(['sh', '-c', 'umask 117; : > /var/log/btmp']);
      own(lab, '/run/sshd');
      const keys = join(lab.directory, 'ssh');
      lab.run(['sh', '-c', `mkdir ${keys}; ssh-keygen -q -t ed25519 -N '' -f ${keys}/k`]);
      writeFileSync(
        join(keys, 'sshd_config'),
        `HostKey /etc/ssh/k\nUsePAM no\nMaxAuthTries 20\nMaxStartups 60\nPasswordAuthentication yes\nPermitRootLogin no\nPidFile none\n`,
      );
      lab.over(keys, '/etc/ssh');
      lab.start(['/usr/sbin/sshd', '-D', '-f', '/etc/ssh/sshd_config']);
      lab.host(['sleep', '1']);
    },
    inject(lab) {
      const ask = join(lab.directory, 'ask');
      writeFileSync(ask, '#!/bin/sh\necho hunter2\n', { mode: 0o755 });
      lab.start(
        [
          'sh',
          '-c',
          `export SSH_ASKPASS=${ask} SSH_ASKPASS_REQUIRE=force; while :; do for u in admin root test oracle ubuntu pi git ftp; do ssh -F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=6 $u@${address} true & done; wait; done`,
        ],
        { inClient: true },
      );
    },
    roots: [],
  },
  {
    slug: 'second-root',
    name: 'An account beside root has the uid 0',
    kind: 'fault',
    after: 5,
    prepare(lab) {
      lab.run(['sh', '-c', `cp /etc/passwd ${lab.directory}/passwd`]);
      lab.over(join(lab.directory, 'passwd'), '/etc/passwd');
    },
    inject: (lab) =>
      void lab.run(['sh', '-c', `echo 'support:x:0:0::/root:/bin/sh' >> ${lab.directory}/passwd`]),
    roots: [{ problem: 'sec.uid0', subject: ['support', 'web1'] }],
  },
];
