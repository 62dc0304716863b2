// Sizes as tools write them for people.

/** `10.00g`, `1024`, `512MB`, `256G`, `8 GiB`: bytes, with steps of 1024. undefined when it is no size. */
export function sizeIn(text: string): number | undefined {
  const found = /^\s*<?(\d{1,18}(?:[.,]\d{1,6})?)\s*([kKmMgGtTpPeE]?)(?:i?[bB])?\s*$/.exec(text);
  if (!found) return undefined;
  const power = ['', 'k', 'm', 'g', 't', 'p', 'e'].indexOf(found[2]!.toLowerCase());
  return Math.round(Number(found[1]!.replace(',', '.')) * 1024 ** power);
}
