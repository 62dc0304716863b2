// The ranges of time that charts offer.

export const ranges = [
  { name: '1h', words: '1 hour', seconds: 3600 },
  { name: '6h', words: '6 hours', seconds: 6 * 3600 },
  { name: '24h', words: '24 hours', seconds: 24 * 3600 },
  { name: '7d', words: '7 days', seconds: 7 * 86_400 },
  { name: '30d', words: '30 days', seconds: 30 * 86_400 },
  { name: '1y', words: 'a year', seconds: 365 * 86_400 },
] as const;

/** Of the address of a page (`?range=24h`); `fallback` when it names none. */
export function rangeSeconds(url: URL, fallback: number): number {
  const name = url.searchParams.get('range');
  return ranges.find((range) => range.name === name)?.seconds ?? fallback;
}
