import { expect, test } from 'vitest';
import { isSetup, promptOf, showPlaceholders } from './fence.ts';

test('placeholders show their value, or the usual one of their kind', () => {
  expect(showPlaceholders('{{int:1234}} {{size:5.0M}} pid {{pid}}')).toBe('1234 5.0M pid 2417');
  expect(showPlaceholders('{{nobody}} ${{x}} {{ a }}')).toBe('{{nobody}} ${{x}} {{ a }}');
});

test('a setup fence is known by its word, not by a part of one', () => {
  expect(isSetup('setup')).toBe(true);
  expect(isSetup('env=ns setup')).toBe(true);
  expect(isSetup('title="setup.sh"')).toBe(false);
  expect(isSetup(undefined)).toBe(false);
});

test('prompts are two characters; a bare # or a comment of output is none', () => {
  expect(promptOf('# df -h')).toBe('# ');
  expect(promptOf('$ id')).toBe('$ ');
  expect(promptOf('> next line')).toBe('> ');
  expect(promptOf('#1 SMP')).toBe('');
  expect(promptOf('')).toBe('');
});
