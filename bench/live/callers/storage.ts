// Filesystems, disks and backups.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { LiveScenario } from '../liveScenario.ts';
import { own } from '../programs.ts';

/** Dumps of the last eight nights; megabytes of each, oldest first, and how many hours old the newest one is. */
const dumps = (lab: Lab, sizes: readonly number[], newestHours: number) => {
  own(lab, '/var/backups');
  sizes.forEach((size, i) => {
    const hours = newestHours + 24 * (sizes.length - 1 - i);
    const day = new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 10);
    lab.run([
      'sh',
      '-c',
      `f=/var/backups/shop-${day}.sql.gz; head -c ${Math.round(size * 1e6)} /dev/urandom > $f; touch -d '${hours} hours ago' $f`,
    ]);
  });
};

export const storageCallers: LiveScenario[] = [
  {
    slug: 'frozen',
    name: 'A snapshot froze a filesystem and never thawed it: its writers hang',
    kind: 'fault',
    after: 8,
    prepare(lab) {
      const disk = lab.fileSystem('/srv/ledger', 60);
      // The machine's own mount ends with its processes, which cannot end before the thaw.
      const thaw = join(lab.directory, 'thaw');
      lab.host(['sh', '-c', `mkdir ${thaw} && mount /dev/${disk} ${thaw}`]);
      lab.later(() => void lab.host(['umount', thaw], true));
      lab.later(() => void lab.host(['fsfreeze', '-u', thaw], true));
      lab.perl(
        'ledger',
        `for (1..6) { next if fork; my $n = $$; while (1) { open my $f, '>>', "/srv/ledger/$n" or next; print $f "entry\\n"; close $f; select undef, undef, undef, 0.2 } } sleep 900`,
      );
    },
    inject: (lab) => void lab.run(['fsfreeze', '-f', '/srv/ledger']),
    roots: [{ problem: 'proc.dstate', subject: ['ledger', '/srv/ledger', 'web1'] }],
  },
  {
    slug: 'reserved-for-root',
    name: 'An upload uses all that is not reserved for root',
    kind: 'fault',
    prepare(lab) {
      lab.fileSystem('/srv/www', 200, ['-m', '20']);
      lab.run(['chmod', '777', '/srv/www']);
    },
    inject: (lab) =>
      void lab.start([
        'setpriv',
        '--reuid',
        'www-data',
        '--clear-groups',
        'sh',
        '-c',
        'cat /dev/zero > /srv/www/upload.part; sleep 600',
      ]),
    roots: [{ problem: 'disk.full', subject: '/srv/www' }],
  },
  {
    slug: 'short-disk',
    name: 'A disk answers reads of its second half with errors',
    kind: 'fault',
    prepare(lab) {
      const disk = lab.fileSystem('/srv/archive', 160, ['-b', '4096']);
      lab.keep(new RegExp(`\\b${disk}\\b`));
      lab.run([
        'sh',
        '-c',
        'for i in 1 2 3 4 5; do head -c 15000000 /dev/urandom > /srv/archive/part$i; done; sync -f /srv/archive',
      ]);
    },
    inject(lab) {
      lab.host(['truncate', '-s', '45M', join(lab.directory, '-srv-archive.img')]);
      lab.start([
        'sh',
        '-c',
        'while :; do for i in 5 4 3; do dd if=/srv/archive/part$i of=/dev/null bs=1M iflag=direct; done; sleep 2; done',
      ]);
    },
    roots: [{ problem: 'disk.errors', subject: ['loop', '/srv/archive'] }],
  },
  {
    slug: 'sessions-in-run',
    name: 'Sessions of PHP fill a small tmpfs under /run',
    kind: 'fault',
    prepare: (lab) => {
      lab.run(['sh', '-c', 'mkdir -p /run/php && mount -t tmpfs -o size=20m tmpfs /run/php']);
    },
    inject: (lab) =>
      void lab.perl(
        'php-fpm',
        `my $n = 0; while (1) { $n++; open my $f, '>', "/run/php/sess_$n"; print $f 'x' x 60000; close $f; select undef, undef, undef, 0.02 }`,
      ),
    roots: [{ problem: ['disk.full', 'mem.tmpfs_full'], subject: '/run/php' }],
  },
  {
    slug: 'backup-disk-missing',
    name: 'The backup disk is no longer mounted, though fstab says so',
    kind: 'fault',
    prepare(lab) {
      lab.fileSystem('/srv/backup', 60);
      writeFileSync(
        join(lab.directory, 'fstab'),
        '/dev/vda / ext4 errors=remount-ro 0 1\nLABEL=backup /srv/backup ext4 defaults 0 2\n',
      );
      lab.over(join(lab.directory, 'fstab'), '/etc/fstab');
    },
    inject: (lab) => void lab.run(['umount', '/srv/backup']),
    roots: [{ problem: 'disk.mount_missing', subject: '/srv/backup' }],
  },
  {
    slug: 'never-rotated',
    name: 'A log of 1.4 GB that nobody rotates',
    kind: 'fault',
    after: 5,
    prepare(lab) {
      lab.fileSystem('/srv/log', 6000);
      lab.run(['sh', '-c', 'mkdir /srv/log/shop; mount --bind /srv/log /var/log']);
    },
    inject: (lab) => void lab.run(['fallocate', '-l', '1400M', '/srv/log/shop/debug.log']),
    roots: [{ problem: ['sys.logrotate_failed', 'sys.journal_big'], subject: ['/var/log', 'web1'] }],
  },
  {
    slug: 'backup-too-small',
    name: 'The dump of last night is a tenth of the others',
    kind: 'fault',
    after: 4,
    prepare: (lab) => dumps(lab, [3, 3.1, 3, 3.2, 3.2, 3.3, 3.3, 0.3], 8),
    inject: () => undefined,
    roots: [{ problem: 'backup.shrunk', subject: 'dump shop.sql.gz' }],
  },
  {
    slug: 'backup-too-old',
    name: 'The nightly dump has not run for four days',
    kind: 'fault',
    after: 4,
    prepare: (lab) => dumps(lab, [3, 3.1, 3, 3.2, 3.2, 3.3, 3.3, 3.4], 100),
    inject: () => undefined,
    roots: [{ problem: 'backup.stale', subject: 'dump shop.sql.gz' }],
  },
];
