import { expect, it } from 'vitest';
import { read, twice, value } from './sections.fixture.ts';

it('adds up the cores; the numbers are hexadecimal and wrap at 2^32', () => {
  const rest = ' 00000000'.repeat(8);
  const snapshot = read(
    twice(
      'cat /proc/net/softnet_stat',
      `00005949 0000000a 00000010${rest}\n0000007b ffffffe0 00000000${rest}`,
      `00005999 0000000a 00000020${rest}\n0000007b fffffff0 00000004${rest}`,
    ),
  );
  expect(value(snapshot, 'net.softnet_dropped')).toBe(16);
  expect(value(snapshot, 'net.softnet_squeezed')).toBe(20);
});
