// Facts come in pieces: several sections of one report, and a minute run that says less than the hourly one before it.
import type { FactName, Facts } from '#core/facts.ts';

type Item<K extends FactName> = NonNullable<Facts[K]> extends (infer T)[] ? T : never;

/** What makes two items of a list the same thing. A list without a line here is only ever given whole, by one collector. */
const factKeys: { [K in FactName]?: (item: Item<K>) => string } = {
  filesystems: (item) => item.mount,
  fstab: (item) => `${item.source} ${item.mount}`,
  blockDevices: (item) => item.name,
  smart: (item) => item.device,
  md: (item) => item.name,
  lvm: (item) => `${item.group}/${item.name}`,
  zfs: (item) => item.name,
  btrfs: (item) => item.mount,
  interfaces: (item) => item.name,
  listeners: (item) => `${item.protocol} ${item.address} ${item.port}`,
  bonds: (item) => item.name,
  users: (item) => item.name,
  admins: (item) => `${item.name} ${item.via}`,
  units: (item) => item.name,
  timers: (item) => item.name,
  processGroups: (item) => item.name,
  cgroups: (item) => item.path,
  containers: (item) => item.id,
  certificates: (item) => item.path,
  phpFpm: (item) => item.pool,
  edac: (item) => `${item.controller} ${item.label ?? ''}`,
  ups: (item) => item.name,
};

type Plain = Record<string, unknown>;

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === '';
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** Numbers that a short run does not know and gives as 0. With its size known, a filesystem that has 0 bytes left is full. */
function isUnknown(item: Plain, name: string): boolean {
  if (name === 'used' || name === 'available') return !item['size'];
  return name === 'size' || name === 'restarts';
}

/** `over` on top of `under`: a field that `over` does not fill in stays as it was. */
function layer(under: Plain, over: Plain): Plain {
  const joined = { ...under };
  for (const name of Object.keys(over)) {
    const value = over[name];
    const unknown = value === 0 ? isUnknown(over, name) : isEmpty(value);
    if (!unknown || !(name in joined)) joined[name] = value;
  }
  return joined;
}

function joinLists(name: FactName, under: Plain[], over: Plain[], addMissing: boolean): Plain[] {
  const key = factKeys[name] as ((item: Plain) => string) | undefined;
  if (!key) return addMissing ? [...under, ...over] : over;
  const known = new Map(under.map((item) => [key(item), item]));
  const seen = new Set<string>();
  const joined = over.map((item) => {
    seen.add(key(item));
    const below = known.get(key(item));
    return below ? layer(stillTrue(name, below, item), item) : item;
  });
  return addMissing ? [...under.filter((item) => !seen.has(key(item))), ...joined] : joined;
}

/** Fields that stay true of a thing whose state has changed: what its file says, not what its last run said. */
const lasting: Partial<Record<FactName, readonly string[]>> = {
  units: ['enabled', 'restarts', 'memoryMax', 'tasksMax', 'description'],
  processGroups: ['executable', 'deleted', 'users', 'cgroup', 'swap'],
  cgroups: ['pidsLimit', 'ioLimit'],
};

function stillTrue(name: FactName, below: Plain, item: Plain): Plain {
  const fields = lasting[name];
  if (!fields || (name === 'units' && below['active'] === item['active'] && below['sub'] === item['sub']))
    return below;
  // A program that was started anew runs from the file that is there now; whose it is, who starts it says.
  const anew = name === 'processGroups' && below['startedAt'] !== item['startedAt'];
  const kept: Plain = {};
  for (const field of anew ? ['cgroup', 'users'] : fields)
    if (below[field] !== undefined) kept[field] = below[field];
  return kept;
}

/** Both together, item by item and field by field; where both say something, `over` counts. */
export function joinFacts(under: Facts, over: Facts): Facts {
  const joined = { ...under } as Plain;
  for (const [name, value] of Object.entries(over) as [FactName, unknown][]) {
    const below = joined[name];
    if (Array.isArray(below) && Array.isArray(value)) joined[name] = joinLists(name, below, value, true);
    else if (isRecord(below) && isRecord(value)) joined[name] = layer(below, value);
    else joined[name] = value;
  }
  return joined as Facts;
}

/**
 * Facts that a short run gives only in part, and the section that makes them whole. Without that section the fields that are
 * missing are taken from the report before.
 */
const wholeWith: Partial<Record<FactName, RegExp>> = {
  host: /^cat \/sys\/class\/dmi|^systemd-detect-virt/,
  kernel: /^cat \/proc\/cmdline/,
  memory: /^cat \/sys\/kernel\/mm\/transparent_hugepage/,
  interfaces: /^ip .*addr/,
  listeners: /^ss -[A-Za-z]*p/,
  units: /^systemctl show\b(?!.*--state)/,
  filesystems: /^never$/,
  smart: /^never$/,
  containers: /^(docker|podman) inspect/,
  packages: /^(apt|dnf|zypper|apk|pacman|dpkg) /,
  // What their files say comes hourly, and the tables of PostgreSQL with it.
  mysql: /^grep -r \. \/etc$/,
  postgresql: /^grep -r \. \/etc$/,
  redis: /^grep -r \. \/etc$/,
  // Limits of tasks and I/O come hourly; the programs' files are listed with them.
  cgroups: /^ls -l \/proc\/\[0-9\]\*\/exe$/,
  processGroups: /^ls -l \/proc\/\[0-9\]\*\/exe$/,
};

/** Facts of this report, with what only a longer run says taken from the one before. Things that are gone stay gone. */
export function completeFacts(now: Facts, before: Facts, sections: readonly string[]): Facts {
  const complete = { ...now } as Plain;
  for (const [name, whole] of Object.entries(wholeWith) as [FactName, RegExp][]) {
    const value = complete[name];
    const below = before[name];
    if (value === undefined || below === undefined || sections.some((section) => whole.test(section)))
      continue;
    if (Array.isArray(value)) complete[name] = joinLists(name, below as unknown as Plain[], value, false);
    else complete[name] = layer(below as Plain, value as Plain);
  }
  return complete as Facts;
}

/**
 * What a list told in half does not name is not gone: it stays as it was. Never more than there was before, so that names do not pile up.
 * Programs come and go too quickly for that: of those it is known that their table was cut.
 */
export function keepUnlisted(now: Facts, before: Facts, halves: ReadonlySet<FactName>): Facts {
  const kept = { ...now } as Plain;
  for (const name of halves) {
    const [value, below] = [kept[name], before[name]];
    const key = factKeys[name] as ((item: Plain) => string) | undefined;
    if (name === 'processGroups' || !Array.isArray(value) || !Array.isArray(below) || !key) continue;
    const listed = new Set((value as Plain[]).map(key));
    const unlisted = (below as unknown as Plain[]).filter((item) => !listed.has(key(item)));
    kept[name] = [...value, ...unlisted.slice(0, Math.max(0, below.length - value.length))];
  }
  return kept as Facts;
}

const isRecord = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
