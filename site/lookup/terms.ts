// A query as terms: each word with the words of the knowledge base that it may stand for.
import { phraseAt, relativesOf } from './concepts.ts';
import { corrections, type Spellings } from './spelling.ts';
import { isFiller, rawWords, stem } from './words.ts';

export interface Term {
  /** Words of the list that are meant, each with how sure that is: 0..1. */
  meanings: Map<string, number>;
  /** How much the word tells: the rarer, the more. */
  rarity: number;
}

/** The words of the list: in how many articles each stands, and how much it tells. */
export interface Vocabulary {
  counts: ReadonlyMap<string, number>;
  spellings: Spellings;
  rarityOf(word: string): number;
  /** What a word counts that no article uses: names of hosts and programs, mostly. */
  foreign: number;
}

const sure = { related: 0.5, phrase: 0.9, part: 0.75, beginning: 0.7, unfinished: 0.3 } as const;

export function termsOf(vocabulary: Vocabulary, text: string, most: number): Term[] {
  const all = rawWords(text).slice(0, most);
  const telling = all.some((word) => !isFiller(word));
  const terms: Term[] = [];
  for (let at = 0; at < all.length; at++) {
    const phrase = phraseAt(all, at);
    if (phrase) {
      const own = all
        .slice(at, at + phrase.length)
        .filter((word) => !isFiller(word))
        .map(stem);
      terms.push(
        weighed(
          vocabulary,
          new Map([
            ...own.map((word) => [word, 0.9] as const),
            ...phrase.means.map((word) => [word, sure.phrase] as const),
          ]),
        ),
      );
      at += phrase.length - 1;
      continue;
    }
    const word = all[at] ?? '';
    if (telling && isFiller(word)) continue;
    const joined = stem(word + (all[at + 1] ?? ''));
    // `hyper visor`; `fire wall`, too, where the whole is used more than its parts
    if (at + 1 < all.length && isTorn(vocabulary, word, all[at + 1] ?? '', joined)) {
      terms.push(weighed(vocabulary, new Map([[joined, 1]])));
      at++;
      continue;
    }
    terms.push(...termsOfWord(vocabulary, word, at === all.length - 1));
  }
  return terms;
}

function isTorn({ counts }: Vocabulary, one: string, other: string, joined: string): boolean {
  const whole = counts.get(joined) ?? 0;
  const parts = [one, other].map((part) => counts.get(stem(part)) ?? 0);
  return whole > 0 && (parts[0] === 0 || whole > 4 * Math.max(...parts));
}

/** `typed`: lower case, with its ending. */
function termsOfWord(vocabulary: Vocabulary, typed: string, isLast: boolean): Term[] {
  const { counts, spellings } = vocabulary;
  const word = stem(typed);
  const meanings = new Map<string, number>();
  if (counts.has(word)) meanings.set(word, 1);
  // One article may use a word that most who type it only misspell: `swapines`, the column SWAPIN.
  if ((counts.get(word) ?? 0) < 2 && typed.length > 5)
    for (const [known, how] of corrections(typed, spellings)) if (known !== word) meanings.set(known, how);
  if (!counts.has(word)) {
    // `diskfull`, `cronjob`
    for (let cut = 3; cut <= word.length - 3; cut++) {
      const parts = [stem(word.slice(0, cut)), stem(word.slice(cut))];
      if (parts.every((part) => (counts.get(part) ?? 0) > 1))
        return parts.map((part) => weighed(vocabulary, new Map([[part, sure.part]])));
    }
    for (const [known, how] of corrections(word, spellings))
      if (how > (meanings.get(known) ?? 0)) meanings.set(known, how);
    // `somaxcon`, `retransmi`
    if (word.length > 3)
      for (const known of counts.keys())
        if (known.length > 3 && !meanings.has(known) && (known.startsWith(word) || word.startsWith(known)))
          meanings.set(known, sure.beginning);
  }
  if (isLast && word.length > 2)
    for (const known of counts.keys())
      if (known.startsWith(word) && !meanings.has(known)) meanings.set(known, sure.unfinished);
  return [weighed(vocabulary, meanings, relativesOf(word))];
}

/** The term of these words, and of the words that mean nearly the same as one of them. */
function weighed(
  { rarityOf, foreign, counts }: Vocabulary,
  meanings: Map<string, number>,
  relatives: ReadonlySet<string> = new Set(),
): Term {
  const certain = [...meanings].filter(([, how]) => how >= sure.beginning);
  const rarity = Math.max(0, ...certain.map(([word]) => (counts.has(word) ? rarityOf(word) : 0)));
  for (const relative of relatives) if (!meanings.has(relative)) meanings.set(relative, sure.related);
  for (const [word, how] of certain)
    for (const relative of relativesOf(word))
      if ((meanings.get(relative) ?? 0) < how * sure.related) meanings.set(relative, how * sure.related);
  for (const word of meanings.keys()) if (!counts.has(word)) meanings.delete(word);
  return { meanings, rarity: rarity || foreign };
}
