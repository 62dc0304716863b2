// Filesystems, disks and backups.
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { LiveScenario } from '../liveScenario.ts';
import { own, visitors } from '../programs.ts';

export const storageBoarders: LiveScenario[] = [
  {
    slug: 'log-of-a-container',
    name: 'What a container prints fills the volume of Docker, for nobody set a limit to its log',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/var/lib/docker', 160),
    inject(lab) {
      const folder = `/var/lib/docker/containers/${'3f'.repeat(32)}`;
      lab.run(['mkdir', '-p', folder]);
      lab.perl(
        'containerd-shim',
        `open my $f, '>', '${folder}/${'3f'.repeat(32)}-json.log'; my $l = '{"log":"' . ('debug ' x 300) . '","stream":"stdout"}' . "\\n"; while (1) { for (1..400) { syswrite $f, $l } select undef, undef, undef, 0.1 }`,
      );
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib/docker' }],
  },
  {
    slug: 'mail-folder-of-small-files',
    name: 'A mailbox gets thousands of small letters, and its volume has no inode left',
    kind: 'fault',
    prepare: (lab) => void lab.fileSystem('/home/vmail', 64, ['-N', '3000']),
    inject(lab) {
      lab.run(['mkdir', '-p', '/home/vmail/info/new']);
      lab.start([
        'sh',
        '-c',
        'i=0; while [ $i -lt 4000 ]; do i=$((i + 1)); echo hello > /home/vmail/info/new/$i.web1; done; sleep 900',
      ]);
    },
    roots: [{ problem: 'disk.inodes_full', subject: '/home/vmail' }],
  },
  {
    slug: 'access-log-removed',
    name: 'Somebody removed a large access.log with rm; nginx writes on, and its space does not come back',
    kind: 'fault',
    prepare(lab) {
      lab.fileSystem('/var/log/nginx', 64);
      const folder = join(lab.directory, 'nginx');
      lab.host(['mkdir', folder]);
      writeFileSync(
        join(folder, 'nginx.conf'),
        'user root; worker_processes 1; error_log /var/log/nginx/error.log error; events { worker_connections 512; } http { access_log /var/log/nginx/access.log; server { listen 80; location / { return 200 "ok"; } } }',
      );
      lab.over(folder, '/etc/nginx');
      lab.start(['nginx', '-g', `daemon off; pid ${lab.directory}/n.pid;`]);
      lab.host(['sleep', '1']);
      lab.run(['sh', '-c', "head -c 9000000 /dev/zero | tr '\\0' 'x' >> /var/log/nginx/access.log"]);
      visitors(lab, 4);
    },
    inject: (lab) =>
      void lab.run([
        'sh',
        '-c',
        "head -c 48000000 /dev/zero | tr '\\0' 'x' >> /var/log/nginx/access.log; rm /var/log/nginx/access.log",
      ]),
    roots: [{ problem: 'disk.deleted_open', subject: ['nginx', '/var/log/nginx'] }],
  },
  {
    slug: 'ext4-stops-writing',
    name: 'ext4 found an error and made itself read-only under Redis, which can no longer save',
    kind: 'fault',
    prepare(lab) {
      const device = lab.fileSystem('/var/lib/redis', 64, ['-e', 'remount-ro']);
      writeFileSync(join(lab.directory, 'device'), device);
      lab.keep(new RegExp(`EXT4-fs.*${device}\\b|journal on device ${device}`));
      own(lab, '/run/redis');
      lab.start(['redis-server', '--bind', '127.0.0.1', '--dir', '/var/lib/redis', '--save', '3 1']);
      lab.host(['sleep', '1']);
      lab.start(['sh', '-c', 'while :; do redis-cli incr visits; sleep 0.3; done']);
    },
    inject: (lab) =>
      void lab.host([
        'sh',
        '-c',
        `echo bitmap > /sys/fs/ext4/$(cat ${lab.directory}/device)/trigger_fs_error`,
      ]),
    roots: [
      { problem: ['disk.fs_errors', 'disk.readonly', 'disk.errors'], subject: ['/var/lib/redis', 'loop'] },
    ],
  },
  {
    slug: 'dump-is-empty',
    name: 'The dump of tonight is an empty archive of 20 bytes: its pipe hid that mysqldump failed',
    kind: 'fault',
    full: 'daily',
    prepare(lab) {
      own(lab, '/var/backups');
      lab.run([
        'sh',
        '-c',
        'for d in 7 6 5 4 3 2 1; do f=/var/backups/shop-$(date -d "$d days ago" +%F).sql.gz; head -c $((4000000 - d * 9000)) /dev/zero > $f; touch -d "$d days ago" $f; done',
      ]);
    },
    inject: (lab) =>
      void lab.run([
        'bash',
        '-c',
        'f=/var/backups/shop-$(date +%F).sql.gz; printf "" | gzip > $f; touch -d "2 hours ago" $f',
      ]),
    roots: [{ problem: 'backup.shrunk', subject: ['/var/backups', 'shop', 'dump shop'] }],
  },
  {
    slug: 'restic-long-ago',
    name: 'The last snapshot of restic is nine days old; nobody knows since when its job is off',
    kind: 'fault',
    full: 'daily',
    prepare(lab) {
      own(lab, '/root/.cache');
      const folder = `/root/.cache/restic/${'a7'.repeat(32)}/snapshots/a7`;
      writeFileSync(
        join(lab.directory, 'make.sh'),
        `mkdir -p ${folder}; for d in 14 13 12 11 10 9; do f=${folder}/$d; head -c 300 /dev/zero > $f; touch -d "$d days ago" $f ${folder} $(dirname ${folder}); done`,
      );
      lab.run(['sh', join(lab.directory, 'make.sh')]);
    },
    inject: () => undefined,
    roots: [{ problem: ['backup.stale', 'svc.timer_missed'], subject: ['/root/.cache/restic', 'restic'] }],
  },
];
