// Which filesystems count: real ones, each once. Bind mounts and overlays show the same space again.
import type { Filesystem } from '#core/facts.ts';
import type { Picture } from './rule.ts';

const pseudo = new Set([
  'squashfs',
  'iso9660',
  'udf',
  'cramfs',
  'erofs',
  'tmpfs',
  'devtmpfs',
  'ramfs',
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'autofs',
  'efivarfs',
  'fuse.snapfuse',
  'fuse.portal',
  'fuse.gvfsd-fuse',
  'nsfs',
  'debugfs',
  'tracefs',
]);

/** Writable filesystems on storage, the shortest mount of each. */
export function storageFilesystems(picture: Picture): Filesystem[] {
  const seen = new Map<string, Filesystem>();
  for (const fs of picture.facts.filesystems ?? []) {
    if (pseudo.has(fs.type) || fs.readOnly || fs.size <= 0) continue;
    if (/^\/(dev|proc|sys|run)(\/|$)/.test(fs.mount)) continue;
    if (isPluggedIn(picture, fs)) continue;
    if (/\/(docker|containerd|containers)\/.*(overlay|rootfs|merged)/.test(fs.mount)) continue;
    const key = `${fs.type === 'overlay' ? 'overlay' : fs.source} ${fs.size} ${fs.used}`;
    const other = seen.get(key);
    if (!other || fs.mount.length < other.mount.length) seen.set(key, fs);
  }
  return [...seen.values()];
}

/** Of the mounts of one device (subvolumes, bind mounts) the shortest, which stands for all; of what has no device, itself. */
export function mainMount(picture: Picture, mount: string): string {
  const all = picture.facts.filesystems ?? [];
  const own = all.find((f) => f.mount === mount);
  if (!own?.source.startsWith('/dev/')) return mount;
  return all.reduce(
    (best, f) => (f.source === own.source && f.mount.length < best.length ? f.mount : best),
    mount,
  );
}

/** A stick or a disk that somebody plugged in and the desktop mounted (udisks): what it holds is not the server's business. */
function isPluggedIn({ facts }: Picture, { mount }: Filesystem): boolean {
  return /^\/media\/[^/]+\/[^/]+$/.test(mount) && !(facts.fstab ?? []).some((f) => f.mount === mount);
}

/** The filesystem that holds a path: the longest mount that is its prefix. */
export function filesystemOf(picture: Picture, path: string): Filesystem | undefined {
  let best: Filesystem | undefined;
  for (const fs of picture.facts.filesystems ?? []) {
    const inside =
      fs.mount === '/' || path === fs.mount || path.startsWith(`${fs.mount.replace(/\/$/, '')}/`);
    if (inside && (!best || fs.mount.length > best.mount.length)) best = fs;
  }
  return best;
}
