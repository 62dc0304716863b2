// The names that the search finds whole: one entry an article, and one a rule that leads to a heading of its own.
import type { APIRoute } from 'astro';
import { allArticles, knownRules, type KnownArticle } from '../knowledge.ts';
import type { LookupEntry } from '../lookup.ts';

function entryOf({ slug, url, data }: KnownArticle): LookupEntry {
  const own = [slug.split('/')[1] ?? '', ...data.aliases];
  const more =
    data.kind === 'problem'
      ? [...data.metrics, ...data.rules]
      : data.kind === 'command'
        ? [data.package]
        : data.kind === 'file'
          ? [data.path]
          : data.kind === 'application'
            ? [data.service, data.service.replace(/\.service$/, ''), ...data.config, ...data.logs]
            : [];
  return {
    url,
    title: data.title,
    kind: data.kind,
    area: data.area,
    names: [...new Set([...own, ...more].map((name) => name.toLowerCase()))],
    errors: data.kind === 'problem' ? data.errors.map((error) => error.toLowerCase()) : [],
  };
}

export const GET: APIRoute = async () => {
  const rules = (await knownRules()).map(({ id, title, url, article }): LookupEntry => ({
    url,
    title: `${title}`,
    kind: article.data.kind,
    area: article.data.area,
    names: [id],
    errors: [],
  }));
  return Response.json([...(await allArticles()).map(entryOf), ...rules]);
};
