// The feed: the fifty articles reviewed last.
import type { APIRoute } from 'astro';
import { allArticles } from '../knowledge.ts';

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const GET: APIRoute = async ({ site, url }) => {
  const base = site ?? url;
  const articles = (await allArticles())
    .toSorted((a, b) => b.data.reviewed.localeCompare(a.data.reviewed) || a.slug.localeCompare(b.slug))
    .slice(0, 50);
  const items = articles.map(({ data, url: path }) => {
    const link = new URL(path, base).href;
    return `<item><title>${escape(data.title)}</title><link>${link}</link><guid>${link}</guid><description>${escape(data.summary)}</description><pubDate>${new Date(data.reviewed).toUTCString()}</pubDate></item>`;
  });
  const home = new URL('/', base).href;
  const feed = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Rootnote</title><link>${home}</link><description>Understand and repair a Linux server.</description><language>en</language><atom:link href="${new URL('/rss.xml', base).href}" rel="self" type="application/rss+xml"/>
${items.join('\n')}
</channel></rss>
`;
  return new Response(feed, { headers: { 'content-type': 'application/rss+xml; charset=utf-8' } });
};
