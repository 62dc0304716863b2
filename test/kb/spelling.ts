// Spelling: a word is right when an English dictionary has it, when it is a word of this field (words.txt), or when some article has it
// as code. Names, abbreviations and anything with a digit are not looked up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import en from 'dictionary-en';
import enGb from 'dictionary-en-gb';
import nspell from 'nspell';
import type { Article } from './fences.ts';
import { proseOf } from './structure.ts';

/** British and American spelling are both right. */
function dictionary() {
  const load = ({ aff, dic }: typeof en) => nspell(Buffer.from(aff), Buffer.from(dic));
  const american = load(en);
  const british = load(enGb);
  return (word: string) => american.correct(word) || british.correct(word);
}

const wordPattern = /[A-Za-z][A-Za-z'’]*[A-Za-z]/g;

/** One sentence for each word of the prose that nobody knows, in order. All articles are given, since one's code tells what another's text may say. */
export function misspellings(articles: Iterable<Article>): string[] {
  const all = [...articles];
  const known = new Map<string, boolean>();
  const field = new Set(
    readFileSync(join(import.meta.dirname, 'words.txt'), 'utf8')
      .toLowerCase()
      .split('\n')
      .filter(Boolean),
  );
  for (const article of all) for (const word of codeWords(article)) field.add(word);
  const isEnglish = dictionary();
  const isRight = (word: string): boolean => {
    const plain = word.replace(/’/g, "'").replace(/'s$/i, '');
    const before = known.get(plain);
    if (before !== undefined) return before;
    const lower = plain.toLowerCase();
    const right =
      field.has(lower) || field.has(lower.replace(/s$/, '')) || isEnglish(plain) || isEnglish(lower);
    known.set(plain, right);
    return right;
  };
  return all.flatMap((article) =>
    proseOf(article).flatMap(({ line, text }) =>
      plainWords(text)
        .filter((word) => !isRight(word))
        .map(
          (word) =>
            `${article.slug}:${line} is "${word}" spelled right? A word of the field goes into test/kb/words.txt`,
        ),
    ),
  );
}

/** Words of prose: without addresses, HTML, heading ids, names with dots or digits, abbreviations and CamelCase. */
export function plainWords(text: string): string[] {
  const prose = text
    .replace(/<[^>]+>|\{#[^}]*\}|https?:\S+|^:::\w+/g, ' ')
    .replace(/\S*[/\\_@=$%*+]\S*|\S*\w[.:]\w\S*|\S*\d\S*/g, ' ');
  return [...prose.matchAll(wordPattern)]
    .map(([word]) => word)
    .filter((word) => !/[a-z’'][A-Z]|[A-Z]{2}/.test(word));
}

/** Words of fences, code spans and frontmatter, lower case. */
function* codeWords(article: Article): Generator<string> {
  const code = [
    ...article.fences.flatMap(({ body }) => body),
    ...article.lines.slice(0, article.bodyStart),
    ...article.lines.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')),
  ];
  for (const text of code) for (const [word] of text.matchAll(/[A-Za-z]{2,}/g)) yield word.toLowerCase();
}
