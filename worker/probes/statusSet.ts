// Sets of HTTP statuses as people write them: `200`, `2xx`, `200-299,404`.
import { ProbeFailure } from './attempt.ts';

const parsed = new Map<string, (status: number) => boolean>();

/** A test for a status. Throws ProbeFailure 'prober-error' that names the part it cannot read. */
export function parseStatus(text: string): (status: number) => boolean {
  const kept = parsed.get(text);
  if (kept) return kept;
  const ranges = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(rangeOf);
  if (ranges.length === 0) throw new ProbeFailure('prober-error', 'The set of expected statuses is empty');
  const test = (status: number): boolean => ranges.some(([from, to]) => status >= from && status <= to);
  if (parsed.size >= 200) parsed.clear();
  parsed.set(text, test);
  return test;
}

function rangeOf(part: string): [number, number] {
  const hundred = /^([1-5])xx$/i.exec(part);
  if (hundred) return [Number(hundred[1]) * 100, Number(hundred[1]) * 100 + 99];
  const range = /^(\d{3})(?:-(\d{3}))?$/.exec(part);
  if (!range || Number(range[2] ?? range[1]) < Number(range[1])) {
    throw new ProbeFailure('prober-error', `'${part}' is not a status: write 200, 2xx or 200-299`);
  }
  return [Number(range[1]), Number(range[2] ?? range[1])];
}
