// Volumes that are made of disks: thin pools, ZFS pools, btrfs.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

/** LVM thin pools: data or metadata > 90 %, critical > 98 % (ND lvm.conf). */
export const lvmThin: Rule = {
  id: 'disk.lvm_thin_full',
  find(picture): Finding[] {
    return (picture.facts.lvm ?? []).flatMap((lv) => {
      const pool = lv.attributes.startsWith('t') || lv.metadataPercent !== undefined;
      const worst = Math.max(lv.dataPercent ?? 0, lv.metadataPercent ?? 0);
      if (!pool || worst <= 90) return [];
      const what = (lv.metadataPercent ?? 0) > (lv.dataPercent ?? 0) ? 'metadata' : 'data';
      return [
        makeFinding(picture, 'disk.lvm_thin_full', {
          subject: { kind: 'device', name: `${lv.group}/${lv.name}` },
          severity: worst > 98 ? 'critical' : 'warning',
          summary: `The thin pool ${lv.group}/${lv.name} has used ${formatPercent(worst)} of its ${what}.`,
          evidence: [
            evidence('data used', lv.dataPercent ?? 0, 'percent', 'facts.lvm.dataPercent', 'below 90 %'),
            evidence(
              'metadata used',
              lv.metadataPercent ?? 0,
              'percent',
              'facts.lvm.metadataPercent',
              'below 90 %',
            ),
          ],
        }),
      ];
    });
  },
};

/** A pool that is not ONLINE (ND zfs.conf), or that lost data while it is. */
export const zfsDegraded: Rule = {
  id: 'disk.zfs_degraded',
  find(picture): Finding[] {
    return (picture.facts.zfs ?? [])
      .filter((z) => z.state !== 'ONLINE' || z.errors !== undefined)
      .map((z) =>
        makeFinding(picture, 'disk.zfs_degraded', {
          subject: { kind: 'array', name: z.name },
          summary:
            z.state === 'ONLINE'
              ? `The ZFS pool ${z.name} is online and has lost data: ${z.errors!.replace(/,? use '-v' for a list/, '')}.`
              : `The ZFS pool ${z.name} is ${z.state}${illOf(z)}.`,
          evidence: [
            evidence(`state of ${z.name}`, z.state, '', 'facts.zfs.state', 'ONLINE'),
            ...(z.ill ?? [])
              .slice(0, 4)
              .map((d) =>
                evidence(
                  d.name,
                  `${d.state}, ${formatCount(d.errors)} errors`,
                  '',
                  'facts.zfs.ill',
                  'ONLINE, 0 errors',
                ),
              ),
            ...(z.errors ? [evidence('errors', z.errors, '', 'facts.zfs.errors', 'none')] : []),
          ],
        }),
      );
  },
};

function illOf({ ill = [] }: NonNullable<Picture['facts']['zfs']>[number]): string {
  const out = ill.filter((d) => d.state !== 'ONLINE');
  const names = (out.length > 0 ? out : ill).map((d) => `${d.name} is ${d.state}`);
  return names.length === 0
    ? ''
    : `: ${names.slice(0, 2).join(', ')}${names.length > 2 ? ' and others' : ''}`;
}

/** Capacity > 85 % warns, > 98 % is critical (ND zfs.conf 85/90/98). */
export const zfsCapacity: Rule = {
  id: 'disk.zfs_capacity',
  find(picture): Finding[] {
    return (picture.facts.zfs ?? []).flatMap((z) => {
      const used = z.capacityPercent ?? 0;
      if (used <= 85) return [];
      return [
        makeFinding(picture, 'disk.zfs_capacity', {
          subject: { kind: 'array', name: z.name },
          severity: used > 98 ? 'critical' : 'warning',
          summary: `The ZFS pool ${z.name} is ${formatPercent(used)} full; it becomes slow above 90 %.`,
          evidence: [
            evidence(`capacity of ${z.name}`, used, 'percent', 'facts.zfs.capacityPercent', 'below 85 %'),
          ],
        }),
      ];
    });
  },
};

/** Nothing unallocated (< 2 %) and data or metadata > 95 % full (ND btrfs.conf). */
export const btrfsAllocation: Rule = {
  id: 'disk.btrfs_alloc',
  find(picture): Finding[] {
    return (picture.facts.btrfs ?? []).flatMap((b) => {
      if (!b.size || b.unallocated === undefined || b.unallocated > 0.02 * b.size) return [];
      const worst = Math.max(b.dataPercent ?? 0, b.metadataPercent ?? 0);
      if (worst <= 95) return [];
      return [
        makeFinding(picture, 'disk.btrfs_alloc', {
          subject: { kind: 'mount', name: b.mount },
          summary: `btrfs on ${b.mount} has no unallocated space, and its ${
            (b.metadataPercent ?? 0) >= (b.dataPercent ?? 0) ? 'metadata' : 'data'
          } is ${formatPercent(worst)} full: writes can fail while df shows free space.`,
          evidence: [
            evidence(
              'unallocated',
              b.unallocated,
              'bytes',
              'facts.btrfs.unallocated',
              'above 2 % of the size',
            ),
            evidence('data used', b.dataPercent ?? 0, 'percent', 'facts.btrfs.dataPercent', 'below 95 %'),
            evidence(
              'metadata used',
              b.metadataPercent ?? 0,
              'percent',
              'facts.btrfs.metadataPercent',
              'below 95 %',
            ),
          ],
        }),
      ];
    });
  },
};
