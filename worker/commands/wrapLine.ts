// Breaks a line for a terminal of some columns, between words; colours go on below, and what is drawn in front of a line does not break.

const escapes = /\u001b\[\d+(?:;\d+)*m/g;
/** The fewest columns for words, however far a line is indented. */
const leastRoom = 16;

/** Columns of a text: escape sequences take none, marks that combine none, and signs of East Asia and pictures two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const sign of text.replace(escapes, '')) {
    if (/\p{M}/u.test(sign)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        sign,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** Where words part; a number stays with its unit. */
const between = /(?<= )(?! )(?!(?<=\d )(?:%|°C|UTC|[KMGTP]?i?B|ms|s|min|h|d)(?!\w))/;

/** The line as lines of at most `width` columns; `next` stands in front of all but the first. A word that is longer stays whole. */
export function wrapLine(line: string, width: number, next: string): string[] {
  if (columnsOf(line) <= width) return [line];
  const start = /^[ │├└─·]*/.exec(line)![0];
  const lines: string[] = [];
  let now = start;
  let room = Math.max(width, columnsOf(start) + leastRoom);
  let used = columnsOf(start);
  let open = '';
  let empty = true;
  for (const word of line.slice(start.length).split(between)) {
    const columns = columnsOf(word.trimEnd());
    if (!empty && used + columns > room) {
      lines.push(now.trimEnd() + (open && '\u001b[0m'));
      now = next + open;
      room = Math.max(width, columnsOf(next) + leastRoom);
      used = columnsOf(next);
    }
    now += word;
    used += columnsOf(word);
    empty = false;
    open = stillOpen(open + (word.match(escapes) ?? []).join(''));
  }
  lines.push(now.trimEnd());
  return lines;
}

/** The sequences that are not ended yet: those that end a colour, bold or an underline are 0, 22, 24 and 39. */
function stillOpen(sequences: string): string {
  const open: string[] = [];
  for (const sequence of sequences.match(escapes) ?? []) {
    if (/\[(0|22|24|39)m/.test(sequence)) open.pop();
    else open.push(sequence);
  }
  return open.join('');
}
