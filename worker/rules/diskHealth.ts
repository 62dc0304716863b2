// Disks and filesystems that fail: errors, read-only, mounts that are missing, servers of files that do not answer.
import type { Finding } from '#core/diagnosis.ts';
import type { Facts, Filesystem } from '#core/facts.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { formatCount, formatDuration, formatPercent } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import { wholeDisk } from './filesystems.ts';
import { isActive } from './gauge.ts';
import type { Picture, Rule, RuleState } from './rule.ts';
import { isNamedFor } from './unitData.ts';
import { firstRise, totalRise } from './series.ts';

const hour = 3600;
const day = 86_400;

/** Words of the kernel log that name a device: 'sda', 'sda1', 'nvme0n1', 'dm-0', 'md0'. */
function deviceIn(text: string): string | undefined {
  return /\b(?:dev |device |\(|on )?((?:s|v|xv|h)d[a-z]+\d*|nvme\d+n\d+(?:p\d+)?|dm-\d+|md\d+|mmcblk\d+(?:p\d+)?|loop\d+)\b/.exec(
    text,
  )?.[1];
}

/** I/O errors in the kernel log of the last hours, or a device whose error count rises (OWN, after the USE method). */
export const diskErrors: Rule = {
  id: 'disk.errors',
  find(picture): Finding[] {
    const found = new Map<string, { since: number; count: number; text?: string }>();
    const note = (device: string, since: number, count: number, text?: string) => {
      const entry = found.get(device) ?? { since, count: 0, text };
      found.set(device, {
        since: Math.min(entry.since, since),
        count: entry.count + count,
        text: text ?? entry.text,
      });
    };
    for (const event of picture.events) {
      if (event.at < picture.at - 6 * hour) continue;
      // A link reset alone is a cable or an empty port at boot; a command that failed is an error.
      const failed =
        event.kind === 'kernel.disk_reset' &&
        /failed command|exception Emask|timed out|offline/.test(event.text);
      if (event.kind !== 'kernel.io_error' && !failed) continue;
      note(event.subject || deviceIn(event.text) || 'a disk', event.at, 1, event.text);
    }
    for (const device of picture.subjects('disk.io_errors')) {
      const points = picture.series('disk.io_errors', device);
      const rise = totalRise(points, picture.at - hour / 2);
      // The counter also counts commands that a drive does not know: each look at its health makes one or two.
      if (rise >= 20) note(device, firstRise(points, picture.at - hour / 2)!, rise);
    }
    // The driver names the port (ata4), the block layer the disk: with one disk in trouble they tell of the same.
    const named = [...found.keys()].filter((device) => !/^ata\d/.test(device));
    // A bad cable shows at the port and in the drive's own count of transfers that arrived damaged.
    const damaged = picture
      .subjects('smart.crc_errors')
      .filter((device) => totalRise(picture.series('smart.crc_errors', device), picture.at - 6 * hour) > 0);
    const disks = named.length > 0 ? named : damaged;
    for (const [port, entry] of [...found]) {
      if (!/^ata\d/.test(port) || disks.length !== 1) continue;
      note(disks[0]!, entry.since, entry.count);
      found.delete(port);
    }
    // An error of a disk comes again from everything that lies on it.
    const below = (name: string): string[] => {
      const parents = picture.facts.blockDevices?.find((d) => d.name === name)?.parents ?? [];
      const disk = wholeDisk(name);
      return [...parents.flatMap((p) => [p, ...below(p)]), ...(disk === name ? [] : [disk])];
    };
    // A floppy or a CD drive without a medium, and memory that acts as a disk, are no disks.
    const lowest = [...found].filter(
      ([device]) =>
        !/^(fd|sr|ram|zram|nullb)\d/.test(device) &&
        !isDetached(picture, device) &&
        !below(device).some((name) => found.has(name)),
    );
    return lowest.map(([device, { since, count, text }]) =>
      makeFinding(picture, 'disk.errors', {
        subject: { kind: 'device', name: device },
        since,
        // A file that is mounted, or a disk of another machine: no hardware of this one.
        ...(/^(loop|nbd)\d/.test(device) ? { severity: 'warning' as const } : {}),
        confidence: 0.95,
        summary: `${device} answers with I/O errors (${formatCount(count)} in the last hours).`,
        evidence: [
          evidence(
            `I/O errors of ${device}`,
            count,
            'count',
            text ? 'dmesg' : `disk.io_errors{${device}}`,
            '0',
          ),
          ...(text ? [evidence('kernel log', text, '', 'dmesg')] : []),
        ],
      }),
    );
  },
};

/** A file or a disk of another machine that was used as a disk, and is not mounted now: whatever it said is over. A real disk that is gone is not. */
function isDetached(picture: Picture, device: string): boolean {
  const mounts = picture.facts.filesystems;
  return (
    /^(loop|nbd)\d/.test(device) && mounts !== undefined && !mounts.some((fs) => isOn(picture, fs, device))
  );
}

/** Read-only now while fstab says otherwise, or since the report before, or by the kernel's own hand (OWN). */
export const diskReadonly: Rule = {
  id: 'disk.readonly',
  find(picture, state): Finding[] {
    return (picture.facts.filesystems ?? []).flatMap((fs) => {
      const remount = brokenBy(picture, fs);
      // Since 6.12 an ext4 that is shut down keeps `rw` and says so beside it; XFS says it in the log alone.
      const shut = fs.options.some((o) => /^(emergency_ro|shutdown)$/.test(o));
      if (
        !(fs.readOnly || shut || remount) ||
        /^(squashfs|iso9660|udf|erofs|cramfs|overlay|tmpfs|ramfs|rootfs|9p|virtiofs)$/.test(fs.type)
      )
        return [];
      const entry = picture.facts.fstab?.find((f) => f.mount === fs.mount);
      const wanted = entry !== undefined && !entry.options.includes('ro');
      const before = picture.previousFacts?.filesystems?.find((f) => f.mount === fs.mount);
      // What turned once stays a finding until it can be written again.
      const turned =
        (before !== undefined && !before.readOnly) ||
        isActive(state, 'disk.readonly', { kind: 'mount', name: fs.mount });
      const bySelf =
        fs.options.includes('errors=remount-ro') &&
        fs.readOnly &&
        entry === undefined &&
        before === undefined;
      if (!shut && !wanted && !turned && !remount && !(bySelf && fs.mount === '/')) return [];
      return [
        makeFinding(picture, 'disk.readonly', {
          subject: { kind: 'mount', name: fs.mount },
          since: remount?.at ?? picture.at,
          confidence: remount || wanted || shut ? 0.97 : 0.85,
          summary: fs.readOnly
            ? `${fs.mount} has become read-only: nothing can be written there.`
            : `The filesystem ${fs.mount} has shut itself down: nothing can be written there, whatever its mount options say.`,
          evidence: [
            evidence(
              `mount options of ${fs.mount}`,
              (shut ? fs.options : fs.options.slice(0, 4)).join(',') || 'ro',
              '',
              'facts.filesystems.options',
              'rw',
            ),
            ...(entry ? [evidence('in /etc/fstab', entry.options.join(','), '', 'facts.fstab.options')] : []),
            ...(remount ? [evidence('kernel log', remount.text, '', 'dmesg')] : []),
          ],
        }),
      ];
    });
  },
};

/** What the kernel said of a filesystem in the last day when it gave up on it, if it was not mounted anew since. */
function brokenBy(picture: Picture, fs: Filesystem): HostEvent | undefined {
  const own = picture.events.filter(
    (e) =>
      e.at >= picture.at - day && /^kernel\.(readonly|mounted)$/.test(e.kind) && isOn(picture, fs, e.subject),
  );
  const mounted = own.findLast((e) => e.kind === 'kernel.mounted')?.at ?? 0;
  return own.find((e) => e.kind === 'kernel.readonly' && e.at >= mounted);
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

interface FilesystemTrouble {
  count?: number;
  source: string;
  /** When it happened last, as far as anybody says. */
  lastAt?: number;
  since?: number;
  text?: string;
  mounted: boolean;
}

/**
 * ext4 errors_count, btrfs device statistics, or the kernel log of a filesystem (ND btrfs.conf > 0). Critical in the day after an error
 * of something that is mounted; what only stands in the counters since then, until a check clears them, warns. What was mounted anew
 * since, or lay in a file that is no longer attached, is over.
 */
export const filesystemErrors: Rule = {
  id: 'disk.fs_errors',
  find(picture): Finding[] {
    const found = new Map<string, FilesystemTrouble>();
    const before = picture.previousFacts;
    for (const fs of picture.facts.filesystems ?? []) {
      if (!fs.errors) continue;
      const rose = fs.errors > (before?.filesystems?.find((f) => f.mount === fs.mount)?.errors ?? fs.errors);
      const lastAt = fs.errorsAt ?? (rose ? picture.at : undefined);
      found.set(fs.mount, {
        count: fs.errors,
        source: 'facts.filesystems.errors',
        mounted: true,
        ...(lastAt === undefined ? {} : { lastAt }),
      });
    }
    for (const fs of picture.facts.btrfs ?? []) {
      if (fs.errors === 0) continue;
      const rose = fs.errors > (before?.btrfs?.find((f) => f.mount === fs.mount)?.errors ?? fs.errors);
      found.set(fs.mount, {
        count: fs.errors,
        source: 'facts.btrfs.errors',
        mounted: true,
        ...(rose ? { lastAt: picture.at } : {}),
      });
    }
    for (const event of picture.events) {
      if (event.at < picture.at - day || event.kind !== 'kernel.fs_error') continue;
      const device = event.subject || deviceIn(event.text) || '';
      const fs = picture.facts.filesystems?.find((f) => f.mount === device || isOn(picture, f, device));
      if (isOver(picture, device, event.at, fs)) continue;
      const name =
        fs?.mount ??
        picture.facts.blockDevices?.find((d) => d.name === device)?.mounts[0] ??
        (device || 'a filesystem');
      const known = found.get(name);
      found.set(name, {
        source: 'dmesg',
        mounted: fs !== undefined || device === '' || !picture.facts.filesystems,
        ...known,
        // ext4 says once a day that it still has what it noted, however long ago that was.
        ...(/since last fsck/.test(event.text)
          ? {}
          : {
              since: Math.min(known?.since ?? Infinity, event.at),
              lastAt: Math.max(known?.lastAt ?? 0, event.at),
            }),
        text: event.text,
      });
    }
    return [...found].map(([name, { since, count, text, source, lastAt, mounted }]) => {
      const fresh = lastAt !== undefined && lastAt >= picture.at - day;
      return makeFinding(picture, 'disk.fs_errors', {
        subject: { kind: mounted ? 'mount' : 'device', name },
        since: since ?? lastAt,
        confidence: 0.9,
        ...(fresh && mounted ? {} : { severity: 'warning' as const }),
        summary: !mounted
          ? `The filesystem on ${name} has reported errors; it is not mounted now.`
          : fresh
            ? `The filesystem ${name} reports errors${count ? ` (${formatCount(count)})` : ''}.`
            : `The filesystem ${name} has noted ${formatCount(count ?? 1)} ${count === 1 ? 'error' : 'errors'}${
                lastAt === undefined ? '' : `, the last ${formatDuration(picture.at - lastAt)} ago`
              }, and no check has cleared ${count === 1 ? 'it' : 'them'} since.`,
        evidence: [
          ...(count ? [evidence(`errors of ${name}`, count, 'count', source, '0')] : []),
          ...(text ? [evidence('kernel log', text, '', 'dmesg')] : []),
          ...(lastAt === undefined || text
            ? []
            : [evidence('last error', lastAt, 'epoch', 'facts.filesystems.errorsAt', 'none')]),
        ],
      });
    });
  },
};

/** Whether a filesystem lies on what the kernel calls by this name. */
function isOn(picture: Picture, fs: Filesystem, device: string): boolean {
  return device !== '' && (fs.source.endsWith(`/${device}`) || backedBy(picture, fs.source, device));
}

/** Whether an error is no longer one: mounted anew since, or a file as a disk that is not attached any more. */
function isOver(picture: Picture, device: string, at: number, fs: Filesystem | undefined): boolean {
  if (!fs && isDetached(picture, device)) return true;
  return picture.events.some((e) => e.kind === 'kernel.mounted' && e.at > at && e.subject === device);
}

/**
 * A mount that may be absent (nofail) was there before the server started anew, and is not since: nobody took it away by hand. Or the unit
 * that is named for it failed at that start.
 */
function lostAtBoot(picture: Picture, state: RuleState, mount: string): boolean {
  const seen = picture.series('fs.size', mount).at(-1)?.[0];
  const boot = picture.uptime === undefined ? undefined : picture.at - picture.uptime;
  return (
    isActive(state, 'disk.mount_missing', { kind: 'mount', name: mount }) ||
    (seen !== undefined && boot !== undefined && seen < boot) ||
    (boot !== undefined &&
      (picture.facts.units ?? []).some(
        (u) =>
          u.active === 'failed' &&
          u.changedAt !== undefined &&
          u.changedAt >= boot &&
          u.changedAt < boot + 900 &&
          isNamedFor(mount, u.name),
      ))
  );
}

/** What stands in fstab to be mounted at boot, and is not there; what may be absent (nofail), too. */
export function notMounted(picture: Picture): NonNullable<Facts['fstab']> {
  const mounts = picture.facts.filesystems;
  if (!mounts || mounts.length === 0) return [];
  const present = new Set(mounts.map((f) => f.mount));
  const before = new Set(picture.previousFacts?.filesystems?.map((f) => f.mount));
  return (picture.facts.fstab ?? []).filter(
    ({ mount, type, options }) =>
      mount.startsWith('/') &&
      !present.has(mount) &&
      !/^(swap|proc|sysfs|tmpfs|devpts|none|auto|udf|iso9660|cgroup.*|efivarfs|securityfs|debugfs|binfmt_misc|fuse\.lxcfs)$/.test(
        type,
      ) &&
      !options.some((o) => o === 'noauto' || o.startsWith('x-systemd.automount')) &&
      // A network filesystem is only read hourly: absent from a short report means nothing.
      (!/^(nfs|cifs|smb|ceph|gluster|9p|fuse|sshfs)/.test(type) || before.has(mount)),
  );
}

/** In fstab, mounted at boot, and not there (OWN). */
export const mountMissing: Rule = {
  id: 'disk.mount_missing',
  find(picture, state): Finding[] {
    if (picture.uptime !== undefined && picture.uptime < 120) return [];
    return notMounted(picture).flatMap((entry) => {
      const { mount, type, options } = entry;
      if (options.includes('nofail') && !lostAtBoot(picture, state, mount)) return [];
      return [
        makeFinding(picture, 'disk.mount_missing', {
          subject: { kind: 'mount', name: mount },
          confidence: 0.9,
          summary: `${mount} (${entry.source}) stands in /etc/fstab and is not mounted.`,
          evidence: [
            evidence(
              'in /etc/fstab',
              `${entry.source} ${mount} ${type} ${options.join(',')}`,
              '',
              'facts.fstab',
            ),
            evidence('mounted', false, '', 'facts.filesystems', 'yes'),
          ],
        }),
      ];
    });
  },
};

const isRemote = (f: Filesystem) => /^(nfs|cifs|smb|ceph|fuse\.(sshfs|glusterfs|ceph))/.test(f.type);

/** Whether the df of a mount, which the agent runs for each network filesystem by itself, did not end well in the newest report. */
const unanswered = (picture: Picture) => (f: Filesystem) =>
  picture.partial.some((p) => p.section === `df -PTk ${f.mount}` && p.kind === 'failed');

/**
 * Tasks in state D that wait in NFS or RPC (OWN), the kernel's "server not responding", or a mount that df cannot ask while tasks hang.
 */
export const nfsStall: Rule = {
  id: 'disk.nfs_stall',
  find(picture): Finding[] {
    const waiting = (picture.facts.processGroups ?? []).filter(
      (g) =>
        (g.states['D'] ?? 0) > 0 &&
        Object.keys(g.waitChannels ?? {}).some((w) => /nfs|rpc_|rpc\b|cifs|smb2|ceph/.test(w)),
    );
    const log = picture.events.filter((e) => e.at >= picture.at - hour && e.kind === 'kernel.nfs_stall');
    const ok = picture.events.findLast((e) => e.kind === 'kernel.nfs_ok');
    const last = log.at(-1);
    const open = last !== undefined && (!ok || ok.at < last.at);
    const again = picture.latest('net.nfs_retransmit_percent') ?? 0;
    const remote = (picture.facts.filesystems ?? []).filter((f) => isRemote(f));
    const hung = (picture.latest('proc.uninterruptible') ?? 0) > 0 ? remote.filter(unanswered(picture)) : [];
    if (!open && again <= 5 && hung.length === 0 && (waiting.length === 0 || stillFor(picture) < 2))
      return [];
    const server = last?.subject || hung[0]?.source.replace(/:\/.*$|(?<=^\/\/[^/]+)\/.*$/, '');
    const mount = hung[0] ?? remote.find((f) => !server || f.source.startsWith(server));
    // Which task waits for what is seldom told; beside a mount that hangs, those that hang are taken for its own.
    const n =
      waiting.reduce((sum, g) => sum + (g.states['D'] ?? 0), 0) ||
      (hung.length > 0 ? (picture.latest('proc.uninterruptible') ?? 0) : 0);
    return [
      makeFinding(picture, 'disk.nfs_stall', {
        subject: mount
          ? { kind: 'mount', name: mount.mount }
          : { kind: 'peer', name: server ?? 'file server' },
        since: log[0]?.at,
        // Who waits for it waits for as long as it takes: a hard mount gives no error.
        ...(n > 0 && (open || hung.length > 0) ? { severity: 'critical' as const } : {}),
        confidence: open || hung.length > 0 ? 0.95 : 0.75,
        summary: `${server ? `The file server ${server}` : 'A network filesystem'} does not answer${
          n ? `; ${formatCount(n)} ${n === 1 ? 'task waits' : 'tasks wait'} for it` : ''
        }.`,
        evidence: [
          ...(n
            ? [evidence('tasks that wait for it', n, 'count', 'facts.processGroups.waitChannels', '0')]
            : []),
          ...(last ? [evidence('kernel log', last.text, '', 'dmesg')] : []),
          ...(again > 0
            ? [evidence('NFS calls sent again', again, 'percent', 'net.nfs_retransmit_percent', 'below 5 %')]
            : []),
          ...(hung.length > 0
            ? [
                evidence(
                  'df of it',
                  'no answer within its time limit',
                  '',
                  `df -PTk ${hung[0]!.mount}`,
                  'an answer',
                ),
              ]
            : []),
          ...(mount ? [evidence('mounted from', mount.source, '', 'facts.filesystems.source')] : []),
        ],
      }),
    ];
  },
};

/** Reports in a row that had tasks in state D. */
function stillFor(picture: Picture): number {
  const points = picture.series('proc.uninterruptible');
  let n = 0;
  for (let i = points.length - 1; i >= 0 && points[i]![1] > 0; i--) n++;
  return picture.reports < 3 && n > 0 ? 2 : n;
}

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
