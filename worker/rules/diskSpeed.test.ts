import { expect, it } from 'vitest';
import { handmadePicture } from '#worker/picture/handmade.ts';
import { findProblems } from './findProblems.ts';

/** Slow devices, and what each is said to lie on. */
function told(slow: readonly string[], parents: Record<string, string[]>): string[] {
  const series = slow.flatMap((name) => [
    [`disk.busy{${name}}`, 99],
    [`disk.await{${name}}`, 400],
    [`disk.queue{${name}}`, 40],
    [`disk.writes{${name}}`, 100],
    [`disk.write_bytes{${name}}`, 2 ** 20],
  ]);
  const picture = handmadePicture({
    series: Object.fromEntries(series),
    facts: {
      blockDevices: Object.entries(parents).map(([name, own]) => ({
        name,
        type: 'disk',
        size: 1e12,
        parents: own,
        mounts: [],
      })),
    },
  });
  return findProblems(picture).flatMap(({ id, subject }) => (id === 'disk.latency' ? [subject.name] : []));
}

it('tells of the lowest of devices that lie on each other', () => {
  expect(told(['dm-0', 'md0', 'sda'], { 'dm-0': ['md0'], md0: ['sda', 'sdb'] })).toEqual(['sda']);
  expect(told(['dm-0', 'sdc'], { 'dm-0': ['md0'], md0: ['sda', 'sdb'] })).toEqual(['dm-0', 'sdc']);
});

it('leaves out none that is said to lie on itself, and takes no time for ways without number', () => {
  expect(told(['sda', 'sdb', 'sdc'], { sda: ['sda'], sdb: ['sdc'], sdc: ['sdb'] })).toEqual([
    'sda',
    'sdb',
    'sdc',
  ]);
  const layers: Record<string, string[]> = {};
  for (let i = 0; i < 60; i++) for (const side of 'ab') layers[`${side}${i}`] = [`a${i + 1}`, `b${i + 1}`];
  const begin = process.cpuUsage();
  expect(told(['a0', 'b59'], layers)).toEqual(['b59']);
  expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(5);
});
