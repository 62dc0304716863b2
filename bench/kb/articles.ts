// What is written: pages, words of prose, and the fences with what the runner did to them.
import { splitFrontmatter } from '../../site/headings.ts';
import { loadCorpus } from '../../test/kb/corpus.ts';
import { proseOf } from '../../test/kb/structure.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifiedSchema } from '../../site/articleSchema.ts';
import { projectRoot } from '../../test/rootnote.ts';

export interface Written {
  kind: string;
  articles: number;
  words: number;
  fences: number;
  run: number;
  checked: number;
  skipped: number;
}

export function countArticles(): Written[] {
  const verified = verifiedSchema.parse(
    JSON.parse(readFileSync(join(projectRoot, 'content/verified.json'), 'utf8')),
  );
  const rows = new Map<string, Written>();
  for (const article of loadCorpus().articles.values()) {
    const kind = String(article.frontmatter.kind);
    const row = rows.get(kind) ?? { kind, articles: 0, words: 0, fences: 0, run: 0, checked: 0, skipped: 0 };
    const proof = verified[article.slug];
    row.articles++;
    row.words += proseOf(article).reduce(
      (sum, { text }) => sum + text.split(/\s+/).filter((word) => /\w/.test(word)).length,
      0,
    );
    row.fences += proof?.fences ?? 0;
    row.run += proof?.run ?? 0;
    row.checked += proof?.checked ?? 0;
    row.skipped += proof?.skipped ?? 0;
    rows.set(kind, row);
  }
  return [...rows.values()];
}

/** Reasons of `skip=`, each with how often it stands, the most frequent first. */
export function skipReasons(): [string, number][] {
  const counts = new Map<string, number>();
  for (const article of loadCorpus().articles.values())
    for (const [, reason = ''] of splitFrontmatter(article.text).body.matchAll(
      /^\s*`{3,}.*\sskip="([^"]*)"/gm,
    ))
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
