// /proc/diskstats: what each disk did. https://docs.kernel.org/admin-guide/iostats.html
import type { Counter } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, notUnderstood } from './lines.ts';

/** Sectors here are always 512 bytes, whatever the disk has. */
const sector = 512;
/** Milliseconds are an unsigned int in the kernel, on 64 bit too. */
const msWrap = 2 ** 32;

export const diskstats: Collector = {
  section: 'cat /proc/diskstats',
  parse({ body }) {
    const rows = new Map<string, number[]>();
    const left: string[] = [];
    for (const line of body.split('\n')) {
      if (line.trim() === '') continue;
      const fields = columns(line);
      const name = fields[2];
      const numbers = fields.slice(3).map(Number);
      // 11 numbers since 2.6.25, 15 with discards since 4.18, 17 with flushes since 5.5.
      if (name === undefined || numbers.length < 11 || !numbers.every(Number.isFinite)) left.push(line);
      else rows.set(name, numbers);
    }
    if (rows.size === 0 && left.length > 0) throw new ParseError('No line has the 14 columns of a disk.');
    const counters: Counter[] = [];
    for (const [name, numbers] of rows) {
      if (isSeries(name, numbers, rows)) counters.push(...disk(name, numbers));
    }
    return { counters, partial: notUnderstood(left) };
  },
};

/** Partitions repeat their disk; RAM disks, floppies, empty drives and read-only loops (snaps) say nothing. */
function isSeries(name: string, numbers: number[], rows: Map<string, number[]>): boolean {
  if (/^(ram|fd|sr)\d/.test(name)) return false;
  if (/^(loop|zram|nbd)\d/.test(name)) return (numbers[6] ?? 0) > 0;
  const parent =
    /^((?:nvme\d+n\d+|mmcblk\d+|md\d+|nbd\d+))p\d+$/.exec(name)?.[1] ??
    /^([shvx]v?d[a-z]+)\d+$/.exec(name)?.[1];
  // xvda1 without xvda is how some Xen guests get their disk.
  return parent === undefined || !rows.has(parent);
}

function disk(subject: string, n: number[]): Counter[] {
  const [
    reads = 0,
    ,
    readSectors = 0,
    readMs = 0,
    writes = 0,
    ,
    writeSectors = 0,
    writeMs = 0,
    ,
    busyMs = 0,
    queueMs = 0,
  ] = n;
  const counters: Counter[] = [
    { metric: 'disk.reads', subject, value: reads },
    { metric: 'disk.writes', subject, value: writes },
    { metric: 'disk.read_bytes', subject, value: readSectors * sector },
    { metric: 'disk.write_bytes', subject, value: writeSectors * sector },
  ];
  // Some drivers (md before 5.13) count operations but no time: an await of 0 ms would be a lie.
  if (readMs + writeMs + busyMs === 0 && reads + writes > 0) return counters;
  counters.push(
    { metric: 'disk.read_await', subject, value: readMs, per: reads, wrap: msWrap },
    { metric: 'disk.write_await', subject, value: writeMs, per: writes, wrap: msWrap },
    // Milliseconds with a request under way, of 1000 in a second, in percent.
    { metric: 'disk.busy', subject, value: busyMs / 10, wrap: msWrap / 10 },
    { metric: 'disk.queue', subject, value: queueMs / 1000, wrap: msWrap / 1000 },
  );
  return counters;
}
