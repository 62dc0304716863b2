// Reads CSV line by line: header, quoted cells, times as ISO or epoch. Errors name the line.

export class TableError extends Error {
  override name = 'TableError';
}

/** Longest line that is read; a longer one is no table of numbers. */
const longest = 1_000_000;

/** Lines of a stream of text, without their ends. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    if (rest.length > longest)
      throw new TableError('A line is longer than a million characters; this is not a table.');
    for (const part of parts) yield part.replace(/\r$/, '');
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}

/** Cells of a line. Quotes are taken off; a quote that never ends is an error. */
export function cellsOf(line: string, number: number): string[] {
  if (!line.includes('"')) return line.split(',').map((c) => c.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quoted && c === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  if (quoted) throw new TableError(`Line ${number}: a quote is not closed.`);
  cells.push(cell.trim());
  return cells;
}

/** Epoch seconds of '2025-03-01 04:12:05', '2025-03-01T04:12:05Z', '1740802325' or the same in milliseconds; undefined when it is no time. */
export function timeOf(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?(e\d+)?$/i.test(text)) {
    const value = Number(text);
    return Math.abs(value) >= 1e11 ? value / 1000 : value;
  }
  const iso =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(text);
  if (!iso) return undefined;
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '0', zone = 'Z'] = iso;
  const utc =
    Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) / 1000 +
    Number(fraction);
  const date = new Date(utc * 1000);
  if (date.getUTCMonth() !== Number(mo) - 1 || date.getUTCDate() !== Number(d)) return undefined;
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  return offset
    ? utc - (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3600 + Number(offset[3]) * 60)
    : utc;
}

/** A cell as a number; NaN for an empty one and for the usual words for nothing; undefined when it is something else. */
export function numberIn(text: string): number | undefined {
  if (/^(|nan|na|n\/a|null|none|-|inf|-inf|\+inf|infinity|-infinity)$/i.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
