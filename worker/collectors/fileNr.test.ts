import { expect, it } from 'vitest';
import { read, value } from './sections.fixture.ts';

it('reads open files of the whole system against their limit', () => {
  expect(value(read({ 'cat /proc/sys/fs/file-nr': '2976\t0\t380512' }), 'proc.files_percent')).toBeCloseTo(
    0.782,
    3,
  );
  expect(
    value(read({ 'grep -r . /proc/sys': '/proc/sys/fs/file-nr:900\t0\t1000' }), 'proc.files_percent'),
  ).toBe(90);
});
