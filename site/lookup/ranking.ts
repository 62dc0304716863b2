// From what an article shares with a query to one score: a weighted sum, the weights frozen.

/** What an entry and a query have in common, each 0..1 where nothing else is said. */
export interface Signals {
  /** The query is a name of the entry (1 or more) or holds one of its messages: 0..1.1. */
  exact: number;
  /** A message of it, printed with other numbers and names. */
  message: number;
  /** How much of the query stands in title, names, messages, headings and summary, the title counting most. */
  words: number;
  /** How much of the query the text is about. */
  body: number;
  /** Likeness to the name or message that is most like the query. */
  name: number;
  /** Likeness to the next three: an article that is called so in several ways is meant rather than one that is called so once. */
  names: number;
  /** Likeness to the title. */
  title: number;
  /** Neighbours in the query that are neighbours in a name or heading. */
  pairs: number;
  /** The place in the list, which is in the order of worth to someone who holds an alert: 0 the first, -1 the last. */
  worth: number;
}

/**
 * Fitted once (softmax over the articles of a query) on the sets of queries that are marked as looked at, and with a twelfth of their
 * weight on aliases, each asked for with itself taken out; then rounded and left alone.
 */
const weights: Record<keyof Signals, number> = {
  exact: 0.055,
  message: 0.06,
  words: 0.165,
  body: 0.165,
  name: 0.18,
  names: 0.265,
  title: 0.085,
  pairs: 0.04,
  worth: 0.025,
};
/** Who typed the name itself wants what bears it, whatever the words say; first of all what bears it alone. */
const nameShare = (exact: number): number => (exact > 1 ? 0.6 : exact === 1 ? 0.3 : 0);

export type Intent = 'explain' | 'instruct' | 'repair';
const explains =
  /\b(mean(s|ing)?|explain(ed|s)?|difference|what (is|are|does) (?!\w+ing\b)|how (does|do|is) (?!i\b)|vs|versus)\b/;
const instructs =
  /^(how (to|do (i|we|you)|can (i|we|you)|should (i|we))|howto|add|create|set ?up|install|enable|configure|limit|give|turn o(n|ff)|replace|move|first (things|steps))\b/;

/** What somebody wants who puts a query so (lower case): an explanation, a guide, or else something repaired. */
export const intentOf = (query: string): Intent =>
  instructs.test(query) ? 'instruct' : explains.test(query) ? 'explain' : 'repair';

/** What a kind of article gains or loses by the intent; fitted with the weights, that of guides raised after the fourth set. */
const kindShare: Record<Intent, Partial<Record<string, number>>> = {
  explain: { concept: 0.008, problem: -0.006 },
  instruct: { howto: 0.03, problem: -0.015 },
  repair: { problem: 0.006, application: 0.01, howto: 0.006, command: -0.007, file: -0.004, concept: -0.01 },
};

/** Words without a name or message must make up so much of the query, or the article has nothing to do with it. */
const leastWords = 0.28;

/** 0 where the entry has nothing to do with the query; else the higher the better, seldom more than 1. */
export function score(signals: Signals, intent: Intent, kind: string): number {
  if (signals.exact === 0 && Math.max(signals.words, signals.body) < leastWords) return 0;
  let sum = kindShare[intent][kind] ?? 0;
  for (const [signal, weight] of Object.entries(weights)) sum += weight * signals[signal as keyof Signals];
  return Math.max(0.001, sum + nameShare(signals.exact));
}
