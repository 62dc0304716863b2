// What a system does by itself, night by night and week by week: it keeps disks busy for a while, and nobody must get up for it.
import type { Picture } from './rule.ts';
import { median, within } from './series.ts';

/** Indexes, packages, logs, manuals, checks of files and of filesystems, scanners, packers. */
const upkeep =
  /^(apt.*|dpkg.*|unattended-upgr.*|dnf.*|yum|rpm|zypper|pacman|packagekitd|updatedb.*|plocate.*|mlocate|mandb|man-db|logrotate|e2scrub.*|e2fsck|xfs_scrub.*|btrfs|debsums|aide.*|tripwire|rkhunter|chkrootkit|clamscan|clamdscan|maldet|freshclam|needrestart|gzip|pigz|xz|zstd|bzip2|pbzip2|lz4|zip|7z[ar]?|tar|dkms|update-initramf.*|mkinitramfs|dracut)$/;

/** What the trim of a filesystem tells a disk is no traffic of a program: that it runs is the evidence. */
const trims = /^(fstrim|blkdiscard)$/;

/** So much of what the disk carries, while it is slow or full, must be upkeep's. */
const leastPart = 0.5;
/** A program that ended between two reports was at work in the time between them. */
const justEnded = 180;

/** The upkeep that keeps a disk busy (or all of them) since a moment: the program's name, or undefined. */
export function upkeepOf(picture: Picture, since: number, device?: string): string | undefined {
  const trim = [...(picture.seen ?? [])].find(
    ([name, { last }]) => trims.test(name) && last >= Math.max(since - 60, picture.at - justEnded),
  );
  if (trim) return trim[0];
  const from = Math.max(since, picture.at - 600);
  const sum = (
    metric: 'disk.read_bytes' | 'disk.write_bytes' | 'proc.group.read_bytes' | 'proc.group.write_bytes',
    name: string,
  ) => median(within(picture.series(metric, name), from, picture.at).map((p) => p[1])) ?? 0;
  const names = new Set([
    ...picture.subjects('proc.group.read_bytes'),
    ...picture.subjects('proc.group.write_bytes'),
  ]);
  const [most] = [...names]
    .filter((name) => upkeep.test(name))
    .map((name) => ({
      name,
      bytes: sum('proc.group.read_bytes', name) + sum('proc.group.write_bytes', name),
    }))
    .toSorted((a, b) => b.bytes - a.bytes);
  if (!most) return undefined;
  const disks = device
    ? [device]
    : picture.subjects('disk.read_bytes').filter((d) => !/^(loop|ram|zram|dm-|md)/.test(d));
  const whole = disks.reduce((all, d) => all + sum('disk.read_bytes', d) + sum('disk.write_bytes', d), 0);
  return whole > 0 && most.bytes >= leastPart * whole ? most.name : undefined;
}
