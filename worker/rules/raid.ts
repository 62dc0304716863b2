// RAID by the kernel and by controllers. All of these are states: they fire at once.
import { limitsOf } from '#core/conditions/index.ts';
import { type Finding, findingKey } from '#core/diagnosis.ts';
import type { MdArray } from '#core/facts.ts';
import { formatBytes, formatCount, formatPercent } from '#core/format.ts';
import { wholeDisk } from './blockDevices.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

function redundant(array: MdArray): boolean {
  return /^raid(1|4|5|6|10)$/.test(array.level);
}

/** Not started: an inactive array has lost its level. The containers of firmware RAID are inactive by nature. */
function isInactive(array: MdArray): boolean {
  return array.state.startsWith('inactive') && array.members.length > 0 && array.level !== 'container';
}

/**
 * Mirrors that the makers of disk stations lay over all disks of the box, with a slot for each bay and more (Synology [12/2], QNAP
 * [64/2]): four slots or more, no member lost, at least two that work, and as many as any other array of the machine has.
 */
function hasSpareSlots(array: MdArray, all: readonly MdArray[]): boolean {
  return (
    array.level === 'raid1' &&
    array.slots >= 4 &&
    array.active >= 2 &&
    array.failed.length === 0 &&
    array.active === array.members.length &&
    all.every(
      (other) => other.level === 'container' || array.active >= other.slots || other.slots >= array.slots,
    )
  );
}

function isDegraded(array: MdArray, all: readonly MdArray[]): boolean {
  if (isInactive(array)) return true;
  return redundant(array) && array.active < array.slots && !hasSpareSlots(array, all);
}

/** The disks under the members that are left: arrays that have them in common lie side by side on the same disks. */
function disksLeft(array: MdArray): string {
  const left = array.members.filter((m) => !array.failed.includes(m)).map(wholeDisk);
  return [...new Set(left)].sort().join(' ');
}

/**
 * Whether an array lost its member with a disk or partition: it is marked failed, or the array lacks one while its neighbour on the
 * disks that are left lost it so.
 */
export function lostWith(picture: Picture, array: MdArray, device: string): boolean {
  const marked = (a: MdArray) => a.failed.some((m) => m === device || wholeDisk(m) === wholeDisk(device));
  if (marked(array)) return true;
  const all = picture.facts.md ?? [];
  if (!isDegraded(array, all) || array.failed.length > 0) return false;
  return all.some((a) => marked(a) && disksLeft(a) === disksLeft(array));
}

/** The kernel's own note of when a member failed, where the log has it. */
function failedAt(picture: Picture, array: MdArray): number | undefined {
  return picture.events.find(
    (e) =>
      e.kind.startsWith('kernel.') &&
      new RegExp(`\\b${array.name}\\b`).test(e.text) &&
      /disk failure|failed|faulty/i.test(e.text),
  )?.at;
}

/** Fewer members work than there are slots, or a controller's volume is not optimal. */
export const raidDegraded: Rule = {
  id: 'raid.degraded',
  find(picture): Finding[] {
    const all = picture.facts.md ?? [];
    const degraded = all
      .filter((array) => isDegraded(array, all))
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    // Arrays on the same disks that lack a member each have lost one disk: that is one problem.
    const together = Map.groupBy(degraded, (a) =>
      isInactive(a) || a.failed.length > 0 || a.members.length === 0
        ? a.name
        : `${disksLeft(a)} ${a.slots - a.active}`,
    );
    const md = [...together.values()].map((arrays) => {
      const [a] = arrays as [MdArray];
      const names = arrays.map(({ name }) => name);
      return makeFinding(picture, 'raid.degraded', {
        subject: { kind: 'array', name: a.name },
        since: failedAt(picture, a),
        confidence: 0.98,
        summary: isInactive(a)
          ? `${a.name} is inactive: it was not started, and nothing on it can be read. Of its disks ${a.members.join(', ')} ${a.members.length === 1 ? 'is' : 'are'} there.`
          : arrays.length > 1
            ? `${listed(names)} lack the same disk: of ${a.name} (${a.level}) ${a.active} of ${a.slots} disks are left.`
            : `${a.name} (${a.level}) runs with ${a.active} of ${a.slots} disks${
                a.failed.length ? `; failed: ${a.failed.join(', ')}` : ''
              }.`,
        evidence: [
          ...arrays
            .filter((one) => !isInactive(one))
            .map((one) =>
              evidence(
                arrays.length > 1 ? `disks of ${one.name} that work` : 'disks that work',
                `${one.active} of ${one.slots}`,
                '',
                'facts.md.active',
                `${one.slots} of ${one.slots}`,
              ),
            ),
          ...(arrays.length > 1
            ? [evidence('disks that are left', disksLeft(a).replaceAll(' ', ', '), '', 'facts.md.members')]
            : []),
          evidence('state', a.state || 'unknown', '', 'facts.md.state', 'active'),
        ],
      });
    });
    const hardware = (picture.facts.hardwareRaid ?? [])
      .filter((c) => c.failedDrives > 0 || /degraded|offline|failed|partially/i.test(c.state))
      .map((c) =>
        makeFinding(picture, 'raid.degraded', {
          subject: { kind: 'array', name: c.controller },
          summary: `The RAID controller ${c.controller} reports "${c.state}"${
            c.failed ? `; failed: ${c.failed.map((d) => `drive ${d}`).join(', ')}` : ''
          }.`,
          evidence: [
            evidence('state', c.state, '', 'facts.hardwareRaid.state', 'optimal'),
            evidence('failed drives', c.failedDrives, 'count', 'facts.hardwareRaid.failedDrives', '0'),
          ],
        }),
      );
    return [...md, ...hardware];
  },
};

/** A member is marked (F). A disk that several arrays lost is one disk. */
export const raidDiskFailed: Rule = {
  id: 'raid.disk_failed',
  find(picture): Finding[] {
    const failed = (picture.facts.md ?? []).flatMap((array) =>
      array.failed.map((member) => ({ array, member })),
    );
    return [...Map.groupBy(failed, ({ member }) => wholeDisk(member))].map(([disk, lost]) => {
      const name = lost.length > 1 ? disk : lost[0]!.member;
      const moments = lost.flatMap(({ array }) => failedAt(picture, array) ?? []);
      return makeFinding(picture, 'raid.disk_failed', {
        subject: { kind: 'device', name },
        since: moments.length ? Math.min(...moments) : undefined,
        confidence: 0.98,
        summary: `${name} has dropped out of ${listed(lost.map(({ array }) => array.name))}: the kernel marked it failed.`,
        evidence: lost.map(({ array, member }) =>
          evidence(
            `members of ${array.name}`,
            `${array.members.join(', ')}; failed: ${member}`,
            '',
            'facts.md.failed',
            'none failed',
          ),
        ),
      });
    });
  },
};

function listed(names: string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join('');
}

/** A rebuild or check is running: info, and the reason why disks are busy. */
export const raidResync: Rule = {
  id: 'raid.resync',
  find: (picture) =>
    (picture.facts.md ?? [])
      .filter(
        (a) =>
          a.action !== undefined && !/^(idle|frozen)/.test(a.action) && !/pending|delayed/.test(a.action),
      )
      .map((a) => {
        const series = picture.series('md.progress', a.name);
        return makeFinding(picture, 'raid.resync', {
          subject: { kind: 'array', name: a.name },
          since: series[0]?.[0],
          severity: 'info',
          summary: `${a.name} runs a ${a.action}${a.actionPercent === undefined ? '' : `, ${formatPercent(a.actionPercent)} done`}${
            a.speed ? ` at ${formatBytes(a.speed)}/s` : ''
          }.`,
          evidence: [
            evidence('action', a.action!, '', 'facts.md.action', 'idle'),
            ...(a.speed ? [evidence('speed', a.speed, 'bytes/s', 'facts.md.speed')] : []),
          ],
        });
      }),
};

/** Mismatches on a level that computes them; swap on RAID 1 makes harmless ones. */
export const raidMismatch: Rule = {
  id: 'raid.mismatch',
  find: (picture) =>
    (picture.facts.md ?? [])
      .filter(
        (a) => /^raid(5|6|10|4)$/.test(a.level) && (a.mismatches ?? 0) > limitsOf('raid.mismatch').sectors,
      )
      .map((a) =>
        makeFinding(picture, 'raid.mismatch', {
          subject: { kind: 'array', name: a.name },
          summary: `The copies on ${a.name} disagree in ${formatCount(a.mismatches!)} sectors.`,
          evidence: [evidence('mismatches', a.mismatches!, 'count', 'facts.md.mismatches', '0')],
        }),
      ),
};

/** Degraded, and a member that is left shows SMART errors. */
export const raidNoSpareRisk: Rule = {
  id: 'raid.no_spare_risk',
  find: (picture) =>
    (picture.facts.md ?? [])
      .filter((array, _n, all) => isDegraded(array, all))
      .flatMap((a) => {
        const weak = (picture.facts.smart ?? []).filter(
          (d) =>
            a.members.some((m) => !a.failed.includes(m) && m.startsWith(d.device.replace(/^\/dev\//, ''))) &&
            (d.passed === false ||
              [5, 187, 197, 198].some((n) => (d.attributes[n]?.raw ?? 0) > 0) ||
              (d.nvme?.criticalWarning ?? 0) > 0),
        );
        return weak.map((d) =>
          makeFinding(picture, 'raid.no_spare_risk', {
            subject: { kind: 'array', name: a.name },
            summary: `${a.name} has no redundancy left, and ${d.device}, which carries it, shows errors of its own.`,
            evidence: [
              evidence('disks that work', `${a.active} of ${a.slots}`, '', 'facts.md.active'),
              evidence(
                `state of ${d.device}`,
                d.passed === false ? 'FAILED' : 'errors counted',
                '',
                'facts.smart',
                'no errors',
              ),
            ],
          }),
        );
      }),
};

/** A battery charges, or learns its own capacity, for some hours a month; one that still does after a day no longer holds. */
const passing = /^(re)?charg|learn|^dgd ?\(chrg\)|^discharg/i;
/** The battery of a controller is not optimal. While it charges that is a note. */
export const raidBattery: Rule = {
  id: 'raid.bbu',
  find: (picture, { active }) =>
    (picture.facts.hardwareRaid ?? [])
      .filter(
        (c) => c.battery !== undefined && !/^(optimal|optl|ok|good|charged|normal|ready)$/i.test(c.battery),
      )
      .map((c) => {
        const subject = { kind: 'device', name: c.controller } as const;
        const since = active.get?.(findingKey({ id: 'raid.bbu', subject })) ?? picture.at;
        const charges = passing.test(c.battery!) && picture.at - since < limitsOf('raid.bbu').charging;
        return makeFinding(picture, 'raid.bbu', {
          subject,
          ...(charges ? { severity: 'info' as const } : {}),
          summary: `The battery of the RAID controller ${c.controller} is "${c.battery}"${
            charges ? '; until it is full the controller' : ': it'
          } may write without its cache.`,
          evidence: [evidence('battery', c.battery!, '', 'facts.hardwareRaid.battery', 'optimal')],
        });
      }),
};

/** A controller predicts a failure. */
export const raidPredictive: Rule = {
  id: 'raid.hw_predictive',
  find: (picture) =>
    (picture.facts.hardwareRaid ?? [])
      .filter((c) => c.predictive > 0)
      .map((c) =>
        makeFinding(picture, 'raid.hw_predictive', {
          subject: {
            kind: 'device',
            name: [c.controller, ...(c.foreseen?.length === 1 ? [`drive ${c.foreseen[0]}`] : [])].join(' '),
          },
          summary: `The RAID controller ${c.controller} predicts the failure of ${c.predictive} ${c.predictive === 1 ? 'drive' : 'drives'}${c.foreseen ? `: ${c.foreseen.join(', ')}` : ''}.`,
          evidence: [
            evidence('predicted failures', c.predictive, 'count', 'facts.hardwareRaid.predictive', '0'),
          ],
        }),
      ),
};
