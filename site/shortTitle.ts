import type { Article } from './articleSchema.ts';

/** What stands before the colon of a title; the whole of a short title of a problem, because `PostgreSQL` alone names none. */
export function shortTitle({ title, kind }: Pick<Article, 'title' | 'kind'>): string {
  return kind === 'problem' && title.length <= 45 ? title : (title.split(/: | — /)[0] ?? title);
}
