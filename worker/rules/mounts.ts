// Mounts that are missing, and servers of files that do not answer.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { Facts, Filesystem, ProcessGroup } from '#core/facts.ts';
import { formatCount, formatPercent } from '#core/format.ts';
import { isToldInHalf } from '#worker/parse/later.ts';
import { evidence, makeFinding } from './finding.ts';
import { filesystemOf } from './filesystems.ts';
import { isActive } from './gauge.ts';
import { backupTools } from './backups.ts';
import type { Picture, Rule, RuleState } from './rule.ts';
import { within } from './series.ts';
import { isNamedFor } from './unitData.ts';

const hour = 3600;

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

/**
 * Bytes a second that a backup program writes into the filesystem that has the mount's folder, while that is nearly full (< 15 %) and grows
 * by at least half of them (our judgement): the backup goes beside the disk that it is for. 0 where it does not.
 */
export function landsBeside(picture: Picture, mount: string): number {
  const parent = filesystemOf(picture, mount);
  if (!parent || parent.available > 0.15 * parent.size) return 0;
  const written = (picture.facts.processGroups ?? [])
    .filter((g) => backupTools.test(g.name))
    .reduce((sum, g) => sum + (g.writeBytes ?? 0), 0);
  const free = within(picture.series('fs.available', parent.mount), picture.at - hour, picture.at);
  const [first, last] = [free[0], free.at(-1)];
  if (written < 1024 ** 2 || !first || !last || last[0] <= first[0]) return 0;
  return (first[1] - last[1]) / (last[0] - first[0]) >= written / 2 ? written : 0;
}

const mountTable = /^cat \/proc\/((1|self)\/)?mounts$/;

/** What stands in fstab to be mounted at boot, and is not there; what may be absent (nofail), too. */
export function notMounted(picture: Picture): NonNullable<Facts['fstab']> {
  const mounts = picture.facts.filesystems;
  if (!mounts || mounts.length === 0 || isToldInHalf(picture, mountTable)) return [];
  const present = new Set(mounts.map((f) => f.mount));
  const before = new Set([
    ...(picture.previousFacts?.filesystems?.map((f) => f.mount) ?? []),
    ...picture.events.flatMap((e) => (e.kind === 'filesystem.unmounted' ? [e.subject] : [])),
  ]);
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

/** In fstab, mounted at boot, and not there (our judgement). */
export const mountMissing: Rule = {
  id: 'disk.mount_missing',
  find(picture, state): Finding[] {
    if (picture.uptime !== undefined && picture.uptime < limitsOf('disk.mount_missing').uptime) return [];
    return notMounted(picture).flatMap((entry) => {
      const { mount, type, options } = entry;
      if (options.includes('nofail') && !lostAtBoot(picture, state, mount) && !landsBeside(picture, mount))
        return [];
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

/** Whether tasks of a group wait in the kernel's clients of file servers: NFS and its RPC, SMB, Ceph. */
export const waitsForServer = (g: ProcessGroup) =>
  Object.keys(g.waitChannels ?? {}).some((w) => /nfs|rpc_|rpc\b|cifs|smb2|ceph|^wait_for_response/.test(w));

/**
 * Tasks in state D that wait in NFS or RPC, the kernel's "server not responding", or a mount that df cannot ask while tasks hang.
 */
export const nfsStall: Rule = {
  id: 'disk.nfs_stall',
  find(picture): Finding[] {
    const limits = limitsOf('disk.nfs_stall');
    const waiting = (picture.facts.processGroups ?? []).filter(
      (g) => (g.states['D'] ?? 0) > 0 && waitsForServer(g),
    );
    const log = picture.events.filter(
      (e) => e.at >= picture.at - limits.log && e.kind === 'kernel.nfs_stall',
    );
    const ok = picture.events.findLast((e) => e.kind === 'kernel.nfs_ok');
    const last = log.at(-1);
    const open = last !== undefined && (!ok || ok.at < last.at);
    const again = picture.latest('net.nfs_retransmit_percent') ?? 0;
    const remote = (picture.facts.filesystems ?? []).filter((f) => isRemote(f));
    const hung = (picture.latest('proc.uninterruptible') ?? 0) > 0 ? remote.filter(unanswered(picture)) : [];
    if (
      !open &&
      again <= limits.again &&
      hung.length === 0 &&
      (waiting.length === 0 || stillFor(picture) < limits.looks)
    )
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
            ? [
                evidence(
                  'NFS calls sent again',
                  again,
                  'percent',
                  'net.nfs_retransmit_percent',
                  `below ${formatPercent(limits.again)}`,
                ),
              ]
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
