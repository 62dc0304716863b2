// Disks that answer with errors.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount } from '#core/format.ts';
import { deviceIn, isDetached, wholeDisk } from './blockDevices.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Rule } from './rule.ts';
import { firstRise, totalRise } from './series.ts';

const hour = 3600;

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
    // The driver names the port (ata4, sd 6:0:0:1), the block layer the disk: with one disk in trouble they tell of the same.
    const isPort = (device: string) => /^(ata\d|sd \d|scsi host)/.test(device);
    const named = [...found.keys()].filter((device) => !isPort(device));
    // What the drive itself counts: transfers that arrived damaged over a bad cable, commands that timed out; else sectors that it cannot read.
    const risen = (...metrics: ('smart.crc_errors' | 'smart.command_timeouts' | 'smart.pending')[]) =>
      metrics.flatMap((metric) =>
        picture
          .subjects(metric)
          .filter((device) => totalRise(picture.series(metric, device), picture.at - 6 * hour) > 0),
      );
    const counted = [risen('smart.crc_errors', 'smart.command_timeouts'), risen('smart.pending')];
    const disks = [...new Set([named, ...counted].find((d) => d.length > 0))];
    for (const [port, entry] of [...found]) {
      // Of an NVMe drive the driver names the controller, the block layer its namespace.
      const namespace = [...found.keys()].find((device) => new RegExp(`^${port}n\\d+$`).test(device));
      const disk = /^nvme\d+$/.test(port)
        ? namespace
        : isPort(port) && disks.length === 1
          ? disks[0]
          : undefined;
      if (disk === undefined) continue;
      note(disk, entry.since, entry.count);
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
