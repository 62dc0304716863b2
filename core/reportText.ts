// What became of the lines of a report on its way to whoever reads it, undone: other ends of lines, lines twice, tabs and blanks as a terminal shows them.

/** The text of a report as the agent wrote it, as far as can be told; without NULs and without blanks at the ends of lines. */
export function asWritten(raw: string): string {
  // A copy from a page has blanks that no line may break at.
  const plain = withPlainEnds(raw).replaceAll('\0', '').replaceAll('\u00a0', ' ');
  const text = withoutBlankEnds(plain);
  return withTabs(onceEach(text));
}

/** A file may have come through programs that end lines in their own way; within lines a carriage return begins none. */
function withPlainEnds(raw: string): string {
  if (!raw.includes('\r')) return raw;
  return raw.includes('\n')
    ? raw.replaceAll('\r\r\n', '\n').replaceAll('\r\n', '\n')
    : raw.replaceAll('\r', '\n');
}

/** Blanks at the ends of lines mean nothing: a copy from a terminal has them, and a program that fills up its columns. */
function withoutBlankEnds(text: string): string {
  const pieces: string[] = [];
  let start = 0;
  for (let blank = text.indexOf(' \n'); blank >= 0; blank = text.indexOf(' \n', start)) {
    let end = blank;
    while (end > start && text[end - 1] === ' ') end--;
    pieces.push(text.slice(start, end));
    start = blank + 1;
  }
  return pieces.length ? pieces.join('') + text.slice(start) : text;
}

/** Whether the first line is there twice, as no agent writes it. */
export const isDoubled = (text: string) => {
  const end = text.indexOf('\n');
  return end > 0 && text.startsWith(`${text.slice(0, end)}\n`, end + 1);
};

/** Every line twice, as an echo makes it, or an empty one after each, as ends of lines do that were changed twice: each once. */
function onceEach(text: string): string {
  const spaced = text[text.indexOf('\n') + 1] === '\n';
  if (!spaced && !isDoubled(text)) return text;
  const lines = text.split('\n');
  // Where it was cut off, the last line may be half a line.
  const isPair = (i: number) =>
    lines[i + 1] === (spaced ? '' : lines[i]) ||
    (i + 2 >= lines.length && lines[i]!.startsWith(lines[i + 1]!));
  for (let i = 0; i + 1 < lines.length; i += 2) if (!isPair(i)) return text;
  return lines.filter((_, i) => i % 2 === 0).join('\n');
}

/** Sections whose columns are parted by tabs, and how many of these a line has at most. */
const tabbed: readonly (readonly [mark: RegExp, tabs: number])[] = [
  [/^=== cat \/proc\/\[0-9\]\*\/stat( #2)?$/, Infinity],
  [/^=== mysql\b/, 4],
];

/** A copy from a terminal has blanks up to the next eighth column where a tab was: the table of processes tells. */
function withTabs(text: string): string {
  if (!/^pid {2,7}p?p?[a-z]/m.test(headOfProcesses(text))) return text;
  const lines = text.split('\n');
  let tabs = 0;
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('=== ')) tabs = tabbed.find(([mark]) => mark.test(line))?.[1] ?? 0;
    else if (tabs > 0) {
      // The last column may have blanks of its own.
      if (line.startsWith('pid ')) tabs = line.trim().split(/ +/).length - 1;
      lines[i] = withTabStops(line, tabs);
    }
  }
  return lines.join('\n');
}

const processes = '\n=== cat /proc/[0-9]*/stat\n';

function headOfProcesses(text: string): string {
  const at = text.indexOf(processes);
  return at < 0 ? '' : text.slice(at + processes.length, at + processes.length + 200).split('\n', 1)[0]!;
}

function withTabStops(line: string, most: number): string {
  // No column is empty in front.
  const first = line.search(/[^ ]/);
  let out = line.slice(0, Math.max(0, first));
  let count = 0;
  for (let at = out.length; at < line.length;) {
    const blank = line.indexOf(' ', at);
    if (blank < 0 || count >= most) return out + line.slice(at);
    let end = blank;
    while (line[end] === ' ') end++;
    const isStop = end % 8 === 0;
    const tabs = isStop ? Math.min(end / 8 - Math.floor(blank / 8), most - count) : 0;
    out += line.slice(at, blank) + (isStop ? '\t'.repeat(tabs) : line.slice(blank, end));
    count += tabs;
    at = end;
  }
  return out;
}
