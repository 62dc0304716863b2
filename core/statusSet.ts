// Sets of HTTP statuses as people write them: `200`, `2xx`, `200-299,404`. Pure.

const parsed = new Map<string, StatusSet>();
type StatusSet = { test: (status: number) => boolean } | { problem: string };

/** A test for a status, or a sentence that names the part that cannot be read. */
export function parseStatus(text: string): StatusSet {
  const kept = parsed.get(text);
  if (kept) return kept;
  const set = readStatus(text);
  if (parsed.size >= 200) parsed.clear();
  parsed.set(text, set);
  return set;
}

function readStatus(text: string): StatusSet {
  const ranges: [number, number][] = [];
  for (const part of text.split(/[\s,]+/).filter((one) => one !== '')) {
    const range = rangeOf(part);
    if (!range) return { problem: `'${part}' is not a status: write 200, 2xx or 200-299` };
    ranges.push(range);
  }
  if (ranges.length === 0) return { problem: 'The set of expected statuses is empty' };
  return { test: (status) => ranges.some(([from, to]) => status >= from && status <= to) };
}

function rangeOf(part: string): [number, number] | undefined {
  const hundred = /^([1-5])xx$/i.exec(part);
  if (hundred) return [Number(hundred[1]) * 100, Number(hundred[1]) * 100 + 99];
  const range = /^([1-9]\d\d)(?:-([1-9]\d\d))?$/.exec(part);
  const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
  return range && to >= from ? [from, to] : undefined;
}
