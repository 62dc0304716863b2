// What the lookup knows of an article, as it is sent and as it is prepared for questions.

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
  /** Its summary and the titles of its sections: weaker than names. */
  text: string;
  /** Identifiers that it writes about: counters, settings, paths. Lower case. */
  mentions: string[];
  /** The words of its text, see `bodyWords`. */
  body: string;
}

export interface Prepared {
  entry: LookupEntry;
  /** Word → the weight of the best place where it stands. */
  words: Map<string, number>;
  /** Word → how much the text is about it. */
  body: Map<string, number>;
  /** Words that stand side by side in names and headings. */
  pairs: Set<string>;
  title: string[];
  /** Each name as words. */
  names: string[][];
  /** `message`: the words that are the same each time it is printed. */
  errors: { text: string; words: string[]; message: string[] }[];
}
