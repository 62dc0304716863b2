import { describe, expect, it } from 'vitest';
import { complaints, read, twice, value } from './sections.fixture.ts';

const row = (name: string, n: number[]) => ` 8 0 ${name} ${n.join(' ')}`;
const disks = (...rows: [string, number[]][]) => rows.map(([name, n]) => row(name, n)).join('\n');

describe('/proc/diskstats', () => {
  it('gives rates, latency, queue and busy time', () => {
    const snapshot = read(
      twice(
        'cat /proc/diskstats',
        disks(['sda', [100, 0, 1000, 500, 200, 0, 4000, 3000, 0, 1000, 5000]]),
        disks(['sda', [200, 0, 3048, 1500, 250, 0, 4512, 5000, 2, 1900, 9000]]),
        2,
      ),
    );
    expect(value(snapshot, 'disk.reads', 'sda')).toBe(50);
    expect(value(snapshot, 'disk.read_bytes', 'sda')).toBe((2048 * 512) / 2);
    expect(value(snapshot, 'disk.write_bytes', 'sda')).toBe((512 * 512) / 2);
    expect(value(snapshot, 'disk.read_await', 'sda')).toBe(10);
    expect(value(snapshot, 'disk.write_await', 'sda')).toBe(40);
    expect(value(snapshot, 'disk.await', 'sda')).toBe(20);
    expect(value(snapshot, 'disk.busy', 'sda')).toBe(45);
    expect(value(snapshot, 'disk.queue', 'sda')).toBe(2);
  });

  it('has no latency where nothing was done', () => {
    const still = disks(['sda', [100, 0, 1000, 500, 200, 0, 4000, 3000, 0, 1000, 5000]]);
    const snapshot = read(twice('cat /proc/diskstats', still, still));
    expect(value(snapshot, 'disk.await', 'sda')).toBeUndefined();
    expect(value(snapshot, 'disk.busy', 'sda')).toBe(0);
  });

  it('knows that milliseconds wrap at 2^32 on every kernel', () => {
    const snapshot = read(
      twice(
        'cat /proc/diskstats',
        disks(['sda', [100, 0, 1000, 4_294_967_000, 200, 0, 4000, 10, 0, 4_294_966_796, 5000]]),
        disks(['sda', [200, 0, 1000, 704, 200, 0, 4000, 10, 0, 0, 6000]]),
      ),
    );
    expect(value(snapshot, 'disk.read_await', 'sda')).toBe(10);
    expect(value(snapshot, 'disk.busy', 'sda')).toBe(50);
  });

  it('takes a disk whose operations fell back for a new one, not for a wrap', () => {
    const snapshot = read(
      twice(
        'cat /proc/diskstats',
        disks(['sda', [9000, 0, 1000, 4_294_967_000, 200, 0, 4000, 10, 0, 4_294_966_796, 5000]]),
        disks(['sda', [3, 0, 10, 704, 0, 0, 0, 0, 0, 5, 5]]),
      ),
    );
    expect(snapshot.samples.filter(({ metric }) => metric.startsWith('disk.'))).toEqual([]);
  });

  it('leaves out partitions, empty loops and drives, and keeps a partition that has no disk', () => {
    const some = [1, 0, 8, 1, 1, 0, 8, 1, 0, 1, 2];
    const body = disks(
      ['sda', some],
      ['sda1', some],
      ['nvme0n1', some],
      ['nvme0n1p2', some],
      ['md127', some],
      ['md127p1', some],
      ['dm-0', some],
      ['xvda1', some],
      ['mmcblk0', some],
      ['mmcblk0p1', some],
      ['sr0', some],
      ['loop0', [5, 0, 40, 1, 0, 0, 0, 0, 0, 1, 1]],
      ['loop1', some],
      ['ram0', some],
    );
    const snapshot = read(twice('cat /proc/diskstats', body, body));
    const seen = snapshot.samples
      .filter(({ metric }) => metric === 'disk.reads')
      .map(({ subject }) => subject);
    expect(seen).toEqual(['sda', 'nvme0n1', 'md127', 'dm-0', 'xvda1', 'mmcblk0', 'loop1']);
  });

  it('reads 400 disks with 17 columns', () => {
    const many = (n: number) =>
      Array.from({ length: 400 }, (_, i) =>
        row(`sd${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}`, [
          n,
          0,
          n,
          n,
          n,
          0,
          n,
          n,
          0,
          n,
          n,
          0,
          0,
          0,
          0,
          0,
          0,
        ]),
      ).join('\n');
    const snapshot = read(twice('cat /proc/diskstats', many(0), many(10)));
    expect(snapshot.samples.filter(({ metric }) => metric === 'disk.await')).toHaveLength(400);
  });

  it('counts lines that it could not read', () => {
    const body = `${disks(['sda', [1, 0, 8, 1, 1, 0, 8, 1, 0, 1, 2]])}\n 8 1 sdb 12`;
    expect(complaints(read({ 'cat /proc/diskstats': body }))).toEqual([
      'cat /proc/diskstats: One line was not understood: “8 1 sdb 12”.',
    ]);
  });
});
