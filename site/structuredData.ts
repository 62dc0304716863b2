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
  return asScript({ '@context': 'https://schema.org', '@graph': graph });
}

/** What search engines are told about the start page: that `/?q=` searches. */
export function websiteData(site: URL): string {
  return asScript({
    '@context': 'https://schema.org',
    '@type': 'WebSite',
    name: 'Rootnote',
    url: new URL('/', site).href,
    potentialAction: {
      '@type': 'SearchAction',
      target: `${new URL('/', site).href}?q={search_term_string}`,
      'query-input': 'required name=search_term_string',
    },
  });
}

const asScript = (data: unknown) => JSON.stringify(data).replaceAll('<', '\\u003c');
