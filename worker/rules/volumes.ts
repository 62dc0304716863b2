// Volumes that are made of disks: thin pools, ZFS pools, btrfs.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent } from '#core/format.ts';
import { isCritical, normalOf } from './boundOf.ts';
import { evidence, makeFinding } from './finding.ts';
import { gauge, now } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';

/** LVM thin pools: data or metadata nearly used up. */
export const lvmThin: Rule = {
  id: 'disk.lvm_thin_full',
  find(picture, state): Finding[] {
    return (picture.facts.lvm ?? []).flatMap((lv) => {
      const pool = lv.attributes.startsWith('t') || lv.metadataPercent !== undefined;
      const worst = Math.max(lv.dataPercent ?? 0, lv.metadataPercent ?? 0);
      const subject = { kind: 'device', name: `${lv.group}/${lv.name}` } as const;
      const run =
        pool &&
        gauge(picture, state, { id: 'disk.lvm_thin_full', entity: subject, points: now(picture, worst) });
      if (!run) return [];
      const what = (lv.metadataPercent ?? 0) > (lv.dataPercent ?? 0) ? 'metadata' : 'data';
      return [
        makeFinding(picture, 'disk.lvm_thin_full', {
          subject,
          bound: run.bound,
          severity: isCritical(run.bound, worst) ? 'critical' : 'warning',
          summary: `The thin pool ${lv.group}/${lv.name} has used ${formatPercent(worst)} of its ${what}.`,
          evidence: [
            evidence(
              'data used',
              lv.dataPercent ?? 0,
              'percent',
              'facts.lvm.dataPercent',
              normalOf(run.bound),
            ),
            evidence(
              'metadata used',
              lv.metadataPercent ?? 0,
              'percent',
              'facts.lvm.metadataPercent',
              normalOf(run.bound),
            ),
          ],
        }),
      ];
    });
  },
};

/** A pool that is not ONLINE, or that lost data while it is. */
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

/** A pool that is nearly full. */
export const zfsCapacity: Rule = {
  id: 'disk.zfs_capacity',
  find(picture, state): Finding[] {
    return (picture.facts.zfs ?? []).flatMap((z) => {
      const used = z.capacityPercent ?? 0;
      const subject = { kind: 'array', name: z.name } as const;
      const run = gauge(picture, state, {
        id: 'disk.zfs_capacity',
        entity: subject,
        points: now(picture, used),
      });
      if (!run) return [];
      return [
        makeFinding(picture, 'disk.zfs_capacity', {
          subject,
          bound: run.bound,
          severity: isCritical(run.bound, used) ? 'critical' : 'warning',
          summary: `The ZFS pool ${z.name} is ${formatPercent(used)} full; it becomes slow above 90 %.`,
          evidence: [
            evidence(
              `capacity of ${z.name}`,
              used,
              'percent',
              'facts.zfs.capacityPercent',
              normalOf(run.bound),
            ),
          ],
        }),
      ];
    });
  },
};

/** Nothing is left to allocate, and data or metadata of what is allocated are nearly full. */
export const btrfsAllocation: Rule = {
  id: 'disk.btrfs_alloc',
  find(picture, state): Finding[] {
    const least = limitsOf('disk.btrfs_alloc').unallocated;
    return (picture.facts.btrfs ?? []).flatMap((b) => {
      if (!b.size || b.unallocated === undefined || b.unallocated > (least / 100) * b.size) return [];
      const worst = Math.max(b.dataPercent ?? 0, b.metadataPercent ?? 0);
      const subject = { kind: 'mount', name: b.mount } as const;
      const run = gauge(picture, state, {
        id: 'disk.btrfs_alloc',
        entity: subject,
        points: now(picture, worst),
      });
      if (!run) return [];
      return [
        makeFinding(picture, 'disk.btrfs_alloc', {
          subject,
          bound: run.bound,
          summary: `btrfs on ${b.mount} has no unallocated space, and its ${
            (b.metadataPercent ?? 0) >= (b.dataPercent ?? 0) ? 'metadata' : 'data'
          } is ${formatPercent(worst)} full: writes can fail while df shows free space.`,
          evidence: [
            evidence(
              'unallocated',
              b.unallocated,
              'bytes',
              'facts.btrfs.unallocated',
              `above ${formatPercent(least)} of the size`,
            ),
            evidence(
              'data used',
              b.dataPercent ?? 0,
              'percent',
              'facts.btrfs.dataPercent',
              normalOf(run.bound),
            ),
            evidence(
              'metadata used',
              b.metadataPercent ?? 0,
              'percent',
              'facts.btrfs.metadataPercent',
              normalOf(run.bound),
            ),
          ],
        }),
      ];
    });
  },
};
