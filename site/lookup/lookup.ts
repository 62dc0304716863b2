// What people type, and the article that answers it: names that are pasted whole (rule ids, paths, error messages), and symptoms in
// words of their own, with slips of the finger. Pure: the build makes the list, the browser searches it.
import { exactScore, messageScore, withoutPrompt } from './exact.ts';
import { messageWords, withoutVariables } from './messages.ts';
import type { LookupEntry, Prepared } from './prepared.ts';
import { type Intent, intentOf, score, type Signals } from './ranking.ts';
import { spellingsOf } from './spelling.ts';
import { type Term, termsOf, type Vocabulary } from './terms.ts';
import { normalise, wordsOf } from './words.ts';

export interface Found {
  entry: LookupEntry;
  /** The higher the better; see `score`. */
  score: number;
  /** The heading to open, where the query names one of its rules. */
  anchor?: string;
}

/** How much a word counts by where it stands in an entry. */
const weights = { title: 1, name: 1, gloss: 0.8, error: 0.85, rule: 0.8, mention: 0.75, text: 0.5 } as const;
const bodyWeights = [1, 0.75, 0.45] as const;
/** What a word counts that no article uses, of one that two use. */
const foreignShare = 0.3;
/** Of a pasted text so many characters and words are looked at. */
const longestQuery = 2000;
const longestLine = 60;

export interface LookupIndex {
  prepared: Prepared[];
  vocabulary: Vocabulary;
  /** The pairs of all entries. */
  pairs: Set<string>;
  /** Paths that articles are named by or write about. */
  paths: Set<string>;
  /** Programs that articles on commands are named by. */
  programs: Set<string>;
}

export function makeLookup(entries: readonly LookupEntry[]): LookupIndex {
  const prepared = entries.map(prepare);
  const counts = new Map<string, number>();
  for (const { words } of prepared)
    for (const word of words.keys()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const inBodies = new Map<string, number>();
  for (const { body } of prepared)
    for (const word of body.keys()) inBodies.set(word, (inBodies.get(word) ?? 0) + 1);
  for (const [word, count] of inBodies) if (!counts.has(word)) counts.set(word, count);
  const rarity = (count: number) => Math.log(1 + entries.length / count) ** 0.75;
  const rarities = new Map([...counts].map(([word, count]) => [word, rarity(count)]));
  const unknown = rarity(2);
  return {
    prepared,
    pairs: new Set(prepared.flatMap(({ pairs }) => [...pairs])),
    vocabulary: {
      counts,
      spellings: spellingsOf(counts),
      rarityOf: (word) => rarities.get(word) ?? unknown,
      foreign: unknown * foreignShare,
    },
    paths: new Set(
      entries
        .flatMap(({ names, mentions }) => [...names, ...mentions])
        .filter((name) => name.startsWith('/')),
    ),
    programs: new Set(
      entries
        .filter(({ kind }) => kind === 'command')
        .flatMap(({ names }) => names.filter((name) => !name.includes(' '))),
    ),
  };
}

function prepare(entry: LookupEntry): Prepared {
  const words = new Map<string, number>();
  const pairs = new Set<string>();
  const add = (text: string, weight: number): string[] => {
    const all = wordsOf(text);
    for (const [at, word] of all.entries()) {
      if ((words.get(word) ?? 0) < weight) words.set(word, weight);
      if (at > 0) pairs.add(`${all[at - 1] ?? ''} ${word}`);
    }
    return all;
  };
  const [head = '', ...gloss] = entry.title.split(': ');
  const title = add(head, weights.title);
  add(gloss.join(' '), weights.gloss);
  for (const name of entry.names) add(name, weights.name);
  for (const error of entry.errors) add(error, weights.error);
  for (const { id, title: what } of entry.rules) add(`${id} ${what}`, weights.rule);
  for (const mention of entry.mentions) add(mention, weights.mention);
  for (const part of entry.text.split(' · ')) add(part, weights.text);
  const body = new Map<string, number>();
  for (const [group, list] of entry.body.split('|').entries())
    for (const word of list.split(' ')) if (word) body.set(word, bodyWeights[group] ?? 0);
  return {
    entry,
    words,
    body,
    pairs,
    title: [...new Set(wordsOf(entry.title))],
    names: [title, wordsOf(entry.title), ...entry.names.map(wordsOf)]
      .filter((name) => name.length > 0)
      .map((name) => [...new Set(name)]),
    errors: entry.errors.map((error) => ({
      text: normalise(error),
      words: [...new Set(wordsOf(error))],
      message: messageWords(error),
    })),
  };
}

/** What a query says, once for all entries. */
export interface Question {
  query: string;
  /** The words of it that are the same each time a message is printed. */
  line: string[];
  terms: Term[];
  /** Word → the terms that may mean it. */
  meant: Map<string, { at: number; sure: number }[]>;
  /** Of each two neighbours: what they weigh, and the pairs of the list that they may mean. */
  neighbours: { weight: number; pairs: { pair: string; sure: number }[] }[];
  intent: Intent;
  weightOf(word: string): number;
}

function questionOf(index: LookupIndex, input: string): Question {
  const query = withoutPrompt(normalise(input.slice(0, longestQuery)), index.programs);
  const terms = termsOf(index.vocabulary, searchable(index, query), longestLine);
  const meant: Question['meant'] = new Map();
  for (const [at, { meanings }] of terms.entries())
    for (const [word, sure] of meanings) meant.set(word, [...(meant.get(word) ?? []), { at, sure }]);
  return {
    query,
    line: messageWords(query).slice(0, longestLine),
    terms,
    meant,
    neighbours: terms.slice(1).map((term, at) => neighbourhood(terms[at] ?? term, term, index.pairs)),
    intent: intentOf(query),
    weightOf: (word) => index.vocabulary.rarityOf(word),
  };
}

function neighbourhood(a: Term, b: Term, known: Set<string>): Question['neighbours'][number] {
  const pairs: { pair: string; sure: number }[] = [];
  for (const [one, sure] of a.meanings)
    for (const [other, too] of b.meanings) {
      const pair = `${one} ${other}`;
      if (known.has(pair)) pairs.push({ pair, sure: sure * too });
    }
  return { weight: a.rarity + b.rarity, pairs: pairs.sort((c, d) => d.sure - c.sure) };
}

/** How an entry answers a question, each signal apart. `at`: its place in the list, 0..1. */
function signalsOf(question: Question, each: Prepared, at: number): Signals {
  const { query, line, terms, weightOf } = question;
  const named: number[] = [];
  const add = (name: string[]): void => {
    const like = likeness(question, name);
    if (like > 0) named.push(like);
  };
  each.names.forEach(add);
  for (const { words } of each.errors) add(words);
  named.sort((a, b) => b - a);
  const message = messageScore(line, each, weightOf);
  return {
    exact: Math.max(exactScore(query, each, weightOf), message),
    message,
    words: share(terms, (word) => each.words.get(word) ?? 0),
    body: share(terms, (word) => each.body.get(word) ?? 0),
    name: named[0] ?? 0,
    names: named.slice(1, 4).reduce((sum, one) => sum + one, 0) / 3,
    title: likeness(question, each.title),
    pairs: pairShare(question, each.pairs),
    worth: -at,
  };
}

/** The entries that a query names, best first. */
export function lookUp(index: LookupIndex, input: string): Found[] {
  const question = questionOf(index, input);
  if (question.query.length < 2) return [];
  return index.prepared
    .map((each, at): Found => {
      const anchor = each.entry.rules.find(({ id }) => id === question.query)?.anchor;
      return {
        entry: each.entry,
        score: score(signalsOf(question, each, at / index.prepared.length), question.intent, each.entry.kind),
        ...(anchor ? { anchor } : {}),
      };
    })
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
}

/** What is worth looking for in a query: without what varies in a pasted line, where something is left then. */
export function searchable({ paths }: Pick<LookupIndex, 'paths'>, query: string): string {
  const rest = withoutVariables(normalise(query.slice(0, longestQuery)), (path) => paths.has(path));
  return wordsOf(rest).length > 1 ? rest.replace(/\s+/g, ' ').trim() : query;
}

/** How much of the query stands in a place, each word by what it tells: 0..1. */
function share(terms: Term[], weightOf: (word: string) => number): number {
  let total = 0;
  let sum = 0;
  for (const { meanings, rarity } of terms) {
    total += rarity;
    let best = 0;
    for (const [word, sure] of meanings) best = Math.max(best, sure * weightOf(word));
    sum += best * rarity;
  }
  return total === 0 ? 0 : sum / total;
}

/** How much of the query the name holds, and how much of the name the query holds (the first counts twice): 0..1. */
function likeness({ terms, meant, weightOf }: Question, name: string[]): number {
  if (!name.some((word) => meant.has(word))) return 0;
  const best: number[] = [];
  let held = 0;
  let whole = 0;
  for (const word of name) {
    const weight = weightOf(word);
    whole += weight;
    let surest = 0;
    for (const { at, sure } of meant.get(word) ?? []) {
      if (sure > (best[at] ?? 0)) best[at] = sure;
      if (sure > surest) surest = sure;
    }
    held += weight * surest;
  }
  let found = 0;
  let total = 0;
  for (const [at, { rarity }] of terms.entries()) {
    total += rarity;
    found += (best[at] ?? 0) * rarity;
  }
  const ofQuery = found / total;
  const ofName = held / whole;
  return (3 * ofQuery * ofName) / (2 * ofName + ofQuery);
}

/** How many neighbours of the query are neighbours in names and headings, too, by what they tell: 0..1. */
function pairShare({ neighbours }: Question, pairs: Set<string>): number {
  let total = 0;
  let sum = 0;
  for (const { weight, pairs: meant } of neighbours) {
    total += weight;
    sum += weight * (meant.find(({ pair }) => pairs.has(pair))?.sure ?? 0);
  }
  return total === 0 ? 0 : sum / total;
}
