// Names and messages that are typed or pasted whole.
import type { Prepared } from './prepared.ts';
import { heldBy } from './messages.ts';
import { isFiller } from './words.ts';

type WeightOf = (word: string) => number;
/** The weight of the words of a message from which on it says what happened: `failed` alone does not. */
const tellingWeight = 3.4;

const weigh = (words: string[], weightOf: WeightOf): number =>
  words.reduce((sum, word) => sum + weightOf(word), 0);

/** A message of the article that was printed with other numbers and names: 0, or 0.75..0.95. */
export function messageScore(line: string[], { errors }: Prepared, weightOf: WeightOf): number {
  let best = 0;
  if (line.length < 3) return 0;
  for (const { message } of errors) {
    if (message.length < 3 || weigh(message, weightOf) < 2 * tellingWeight) continue;
    const there = message.filter((word) => line.includes(word));
    if (weigh(there, weightOf) < 0.75 * weigh(message, weightOf)) continue;
    const held = heldBy(line, message, weightOf);
    if (held >= 0.75) best = Math.max(best, 0.15 + 0.8 * held);
  }
  return best;
}

/**
 * A line of a terminal without its prompt, and without `sudo` where a program follows that an article is about (lower case): what is left
 * begins with the program.
 */
export function withoutPrompt(query: string, programs: ReadonlySet<string>): string {
  const line = query.replace(/^(?:\[?[\w.-]+@[\w.-]+[^#$\n]{0,60})?[#$] (?=\S)/, '');
  const [whole = '', program = ''] = /^sudo (?:-\w+ )*([\w.-]+)/.exec(line) ?? [];
  return programs.has(program) ? line.slice(whole.length - program.length) : line;
}

/** 0, or how surely the query is a name or holds a message of the article: 0.8..1.1. */
export function exactScore(query: string, { entry, errors }: Prepared, weightOf: WeightOf): number {
  // A few rules are named like a metric, and many articles name a metric: the rule's own article is meant.
  if (entry.rules.some(({ id }) => id === query)) return 1.1;
  // Its own name, not one that others may share.
  if (
    query === entry.names[0] ||
    (entry.kind === 'file' && query.startsWith('/') && entry.names.includes(query))
  )
    return 1.08;
  // A directory of files that it explains.
  if (
    entry.kind === 'file' &&
    /^\/\w+\/\w/.test(query) &&
    entry.names.some((name) => name.startsWith(`${query}/`))
  )
    return 1.02;
  if (entry.names.includes(query)) return 1;
  if (entry.mentions.includes(query)) return 0.8;
  // `df -h`, `ss -tlnp`: a command with options; `lvextend -r`: one of several that the article is about. A sentence may begin so, too.
  const [command = '', option, ...more] = query.split(' ');
  if (entry.kind === 'command' && (!option || option.startsWith('-'))) {
    const isLine = option !== undefined && !more.some(isFiller);
    if (entry.url === `/commands/${command}/`) return isLine ? 1 : 0.98;
    if (isLine && entry.names.includes(command)) return 1;
  }
  // A pasted log line contains the message; a typed beginning is contained in it. The longer the message, the surer.
  const error = errors
    .filter(
      ({ text, words }) =>
        text === query ||
        (query.includes(text) && (words.length > 2 || weigh(words, weightOf) >= tellingWeight)) ||
        (query.length > 7 && text.includes(query)),
    )
    .map(({ text }) => Math.min(1, Math.min(text.length, query.length) / 40));
  return error.length > 0 ? 0.85 + 0.12 * Math.max(...error) : 0;
}
