// Storage pools: LVM (`lvs`), ZFS (`zpool list`, `zpool status`), btrfs (`btrfs device stats`).
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, decimal, integer, lines, notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';
import { sizeIn } from './sizes.ts';

/** `lv|vg|attr|size|data%|meta%[|pool]`. https://man7.org/linux/man-pages/man8/lvs.8.html */
export const lvs: Collector = {
  section: /^lvs\b/,
  parse({ body }) {
    const found: NonNullable<Facts['lvm']> = [];
    const left: string[] = [];
    for (const line of lines(body)) {
      const [name, group, attributes, size, data, metadata, pool] = line
        .split('|')
        .map((field) => field.trim());
      const bytes = sizeIn(size ?? '');
      if (!name || !group || !attributes || bytes === undefined) {
        left.push(line);
        continue;
      }
      const dataPercent = decimal(data);
      const metadataPercent = decimal(metadata);
      found.push({
        name,
        group,
        attributes,
        size: bytes,
        ...(dataPercent === undefined ? {} : { dataPercent }),
        ...(metadataPercent === undefined ? {} : { metadataPercent }),
        ...(pool ? { pool } : {}),
      });
    }
    if (found.length === 0 && left.length > 0)
      throw new ParseError('No line has a volume, a group and a size.');
    return { facts: { lvm: found }, partial: notUnderstood(left) };
  },
};

/**
 * What the kernel says of logical volumes, without reading a disk. Only those that can fill up or fall apart are taken:
 * `vg-pool-tpool: 0 209715200 thin-pool 1 12/2048 345/6400 - rw …`, used and all blocks of metadata and data;
 * `vg-snap: 0 2048 snapshot 16/204800 16`, sectors, or `Invalid` once it was full; `vg-lv: 0 2048 raid raid1 2 AD …`, a letter a disk.
 * https://docs.kernel.org/admin-guide/device-mapper/thin-provisioning.html, …/snapshot.html, …/dm-raid.html
 */
export const dmsetup: Collector = {
  section: 'dmsetup status',
  parse({ body }) {
    const found: NonNullable<Facts['lvm']> = [];
    for (const line of lines(body)) {
      const [, device, sectors, target, rest = ''] =
        /^(.{1,120}?): \d+ (\d{1,18}) (thin-pool|snapshot|raid) (.{1,300})$/.exec(line) ?? [];
      const state = device && sectors ? stateOf(target!, rest) : undefined;
      if (!state) continue;
      // A dash within a name is written twice.
      const [group = '', name = ''] = device!
        .replace(/-tpool$/, '')
        .split(/(?<!-)-(?!-)/)
        .map((part) => part.replaceAll('--', '-'));
      found.push({
        name: name || group,
        group: name ? group : '',
        size: Number(sectors) * 512,
        ...state,
      });
    }
    return found.length > 0 ? { facts: { lvm: found } } : {};
  },
};

type Volume = NonNullable<Facts['lvm']>[number];

function stateOf(
  target: string,
  rest: string,
): Pick<Volume, 'attributes' | 'dataPercent' | 'metadataPercent'> | undefined {
  if (target === 'raid') {
    const [, level, health] = /^(\w{1,20}) \d{1,4} ([AaD-]{1,300})( |$)/.exec(rest) ?? [];
    return level ? { attributes: `${level} ${health}` } : undefined;
  }
  if (target === 'snapshot') {
    if (/^(Invalid|Overflow)/.test(rest)) return { attributes: 'snapshot invalid', dataPercent: 100 };
    const [, used, all] = /^(\d{1,18})\/(\d{1,18})/.exec(rest) ?? [];
    return all ? { attributes: 'snapshot', dataPercent: share(used!, all) } : undefined;
  }
  const [, metaUsed, metaAll, used, all] =
    /^\d+ (\d{1,15})\/(\d{1,15}) (\d{1,15})\/(\d{1,15})/.exec(rest) ?? [];
  if (!all) return undefined;
  return {
    attributes: rest.includes('out_of_data_space') ? 'out_of_data_space' : '',
    dataPercent: share(used!, all),
    metadataPercent: share(metaUsed!, metaAll!),
  };
}

const share = (used: string, all: string) =>
  Number(all) > 0 ? Math.round((10_000 * Number(used)) / Number(all)) / 100 : 0;

/** `NAME STATE READ WRITE CKSUM` of a disk that is not well; counts may be short (1.2K). The rows above disks repeat what is below. */
function illMember(line: string): { name: string; state: string; errors: number } | undefined {
  const row =
    /^\s+(\S{1,200})\s+(ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED)\s+([\d.]+[KMGT]?)\s+([\d.]+[KMGT]?)\s+([\d.]+[KMGT]?)(\s|$)/.exec(
      line,
    );
  if (!row || /^(mirror|raidz\d?|draid[\w:]*|spare|replacing|logs?|cache|special)-?\d*$/.test(row[1]!))
    return undefined;
  const factor: Record<string, number> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
  const errors = [row[3]!, row[4]!, row[5]!].reduce(
    (sum, text) => sum + Math.round(Number.parseFloat(text) * (factor[text.at(-1)!] ?? 1)),
    0,
  );
  return row[2] === 'ONLINE' && errors === 0 ? undefined : { name: row[1]!, state: row[2]!, errors };
}

/** `zpool list -Hp`: name, size, allocated, free, …, capacity, dedup, health, altroot. Old versions have fewer columns. */
export const zfs: Collector = {
  section: 'zpool list -Hp',
  with: ['zpool status'],
  parse(_section, report) {
    const found = new Map<string, NonNullable<Facts['zfs']>[number]>();
    const left: string[] = [];
    for (const line of lines(sectionOf(report, 'zpool list -Hp')?.body ?? '')) {
      const fields = columns(line);
      const state = fields.find((field) =>
        /^(ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|SUSPENDED)$/.test(field),
      );
      if (!fields[0] || !state) {
        if (!/^no pools available/.test(line)) left.push(line);
        continue;
      }
      const [size, allocated] = [integer(fields[1]), integer(fields[2])];
      found.set(fields[0], {
        name: fields[0],
        state,
        ...(size && allocated !== undefined
          ? { capacityPercent: Math.round((1000 * allocated) / size) / 10 }
          : {}),
      });
    }
    let pool: string | undefined;
    for (const line of lines(sectionOf(report, 'zpool status')?.body ?? '')) {
      const ill = pool && illMember(line);
      const holder = ill && ill.name !== pool && found.get(pool!);
      if (holder) (holder.ill ??= []).push(ill);
      const [, key, value] = /^\s*(pool|state|errors): ?(.*)$/.exec(line) ?? [];
      if (key === 'pool') pool = value!.trim();
      if (!pool || !key) continue;
      const one = found.get(pool) ?? { name: pool, state: '' };
      if (key === 'state') one.state = value!.trim();
      if (key === 'errors' && !/^No known data errors|unavailable/.test(value!))
        one.errors = value!.trim().slice(0, 300);
      found.set(pool, one);
    }
    return {
      ...(found.size > 0 ? { facts: { zfs: [...found.values()] } } : {}),
      partial: notUnderstood(left),
    };
  },
};

const btrfsStats = /^btrfs device stats (\S.*)$/;
const btrfsUsage = /^btrfs filesystem usage -b (\S.*)$/;

/**
 * `[/dev/sda].write_io_errs    0`: errors of each device of a filesystem; and how its space is shared out: `Device unallocated: 1048576`,
 * `Data,single: Size:334495744, Used:334495744 (100.00%)`. https://btrfs.readthedocs.io/en/latest/btrfs-filesystem.html
 */
export const btrfs: Collector = {
  section: btrfsStats,
  with: [btrfsUsage],
  parse(_section, report) {
    const found = new Map<string, NonNullable<Facts['btrfs']>[number]>();
    const at = (mount: string) => {
      const one = found.get(mount) ?? { mount, errors: 0 };
      found.set(mount, one);
      return one;
    };
    // A subvolume that is mounted by itself has the devices of the filesystem: its shortest mount speaks for all.
    const devices = new Map<string, string>();
    for (const { name, body } of report.sections) {
      const mount = btrfsStats.exec(name)?.[1];
      const device = /^\[(.{1,200}?)\]\./m.exec(body)?.[1];
      if (mount === undefined || device === undefined) continue;
      const known = devices.get(device);
      if (known === undefined || mount.length < known.length) devices.set(device, mount);
    }
    const mains = new Set(devices.values());
    let understood = false;
    for (const { name, body } of report.sections) {
      const [stats, usage] = [btrfsStats.exec(name)?.[1], btrfsUsage.exec(name)?.[1]];
      if (stats !== undefined) {
        const rows = lines(body).map((line) => /^\[.{1,200}\]\.(\w+)\s+(\d{1,15})$/.exec(line.trim()));
        const sound = rows.filter((row) => row !== null);
        understood ||= sound.length > 0 || rows.length === 0;
        if (sound.length > 0) at(stats).errors = sound.reduce((sum, row) => sum + Number(row[2]), 0);
      } else if (usage !== undefined) {
        const space = btrfsSpace(body);
        understood ||= Object.keys(space).length > 0;
        if (Object.keys(space).length > 0) Object.assign(at(usage), space);
      }
    }
    if (!understood) throw new ParseError('No line has a device and a counter, or a size.');
    const all = [...found.values()].filter(({ mount }) => mains.size === 0 || mains.has(mount));
    return all.length > 0 ? { facts: { btrfs: all } } : {};
  },
};

function btrfsSpace(
  body: string,
): Pick<NonNullable<Facts['btrfs']>[number], 'size' | 'unallocated' | 'dataPercent' | 'metadataPercent'> {
  const number = (label: string) =>
    integer(new RegExp(`^[ \\t]{0,20}${label}:[ \\t]{1,40}(\\d{1,19})\\b`, 'm').exec(body)?.[1]);
  const used = (kind: string) => {
    // One line a profile, while a balance changes it.
    let [size, full] = [0, 0];
    for (const line of lines(body)) {
      const row = /^(\w{4,8}),.{1,20}: Size:(\d{1,19}), Used:(\d{1,19})/.exec(line);
      if (row?.[1] !== kind) continue;
      size += Number(row[2]);
      full += Number(row[3]);
    }
    return size > 0 ? Math.round((1000 * full) / size) / 10 : undefined;
  };
  const space = {
    size: number('Device size'),
    unallocated: number('Device unallocated'),
    dataPercent: used('Data'),
    metadataPercent: used('Metadata'),
  };
  return Object.fromEntries(Object.entries(space).filter(([, value]) => value !== undefined));
}
