// The raw numbers of SMART attributes.

/** Vendors pack several numbers in the 48 bits: 188 has its count in the low 16, temperatures in the low 8, the rest in the low 32. */
export function rawValue(id: number, value: number, text: string): number {
  const shown = Number(/^\d{1,15}/.exec(text)?.[0] ?? NaN);
  if (id === 188) return value % 2 ** 16;
  if (id === 190 || id === 194) return value % 256;
  if (Number.isFinite(shown) && shown < 2 ** 32) return shown;
  return value >= 2 ** 32 && [5, 187, 196, 197, 198, 199].includes(id) ? value % 2 ** 32 : value;
}
