import { expect, it } from 'vitest';
import { harmlessLine, withoutSteering } from './steering.ts';

const steering: Record<string, string> = {
  'an escape of a terminal': '\u001b',
  'a bell': '\u0007',
  'an escape in one byte': '\u009b',
  'the end of a line': '\n',
  'a tab': '\t',
  'an end of a line of Unicode': '\u2028',
  'an override of the direction': '\u202e',
  'an isolate of a direction': '\u2066',
  'the mark of Arabic letters': '\u061c',
  'a space without width': '\u200b',
  'a byte order mark': '\ufeff',
  'an anchor of an annotation': '\ufff9',
  'a letter that is a tag': '\u{e0041}',
};

it.each(Object.entries(steering))('takes %s', (_, character) => {
  expect(harmlessLine(`a${character}b`)).toBe('a?b');
});

it('leaves what people write, in any script', () => {
  const text = 'web-1 é ß Ω Ж שלום سلام नमस्ते 日本 한국 🙂 a\u00a0b\u202fc “…”';
  expect(harmlessLine(text)).toBe(text);
});

it('gives each run to who knows what may stay of it', () => {
  expect(withoutSteering('a\r\n\u001bb\tc', () => '·')).toBe('a·b·c');
  expect(withoutSteering('a\r\n\u001bb\tc', (run) => run.replace(/[^\t]+/g, '·'))).toBe('a·b\tc');
});
