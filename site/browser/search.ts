// One search over both engines: names and symptoms from the list of articles, and the full text from Pagefind.
import { lookUp, makeLookup, searchable, type LookupIndex } from '../lookup/lookup.ts';
import type { LookupEntry } from '../lookup/prepared.ts';
import { wordsOf } from '../lookup/words.ts';
import { loadPagefind, type PagefindData } from './pagefind.ts';

export interface Hit {
  /** Where it leads: the article, or the heading of the rule that was named. */
  url: string;
  title: string;
  kind: string;
  /** Pagefind's: text of our own pages, escaped, with `<mark>` around the words that were found. */
  excerpt?: string;
  /** The answer in short, as plain text. */
  summary: string;
  parts: { url: string; title: string }[];
}
export interface Answer {
  hits: Hit[];
  /** More than are shown. */
  more: boolean;
  /** The full text could not be searched. */
  incomplete: boolean;
}

const shown = 12;
/** What the full text adds to a name's score, at most: it settles ties and finds what no name says. More of it made the order worse. */
const fullTextShare = 0.02;

let entries: Promise<LookupEntry[]> | undefined;
const indexes = new Map<string, LookupIndex>();

/** Loads what the search needs; a failure is tried again with the next search. */
export function prepareSearch(): void {
  void loadEntries().catch(() => undefined);
  void loadPagefind().catch(() => undefined);
}

function loadEntries(): Promise<LookupEntry[]> {
  entries ??= fetch('/lookup.json').then((response) => {
    if (!response.ok) throw new Error(`lookup.json: ${response.status}`);
    return response.json() as Promise<LookupEntry[]>;
  });
  entries.catch(() => (entries = undefined));
  return entries;
}

export interface Filters {
  /** '' for any. */
  kind: string;
  area: string;
}

/** What the list of articles alone says, for the time until the full text is loaded: without excerpts and sections. */
export async function searchNames(query: string, { kind, area }: Filters): Promise<Answer> {
  const all = await loadEntries().catch((): LookupEntry[] => []);
  const found = lookUp(indexFor(all, kind, area), query);
  return { hits: found.map((each) => hitOf(each.entry.url, each, each.entry)), more: true, incomplete: true };
}

export async function search(query: string, { kind, area }: Filters): Promise<Answer> {
  const filters = { ...(kind ? { kind } : {}), ...(area ? { area } : {}) };
  const all = await loadEntries().catch((): LookupEntry[] => []);
  const index = indexFor(all, kind, area);
  const full = await loadPagefind().then(
    (pagefind) => pagefind.search(searchable(index, query), { filters }).then(({ results }) => results),
    () => undefined,
  );
  const byUrl = new Map(all.map((entry) => [entry.url, entry]));
  const top = (full ?? []).slice(0, shown);
  const best = top[0]?.score || 1;
  const texts = await Promise.all(top.map(async (result) => ({ result, data: await result.data() }))).catch(
    () => undefined,
  );

  const scores = new Map<string, { score: number; anchor?: string; data?: PagefindData }>();
  for (const { entry, score, anchor } of lookUp(index, query))
    scores.set(entry.url, { score, ...(anchor ? { anchor } : {}) });
  for (const { result, data } of texts ?? []) {
    const url = new URL(data.url, location.href).pathname;
    const known = scores.get(url) ?? { score: 0 };
    if (known.score === 0 && !isMarked(data.excerpt, query)) continue;
    scores.set(url, { ...known, score: known.score + fullTextShare * (result.score / best), data });
  }
  const sorted = [...scores].sort(([, a], [, b]) => b.score - a.score);
  return {
    hits: sorted.slice(0, shown).map(([url, hit]) => hitOf(url, hit, byUrl.get(url))),
    more: sorted.length > shown || (full?.length ?? 0) > shown,
    incomplete: texts === undefined || full === undefined,
  };
}

/** Pagefind shortens a word until something begins so; what shares nothing but a beginning was not asked for. */
function isMarked(excerpt: string, query: string): boolean {
  const marked = [...excerpt.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, text = '']) => text.toLowerCase());
  return wordsOf(query).some((word) => word.length > 2 && marked.some((text) => text.includes(word)));
}

function indexFor(all: LookupEntry[], kind: string, area: string): LookupIndex {
  const key = `${kind} ${area}`;
  const known = indexes.get(key);
  if (known && all.length > 0) return known;
  const index = makeLookup(
    all.filter((entry) => (!kind || entry.kind === kind) && (!area || entry.area === area)),
  );
  if (all.length > 0) indexes.set(key, index);
  return index;
}

function hitOf(
  url: string,
  { anchor, data }: { anchor?: string; data?: PagefindData },
  entry: LookupEntry | undefined,
): Hit {
  return {
    url: anchor ? `${url}#${anchor}` : url,
    title: entry?.title ?? data?.meta.title ?? url,
    kind: entry?.kind ?? data?.meta.kind ?? '',
    ...(data ? { excerpt: data.excerpt } : {}),
    summary: entry?.text.split(' · ')[0] ?? '',
    parts: (data?.sub_results ?? [])
      .filter((part) => part.url.includes('#') && !part.url.endsWith('#_top'))
      .slice(0, 3)
      .map((part) => ({ url: part.url, title: part.title })),
  };
}
