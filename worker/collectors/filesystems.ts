// Space, inodes and mount options of each filesystem: `df -PTk`, `df -Pi`, /proc/mounts.
import type { Filesystem } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, notUnderstood, unescapeOctal } from './lines.ts';
import { filesOf, numberIn } from './lookup.ts';

const spaces = /^df -P?[aTklP]*k[aTklP]*( |$)/;
const inodes = /^df -P?i/;
/** Errors that ext4 has written into its superblock since the last fsck. */
const ext4Errors = /^cat \/sys\/fs\/ext4\/[^/]+\/(errors_count|last_error_time)$/;

export const filesystems: Collector = {
  section: /^cat \/proc\/((1|self)\/)?mounts$/,
  with: [spaces, inodes, ext4Errors],
  // df ends with 1 when one of many mounts does not answer.
  anyExit: true,
  parse(section, report) {
    const left: string[] = [];
    const mounts = mountTable(report, left);
    const found = new Map<string, Filesystem>();
    for (const mount of mounts.values()) {
      // A size of 0 is "not asked in this run": a network mount, which is asked hourly.
      if (isStorage(mount)) found.set(mount.mount, { ...mount, size: 0, used: 0, available: 0 });
    }
    for (const row of rows(report, spaces, left)) {
      const mount = mounts.get(row.mount);
      if (mounts.size > 0 && !mount) continue;
      const { source, type = '', options = [], readOnly = false } = mount ?? row;
      if (!isStorage({ source, type, mount: row.mount })) continue;
      const [size, used, available] = row.numbers.map((blocks) => blocks * 1024);
      found.set(row.mount, {
        source,
        mount: row.mount,
        type,
        options,
        readOnly,
        size: size ?? 0,
        used: used ?? 0,
        available: Math.max(0, available ?? 0),
      });
    }
    for (const row of rows(report, inodes, left)) {
      const filesystem = found.get(row.mount);
      const [all, , free] = row.numbers;
      // btrfs and others without a table of inodes say 0.
      if (filesystem && all && free !== undefined)
        Object.assign(filesystem, { inodes: all, inodesFree: free });
    }
    const mapped = new Map(
      filesOf(report, /^\/sys\/block\/dm-\d+\/dm\/name$/).map(([path, name]) => [name, path.split('/')[3]!]),
    );
    for (const filesystem of found.values()) {
      const name = filesystem.source.slice(filesystem.source.lastIndexOf('/') + 1);
      // /dev/mapper/vg-root is dm-0 in /sys.
      const device = mapped.get(name) ?? name;
      const errors = numberIn(report, `/sys/fs/ext4/${device}/errors_count`);
      if (errors !== undefined) filesystem.errors = errors;
      const last = numberIn(report, `/sys/fs/ext4/${device}/last_error_time`);
      if (errors && last) filesystem.errorsAt = last;
    }
    if (mounts.size === 0 && found.size === 0 && section.body.trim() !== '') {
      throw new ParseError('No line looks like a mounted filesystem.');
    }
    const list = [...found.values()];
    return {
      facts: { filesystems: list },
      samples: oncePerDevice(list).flatMap(series),
      partial: notUnderstood(left),
    };
  },
};

interface Mount {
  source: string;
  mount: string;
  type: string;
  options: string[];
  readOnly: boolean;
}

/** Mount points of everything that is mounted. */
export const mountPoints = (report: Report): string[] => [...mountTable(report).keys()];

/** What is mounted, by mount point; what was mounted last on one point hides the others. */
function mountTable(report: Report, left: string[] = []): Map<string, Mount> {
  const table = new Map<string, Mount>();
  for (const section of report.sections) {
    if (!/^cat \/proc\/((1|self)\/)?mounts$/.test(section.name)) continue;
    for (const line of lines(section.body)) {
      const [source, mount, type, options] = columns(line);
      if (!source || !mount?.startsWith('/') || !type || !options) {
        left.push(line);
        continue;
      }
      const list = options.split(',');
      table.set(unescapeOctal(mount), {
        source: unescapeOctal(source),
        mount: unescapeOctal(mount),
        type,
        options: list,
        readOnly: list.includes('ro'),
      });
    }
  }
  return table;
}

const virtual =
  /^(proc|sysfs|cgroup2?|devpts|devtmpfs|mqueue|debugfs|tracefs|securityfs|pstore|bpf|configfs|hugetlbfs|binfmt_misc|nsfs|fusectl|rpc_pipefs|squashfs|efivarfs|autofs|ramfs|selinuxfs|iso9660|udf|fuse\.(gvfsd-fuse|portal|lxcfs|snapfuse)|lxcfs|nfsd|erofs)$/;
/** What comes and goes with containers and packages. The folder that holds them may be a filesystem of its own, and can be full. */
const passing =
  /^\/(var\/lib\/(docker|containers|containerd|kubelet)\/.+|var\/lib\/lxcfs|run\/(docker|containerd|user|credentials|netns|snapd)|snap|sys|proc|dev\/(pts|mqueue))(\/|$)/;

/** Filesystems in which someone stores something: not the kernel's own, and not the layers of containers. */
function isStorage({ type, mount }: { type: string; mount: string; source: string }): boolean {
  return !virtual.test(type) && !passing.test(mount) && !(type === 'overlay' && mount !== '/');
}

/** The rows of a df: source, type, three numbers, percent, mount point. A long source may stand on a line of its own. */
function rows(report: Report, name: RegExp, left: string[]) {
  const found: {
    source: string;
    type?: string;
    options?: string[];
    readOnly?: boolean;
    mount: string;
    numbers: number[];
  }[] = [];
  for (const { body } of report.sections.filter((section) => name.test(section.name))) {
    let wrapped = '';
    for (const [index, line] of lines(body).entries()) {
      const fields = columns(wrapped + ' ' + line);
      if (wrapped === '' && fields.length === 1 && index > 0) {
        wrapped = line.trim();
        continue;
      }
      wrapped = '';
      const percent = fields.findIndex(
        (field, at) => at > 3 && /^(\d{1,3}%|-)$/.test(field) && fields[at + 1]?.startsWith('/'),
      );
      if (percent < 0) {
        if (index > 0) left.push(line);
        continue;
      }
      const numbers = fields.slice(percent - 3, percent).map((field) => (field === '-' ? 0 : integer(field)));
      if (numbers.some((number) => number === undefined)) {
        left.push(line);
        continue;
      }
      // A mount point with spaces is the rest of the line as it stands.
      const mount = line.slice(line.lastIndexOf(` ${fields[percent]} `) + fields[percent]!.length + 2).trim();
      const type = percent > 4 && name === spaces ? fields[percent - 4] : undefined;
      found.push({
        source: fields.slice(0, percent - (type === undefined ? 3 : 4)).join(' '),
        type,
        mount,
        numbers: numbers as number[],
      });
    }
  }
  return found;
}

/** A bind mount shows the same device again: its series would only repeat the first. */
function oncePerDevice(list: Filesystem[]): Filesystem[] {
  const seen = new Set<string>();
  return list
    .filter(
      ({ size, options, type }) => size > 0 && !(options.includes('ro') && type !== 'zfs' && isImage(type)),
    )
    .toSorted((a, b) => a.mount.length - b.mount.length)
    .filter(({ source, size, type }) => {
      const key = source.startsWith('/') || type === 'zfs' ? `${source} ${size}` : undefined;
      if (key === undefined) return true;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** Images are full by nature. */
const isImage = (type: string) => /^(cramfs|romfs|iso9660|udf|squashfs|erofs)$/.test(type);

function series({
  mount: subject,
  size,
  used,
  available,
  inodes: all,
  inodesFree: free,
}: Filesystem): Sample[] {
  const samples: Sample[] = [
    { metric: 'fs.size', subject, value: size },
    { metric: 'fs.available', subject, value: available },
  ];
  if (used + available > 0)
    samples.push({ metric: 'fs.used_percent', subject, value: (100 * used) / (used + available) });
  if (all && free !== undefined)
    samples.push({ metric: 'fs.inodes_used_percent', subject, value: (100 * (all - free)) / all });
  return samples;
}
