// Traces of backups: files that a backup leaves behind, with time, size and path.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { integer, lines, notUnderstood } from './lines.ts';
import { epochOf } from './reportTime.ts';

type Backup = NonNullable<Facts['backups']>[number];

export const backups: Collector = {
  section: /^stat \/var\/backups/,
  anyExit: true,
  parse({ body }, report) {
    const left: string[] = [];
    const newest = new Map<string, Backup>();
    const files = new Map<string, { at: number; size: number; path: string }[]>();
    for (const line of lines(body)) {
      const [at, size, ...rest] = line.split(':');
      const path = rest.join(':').replace(/^\/{2,}/, '/');
      const [time, bytes] = [integer(at), integer(size)];
      if (time === undefined || bytes === undefined || !path.startsWith('/')) {
        left.push(line);
        continue;
      }
      const trace = kindOf(path);
      if (!trace) continue;
      const key = `${trace.tool} ${trace.name}`;
      files.set(key, [...(files.get(key) ?? []), { at: time, size: bytes, path }]);
      const before = newest.get(key);
      if (!before || (before.lastSuccessAt ?? 0) < time)
        newest.set(key, { ...trace, lastSuccessAt: time, lastSize: bytes, path });
    }
    if (newest.size === 0 && left.length > 0) throw new ParseError('No line has a time, a size and a path.');
    for (const [key, backup] of newest) {
      const all = files.get(key)!;
      const period = periodOf(all.map(({ at }) => at));
      if (period !== undefined && /^(dump|archive|vzdump|barman|duplicity)$/.test(backup.tool))
        backup.period = period;
      const sizes = /^(dump|archive|vzdump)$/.test(backup.tool) ? sizesOf(all, epochOf(report)) : undefined;
      if (sizes) backup.sizes = sizes;
    }
    return { facts: { backups: [...newest.values()] }, partial: notUnderstood(left) };
  },
};

/** Seconds between files that were made at least four times at even steps of an hour or more; undefined when they were not. */
function periodOf(times: readonly number[]): number | undefined {
  const newest = times.toSorted((a, b) => b - a).slice(0, 8);
  const steps = newest.slice(1).map((time, i) => newest[i]! - time);
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const even = steps.length >= 3 && steps.every((step) => Math.abs(step - usual) < 0.3 * usual);
  return even && usual >= 3600 ? usual : undefined;
}

/** Of at least four; one that was written to in the last half hour may not be complete. */
function sizesOf(
  files: readonly { at: number; size: number; path: string }[],
  now: number,
): Backup['sizes'] | undefined {
  const [newest, ...older] = files.filter(({ at }) => at < now - 1800).toSorted((a, b) => b.at - a.at);
  if (!newest || older.length < 3) return undefined;
  const before = older.slice(0, 7).map(({ size }) => size);
  const usual = before.toSorted((a, b) => a - b)[Math.floor(before.length / 4)]!;
  return { at: newest.at, path: newest.path, last: newest.size, usual };
}

/** Files that a tool writes when a backup has succeeded, and whose backup it is. */
const repositories: readonly [RegExp, string][] = [
  [/^\/var\/lib\/pgbackrest\/backup\/([^/]{1,100})\/backup\.info$/, 'pgbackrest'],
  [/^\/var\/lib\/barman\/([^/]{1,100})\/base\/\d{8}T\d{6}$/, 'barman'],
  [/^\/var\/lib\/vz\/dump\/vzdump-(\w{1,10}-\d{1,10})-[^/]{1,60}\.(?:vma|tar|tgz)(?:\.\w{1,4})?$/, 'vzdump'],
  [/^\/root\/\.cache\/duplicity\/([^/]{1,100})\/duplicity-[^/]{1,100}\.manifest$/, 'duplicity'],
];

/** Which series of backups a file belongs to: the same name without date and number. Debian's own copies of dpkg are no backup. */
function kindOf(path: string): { tool: string; name: string } | undefined {
  const file = path.slice(path.lastIndexOf('/') + 1);
  for (const [pattern, tool] of repositories) {
    const [, name] = pattern.exec(path) ?? [];
    if (name !== undefined) return { tool, name };
  }
  // A report or a note beside an archive is also left by a run that failed.
  if (path.startsWith('/var/lib/vz/dump/') && /\.(log|notes|dat|tmp)$/.test(file)) return undefined;
  const tool = /\b(restic|borg|rsnapshot|duplicity|bacula|bareos|borgmatic)\b/.exec(path)?.[1];
  if (tool) return { tool, name: tool };
  if (
    /^(apt\.extended_states|dpkg\.|alternatives\.tar|passwd\.bak|shadow\.bak|group\.bak|gshadow\.bak)/.test(
      file,
    )
  )
    return undefined;
  if (path.startsWith('/var/log/')) return { tool: 'log', name: file.replace(/[._-]?\d[\d._-]*|\.gz$/g, '') };
  // A folder below: of its files only dumps and archives are backups, where they are made day by day.
  const folder = /^\/var\/backups\/([^/]+)\/[^/]+$/.exec(path)?.[1];
  if (
    folder &&
    (!/\.(sql|dump|pgdump|bak|bkp|ldif|rdb|xbstream|tar|tgz|zip)(\.\w+)?$/.test(file) ||
      /week|month|year|old|archiv/i.test(folder))
  )
    return undefined;
  const undated = file.replace(/\d{4}[-_.]?\d\d[-_.]?\d\d([-_.T]?\d\d[-_.:]?\d\d([-_.:]?\d\d)?)?/g, '');
  // Without a date, a number at the end tells one run from the next.
  const name = (undated === file ? file.replace(/[-_]\d{1,6}(?=\.)/, '') : undated)
    .replace(/[-_.]{2,}/g, '.')
    .replace(/\.\d+(?=\.|$)/g, '');
  const dump = /\.(sql|dump|pgdump|bak|bkp|ldif|rdb|xbstream)(\.\w+)?$/.test(file)
    ? 'dump'
    : /\.(tar|tgz|tar\.\w+|zip)$/.test(file)
      ? 'archive'
      : 'file';
  return { tool: dump, name: name || file };
}
