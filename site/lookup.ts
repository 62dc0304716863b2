// What people type, and the article that answers it: names that are pasted whole (rule ids, paths, error messages), and symptoms in
// words of their own, with slips of the finger. Pure: the build makes the list, the browser searches it.
import { heldBy, messageWords, withoutVariables } from './lookupMessages.ts';
import { isNear, normalise, wordsOf } from './lookupWords.ts';

export interface LookupEntry {
  url: string;
  title: string;
  kind: string;
  area: string;
  /** Names under which it is found: aliases, paths, packages, metrics. Lower case. */
  names: string[];
  /** Error messages, lower case. */
  errors: string[];
  /** Rules that lead to it, each to a heading. */
  rules: { id: string; title: string; anchor: string }[];
  /** Titles of its sections, and its summary: weaker than names. */
  text: string;
  /** Identifiers that it writes about: counters, settings, paths. Lower case. */
  mentions: string[];
}

export interface Found {
  entry: LookupEntry;
  /** 0..1.1; 1 is an exact name, more a rule's id. */
  score: number;
  /** The heading to open, where the query names one of its rules. */
  anchor?: string;
}

/** How much a word counts by where it stands in an entry. */
const weights = { title: 1, name: 1, gloss: 0.8, error: 0.85, rule: 0.8, mention: 0.75, text: 0.5 } as const;
/** Shares of the two scores: words found anywhere in the entry, and how much of one name the query is. */
const share = { words: 0.6, name: 0.4 } as const;
const least = 0.3;
/** What a word counts that no article uses: names of hosts and programs, mostly. */
const foreignShare = 0.3;
/** Who types a symptom wants it repaired; who asks what something means wants it explained. */
const kindShare = 0.05;
const explains =
  /\b(mean(s|ing)?|explain(ed|s)?|difference|what (is|are|does) (?!\w+ing\b)|how (does|do|is) (?!i\b)|vs|versus)\b/;
/** Of a pasted text so many characters and words are looked at. */
const longestQuery = 2000;
const longestLine = 60;
/** The weight of the words of a message from which on it says what happened: `failed` alone does not. */
const tellingWeight = 4.5;
/** The list is in the order of worth to someone who holds an alert: of two that fit alike, the first. */
const rankShare = 0.04;
/** Of two articles with the same message the one whose words fit better. */
const tieShare = 0.06;

interface Prepared {
  entry: LookupEntry;
  /** Word → the weight of the best place where it stands. */
  words: Map<string, number>;
  /** Each name as words. */
  names: string[][];
  /** `message`: the words that are the same each time it is printed. */
  errors: { text: string; words: string[]; message: string[] }[];
}

export interface LookupIndex {
  prepared: Prepared[];
  /** Word → how rare it is; the rarer the more it tells. */
  rarity: Map<string, number>;
  unknown: number;
  /** Paths that articles are named by or write about. */
  paths: Set<string>;
}

export function makeLookup(entries: readonly LookupEntry[]): LookupIndex {
  const prepared = entries.map(prepare);
  const counts = new Map<string, number>();
  for (const { words } of prepared)
    for (const word of words.keys()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarityOf = (count: number) => Math.log(1 + entries.length / count);
  return {
    prepared,
    rarity: new Map([...counts].map(([word, count]) => [word, rarityOf(count)])),
    unknown: rarityOf(2),
    paths: new Set(
      entries
        .flatMap(({ names, mentions }) => [...names, ...mentions])
        .filter((name) => name.startsWith('/')),
    ),
  };
}

function prepare(entry: LookupEntry): Prepared {
  const words = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) if ((words.get(word) ?? 0) < weight) words.set(word, weight);
  };
  const [head = '', ...gloss] = entry.title.split(': ');
  add(head, weights.title);
  add(gloss.join(' '), weights.gloss);
  for (const name of entry.names) add(name, weights.name);
  for (const error of entry.errors) add(error, weights.error);
  for (const { id, title } of entry.rules) add(`${id} ${title}`, weights.rule);
  for (const mention of entry.mentions) add(mention, weights.mention);
  add(entry.text, weights.text);
  return {
    entry,
    words,
    names: [head, entry.title, ...entry.names].map(wordsOf).filter((name) => name.length > 0),
    errors: entry.errors.map((error) => ({
      text: normalise(error),
      words: wordsOf(error),
      message: messageWords(error),
    })),
  };
}

/** The entries that a query names, best first. */
export function lookUp(index: LookupIndex, input: string): Found[] {
  const query = normalise(input.slice(0, longestQuery));
  if (query.length < 2) return [];
  const line = messageWords(query).slice(0, longestLine);
  const weightOf = (word: string) => index.rarity.get(word) ?? index.unknown;
  const terms = termsOf(index, wordsOf(searchable(index, query)).slice(0, longestLine));
  const explained = explains.test(query);
  const found = index.prepared.map((each, at): Found => {
    const exact = Math.max(exactScore(query, each, weightOf), messageScore(line, each, weightOf));
    const words = wordScore(terms, each);
    const anchor = each.entry.rules.find(({ id }) => id === query)?.anchor;
    return {
      entry: each.entry,
      score:
        Math.max(exact * (1 - tieShare) + words * tieShare, words * 0.95) -
        (rankShare * at) / index.prepared.length +
        ((each.entry.kind === 'problem') !== explained ? kindShare : 0),
      ...(anchor ? { anchor } : {}),
    };
  });
  return found
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
}

/** What is worth looking for in a query: without what varies in a pasted line, where something is left then. */
export function searchable({ paths }: LookupIndex, query: string): string {
  const rest = withoutVariables(normalise(query.slice(0, longestQuery)), (path) => paths.has(path));
  return wordsOf(rest).length > 1 ? rest.replace(/\s+/g, ' ').trim() : query;
}

interface Term {
  /** Words of the list that this word of the query may mean, each with how sure that is. */
  meanings: Map<string, number>;
  rarity: number;
}

/** Each word of the query as words of the list: itself, its beginning (it may be unfinished), or one that is spelled nearly so. */
function termsOf({ rarity, unknown }: LookupIndex, words: string[]): Term[] {
  return words.map((word, at) => {
    const meanings = new Map<string, number>();
    if (rarity.has(word)) meanings.set(word, 1);
    else
      for (const known of rarity.keys())
        if (beginsAlike(word, known) && isNear(word, known)) meanings.set(known, 0.8);
        // `somaxcon`, `retransmi`; and `diskfull`, which begins with a word.
        else if (known.length > 3 && word.length > 3 && (known.startsWith(word) || word.startsWith(known)))
          meanings.set(known, 0.7);
    if (at === words.length - 1 && word.length > 1)
      for (const known of rarity.keys())
        if (known !== word && known.startsWith(word) && !meanings.has(known)) meanings.set(known, 0.6);
    const best = Math.max(
      0,
      ...[...meanings].filter(([, sure]) => sure >= 0.7).map(([known]) => rarity.get(known) ?? 0),
    );
    return { meanings, rarity: best || unknown * foreignShare };
  });
}

/** Fingers seldom slip on the first letter, but may swap it with the second. */
const beginsAlike = (a: string, b: string): boolean => a[0] === b[0] || (a[0] === b[1] && a[1] === b[0]);

function wordScore(terms: Term[], { words, names, errors }: Prepared): number {
  const total = terms.reduce((sum, { rarity }) => sum + rarity, 0);
  if (total === 0) return 0;
  let sum = 0;
  for (const { meanings, rarity } of terms) {
    let best = 0;
    for (const [word, sure] of meanings) best = Math.max(best, sure * (words.get(word) ?? 0));
    sum += best * rarity;
  }
  if (sum === 0) return 0;
  const name = Math.max(
    0,
    ...[...names, ...errors.map((error) => error.words)].map((each) => likeness(terms, each)),
  );
  return share.words * (sum / total) + share.name * name;
}

/** How much of the query the name holds, and how much of the name the query holds (the first counts twice): 0..1. */
function likeness(terms: Term[], name: string[]): number {
  let found = 0;
  let total = 0;
  const used = new Set<string>();
  for (const { meanings, rarity } of terms) {
    total += rarity;
    let best = 0;
    for (const word of name) {
      const sure = meanings.get(word) ?? 0;
      if (sure > best) best = sure;
      if (sure > 0) used.add(word);
    }
    found += best * rarity;
  }
  if (found === 0) return 0;
  const ofQuery = found / total;
  const ofName = used.size / new Set(name).size;
  return (3 * ofQuery * ofName) / (2 * ofName + ofQuery) || 0;
}

type WeightOf = (word: string) => number;
const weigh = (words: string[], weightOf: WeightOf): number =>
  words.reduce((sum, word) => sum + weightOf(word), 0);

/** A message of the article that was printed with other numbers and names: 0, or 0.75..0.95. */
function messageScore(line: string[], { errors }: Prepared, weightOf: WeightOf): number {
  let best = 0;
  if (line.length < 3) return 0;
  for (const { message } of errors) {
    if (message.length < 3 || weigh(message, weightOf) < 2 * tellingWeight) continue;
    const held = heldBy(line, message, weightOf);
    if (held >= 0.75) best = Math.max(best, 0.15 + 0.8 * held);
  }
  return best;
}

function exactScore(query: string, { entry, errors }: Prepared, weightOf: WeightOf): number {
  // A few rules are named like a metric, and many articles name a metric: the rule's own article is meant.
  if (entry.rules.some(({ id }) => id === query)) return 1.1;
  // Its own name, not one that others may share.
  if (
    query === entry.names[0] ||
    (entry.kind === 'file' && query.startsWith('/') && entry.names.includes(query))
  )
    return 1.08;
  if (entry.names.includes(query)) return 1;
  if (entry.mentions.includes(query)) return 0.8;
  // `df -h`, `ss -tlnp`: a command with options.
  const [command = '', option] = query.split(' ');
  if (
    entry.kind === 'command' &&
    entry.url === `/commands/${command}/` &&
    (!option || option.startsWith('-'))
  )
    return 0.98;
  // A pasted log line contains the message; a typed beginning is contained in it. The longer the message, the surer.
  const error = errors
    .filter(
      ({ text, words }) =>
        text === query ||
        (query.includes(text) && weigh(words, weightOf) >= tellingWeight) ||
        (query.length > 7 && text.includes(query)),
    )
    .map(({ text }) => Math.min(1, Math.min(text.length, query.length) / 40));
  return error.length > 0 ? 0.85 + 0.12 * Math.max(...error) : 0;
}
