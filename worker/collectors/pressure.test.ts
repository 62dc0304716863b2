import { expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

const line = (some: string, full: string) =>
  `some avg10=9.00 avg60=${some} avg300=1.00 total=81234\nfull avg10=8.00 avg60=${full} avg300=0.50 total=71234`;

it('takes the mean of a minute, from files or from lines with a path', () => {
  const files = read({
    'cat /proc/pressure/memory': line('12.50', '9.25'),
    'cat /proc/pressure/cpu': line('3.00', '0.00'),
  });
  expect(value(files, 'mem.pressure.some')).toBe(12.5);
  expect(value(files, 'mem.pressure.full')).toBe(9.25);
  expect(value(files, 'cpu.pressure.some')).toBe(3);
  const grep = read({
    'grep -r . /proc/pressure': line('1.50', '0.75').replace(/^/gm, '/proc/pressure/io:'),
  });
  expect(value(grep, 'io.pressure.some')).toBe(1.5);
  expect(value(grep, 'io.pressure.full')).toBe(0.75);
  expect(grep.partial).toEqual([]);
});

it('reads kernels before 5.13, where the CPU has only "some"', () => {
  const snapshot = read({ 'cat /proc/pressure/cpu': 'some avg10=0.00 avg60=0.12 avg300=0.00 total=1' });
  expect(value(snapshot, 'cpu.pressure.some')).toBe(0.12);
});

it('says that pressure is switched off', () => {
  expect(complaints(read({ 'cat /proc/pressure/io': 'Operation not supported' }))).toEqual([
    'cat /proc/pressure/io: Not understood. There is no line with avg60.',
  ]);
});
