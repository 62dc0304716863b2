// The kernel's names for block devices: which disk a partition is of, which filesystem lies on what.
import type { Filesystem } from '#core/facts.ts';
import type { Picture } from './rule.ts';

/** 'sda1' → 'sda', 'nvme0n1p2' → 'nvme0n1', 'md0' stays. */
export function wholeDisk(name: string): string {
  return name.replace(/^((?:s|h|v|xv)d[a-z]+)\d+$/, '$1').replace(/^((?:nvme\d+n|mmcblk|nbd)\d+)p\d+$/, '$1');
}

/** Words of the kernel log that name a device: 'sda', 'sda1', 'nvme0n1', 'dm-0', 'md0'. */
export function deviceIn(text: string): string | undefined {
  return /\b(?:dev |device |\(|on )?((?:s|v|xv|h)d[a-z]+\d*|nvme\d+n\d+(?:p\d+)?|dm-\d+|md\d+|mmcblk\d+(?:p\d+)?|loop\d+)\b/.exec(
    text,
  )?.[1];
}

/** A file or a disk of another machine that was used as a disk, and is not mounted now: whatever it said is over. A real disk that is gone is not. */
export function isDetached(picture: Picture, device: string): boolean {
  const mounts = picture.facts.filesystems;
  return (
    /^(loop|nbd)\d/.test(device) && mounts !== undefined && !mounts.some((fs) => isOn(picture, fs, device))
  );
}

/** Whether a mount's source is a name for a device that the kernel calls otherwise (/dev/mapper/vg-root is dm-0). */
function backedBy(picture: Picture, source: string, device: string): boolean {
  return (picture.facts.blockDevices ?? []).some(
    (d) =>
      d.name === device &&
      ((d.label !== undefined && source.endsWith(`/${d.label}`)) ||
        d.mounts.some((m) => picture.facts.filesystems?.some((f) => f.mount === m && f.source === source))),
  );
}

/** Whether a filesystem lies on what the kernel calls by this name. */
export function isOn(picture: Picture, fs: Filesystem, device: string): boolean {
  return device !== '' && (fs.source.endsWith(`/${device}`) || backedBy(picture, fs.source, device));
}
