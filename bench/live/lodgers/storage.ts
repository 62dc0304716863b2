// Filesystems, and what lies on them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { own } from '../programs.ts';

/** A filesystem made by `mkfs` in a file of the lab's, mounted in the machine. Its device's name and the file. */
function made(lab: Lab, mount: string, megabytes: number, mkfs: readonly string[], options = 'loop') {
  const image = join(lab.directory, 'disk.img');
  lab.host(['truncate', '-s', `${megabytes}M`, image]);
  lab.host([...mkfs, image]);
  lab.run(['mkdir', '-p', mount]);
  lab.run(['mount', '-o', options, image, mount]);
  lab.later(() => void lab.host(['rmdir', mount], true));
  const device = lab.run(['findmnt', '-no', 'SOURCE', mount]).trim().replace('/dev/', '');
  return { device, image };
}

const writer = (lab: Lab, name: string, folder: string) =>
  lab.perl(
    name,
    `my $i = 0; while (1) { $i++; if (open my $f, '>', "${folder}/w$i") { print $f 'x' x 20000; close $f; system 'sync', '-f', '${folder}' } select undef, undef, undef, 0.3 }`,
  );

export const storageLodgers: LiveScenario[] = [
  {
    slug: 'sshfs-hangs',
    name: 'The machine behind an sshfs mount is cut off, and whoever looks at the pictures hangs',
    kind: 'fault',
    after: 9,
    prepare(lab) {
      const at = lab.directory;
      lab.host(['sh', '-c', `mkdir ${at}/pictures ${at}/sshd; chmod 711 ${at}; echo x > ${at}/pictures/a`]);
      for (const key of ['host', 'user'])
        lab.host(['ssh-keygen', '-qt', 'ed25519', '-N', '', '-f', `${at}/sshd/${key}`]);
      writeFileSync(
        join(at, 'sshd/config'),
        `Port 22\nListenAddress 192.0.2.1\nHostKey ${at}/sshd/host\nAuthorizedKeysFile ${at}/sshd/user.pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\nPidFile none\n`,
      );
      own(lab, '/run/sshd');
      lab.start(['/usr/sbin/sshd', '-D', '-f', `${at}/sshd/config`], { inClient: true });
      lab.host(['sleep', '1']);
      lab.run(['mkdir', '-p', '/srv/pictures']);
      lab.later(() => void lab.host(['rmdir', '/srv/pictures'], true));
      lab.start([
        'sshfs',
        '-f',
        '-o',
        `IdentityFile=${at}/sshd/user,StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null,ServerAliveInterval=600,cache=no,dir_cache=no`,
        `root@192.0.2.1:${at}/pictures`,
        '/srv/pictures',
      ]);
      lab.host(['sleep', '3']);
      if (!lab.run(['ls', '/srv/pictures']).includes('a')) throw new Error('sshfs did not mount.');
      lab.later(() => void lab.run(['pkill', '-9', '-x', 'sshfs'], { mayFail: true }));
      for (let i = 0; i < 4; i++)
        lab.perl(
          'gallery',
          `while (1) { opendir my $d, '/srv/pictures'; my @a = readdir $d; stat "/srv/pictures/$_" for @a; select undef, undef, undef, 0.3 }`,
        );
    },
    inject: (lab) => void lab.run(['ip', 'link', 'set', 'eth0', 'down'], { inClient: true }),
    // The cable is cut: that is the root, and if nobody says so, the mount that hangs or who hangs on it.
    roots: [
      {
        problem: ['net.link_down', 'net.gateway_down', 'disk.nfs_stall', 'proc.dstate'],
        subject: ['eth0', '192.0.2.1', '/srv/pictures', 'gallery'],
      },
    ],
  },
  {
    slug: 'btrfs-damaged',
    name: 'Blocks of a btrfs changed below it: its checksums find it when the archive is read',
    kind: 'fault',
    prepare(lab) {
      const { device } = made(lab, '/srv/archive', 300, ['mkfs.btrfs', '-q', '-m', 'single']);
      lab.keep(new RegExp(`BTRFS|btrfs|\\b${device}\\b`));
      lab.run(['sh', '-c', 'for i in 1 2 3; do head -c 20000000 /dev/urandom > /srv/archive/$i; done; sync']);
    },
    inject(lab) {
      // All of the image's data area is overwritten in places; the superblock and its trees at the start are kept.
      lab.host([
        'sh',
        '-c',
        `cd ${lab.directory}; for o in 40 45 50 55 60 65 70 75 80; do dd if=/dev/urandom of=disk.img bs=1M count=1 seek=$o conv=notrunc 2>/dev/null; done`,
      ]);
      lab.run(['sh', '-c', 'echo 1 > /proc/sys/vm/drop_caches; cat /srv/archive/* > /dev/null'], {
        mayFail: true,
      });
      lab.start(['sh', '-c', 'while :; do cat /srv/archive/*; sleep 2; done']);
    },
    roots: [{ problem: ['disk.fs_errors', 'disk.errors'], subject: ['/srv/archive', 'loop', '/dev/loop'] }],
  },
  {
    slug: 'xfs-shuts-down',
    name: 'The disk below XFS ends too early: its log cannot be written, and XFS shuts itself down',
    kind: 'fault',
    prepare(lab) {
      const { device } = made(lab, '/srv/mail', 320, ['mkfs.xfs', '-q']);
      lab.keep(new RegExp(`XFS|I/O error|\\b${device}\\b`));
      writer(lab, 'maildrop', '/srv/mail');
    },
    inject(lab) {
      lab.host(['truncate', '-s', '64M', join(lab.directory, 'disk.img')]);
      // The loop device learns that its file is shorter.
      const device = lab.run(['findmnt', '-no', 'SOURCE', '/srv/mail']).trim();
      lab.host(['losetup', '-c', device]);
    },
    roots: [{ problem: ['disk.errors', 'disk.fs_errors'], subject: ['/srv/mail', 'loop', '/dev/loop'] }],
  },
  {
    slug: 'ext4-damaged',
    name: 'The block maps of an ext4 were overwritten; the kernel counts errors and goes on',
    kind: 'fault',
    prepare(lab) {
      const { device } = made(
        lab,
        '/srv/queue',
        120,
        ['mkfs.ext4', '-q', '-F', '-O', '^metadata_csum,^has_journal', '-N', '20000'],
        'loop,errors=continue',
      );
      lab.keep(new RegExp(`EXT4-fs.*${device}|\\b${device}\\b`));
      writer(lab, 'queue', '/srv/queue');
    },
    inject(lab) {
      // Inode tables and folders, from 2 MB on; what the kernel has in memory it forgets.
      lab.host([
        'sh',
        '-c',
        `dd if=/dev/urandom of=${lab.directory}/disk.img bs=1M seek=1 count=30 conv=notrunc 2>/dev/null`,
      ]);
      lab.start([
        'sh',
        '-c',
        'while :; do echo 2 > /proc/sys/vm/drop_caches; ls -lR /srv/queue; sleep 1; done',
      ]);
    },
    roots: [{ problem: ['disk.fs_errors', 'disk.errors'], subject: ['/srv/queue', 'loop', '/dev/loop'] }],
  },
  {
    slug: 'dpkg-half-done',
    name: 'An upgrade was cut off: dpkg holds two packages that are unpacked, not configured',
    kind: 'fault',
    prepare(lab) {
      lab.keep(/dpkg --audit/);
      const status = join(lab.directory, 'status');
      lab.host(['cp', '/var/lib/dpkg/status', status]);
      lab.over(status, '/var/lib/dpkg/status');
    },
    inject: (lab) =>
      void lab.run([
        'sh',
        '-c',
        `perl -0pe 's/(Package: (?:curl|gzip)\\nStatus: install ok )installed/$1half-configured/g' ${lab.directory}/status > ${lab.directory}/new; cat ${lab.directory}/new > /var/lib/dpkg/status`,
      ]),
    roots: [{ problem: 'sys.update_broken', subject: ['dpkg', 'apt', 'web1', 'curl', 'gzip', 'packages'] }],
  },
  {
    slug: 'uploads-in-a-cellar',
    name: 'Uploads in /tmp of a tmpfs fill it, while a log at debug level fills the volume of the shop',
    kind: 'double',
    prepare(lab) {
      lab.fileSystem('/srv/shop', 150);
      lab.run(['mkdir', '-p', '/srv/uploads']);
      lab.run(['mount', '-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', '/srv/uploads']);
      lab.later(() => void lab.host(['rmdir', '/srv/uploads'], true));
    },
    inject(lab) {
      lab.perl(
        'uploader',
        `my $i = 0; while (1) { $i++; if (open my $f, '>', "/srv/uploads/$i") { print $f 'x' x 4000000 } select undef, undef, undef, 0.5 }`,
      );
      lab.perl(
        'shop-debug',
        `open my $f, '>', '/srv/shop/debug.log'; while (1) { syswrite $f, 'd' x 3000000; select undef, undef, undef, 0.4 }`,
      );
    },
    roots: [
      { problem: ['disk.full', 'mem.tmpfs_full', 'disk.fill_forecast'], subject: '/srv/uploads' },
      { problem: ['disk.full', 'disk.fill_forecast'], subject: '/srv/shop' },
    ],
  },
  {
    slug: 'heap-near-the-limit',
    name: 'The heap of a search engine stands at 96 percent of the memory of its unit, and stays there',
    kind: 'fault',
    prepare: (lab) => lab.limit('search.service', { memory: 100 * MiB }),
    inject: (lab) =>
      void lab.perl(
        'search',
        `my @a; for my $i (1..92) { push @a, 'x' x 1048576; select undef, undef, undef, 0.05 } while (1) { select undef, undef, undef, 0.5 }`,
        { unit: 'search.service' },
      ),
    roots: [{ problem: ['mem.cgroup_near_limit', 'mem.cgroup_oom'], subject: ['search.service', 'search'] }],
  },
];
