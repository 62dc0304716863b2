// Disks that answer with errors.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount } from '#core/format.ts';
import { deviceIn, isDetached, wholeDisk } from './blockDevices.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { firstRise, totalRise } from './series.ts';

const limits = limitsOf('disk.errors');

interface Errors {
  since: number;
  count: number;
  text?: string | undefined;
}

/** I/O errors in the kernel log of the last hours, or a device whose error count rises. */
export const diskErrors: Rule = {
  id: 'disk.errors',
  find(picture): Finding[] {
    const found = byDisk(picture, errorsOf(picture));
    // A floppy or a CD drive without a medium, and memory that acts as a disk, are no disks. An error of a disk comes again from
    // everything that lies on it.
    const lowest = [...found].filter(
      ([device]) =>
        !/^(fd|sr|ram|zram|nullb)\d/.test(device) &&
        !isDetached(picture, device) &&
        [...below(picture, device)].every((name) => !found.has(name)),
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

function note(found: Map<string, Errors>, device: string, { since, count, text }: Errors): void {
  const before = found.get(device) ?? { since, count: 0, text };
  found.set(device, {
    since: Math.min(before.since, since),
    count: before.count + count,
    text: text ?? before.text,
  });
}

/** By the name that the log or the counter uses. */
function errorsOf(picture: Picture): Map<string, Errors> {
  const found = new Map<string, Errors>();
  for (const { at, kind, subject, text, data } of picture.events) {
    if (at < picture.at - limits.log) continue;
    // A link reset alone is a cable or an empty port at boot; a command that failed is an error.
    const failed =
      kind === 'kernel.disk_reset' && /failed command|exception Emask|timed out|offline/.test(text);
    if (kind !== 'kernel.io_error' && !failed) continue;
    note(found, subject || deviceIn(text) || 'a disk', {
      since: at,
      // Of a burst of the same line one event is kept.
      count: Number(data?.['count'] ?? 1),
      text,
    });
  }
  for (const device of picture.subjects('disk.io_errors')) {
    const points = picture.series('disk.io_errors', device);
    const rise = totalRise(points, picture.at - limits.window);
    // The counter also counts commands that a drive does not know: each look at its health makes one or two.
    if (rise >= limits.rise)
      note(found, device, { since: firstRise(points, picture.at - limits.window)!, count: rise });
  }
  return found;
}

/** The driver names the port (ata4, sd 6:0:0:1), the block layer the disk: with one disk in trouble they tell of the same. */
function byDisk(picture: Picture, found: Map<string, Errors>): Map<string, Errors> {
  const isPort = (device: string) => /^(ata\d|sd \d|scsi host)/.test(device);
  const all = [...found.keys()].filter((device) => !isPort(device));
  const physical = all.filter((device) => !/^(dm-|md|loop|nbd|zd|bcache|drbd)\d/.test(device));
  const named = physical.length > 0 ? physical : all;
  // What the drive itself counts: transfers that arrived damaged over a bad cable, commands that timed out; else sectors that it cannot read.
  const risen = (...metrics: ('smart.crc_errors' | 'smart.command_timeouts' | 'smart.pending')[]) =>
    metrics.flatMap((metric) =>
      picture
        .subjects(metric)
        .filter((device) => totalRise(picture.series(metric, device), picture.at - limits.log) > 0),
    );
  const counted = [risen('smart.crc_errors', 'smart.command_timeouts'), risen('smart.pending')];
  const disks = [...new Set(([named, ...counted].find((d) => d.length > 0) ?? []).map(wholeDisk))];
  for (const [port, { since, count, text }] of [...found]) {
    // Of an NVMe drive the driver names the controller, the block layer its namespace.
    const disk = /^nvme\d+$/.test(port)
      ? namespaceOf(picture, port, [...found.keys()])
      : isPort(port) && disks.length === 1
        ? disks[0]
        : undefined;
    if (disk === undefined) continue;
    note(found, disk, { since, count, text: found.get(disk)?.text ?? text });
    found.delete(port);
  }
  return found;
}

/** The one namespace of a controller: it failed, too, or the system has it. */
function namespaceOf(picture: Picture, controller: string, failed: string[]): string | undefined {
  const names = [...failed, ...(picture.facts.blockDevices ?? []).map((d) => d.name)];
  const own = new Set(
    names.filter((n) => n.startsWith(controller) && /^n\d+$/.test(n.slice(controller.length))),
  );
  return own.size === 1 ? [...own][0] : undefined;
}

/** What a device lies on, at any depth. */
function below(picture: Picture, device: string): Set<string> {
  const lower = new Set<string>();
  const queue = [device];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const parents = picture.facts.blockDevices?.find((d) => d.name === name)?.parents ?? [];
    for (const one of [...parents, wholeDisk(name)]) {
      if (one === device || lower.has(one)) continue;
      lower.add(one);
      queue.push(one);
    }
  }
  return lower;
}
