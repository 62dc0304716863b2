import { expect, test } from 'vitest';
import { isNear, lookUp, type LookupEntry } from './lookup.ts';

const entry = (url: string, title: string, names: string[], errors: string[] = []): LookupEntry => ({
  url,
  title,
  kind: 'problem',
  area: 'storage',
  names,
  errors,
});
const entries = [
  entry(
    '/problems/filesystem-almost-full/',
    'Filesystem almost full',
    ['disk full', 'enospc', 'disk.full'],
    ['no space left on device'],
  ),
  entry('/commands/df/', 'df: free space of filesystems', ['df', 'coreutils']),
  entry('/files/proc-meminfo/', '/proc/meminfo: where memory goes', ['proc-meminfo', '/proc/meminfo']),
  entry('/problems/high-load-average/', 'Load average far above the core count', [
    'load average',
    'cpu.load_high',
  ]),
];
const first = (query: string) => lookUp(entries, query)[0]?.entry.url;

test('exact names come first: commands, paths, rule ids', () => {
  expect(first('df')).toBe('/commands/df/');
  expect(first('/proc/meminfo')).toBe('/files/proc-meminfo/');
  expect(first('cpu.load_high')).toBe('/problems/high-load-average/');
});

test('a pasted log line finds the message in it', () => {
  expect(first('rsync: write failed on "/srv/x": No space left on device (28)')).toBe(
    '/problems/filesystem-almost-full/',
  );
  expect(first('no space left')).toBe('/problems/filesystem-almost-full/');
});

test('slips of the finger and questions are forgiven', () => {
  expect(first('laod averge')).toBe('/problems/high-load-average/');
  expect(first('why is my disk full')).toBe('/problems/filesystem-almost-full/');
  expect(lookUp(entries, 'zebra')).toEqual([]);
  expect(lookUp(entries, 'x')).toEqual([]);
});

test('near words differ by one edit, long ones by two; short ones by none', () => {
  expect(isNear('laod', 'load')).toBe(true);
  expect(isNear('sytemd', 'systemd')).toBe(true);
  expect(isNear('cat', 'car')).toBe(false);
  expect(isNear('filesytsem', 'filesystem')).toBe(true);
  expect(isNear('memory', 'network')).toBe(false);
});
