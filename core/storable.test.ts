import { expect, it } from 'vitest';
import { storableJson, storableText } from './storable.ts';

it('takes NUL and halves of surrogate pairs out of texts and keys, at any depth, and keeps all else', () => {
  expect(storableText('a\0b\ud800c😀')).toBe('ab\ufffdc😀');
  const hostile = { 'k\0': ['x\0', { '\udfff': 'y\ud83d' }], n: 1, none: null, yes: true };
  expect(JSON.parse(storableJson(hostile))).toEqual({
    k: ['x', { '\ufffd': 'y\ufffd' }],
    n: 1,
    none: null,
    yes: true,
  });
});

it('leaves what can be stored as it is, also a text that only looks like an escape', () => {
  const fine = { path: 'C:\\u0000', smile: '😀', list: [1, 'é'] };
  expect(storableJson(fine)).toBe(JSON.stringify(fine));
});
