// The knowledge base as the pages see it: articles in order, what leads to what, and which were executed.
import { getCollection, type CollectionEntry } from 'astro:content';
import { ruleCatalogue, type RuleId } from '#core/ruleCatalogue.ts';
import { verifiedSchema, type Article, type Verified } from './articleSchema.ts';
import { headingsOf } from './headings.ts';
import { kindNames, type Area, type Kind } from './taxonomy.ts';

export interface KnownArticle {
  /** Like `problems/website-down`; its page is `/problems/website-down/`. */
  slug: string;
  url: string;
  data: Article;
  body: string;
}

export interface KnownRule {
  id: RuleId;
  severity: (typeof ruleCatalogue)[RuleId]['severity'];
  title: string;
  /** Where the rule leads: the article's path with its anchor. */
  url: string;
  article: KnownArticle;
  /** The title of the heading it leads to. */
  heading: string;
}

/** The article of an entry, or undefined for a page that borrows the theme. */
export function asArticle(
  entry: Pick<CollectionEntry<'docs'>, 'id' | 'data' | 'body'>,
): KnownArticle | undefined {
  if (entry.data.kind === 'page') return undefined;
  return { slug: entry.id, url: `/${entry.id}/`, data: entry.data, body: entry.body ?? '' };
}

/** The plan of the knowledge base, ordered by worth to someone who holds an alert. */
const plan = (Object.values(
  import.meta.glob<string[]>('../content/planned.json', { eager: true, import: 'default' }),
)[0] ?? []) as readonly string[];
const rank = new Map(plan.map((slug, index) => [slug, index]));
const byWorth = (a: KnownArticle, b: KnownArticle) =>
  (rank.get(a.slug) ?? plan.length) - (rank.get(b.slug) ?? plan.length) || a.slug.localeCompare(b.slug, 'en');

let loaded: Promise<KnownArticle[]> | undefined;

/** Every article, the ones that help most first. Read once for a build; read anew for each page while writing. */
export async function allArticles(): Promise<KnownArticle[]> {
  if (import.meta.env.DEV) loaded = undefined;
  loaded ??= getCollection('docs').then((entries) =>
    entries.flatMap((entry) => asArticle(entry) ?? []).sort(byWorth),
  );
  return loaded;
}

export async function articlesOf(where: { kind?: Kind; area?: Area }): Promise<KnownArticle[]> {
  return (await allArticles()).filter(
    ({ data }) => (!where.kind || data.kind === where.kind) && (!where.area || data.area === where.area),
  );
}

/** The kinds of which there is an article. */
export async function usedKinds(): Promise<Kind[]> {
  const articles = await allArticles();
  return kindNames.filter((kind) => articles.some(({ data }) => data.kind === kind));
}

/** Articles that this one names, then articles that name this one; each once, at most twelve. */
export async function relatedTo(article: KnownArticle): Promise<KnownArticle[]> {
  const all = await allArticles();
  const byUrl = new Map(all.map((each) => [each.url, each]));
  const urls = (each: KnownArticle) => each.data.related.map((link) => link.replace(/#.*/, ''));
  const named = urls(article).flatMap((url) => byUrl.get(url) ?? []);
  const naming = all.filter((each) => urls(each).includes(article.url));
  return [...new Set([...named, ...naming])].filter((each) => each.slug !== article.slug).slice(0, 12);
}

/** Rules whose article is written, in the order of the catalogue. */
export async function knownRules(): Promise<KnownRule[]> {
  const byUrl = new Map((await allArticles()).map((each) => [each.url, each]));
  return (Object.keys(ruleCatalogue) as RuleId[]).flatMap((id) => {
    const { severity, title, article: url } = ruleCatalogue[id];
    const [page = '', anchor = ''] = url.split('#');
    const article = byUrl.get(page);
    if (!article) return [];
    const heading = headingsOf(article.body).find((each) => each.id === anchor)?.title ?? article.data.title;
    return [{ id, severity, title, url, article, heading }];
  });
}

/** A page that rules lead to and that nobody has written yet. */
export interface AwaitedArticle {
  slug: string;
  url: string;
  rules: { id: RuleId; severity: KnownRule['severity']; title: string; url: string; anchor: string }[];
}

/** The articles that rules lead to and that are not written yet, in the order of the catalogue. */
export async function awaitedArticles(): Promise<AwaitedArticle[]> {
  const written = new Set((await allArticles()).map((each) => each.url));
  const awaited = new Map<string, AwaitedArticle>();
  for (const [id, { severity, title, article: url }] of Object.entries(ruleCatalogue)) {
    const [page = '', anchor = ''] = url.split('#');
    if (written.has(page)) continue;
    const found = awaited.get(page) ?? { slug: page.slice(1, -1), url: page, rules: [] };
    found.rules.push({ id: id as RuleId, severity, title, url, anchor });
    awaited.set(page, found);
  }
  return [...awaited.values()];
}

/** What the runner of the examples wrote, by slug. Without its file nothing was executed and nothing is claimed. */
export const verified: Verified = verifiedSchema.parse(
  Object.values(
    import.meta.glob<unknown>('../content/verified.json', { eager: true, import: 'default' }),
  )[0] ?? {},
);
