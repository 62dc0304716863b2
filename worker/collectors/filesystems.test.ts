import { describe, expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

const mounts = `/dev/sda2 / ext4 rw,relatime,errors=remount-ro 0 0
proc /proc proc rw 0 0
/dev/mapper/vg0-very--long--name--of--a--volume /srv/my\\040data\\134x xfs ro,relatime 0 0
/dev/sda2 /srv/bind ext4 rw,relatime 0 0
nas:/export /mnt/nas nfs4 rw,hard 0 0
overlay /var/lib/docker/overlay2/aa/merged overlay rw 0 0
/dev/loop1 /snap/core/1 squashfs ro 0 0`;

describe('filesystems', () => {
  it('joins space, inodes and options; a long device on its own line and spaces in a name do no harm', () => {
    const snapshot = read({
      'cat /proc/mounts': mounts,
      'df -PTk': `Filesystem Type 1024-blocks Used Available Capacity Mounted on
/dev/sda2 ext4 1000 700 200 78% /
/dev/mapper/vg0-very--long--name--of--a--volume
                     xfs 5000 5000 0 100% /srv/my data\\x
/dev/sda2 ext4 1000 700 200 78% /srv/bind`,
      'df -Pi': 'Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda2 100 25 75 25% /',
    });
    const [root, data, bind, nas] = snapshot.facts.filesystems!;
    expect(root).toEqual({
      source: '/dev/sda2',
      mount: '/',
      type: 'ext4',
      options: ['rw', 'relatime', 'errors=remount-ro'],
      readOnly: false,
      size: 1_024_000,
      used: 716_800,
      available: 204_800,
      inodes: 100,
      inodesFree: 75,
    });
    expect(data).toMatchObject({ mount: '/srv/my data\\x', readOnly: true, size: 5_120_000, available: 0 });
    expect(bind?.mount).toBe('/srv/bind');
    expect(nas).toMatchObject({ mount: '/mnt/nas', type: 'nfs4', size: 0 });
    expect(snapshot.facts.filesystems).toHaveLength(4);
    // As df counts: the reserved blocks are neither used nor available.
    expect(value(snapshot, 'fs.used_percent', '/')).toBeCloseTo(77.78, 2);
    expect(value(snapshot, 'fs.inodes_used_percent', '/')).toBe(25);
    expect(value(snapshot, 'fs.used_percent', '/srv/my data\\x')).toBe(100);
    expect(value(snapshot, 'fs.used_percent', '/srv/bind')).toBeUndefined();
    expect(value(snapshot, 'fs.used_percent', '/mnt/nas')).toBeUndefined();
    expect(snapshot.partial).toEqual([]);
  });

  it('reads df in another language and of busybox, and filesystems without inodes', () => {
    const snapshot = read({
      'cat /proc/mounts': '/dev/vda1 / btrfs rw 0 0\ntmpfs /run tmpfs rw 0 0',
      'df -PTk': `Dateisystem    Typ      1024-Blöcke  Benutzt Verfügbar Kapazität Eingehängt auf
/dev/vda1      btrfs       41942016 38123456   3123456       93% /
tmpfs                tmpfs           96932       124     96808   0% /run`,
      'df -Pi': 'Dateisystem Inodes IBenutzt IFrei IUse% Eingehängt auf\n/dev/vda1 0 0 0 - /',
    });
    expect(value(snapshot, 'fs.size', '/')).toBe(41_942_016 * 1024);
    expect(value(snapshot, 'fs.size', '/run')).toBe(96_932 * 1024);
    expect(value(snapshot, 'fs.inodes_used_percent', '/')).toBeUndefined();
  });

  it('takes what was mounted last on a point, and what ext4 has noted', () => {
    const snapshot = read({
      'cat /proc/mounts': 'rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 ro,relatime 0 0',
      'grep -r . /sys/fs/ext4':
        '/sys/fs/ext4/sda1/errors_count:3\n/sys/fs/ext4/sda1/last_error_time:1690000000',
      'df -PTk':
        'Filesystem Type 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 ext4 100 90 5 95% /',
    });
    expect(snapshot.facts.filesystems).toMatchObject([
      { source: '/dev/sda1', readOnly: true, errors: 3, errorsAt: 1_690_000_000 },
    ]);
  });

  it('asks a network filesystem in a section of its own', () => {
    const snapshot = read({
      'cat /proc/mounts': 'nas:/export /mnt/nas nfs4 rw 0 0',
      'df -PTk /mnt/nas':
        'Filesystem Type 1024-blocks Used Available Capacity Mounted on\nnas:/export nfs4 2000 500 1500 25% /mnt/nas',
    });
    expect(value(snapshot, 'fs.used_percent', '/mnt/nas')).toBe(25);
  });

  it('counts the folder of Docker when it is a filesystem of its own, and not what containers mount below it', () => {
    const snapshot = read({
      'cat /proc/mounts':
        '/dev/vdb /var/lib/docker xfs rw 0 0\n/dev/vdc /var/lib/containerd xfs rw 0 0\noverlay /var/lib/docker/overlay2/aa/merged overlay rw 0 0\ntmpfs /var/lib/kubelet/pods/1/volumes/token tmpfs rw 0 0',
      'df -PTk':
        'Filesystem Type 1024-blocks Used Available Capacity Mounted on\n/dev/vdb xfs 1000 900 100 90% /var/lib/docker\n/dev/vdc xfs 1000 100 900 10% /var/lib/containerd\noverlay overlay 1000 900 100 90% /var/lib/docker/overlay2/aa/merged\ntmpfs tmpfs 10 1 9 10% /var/lib/kubelet/pods/1/volumes/token',
    });
    expect(snapshot.facts.filesystems!.map((f) => f.mount)).toEqual([
      '/var/lib/docker',
      '/var/lib/containerd',
    ]);
    expect(value(snapshot, 'fs.used_percent', '/var/lib/docker')).toBe(90);
  });

  it('names what it does not understand', () => {
    const snapshot = read({
      'cat /proc/mounts': '/dev/sda1 / ext4 rw 0 0',
      'df -PTk': 'Filesystem\n/dev/sda1 what is this',
    });
    expect(complaints(snapshot)).toEqual([
      'cat /proc/mounts: One line was not understood: “/dev/sda1 what is this”.',
    ]);
  });
});
