// Disks that are held back by a limit: the cap of a volume, the I/O limit of a service.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatPercent } from '#core/format.ts';
import { seriesOf } from './cgroupMemory.ts';
import { disks } from './diskSpeed.ts';
import { normalOf } from './boundOf.ts';
import { cgroupSubject, evidence, makeFinding } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';
import { median, quantile, within } from './series.ts';

/** Operations or bytes stand still for many samples while requests wait: a cap, not a limit of the disk. */
export const diskCloudThrottle: Rule = {
  id: 'disk.cloud_throttle',
  find(picture): Finding[] {
    if (
      !/kvm|xen|microsoft|hyper-?v|amazon|google|vmware|qemu/i.test(
        `${picture.facts.host?.virtualization} ${picture.facts.host?.vendor}`,
      )
    )
      return [];
    const limits = limitsOf('disk.cloud_throttle');
    return disks(picture).flatMap((device) => {
      const queue = within(picture.series('disk.queue', device), picture.at - 1800, picture.at).slice(
        -limits.samples,
      );
      if (queue.length < limits.samples || queue.some(([, v]) => v < limits.queue)) return [];
      const from = queue[0]![0];
      const sums = [
        sum(picture, device, from, 'disk.reads', 'disk.writes'),
        sum(picture, device, from, 'disk.read_bytes', 'disk.write_bytes'),
      ];
      const index = sums.findIndex((values) => isFlat(values));
      if (index < 0) return [];
      const level = median(sums[index]!)!;
      const shown = index === 0 ? `${formatCount(level)} operations a second` : `${formatBytes(level)}/s`;
      return [
        makeFinding(picture, 'disk.cloud_throttle', {
          subject: { kind: 'device', name: device },
          since: from,
          severity: 'info',
          summary: `${device} stands at exactly ${shown} while ${formatCount(queue.at(-1)![1])} requests wait: it has reached the cap of its volume.`,
          evidence: [
            evidence(
              `plateau of ${device}`,
              shown,
              '',
              index === 0 ? `disk.reads{${device}}` : `disk.read_bytes{${device}}`,
              'moves with the work',
            ),
            evidence(
              `requests waiting of ${device}`,
              queue.at(-1)![1],
              'count',
              `disk.queue{${device}}`,
              `below ${formatCount(limits.queue)}`,
            ),
          ],
        }),
      ];
    });
  },
};

function sum(
  picture: Picture,
  device: string,
  from: number,
  a: 'disk.reads' | 'disk.read_bytes',
  b: 'disk.writes' | 'disk.write_bytes',
): number[] {
  const other = new Map(within(picture.series(b, device), from, picture.at));
  return within(picture.series(a, device), from, picture.at).map(([at, v]) => v + (other.get(at) ?? 0));
}

function isFlat(values: number[]): boolean {
  const { samples, spread: most } = limitsOf('disk.cloud_throttle');
  if (values.length < samples) return false;
  const middle = median(values)!;
  const spread = quantile(values, 0.9)! - quantile(values, 0.1)!;
  return middle > 50 && spread > 0 && spread <= (most / 100) * middle;
}

/** Tasks wait for I/O while every disk is nearly idle and fast, and a group has an I/O limit. */
export const diskCgroupThrottled: Rule = {
  id: 'disk.cgroup_throttled',
  find(picture, state): Finding[] {
    const limited = (picture.facts.cgroups ?? []).filter((c) => c.ioLimit);
    if (limited.length === 0) return [];
    const limits = limitsOf('disk.cgroup_throttled');
    const idle = disks(picture).every(
      (d) =>
        (picture.latest('disk.busy', d) ?? 0) < limits.busy &&
        (picture.latest('disk.await', d) ?? 0) < limits.await,
    );
    if (!idle) return [];
    return limited.flatMap((c) => {
      const series = seriesOf(c);
      const subject = cgroupSubject(picture, series);
      const own = picture.latest('cgroup.io_pressure', series);
      const run = gauge(picture, state, {
        id: 'disk.cgroup_throttled',
        entity: subject,
        metric: own === undefined ? 'io.pressure.some' : 'cgroup.io_pressure',
        of: own === undefined ? '' : series,
      });
      if (!run || (own === undefined && limited.length > 3)) return [];
      return [
        makeFinding(picture, 'disk.cgroup_throttled', {
          subject,
          since: run.since,
          bound: run.bound,
          confidence: own === undefined ? 0.8 : 0.9,
          summary: `${subject.name} waits for I/O ${formatPercent(run.value)} of the time because of its own limit (${c.ioLimit}); the disks are nearly idle.`,
          evidence: [
            evidence(
              'I/O pressure (some, 1 min)',
              run.value,
              'percent',
              own === undefined ? 'io.pressure.some' : `cgroup.io_pressure{${series}}`,
              normalOf(run.bound),
            ),
            evidence('I/O limit', c.ioLimit!, '', 'facts.cgroups.ioLimit'),
            evidence(
              'busiest disk',
              Math.max(0, ...disks(picture).map((d) => picture.latest('disk.busy', d) ?? 0)),
              'percent',
              'disk.busy',
            ),
          ],
        }),
      ];
    });
  },
};
