// What would be without the cause, in numbers; undefined where that is no number.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatDuration, formatPercent, formatTime } from '#core/format.ts';
import { mountOf } from '#worker/rules/diskSpace.ts';
import { cores, ramBytes } from '#worker/rules/finding.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { valueAt } from '#worker/rules/series.ts';
import type { Attribution } from './attribution.ts';
import { cpuShares, memoryShares, plentyPercent, shortestSince } from './shares.ts';

/** One sentence: 'Without the extra 9.4 GiB of mysqld, available memory would be 61 % instead of 3 %.' */
export function counterfactual(
  picture: Picture,
  root: Finding,
  attribution: Attribution | undefined,
): string | undefined {
  switch (root.id) {
    case 'mem.tmpfs_full':
      return withoutHeld(picture, heldInMemory(picture, root), `files in ${nameOfTmpfs(root)}`);
    case 'mem.hugepages_waste':
      return withoutHeld(picture, picture.latest('mem.hugepages_free'), 'huge pages that nobody uses');
    case 'mem.slab_leak':
      return withoutHeld(picture, picture.latest('mem.slab_unreclaimable'), "the kernel's own objects");
    case 'disk.deleted_open':
      return withoutDeleted(picture, root);
    case 'disk.full':
    case 'disk.fill_forecast':
      return withoutGrowth(picture, root);
  }
  const name = root.subject.kind === 'process' ? root.subject.name : attribution?.subject.name;
  if (!name) return undefined;
  if (/^(mem|db\.(mysql_buffer|mysql_worst|pg_memory|redis_no)|web\.phpfpm_over)/.test(root.id))
    return withoutMemoryOf(picture, root, name);
  if (/^(cpu|proc\.(runaway|suspicious))/.test(root.id)) return withoutCpuOf(picture, root, name);
  if (/^disk\.(saturated|latency)$/.test(root.id) && attribution?.of === 'disk' && attribution.share >= 0.5) {
    const { first } = attribution;
    return `Without ${name}, the disk would carry ${formatBytes(Math.max(0, first.whole - first.amount))}/s instead of ${formatBytes(first.whole)}/s.`;
  }
  return undefined;
}

function withoutMemoryOf(picture: Picture, root: Finding, name: string): string | undefined {
  if (root.id === 'mem.oom_kill') return withoutThen(picture, root, name, root.since - 1, 'just before');
  // What is not running any more holds nothing now.
  const isHere = picture.facts.processGroups?.some((g) => g.name === name) ?? true;
  const shortest = root.latent ? picture.at : shortestSince(picture, root.since);
  if (shortest < picture.at) return withoutThen(picture, root, name, shortest, `at ${formatTime(shortest)}`);
  if (!isHere) return undefined;
  const share = memoryShares(picture, root.latent ? picture.at : root.since).find((s) => s.name === name);
  if (!share || share.share < 0.1) return undefined;
  const resident = picture.facts.processGroups?.find((g) => g.name === name)?.rss ?? share.amount;
  const extra = share.mode === 'change' ? 'the extra ' : 'the ';
  return memoryWithout(picture, Math.min(share.amount, resident), (freed) => `${extra}${freed} of ${name}`);
}

/** Memory that was given back (by who was killed, or ended): what would have been while it was short. */
function withoutThen(
  picture: Picture,
  root: Finding,
  name: string,
  at: number,
  when: string,
): string | undefined {
  const ram = ramBytes(picture);
  const available = valueAt(picture.series('mem.available'), at);
  const share = memoryShares(picture, root.since, at).find((s) => s.name === name);
  const isShort = available !== undefined && ram !== undefined && (100 * available) / ram <= plentyPercent;
  if (!isShort || !share || share.share < 0.1 || share.amount < 0.05 * ram) return undefined;
  const freed = Math.min(share.amount, ram - available);
  const percent = (free: number) => formatPercent((100 * free) / ram);
  const extra = share.mode === 'change' ? 'the extra ' : 'the ';
  return `Without ${extra}${formatBytes(freed)} of ${name}, ${percent(available + freed)} of memory would have been available ${when}, instead of ${percent(available)}.`;
}

const withoutHeld = (picture: Picture, bytes: number | undefined, what: string) =>
  bytes === undefined ? undefined : memoryWithout(picture, bytes, (freed) => `the ${freed} of ${what}`);

/** Less than a twentieth of the RAM makes no difference that is worth a sentence, and none is missed while there is plenty. */
function memoryWithout(picture: Picture, bytes: number, what: (freed: string) => string): string | undefined {
  const ram = ramBytes(picture);
  const available = picture.latest('mem.available');
  if (!ram || available === undefined || (100 * available) / ram > plentyPercent) return undefined;
  const freed = Math.min(bytes, ram - available);
  if (freed < 0.05 * ram) return undefined;
  const percent = (free: number) => formatPercent((100 * free) / ram);
  return `Without ${what(formatBytes(freed))}, available memory would be ${percent(available + freed)} instead of ${percent(available)}.`;
}

function withoutCpuOf(picture: Picture, root: Finding, name: string): string | undefined {
  const busy = picture.latest('cpu.busy');
  const share = cpuShares(picture, root.since).find((s) => s.name === name);
  // A part that makes little difference, or more of it than there is now, says nothing of what would be: others wait for what it leaves.
  const part = (share?.amount ?? 0) / cores(picture);
  if (busy === undefined || !share || share.share < 0.5 || part > busy) return undefined;
  return `Without ${name}, the CPU would be ${formatPercent(busy - part)} busy instead of ${formatPercent(busy)}.`;
}

const nameOfTmpfs = (root: Finding) => (root.subject.kind === 'mount' ? root.subject.name : 'memory');

function heldInMemory(picture: Picture, root: Finding): number | undefined {
  return root.subject.kind === 'mount'
    ? picture.facts.filesystems?.find((f) => f.mount === root.subject.name)?.used
    : picture.latest('mem.shmem');
}

/** The filesystem on which the holder has most. */
function withoutDeleted(picture: Picture, root: Finding): string | undefined {
  const held = new Map<string, number>();
  for (const file of picture.facts.deletedFiles ?? []) {
    const mount = file.process === root.subject.name ? mountOf(picture, file) : undefined;
    if (mount !== undefined) held.set(mount, (held.get(mount) ?? 0) + file.size);
  }
  const [mount, bytes = 0] = [...held].sort((a, b) => b[1] - a[1])[0] ?? [];
  return mount === undefined ? undefined : spaceWithout(picture, mount, bytes, 'in deleted files');
}

/** What came since the filesystem was emptiest in these reports. */
function withoutGrowth(picture: Picture, root: Finding): string | undefined {
  const points = picture.series('fs.available', root.subject.name);
  const emptiest = points.reduce((best, point) => (point[1] >= best[1] ? point : best), points[0] ?? [0, 0]);
  const last = points.at(-1);
  if (!last || emptiest[0] === last[0]) return undefined;
  const span = formatDuration(last[0] - emptiest[0]);
  return spaceWithout(picture, root.subject.name, emptiest[1] - last[1], `that came in the last ${span}`);
}

function spaceWithout(picture: Picture, mount: string, bytes: number, what: string): string | undefined {
  const fs = picture.facts.filesystems?.find((f) => f.mount === mount);
  const room = fs && fs.used + fs.available;
  if (!room || bytes < 0.02 * room || bytes > fs.used) return undefined;
  const percent = (used: number) => {
    const share = (100 * used) / room;
    return share < 1 ? 'less than 1 %' : formatPercent(share);
  };
  return `Without the ${formatBytes(bytes)} ${what}, ${mount} would be ${percent(fs.used - bytes)} full instead of ${percent(fs.used)}.`;
}
