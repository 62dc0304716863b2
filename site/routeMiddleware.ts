// What Starlight is told about each page: a sidebar of the neighbourhood (never more than 40 links) and the tags of the head.
import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data';
import { articlesOf, asArticle, usedKinds, type KnownArticle } from './knowledge.ts';
import { shortTitle } from './shortTitle.ts';
import { structuredData, websiteData } from './structuredData.ts';
import { areas, kinds } from './taxonomy.ts';

type SidebarEntry = StarlightRouteData['sidebar'][number];

const link = (label: string, href: string, isCurrent: boolean): SidebarEntry => ({
  type: 'link',
  label,
  href,
  isCurrent,
  badge: undefined,
  attrs: {},
});
const group = (label: string, entries: SidebarEntry[]): SidebarEntry[] =>
  entries.length === 0 ? [] : [{ type: 'group', label, entries, collapsed: false, badge: undefined }];

/** At most `count` articles around the current one, so that the reader finds the neighbours of where they are. */
function around(articles: KnownArticle[], current: KnownArticle, count: number): KnownArticle[] {
  const at = articles.findIndex((each) => each.slug === current.slug);
  const start = Math.max(0, Math.min(at - Math.floor(count / 2), articles.length - count));
  return articles.slice(start, start + count);
}

async function sidebarOf(pathname: string, article: KnownArticle | undefined): Promise<SidebarEntry[]> {
  const hubs = group('Knowledge base', [
    link('What do you see?', '/', pathname === '/'),
    ...(await usedKinds()).map((kind) => {
      const href = `/${kinds[kind].folder}/`;
      return link(kinds[kind].many, href, pathname === href);
    }),
    link('Alerts', '/alerts/', pathname === '/alerts/'),
    link('Thresholds', '/alerts/thresholds/', pathname.startsWith('/alerts/thresholds/')),
    link('Metrics', '/metrics/', pathname === '/metrics/'),
    link('Glossary', '/glossary/', pathname === '/glossary/'),
    link('The agent, line by line', '/script/', pathname.startsWith('/script/')),
  ]);
  if (!article) return hubs;
  const { kind, area } = article.data;
  const entry = (each: KnownArticle) => link(shortTitle(each.data), each.url, each.slug === article.slug);
  const same = around(await articlesOf({ kind, area }), article, 18);
  const others = (await articlesOf({ area })).filter((each) => each.data.kind !== kind).slice(0, 12);
  return [
    ...group(`${areas[area]}: ${kinds[kind].many.toLowerCase()}`, same.map(entry)),
    ...group(`More on ${areas[area]}`, [
      ...others.map(entry),
      link(`All of ${areas[area]}`, `/areas/${area}/`, false),
    ]),
    ...hubs,
  ];
}

export const onRequest = defineRouteMiddleware(async (context) => {
  const route = context.locals.starlightRoute;
  const article = asArticle(route.entry);
  const { pathname } = context.url;
  route.sidebar = await sidebarOf(pathname, article);
  route.editUrl = undefined;
  route.head = route.head.filter(({ attrs }) => attrs?.['name'] !== 'generator');
  // Nothing is painted before the heading has come: a page on a slow line would be pushed about while its bar grows.
  route.head.push({ tag: 'link', attrs: { rel: 'expect', href: '#_top', blocking: 'render' } });
  route.head.push(
    {
      tag: 'link',
      attrs: { rel: 'alternate', type: 'application/rss+xml', title: 'Rootnote', href: '/rss.xml' },
      content: '',
    },
    { tag: 'meta', attrs: { name: 'color-scheme', content: 'light dark' }, content: '' },
  );
  const site = context.site ?? context.url;
  if (pathname === '/')
    route.head.push({ tag: 'script', attrs: { type: 'application/ld+json' }, content: websiteData(site) });
  if (!article) return;
  // Astro only logs an article that fails to render and goes on with an empty page; that must not be published.
  if (route.headings.length === 0)
    throw new Error(`${article.slug} was rendered without a heading: see the errors above`);
  const picture = new URL(`/og/${article.slug}.png`, site).href;
  route.head.push(
    { tag: 'meta', attrs: { property: 'og:image', content: picture }, content: '' },
    { tag: 'meta', attrs: { property: 'og:image:alt', content: article.data.title }, content: '' },
    {
      tag: 'link',
      attrs: { rel: 'alternate', type: 'text/markdown', href: `/${article.slug}.md` },
      content: '',
    },
    {
      tag: 'script',
      attrs: { type: 'application/ld+json' },
      content: structuredData(article, site, picture),
    },
  );
});
