// Filesystems that fail: those that turned read-only, and those that noted errors.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { Filesystem } from '#core/facts.ts';
import { formatCount, formatDuration } from '#core/format.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { deviceIn, isDetached, isOn } from './blockDevices.ts';
import { mainMount } from './filesystems.ts';
import { evidence, makeFinding } from './finding.ts';
import { isActive } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';

/** Read-only now while fstab says otherwise, or since the report before, or by the kernel's own hand. */
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
      // Its other mounts turned with it. (A bind mount may be read-only alone: then it is told itself.)
      const main = mainMount(picture, fs.mount);
      if (main !== fs.mount && picture.facts.filesystems?.some((f) => f.mount === main && f.readOnly))
        return [];
      const entry = picture.facts.fstab?.find((f) => f.mount === fs.mount);
      const wanted = entry !== undefined && !entry.options.includes('ro');
      const before = picture.previousFacts?.filesystems?.find((f) => f.mount === fs.mount);
      // What turned once stays a finding until it can be written again.
      const turned =
        fs.readOnlySince !== undefined ||
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
          since: remount?.at ?? fs.readOnlySince ?? picture.at,
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
      e.at >= picture.at - limitsOf('disk.readonly').log &&
      /^kernel\.(readonly|mounted)$/.test(e.kind) &&
      isOn(picture, fs, e.subject),
  );
  const mounted = own.findLast((e) => e.kind === 'kernel.mounted')?.at ?? 0;
  return own.find((e) => e.kind === 'kernel.readonly' && e.at >= mounted);
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
 * ext4 errors_count, btrfs device statistics, or the kernel log of a filesystem. Critical in the day after an error
 * of something that is mounted; what only stands in the counters since then, until a check clears them, warns. What was mounted anew
 * since, or lay in a file that is no longer attached, is over.
 */
export const filesystemErrors: Rule = {
  id: 'disk.fs_errors',
  find(picture): Finding[] {
    const found = new Map<string, FilesystemTrouble>();
    const freshFor = limitsOf('disk.fs_errors').fresh;
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
        ...(rose ? { lastAt: picture.at } : fs.errorsAt === undefined ? {} : { lastAt: fs.errorsAt }),
      });
    }
    for (const event of picture.events) {
      if (event.at < picture.at - freshFor || event.kind !== 'kernel.fs_error') continue;
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
      const fresh = lastAt !== undefined && lastAt >= picture.at - freshFor;
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

/** Whether an error is no longer one: mounted anew since, or a file as a disk that is not attached any more. */
function isOver(picture: Picture, device: string, at: number, fs: Filesystem | undefined): boolean {
  if (!fs && isDetached(picture, device)) return true;
  return picture.events.some((e) => e.kind === 'kernel.mounted' && e.at > at && e.subject === device);
}
