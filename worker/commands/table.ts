// Reads CSV line by line: commas, semicolons or tabs, quoted cells, times as ISO or epoch. Errors name the line.
import { InputError } from './inputError.ts';

/** Longest line that is read; a longer one is no table of numbers. */
const longest = 1_000_000;

export interface Line {
  /** From 1 on, empty ones counted. */
  number: number;
  text: string;
}

/** Lines of a stream of text without their ends and without empty ones, as many at a time as the stream brings. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Line[]> {
  let rest = '';
  let number = 0;
  const cut = (text: string): Line => ({
    number: ++number,
    text: (number === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, ''),
  });
  // A spreadsheet may say in a first line what separates cells; the next line shows it.
  const full = ({ number: n, text }: Line) => text.trim() !== '' && !(n === 1 && /^"?sep=.?"?$/i.test(text));
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    if (rest.length > longest)
      throw new InputError('A line is longer than a million characters; this is not a table.');
    if (parts.length > 0) yield parts.map(cut).filter(full);
  }
  if (rest !== '') yield [cut(rest)].filter(full);
}

export type Separator = ',' | ';' | '\t';

/** What separates the cells of a table: the first such sign of its first line that stands outside of quotes. */
export function separatorOf(line: string): Separator {
  const sign = /[,;\t]/.exec(line.replaceAll(/"[^"]*"/g, ''))?.[0];
  return (sign ?? ',') as Separator;
}

/** Cells of a line. Quotes are taken off; a quote that never ends is an error. */
export function cellsOf({ number, text }: Line, separator: Separator): string[] {
  if (!text.includes('"')) return text.split(separator).map((c) => c.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted && c === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  if (quoted) throw new InputError(`Line ${number}: a quote is not closed.`);
  cells.push(cell.trim());
  return cells;
}

/** A cell as an error quotes it. */
export function quoted(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

/** A cell as it is written to a table with commas. */
export function cellOut(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Epoch seconds of '2025-03-01 04:12:05', '2025-03-01T04:12:05+01:00', '20250301T041205Z', '20250301041205', '2025/03/01 04:12' or of '1740802325' and the
 * same in milli-, micro- or nanoseconds; undefined when it is no time. What names no zone is UTC.
 */
export function timeOf(text: string): number | undefined {
  // 12 or 14 digits that are a day and an hour: 201503010412 would be 1976 as milliseconds, and 20150301041205 the year 2608.
  const digits = /^((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)([01]\d|2[0-3])([0-5]\d)([0-5]\d)?$/.exec(text);
  if (digits) {
    const [, y, mo, d, h, mi, s = '00'] = digits;
    return timeOf(`${y}-${mo}-${d}T${h}:${mi}:${s}`);
  }
  if (/^[+-]?\d+(\.\d+)?(e\+?\d+)?$/i.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) return undefined;
    // Seconds until the year 5138; from there on it is thousandths of something.
    let size = value;
    while (Math.abs(size) >= 1e11) size /= 1000;
    return size;
  }
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(.*)$/i.exec(text);
  if (basic) {
    const [, y, mo, d, h, mi, s = '00', rest] = basic;
    return timeOf(`${y}-${mo}-${d}T${h}:${mi}:${s}${rest}`);
  }
  const iso =
    /^(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)([.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i.exec(
      text,
    );
  if (!iso) return undefined;
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '0', zone = 'Z'] = iso;
  if (Number(h) > 24 || Number(mi) > 59 || Number(s) > 60) return undefined;
  const utc =
    Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) / 1000 +
    Number(fraction.replace(',', '.'));
  const midnight = new Date(Date.UTC(Number(y), Number(mo) - 1, Number(d)));
  if (midnight.getUTCMonth() !== Number(mo) - 1 || midnight.getUTCDate() !== Number(d)) return undefined;
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  return offset
    ? utc - (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3600 + Number(offset[3] ?? 0) * 60)
    : utc;
}

/**
 * A cell as a number, with a decimal comma where commas do not separate; NaN for an empty one and for the usual words for nothing; undefined
 * when it is something else.
 */
export function numberIn(text: string, separator: Separator = ','): number | undefined {
  if (/^(|[+-]?nan|#?n\/a|na|null|nil|none|undefined|\?|-+|[+-]?inf|[+-]?infinity)$/i.test(text))
    return Number.NaN;
  const plain = separator === ',' ? text : text.replace(/^([+-]?\d+),(\d+)/, '$1.$2');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return undefined;
  return Number(plain);
}

/** Whether a column of this name says when, and is nothing that was measured. `time.1` is how a repeated header is written, `timestamp_ms` how its unit is. */
export function isTimeName(name: string): boolean {
  const plain = name.replace(/\s*[([].*[)\]]$/, '');
  return /^[@_]?(time_?stamps?|time|date|date[_ ]?time|ts|ds|dt|epoch|unix(_?time)?)(_?(utc|seconds|secs?|s|ms|us|ns))?(\.\d+)?$/i.test(
    plain,
  );
}

/** Whether a column of this name says what somebody holds for out of order, as labelled collections do, and is nothing that was measured. */
export function isLabelName(name: string): boolean {
  return /^((is|has)_?)?(anomal(y|ies|ous)|outliers?|change_?points?|labels?|ground_?truth)([_ ]?(labels?|scores?))?$/i.test(
    name,
  );
}

/** Throws where a header has the day in one column and the hour in another. */
export function refuseSplitTime(names: readonly string[], line: number): void {
  const lower = names.map((name) => name.toLowerCase());
  if (lower.includes('date') && lower.includes('time'))
    throw new InputError(`Line ${line}: the time stands in two columns, date and time; join them into one.`);
}
