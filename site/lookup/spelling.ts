// Slips of the finger: the words of the knowledge base that a word was probably meant to be.

/** How sure a word is that differs by so many edits. */
const sureness = [1, 0.85, 0.7] as const;
const mostGuesses = 4;

/** A word of so many letters may differ by so many edits. */
const allowed = (length: number): 0 | 1 | 2 => (length >= 7 ? 2 : length >= 4 ? 1 : 0);

/** Edits from one word to the other, a swap of neighbours being one (Damerau); `most + 1` where it is more than `most`. */
export function edits(a: string, b: string, most: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let twoAgo: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (twoAgo[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    [twoAgo, last] = [last, row];
  }
  return Math.min(last[b.length] ?? most + 1, most + 1);
}

export interface Known {
  word: string;
  /** In how many articles it stands. */
  count: number;
}
/** The known words by their first letter. */
export type Spellings = ReadonlyMap<string, readonly Known[]>;

export function spellingsOf(counts: ReadonlyMap<string, number>): Spellings {
  const byLetter = new Map<string, Known[]>();
  for (const [word, count] of counts) {
    if (word.length < 3 || /\d/.test(word)) continue;
    const letter = word[0] ?? '';
    const known = byLetter.get(letter);
    if (known) known.push({ word, count });
    else byLetter.set(letter, [{ word, count }]);
  }
  return byLetter;
}

/** The known words nearest to one that is not known, each with how sure that is: the nearest, of those the most used. */
export function corrections(word: string, spellings: Spellings): Map<string, number> {
  const most = allowed(word.length);
  if (most === 0 || /\d/.test(word)) return new Map();
  const [first = '', second = ''] = word;
  // Fingers seldom slip on the first letter, but may swap it with the second.
  const candidates = [
    ...(spellings.get(first) ?? []),
    ...(second === first ? [] : (spellings.get(second) ?? [])).filter((each) => each.word[1] === first),
  ];
  let nearest: number = most;
  let found: Known[] = [];
  for (const each of candidates) {
    const distance = edits(word, each.word, nearest);
    if (distance > nearest) continue;
    if (distance < nearest) found = [];
    nearest = distance;
    found.push(each);
  }
  return new Map(
    found
      .sort((a, b) => b.count - a.count)
      .slice(0, mostGuesses)
      .map((each) => [each.word, sureness[nearest] ?? 0]),
  );
}
