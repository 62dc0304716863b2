// Compares what an article says with what a command printed.
import { comparable, shape } from './normalise.ts';

export type Mode = 'exact' | 'shape' | 'set' | 'lines' | 'any';
export const modes: readonly Mode[] = ['exact', 'shape', 'set', 'lines', 'any'];

const placeholder = /\{\{(int|size|pid|any|time|date|hex)(?::([^}]*))?\}\}/g;
const classes: Record<string, string> = {
  int: '[-+]?\\d[\\d,]*',
  size: '[\\d.,]+ ?(?:[KMGTP]i?)?B?',
  pid: '\\d+',
  time: '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?',
  date: '\\d{4}-\\d{2}-\\d{2}|(?:\\w{3} )?\\w{3} +\\d{1,2}',
  hex: '(?:0x)?[0-9a-fA-F]+',
  any: '.*?',
};

/** The line as a reader sees it: placeholders show their sample, `{{pid}}` alone shows 2417. */
export function plain(line: string): string {
  return line.replace(
    placeholder,
    (_, kind: string, sample?: string) => sample ?? (kind === 'pid' ? '2417' : kind),
  );
}

/** Whether one printed line is what one written line promises. */
function matchesLine(written: string, printed: string, mode: Mode): boolean {
  const clean = mode === 'shape' ? shape : comparable;
  if (!written.includes('{{')) return clean(written) === clean(printed);
  // A placeholder may change the width of its column: blanks around it are free.
  const parts = written.split(placeholder);
  let pattern = '';
  for (let i = 0; i < parts.length; i += 3) {
    let text = parts[i]!;
    const [first, last] = [i === 0, i + 3 >= parts.length];
    const before = !first && /^\s/.test(text) ? '\\s+' : '';
    const after = !last && /\s$/.test(text) ? '\\s+' : '';
    text = text.slice(before ? text.length - text.trimStart().length : 0);
    if (after) text = text.trimEnd();
    pattern += before + (before && text === '' ? '' : escape(text) + after);
    if (!last) pattern += `(?:${classes[parts[i + 1]!]!})`;
  }
  return new RegExp(`^\\s*${pattern}\\s*$`).test(printed.trimEnd());
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
}

/** Whether the printed lines are what the article promises. `...` stands for any number of lines. */
export function matches(written: string[], printed: string[], mode: Mode): boolean {
  if (mode === 'any') return printed.length > 0;
  if (mode === 'lines') {
    if (written.every((line) => line.trim() === '...')) return printed.length === 0;
    let from = 0;
    return written
      .filter((line) => line.trim() !== '...')
      .every((line) => {
        const found = printed.findIndex((p, i) => i >= from && matchesLine(line, p, 'exact'));
        from = found + 1;
        return found >= 0;
      });
  }
  if (mode === 'set') {
    const rest = [...printed];
    const all = written
      .filter((line) => line.trim() !== '...')
      .every((line) => {
        const found = rest.findIndex((p) => matchesLine(line, p, 'shape'));
        if (found >= 0) rest.splice(found, 1);
        return found >= 0;
      });
    return all && (rest.length === 0 || written.some((line) => line.trim() === '...'));
  }
  return matchesFrom(written, printed, mode);
}

function matchesFrom(written: string[], printed: string[], mode: Mode): boolean {
  // reach[i]: the written lines so far can end before printed line i
  let reach = new Set([0]);
  for (const line of written) {
    const next = new Set<number>();
    if (line.trim() === '...') for (let i = Math.min(...reach); i <= printed.length; i++) next.add(i);
    else
      for (const i of reach) if (i < printed.length && matchesLine(line, printed[i]!, mode)) next.add(i + 1);
    if (next.size === 0) return false;
    reach = next;
  }
  return reach.has(printed.length);
}

/** A readable difference: `-` the article, `+` the machine. Matching lines have a blank. */
export function difference(written: string[], printed: string[], mode: Mode): string {
  const out: string[] = [];
  const used = alignment(written, printed, mode);
  let p = 0;
  written.forEach((line, w) => {
    const to = used[w];
    if (to === undefined) {
      out.push(line.trim() === '...' ? '  ...' : `- ${line}`);
      return;
    }
    while (p < to) out.push(`+ ${printed[p++]!}`);
    out.push(`  ${line}`);
    p = to + 1;
  });
  while (p < printed.length) out.push(`+ ${printed[p++]!}`);
  return out.slice(0, 80).join('\n');
}

/** For each written line the printed line that it matches, in order, or undefined. */
export function alignment(written: string[], printed: string[], mode: Mode): (number | undefined)[] {
  const lineMode = mode === 'shape' || mode === 'set' ? 'shape' : 'exact';
  const length = (w: number, p: number) => table[w * (printed.length + 1) + p]!;
  const table = new Uint16Array((written.length + 1) * (printed.length + 1));
  const same = (w: number, p: number) =>
    written[w]!.trim() !== '...' && matchesLine(written[w]!, printed[p]!, lineMode);
  for (let w = written.length - 1; w >= 0; w--)
    for (let p = printed.length - 1; p >= 0; p--)
      table[w * (printed.length + 1) + p] = same(w, p)
        ? length(w + 1, p + 1) + 1
        : Math.max(length(w + 1, p), length(w, p + 1));
  const pairs: (number | undefined)[] = written.map(() => undefined);
  for (let w = 0, p = 0; w < written.length && p < printed.length;) {
    if (same(w, p)) pairs[w++] = p++;
    else if (length(w + 1, p) >= length(w, p + 1)) w++;
    else p++;
  }
  return pairs;
}
