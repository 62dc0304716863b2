// Programs that take more than their share of CPU, memory, processes and swap.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { ahead, logs, nginx, own, phpPool, phpSite, proxy, visitors } from '../programs.ts';

/** A script of the scenario's own; its path. */
export function script(lab: Lab, name: string, text: string): string {
  const file = join(lab.directory, name);
  writeFileSync(file, text, { mode: 0o755 });
  return file;
}

/** What the scenario's programs look for to know that their fault has come. */
export const badFile = (lab: Lab) => join(lab.directory, 'bad');
export const goBad = (lab: Lab) => writeFileSync(badFile(lab), '', { mode: 0o644 });

export const processBoarders: LiveScenario[] = [
  {
    slug: 'node-event-loop-blocked',
    name: 'A request sends the only thread of a Node server into an endless loop; nginx waits for it',
    kind: 'fault',
    prepare(lab) {
      const file = script(
        lab,
        'server.js',
        `const fs = require('fs'); require('http').createServer((q, r) => { if (fs.existsSync('${badFile(lab)}')) for (;;) JSON.stringify({ a: 1 }); r.end('ok'); }).listen(8000, '127.0.0.1');`,
      );
      lab.start(['/usr/bin/node', file]);
      nginx(lab, proxy('http://127.0.0.1:8000').replace('proxy_read_timeout 20s', 'proxy_read_timeout 4s'));
      ahead(lab, 'node');
      visitors(lab, 3);
    },
    inject: goBad,
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'node' }],
  },
  {
    slug: 'php-in-a-small-quota',
    name: 'A slower page of PHP wants a core where its unit may have a fifth of one; visitors wait',
    kind: 'fault',
    prepare(lab) {
      lab.limit('php8.2-fpm.service', { cpuCores: 0.2 });
      logs(lab, 'nginx');
      lab.start(
        phpPool(
          lab,
          'pm = static\npm.max_children = 6',
          `if (file_exists('${badFile(lab)}')) { for ($i = 0; $i < 600000; $i++) { $x = md5((string) $i); } } echo 1;`,
          '127.0.0.1:9000',
        ),
        { unit: 'php8.2-fpm.service' },
      );
      nginx(lab, phpSite(lab, '127.0.0.1:9000'));
      visitors(lab, 3);
    },
    inject: goBad,
    roots: [{ problem: 'cpu.throttled_cgroup', subject: 'php8.2-fpm' }],
  },
  {
    slug: 'node-keeps-all-sessions',
    name: 'A Node program keeps each upload in memory; the limit of its unit ends it, and it is started again',
    kind: 'fault',
    prepare(lab) {
      lab.limit('api.service', { memory: 200 * MiB });
      const file = script(
        lab,
        'api.js',
        `const fs = require('fs'), kept = []; setInterval(() => { if (fs.existsSync('${badFile(lab)}')) kept.push(Buffer.alloc(2e6, 'x')); }, 100);`,
      );
      lab.start(['sh', '-c', `while :; do /usr/bin/node ${file}; sleep 2; done`], { unit: 'api.service' });
    },
    inject: goBad,
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.leak', 'mem.oom_kill', 'mem.cgroup_near_limit'],
        subject: ['api', 'node', '/system.slice/api.service'],
      },
    ],
  },
  {
    slug: 'a-tail-for-each-message',
    name: 'A relay starts a tail for each message and never ends one, until its unit may have no more tasks',
    kind: 'fault',
    prepare: (lab) => lab.limit('relay.service', { pids: 150 }),
    inject: (lab) =>
      void lab.perl(
        'relay',
        `$SIG{CHLD} = 'IGNORE'; while (1) { my $p = fork; if (defined $p && $p == 0) { exec 'tail', '-f', '/dev/null' } select undef, undef, undef, defined $p ? 0.04 : 0.5 }`,
        { unit: 'relay.service' },
      ),
    roots: [{ problem: 'proc.unit_tasks_limit', subject: ['relay', '/system.slice/relay.service'] }],
  },
  {
    slug: 'container-without-init',
    name: 'A Python program is the first process of its container and collects none of the orphans it gets',
    kind: 'fault',
    inject: (lab) =>
      void lab.start([
        'unshare',
        '--pid',
        '--fork',
        '--mount-proc',
        '/usr/bin/python3',
        script(
          lab,
          'app.py',
          `import os, time
while True:
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            time.sleep(0.1)
        os._exit(0)
    os.waitpid(pid, 0)
    time.sleep(0.2)
`,
        ),
      ]),
    roots: [{ problem: 'proc.zombies', subject: ['python3', 'app', 'app.py'] }],
  },
  {
    slug: 'redis-is-swapped',
    name: 'Redis has grown to three times the memory of its unit; what clients read comes from swap',
    kind: 'fault',
    after: 9,
    prepare(lab) {
      lab.limit('redis-server.service', { memory: 60 * MiB });
      lab.swapFile(400);
      own(lab, '/run/redis');
      lab.start(
        [
          'redis-server',
          '--port',
          '6379',
          '--bind',
          '127.0.0.1',
          '--dir',
          lab.directory,
          '--save',
          '',
        ].concat(['--enable-debug-command', 'yes']),
        { unit: 'redis-server.service' },
      );
      lab.host(['sleep', '1']);
    },
    inject(lab) {
      lab.start(['redis-cli', 'debug', 'populate', '160000', 'key', '1000']);
      for (let i = 0; i < 3; i++)
        lab.perl(
          'shop-worker',
          `use IO::Socket::INET; sleep 5; my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379'); while (1) { my $q = ''; $q .= 'GET key:' . int(rand 160000) . "\\r\\n" for 1..200; print $s $q; my $n = 0; while ($n < 200) { sysread $s, my $b, 65536 or last; $n += () = $b =~ /\\$\\d+\\r/g } }`,
        );
    },
    roots: [
      {
        problem: ['mem.swap_thrash', 'db.redis_no_maxmemory'],
        subject: ['redis', 'web1', 'swap', '/system.slice/redis-server.service'],
      },
    ],
  },
  {
    slug: 'memcached-is-full-of-clients',
    name: 'memcached may have 40 clients, workers hold as many, and all others wait in its queue',
    kind: 'fault',
    prepare(lab) {
      lab.start([
        'memcached',
        '-u',
        'nobody',
        '-l',
        '127.0.0.1',
        '-p',
        '11211',
        '-c',
        '40',
        '-b',
        '16',
        '-o',
        'no_maxconns_fast',
      ]);
      lab.host(['sleep', '1']);
    },
    inject(lab) {
      lab.perl(
        'php-worker',
        `use IO::Socket::INET; my @all; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:11211', Timeout => 1); push @all, $s if $s && @all < 90; select undef, undef, undef, 0.05 }`,
      );
      for (let i = 0; i < 10; i++)
        lab.perl(
          'shop-worker',
          `use IO::Socket::INET; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:11211', Timeout => 1); if ($s) { print $s "version\\r\\n"; local $SIG{ALRM} = sub { die }; eval { alarm 1; sysread $s, my $b, 99; alarm 0 }; close $s } select undef, undef, undef, 0.05 }`,
        );
    },
    roots: [
      {
        problem: ['net.listen_overflow', 'proc.fd_process'],
        subject: ['memcached', 'port 11211', '127.0.0.1:11211', '11211'],
      },
    ],
  },
  {
    slug: 'pipelines-of-a-script',
    name: 'A shell script for figures runs a pipeline of four programs in a loop without a pause',
    kind: 'fault',
    inject(lab) {
      lab.start([
        '/bin/bash',
        script(
          lab,
          'collect.sh',
          `#!/bin/bash\nwhile :; do v=$(cat /proc/loadavg | cut -d' ' -f1 | tr . , | grep -c 9); done\n`,
        ),
      ]);
      lab.host(['sleep', '0.5']);
      ahead(lab, 'bash');
    },
    roots: [{ problem: 'proc.fork_storm', subject: ['collect', 'bash', 'collect.sh'] }],
  },
  {
    slug: 'waits-without-end',
    name: 'Four processes of an archiver hang in state D and cannot be ended',
    kind: 'fault',
    prepare(lab) {
      const source = script(
        lab,
        'archiver.c',
        '#include <unistd.h>\nint main(void) { for (;;) if (vfork() == 0) { sleep(900); _exit(0); } }\n',
      );
      lab.host(['gcc', '-O0', '-o', join(lab.directory, 'archiver'), source]);
    },
    inject(lab) {
      for (let i = 0; i < 4; i++) lab.start([join(lab.directory, 'archiver')]);
    },
    roots: [{ problem: 'proc.dstate', subject: 'archiver' }],
  },
  {
    slug: 'no-number-for-a-process',
    name: 'A Python program leaks threads until the machine has hardly a process number left',
    kind: 'fault',
    prepare: (lab) => void lab.run(['sysctl', '-qw', 'kernel.pid_max=4200']),
    inject: (lab) =>
      void lab.start([
        '/usr/bin/python3',
        script(
          lab,
          'crawler.py',
          `import threading, time
threading.stack_size(65536)
for i in range(3300):
    try:
        threading.Thread(target=time.sleep, args=(900,), daemon=True).start()
    except RuntimeError:
        break
time.sleep(900)
`,
        ),
      ]),
    roots: [
      {
        problem: 'proc.pid_exhaustion',
        subject: ['web1', 'python3', 'crawler', 'crawler.py', 'pids', 'threads'],
      },
    ],
  },
];
