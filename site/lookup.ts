// Names that people paste or type exactly: rule ids, paths, commands, error messages. Full-text search takes them apart; this finds
// them whole, and forgives a slip of the finger. Pure: the page makes the list, the browser searches it.

export interface LookupEntry {
  url: string;
  title: string;
  kind: string;
  area: string;
  /** Names under which it is found: aliases, paths, packages, rule ids, metrics. Lower case. */
  names: string[];
  /** Error messages, lower case. */
  errors: string[];
}

export interface Found {
  entry: LookupEntry;
  /** 0..1; 1 is an exact name. */
  score: number;
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();
const wordsOf = (text: string) =>
  plain(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1);
const filler = new Set([
  'the',
  'and',
  'is',
  'in',
  'on',
  'of',
  'to',
  'for',
  'my',
  'it',
  'how',
  'what',
  'why',
  'linux',
  'server',
]);

/** Whether two words differ by at most one edit (long ones: two), counting a swap of neighbours as one (Damerau). */
export function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  const allowed = Math.min(a.length, b.length) >= 8 ? 2 : Math.min(a.length, b.length) >= 4 ? 1 : 0;
  if (allowed === 0 || Math.abs(a.length - b.length) > allowed) return false;
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
    [twoAgo, last] = [last, row];
  }
  return (last[b.length] ?? 99) <= allowed;
}

/** How well the words of a query are covered by a text, 0..1. The last word may be unfinished. */
function coverage(query: string[], text: string[]): number {
  if (query.length === 0) return 0;
  let sum = 0;
  query.forEach((word, index) => {
    if (text.includes(word)) sum += 1;
    else if (index === query.length - 1 && text.some((each) => each.startsWith(word))) sum += 0.8;
    else if (text.some((each) => each.length > 3 && word.startsWith(each))) sum += 0.7;
    else if (text.some((each) => isNear(word, each))) sum += 0.7;
  });
  return sum / query.length;
}

function scoreOf(query: string, words: string[], entry: LookupEntry): number {
  if (entry.names.includes(query)) return 1;
  // A pasted log line contains the message; a typed beginning is contained in it.
  if (entry.errors.some((error) => query.includes(error) || (query.length > 5 && error.includes(query))))
    return 0.97;
  const titleWords = wordsOf(entry.title);
  const start = entry.names.some((name) => query.length > 2 && name.startsWith(query)) ? 0.85 : 0;
  const names = entry.names.map(
    (name) => coverage(words, wordsOf(name)) * (0.6 + 0.3 * closeness(words, name)),
  );
  return Math.max(start, coverage(words, titleWords) * 0.8, ...names, 0);
}

/** How much of a name the query makes up: 'disk' is all of 'disk', a third of 'disk usage analyzer'. */
const closeness = (words: string[], name: string) =>
  Math.min(1, words.length / Math.max(1, wordsOf(name).length));

/** The entries that a query names, best first; nothing below half. */
export function lookUp(entries: readonly LookupEntry[], input: string): Found[] {
  const query = plain(input);
  if (query.length < 2) return [];
  const all = wordsOf(query);
  const content = all.filter((word) => !filler.has(word));
  const words = content.length > 0 ? content : all;
  return entries
    .map((entry) => ({ entry, score: scoreOf(query, words, entry) }))
    .filter(({ score }) => score >= 0.5)
    .sort((a, b) => b.score - a.score)
    .slice(0, 10);
}
