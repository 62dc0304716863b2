import { expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

it('reads the load and the threads, against the smaller of two limits', () => {
  const snapshot = read({
    'cat /proc/loadavg': '0.52 0.48 12.10 3/812 30112',
    'grep -r . /proc/sys': '/proc/sys/kernel/pid_max:4194304\n/proc/sys/kernel/threads-max:8120',
  });
  expect(value(snapshot, 'cpu.load1')).toBe(0.52);
  expect(value(snapshot, 'cpu.load15')).toBe(12.1);
  expect(value(snapshot, 'proc.threads')).toBe(812);
  expect(value(snapshot, 'proc.threads_percent')).toBe(10);
  expect(complaints(snapshot)).toEqual([]);
});

it('takes the comma of another language', () => {
  expect(value(read({ 'cat /proc/loadavg': '0,52 0,48 0,10 3/812 30112' }), 'cpu.load1')).toBe(0.52);
});

it('names a section that is no load', () => {
  expect(complaints(read({ 'cat /proc/loadavg': 'high' }))).toEqual([
    'cat /proc/loadavg: Not understood. There are no three numbers.',
  ]);
});
