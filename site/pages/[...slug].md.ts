// The Markdown twin of each article: /problems/website-down.md
import type { APIRoute, GetStaticPaths } from 'astro';
import { allArticles, type KnownArticle } from '../knowledge.ts';
import { readerMarkdown } from '../readerMarkdown.ts';

export const getStaticPaths = (async () =>
  (await allArticles()).map((article) => ({
    params: { slug: article.slug },
    props: { article },
  }))) satisfies GetStaticPaths;

export const GET: APIRoute<{ article: KnownArticle }> = ({ props }) =>
  new Response(readerMarkdown(props.article), {
    headers: { 'content-type': 'text/markdown; charset=utf-8' },
  });
