import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isPlanned } from './unlinkPlanned.ts';

test('only what is planned and not there yet is unlinked', () => {
  const content = mkdtempSync(join(tmpdir(), 'content-'));
  mkdirSync(join(content, 'commands'));
  writeFileSync(join(content, 'planned.json'), '["commands/df", "commands/du"]');
  writeFileSync(join(content, 'commands/df.md'), '');
  expect(isPlanned('/commands/du/', content)).toBe(true);
  expect(isPlanned('/commands/du/#read', content)).toBe(true);
  expect(isPlanned('/commands/df/', content)).toBe(false);
  expect(isPlanned('/commands/nothing/', content)).toBe(false);
  expect(isPlanned('https://example.org/commands/du/', content)).toBe(false);
  rmSync(content, { recursive: true });
});
