import { expect, it } from 'vitest';
import type { Finding } from '#core/diagnosis.ts';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import { ioOfCause } from './evidence.ts';

const about = (kind: Finding['subject']['kind'], name: string) =>
  ({ since: startOfTests, subject: { kind, name } }) as Finding;

it('measures the bytes of a process by those of the disk that is slow, not of all disks', () => {
  const MB = 1e6;
  const picture = handmadePicture({
    series: {
      'disk.read_bytes{sda}': 900 * MB,
      'disk.write_bytes{sda}': 0,
      'disk.read_bytes{sdb}': 100 * MB,
      'disk.write_bytes{sdb}': 0,
      'proc.group.read_bytes{backup}': 100 * MB,
    },
  });
  const held = (effect: Finding) =>
    ioOfCause(0.5)({ picture, cause: about('process', 'backup'), effect, matchEntities: true });
  expect(held(about('device', 'sdb'))).toMatchObject({ because: expect.stringContaining('100 %') as string });
  expect(held(about('device', 'sda'))).toBe('backup moves only 11 % of what the disks carry');
  expect(held(about('server', 'web1'))).toBe('backup moves only 10 % of what the disks carry');
});
