import { expect, test } from 'vitest';
import { parsePorts, writePorts } from './portRange.ts';

test('sets of ports', () => {
  expect(parsePorts('80,22, 8000-8002')).toEqual({ ports: [22, 80, 8000, 8001, 8002] });
  expect(parsePorts('1-65535')).toMatchObject({ ports: { length: 65_535 } });
  for (const wrong of ['', '0', '65536', '5-4', 'a', '1-2-3', '-5'])
    expect(parsePorts(wrong)).toHaveProperty('problem');
  expect(writePorts([443, 22, 80, 81, 82])).toBe('22, 80-82, 443');
  expect(writePorts([])).toBe('');
});
