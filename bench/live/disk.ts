// Live scenarios of disks and file systems, on loop devices.
import { join } from 'node:path';
import { MiB, type LiveScenario } from './liveScenario.ts';

const root: LiveScenario['roots'] = [];

export const diskScenarios: LiveScenario[] = [
  {
    slug: 'log-fills-disk',
    name: 'A log writer fills a file system',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/srv/logs', 400),
    inject: (lab) =>
      void lab.perl(
        'chatter',
        `open my $f, '>', '/srv/logs/app.log'; while (1) { print $f 'x' x 1048576 or sleep 1; select undef, undef, undef, 0.09 }`,
      ),
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/srv/logs' }],
  },
  {
    slug: 'slow-growth',
    name: 'A file system that fills slowly',
    kind: 'fault',
    before: 2,
    after: 34,
    spacing: 15,
    prepare(lab) {
      lab.fileSystem('/srv/data', 1600);
      lab.run(['fallocate', '-l', '1000M', '/srv/data/base']);
    },
    inject: (lab) =>
      void lab.perl(
        'ingest',
        `open my $f, '>', '/srv/data/rows'; while (1) { syswrite $f, 'x' x 262144; select undef, undef, undef, 0.65 }`,
      ),
    roots: [{ problem: 'disk.fill_forecast', subject: '/srv/data' }],
  },
  {
    slug: 'deleted-open',
    name: 'A deleted file that is still open fills a file system',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/srv/data', 300),
    inject: (lab) =>
      void lab.perl(
        'rotator',
        `open my $f, '>', '/srv/data/old.log'; for (1..276) { print $f 'x' x 1048576 } unlink '/srv/data/old.log'; sleep 600`,
      ),
    roots: [{ problem: 'disk.deleted_open', subject: 'rotator' }],
  },
  {
    slug: 'inodes-full',
    name: 'Small files use up the inodes',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/srv/sessions', 200, ['-N', '3000']),
    inject: (lab) =>
      void lab.run(['perl', '-e', `for (1..3100) { open my $f, '>', "/srv/sessions/s$_" or last }`]),
    roots: [{ problem: 'disk.inodes_full', subject: '/srv/sessions' }],
  },
  {
    slug: 'read-only',
    name: 'A file system is read-only that was not',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/srv/data', 200),
    inject: (lab) => void lab.run(['mount', '-o', 'remount,ro', '/srv/data']),
    roots: [{ problem: 'disk.readonly', subject: '/srv/data' }],
  },
  {
    slug: 'fsync-storm',
    name: 'fsync without end on a small disk',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/srv/journal', 300),
    inject(lab) {
      for (let i = 0; i < 4; i++)
        lab.perl(
          'journaler',
          `use IO::Handle; open my $f, '>', '/srv/journal/j${i}'; while (1) { syswrite $f, 'x' x 65536; $f->sync; seek $f, 0, 0 if tell($f) > 20e6 }`,
        );
    },
    roots: [
      {
        problem: ['disk.saturated', 'disk.latency', 'disk.fsync_stall', 'cpu.iowait', 'proc.runaway'],
        subject: ['loop', 'vda', 'journaler'],
      },
    ],
  },
  {
    slug: 'io-throttled',
    name: 'A writer that is held back by the I/O limit of its group',
    kind: 'fault',
    prepare: (lab) => lab.limit('exporter.service', { writeBytes: MiB }),
    inject: (lab) =>
      void lab.start(
        [
          'sh',
          '-c',
          `while :; do dd if=/dev/zero of=${join(lab.directory, 'out')} bs=256k count=64 oflag=direct status=none; done`,
        ],
        { unit: 'exporter.service' },
      ),
    roots: [{ problem: 'disk.cgroup_throttled', subject: 'exporter' }],
  },
  {
    slug: 'full-and-busy',
    name: 'A full file system, and a busy loop that has nothing to do with it',
    kind: 'double',
    prepare: (lab) => void lab.fileSystem('/srv/data', 200),
    inject(lab) {
      lab.run(['dd', 'if=/dev/zero', 'of=/srv/data/dump', 'bs=1M', 'count=186', 'status=none'], {
        mayFail: true,
      });
      for (let i = 0; i < 3; i++) lab.perl('miner', 'my $i = 0; while (1) { $i = ($i * 7 + 1) % 1000003 }');
    },
    roots: [
      { problem: 'disk.full', subject: '/srv/data' },
      { problem: 'proc.runaway', subject: 'miner' },
    ],
  },
  {
    slug: 'page-cache',
    name: 'cat of a big file fills the page cache',
    kind: 'control',
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `head -c 900M /dev/urandom > ${join(lab.directory, 'big')}; while :; do cat ${join(lab.directory, 'big')} > /dev/null; sleep 4; done`,
      ]),
    roots: root,
  },
  {
    slug: 'nightly-backup',
    name: 'tar and gzip pack a folder at low priority',
    kind: 'control',
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        'while :; do nice -n 19 tar cf - /usr/share 2>/dev/null | nice -n 19 gzip -1 > /dev/null; done',
      ]),
    roots: root,
  },
  {
    slug: 'compile',
    name: 'A compile of a minute on all cores',
    kind: 'control',
    after: 8,
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `cd ${lab.directory}; perl -e 'print "int f$_(int x){int s=0;for(int i=0;i<x;i++)s+=i*$_;return s;}\\n" for 1..4000' > a.c; for k in 1 2; do (for i in 1 2 3; do gcc -O2 -c a.c -o a$k.o; done) & done; wait`,
      ]),
    roots: root,
  },
  {
    slug: 'quiet-swap',
    name: 'Swap is used nearly up, and nothing moves',
    kind: 'control',
    before: 2,
    prepare(lab) {
      lab.swapFile(128);
      lab.limit('sleeper.service', { memory: 60 * MiB });
      lab.perl('sleeper', `my @a; push @a, 'x' x 1048576 for 1..165; sleep 600`, { unit: 'sleeper.service' });
      lab.host(['sleep', '8']);
      // The limit is lifted: only what went out stays there.
      lab.host([
        'sh',
        '-c',
        `echo ${400 * MiB} > /sys/fs/cgroup/memory/system.slice/sleeper.service/memory.limit_in_bytes`,
      ]);
    },
    inject: () => undefined,
    roots: root,
  },
];
