import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { darkPalette, lightPalette, type Palette } from '#core/palette.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours of tokens.css by the names of core/palette.ts: the first or the second of each `light-dark()`. */
function coloursOf(theme: 'light' | 'dark'): Record<string, string> {
  return Object.fromEntries(
    [...css.matchAll(/--rn-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
      ([, name = '', light = '', dark = '']) => [
        name.replace(/-([a-z0-9])/g, (_, next: string) => next.toUpperCase()),
        theme === 'light' ? light : dark,
      ],
    ),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio of two colours. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test('tokens.css says what core/palette.ts says', () => {
  expect(coloursOf('light')).toEqual(lightPalette);
  expect(coloursOf('dark')).toEqual(darkPalette);
  expect(css.match(/#[0-9a-f]{3,8}\b/gi)).toHaveLength(2 * Object.keys(lightPalette).length);
});

describe.each([
  ['light', lightPalette],
  ['dark', darkPalette],
])('contrast, %s', (_, palette: Palette) => {
  const texts = ['ink', 'inkMuted', 'accent', 'critical', 'warning', 'info', 'ok', 'unknown'] as const;
  const grounds = ['paper', 'surface', 'band'] as const;

  test.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    '%s on %s is text (4.5)',
    (text, ground) => expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5),
  );
  test.each(['accent', 'critical', 'warning', 'info', 'ok', 'unknown'] as const)(
    '%s, ink and inkMuted on its own tint are text (4.5)',
    (name) => {
      for (const text of [palette[name], palette.ink, palette.inkMuted])
        expect(contrast(text, palette[`${name}Soft`])).toBeGreaterThanOrEqual(4.5);
    },
  );
  test('text on a filled button (4.5)', () =>
    expect(contrast(palette.accentInk, palette.accent)).toBeGreaterThanOrEqual(4.5));
  test.each(['lineStrong', 'chart1', 'chart2', 'chart3', 'chart4', 'chart5', 'chart6'] as const)(
    '%s can be made out (3.0)',
    (name) => {
      for (const ground of grounds)
        expect(contrast(palette[name], palette[ground])).toBeGreaterThanOrEqual(3);
    },
  );
});
