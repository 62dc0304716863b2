import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, wrapLine } from './wrapLine.ts';

describe('a wrapped line', () => {
  it('breaks between words, and what is continued stands where it is told', () => {
    expect(wrapLine('  └─ one two three four five six', 16, '     ')).toEqual([
      '  └─ one two three',
      '     four five six',
    ]);
    expect(wrapLine('short', 16, '  ')).toEqual(['short']);
  });

  it('ends colours at the end of a line and begins them again on the next', () => {
    const [first, second] = wrapLine(
      '\u001b[1m\u001b[31mone two three four five\u001b[39m\u001b[22m six',
      16,
      '  ',
    );
    expect(first).toBe('\u001b[1m\u001b[31mone two three\u001b[0m');
    expect(second).toBe('  \u001b[1m\u001b[31mfour five\u001b[39m\u001b[22m six');
  });

  it('leaves a number with its unit', () => {
    expect(wrapLine('memory would be 80 % instead of 4.7 %.', 36, '  ')).toEqual([
      'memory would be 80 % instead of',
      '  4.7 %.',
    ]);
    expect(wrapLine('it has carried 12 MiB/s of 40 bytes', 18, '')).toEqual([
      'it has carried',
      '12 MiB/s of 40',
      'bytes',
    ]);
    expect(wrapLine('at 14:36:11 UTC it was 3 minutes late', 23, '')).toEqual([
      'at 14:36:11 UTC it was',
      '3 minutes late',
    ]);
  });

  it('counts the columns that a terminal takes', () => {
    expect(columnsOf('\u001b[1mab\u001b[0m')).toBe(2);
    expect(columnsOf('日本')).toBe(4);
    expect(columnsOf('e\u0301')).toBe(1);
  });

  it('keeps all words in order, and no line is longer than it must be', () => {
    const word = fc.stringMatching(/^[a-z0-9/.%]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 30, max: 120 }),
        (words, width) => {
          const lines = wrapLine(words.join(' '), width, '   ');
          expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(words);
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
