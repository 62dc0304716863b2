// What the search knows of each article, in one file that it loads when it is first opened.
import type { APIRoute } from 'astro';
import { allArticles } from '../knowledge.ts';
import { lookupEntry } from '../lookup/entry.ts';

export const GET: APIRoute = async () =>
  Response.json((await allArticles()).map(({ slug, data, body }) => lookupEntry(slug, data, body)));
