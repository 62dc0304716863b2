// Which numbers of an article are far from those of this run. `match=shape` compares forms; this finds what was typed by hand, or has aged.
import { alignment, type Mode, plain } from './compare.ts';

/** Numbers further apart than this factor are worth a look: a busy machine explains less, another kind of value more. */
const factor = 8;
const scale: Record<string, number> = {
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
  m: 1e-3,
  u: 1e-6,
  µ: 1e-6,
  n: 1e-9,
};
const number =
  /(?<![\w.:/-])(\d+(?:\.\d+)?)(?:([KMGT])i?B?\b|([mnuµ])s\b|s\b|%|B\b)?(?![\w.:/-]*\d[:/-]\d|[\w:/-])/g;

/** `written → printed` of each pair of aligned lines in which some number is off by more than the factor. Zero is near only to numbers below 1. */
export function farNumbers(written: readonly string[], printed: readonly string[], mode: Mode): string[] {
  if (mode !== 'shape' && mode !== 'set') return [];
  const pairs = alignment([...written], [...printed], mode);
  return written.flatMap((line, index) => {
    const to = pairs[index];
    if (to === undefined) return [];
    const [ours, theirs] = [numbersOf(plain(line)), numbersOf(printed[to]!)];
    if (ours.length !== theirs.length) return [];
    const far = ours.some((value, i) => isFar(value, theirs[i]!));
    return far ? [`${line.trim()}\n    → ${printed[to]!.trim()}`] : [];
  });
}

function isFar(a: number, b: number): boolean {
  const [small, large] = a < b ? [a, b] : [b, a];
  return large >= 1 && large > factor * Math.max(small, 0.1);
}

function numbersOf(line: string): number[] {
  return [...line.matchAll(number)].map(
    ([, digits, size, time]) => Number(digits) * (scale[size ?? time ?? ''] ?? 1),
  );
}
