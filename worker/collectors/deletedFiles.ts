// Deleted files that a process still holds open: their space is used until it closes them.
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, notUnderstood } from './lines.ts';
import { mountPoints } from './filesystems.ts';
import { tableOf } from './processes.ts';

type File = NonNullable<Facts['deletedFiles']>[number];

export const deletedFiles: Collector = {
  section: 'ls -lL /proc/[0-9]*/fd',
  anyExit: true,
  parse({ body }, report) {
    const left: string[] = [];
    const files = new Map<string, File>();
    const groups = new Map(tableOf(report).rows.map(({ pid, group }) => [pid, group]));
    const mounts = mountPoints(report).toSorted((a, b) => b.length - a.length);
    for (const line of lines(body)) {
      // size, blocks of 512 bytes, device:inode, /proc/PID/fd/N, former path
      const [size, blocks, inode, from, name] = columns(line, 5);
      // The process ended while it was looked at.
      if (/^\/proc\/\d{1,10}\/fd\//.test(size ?? '')) continue;
      const pid = integer(/^\/proc\/(\d{1,10})\/fd\//.exec(from ?? '')?.[1]);
      if (integer(size) === undefined || pid === undefined || !inode || !name) {
        left.push(line);
        continue;
      }
      // Several processes may hold one file: its space counts once. A sparse file has fewer blocks than its size says.
      if (files.has(inode)) continue;
      const path = name.replace(/ \(deleted\)$/, '');
      const mount = mounts.find(
        (point) => path === point || path.startsWith(point === '/' ? '/' : `${point}/`),
      );
      const held = Math.min(Number(size), (integer(blocks) ?? Infinity) * 512);
      if (held > 0)
        files.set(inode, {
          process: groups.get(pid) ?? `process ${pid}`,
          pid,
          path,
          size: held,
          ...(mount ? { mount } : {}),
        });
    }
    if (files.size === 0 && left.length > 0) throw new ParseError('No line has a size and a path.');
    const list = [...files.values()].toSorted((a, b) => b.size - a.size);
    const sums = new Map<string, number>();
    for (const { mount, size } of list) if (mount) sums.set(mount, (sums.get(mount) ?? 0) + size);
    const samples: Sample[] = [...sums].map(([subject, value]) => ({
      metric: 'fs.deleted_open',
      subject,
      value,
    }));
    return { facts: { deletedFiles: list.slice(0, 300) }, samples, partial: notUnderstood(left) };
  },
};
