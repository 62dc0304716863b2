// What search engines are told about an article (schema.org, JSON-LD).
import type { KnownArticle } from './knowledge.ts';
import { areas, kinds } from './taxonomy.ts';

/** The text of a JSON-LD script; `<` is escaped so that no title can end the script. */
export function structuredData(article: KnownArticle, site: URL, picture: string): string {
  const { title, summary, kind, area, aliases, reviewed, sources } = article.data;
  const url = new URL(article.url, site).href;
  const crumbs: [string, string][] = [
    [kinds[kind].many, `/${kinds[kind].folder}/`],
    [title, article.url],
  ];
  const graph = [
    {
      '@type': 'TechArticle',
      '@id': url,
      url,
      headline: title,
      description: summary,
      image: picture,
      inLanguage: 'en',
      dateModified: reviewed,
      articleSection: areas[area],
      ...(aliases.length > 0 ? { keywords: aliases.join(', ') } : {}),
      citation: sources.map((source) => ({ '@type': 'CreativeWork', name: source.title, url: source.url })),
      publisher: { '@type': 'Organization', name: 'Rootnote', url: new URL('/', site).href },
    },
    {
      '@type': 'BreadcrumbList',
      itemListElement: crumbs.map(([name, path], index) => ({
        '@type': 'ListItem',
        position: index + 1,
        name,
        item: new URL(path, site).href,
      })),
    },
  ];
  return JSON.stringify({ '@context': 'https://schema.org', '@graph': graph }).replaceAll('<', '\\u003c');
}
